#include <array>
#include <utility>

#include "base/text.h"
#include "formats/otlp_signals.h"

namespace fa::otlp {
namespace {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;

constexpr std::size_t kMaxScratchBytes = std::size_t{4} << 20;

/// OpenTelemetry log data model: 1-4 TRACE, 5-8 DEBUG, 9-12 INFO, 13-16 WARN, 17-20 ERROR, 21-24 FATAL.
Severity severity_of_number(std::int64_t number) {
  if (number < 1 || number > 24) return Severity::kUnknown;
  constexpr std::array kSteps{Severity::kTrace, Severity::kDebug, Severity::kInfo,
                              Severity::kWarn,  Severity::kError, Severity::kFatal};
  return kSteps[static_cast<std::size_t>((number - 1) / 4)];
}

/// Names of log levels as applications and the enum (`SEVERITY_NUMBER_WARN2`) write them.
Severity severity_of_text(std::string_view text) {
  struct Name {
    std::string_view word;
    Severity severity;
  };
  static constexpr std::array<Name, 16> kNames{{{"fatal", Severity::kFatal},
                                                {"crit", Severity::kFatal},
                                                {"emerg", Severity::kFatal},
                                                {"alert", Severity::kFatal},
                                                {"panic", Severity::kFatal},
                                                {"severe", Severity::kError},
                                                {"err", Severity::kError},
                                                {"warn", Severity::kWarn},
                                                {"notice", Severity::kInfo},
                                                {"info", Severity::kInfo},
                                                {"config", Severity::kInfo},
                                                {"debug", Severity::kDebug},
                                                {"fine", Severity::kDebug},
                                                {"verbose", Severity::kDebug},
                                                {"trace", Severity::kTrace},
                                                {"silly", Severity::kTrace}}};
  constexpr std::string_view kEnumPrefix = "severity_number_";
  std::string word = to_lower(trim(text.substr(0, 40)));
  if (word.starts_with(kEnumPrefix)) word.erase(0, kEnumPrefix.size());
  for (const Name& name : kNames) {
    if (word.starts_with(name.word)) return name.severity;
  }
  return Severity::kUnknown;
}

}  // namespace

LogSignal::LogSignal(const ReaderOptions& options)
    : message_only_(options.message_only), scratch_(options.reference_time) {}

error_code LogSignal::read(array records, const Scope& scope) {
  for (auto item : records) {
    value one;
    if (const auto error = item.get(one)) return error;
    json_type type{};
    if (const auto error = one.type().get(type)) return error;
    if (type != json_type::object) continue;
    object fields;
    if (const auto error = one.get_object().get(fields)) return error;
    std::string_view raw;
    if (const auto error = fields.raw_json().get(raw)) return error;
    if (!scope.positions.whole(raw)) return SUCCESS;
    if (const auto error = fields.reset().error()) return error;
    if (const auto error = read_record(fields, scope, scope.positions.at(raw))) return error;
    if (batch_.size() == kMaxBatchRecords || scratch_.bytes() > kMaxScratchBytes) flush(scope.sink);
  }
  return SUCCESS;
}

error_code LogSignal::read_record(object fields, const Scope& scope, const BytePosition& position) {
  LogRecord record;
  record.position = position;
  record.service = scope.resource.service;
  record.instance = scope.resource.instance;
  TimePoint time = kNoTime;
  TimePoint observed = kNoTime;
  Attribute body;
  Severity stated = Severity::kUnknown;
  attributes_.clear();
  FieldName names;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    if (name == "timeUnixNano") {
      time = read_time(field.value());
    } else if (name == "observedTimeUnixNano") {
      observed = read_time(field.value());
    } else if (name == "severityNumber") {
      value v = field.value();
      json_type type{};
      if (const auto error = v.type().get(type)) return error;
      if (type == json_type::string) {
        const std::string_view text = json_string(v).value_or(std::string_view{});
        const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
        stated = digits && text.size() <= 2 ? severity_of_number(std::stoi(std::string(text))) : severity_of_text(text);
      } else {
        stated = severity_of_number(json_int(v).value_or(0));
      }
    } else if (name == "severityText") {
      const Severity named = severity_of_text(json_string(field.value()).value_or(std::string_view{}));
      if (record.severity == Severity::kUnknown) record.severity = named;
    } else if (name == "body") {
      if (const auto error = read_body(field.value(), body)) return error;
    } else if (name == "attributes") {
      if (const auto error = read_attributes(field.value(), attributes_)) return error;
    } else if (name == "traceId") {
      record.trace_id = read_id(field.value(), owned_);
    } else if (name == "spanId") {
      record.span_id = read_id(field.value(), owned_);
    }
  }
  if (stated != Severity::kUnknown) record.severity = stated;
  record.exception_type = first_of(attributes_, {"exception.type"});
  const TimePoint known = time != kNoTime ? time : observed;
  record.time = known;
  record.message = body.text;
  if (!message_only_) parse_log_message(body.text, record, known, scratch_, &scope.sink);
  // The sender stated when it happened. (When it was observed says less than a time of the text's own.)
  if (time != kNoTime) record.time = time;
  if (record.logger.empty()) record.logger = first_of(attributes_, {"logger.name", "log.logger", "code.namespace"});
  if (record.logger.empty()) record.logger = scope.name;
  append_exception(record);
  batch_.push_back(record);
  return SUCCESS;
}

/// Text of the body: a string as it stands, anything structured as compact JSON (whose keys parse_log_message reads).
error_code LogSignal::read_body(value v, Attribute& body) {
  json_type type{};
  if (const auto error = v.type().get(type)) return error;
  if (type != json_type::object) {
    body.text = json_string(v).value_or(std::string_view{});
    return SUCCESS;
  }
  object any;
  if (const auto error = v.get_object().get(any)) return error;
  FieldName names;
  for (auto item : any) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    if (name == "stringValue") {
      body.text = json_string(field.value()).value_or(std::string_view{});
    } else if (name == "kvlistValue" || name == "arrayValue") {
      std::string json;
      if (const auto error = append_structured(field.value(), name == "kvlistValue", json)) return error;
      body.text = owned_.emplace_back(std::move(json));
    } else if (name.ends_with("Value")) {
      body.text = owned_.emplace_back(json_scalar_text(field.value()));
    }
  }
  return SUCCESS;
}

/// exception.* attributes say what the message often does not; what it has already is not repeated.
void LogSignal::append_exception(LogRecord& record) {
  const std::string_view message = first_of(attributes_, {"exception.message"});
  const std::string_view stack = first_of(attributes_, {"exception.stacktrace"});
  const auto has = [&](std::string_view text) {
    return text.empty() || record.message.find(text) != std::string_view::npos;
  };
  const std::string_view first_stack_line = trim(stack.substr(0, stack.find('\n')));
  const bool add_stack = !trim(stack).empty() && !has(first_stack_line);
  const bool add_message = !add_stack && stack.empty() && !has(message);
  if (!add_stack && !add_message) return;
  std::string& text = owned_.emplace_back(record.message);
  if (!text.empty()) text += '\n';
  if (add_stack) {
    text += stack;
  } else {
    if (!record.exception_type.empty()) {
      text += record.exception_type;
      text += ": ";
    }
    text += message;
  }
  record.message = text;
}

void LogSignal::flush(TelemetrySink& sink) {
  if (!batch_.empty()) sink.on_logs(batch_);
  batch_.clear();
  owned_.clear();
  scratch_.clear();
}

}  // namespace fa::otlp
