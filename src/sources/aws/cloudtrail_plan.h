#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace fa {

/// When changes are looked for. What broke the window may have been done long before it, so this is one stretch from
/// the beginning of the baseline (when all was well) to the end of the window, and in any case from six hours before
/// the window: a baseline may be short. It reaches back two days at the most, since the analysis holds no change of
/// more than a day before the onset against a service; a baseline further back (the same hour last week) is looked at
/// by itself, so that what is done every time is seen to be harmless.
std::vector<TimeRange> change_ranges(TimeRange window, TimeRange baseline);

/// Regions whose changes are collected: the account's own, those of the settings, and the one where the partition's
/// global services (IAM, Route 53, CloudFront) write their events. Sorted.
std::vector<std::string> change_regions(std::string_view own, const std::vector<std::string>& further);

/// Time of the last event of a LookupEvents answer, which is its oldest; kNoTime where none is found.
TimePoint oldest_event_time(std::string_view answer);

}  // namespace fa
