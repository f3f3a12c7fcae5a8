#include "insight/queries.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <map>
#include <tuple>

#include "insight/query_math.h"
#include "sources/aws/metrics_rules.h"

namespace fa::insight {
namespace {

using std::chrono::seconds;

/// SEARCH finds metrics that had data in the last two weeks.
constexpr std::chrono::hours kSearchReach{24 * 14};

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

std::vector<ChosenSeries> chosen_statistics(const CatalogueMetric& metric) {
  std::vector<ChosenSeries> chosen;
  for (std::string& statistic : statistics_of(metric)) {
    chosen.push_back({metric.region, {metric.metric_namespace, metric.name, metric.dimensions}, std::move(statistic)});
  }
  return chosen;
}

/// Metrics that are shares of the same whole stand with it in one group, in the order of the choice; others alone.
std::vector<QueryGroup> groups_of(const Catalogue& catalogue, const std::vector<std::size_t>& metrics) {
  std::map<std::size_t, std::size_t> group_of_whole;
  for (const std::size_t index : metrics) {
    if (const auto share = share_of(catalogue, index)) group_of_whole.emplace(share->whole, 0);
  }
  std::vector<QueryGroup> groups;
  std::vector<std::vector<std::size_t>> members;
  for (const std::size_t index : metrics) {
    const auto share = share_of(catalogue, index);
    const auto whole = group_of_whole.find(share ? share->whole : index);
    const bool joins = whole != group_of_whole.end() && whole->second > 0;
    if (!joins) {
      groups.push_back({catalogue.metrics()[index].region, {}});
      members.emplace_back();
      if (whole != group_of_whole.end()) whole->second = groups.size();
    }
    const std::size_t at = joins ? whole->second - 1 : groups.size() - 1;
    members[at].push_back(index);
    for (ChosenSeries& one : chosen_statistics(catalogue.metrics()[index])) {
      const std::string id = query_id(one);
      groups[at].queries.push_back({.id = id, .metric = std::move(one.metric), .statistic = std::move(one.statistic)});
    }
  }
  for (std::size_t at = 0; at < groups.size(); ++at) {
    for (const std::size_t index : members[at]) {
      if (const auto share = share_of(catalogue, index)) add_share(catalogue, index, *share, groups[at].queries);
    }
  }
  return groups;
}

bool searchable(const MetricTimes& times, TimePoint now) {
  return times.ranges.size() == 1 && times.ranges.front().begin >= now - kSearchReach;
}

MetricTimes times_of(const Question& question, TimePoint now) {
  return metric_times(question.window, question.previous, now, least_period(question.window));
}

}  // namespace

bool can_search(const Question& question, TimePoint now) { return searchable(times_of(question, now), now); }

InsightQueries insight_queries(const Catalogue& catalogue, const std::vector<std::size_t>& metrics,
                               const Question& question, TimePoint now, const std::vector<MetricSearch>& searches) {
  InsightQueries queries;
  queries.times = times_of(question, now);
  std::vector<QueryGroup> groups;
  if (searchable(queries.times, now)) {
    for (const MetricSearch& search : searches) {
      auto query = search_query(catalogue, search, queries.times.period_seconds);
      if (!query) continue;
      groups.push_back({catalogue.metrics()[search.like].region, {std::move(*query)}});
      queries.searches.push_back(search);
    }
  }
  std::vector<std::size_t> single;
  std::copy_if(metrics.begin(), metrics.end(), std::back_inserter(single), [&](std::size_t metric) {
    return std::none_of(queries.searches.begin(), queries.searches.end(),
                        [&](const MetricSearch& search) { return is_covered(catalogue, search, metric); });
  });
  for (const std::size_t index : single) {
    for (ChosenSeries& one : chosen_statistics(catalogue.metrics()[index])) queries.series.push_back(std::move(one));
  }
  for (QueryGroup& group : groups_of(catalogue, single)) groups.push_back(std::move(group));
  queries.batches = batches_of(std::move(groups), queries.times);
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
