#include "formats/log_header.h"

#include "formats/embedded_metrics.h"
#include "formats/json_log_line.h"
#include "formats/log_parser.h"
#include "formats/log_text.h"
#include "formats/timestamp_parts.h"

namespace fa {
namespace {

constexpr int kMaxNesting = 3;  ///< Envelope in text, JSON in it, a header in its message.
constexpr std::int64_t kQuarterHour = std::int64_t{900} * 1'000'000'000;

std::int64_t magnitude(std::int64_t value) { return value < 0 ? -value : value; }

/// The instant a text's timestamp means, given when the envelope says the record was taken. A time without zone is
/// local somewhere: zones are multiples of 15 minutes up to 14 hours, so the envelope tells which one.
TimePoint place(const ParsedTimestamp& own, TimePoint outer) {
  if (own.time == kNoTime || (!own.has_date && outer != kNoTime)) return outer;
  if (outer == kNoTime || own.has_zone) return own.time;
  const std::int64_t delta = to_unix_nanos(own.time) - to_unix_nanos(outer);  // Both lie in 1970..2262.
  const std::int64_t offset = (delta + (delta < 0 ? -kQuarterHour : kQuarterHour) / 2) / kQuarterHour * kQuarterHour;
  constexpr std::int64_t kTolerance = kQuarterHour * 2 / 15;
  if (magnitude(offset) <= 56 * kQuarterHour && magnitude(delta - offset) <= kTolerance) {
    const std::int64_t placed = to_unix_nanos(own.time) - offset;
    return placed < 0 ? outer : from_unix_nanos(placed);
  }
  return magnitude(delta) <= 4 * kQuarterHour ? own.time : outer;
}

std::string_view first_line(std::string_view text) {
  auto line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

class Parser {
 public:
  Parser(LogRecord& record, LogScratch::Impl& scratch) : record_(record), scratch_(scratch) {}

  ParsedLog parse(std::string_view text, TimePoint outer, int depth) {
    record_.time = outer;
    record_.message = text;
    std::size_t begin = 0;
    while (begin < text.size() && (is_space(text[begin]) || text[begin] == '\0')) ++begin;
    const auto body = text.substr(begin);
    if (body.empty()) return {};
    if (body[0] == '{') {
      ParsedLog parsed = json(body, outer, depth);
      if (parsed.structured) return parsed;
    } else if (may_be_logfmt(body) && read_logfmt_line(first_line(body), scratch_.fields, scratch_.arena)) {
      ParsedLog parsed = structured(outer, depth);
      parsed.plain_logfmt = depth == 0 && !parsed.opened && scratch_.fields.only_names_and_message();
      return parsed;
    }
    return header(text, outer, depth);
  }

 private:
  TimestampContext context(TimePoint outer) const {
    TimestampContext result = scratch_.timestamps;
    if (outer != kNoTime) result.reference_time = outer;
    return result;
  }

  ParsedLog json(std::string_view body, TimePoint outer, int depth) {
    const JsonLineResult result = read_json_line(body, scratch_.fields, scratch_.arena, scratch_.json_forms);
    const auto& fields = scratch_.fields;
    if (result.kind == JsonLine::kNotJson) return {};
    if (result.kind == JsonLine::kCut && !fields.has(LogRole::kMessage) &&
        !(fields.has(LogRole::kTime) && fields.has(LogRole::kLevel))) {
      return {};
    }
    const bool has_message = fields.has(LogRole::kMessage);
    ParsedLog parsed = structured(outer, depth);
    parsed.cut = result.kind == JsonLine::kCut;
    parsed.has_metrics = result.has_metrics;
    parsed.metrics_only = result.has_metrics && !has_message;
    if (parsed.metrics_only) record_.message = {};
    return parsed;
  }

  ParsedLog structured(TimePoint outer, int depth) {
    ParsedLog parsed;
    parsed.starts_record = parsed.structured = true;
    const auto& fields = scratch_.fields;
    TimePoint time = outer;
    if (const auto own = fields.time(context(outer))) {
      learn(*own);
      time = place(*own, outer);
      parsed.has_time = own->has_date;
    }
    const bool has_message = fields.has(LogRole::kMessage);
    fields.apply(record_, scratch_.arena);
    record_.time = time;
    if (has_message && depth + 1 < kMaxNesting) parsed.opened = inner(record_.message, time, depth);
    return parsed;
  }

  /// A message that is itself a line with a header: `{"log":"2026-03-14 17:30:00 INFO started"}`. False when it is not,
  /// and would not be with other digits unless these make a timestamp.
  bool inner(std::string_view message, TimePoint outer, int depth) {
    if (!opens_header(message, context(outer))) return false;
    const LogRecord before = record_;
    const ParsedLog parsed = parse(message, outer, depth + 1);
    const bool worth = parsed.starts_record && !parsed.cut && !record_.message.empty();
    if (!worth) {
      record_ = before;
      return message[0] == '{' || parsed.starts_record;
    }
    // What a text header calls service and host is the envelope's business if that knows them.
    if (!before.service.empty()) record_.service = before.service;
    if (!before.instance.empty()) record_.instance = before.instance;
    return true;
  }

  ParsedLog header(std::string_view text, TimePoint outer, int depth) {
    const auto line = first_line(text);
    const auto ctx = context(outer);
    const auto stamp = scan_timestamp(line, ctx);
    const TextHeader found = parse_text_header(line, stamp);
    ParsedLog parsed;
    parsed.starts_record = found.starts_record;
    parsed.has_time = stamp.has_value();
    parsed.is_rfc5424 = found.is_rfc5424;
    TimePoint time = outer;
    if (stamp) {
      learn(*stamp);
      time = place(*stamp, outer);
    }
    record_.time = time;
    if (record_.severity == Severity::kUnknown) record_.severity = found.severity;
    if (record_.service.empty()) record_.service = found.service;
    if (record_.instance.empty()) record_.instance = found.instance;
    if (record_.logger.empty()) record_.logger = found.logger;
    if (record_.trace_id.empty()) record_.trace_id = found.trace_id;
    if (record_.span_id.empty()) record_.span_id = found.span_id;
    record_.message = text.substr(found.message_begin);
    if (record_.trace_id.empty()) {
      const TraceIds ids = find_trace_ids(record_.message);
      record_.trace_id = ids.trace_id;
      if (record_.span_id.empty()) record_.span_id = ids.span_id;
    }
    // `kubectl logs --timestamps`, journald and syslog put their own header before the application's.
    if (stamp && depth + 1 < kMaxNesting && found.message_begin > 0) {
      const LogRecord before = record_;
      if (!inner(record_.message, time, depth)) parsed.plain_stamp = stamp;
      if (record_.message.empty() && !before.message.empty()) record_ = before;
    } else if (stamp && depth == 0) {
      parsed.plain_stamp = stamp;  // The message is the whole text.
    }
    return parsed;
  }

  void learn(const ParsedTimestamp& stamp) {
    if (stamp.date_order != DateOrder::kUnknown) scratch_.timestamps.date_order = stamp.date_order;
  }

  LogRecord& record_;
  LogScratch::Impl& scratch_;
};

}  // namespace

bool may_be_logfmt(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && i < 40 && (is_alnum(text[i]) || text[i] == '_' || text[i] == '.' || text[i] == '@')) ++i;
  return i > 0 && i < text.size() && text[i] == '=' && i + 1 < text.size() && text[i + 1] != '=';
}

bool opens_header(std::string_view message, const TimestampContext& context) {
  if ((!message.empty() && message[0] == '{') || may_be_logfmt(message)) return true;
  // Most messages begin with a word: a timestamp at their first or second byte needs a digit there, or a name.
  const bool word = message.size() >= 2 && is_alpha(message[0]) && is_alpha(message[1]);
  if (word && !stamp::may_begin_name(message)) return false;
  const auto stamp = scan_timestamp(first_line(message), context);
  // Digits alone may be any number of the message.
  return stamp && (stamp->begin == 0 || (stamp->begin == 1 && !is_digit(message[0]))) &&
         message.substr(stamp->begin, stamp->end - stamp->begin).find_first_not_of("0123456789.") !=
             std::string_view::npos;
}

LogScratch::LogScratch(std::optional<TimePoint> reference_time) : impl_(std::make_unique<Impl>()) {
  impl_->timestamps.reference_time = reference_time;
}
LogScratch::~LogScratch() = default;
LogScratch::LogScratch(LogScratch&&) noexcept = default;
LogScratch& LogScratch::operator=(LogScratch&&) noexcept = default;

void LogScratch::clear() {
  impl_->arena.retire();
  impl_->arena.retire();
}

std::size_t LogScratch::bytes() const { return impl_->arena.bytes(); }

ParsedLog parse_log_text(std::string_view text, LogRecord& record, TimePoint outer_time, LogScratch::Impl& scratch) {
  return Parser{record, scratch}.parse(text, outer_time, 0);
}

void parse_log_message(std::string_view text, LogRecord& record, TimePoint outer_time, LogScratch& scratch,
                       TelemetrySink* sink) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const ParsedLog parsed = parse_log_text(text, record, outer_time, scratch.impl());
  while (!record.message.empty() && is_space(record.message.back())) record.message.remove_suffix(1);
  if (parsed.has_metrics && sink != nullptr) emit_embedded_metrics(text, record, *sink);
}

}  // namespace fa
