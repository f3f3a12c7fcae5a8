#pragma once

#include <vector>

#include "analysis/traces/span_time.h"
#include "analysis/traces/trace_digest.h"
#include "model/finding.h"

namespace fa {

/// What changed in the traces between baseline and window: own time, time of calls, where errors start, calls that
/// went missing, new dependencies. Ordered by (kind, subject, peer, key). X-Ray summaries add their stated root
/// causes. Needs spans in both periods for the comparisons; errors are reported without a baseline as well.
std::vector<Finding> find_trace_changes(const TraceDigest& digest, const PeriodClock& periods);

}  // namespace fa
