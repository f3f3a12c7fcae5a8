#include <array>
#include <utility>

#include "base/text.h"
#include "formats/otlp_signals.h"

namespace fa::otlp {
namespace {

using simdjson::error_code;
using simdjson::SUCCESS;
using simdjson::ondemand::json_type;

constexpr std::array kKinds{SpanKind::kUnspecified, SpanKind::kInternal, SpanKind::kServer,
                            SpanKind::kClient,      SpanKind::kProducer, SpanKind::kConsumer};
constexpr std::array<std::string_view, 6> kKindNames{"UNSPECIFIED", "INTERNAL", "SERVER",
                                                     "CLIENT",      "PRODUCER", "CONSUMER"};

/// 2, "2", "SPAN_KIND_SERVER" or "SERVER".
template <std::size_t N>
std::optional<std::size_t> enum_index(value v, std::string_view prefix, const std::array<std::string_view, N>& names) {
  json_type type{};
  if (v.type().get(type) != SUCCESS) return std::nullopt;
  if (type == json_type::string) {
    std::string_view text = json_string(v).value_or(std::string_view{});
    if (text.size() == 1 && text[0] >= '0' && static_cast<std::size_t>(text[0] - '0') < N) {
      return static_cast<std::size_t>(text[0] - '0');
    }
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    for (std::size_t i = 0; i < N; ++i) {
      if (iequals(text, names[i])) return i;
    }
    return std::nullopt;
  }
  const auto number = json_int(v);
  if (!number || *number < 0 || static_cast<std::uint64_t>(*number) >= N) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

int http_status_of(std::string_view text) {
  if (text.size() != 3) return 0;
  int status = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status >= 100 ? status : 0;
}

bool says_throttled(std::string_view exception) {
  constexpr std::array<std::string_view, 6> kWords{"throttl",  "toomanyrequests",        "too many requests",
                                                   "slowdown", "limitexceededexception", "provisionedthroughput"};
  if (exception.empty()) return false;
  for (const std::string_view word : kWords) {
    if (icontains(exception, word)) return true;
  }
  return false;
}

bool is_this_machine(std::string_view address) {
  return iequals(address, "localhost") || address.starts_with("127.") || address == "::1" || address == "0.0.0.0";
}

/// An id in hex, as read_id gives it; false where it is written otherwise.
bool take_id(std::string_view text, std::string_view& id) {
  if (text.ends_with('=')) return false;
  id = text.find_first_not_of('0') == std::string_view::npos ? std::string_view{} : text;
  return true;
}

bool take_kind(std::string_view text, SpanKind& kind) {
  if (text.size() != 1 || text[0] < '0' || static_cast<std::size_t>(text[0] - '0') >= kKinds.size()) return false;
  kind = kKinds[static_cast<std::size_t>(text[0] - '0')];
  return true;
}

/// Digits of a time of this century, or false.
bool take_time(std::string_view text, TimePoint& time) {
  if (text.size() != 19 || text[0] > '8') return false;
  std::int64_t nanos = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    nanos = nanos * 10 + (c - '0');
  }
  time = from_unix_nanos(nanos);
  return nanos > 0;
}

}  // namespace

error_code SpanSignal::read(array spans, const Scope& scope) {
  for (auto item : spans) {
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
    const BytePosition position = scope.positions.at(raw);
    if (!read_known_span(raw, scope, position)) {
      if (const auto error = fields.reset().error()) return error;
      if (const auto error = read_span(fields, scope, position)) return error;
      note_span(raw, forms_);
    }
    if (batch_.size() == kMaxBatchRecords) flush(scope.sink);
  }
  return SUCCESS;
}

error_code SpanSignal::read_span(object fields, const Scope& scope, const BytePosition& position) {
  SpanRecord span;
  span.position = position;
  span.service = scope.resource.service;
  span.instance = scope.resource.instance;
  std::string_view status_message;
  attributes_.clear();
  FieldName names;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = names.of(field);
    if (name == "traceId") {
      span.trace_id = read_id(field.value(), owned_);
    } else if (name == "spanId") {
      span.span_id = read_id(field.value(), owned_);
    } else if (name == "parentSpanId") {
      span.parent_span_id = read_id(field.value(), owned_);
    } else if (name == "name") {
      span.operation = json_string(field.value()).value_or(std::string_view{});
    } else if (name == "kind") {
      if (const auto kind = enum_index(field.value(), "SPAN_KIND_", kKindNames)) span.kind = kKinds[*kind];
    } else if (name == "startTimeUnixNano") {
      span.start = read_time(field.value());
    } else if (name == "endTimeUnixNano") {
      span.end = read_time(field.value());
    } else if (name == "attributes") {
      if (const auto error = read_attributes(field.value(), attributes_)) return error;
    } else if (name == "events") {
      if (const auto error = read_events(field.value(), span)) return error;
    } else if (name == "status") {
      if (const auto error = read_status(field.value(), span, status_message)) return error;
    }
  }
  if (span.start == kNoTime) {
    scope.sink.on_skipped({position, "span without startTimeUnixNano", 1, false});
    return SUCCESS;
  }
  finish(span, status_message);
  return SUCCESS;
}

/// What both ways of reading a span have in common once its members are known.
void SpanSignal::finish(SpanRecord& span, std::string_view status_message) {
  if (span.end < span.start) span.end = span.start;  // Missing, or a clock that went backwards.
  apply_attributes(span);
  if (span.exception_message.empty()) {
    span.exception_message = status_message;
  } else if (!status_message.empty() && span.exception_message.find(status_message) == std::string_view::npos) {
    // Instrumentations put the telling words into either place.
    std::string& both = owned_.emplace_back(status_message);
    both.append("; ").append(span.exception_message);
    span.exception_message = both;
  }
  batch_.push_back(span);
}

/// Of a form that came before: exactly what read_span would make of it. False, and nothing done, for any other span and
/// where a value is not of the usual kind.
bool SpanSignal::read_known_span(std::string_view text, const Scope& scope, const BytePosition& position) {
  SpanRecord span;
  std::string_view status_message;
  const auto restart = [&] {
    span = {};
    span.position = position;
    span.service = scope.resource.service;
    span.instance = scope.resource.instance;
    status_message = {};
    attributes_.clear();
  };
  const auto take = [&](const SpanValue& value, JsonScalar scalar, const JsonCursor::Token& token) {
    if (token.escaped) return false;
    switch (value.role) {
      case SpanValue::Role::kNothing:
        return true;
      case SpanValue::Role::kTraceId:
        return take_id(token.text, span.trace_id);
      case SpanValue::Role::kSpanId:
        return take_id(token.text, span.span_id);
      case SpanValue::Role::kParentId:
        return take_id(token.text, span.parent_span_id);
      case SpanValue::Role::kName:
        span.operation = token.text;
        return true;
      case SpanValue::Role::kKind:
        return take_kind(token.text, span.kind);
      case SpanValue::Role::kStart:
        return take_time(token.text, span.start);
      case SpanValue::Role::kEnd:
        return take_time(token.text, span.end);
      case SpanValue::Role::kStatusCode:
        span.error = token.text == "2";
        return token.text.size() == 1 && is_digit(token.text[0]);
      case SpanValue::Role::kStatusMessage:
        status_message = token.text;
        return true;
      case SpanValue::Role::kAttribute: {
        if (scalar == JsonScalar::kLiteral && token.text != "true" && token.text != "false") return false;
        const std::string_view key(token.text.data() - value.key_before, value.key_size);
        attributes_.push_back({key, token.text, {}});
        return true;
      }
    }
    return false;
  };
  if (!forms_.read(text, restart, take) || span.start == kNoTime) return false;
  finish(span, status_message);
  return true;
}

error_code SpanSignal::read_status(value status, SpanRecord& span, std::string_view& message) {
  constexpr std::array<std::string_view, 3> kCodes{"UNSET", "OK", "ERROR"};
  json_type type{};
  if (const auto error = status.type().get(type)) return error;
  if (type != json_type::object) return SUCCESS;
  object fields;
  if (const auto error = status.get_object().get(fields)) return error;
  for (auto item : fields) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(item).get(field)) return error;
    const std::string_view name = json_key(field);
    if (name == "code") {
      if (enum_index(field.value(), "STATUS_CODE_", kCodes) == std::size_t{2}) span.error = true;
    } else if (name == "message") {
      message = json_string(field.value()).value_or(std::string_view{});
    }
  }
  return SUCCESS;
}

/// Of several exceptions the last one is taken: the one that left the span.
error_code SpanSignal::read_events(value events, SpanRecord& span) {
  json_type type{};
  if (const auto error = events.type().get(type)) return error;
  if (type != json_type::array) return SUCCESS;
  array items;
  if (const auto error = events.get_array().get(items)) return error;
  for (auto item : items) {
    value one;
    if (const auto error = item.get(one)) return error;
    if (const auto error = one.type().get(type)) return error;
    if (type != json_type::object) continue;
    object fields;
    if (const auto error = one.get_object().get(fields)) return error;
    event_attributes_.clear();
    for (auto member : fields) {
      simdjson::ondemand::field field;
      if (const auto error = std::move(member).get(field)) return error;
      if (json_key(field) != "attributes") continue;
      if (const auto error = read_attributes(field.value(), event_attributes_)) return error;
    }
    const std::string_view exception = first_of(event_attributes_, {"exception.type"});
    const std::string_view message = first_of(event_attributes_, {"exception.message"});
    if (exception.empty() && message.empty()) continue;
    span.exception_type = exception;
    span.exception_message = message;
  }
  return SUCCESS;
}

void SpanSignal::apply_attributes(SpanRecord& span) {
  span.http_status = http_status_of(first_of(attributes_, {"http.response.status_code", "http.status_code"}));
  if (span.http_status >= 500) span.error = true;
  const std::string_view error_type = first_of(attributes_, {"error.type"});
  if (span.exception_type.empty()) {
    span.exception_type = first_of(attributes_, {"exception.type"});
    // error.type may also be the HTTP status or `_OTHER`.
    if (span.exception_type.empty() && http_status_of(error_type) == 0 && error_type != "_OTHER") {
      span.exception_type = error_type;
    }
  }
  if (span.exception_message.empty()) span.exception_message = first_of(attributes_, {"exception.message"});
  constexpr std::string_view kResourceExhausted = "8";
  span.throttled = span.http_status == 429 || first_of(attributes_, {"rpc.grpc.status_code"}) == kResourceExhausted ||
                   says_throttled(span.exception_type);
  span.peer = peer_of(span);
  // A queue is not its broker; a database answers to the name of its host as well.
  const bool database = !first_of(attributes_, {"db.system.name", "db.system"}).empty();
  if (database && !span.peer.empty() && span.peer != address()) span.peer_host = address();
}

std::string_view SpanSignal::address() const {
  return first_of(attributes_, {"server.address", "net.peer.name", "network.peer.address", "net.peer.ip",
                                "net.sock.peer.name", "net.sock.peer.addr", "http.host"});
}

std::string_view SpanSignal::peer_of(const SpanRecord& span) {
  if (span.kind == SpanKind::kServer) return {};  // There the address attributes name the caller or the span itself.
  if (const auto service = first_of(attributes_, {"peer.service"}); !service.empty()) return service;

  const std::string_view address = this->address();
  if (const auto system = first_of(attributes_, {"db.system.name", "db.system"}); !system.empty()) {
    const std::string_view database = first_of(attributes_, {"db.namespace", "db.name"});
    if (database.empty() && address.empty()) return system;
    std::string& peer = owned_.emplace_back(system);
    peer += database.empty() ? '@' : '/';
    peer += database.empty() ? address : database;
    return peer;
  }
  if (const auto queue = first_of(attributes_, {"messaging.destination.name", "messaging.destination"});
      !queue.empty()) {
    return queue;
  }
  if (!address.empty()) {
    const std::string_view port =
        first_of(attributes_, {"server.port", "net.peer.port", "network.peer.port", "net.sock.peer.port"});
    if (port.empty() || !is_this_machine(address)) return address;
    std::string& peer = owned_.emplace_back(address);
    peer += ':';
    peer += port;
    return peer;
  }
  return first_of(attributes_, {"rpc.service"});
}

void SpanSignal::flush(TelemetrySink& sink) {
  if (!batch_.empty()) sink.on_spans(batch_);
  batch_.clear();
  owned_.clear();
}

}  // namespace fa::otlp
