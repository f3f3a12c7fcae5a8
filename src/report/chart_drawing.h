#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/time_zone.h"
#include "draw/drawing.h"
#include "report/chart.h"

/// Charts as pictures: for the HTML report, for PNG files and PDF pages. Pure: same charts, same picture.
namespace fa {

struct ChartStyle {
  Language language = Language::kEnglish;
  TimeZone zone = {};  ///< Of the time axis.
  double width = 720;  ///< At least 320 is used.
};

/// Charts below each other on one time axis (that of all their values together), each with its own scale, and one
/// legend for all. A single chart is taller and has its figures in the legend. Without charts the picture has no
/// extent.
[[nodiscard]] draw::Drawing draw_charts(std::span<const Chart> charts, const ChartStyle& style);

/// All charts of a report in one picture: the first `most`, and a line that says how many are left out.
[[nodiscard]] draw::Drawing draw_report_charts(const Report& report, const ChartStyle& style, std::size_t most = 12);

}  // namespace fa
