#pragma once

#include <string>

#include "base/time.h"

/// Times as a reader's clock shows them.
namespace fa::chatops {

/// The IANA name where this machine knows it, else `UTC`.
[[nodiscard]] std::string zone_shown(const std::string& time_zone);

/// `2026-03-14 17:30`, with seconds where there are any; `–` for no time. In UTC for times before 1970.
[[nodiscard]] std::string local_time(TimePoint t, const std::string& time_zone);

/// `2026-03-14 17:30 (Asia/Tokyo)`
[[nodiscard]] std::string local_time_and_zone(TimePoint t, const std::string& time_zone);

/// `17:31:14` on the day of `reference`, with the date on any other.
[[nodiscard]] std::string local_time_near(TimePoint t, TimePoint reference, const std::string& time_zone);

}  // namespace fa::chatops
