#include "alarms/promql_metric.h"

#include <algorithm>
#include <array>

#include "alarms/notice_text.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::size_t kLongestExpression = 16 << 10;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'; }

/// Words of PromQL that are no metrics (https://prometheus.io/docs/prometheus/latest/querying/operators/). Those of the
/// second list have labels in parentheses behind them.
constexpr auto kOperators =
    std::to_array<std::string_view>({"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "start", "end"});
constexpr auto kBeforeLabels =
    std::to_array<std::string_view>({"by", "without", "on", "ignoring", "group_left", "group_right"});

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view other) { return iequals(word, other); });
}

/// Walks over an expression and gathers the names that stand where only a metric's can.
class ExpressionScan {
 public:
  explicit ExpressionScan(std::string_view text) : text_(text) {}

  std::string only_metric() {
    while (at_ < text_.size() && followed_) step();
    return followed_ && !several_ ? std::move(metric_) : std::string();
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'' || c == '`') return skip_quoted();
    if (c == '[') return skip_past(']');
    if (c == '{') return skip_matchers();
    if (c == '#') return skip_past('\n');
    if (is_letter(c)) return read_word();
    if (is_digit(c)) return skip_number();
    ++at_;
  }
  void skip_past(char end) {
    const std::size_t found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + 1;
  }
  void skip_quoted() {
    const char quote = text_[at_++];
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && quote != '`') ++at_;
    }
    followed_ = at_ < text_.size();
    ++at_;
  }
  /// Braces may name the metric itself: `{__name__="x"}` and `{"x"}` are left to people.
  void skip_matchers() {
    const std::size_t from = at_++;
    while (at_ < text_.size() && text_[at_] != '}') {
      if (text_[at_] == '"' || text_[at_] == '\'' || text_[at_] == '`') {
        skip_quoted();
      } else {
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, text_.size());
    const std::string_view matchers = text_.substr(from, at_ - from);
    const std::string_view first = trim(matchers.substr(1));
    const bool names_metric = matchers.find("__name__") != std::string_view::npos || first.starts_with('"');
    followed_ = followed_ && matchers.ends_with('}') && !names_metric;
  }
  void skip_number() {
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
  }
  void read_word() {
    const std::size_t from = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string_view word = text_.substr(from, at_ - from);
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at_);
    const bool called = next != std::string_view::npos && text_[next] == '(';
    if (is_one_of(word, kBeforeLabels)) {
      if (called) skip_past(')');
    } else if (!called && !is_one_of(word, kOperators) && !is_aggregation_before_labels(next)) {
      take(word);
    }
  }
  /// `sum by (job) (...)`: a word with `by` or `without` behind it calls, too.
  [[nodiscard]] bool is_aggregation_before_labels(std::size_t next) const {
    if (next == std::string_view::npos || next == at_) return false;
    std::size_t end = next;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    const std::string_view word = text_.substr(next, end - next);
    return iequals(word, "by") || iequals(word, "without");
  }
  void take(std::string_view name) {
    if (metric_.empty()) metric_ = name;
    several_ = several_ || metric_ != name;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string metric_;
  bool several_ = false;
  bool followed_ = true;
};

}  // namespace

std::string only_metric_of(std::string_view expression) {
  if (expression.size() > kLongestExpression) return {};
  return ExpressionScan(expression).only_metric();
}

std::string expression_of_graph(std::string_view url) {
  const std::size_t query = url.find('?');
  if (query == std::string_view::npos || url.size() > 4 * kLongestExpression) return {};
  for (const std::string_view pair : split(url.substr(query + 1), '&')) {
    constexpr std::string_view kName = "g0.expr=";
    if (pair.starts_with(kName)) return query_decoded(pair.substr(kName.size()));
  }
  return {};
}

}  // namespace fa::alarms
