#include "sources/aws/alarm_rule.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "formats/aws_values.h"

namespace fa {
namespace {

constexpr std::size_t kMostAlarms = 1000;  ///< A rule has 10,240 characters at most.

struct Token {
  enum class Kind { kOpen, kClose, kComma, kWord, kQuoted, kEnd } kind = Kind::kEnd;
  std::string_view text;
};

class Tokens {
 public:
  explicit Tokens(std::string_view rest) : rest_(rest) {}

  Token next() {
    while (!rest_.empty() &&
           (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\n' || rest_.front() == '\r')) {
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) return {};
    const char c = rest_.front();
    if (c == '(') return take(Token::Kind::kOpen, 1);
    if (c == ')') return take(Token::Kind::kClose, 1);
    if (c == ',') return take(Token::Kind::kComma, 1);
    if (c == '"' || c == '\'') {
      const std::size_t end = std::min(rest_.find(c, 1), rest_.size());
      Token token{Token::Kind::kQuoted, rest_.substr(1, end - 1)};
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      return token;
    }
    return take(Token::Kind::kWord, std::min(rest_.find_first_of(" \t\r\n(),"), rest_.size()));
  }

 private:
  Token take(Token::Kind kind, std::size_t size) {
    Token token{kind, rest_.substr(0, size)};
    rest_.remove_prefix(size);
    return token;
  }
  std::string_view rest_;
};

/// Reads the rule front to back, keeping for every open parenthesis whether it is negated and which state the names in
/// it must have. Rules that do not follow the grammar give names all the same.
class Reader {
 public:
  explicit Reader(std::string_view rule) : tokens_(rule) {}

  void read() {
    bool negated = false;                 // by a NOT just read
    std::optional<std::string> function;  // ALARM, OK, ... just read
    std::vector<Level> levels{{false, {}}};
    for (Token token = tokens_.next(); token.kind != Token::Kind::kEnd; token = tokens_.next()) {
      Level& level = levels.back();
      switch (token.kind) {
        case Token::Kind::kOpen: {
          Level inner{level.negated != negated, level.state};
          if (function) inner.state = *function == "AT_LEAST" ? std::string("?") : *function;
          levels.push_back(std::move(inner));
          negated = false;
          function.reset();
          break;
        }
        case Token::Kind::kClose:
          if (levels.size() > 1) levels.pop_back();
          negated = false;
          function.reset();
          break;
        case Token::Kind::kComma:
          break;
        case Token::Kind::kQuoted:
          add(token.text, level);
          break;
        default:
          read_word(token.text, level, negated, function);
      }
    }
  }

  std::vector<std::string> causes;
  std::vector<std::string> all;

 private:
  struct Level {
    bool negated = false;
    std::string state;  ///< Of the names in it; empty: no names here; `?`: AT_LEAST before its state.
  };

  void read_word(std::string_view word, Level& level, bool& negated, std::optional<std::string>& function) {
    const bool is_state = iequals(word, "ALARM") || iequals(word, "OK") || iequals(word, "INSUFFICIENT_DATA");
    if (iequals(word, "NOT")) {
      negated = !negated;
    } else if (level.state == "?" && is_state) {
      level.state = (negated ? "!" : "") + upper(word);
      negated = false;
    } else if (level.state == "?") {
      // how many, or what share
    } else if (!level.state.empty()) {
      add(word, level);
    } else if (is_state || iequals(word, "AT_LEAST")) {
      function = upper(word);
    } else if (iequals(word, "AND") || iequals(word, "OR")) {
      negated = false;
    }
  }

  static std::string upper(std::string_view word) {
    std::string text(word);
    for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
  }

  void add(std::string_view text, const Level& level) {
    if (text.empty() || all.size() >= kMostAlarms) return;
    const std::string name = alarm_name_of(text);
    const auto add_once = [&](std::vector<std::string>& names) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    add_once(all);
    const bool not_state = level.state.starts_with('!');
    const std::string_view state = std::string_view(level.state).substr(not_state ? 1 : 0);
    const bool negated = level.negated != not_state;
    if ((state == "ALARM" && !negated) || (state == "OK" && negated)) add_once(causes);
  }

  Tokens tokens_;
};

}  // namespace

std::string alarm_name_of(std::string_view arn_or_name) {
  std::string_view resource = parse_arn(arn_or_name).resource;
  if (!resource.starts_with("alarm:")) return std::string(arn_or_name);
  resource.remove_prefix(6);
  return std::string(resource);
}

std::vector<std::string> alarms_of_rule(std::string_view rule) {
  Reader reader(rule);
  reader.read();
  return reader.causes.empty() ? std::move(reader.all) : std::move(reader.causes);
}

}  // namespace fa
