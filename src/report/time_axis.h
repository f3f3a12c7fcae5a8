#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time_zone.h"

namespace fa {

/// A round moment on a time axis.
struct TimeTick {
  TimePoint time = kNoTime;
  std::string label;  ///< `08:30`, `08:30:10`, `03-14`, `2026-03`: as fine as the step needs.
  std::string date;   ///< What the label leaves open, where it differs from the tick before: `2026-03-14`, `2026`.
};

/// At most `most` (at least one) moments within the range that are round on the zone's clock: seconds to hours apart,
/// midnights, Mondays, or firsts of months. Days with a change of clocks keep their ticks on round times. Empty for an
/// empty or open range.
[[nodiscard]] std::vector<TimeTick> time_ticks(const TimeRange& range, const TimeZone& zone, std::size_t most);

}  // namespace fa
