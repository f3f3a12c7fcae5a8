#include "support/aws/metric_math.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <variant>

namespace fa::test {
namespace {

struct MathWord {
  std::string text;
};
struct MathQuoted {
  std::string text;
};
using AllSeries = std::vector<MathSeries>;
using MathValue = std::variant<double, MathSeries, AllSeries, MathWord, MathQuoted>;

/// What is wrong with an expression; never leaves this file.
struct WrongMath : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::optional<double> calculate(char op, double a, double b) {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return b == 0 ? std::nullopt : std::optional(a / b);
  }
}

MathValue operate(char op, const MathValue& left, const MathValue& right) {
  const double* a = std::get_if<double>(&left);
  const double* b = std::get_if<double>(&right);
  if (a != nullptr && b != nullptr) {
    const auto value = calculate(op, *a, *b);
    if (!value) throw WrongMath("a number is divided by zero");
    return *value;
  }
  const auto* x = std::get_if<MathSeries>(&left);
  const auto* y = std::get_if<MathSeries>(&right);
  if ((a == nullptr && x == nullptr) || (b == nullptr && y == nullptr))
    throw WrongMath("operands must be numbers or series");
  MathSeries out;
  for (const auto& point : (x != nullptr ? x : y)->points) {
    const TimePoint time = point.first;
    const double value = point.second;
    double l = a != nullptr ? *a : value;
    double r = b != nullptr ? *b : value;
    if (x != nullptr && y != nullptr) {
      const auto other =
          std::find_if(y->points.begin(), y->points.end(), [&](const auto& p) { return p.first == time; });
      if (other == y->points.end()) continue;
      l = value;
      r = other->second;
    }
    if (const auto result = calculate(op, l, r)) out.points.emplace_back(time, *result);
  }
  return out;
}

double measure_series(const MathSeries& series, const std::string& by) {
  if (series.points.empty()) return 0;
  double sum = 0;
  double low = series.points.front().second;
  double high = low;
  for (const auto& [time, value] : series.points) {
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (by == "SUM") return sum;
  if (by == "AVG") return sum / static_cast<double>(series.points.size());
  if (by == "MIN") return low;
  if (by == "MAX") return high;
  throw WrongMath("SORT knows no " + by);
}

template <class T>
const T& math_as(const MathValue& value, const char* what) {
  const T* held = std::get_if<T>(&value);
  if (held == nullptr) throw WrongMath(std::string("expected ") + what);
  return *held;
}

class MathEvaluator {
 public:
  MathEvaluator(const std::string& text, const MathScope& scope) : text_(text), scope_(scope) {}

  MathValue whole() {
    MathValue value = sum();
    if (!at_end()) throw WrongMath("unexpected '" + text_.substr(at_) + "'");
    return value;
  }

 private:
  void blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool at_end() {
    blanks();
    return at_ == text_.size();
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void need(char c) {
    if (!take(c)) throw WrongMath(std::string("expected '") + c + "'");
  }

  MathValue sum() {
    MathValue value = product();
    for (;;) {
      const char op = take('+') ? '+' : take('-') ? '-' : '\0';
      if (op == '\0') return value;
      value = operate(op, value, product());
    }
  }
  MathValue product() {
    MathValue value = factor();
    for (;;) {
      const char op = take('*') ? '*' : take('/') ? '/' : '\0';
      if (op == '\0') return value;
      value = operate(op, value, factor());
    }
  }
  MathValue factor() {
    if (++depth_ > 50) throw WrongMath("nested too deeply");
    MathValue value = operand();
    --depth_;
    return value;
  }
  MathValue operand() {
    if (at_end()) throw WrongMath("the expression ends too early");
    if (take('(')) {
      MathValue value = sum();
      need(')');
      return value;
    }
    if (take('-')) return operate('*', -1.0, factor());
    if (take('\'')) {
      const std::size_t end = text_.find('\'', at_);
      if (end == std::string::npos) throw WrongMath("a quotation mark is missing");
      MathQuoted quoted{text_.substr(at_, end - at_)};
      at_ = end + 1;
      return quoted;
    }
    const auto first = static_cast<unsigned char>(text_[at_]);
    if (std::isdigit(first) != 0) {
      char* end = nullptr;
      const double number = std::strtod(text_.c_str() + at_, &end);
      at_ = static_cast<std::size_t>(end - text_.c_str());
      return number;
    }
    std::string name;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      name += text_[at_++];
    }
    if (name.empty()) throw WrongMath(std::string("unexpected '") + text_[at_] + "'");
    if (take('(')) return call(name);
    if (std::isupper(first) != 0) return MathWord{name};
    const auto series = scope_.by_id.find(name);
    if (series == scope_.by_id.end()) throw WrongMath("there is no query " + name);
    return series->second;
  }

  MathValue call(const std::string& name) {
    std::vector<MathValue> given;
    do given.push_back(sum());
    while (take(','));
    need(')');
    const auto takes = [&](std::size_t count) {
      if (given.size() != count) throw WrongMath(name + " takes " + std::to_string(count) + " arguments");
    };
    if (name == "PERIOD") {
      takes(1);
      (void)math_as<MathSeries>(given[0], "a series");
      return static_cast<double>(scope_.period.count());
    }
    if (name == "FILL") {
      takes(2);
      return filled(math_as<MathSeries>(given[0], "a series"), math_as<double>(given[1], "a number"));
    }
    if (name == "SEARCH") {
      takes(3);
      return searched(math_as<MathQuoted>(given[0], "a search term").text,
                      math_as<MathQuoted>(given[1], "a statistic").text, math_as<double>(given[2], "a period"));
    }
    if (name == "SORT") {
      takes(3);
      return sorted(math_as<AllSeries>(given[0], "several series"), math_as<MathWord>(given[1], "a function").text,
                    math_as<MathWord>(given[2], "an order").text);
    }
    if (name == "SLICE") {
      takes(3);
      const AllSeries& all = math_as<AllSeries>(given[0], "several series");
      const auto from = static_cast<std::size_t>(math_as<double>(given[1], "a number"));
      const auto to = std::min(all.size(), static_cast<std::size_t>(math_as<double>(given[2], "a number")));
      AllSeries out;
      for (std::size_t i = from; i < to; ++i) out.push_back(all[i]);
      return out;
    }
    throw WrongMath(name + " is not played by the stand-in");
  }

  [[nodiscard]] MathValue filled(const MathSeries& series, double value) const {
    if (series.points.empty()) return series;
    MathSeries out;
    const TimePoint begin = scope_.range.begin - scope_.range.begin.time_since_epoch() % scope_.period;
    auto known = series.points.begin();
    for (TimePoint t = begin; t < scope_.range.end; t += scope_.period) {
      while (known != series.points.end() && known->first < t) ++known;
      const bool is_known = known != series.points.end() && known->first == t;
      out.points.emplace_back(t, is_known ? known->second : value);
    }
    return out;
  }

  [[nodiscard]] MathValue searched(const std::string& term, const std::string& statistic, double period) const {
    const std::size_t open = term.find('{');
    const std::size_t close = term.find('}');
    const std::string key = "MetricName=\"";
    const std::size_t name = term.find(key);
    if (open != 0 || close == std::string::npos || name == std::string::npos || term.back() != '"') {
      throw WrongMath("only searches for {schema} MetricName=\"name\" are played by the stand-in");
    }
    MathSearch search;
    search.statistic = statistic;
    search.period_seconds = static_cast<std::int64_t>(period);
    search.name = term.substr(name + key.size(), term.size() - 1 - name - key.size());
    std::string part;
    std::vector<std::string> parts;
    for (const char c : term.substr(1, close - 1) + ",") {
      if (c == ',') {
        parts.push_back(std::move(part));
        part.clear();
      } else if (c != '"') {
        part += c;
      }
    }
    search.metric_namespace = parts.front();
    search.dimensions.assign(parts.begin() + 1, parts.end());
    std::sort(search.dimensions.begin(), search.dimensions.end());
    return scope_.search(search);
  }

  static MathValue sorted(AllSeries all, const std::string& by, const std::string& order) {
    if (order != "ASC" && order != "DESC") throw WrongMath("SORT knows no order " + order);
    std::stable_sort(all.begin(), all.end(), [&](const MathSeries& a, const MathSeries& b) {
      return order == "ASC" ? measure_series(a, by) < measure_series(b, by)
                            : measure_series(a, by) > measure_series(b, by);
    });
    return all;
  }

  const std::string& text_;
  const MathScope& scope_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

tl::expected<std::vector<MathSeries>, std::string> evaluate_metric_math(const std::string& expression,
                                                                        const MathScope& scope) {
  try {
    const MathValue value = MathEvaluator(expression, scope).whole();
    if (const auto* one = std::get_if<MathSeries>(&value)) return AllSeries{*one};
    return math_as<AllSeries>(value, "an expression that gives series");
  } catch (const WrongMath& wrong) {
    return tl::unexpected(std::string(wrong.what()));
  }
}

}  // namespace fa::test
