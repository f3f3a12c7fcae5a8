#include "insight/facts.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/stats/statistics.h"
#include "insight/facts_find.h"

namespace fa::insight {
namespace {

void add_facts_of(const StudiedSeries& studied, std::span<const StudiedSeries> all, const LocalTime& zone,
                  std::vector<InsightFact>& out) {
  if (present_values(studied.window.values).empty()) return;
  const auto add = [&](std::optional<InsightFact> fact) {
    if (fact) out.push_back(*std::move(fact));
  };
  const TrendFit fit = fit_trend(window_level(studied));
  const std::optional<InsightFact> trend = find_trend(studied, fit);
  if (const auto limit = find_limit(studied, all)) {
    add(find_saturation(studied, *limit));
    if (trend) add(find_time_to_limit(studied, *limit, fit, *trend));
  }
  add(trend);
  for (InsightFact& fact : find_level_shifts(studied)) out.push_back(std::move(fact));
  add(find_outliers(studied, fit, zone));
  add(find_comparison(studied, zone));
  for (InsightFact& fact : find_seasonality(studied)) out.push_back(std::move(fact));
  add(find_level(studied));
}

}  // namespace

InsightFact fact_of(const StudiedSeries& studied, InsightFactKind kind) {
  InsightFact fact;
  fact.kind = kind;
  fact.series = {studied.index};
  fact.ranges = {studied.series->window};
  return fact;
}

double share_of_change(double change, double from) {
  if (from != 0) return change / std::abs(from);
  return change > 0 ? 1 : change < 0 ? -1 : 0;
}

double change_weight(double weight, double share, int bad_way) {
  const double size = std::abs(share) / (1 + std::abs(share));
  const bool bad = bad_way != 0 && (share > 0) == (bad_way > 0);
  return weight * (bad ? 1 : bad_way == 0 ? 0.8 : 0.6) * (0.5 + 0.5 * size);
}

int bad_direction(const StudiedSeries& studied) {
  if (studied.rest) return -1;
  switch (studied.kind) {
    case MetricKind::kSuccess:
      return -1;
    case MetricKind::kLatency:
    case MetricKind::kErrors:
    case MetricKind::kCpu:
    case MetricKind::kMemory:
    case MetricKind::kDisk:
    case MetricKind::kConnections:
    case MetricKind::kQueue:
    case MetricKind::kThrottles:
    case MetricKind::kRestarts:
      return 1;
    default:
      return 0;
  }
}

InsightFact find_level(const StudiedSeries& studied) {
  InsightFact fact = fact_of(studied, InsightFactKind::kLevel);
  const InsightSeries& series = *studied.series;
  std::vector<double> sorted = window_values(series);
  const double last = sorted.back();
  const auto points = static_cast<double>(sorted.size());
  std::sort(sorted.begin(), sorted.end());
  const std::string& unit = series.metric.unit;
  fact.numbers = {{"median", stats::quantile(sorted, 0.5), unit},
                  {"p05", stats::quantile(sorted, 0.05), unit},
                  {"p95", stats::quantile(sorted, 0.95), unit},
                  {"min", sorted.front(), unit},
                  {"max", sorted.back(), unit},
                  {"last", last, unit},
                  {"points", points, ""}};
  const std::vector<double> previous = present_values(studied.previous.values);
  if (!previous.empty()) fact.numbers.push_back({"previous_median", stats::median_of(previous), unit});
  fact.strength = 0.05;
  return fact;
}

double number_of(const InsightFact& fact, std::string_view name) {
  for (const Fact& number : fact.numbers) {
    if (number.name == name) return number.value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<InsightFact> find_facts(const std::vector<InsightSeries>& series, const LocalTime& zone) {
  std::vector<StudiedSeries> studied;
  studied.reserve(series.size());
  for (std::size_t i = 0; i < series.size(); ++i) studied.push_back(study_series(series[i], i, zone));
  std::vector<InsightFact> facts;
  for (const StudiedSeries& one : studied) add_facts_of(one, studied, zone, facts);
  for (InsightFact& fact : find_correlations(studied)) facts.push_back(std::move(fact));
  // Stable: of equal strength the order of the choice decides, then that in which the questions are put.
  std::stable_sort(facts.begin(), facts.end(),
                   [](const InsightFact& a, const InsightFact& b) { return a.strength > b.strength; });
  for (std::size_t i = 0; i < facts.size(); ++i) facts[i].id = fmt::format("M{}", i + 1);
  return facts;
}

}  // namespace fa::insight
