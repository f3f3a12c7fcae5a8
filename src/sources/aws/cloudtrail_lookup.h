#pragma once

#include <string>
#include <vector>

#include "sources/aws/source.h"

namespace fa {

/// What it means for the report when this source is not complete.
inline constexpr const char* kCloudTrailImpact = "A change that caused the incident may go unseen.";

/// Fetches the event history (LookupEvents): management events that write, of each region, newest first, two calls a
/// second and region as the service allows. One file a region, its answers as they came. What is missing becomes gaps
/// of the folder; the service keeps 90 days.
void collect_event_history(const AwsScope& scope, const std::vector<std::string>& regions,
                           const std::vector<TimeRange>& ranges, const std::string& source, CollectedFolder& folder,
                           const Context& context);

}  // namespace fa
