#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/traces/span_time.h"
#include "analysis/traces/trace_digest.h"
#include "model/finding.h"

namespace fa {

/// What changed in the traces between baseline and window: own time, time of calls, where errors start, calls that
/// went missing, new dependencies. Ordered by (kind, subject, peer, key). X-Ray summaries add their stated root
/// causes. Needs spans in both periods for the comparisons; errors are reported without a baseline as well.
/// `speaking`: services with logs or metrics, sorted; what their callers waited for is theirs, also where they emit no
/// spans, and a caller that they refuse accuses them.
std::vector<Finding> find_trace_changes(const TraceDigest& digest, const PeriodClock& periods,
                                        std::span<const std::string> speaking = {});

}  // namespace fa
