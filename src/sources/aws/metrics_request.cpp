#include "sources/aws/metrics_request.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/hash.h"
#include "base/shell_quote.h"

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMostQueries = 500;
constexpr std::int64_t kMostPointsOfCall = 100'800;
/// Time passes between choosing a period and the call.
constexpr auto kRetentionMargin = minutes(10);

struct Retention {
  int period_seconds;
  days kept;
};
constexpr Retention kRetention[] = {{60, days(15)}, {300, days(63)}, {3600, days(455)}};

TimePoint round_down(TimePoint t, Nanoseconds step) {
  const auto rest = t.time_since_epoch() % step;
  return t - (rest < Nanoseconds{0} ? rest + step : rest);
}

TimeRange aligned(TimeRange range, Nanoseconds step) {
  const TimePoint end = round_down(range.end, step);
  return {round_down(range.begin, step), end == range.end ? end : end + step};
}

}  // namespace

MetricTimes metric_times(TimeRange window, TimeRange baseline, TimePoint now, int least_period_seconds) {
  MetricTimes times;
  std::vector<TimeRange> wanted;
  for (const TimeRange& range : {baseline, window}) {
    if (!range.empty()) wanted.push_back(range);
  }
  std::sort(wanted.begin(), wanted.end(), [](const TimeRange& a, const TimeRange& b) { return a.begin < b.begin; });
  if (wanted.empty()) return times;

  const TimePoint oldest_kept = now - kRetention[2].kept + kRetentionMargin;
  const TimePoint first = wanted.front().begin;
  if (first < oldest_kept) {
    TimePoint end = first;
    for (TimeRange& range : wanted) {
      if (range.begin < oldest_kept) end = std::max(end, std::min(range.end, oldest_kept));
      range.begin = std::max(range.begin, oldest_kept);
    }
    times.expired = TimeRange{first, end};
    std::erase_if(wanted, [](const TimeRange& range) { return range.empty(); });
    if (wanted.empty()) return times;
  }
  const Nanoseconds age = now - wanted.front().begin;
  const auto* kept = std::find_if(std::begin(kRetention), std::end(kRetention),
                                  [&](const Retention& r) { return age <= Nanoseconds(r.kept) - kRetentionMargin; });
  times.period_seconds = kept == std::end(kRetention) ? kRetention[2].period_seconds : kept->period_seconds;
  times.period_seconds = std::max(times.period_seconds, least_period_seconds);
  for (const TimeRange& range : wanted) {
    const TimeRange next = aligned(range, seconds(times.period_seconds));
    if (!times.ranges.empty() && next.begin <= times.ranges.back().end) {
      times.ranges.back().end = std::max(times.ranges.back().end, next.end);
    } else {
      times.ranges.push_back(next);
    }
  }
  return times;
}

std::string query_id(const ChosenSeries& series) {
  std::string text = series.metric.metric_namespace + '\0' + series.metric.name + '\0' + series.statistic;
  for (const auto& [name, value] : series.metric.dimensions) text += '\0' + name + '\0' + value;
  return fmt::format("m{:016x}", stable_hash(text));
}

std::vector<MetricBatch> batches_of(const std::vector<ChosenSeries>& series, const MetricTimes& times) {
  std::vector<QueryGroup> groups;
  std::map<std::string, std::set<std::string>> ids;
  for (const ChosenSeries& one : series) {
    aws::cloudwatch::DataQuery query;
    query.id = query_id(one);
    while (!ids[one.region].insert(query.id).second) query.id += 'x';  // a collision of hashes: one in 10^13
    query.metric = one.metric;
    query.statistic = one.statistic;
    groups.push_back({one.region, {std::move(query)}});
  }
  return batches_of(std::move(groups), times);
}

std::vector<MetricBatch> batches_of(std::vector<QueryGroup> groups, const MetricTimes& times) {
  std::vector<MetricBatch> batches;
  if (times.period_seconds <= 0) return batches;
  std::stable_sort(groups.begin(), groups.end(),
                   [](const QueryGroup& a, const QueryGroup& b) { return a.region < b.region; });
  for (auto begin = groups.begin(); begin != groups.end();) {
    const auto end = std::find_if(begin, groups.end(), [&](const QueryGroup& g) { return g.region != begin->region; });
    for (const TimeRange& range : times.ranges) {
      const std::int64_t points = std::max<std::int64_t>(1, range.length() / seconds(times.period_seconds));
      const auto fitting = static_cast<std::size_t>(std::max<std::int64_t>(1, kMostPointsOfCall / points));
      std::size_t results = 0;
      bool fresh = true;
      for (auto group = begin; group != end; ++group) {
        std::size_t more = 0;
        for (const auto& query : group->queries) more += query.returned ? query.results : 0;
        if (!fresh) {
          const std::size_t size = batches.back().queries.size() + group->queries.size();
          fresh = size > kMostQueries || results + more > fitting;
        }
        if (fresh) batches.push_back({group->region, range, {}});
        results = fresh ? more : results + more;
        fresh = false;
        for (aws::cloudwatch::DataQuery query : group->queries) {
          query.period_seconds = times.period_seconds;
          batches.back().queries.push_back(std::move(query));
        }
      }
    }
    begin = end;
  }
  return batches;
}

std::string reproduce_metrics(const MetricBatch& batch, const std::string& queries_file) {
  return fmt::format(
      "aws cloudwatch get-metric-data --region {} --start-time {} --end-time {} --scan-by TimestampAscending "
      "--metric-data-queries {}",
      shell_word(batch.region), format_rfc3339(batch.range.begin), format_rfc3339(batch.range.end),
      shell_word("file://" + queries_file));
}

std::string series_by_namespace(const std::vector<aws::cloudwatch::DataQuery>& queries) {
  std::map<std::string, std::size_t> counts;
  for (const auto& query : queries) ++counts[query.metric.metric_namespace];
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  return text;
}

}  // namespace fa
