#pragma once

#include <vector>

#include "analysis/metrics/metric_digest.h"
#include "model/finding.h"
#include "model/period.h"

namespace fa {

/// A series against its baseline.
struct SeriesChange {
  double baseline_median = 0;
  double baseline_scale = 0;  ///< Robust standard deviation, with the floors described in the .cpp.
  std::size_t baseline_points = 0;
  std::size_t window_points = 0;
  double high = 0;  ///< Highest level held in the window (two points where there are four or more).
  double low = 0;
  TimePoint high_time = kNoTime;
  TimePoint low_time = kNoTime;
  double rise_strength = 0;  ///< -log10 p, corrected for the number of points looked at.
  double fall_strength = 0;
  TimePoint rise_onset = kNoTime;  ///< First window point beyond half of the deviation.
  TimePoint fall_onset = kNoTime;
};

/// Compares the window with the baseline; needs one baseline point and one window point, else all strengths are 0.
SeriesChange compare_series(const Series& series, const PeriodClock& periods);

/// Points inside `range`, averaged over PeriodClock::kBuckets or fewer steps, for a chart.
ChartSeries chart_of(const Series& series, TimeRange range);

/// Findings of single series: rises, falls, saturation, series that stopped. Ordered by series. Changes that are
/// likely by chance (p > 0.001) or smaller than the noise floor are not reported.
std::vector<Finding> find_metric_changes(const MetricDigest& digest, const PeriodClock& periods);

}  // namespace fa
