#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "formats/answer_pages.h"
#include "formats/aws_values.h"
#include "formats/batch_text.h"
#include "formats/json_documents.h"
#include "formats/json_slices.h"
#include "formats/json_walk.h"
#include "formats/log_header.h"
#include "formats/readers.h"
#include "formats/service_name.h"

namespace fa {
namespace {

using simdjson::ondemand::value;

/// Text kept for records not yet handed over.
constexpr std::size_t kMaxPendingText = std::size_t{4} << 20;
/// Records one row may stand for; more is no count (sums of such rows stay far from overflowing).
constexpr std::uint64_t kMaxOccurrences = 1'000'000'000'000;

/// A whole number without sign; Logs Insights writes counts so, and sums sometimes as `12.0`.
std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count > kMaxOccurrences) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (!rest.empty() && (rest[0] != '.' || rest.find_first_not_of('0', 1) != std::string_view::npos)) {
    return std::nullopt;
  }
  return count;
}

/// Seconds of `bin(60s)`, `bin(5m)`, `bin(1h)`; 0 for anything else.
std::int64_t bin_seconds(std::string_view field) {
  if (!field.starts_with("bin(") || !field.ends_with(')')) return 0;
  field = field.substr(4, field.size() - 5);
  std::int64_t amount = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), amount);
  if (error != std::errc{} || amount <= 0 || amount > 100'000) return 0;
  const std::string_view unit = field.substr(static_cast<std::size_t>(end - field.data()));
  return unit == "s" ? amount : unit == "m" ? amount * 60 : unit == "h" ? amount * 3600 : 0;
}

/// What a Logs Insights query that did not complete means for its rows; empty for a complete one.
std::string_view status_meaning(std::string_view status) {
  if (status == "Failed") return "the Logs Insights query failed: its rows are missing";
  if (status == "Cancelled") return "the Logs Insights query was cancelled: rows are missing";
  if (status == "Timeout") return "the Logs Insights query ran into its time limit: rows are missing";
  if (status == "Running" || status == "Scheduled") {
    return "the Logs Insights query was still running when its answer was saved: rows are missing";
  }
  return {};
}

/// A string's text between its quotes, as written; names of groups, streams and states have no escapes.
std::string_view unquoted(std::string_view json) {
  return json.size() >= 2 && json.front() == '"' && json.back() == '"' ? json.substr(1, json.size() - 2)
                                                                       : std::string_view{};
}

/// ECS names streams `prefix/container/task`; the container is the best name of what wrote, where no group is known.
std::string_view container_of_stream(std::string_view stream) {
  const std::size_t task = stream.rfind('/');
  if (task == std::string_view::npos || task == 0 || stream.size() - task - 1 < 32) return {};
  const std::string_view id = stream.substr(task + 1);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; };
  if (!std::all_of(id.begin(), id.end(), is_hex)) return {};
  const std::size_t container = stream.rfind('/', task - 1);
  if (container == std::string_view::npos) return {};
  return stream.substr(container + 1, task - container - 1);
}

/// FilterLogEvents and GetLogEvents answers, subscription messages (the same events under `logEvents`), and
/// GetQueryResults answers of Logs Insights. Format: CloudWatch Logs API reference. One record per event or row.
///
/// A document that names a log group and has no events names the group of the documents behind it: FilterLogEvents
/// answers do not say it themselves, so that collected folders put `{"logGroupIdentifier":...,"events":[]}` in front.
///
/// Of rows that a query computed, two kinds are understood beyond `field=value`:
/// `lines` and `sample` (with `first`, a time, and `@log`): one record, the sample, that stands for `lines` records;
/// `failures` beside a `bin(...)` and `@log`: a point of the metric `log_failures` of the group's service.
class CloudWatchLogsReader final : public RecordReader {
 public:
  explicit CloudWatchLogsReader(ReaderOptions options)
      : file_service_(names_of_path(options.path).service), scratch_(options.reference_time) {
    records_.reserve(kMaxBatchRecords);
  }

  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    const std::size_t used =
        documents_.read(data, offset, last, sink, [&](const JsonDocument& d) { read_document(d, sink); });
    if (last) pages_.end(sink);
    return used;
  }

 private:
  /// What one event or row says besides its text.
  struct Source {
    std::string_view group;
    std::string_view stream;
  };

  void read_document(const JsonDocument& document, TelemetrySink& sink) {
    RecordPositions positions(document, document.text.data());
    pages_.begin(document.position);
    Source source{group_, {}};
    JsonSlice events;
    JsonSlice rows;
    JsonSlice statistics;
    std::string_view key;
    JsonSlice member;
    for (JsonMembers members(document.text); members.next(key, member);) {
      if (key == "logGroupName" || key == "logGroup" || key == "logGroupIdentifier") {
        source.group = unquoted(member.text);
      } else if (key == "logStreamName" || key == "logStream") {
        source.stream = unquoted(member.text);
      } else if (key == "events" || key == "logEvents") {
        events = member;
      } else if (key == "results") {
        rows = member;
      } else if (key == "statistics") {
        statistics = member;
      } else if (key == "status") {
        if (const std::string_view meaning = status_meaning(unquoted(member.text)); !meaning.empty()) {
          sink.on_skipped({document.position, std::string(meaning), 1, true});
        }
      } else {
        pages_.take(key, member);
      }
    }
    if (!events.is_array() && !rows.is_array()) {
      sink.on_skipped(
          {document.position, "expected an answer of CloudWatch Logs, an object with events or results", 1, false});
      return;
    }
    JsonSlice item;
    bool any_event = false;
    for (JsonElements elements(events.text); elements.next(item);) {
      any_event = true;
      if (positions.whole(item.text)) read_event(item.text, source, positions.at(item.text), sink);
    }
    std::uint64_t row_count = 0;
    raw_rows_ = false;
    for (JsonElements elements(rows.text); elements.next(item);) {
      ++row_count;
      if (positions.whole(item.text)) read_row(item.text, source, positions.at(item.text), sink);
    }
    flush(sink);
    hand_over_failures(document.position, sink);
    if (!any_event && !rows.is_array()) group_ = std::string(source.group);
    if (raw_rows_ && !document.truncated) note_unreturned(statistics.text, row_count, document.position, sink);
  }

  void read_event(std::string_view json, Source source, const BytePosition& position, TelemetrySink& sink) {
    std::optional<std::string_view> message;
    std::optional<TimePoint> time;
    const simdjson::error_code error = each_member(parser_, json, [&](std::string_view key, value child) {
      if (key == "message") {
        if (const auto text = json_string(child)) message = arena_.keep(*text);
      } else if (key == "timestamp") {
        if (const auto millis = json_int(child)) time = time_from_millis(*millis);
      } else if (key == "logStreamName") {
        source.stream = arena_.keep(json_string(child).value_or(""));
      } else if (key == "logGroupName" || key == "logGroupIdentifier") {
        source.group = arena_.keep(json_string(child).value_or(""));
      }
    });
    if (!message) {
      sink.on_skipped(
          {position,
           "expected a log event with a message" + (error ? " (" + json_error_text(error) + ")" : std::string()), 1,
           false});
      return;
    }
    LogRecord record;
    add(record, *message, time.value_or(kNoTime), source, position, sink);
  }

  /// A row is a list of {"field": name, "value": text}. Rows without @message are what a query computed: they become
  /// one `field=value ...` line.
  void read_row(std::string_view json, Source source, const BytePosition& position, TelemetrySink& sink) {
    if (!json.starts_with('[')) {
      sink.on_skipped({position, "expected a row of a Logs Insights answer, a list of fields", 1, false});
      return;
    }
    std::optional<std::string_view> message;
    std::optional<TimePoint> time;
    std::optional<TimePoint> bin;
    std::optional<TimePoint> first;
    std::int64_t width = 0;
    std::optional<std::string_view> sample;
    std::optional<std::uint64_t> lines;
    std::optional<std::uint64_t> failures;
    LogRecord record;
    computed_.clear();
    JsonSlice cell;
    simdjson::error_code error = simdjson::SUCCESS;
    for (JsonElements cells(json); cells.next(cell);) {
      std::string_view field;
      std::string_view text;
      const auto cell_error = each_member(parser_, cell.text, [&](std::string_view key, value child) {
        if (key == "field") field = json_string(child).value_or("");
        if (key == "value") text = json_string(child).value_or("");
      });
      if (cell_error) error = cell_error;
      if (field == "@message") {
        message = arena_.keep(text);
      } else if (field == "@timestamp") {
        time = parse_row_time(text);
      } else if (field == "@log") {
        source.group = arena_.keep(text);
      } else if (field == "@logStream") {
        source.stream = arena_.keep(text);
      } else if (field == "@xrayTraceId") {
        record.trace_id = arena_.keep(text);
      } else if (!field.empty() && field != "@ptr" && field != "@ingestionTime") {
        if (field.starts_with("bin(") && !bin) {
          bin = parse_row_time(text);
          width = bin_seconds(field);
        } else if (field == "lines") {
          lines = parse_count(text);
        } else if (field == "sample") {
          sample = arena_.keep(text);
        } else if (field == "first") {
          first = parse_row_time(text);
        } else if (field == "failures") {
          failures = parse_count(text);
        }
        append_field(field, text);
      }
    }
    if (!message && computed_.empty()) {
      sink.on_skipped({position,
                       "expected a row with @message or computed fields" +
                           (error ? " (" + json_error_text(error) + ")" : std::string()),
                       1, false});
      return;
    }
    raw_rows_ = raw_rows_ || message.has_value();
    if (!message && sample && lines) {
      // `first` and not the bin's begin: a bin may begin before the range that was asked for.
      record.occurrences = *lines;
      if (*lines > 0) add(record, *sample, first ? *first : bin.value_or(kNoTime), source, position, sink);
      return;
    }
    if (!message && failures && bin && width > 0) {
      MetricSeries& series = failures_[std::string(service_of_log_group(source.group))];
      series.period_seconds = width;
      series.times.push_back(*bin);
      series.values.push_back(static_cast<double>(*failures));
      return;
    }
    const TimePoint row_time = time ? *time : bin.value_or(kNoTime);
    add(record, message ? *message : arena_.keep(computed_), row_time, source, position, sink);
  }

  /// `2026-03-14 08:30:00.123` (UTC), or milliseconds where the query computed the time.
  static std::optional<TimePoint> parse_row_time(std::string_view text) {
    std::int64_t millis = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
    if (error == std::errc{} && end == text.data() + text.size()) return time_from_millis(millis);
    return parse_aws_time(text);
  }

  void append_field(std::string_view field, std::string_view text) {
    if (!computed_.empty()) computed_ += ' ';
    computed_ += field;
    computed_ += '=';
    if (!text.empty() && text.find_first_of(" \"\t\r\n") == std::string_view::npos) {
      computed_ += text;
      return;
    }
    computed_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') computed_ += '\\';
      computed_ += c;
    }
    computed_ += '"';
  }

  void add(LogRecord& record, std::string_view text, TimePoint time, const Source& source, const BytePosition& position,
           TelemetrySink& sink) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    record.position = position;
    record.service = service_of_log_group(source.group);
    if (record.service.empty()) record.service = container_of_stream(source.stream);
    if (record.service.empty()) record.service = file_service_;
    // Group and stream of a whole document stand in the caller's buffer, which outlives the batch.
    record.instance = source.stream;
    parse_log_message(text, record, time, scratch_, &sink);
    records_.push_back(record);
    if (records_.size() == kMaxBatchRecords || arena_.used() > kMaxPendingText || scratch_.bytes() > kMaxPendingText) {
      flush(sink);
    }
  }

  void hand_over_failures(const BytePosition& position, TelemetrySink& sink) {
    for (auto& [service, series] : failures_) {
      series.service = service.empty() ? file_service_ : service;
      series.name = "log_failures";
      series.unit = "Count";
      series.statistic = "Sum";
      series.metric_namespace = "CloudWatch Logs";
      series.position = position;
      sink.on_metric(std::move(series));
    }
    failures_.clear();
  }

  void flush(TelemetrySink& sink) {
    if (!records_.empty()) sink.on_logs(records_);
    records_.clear();
    arena_.clear();
    scratch_.clear();
  }

  /// Logs Insights returns at most the query's limit (10,000 rows by default); the statistics tell what matched.
  void note_unreturned(std::string_view statistics, std::uint64_t rows, const BytePosition& position,
                       TelemetrySink& sink) {
    std::string_view key;
    JsonSlice member;
    for (JsonMembers members(statistics); members.next(key, member);) {
      if (key != "recordsMatched") continue;
      double matched = 0;
      const auto [end, error] = std::from_chars(member.text.data(), member.text.data() + member.text.size(), matched);
      if (error != std::errc{} || !(matched < 1e18) || matched <= static_cast<double>(rows)) return;
      const std::uint64_t missing = static_cast<std::uint64_t>(matched) - rows;
      sink.on_skipped({position,
                       "the Logs Insights query matched " + format_count(static_cast<std::uint64_t>(matched)) +
                           " records, its answer holds " + format_count(rows),
                       missing, false});
      return;
    }
  }

  JsonDocuments documents_;
  JsonParser parser_;
  AnswerPages pages_;
  std::string file_service_;
  std::string group_;                             ///< Of documents that name none.
  std::map<std::string, MetricSeries> failures_;  ///< By service; of the document being read.
  LogScratch scratch_;
  BatchText arena_;
  std::vector<LogRecord> records_;
  std::string computed_;
  bool raw_rows_ = false;  ///< Rows of this document hold records as they were written.
};

}  // namespace

std::unique_ptr<RecordReader> make_cloudwatch_logs_reader(ReaderOptions options) {
  return std::make_unique<CloudWatchLogsReader>(std::move(options));
}

}  // namespace fa
