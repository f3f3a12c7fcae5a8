#include "support/aws/dynamodb_expression.h"

#include <cctype>
#include <charconv>
#include <vector>

namespace fa::test {
namespace {

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    const auto is_word = [](char w) { return std::isalnum(static_cast<unsigned char>(w)) != 0 || w == '_'; };
    if (is_word(c) || c == ':') {
      while (end < text.size() && is_word(text[end])) ++end;
    } else if ((c == '<' || c == '>') && end < text.size() && (text[end] == '=' || text[end] == '>')) {
      ++end;
    }
    tokens.emplace_back(text.substr(i, end - i));
    i = end;
  }
  return tokens;
}

bool is_name(const std::string& token) {
  if (token == "pk" || token == "sk") return true;
  return !token.empty() && std::isalpha(static_cast<unsigned char>(token[0])) != 0 &&
         token.find('_') != std::string::npos;
}

/// -1, 0, 1; nullopt where they are of different types.
std::optional<int> compare(const Json& a, const Json& b) {
  if (a.size() != 1 || b.size() != 1 || a.begin().key() != b.begin().key()) return std::nullopt;
  if (a.begin().key() == "N") {
    std::int64_t x = 0;
    std::int64_t y = 0;
    const auto& left = a.at("N").get_ref<const std::string&>();
    const auto& right = b.at("N").get_ref<const std::string&>();
    std::from_chars(left.data(), left.data() + left.size(), x);
    std::from_chars(right.data(), right.data() + right.size(), y);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (a == b) return 0;
  if (a.begin().key() != "S") return std::nullopt;
  return a.at("S").get_ref<const std::string&>() < b.at("S").get_ref<const std::string&>() ? -1 : 1;
}

class Expression {
 public:
  Expression(std::string_view text, const Json& values) : tokens_(tokens_of(text)), values_(values) {}

  std::optional<bool> condition(const Json& item) {
    at_ = 0;
    const bool holds = either(item);
    if (broken_ || at_ != tokens_.size()) return std::nullopt;
    return holds;
  }

  bool update(Json& item) {
    while (!broken_ && at_ < tokens_.size()) {
      const std::string clause = take();
      if (clause != "SET" && clause != "ADD" && clause != "REMOVE") return false;
      do change(clause, item);
      while (!broken_ && accept(","));
    }
    return !broken_ && !tokens_.empty();
  }

 private:
  std::string take() {
    if (at_ < tokens_.size()) return tokens_[at_++];
    broken_ = true;
    return {};
  }
  bool accept(const char* token) {
    if (at_ >= tokens_.size() || tokens_[at_] != token) return false;
    ++at_;
    return true;
  }
  void expect(const char* token) {
    if (!accept(token)) broken_ = true;
  }
  std::string name() {
    std::string token = take();
    if (!is_name(token)) broken_ = true;
    return token;
  }
  Json value() {
    const std::string token = take();
    const auto found = values_.is_object() ? values_.find(token) : values_.end();
    if (!token.starts_with(':') || found == values_.end()) {
      broken_ = true;
      return Json::object();
    }
    return *found;
  }
  /// A name or a value; null for an attribute that is missing.
  Json operand(const Json& item) {
    if (at_ < tokens_.size() && tokens_[at_].starts_with(':')) return value();
    const auto found = item.find(name());
    return found == item.end() ? Json() : *found;
  }

  bool either(const Json& item) {
    bool holds = both(item);
    while (!broken_ && accept("OR")) holds = both(item) || holds;
    return holds;
  }
  bool both(const Json& item) {
    bool holds = one(item);
    while (!broken_ && accept("AND")) holds = one(item) && holds;
    return holds;
  }
  bool one(const Json& item) {
    if (accept("NOT")) return !one(item);
    if (accept("(")) {
      const bool holds = either(item);
      expect(")");
      return holds;
    }
    for (const char* function : {"attribute_exists", "attribute_not_exists", "begins_with"}) {
      if (accept(function)) return call(function, item);
    }
    const Json left = operand(item);
    const std::string comparison = take();
    const Json right = operand(item);
    if (broken_) return false;
    constexpr int kNeither = 2;  // Of different types, or missing: neither smaller nor larger, and not equal.
    const int order = left.is_object() && right.is_object() ? compare(left, right).value_or(kNeither) : kNeither;
    if (comparison == "=") return order == 0;
    if (comparison == "<>") return order != 0;
    if (comparison == "<") return order == -1;
    if (comparison == "<=") return order == -1 || order == 0;
    if (comparison == ">") return order == 1;
    if (comparison == ">=") return order == 1 || order == 0;
    broken_ = true;
    return false;
  }
  bool call(const std::string& function, const Json& item) {
    expect("(");
    const std::string attribute = name();
    const bool exists = item.contains(attribute);
    bool holds = exists;
    if (function == "attribute_not_exists") holds = !exists;
    if (function == "begins_with") {
      expect(",");
      const Json prefix = value();
      const bool texts = exists && item.at(attribute).contains("S") && prefix.contains("S");
      holds = texts && item.at(attribute).at("S").get<std::string>().starts_with(prefix.at("S").get<std::string>());
    }
    expect(")");
    return holds;
  }

  void change(const std::string& clause, Json& item) {
    const std::string attribute = name();
    if (clause == "REMOVE") {
      item.erase(attribute);
      return;
    }
    if (clause == "SET") {
      expect("=");
      const Json changed = operand(item);
      if (changed.is_object()) item[attribute] = changed;
      if (changed.is_null()) broken_ = true;
      return;
    }
    add(attribute, value(), item);
  }
  void add(const std::string& attribute, const Json& amount, Json& item) {
    if (broken_) return;
    if (!item.contains(attribute)) {
      item[attribute] = amount;
      return;
    }
    Json& present = item[attribute];
    if (present.contains("N") && amount.contains("N")) {
      present["N"] = std::to_string(std::stoll(present.at("N").get<std::string>()) +
                                    std::stoll(amount.at("N").get<std::string>()));
    } else if (present.contains("SS") && amount.contains("SS")) {
      for (const Json& member : amount.at("SS")) {
        bool known = false;
        for (const Json& each : present.at("SS")) known = known || each == member;
        if (!known) present["SS"].push_back(member);
      }
    } else {
      broken_ = true;
    }
  }

  std::vector<std::string> tokens_;
  const Json& values_;
  std::size_t at_ = 0;
  bool broken_ = false;
};

}  // namespace

std::optional<bool> condition_holds(std::string_view expression, const Json& item, const Json& values) {
  return Expression(expression, values).condition(item);
}

std::optional<std::vector<bool>> condition_holds_for(std::string_view expression, const std::vector<const Json*>& items,
                                                     const Json& values) {
  Expression parsed(expression, values);
  std::vector<bool> all;
  for (const Json* item : items) {
    const auto holds = parsed.condition(*item);
    if (!holds) return std::nullopt;
    all.push_back(*holds);
  }
  return all;
}

bool apply_update(std::string_view expression, Json& item, const Json& values) {
  return Expression(expression, values).update(item);
}

}  // namespace fa::test
