#pragma once

#include <vector>

#include "analysis/logs/log_digest.h"
#include "analysis/traces/trace_digest.h"
#include "model/finding.h"

namespace fa {

/// Where the course of work within requests changed. A request is an entry span of a service (or, for log records
/// without a known span, the trace as that service sees it); its events are the spans it starts, the calls it makes and
/// the log statements it writes, in order of time. For each event, what follows it (or that nothing does) in the window
/// is held against the baseline. A code fault shows here even where nothing is logged as an error: what normally
/// follows is missing. (Nezha, Yu et al., FSE 2023, compares such event patterns between a fault-free and a faulty
/// phase; here they are first-order transitions within one request, with a likelihood ratio test.)
///
/// One finding per (service, kind of request, event), ordered by (service, key).
std::vector<Finding> find_flow_breaks(const LogDigest& logs, const TraceDigest& traces);

}  // namespace fa
