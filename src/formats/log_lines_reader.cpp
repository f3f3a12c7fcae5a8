#include "formats/log_lines_reader.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "formats/container_wrapper.h"
#include "formats/embedded_metrics.h"
#include "formats/line_forms.h"
#include "formats/log_parser.h"
#include "formats/log_text.h"
#include "formats/multiline.h"
#include "formats/pending_log_record.h"
#include "formats/readers.h"
#include "formats/service_name.h"

namespace fa {
namespace {

constexpr std::uint32_t kMaxBlankLines = 100;
constexpr std::size_t kMaxArenaBytes = std::size_t{4} << 20;

enum class Layout { kLines, kCloudWatchExport };

/// `2026-01-01T00:00:00.000Z ` as the export to S3 writes it.
bool is_export_stamp(std::string_view line) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
  if (line.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == '0' ? !is_digit(line[i]) : line[i] != kShape[i]) return false;
  }
  return line.size() == kShape.size() || line[kShape.size()] == ' ';
}

/// Text, JSON lines, logfmt and container wrappers, decided line by line. Invariant: what was taken in but not yet
/// handed over (the pending record, a partial line) is not used up either, so it is read again with the next call;
/// all state that outlives a call is therefore changed only when a record is finished, or is the same when a line is
/// read twice.
class LogLinesReader final : public RecordReader {
 public:
  LogLinesReader(ReaderOptions options, Layout layout, LineReading reading = LineReading::kByForm)
      : options_(std::move(options)),
        layout_(layout),
        by_form_(reading == LineReading::kByForm),
        names_(names_of_path(options_.path)),
        line_(options_.first_line - 1) {
    scratch_.impl().timestamps.reference_time = options_.reference_time;
    records_.reserve(kMaxBatchRecords);
  }

  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    data_ = data;
    offset_ = offset;
    sink_ = &sink;
    std::size_t p = 0;
    if (offset == 0 && !begun_) {
      if (data.size() < 3 && !last) return 0;
      begun_ = true;
      p = byte_order_mark();
    }
    if (!unreadable_.empty()) {
      if (last) sink.on_skipped({{0, offset + data.size(), 1, 1}, unreadable_, 1, false});
      return data.size();
    }
    pending_.active = false;
    partial_.active = false;
    if (long_line_.active) p = more_of_long_line(last);
    while (p < data.size()) {
      const void* newline = std::memchr(data.data() + p, '\n', data.size() - p);
      if (newline == nullptr && !last) {
        if (data.size() - p > kMaxLineBytes) {
          begin_long_line(p);
          p = data.size();
        }
        break;
      }
      const std::size_t end =
          newline == nullptr ? data.size() : static_cast<std::size_t>(static_cast<const char*>(newline) - data.data());
      ++line_;
      if (end - p > kMaxLineBytes + 1) {  // One more for the carriage return.
        begin_long_line(p, end);
        finish_long_line();
      } else {
        raw_line(p, end);
      }
      p = newline == nullptr ? end : end + 1;
    }
    if (last) {
      finish_partial();
      finish_pending();
      if (long_line_.active) finish_long_line();
      p = data.size();
    }
    flush();
    if (pending_.active && pending_.begin <= p) {
      p = pending_.begin;
      line_ = pending_.line - 1;
    }
    if (partial_.active && partial_.begin < p) {
      p = partial_.begin;
      line_ = partial_.line - 1;
    }
    return p;
  }

 private:
  struct Partial {
    bool active = false;
    std::size_t begin = 0;
    std::uint64_t line = 0;
    std::string stream;
    TimePoint time = kNoTime;
  };
  struct LongLine {
    bool active = false;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string kept;
  };
  /// Where a record that grew too long goes on, and as what.
  struct Carried {
    std::uint64_t offset = ~std::uint64_t{0};
    TimePoint time = kNoTime;
    Severity severity = Severity::kUnknown;
    bool joins = false;
    bool json_block = false;
    StackTraceTracker trace;
  };
  TextArena& arena() { return scratch_.impl().arena; }

  std::size_t byte_order_mark() {
    if (data_.starts_with("\xEF\xBB\xBF")) return 3;
    if (data_.starts_with("\xFF\xFE") || data_.starts_with("\xFE\xFF")) {
      unreadable_ = "expected UTF-8 text, found UTF-16 (byte order mark); convert it, e.g. iconv -f UTF-16 -t UTF-8";
    }
    return 0;
  }

  // --- lines above the limit: the head is kept, the rest only counted ---

  void begin_long_line(std::size_t begin, std::size_t end = std::string_view::npos) {
    finish_partial();
    finish_pending();
    const bool open = end == std::string_view::npos;
    if (open) end = data_.size();
    if (open) ++line_;
    long_line_.active = true;
    long_line_.offset = offset_ + begin;
    long_line_.length = end - begin;
    long_line_.kept.assign(data_.substr(begin, kMaxLineBytes));
  }

  std::size_t more_of_long_line(bool last) {
    const auto newline = data_.find('\n');
    if (newline == std::string_view::npos) {
      long_line_.length += data_.size();
      if (last) finish_long_line();
      return data_.size();
    }
    long_line_.length += newline;
    finish_long_line();
    return newline + 1;
  }

  void finish_long_line() {
    long_line_.active = false;
    // A code point cut in two would be invalid UTF-8: drop its first bytes.
    std::string_view kept = long_line_.kept;
    for (int i = 0; i < 3 && !kept.empty() && (static_cast<unsigned char>(kept.back()) & 0xC0) == 0x80; ++i) {
      kept.remove_suffix(1);
    }
    if (!kept.empty() && static_cast<unsigned char>(kept.back()) >= 0xC0) kept.remove_suffix(1);
    if (kept.find_first_not_of('\0') == std::string_view::npos) {
      skip_nuls({long_line_.offset, long_line_.length, line_, 1});
      long_line_.kept = {};
      return;
    }
    const auto text = arena().copy(kept);
    LogRecord record;
    if (options_.message_only) {
      record.message = text;
    } else {
      parse_log_text(text, record, kNoTime, scratch_.impl());
    }
    record.position = {long_line_.offset, long_line_.length, line_, 1};
    sink_->on_skipped({record.position,
                       "expected a line of at most " + std::to_string(kMaxLineBytes) + " bytes, found one of " +
                           std::to_string(long_line_.length) + "; its beginning was kept",
                       1, true});
    long_line_.kept = {};
    push(record);
  }

  // --- one line ---

  void raw_line(std::size_t begin, std::size_t end) {
    std::size_t text_end = end;
    if (text_end > begin && data_[text_end - 1] == '\r') --text_end;
    const auto raw = data_.substr(begin, text_end - begin);
    LogLine line;
    line.begin = begin;
    line.end = text_end;
    line.number = line_;
    if (options_.message_only) {
      LogRecord record;
      record.message = raw;
      record.position = {offset_ + begin, raw.size(), line_, 1};
      push(record);
      return;
    }
    if (layout_ == Layout::kCloudWatchExport) {
      export_line(line, raw);
      return;
    }
    if (by_form_ && known_line(line, raw)) return;
    line.content = unwrap_container_line(raw, arena());
    if (partial_.active || line.content.partial) {
      partial_line(line);
      return;
    }
    application_line(line);
  }

  /// A line whose form came before, read without taking it apart. It has a timestamp or is logfmt, so it begins a
  /// record, unless the record before it is of a kind that may go on with any line.
  bool known_line(LogLine& line, std::string_view raw) {
    const LineForm* form = forms_.find(raw);
    if (form == nullptr || partial_.active || carried_.offset == offset_ + line.begin) return false;
    if (pending_.active && (trace_.inside() || pending_.json_block)) return false;
    LogRecord record;
    if (!forms_.read(raw, *form, scratch_.impl().timestamps, record)) return false;
    line.content.text = LineForms::text_of(raw, form->content);
    line.content.stream = LineForms::text_of(raw, form->stream);
    finish_pending();
    ParsedLog parsed;
    parsed.starts_record = true;
    parsed.has_time = !form->in_container;
    parsed.structured = form->in_container;
    pending_.start(line, line.content.text, record, parsed);
    trace_.start_plain();
    remember_time(record, parsed);
    return true;
  }

  /// Docker splits at 16 KiB, container runtimes likewise; the pieces are put together again.
  void partial_line(LogLine& line) {
    if (partial_.active && (!line.content.wrapped || line.content.stream != partial_.stream)) finish_partial();
    if (!partial_.active && !line.content.partial) {
      application_line(line);
      return;
    }
    if (!partial_.active) {
      partial_ = {true, line.begin, line.number, std::string{line.content.stream}, line.content.time};
      partial_text_.clear();
    }
    partial_text_.append(line.content.text);
    partial_end_ = line;
    if (!line.content.partial || partial_text_.size() > kMaxLineBytes ||
        line.end - partial_.begin > 2 * kMaxLogRecordBytes) {
      finish_partial();
    }
  }

  void finish_partial() {
    if (!partial_.active) return;
    partial_.active = false;
    LogLine line = partial_end_;
    line.lines = static_cast<std::uint32_t>(line.number - partial_.line + 1);
    line.begin = partial_.begin;
    line.number = partial_.line;
    line.truncated = partial_text_.size() > kMaxLineBytes;
    line.content.text = arena().copy(std::string_view{partial_text_}.substr(0, kMaxLineBytes));
    line.content.time = partial_.time;
    line.content.partial = false;
    application_line(line);
  }

  void application_line(LogLine& line) {
    auto text = strip_ansi(line.content.text, arena());
    const auto visible = text.find_first_not_of('\0');
    if (visible == std::string_view::npos && !text.empty()) {
      finish_pending();
      return skip_nuls({offset_ + line.begin, line.end - line.begin, line.number, line.lines});
    }
    if (visible != std::string_view::npos) text.remove_prefix(visible);
    if (text.empty()) {
      if (pending_.active && ++pending_.blank_lines > kMaxBlankLines) finish_pending();
      return;
    }
    if (carried_.offset == offset_ + line.begin) {  // The rest of a record that grew too long.
      finish_pending();
      return start_carried(line, text);
    }
    const bool indented = is_space(text[0]);
    const bool same_stream = pending_.active && pending_.stream == line.content.stream && !pending_.closed;
    if (same_stream) {
      if (trace_.continues(text)) return append(line, text);
      if (pending_.json_block && (indented || text[0] == '}' || text[0] == ']')) {
        append(line, text);
        pending_.closed = text[0] == '}';
        return;
      }
      if (indented && pending_.joins && !pending_.indented) return append(line, text);
    }
    LogRecord record;
    record.service = line.content.service;
    record.instance = line.content.instance;
    const ParsedLog parsed = parse_log_text(text, record, line.content.time, scratch_.impl());
    const Severity crash = parsed.starts_record ? Severity::kUnknown : severity_of_crash(text);
    const bool own_record = crash != Severity::kUnknown;
    if (own_record && same_stream && crash < Severity::kFatal && pending_.record.severity >= Severity::kError) {
      return append(line, text);  // The traceback of the error just logged.
    }
    if (same_stream && !own_record && !parsed.has_time && !parsed.structured) {
      if (pending_.has_time && pending_.lines == 1 && pending_.record.severity == Severity::kUnknown &&
          is_jul_level_line(text)) {
        pending_.take_jul_line(line, text, record.severity);
        trace_.start(text, pending_.record.message);
        return;
      }
      if (!parsed.starts_record && pending_.joins && loose_joined_ <= 100 + 20 * dated_records_) {
        ++pending_.loose_lines;
        return append(line, text);
      }
    }
    finish_pending();
    if (own_record) {  // It happened right after what was logged last.
      record.severity = crash;
      if (record.time == kNoTime && dated_records_ > 0) record.time = last_time_;
    }
    pending_.start(line, text, record, parsed);
    trace_.start(text, parsed.structured ? std::string_view{} : record.message);
    if (own_record) pending_.joins = dated_records_ > 0;
    pending_.indented = indented;
    pending_.json_block = !parsed.structured && text == "{";
    remember_time(record, parsed);
    const bool as_written = text.data() == data_.data() + line.begin && text.size() == line.end - line.begin;
    if (!by_form_ || line.lines > 1) return;
    if (as_written) forms_.learn(text, record, parsed, !trace_.inside());
    if (line.content.wrapped)
      forms_.learn_wrapped(data_.substr(line.begin, line.end - line.begin), line.content, record, parsed);
  }

  /// Times without a year or a date that follow are close to this one.
  void remember_time(const LogRecord& record, const ParsedLog& parsed) {
    if (parsed.has_time && !parsed.structured && !options_.reference_time && record.time != kNoTime) {
      scratch_.impl().timestamps.reference_time = record.time;
    }
  }

  /// What a crashed machine leaves in a file that was being written.
  void skip_nuls(const BytePosition& position) {
    sink_->on_skipped(
        {position, "expected text, found a line of " + std::to_string(position.length) + " NUL bytes", 1, false});
  }

  void start_carried(const LogLine& line, std::string_view text) {
    LogRecord record;
    record.time = carried_.time;
    record.severity = carried_.severity;
    record.service = line.content.service;
    record.instance = line.content.instance;
    record.message = text;
    pending_.start(line, text, record, {});
    pending_.joins = carried_.joins;
    pending_.json_block = carried_.json_block;
    trace_ = carried_.trace;
  }

  void append(const LogLine& line, std::string_view text) {
    if (pending_.has_room_for(line)) return pending_.append(line, text, data_, joined_);
    // Remembered by offset: this line may be the first one presented next time.
    const PendingLogRecord& p = pending_;
    carried_ = {offset_ + line.begin, p.record.time, p.record.severity, p.joins, p.json_block, trace_};
    finish_pending();
    start_carried(line, text);
  }

  void export_line(LogLine& line, std::string_view raw) {
    if (is_export_stamp(raw)) {
      const auto stamp = parse_timestamp_at(raw, 0, {});
      if (stamp && stamp->has_zone) {
        finish_pending();
        LogRecord record;
        record.time = stamp->time;
        record.message = raw.substr(std::min(raw.size(), stamp->end + 1));
        ParsedLog parsed;
        parsed.has_time = true;
        pending_.start(line, raw, record, parsed);
        trace_.start(raw, record.message);
        return;
      }
    }
    if (pending_.active && pending_.has_time) return append(line, raw);
    if (raw.empty()) return;
    finish_pending();
    LogRecord record;
    record.message = raw;
    pending_.start(line, raw, record, {});
    trace_.start(raw, record.message);
  }

  // --- handing over ---

  void finish_pending() {
    if (!pending_.active) return;
    PendingLogRecord& p = pending_;
    p.active = false;
    LogRecord& record = p.record;
    record.message = trimmed_message(p.joined ? arena().copy(joined_) : record.message);
    const std::string_view whole = record.message;
    if (layout_ == Layout::kCloudWatchExport || (p.json_block && p.lines > 1)) {
      const ParsedLog parsed = parse_log_text(whole, record, record.time, scratch_.impl());
      p.cut = parsed.cut;
      p.has_metrics = parsed.has_metrics;
      p.metrics_only = parsed.metrics_only;
    }
    record.position = {offset_ + p.begin, p.end - p.begin, p.line, p.lines};
    if (p.cut) {
      sink_->on_skipped({record.position,
                         "expected a JSON object up to its closing brace, found its end cut off; "
                         "the fields before were kept",
                         1, true});
    }
    if (p.truncated) {
      sink_->on_skipped({record.position,
                         "expected a line of at most " + std::to_string(kMaxLineBytes) +
                             " bytes, found a longer one in pieces; each piece became a record",
                         1, true});
    }
    if (p.has_time) ++dated_records_;
    if (record.time != kNoTime) last_time_ = record.time;
    loose_joined_ += p.loose_lines;
    if (p.has_metrics) {
      name(record);
      const bool block = layout_ == Layout::kCloudWatchExport || p.json_block;
      emit_embedded_metrics(block ? whole : p.first_text, record, *sink_);
    }
    if (!p.metrics_only) push(record);
  }

  void name(LogRecord& record) const {
    if (record.service.empty()) record.service = names_.service;
    if (record.instance.empty()) record.instance = names_.instance;
  }

  void push(LogRecord& record) {
    name(record);
    records_.push_back(record);
    if (records_.size() >= kMaxBatchRecords || arena().bytes() > kMaxArenaBytes) flush();
  }

  /// The arena keeps one generation: a record being put together while the batch fills up outlives this flush.
  void flush() {
    if (records_.empty()) return;
    sink_->on_logs(records_);
    records_.clear();
    arena().retire();
  }

  ReaderOptions options_;
  Layout layout_;
  bool by_form_;
  PathNames names_;
  LogScratch scratch_;
  LineForms forms_;
  std::vector<LogRecord> records_;
  StackTraceTracker trace_;
  PendingLogRecord pending_;
  Partial partial_;
  LogLine partial_end_;
  LongLine long_line_;
  Carried carried_;
  std::string joined_;
  std::string partial_text_;
  std::string unreadable_;         ///< Why nothing of this file can be read.
  std::uint64_t line_;             ///< Number of the line read last.
  TimePoint last_time_ = kNoTime;  ///< Of the record finished last.
  std::uint64_t dated_records_ = 0;
  std::uint64_t loose_joined_ = 0;
  bool begun_ = false;
  std::string_view data_;  ///< Of the current call, as are the two below.
  std::uint64_t offset_ = 0;
  TelemetrySink* sink_ = nullptr;
};

}  // namespace

std::unique_ptr<RecordReader> make_log_lines_reader(ReaderOptions options) {
  return std::make_unique<LogLinesReader>(std::move(options), Layout::kLines);
}

std::unique_ptr<RecordReader> make_log_lines_reader(ReaderOptions options, LineReading reading) {
  return std::make_unique<LogLinesReader>(std::move(options), Layout::kLines, reading);
}

std::unique_ptr<RecordReader> make_cloudwatch_logs_export_reader(ReaderOptions options) {
  return std::make_unique<LogLinesReader>(std::move(options), Layout::kCloudWatchExport);
}

}  // namespace fa
