#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "analysis/causal/rank.h"
#include "analysis/metrics/metric_digest.h"
#include "model/finding.h"
#include "model/period.h"
#include "model/telemetry.h"

namespace fa {

/// Latency, errors and traffic of entities (services, databases, queues, functions) known by their metrics alone, read
/// over the call graph: the harm an entity does beyond its baseline, in seconds of waiting or in failed requests,
/// less the harm of what it calls. What remains is its own: a cause, not a symptom.
///
/// Assumes synchronous calls: a caller waits for its callee. An entity first called in the window is counted to its
/// callers, since the decision to call it was theirs.
///
/// Entities in `traced` are left out: spans say the same more exactly. Findings are kLatencyRise and kErrorRise with
/// `excess` = own harm (0 for symptoms); ordered by (kind, service).
std::vector<Finding> find_golden_signals(const MetricDigest& digest, std::span<const TopologyEdge> topology,
                                         const PeriodClock& periods, const std::set<std::string>& traced);

/// What the alarm's metric measures, looked up among the series of its entity (or, where the entity is not there, by
/// its name alone).
AlarmSignal alarm_signal(const Alarm& alarm, const MetricDigest& digest);

}  // namespace fa
