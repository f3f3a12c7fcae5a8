#include "report/sparkline.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fa {
namespace {

/// Before which of the cells the mark stands; as many as there are cells when it is not within the series.
std::size_t cell_of(const ChartSeries& series, std::size_t cells, std::optional<TimePoint> mark) {
  const TimeRange& range = series.range;
  if (!mark || range.begin == kNoTime || range.end == kNoTime || !range.contains(*mark)) return cells;
  const auto since_begin = [&](TimePoint t) {
    return static_cast<double>(t.time_since_epoch().count()) -
           static_cast<double>(range.begin.time_since_epoch().count());
  };
  return static_cast<std::size_t>(since_begin(*mark) / since_begin(range.end) * static_cast<double>(cells));
}

}  // namespace

std::string sparkline(const ChartSeries& series, const ChartScale& scale, std::size_t columns,
                      std::optional<TimePoint> mark) {
  constexpr std::array<std::string_view, 8> kBars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const ChartValues values = chart_values(series);
  const std::size_t cells = std::min(values.size(), std::max<std::size_t>(columns, 1));
  const std::size_t marked = cell_of(series, cells, mark);
  std::string out;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    if (cell == marked) out += kSparklineMark;
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = cell * values.size() / cells; i < (cell + 1) * values.size() / cells; ++i) {
      if (!values[i]) continue;
      sum += *values[i] / 1024;  // Keeps sums of many values of 1e300 finite.
      ++count;
    }
    if (count == 0) {
      out += "·";
      continue;
    }
    const double share = scale.share(sum / static_cast<double>(count) * 1024);
    out += kBars[std::min<std::size_t>(kBars.size() - 1, static_cast<std::size_t>(share * kBars.size()))];
  }
  return out;
}

}  // namespace fa
