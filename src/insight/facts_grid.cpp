#include "insight/facts_grid.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "analysis/stats/statistics.h"
#include "base/text.h"

namespace fa::insight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<Nanoseconds, 13> kSteps = {seconds(1),  seconds(10), minutes(1), minutes(5), minutes(15),
                                                minutes(30), hours(1),    hours(2),   hours(4),   hours(6),
                                                hours(12),   hours(24),   hours(168)};

/// The metric's period; where it is not stated, the usual distance of two points.
Nanoseconds own_period(const InsightSeries& series) {
  if (series.metric.period_seconds > 0) return seconds(series.metric.period_seconds);
  std::vector<double> gaps;
  for (std::size_t i = 1; i < series.times.size(); ++i) {
    gaps.push_back(static_cast<double>((series.times[i] - series.times[i - 1]).count()));
  }
  return gaps.empty() ? Nanoseconds(minutes(1)) : Nanoseconds(static_cast<std::int64_t>(stats::median_of(gaps)));
}

Nanoseconds step_of(const InsightSeries& series) {
  const Nanoseconds least =
      std::max(own_period(series), series.window.length() / static_cast<std::int64_t>(kMostSteps));
  for (const Nanoseconds step : kSteps) {
    if (step >= least) return step;
  }
  return kSteps.back() * (least / kSteps.back() + 1);
}

Grid grid_of(const InsightSeries& series, TimeRange range, Nanoseconds step) {
  Grid grid{range.begin, step, {}};
  if (range.empty()) return grid;
  const auto count = static_cast<std::size_t>((range.length() + step - Nanoseconds(1)) / step);
  GridValues sums(count);
  std::vector<std::size_t> counts(count);
  for (std::size_t i = 0; i < std::min(series.times.size(), series.values.size()); ++i) {
    if (!range.contains(series.times[i]) || !is_usable(series.values[i])) continue;
    const auto at = static_cast<std::size_t>((series.times[i] - range.begin) / step);
    sums[at] += series.values[i];
    ++counts[at];
  }
  for (std::size_t i = 0; i < count; ++i) {
    grid.values.push_back(counts[i] == 0 ? std::nan("") : sums[i] / static_cast<double>(counts[i]));
  }
  return grid;
}

Series kind_series(const InsightSeries& from) {
  Series series;
  series.name = from.metric.name;
  series.unit = from.metric.unit;
  series.statistic = from.metric.statistic;
  series.metric_namespace = from.metric.metric_namespace;
  series.values = from.values;
  return series;
}

}  // namespace

StudiedSeries study_series(const InsightSeries& series, std::size_t index, const LocalTime& zone) {
  StudiedSeries studied;
  studied.index = index;
  studied.series = &series;
  const Series named = kind_series(series);
  studied.kind = metric_kind(named);
  studied.rest = measures_rest(named);
  studied.percent = !studied.rest && utilisation(named, studied.kind, 0) >= 0;
  const Nanoseconds step = step_of(series);
  studied.window = grid_of(series, series.window, step);
  studied.previous = grid_of(series, series.previous, step);
  studied.joined = studied.window;
  // Only whole steps: else the parts of the joined grid would not be where they say they are.
  if (series.previous.end == series.window.begin && !series.previous.empty() &&
      series.previous.length() % step == Nanoseconds(0)) {
    studied.joined = studied.previous;
    studied.joined_from = studied.previous.values.size();
    studied.joined.values.insert(studied.joined.values.end(), studied.window.values.begin(),
                                 studied.window.values.end());
  }
  studied.season = find_season(studied.joined, zone);
  studied.level = without_season(studied.joined, studied.season, zone);
  return studied;
}

Grid grid_over(const InsightSeries& series, TimeRange range) { return grid_of(series, range, step_of(series)); }

std::vector<double> window_values(const InsightSeries& series) {
  std::vector<double> values;
  for (std::size_t i = 0; i < std::min(series.times.size(), series.values.size()); ++i) {
    if (series.window.contains(series.times[i]) && is_usable(series.values[i])) values.push_back(series.values[i]);
  }
  return values;
}

GridValues window_level(const StudiedSeries& studied) {
  return {studied.level.begin() + static_cast<std::ptrdiff_t>(studied.joined_from), studied.level.end()};
}

bool can_be_paired(const StudiedSeries& studied) {
  const GridValues& before = studied.previous.values;
  return studied.season.days < 3 && studied.series->window.length() % hours(24) == Nanoseconds(0) &&
         before.size() == studied.window.values.size() && 2 * present_values(before).size() >= before.size();
}

GridValues window_without_rhythm(const StudiedSeries& studied) {
  GridValues values = window_level(studied);
  if (!can_be_paired(studied)) return values;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= studied.previous.values[i];
  return values;
}

}  // namespace fa::insight
