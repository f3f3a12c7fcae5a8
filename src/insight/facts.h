#pragma once

#include <string_view>
#include <vector>

#include "insight/insight_types.h"
#include "insight/local_time.h"

namespace fa::insight {

/// What the series say, strongest first, with ids M1, M2, ... in that order. Hours and weekdays are those of `zone`.
///
/// Held to: what chance makes of noise, of a daily rhythm or of a random walk is said for less than about one series in
/// a hundred. Each test therefore allows for the resemblance of neighbouring values, and says nothing where the data
/// may wander by themselves. Deterministic; in time linear in the points, quadratic in at most kMostSteps steps; gaps,
/// equal values, few points and values that are no numbers are all right.
///
/// Numbers of the facts, by kind (units in the Fact; `p` is the chance that noise alone looks like this):
///   kLevel        median, p05, p95, min, max, last, points; previous_median where there is a time before
///   kTrend        start, end, change, change_share, slope_per_day, slope_low_per_day, slope_high_per_day, p
///   kSeasonality  highest_hour, lowest_hour or highest_weekday, lowest_weekday (0 is Monday); swing, swing_share,
///                 agreement (mean rank correlation of the days or weeks), days or weeks, p
///   kLevelShift   before, after, change, change_share, p; the range begins with the shift and ends with the next one
///   kOutliers     moments (groups of points), points, worst, expected, p; ranges: the groups, worst first, at most 5
///   kCorrelation  correlation (Spearman), lag_seconds (above 0: the first series moves earlier), steps, independent, p
///   kSaturation   limit, peak, peak_share, time_share (of the window beyond four fifths of the limit); for what is
///   left
///                 of something: limit, lowest, last. limit_default 1: a quota that may have been raised
///   kTimeToLimit  limit, current, seconds, seconds_low; seconds_high where the slowest growth gets there at all
///   kComparison   window_level, previous_level, change, change_share, p; of_means 1: means instead of medians
[[nodiscard]] std::vector<InsightFact> find_facts(const std::vector<InsightSeries>& series, const LocalTime& zone);

/// The fact's number of that name; NaN without.
[[nodiscard]] double number_of(const InsightFact& fact, std::string_view name);

}  // namespace fa::insight
