#include "formats/otlp_span_forms.h"

#include <array>
#include <utility>

namespace fa::otlp {
namespace {

using Kind = JsonCursor::Kind;
using Role = SpanValue::Role;
using Step = JsonCursor::Step;

constexpr std::array<std::pair<std::string_view, Role>, 7> kMembers{{{"traceId", Role::kTraceId},
                                                                     {"spanId", Role::kSpanId},
                                                                     {"parentSpanId", Role::kParentId},
                                                                     {"name", Role::kName},
                                                                     {"kind", Role::kKind},
                                                                     {"startTimeUnixNano", Role::kStart},
                                                                     {"endTimeUnixNano", Role::kEnd}}};

/// Walks over one span. Every function returns false where the span is none of the plain ones.
class SpanWalk {
 public:
  SpanWalk(std::string_view text, SpanForms& forms) : cursor_(text), forms_(forms) {}

  bool span() {
    if (!cursor_.enter('{')) return false;
    JsonCursor::Token key;
    Step step = cursor_.next_field(key);
    for (; step == Step::kField; step = cursor_.next_field(key)) {
      if (key.escaped || key.text.find('_') != std::string_view::npos || !member(key.text)) return false;
    }
    return step == Step::kEnd && cursor_.at_end();
  }

 private:
  bool member(std::string_view key) {
    if (key == "attributes") return once(kMembers.size()) && attributes();
    if (key == "status") return once(kMembers.size() + 1) && status();
    if (key == "events") return cursor_.enter('[') && cursor_.next_element() == Step::kEnd;
    for (std::size_t i = 0; i < kMembers.size(); ++i) {
      if (kMembers[i].first == key) return once(i) && scalar(kMembers[i].second);
    }
    const Kind kind = cursor_.kind();
    return kind == Kind::kObject || kind == Kind::kArray ? cursor_.skip() : scalar(Role::kNothing);
  }

  bool once(std::size_t member) { return !std::exchange(seen_[member], true); }

  bool scalar(Role role, std::string_view key = {}) {
    const Kind kind = cursor_.kind();
    JsonCursor::Token token;
    if (!cursor_.scalar(token)) return false;
    const bool is_text = role == Role::kTraceId || role == Role::kSpanId || role == Role::kParentId ||
                         role == Role::kName || role == Role::kStatusMessage;
    if (is_text && kind != Kind::kString) return false;
    if ((role == Role::kKind || role == Role::kStatusCode) && kind != Kind::kNumber) return false;
    const auto type = kind == Kind::kString   ? JsonScalar::kString
                      : kind == Kind::kNumber ? JsonScalar::kNumber
                                              : JsonScalar::kLiteral;
    const auto distance = key.empty() ? 0 : static_cast<std::size_t>(token.text.data() - key.data());
    forms_.note(token.text, type, {role, distance, key.size()});
    return true;
  }

  bool attributes() {
    if (!cursor_.enter('[')) return false;
    Step step = cursor_.next_element();
    for (; step == Step::kField; step = cursor_.next_element()) {
      if (!attribute()) return false;
    }
    return step == Step::kEnd;
  }

  /// {"key":"x","value":{"stringValue":"y"}}
  bool attribute() {
    JsonCursor::Token name;
    JsonCursor::Token key;
    if (!cursor_.enter('{') || !next_is("key") || cursor_.kind() != Kind::kString || !cursor_.scalar(key)) return false;
    if (key.escaped || key.text.empty() || !next_is("value") || !cursor_.enter('{')) return false;
    if (cursor_.next_field(name) != Step::kField) return false;
    const bool plain =
        name.text == "stringValue" || name.text == "intValue" || name.text == "doubleValue" || name.text == "boolValue";
    return plain && scalar(Role::kAttribute, key.text) && cursor_.next_field(name) == Step::kEnd &&
           cursor_.next_field(name) == Step::kEnd;
  }

  bool next_is(std::string_view name) {
    JsonCursor::Token key;
    return cursor_.next_field(key) == Step::kField && key.text == name;
  }

  bool status() {
    if (!cursor_.enter('{')) return false;
    JsonCursor::Token key;
    Step step = cursor_.next_field(key);
    for (; step == Step::kField; step = cursor_.next_field(key)) {
      const bool code = key.text == "code";
      if (!code && key.text != "message") return false;
      if (!once(kMembers.size() + (code ? 2 : 3)) || !scalar(code ? Role::kStatusCode : Role::kStatusMessage))
        return false;
    }
    return step == Step::kEnd;
  }

  JsonCursor cursor_;
  SpanForms& forms_;
  std::array<bool, kMembers.size() + 4> seen_{};
};

}  // namespace

void note_span(std::string_view text, SpanForms& forms) {
  if (!forms.wants_more()) return;
  forms.begin();
  if (SpanWalk(text, forms).span()) forms.end(text);
}

}  // namespace fa::otlp
