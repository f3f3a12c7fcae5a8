#pragma once

#include <cstddef>
#include <vector>

#include "sources/aws/logs_common.h"

/// Cutting time. All ranges are half-open, disjoint and in order, so that no event is fetched twice. Pure.
namespace fa::logs {

/// The window, and what of the baseline lies outside it (an event belongs to the window where they overlap). Empty
/// ranges are left out.
std::vector<Period> study_periods(TimeRange window, TimeRange baseline);

/// At most `count` slices of about equal length, cut at whole seconds; fewer where a second is too long for that.
std::vector<TimeRange> cut_slices(TimeRange range, std::size_t count);

/// Width of the bins that a range is counted in: the largest of the widths that Logs Insights knows which gives at
/// least 60 bins, from 1 s; in seconds.
int bin_width_seconds(Nanoseconds length);

/// `60s`, `5m`, `1h`: as bin() takes it (seconds up to 60, minutes up to 60, hours up to 24).
std::string bin_text(int seconds);

}  // namespace fa::logs
