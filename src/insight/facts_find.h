#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "insight/facts_grid.h"
#include "insight/insight_types.h"

/// The questions that are put to each series; facts.cpp asks them and orders the answers. See facts.h for the numbers.
namespace fa::insight {

/// Least -log10 p, with allowance for all the places that were looked at.
inline constexpr double kFactStrength = 3.0;
/// Smaller changes of a level are nobody's concern, however certain.
inline constexpr double kLeastChangeShare = 0.05;

[[nodiscard]] InsightFact find_level(const StudiedSeries& studied);
[[nodiscard]] std::vector<InsightFact> find_seasonality(const StudiedSeries& studied);
/// Of the window; `fit` is that of its level.
[[nodiscard]] std::optional<InsightFact> find_trend(const StudiedSeries& studied, const TrendFit& fit);
[[nodiscard]] std::vector<InsightFact> find_level_shifts(const StudiedSeries& studied);
[[nodiscard]] std::optional<InsightFact> find_outliers(const StudiedSeries& studied, const TrendFit& fit,
                                                       const LocalTime& zone);
[[nodiscard]] std::optional<InsightFact> find_comparison(const StudiedSeries& studied, const LocalTime& zone);
[[nodiscard]] std::vector<InsightFact> find_correlations(std::span<const StudiedSeries> all);

/// What a metric cannot go beyond.
struct MetricLimit {
  double value = 0;
  bool lower = false;    ///< It is reached from above: nothing is left.
  bool assumed = false;  ///< A service's default, which may have been changed.
};
/// From the metric's meaning (percent, what is left of something), AWS' published quotas, or another of the series that
/// states it (provisioned capacity, size of a pool).
[[nodiscard]] std::optional<MetricLimit> find_limit(const StudiedSeries& studied, std::span<const StudiedSeries> all);
[[nodiscard]] std::optional<InsightFact> find_saturation(const StudiedSeries& studied, const MetricLimit& limit);
/// `trend` is what find_trend gave: without a trend there is no forecast.
[[nodiscard]] std::optional<InsightFact> find_time_to_limit(const StudiedSeries& studied, const MetricLimit& limit,
                                                            const TrendFit& fit, const InsightFact& trend);

/// Which way a change of the metric is bad: 1 up, -1 down, 0 neither.
[[nodiscard]] int bad_direction(const StudiedSeries& studied);

/// A fact of one series, with the strength and numbers to be filled in.
[[nodiscard]] InsightFact fact_of(const StudiedSeries& studied, InsightFactKind kind);
/// change / |from|; where `from` is 0, 1 in the direction of the change.
[[nodiscard]] double share_of_change(double change, double from);
/// 0..1 for the order: how much it matters (`weight`), how big the change is, and whether it goes the bad way.
[[nodiscard]] double change_weight(double weight, double share, int bad_way);

}  // namespace fa::insight
