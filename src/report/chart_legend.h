#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "report/chart.h"

/// What the lines and marks of charts mean, in words. Private to the drawing of charts.
namespace fa {

/// Which marks lie within the time axis.
struct MarksSeen {
  bool onset = false;
  bool change = false;
};

struct LegendItem {
  enum class Kind { kLine, kBand, kMedian, kOnset, kChange };
  Kind kind = Kind::kLine;
  std::string text;
  draw::Ink ink = draw::Ink::kWindow;  ///< Of a line.
  draw::Dash dash = draw::Dash::kSolid;
};

/// Each kind once. A single chart's says the values too.
[[nodiscard]] std::vector<LegendItem> chart_legend(std::span<const Chart> charts, Language language, MarksSeen marks);

/// A picture of what the item stands for, 20 units wide, around `left`.
[[nodiscard]] std::vector<draw::Shape> legend_swatch(const LegendItem& item, draw::Point left);

/// What stands at the top of a mark's line.
[[nodiscard]] draw::Shape mark_shape(ChartMark::Kind kind, draw::Point at);

}  // namespace fa
