#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "report/chart.h"

/// What the lines and marks of charts mean, in words. Private to the drawing of charts.
namespace fa {

struct LegendItem {
  enum class Kind { kLine, kBand, kMedian, kMark };
  Kind kind = Kind::kLine;
  std::string text;
  draw::Ink ink = draw::Ink::kWindow;  ///< Of a line.
  draw::Dash dash = draw::Dash::kSolid;
  ChartMark::Kind mark = ChartMark::Kind::kOnset;  ///< kMark
};

/// Each kind once. A single chart's says the values too. `marks`: which of them lie within the time axis.
[[nodiscard]] std::vector<LegendItem> chart_legend(std::span<const Chart> charts, Language language,
                                                   const std::set<ChartMark::Kind>& marks);

/// A picture of what the item stands for, 20 units wide, around `left`.
[[nodiscard]] std::vector<draw::Shape> legend_swatch(const LegendItem& item, draw::Point left);

/// How a mark's line is drawn. Kinds are told apart by shape, not by colour alone.
[[nodiscard]] draw::Stroke mark_stroke(ChartMark::Kind kind);

/// What stands at the top of a mark's line: a triangle for the onset, a diamond for a change, a square for a shift, a
/// disc for an outlier.
[[nodiscard]] draw::Shape mark_shape(ChartMark::Kind kind, draw::Point at);

}  // namespace fa
