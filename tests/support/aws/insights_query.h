#pragma once

#include <boost/regex.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fa::test::insights {

/// A condition of `filter`.
struct Condition {
  enum class Kind { kAnd, kOr, kLike, kNotLike, kAtLeast, kBelow };
  Kind kind = Kind::kAnd;
  std::vector<Condition> parts;               ///< Of kAnd and kOr.
  std::shared_ptr<const boost::regex> regex;  ///< Of @message.
  std::int64_t millis = 0;                    ///< Of toMillis(@timestamp).
};

struct Filter {
  Condition condition;
};
/// `fields`: what is shown, and what is computed: `@message like /x/ as name`.
struct Fields {
  std::vector<std::string> shown;
  std::vector<std::pair<std::string, std::shared_ptr<const boost::regex>>> computed;
};
struct Aggregate {
  std::string function;  ///< count, earliest, min, sum
  std::string argument;  ///< `*`, a field
  std::string name;
};
struct Stats {
  std::vector<Aggregate> aggregates;
  std::vector<std::string> keys;  ///< As written: `bin(60s)`, `@log`, `p1`
};
struct Pattern {};
struct Sort {
  std::string field;
  bool descending = false;
};

struct Limit {
  std::size_t rows = 0;
};

using Command = std::variant<Filter, Fields, Stats, Pattern, Sort, Limit>;

struct ParsedQuery {
  std::string error;  ///< Not empty: what was not understood.
  std::vector<Command> commands;
};

/// Understands the part of the query language that FA2 uses, and nothing else.
ParsedQuery parse_query(const std::string& text);

/// Seconds of `bin(60s)`; nullopt when it is no bin, or wider than the unit allows (60 s, 60 m, 24 h).
std::optional<std::int64_t> bin_seconds(const std::string& key);

}  // namespace fa::test::insights
