#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "draw/drawing.h"
#include "model/report.h"

/// One chart model for all renderings: which values are shown, on which scale, and what is marked. Pure; values may be
/// anything (NaN, infinite, missing), names hostile.
namespace fa {

using ChartValues = std::vector<std::optional<double>>;

/// The values with everything that is no number (missing, NaN, infinite) as a gap, and magnitudes held below 1e300
/// so that differences of two never overflow.
[[nodiscard]] ChartValues chart_values(const ChartSeries& series);

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

/// Values over time; those that are missing stay gaps.
struct ChartLine {
  std::string name;  ///< For the legend.
  ChartSeries series;
  draw::Ink ink = draw::Ink::kWindow;
  draw::Dash dash = draw::Dash::kSolid;
};

/// A moment that is marked in a chart.
struct ChartMark {
  enum class Kind {
    kOnset,   ///< When the failure began.
    kChange,  ///< Something was changed.
    kShift,   ///< The level changed for good.
    kOutlier,
  };
  TimePoint time = kNoTime;
  Kind kind = Kind::kOnset;
  std::string label;  ///< Short: `C4`.
};

struct Chart {
  std::string title;
  std::string unit;
  std::vector<ChartLine> lines;       ///< Painted in this order; the same unit for all.
  std::optional<ChartSummary> usual;  ///< What was usual, shown as a band with its median.
  std::vector<ChartMark> marks;       ///< Shown where they lie within the time axis.
};

/// The window as a line, its baseline as what was usual, the report's onset and changes marked. nullopt when the
/// evidence has no value to draw.
[[nodiscard]] std::optional<Chart> evidence_chart(const Report& report, const Evidence& evidence);

/// Of all evidence that has one, in the report's order.
[[nodiscard]] std::vector<Chart> report_charts(const Report& report);

/// Vertical range of a chart; `low <= high`. It starts at zero when the values come near it, so that heights compare; a
/// level far above zero gets the range it uses, but never one that would show the usual wavering as more than a quarter
/// of the height.
struct ChartScale {
  double low = 0;
  double high = 0;
  bool empty = true;  ///< No value at all.

  /// 0..1 within the scale; 0 when all values are equal and 0, one half when equal and not.
  [[nodiscard]] double share(double value) const;
};

[[nodiscard]] ChartScale chart_scale(const Chart& chart);
/// Of the chart of this evidence: window and baseline.
[[nodiscard]] ChartScale chart_scale(const Evidence& evidence);

/// Two to six round values (1, 2, 2.5 or 5 times a power of ten apart) within the scale; its only value when it has
/// no extent.
[[nodiscard]] std::vector<double> chart_ticks(const ChartScale& scale);

/// What stands beside the ticks: all with the SI prefix of the greatest one (`0`, `25k`, `50k`), with as many digits as
/// tell neighbours apart, however large the numbers are. As many as there are ticks.
[[nodiscard]] std::vector<std::string> tick_labels(std::span<const double> ticks);

/// The time that all these charts cover together: that of their lines, of those dated at both ends. Empty when none is.
[[nodiscard]] TimeRange time_of(std::span<const Chart> charts);

}  // namespace fa
