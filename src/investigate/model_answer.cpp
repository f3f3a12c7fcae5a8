#include "investigate/model_answer.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <set>

#include "base/json.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr std::size_t kMostAnswerBytes = std::size_t{256} << 10;
constexpr std::size_t kMostClaims = 12;
constexpr std::size_t kMostCauses = 5;
constexpr std::size_t kMostListed = 24;

/// Without a description where the prompts have none: every word of a schema is paid for in every call.
Json described(Json schema, const std::string& description) {
  if (!description.empty()) schema["description"] = description;
  return schema;
}
Json text_schema(const std::string& description) { return described({{"type", "string"}}, description); }

Json object_schema(Json properties, const std::vector<std::string>& required) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", std::move(properties)},
          {"required", required}};
}

/// How many digits stand behind the point of a number as it is written in JSON: what its rounding allows.
int decimals_of(double value) {
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  if (error != std::errc()) return 0;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t point = text.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

/// Reads one answer; the first thing that is wrong is kept.
class AnswerReader {
 public:
  Result<ModelAnswer> run(const Json& root) {
    ModelAnswer a;
    fields(root, "answer", {"summary", "hypotheses", "impact", "actions", "prevention", "missing", "corrections"});
    each(root, "corrections", "answer", 4 * kMostClaims, [&](const Json& item, const std::string& at) {
      fields(item, at, {"number", "sentence"});
      const Json* number = member(item, "number");
      if (number == nullptr || !number->is_number_unsigned() || *number == 0)
        return wrong(at + ".number", "a whole number from 1");
      ModelAnswer::Correction& c = a.corrections.emplace_back();
      c.number = number->get<std::size_t>();
      if (const Json* sentence = member(item, "sentence"); sentence != nullptr)
        claim(*sentence, at + ".sentence", c.claim);
    });
    claims(root, "summary", "answer", a.summary);
    each(root, "hypotheses", "answer", kMostCauses, [&](const Json& item, const std::string& at) {
      ModelAnswer::Cause& cause = a.hypotheses.emplace_back();
      fields(item, at, {"subject", "component", "mechanism", "statements"});
      text(item, "subject", at, cause.subject, true);
      text(item, "component", at, cause.component, false);
      std::string mechanism;
      text(item, "mechanism", at, mechanism, true);
      const auto known = mechanism_from_name(mechanism);
      if (!known && !mechanism.empty()) wrong(at + ".mechanism", "one of the mechanisms of the schema");
      cause.mechanism = known.value_or(Mechanism::kUnknown);
      claims(item, "statements", at, cause.statements);
    });
    claims(root, "impact", "answer", a.impact);
    claims(root, "actions", "answer", a.actions);
    claims(root, "prevention", "answer", a.prevention);
    texts(root, "missing", "answer", a.missing);
    if (!wrong_.empty()) return fail(ErrorCode::kInvalidInput, wrong_);
    if (a.summary.empty() && a.hypotheses.empty() && a.missing.empty() && a.corrections.empty()) {
      return fail(ErrorCode::kInvalidInput, "answer: summary, hypotheses and missing are all empty");
    }
    return a;
  }

 private:
  void wrong(const std::string& where, std::string_view expected) {
    if (wrong_.empty()) wrong_ = fmt::format("{}: expected {}", where, expected);
  }

  void fields(const Json& object, const std::string& at, const std::set<std::string>& known) {
    if (!object.is_object()) return wrong(at, "an object");
    for (const auto& [key, value] : object.items()) {
      if (!known.contains(key)) return wrong(at, "no field \"" + visible(key.substr(0, 40)) + "\"");
    }
  }

  static const Json* member(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto it = object.find(key);
    return it == object.end() || it->is_null() ? nullptr : &*it;
  }

  void text(const Json& object, const char* key, const std::string& at, std::string& out, bool required) {
    const Json* value = member(object, key);
    if (value == nullptr) {
      if (required) wrong(at + "." + key, "a text");
      return;
    }
    if (!value->is_string()) return wrong(at + "." + key, "a text");
    out = value->get<std::string>();
  }

  template <class Take>
  void each(const Json& object, const char* key, const std::string& at, std::size_t most, Take take) {
    const Json* list = member(object, key);
    if (list == nullptr) return;
    if (!list->is_array()) return wrong(at + "." + key, "a list");
    std::size_t i = 0;
    for (const Json& item : *list) {
      if (i >= most) break;
      take(item, fmt::format("{}.{}[{}]", at, key, i));
      ++i;
    }
  }

  void texts(const Json& object, const char* key, const std::string& at, std::vector<std::string>& out) {
    each(object, key, at, kMostListed, [&](const Json& item, const std::string& where) {
      if (!item.is_string()) return wrong(where, "a text");
      out.push_back(item.get<std::string>());
    });
  }

  void claims(const Json& object, const char* key, const std::string& at, std::vector<Claim>& out) {
    each(object, key, at, kMostClaims,
         [&](const Json& item, const std::string& where) { claim(item, where, out.emplace_back()); });
  }

  void claim(const Json& item, const std::string& where, Claim& c) {
    fields(item, where, {"text", "evidence", "quotes", "numbers", "times", "absent", "cause", "effect"});
    text(item, "text", where, c.text, true);
    texts(item, "evidence", where, c.evidence);
    each(item, "quotes", where, kMostListed, [&](const Json& q, const std::string& w) {
      fields(q, w, {"id", "text"});
      Claim::Quote& quote = c.quotes.emplace_back();
      text(q, "id", w, quote.id, true);
      text(q, "text", w, quote.text, true);
    });
    each(item, "numbers", where, kMostListed, [&](const Json& n, const std::string& w) {
      fields(n, w, {"id", "value", "unit"});
      Claim::Number& number = c.numbers.emplace_back();
      text(n, "id", w, number.id, true);
      text(n, "unit", w, number.unit, false);
      const Json* value = member(n, "value");
      if (value == nullptr || !value->is_number()) return wrong(w + ".value", "a number");
      number.value = value->get<double>();
      number.decimals = decimals_of(number.value);
    });
    each(item, "times", where, kMostListed, [&](const Json& t, const std::string& w) {
      fields(t, w, {"id", "time"});
      Claim::Time& time = c.times.emplace_back();
      text(t, "id", w, time.id, true);
      text(t, "time", w, time.text, true);
    });
    if (const Json* absent = member(item, "absent"); absent != nullptr) {
      fields(*absent, where + ".absent", {"what", "entity"});
      Claim::Absence absence;
      text(*absent, "what", where + ".absent", absence.what, true);
      text(*absent, "entity", where + ".absent", absence.entity, false);
      c.absence = std::move(absence);
    }
    text(item, "cause", where, c.cause, false);
    text(item, "effect", where, c.effect, false);
  }

  std::string wrong_;
};

}  // namespace

llm::ToolSpec answer_tool(const Prompts& prompts) {
  const auto about = [&](const char* key) { return prompts.text(std::string("answer.") + key); };
  const auto list_of = [](Json items, const std::string& description) {
    return described({{"type", "array"}, {"items", std::move(items)}}, description);
  };
  const Json id{{"type", "string"}};
  Json claim = object_schema(
      {{"text", text_schema(about("text"))},
       {"evidence", list_of(id, about("evidence"))},
       {"quotes",
        list_of(object_schema({{"id", id}, {"text", {{"type", "string"}}}}, {"id", "text"}), about("quotes"))},
       {"numbers", list_of(object_schema({{"id", id}, {"value", {{"type", "number"}}}, {"unit", {{"type", "string"}}}},
                                         {"id", "value"}),
                           about("numbers"))},
       {"times", list_of(object_schema({{"id", id}, {"time", {{"type", "string"}}}}, {"id", "time"}), about("times"))},
       {"absent",
        {{"type", "object"},
         {"additionalProperties", false},
         {"properties",
          {{"what", {{"enum", {"errors", "logs", "traces", "metrics", "changes", "requests", "anomalies"}}}},
           {"entity", {{"type", "string"}}}}},
         {"required", {"what"}}}},
       {"cause", text_schema(about("cause"))},
       {"effect", text_schema(about("effect"))}},
      {"text", "evidence"});
  Json advice = object_schema({{"text", {{"type", "string"}}}, {"evidence", list_of(id, about("evidence"))}}, {"text"});
  Json mechanisms = Json::array();
  for (std::size_t i = 0; i < kMechanismCount; ++i) mechanisms.push_back(mechanism_name(static_cast<Mechanism>(i)));
  Json cause = object_schema({{"subject", text_schema(about("subject"))},
                              {"component", text_schema(about("component"))},
                              {"mechanism", {{"enum", mechanisms}}},
                              {"statements", list_of({{"$ref", "#/$defs/claim"}}, about("statements"))}},
                             {"subject", "mechanism", "statements"});
  const Json claims{{"$ref", "#/$defs/claim"}};
  Json schema = object_schema(
      {{"summary", list_of(claims, about("summary"))},
       {"hypotheses", list_of(cause, about("hypotheses"))},
       {"impact", list_of(claims, about("impact"))},
       {"actions", list_of(advice, about("actions"))},
       {"prevention", list_of(advice, about("prevention"))},
       {"missing", list_of({{"type", "string"}}, about("missing"))},
       {"corrections", list_of(object_schema({{"number", {{"type", "integer"}}}, {"sentence", claims}}, {"number"}),
                               about("corrections"))}},
      {});
  schema["$defs"] = {{"claim", std::move(claim)}};
  return {"answer", prompts.text("answer"), json_text(schema)};
}

Result<ModelAnswer> parse_answer(std::string_view json) {
  if (json.size() > kMostAnswerBytes) return fail(ErrorCode::kInvalidInput, "answer: too long");
  const Json root = parse_json(json);
  if (root.is_discarded()) return fail(ErrorCode::kInvalidInput, "answer: expected JSON");
  return AnswerReader().run(root);
}

}  // namespace fa
