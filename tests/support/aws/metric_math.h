#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "base/time.h"

namespace fa::test {

/// A series as GetMetricData gives it.
struct MathSeries {
  std::string label;
  std::vector<std::pair<TimePoint, double>> points = {};  ///< Oldest first.
};

/// What a SEARCH asks for.
struct MathSearch {
  std::string metric_namespace;
  std::vector<std::string> dimensions;  ///< Exactly these, sorted.
  std::string name;
  std::string statistic;
  std::int64_t period_seconds = 0;
};

/// What expressions are evaluated in.
struct MathScope {
  std::map<std::string, MathSeries> by_id;
  TimeRange range;
  std::chrono::seconds period{60};
  std::function<std::vector<MathSeries>(const MathSearch&)> search;
};

/// Evaluates the part of CloudWatch's metric math that is played: numbers, ids, + - * / and brackets, FILL(m, number),
/// PERIOD(m), SEARCH('{namespace,dimension} MetricName="name"', 'statistic', period), SORT(all, SUM|AVG|MIN|MAX,
/// ASC|DESC) and SLICE(all, from, to). Points that are divided by zero are left out, as are those that only one of two
/// series has. An error says what is wrong with the expression.
tl::expected<std::vector<MathSeries>, std::string> evaluate_metric_math(const std::string& expression,
                                                                        const MathScope& scope);

}  // namespace fa::test
