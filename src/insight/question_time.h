#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "insight/local_time.h"

namespace fa::insight {

/// What a question says of time.
struct TimeWords {
  std::optional<TimeRange> window;         ///< Never empty; ends at `now` at the latest.
  std::optional<Nanoseconds> compared_to;  ///< "than last week": how long before the window the other time lies.
  /// Bytes of the text that speak of time, ascending: not words about metrics.
  std::vector<std::pair<std::size_t, std::size_t>> places;
};

/// Reads the times of a question in English or Japanese: `yesterday`, `since Monday`, `last 3 hours`, `3/14
/// 14:00-15:00`, `昨日の夜`, `先週から`, `直近3時間`, ... Days and weeks (from Monday) are those of the zone. `text` is
/// lower case with usual widths (fold_width). Pure.
[[nodiscard]] TimeWords find_time_words(std::string_view text, TimePoint now, const LocalTime& zone);

}  // namespace fa::insight
