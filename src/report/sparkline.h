#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "report/chart.h"

namespace fa {

/// What stands before the first value at or after a marked moment.
inline constexpr std::string_view kSparklineMark = "╎";
inline constexpr std::size_t kSparklineMarkWidth = 1;

/// At most `columns` characters `▁▂▃▄▅▆▇█`, `·` for a gap; more values than columns are averaged. `mark`, where it lies
/// in the series' time, takes one column more.
[[nodiscard]] std::string sparkline(const ChartSeries& series, const ChartScale& scale, std::size_t columns,
                                    std::optional<TimePoint> mark = {});

}  // namespace fa
