#include "insight/queries.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <tuple>

#include "sources/aws/metrics_rules.h"

namespace fa::insight {
namespace {

using std::chrono::seconds;

int least_period(const TimeRange& window) {
  static constexpr std::array kPeriods{60, 300, 900, 3'600, 21'600, 86'400};
  for (const int period : kPeriods) {
    if (window.length() / seconds(period) <= kMostPointsOfWindow) return period;
  }
  return kPeriods.back();
}

bool is_percentile(std::string_view statistic) { return statistic.size() > 1 && statistic.front() == 'p'; }

std::vector<std::string> statistics_of(const CatalogueMetric& metric) {
  std::vector<std::string> wanted = rule_for_metric(metric.metric_namespace, metric.name).statistics;
  const bool duration = std::any_of(wanted.begin(), wanted.end(), is_percentile);
  // The mean is the way out where a service publishes no percentiles; the single worst request says little of a day.
  if (duration) return {"p50", "p90", "p99", "Average"};
  if (wanted.size() == 1 && wanted.front() != "Sum" && wanted.front() != "Average")
    wanted.insert(wanted.begin(), "Average");
  return wanted;
}

}  // namespace

InsightQueries insight_queries(const Catalogue& catalogue, const std::vector<std::size_t>& metrics,
                               const Question& question, TimePoint now) {
  InsightQueries queries;
  for (const std::size_t index : metrics) {
    const CatalogueMetric& metric = catalogue.metrics()[index];
    for (std::string& statistic : statistics_of(metric)) {
      queries.series.push_back(
          {metric.region, {metric.metric_namespace, metric.name, metric.dimensions}, std::move(statistic)});
    }
  }
  queries.times = metric_times(question.window, question.previous, now, least_period(question.window));
  queries.batches = batches_of(queries.series, queries.times);
  return queries;
}

std::vector<InsightSeries> best_statistics(std::vector<InsightSeries> series) {
  using Key = std::tuple<std::string, std::string, std::string, Dimensions>;
  const auto key = [](const InsightSeries& one) {
    return Key{one.metric.region, one.metric.metric_namespace, one.metric.name, one.metric.dimensions};
  };
  std::map<Key, bool> has_percentiles;
  for (const InsightSeries& one : series) {
    if (is_percentile(one.metric.statistic) && !one.times.empty()) has_percentiles[key(one)] = true;
  }
  std::erase_if(series, [&](const InsightSeries& one) {
    const bool percentile = is_percentile(one.metric.statistic);
    if (has_percentiles.contains(key(one))) return !percentile;
    return percentile && one.times.empty();
  });
  return series;
}

}  // namespace fa::insight
