#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/report.h"

/// One chart model for all renderings: which values are shown, on which scale.
namespace fa {

using ChartValues = std::vector<std::optional<double>>;

/// The values with everything that is no number (missing, NaN, infinite) as a gap, and magnitudes held below 1e300
/// so that differences of two never overflow.
[[nodiscard]] ChartValues chart_values(const ChartSeries& series);

/// Vertical range shared by both series of a chart; `low <= high`. It starts at zero when the values come near it,
/// so that heights compare; a level far above zero gets the range it uses, but never one that would show the
/// baseline's usual wavering as more than a quarter of the height.
struct ChartScale {
  double low = 0;
  double high = 0;
  bool empty = true;  ///< No value at all.

  /// 0..1 within the scale; 0 when all values are equal and 0, one half when equal and not.
  [[nodiscard]] double share(double value) const;
};

[[nodiscard]] ChartScale chart_scale(const Evidence& evidence);

/// Two to six round values (1, 2, 2.5 or 5 times a power of ten apart) within the scale; its only value when it has
/// no extent.
[[nodiscard]] std::vector<double> chart_ticks(const ChartScale& scale);

/// Smallest, middle and largest value of a series, and the range most of it keeps to (5th to 95th percentile,
/// nearest rank).
struct ChartSummary {
  double min = 0;
  double usual_low = 0;
  double median = 0;
  double usual_high = 0;
  double max = 0;
};
[[nodiscard]] std::optional<ChartSummary> chart_summary(const ChartSeries& series);

/// At most `columns` characters `▁▂▃▄▅▆▇█`, `·` for a gap; more values than columns are averaged.
[[nodiscard]] std::string sparkline(const ChartSeries& series, const ChartScale& scale, std::size_t columns);

}  // namespace fa
