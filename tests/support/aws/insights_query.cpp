#include "support/aws/insights_query.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace fa::test::insights {
namespace {

struct NotUnderstood : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A word (field, function, number, keyword), a mark, or a regular expression between slashes.
struct Token {
  enum class Kind { kWord, kMark, kRegex, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;
};

std::vector<Token> tokens_of(const std::string& text) {
  std::vector<Token> tokens;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '@' ||
           c == '.';
  };
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == ' ' || c == '\n' || c == '\t') {
      ++i;
    } else if (is_word(c)) {
      std::size_t end = i;
      while (end < text.size() && is_word(text[end])) ++end;
      tokens.push_back({Token::Kind::kWord, text.substr(i, end - i)});
      i = end;
    } else if (c == '/') {
      std::string regex;
      for (++i; i < text.size() && text[i] != '/'; ++i) {
        if (text[i] == '\n' || text[i] == '"' || text[i] == '#') throw NotUnderstood("a character that needs quoting");
        regex += text[i];
        if (text[i] == '\\' && i + 1 < text.size()) regex += text[++i];
      }
      if (i++ >= text.size()) throw NotUnderstood("a regular expression without end");
      tokens.push_back({Token::Kind::kRegex, std::move(regex)});
    } else if (c == '>' && text.substr(i, 2) == ">=") {
      tokens.push_back({Token::Kind::kMark, ">="});
      i += 2;
    } else if (std::string_view("|,()*<").find(c) != std::string_view::npos) {
      tokens.push_back({Token::Kind::kMark, std::string(1, c)});
      ++i;
    } else {
      throw NotUnderstood(std::string("unexpected symbol found ") + c);
    }
  }
  tokens.emplace_back();
  return tokens;
}

class Parser {
 public:
  explicit Parser(const std::string& text) : tokens_(tokens_of(text)) {}

  std::vector<Command> parse() {
    std::vector<Command> commands;
    do {
      const std::string command = word();
      if (command == "filter") {
        commands.emplace_back(Filter{any_of()});
      } else if (command == "fields") {
        commands.emplace_back(fields());
      } else if (command == "stats") {
        commands.emplace_back(stats());
      } else if (command == "pattern") {
        if (word() != "@message") throw NotUnderstood("pattern of something else than @message");
        commands.emplace_back(Pattern{});
      } else if (command == "sort") {
        Sort sort{word(), false};
        const std::string order = word();
        if (order != "asc" && order != "desc") throw NotUnderstood("unexpected symbol found " + order);
        sort.descending = order == "desc";
        commands.emplace_back(std::move(sort));
      } else if (command == "limit") {
        const std::string rows = word();
        Limit limit;
        const auto [end, error] = std::from_chars(rows.data(), rows.data() + rows.size(), limit.rows);
        if (error != std::errc{} || end != rows.data() + rows.size())
          throw NotUnderstood("unexpected symbol found " + rows);
        commands.emplace_back(limit);
      } else {
        throw NotUnderstood("unexpected symbol found " + command);
      }
    } while (accept("|"));
    if (now().kind != Token::Kind::kEnd) throw NotUnderstood("unexpected symbol found " + now().text);
    return commands;
  }

 private:
  [[nodiscard]] const Token& now() const { return tokens_[at_]; }
  bool accept(std::string_view text) {
    if (now().kind == Token::Kind::kEnd || now().kind == Token::Kind::kRegex || now().text != text) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view text) {
    if (!accept(text)) throw NotUnderstood("expected " + std::string(text) + " instead of " + now().text);
  }
  std::string word() {
    if (now().kind != Token::Kind::kWord) throw NotUnderstood("unexpected symbol found " + now().text);
    return tokens_[at_++].text;
  }
  std::shared_ptr<const boost::regex> regex() {
    if (now().kind != Token::Kind::kRegex) throw NotUnderstood("expected a regular expression");
    return std::make_shared<const boost::regex>(tokens_[at_++].text, boost::regex::perl);
  }

  Condition any_of() {
    return joined(Condition::Kind::kOr, "or", [&] { return all_of(); });
  }
  Condition all_of() {
    return joined(Condition::Kind::kAnd, "and", [&] { return single(); });
  }
  template <class Next>
  Condition joined(Condition::Kind kind, std::string_view by, const Next& next) {
    Condition first = next();
    if (now().text != by) return first;
    Condition all;
    all.kind = kind;
    all.parts.push_back(std::move(first));
    while (accept(by)) all.parts.push_back(next());
    return all;
  }
  Condition single() {
    if (accept("(")) {
      Condition inside = any_of();
      expect(")");
      return inside;
    }
    Condition condition;
    const std::string subject = word();
    if (subject == "toMillis") {
      expect("(");
      expect("@timestamp");
      expect(")");
      condition.kind = accept(">=") ? Condition::Kind::kAtLeast : Condition::Kind::kBelow;
      if (condition.kind == Condition::Kind::kBelow) expect("<");
      const std::string number = word();
      const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), condition.millis);
      if (error != std::errc{} || end != number.data() + number.size()) throw NotUnderstood("expected a number");
      return condition;
    }
    if (subject != "@message") throw NotUnderstood("a filter of " + subject);
    condition.kind = accept("not") ? Condition::Kind::kNotLike : Condition::Kind::kLike;
    expect("like");
    condition.regex = regex();
    return condition;
  }

  Fields fields() {
    Fields fields;
    do {
      std::string name = word();
      if (accept("like")) {
        if (name != "@message") throw NotUnderstood("like of " + name);
        auto expression = regex();
        expect("as");
        fields.computed.emplace_back(word(), std::move(expression));
      } else {
        fields.shown.push_back(std::move(name));
      }
    } while (accept(","));
    return fields;
  }

  Stats stats() {
    Stats stats;
    do {
      Aggregate aggregate;
      aggregate.function = word();
      expect("(");
      aggregate.argument = accept("*") ? "*" : word();
      expect(")");
      expect("as");
      aggregate.name = word();
      stats.aggregates.push_back(std::move(aggregate));
    } while (accept(","));
    expect("by");
    do {
      std::string key = word();
      if (key == "bin") {
        expect("(");
        key += "(" + word() + ")";
        expect(")");
        if (!bin_seconds(key)) throw NotUnderstood(key + " is no bin");
      }
      stats.keys.push_back(std::move(key));
    } while (accept(","));
    return stats;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::int64_t> bin_seconds(const std::string& key) {
  if (!key.starts_with("bin(") || key.size() < 7) return std::nullopt;
  std::int64_t amount = 0;
  const char* last = key.data() + key.size() - 2;  // the unit
  const auto [end, error] = std::from_chars(key.data() + 4, last, amount);
  if (error != std::errc{} || end != last || amount <= 0) return std::nullopt;
  if (*last == 's' && amount <= 60) return amount;
  if (*last == 'm' && amount <= 60) return amount * 60;
  if (*last == 'h' && amount <= 24) return amount * 3600;
  return std::nullopt;
}

ParsedQuery parse_query(const std::string& text) {
  ParsedQuery query;
  if (text.size() > 10'000) {
    query.error = "The query is longer than 10000 characters.";
    return query;
  }
  try {
    query.commands = Parser(text).parse();
  } catch (const std::exception& e) {
    query.error = e.what();
  }
  return query;
}

}  // namespace fa::test::insights
