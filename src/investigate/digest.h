#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "analysis/access/access_digest.h"
#include "analysis/changes/change_study.h"
#include "analysis/logs/log_digest.h"
#include "analysis/metrics/metric_digest.h"
#include "analysis/traces/trace_digest.h"
#include "analysis/traces/traced_calls.h"
#include "model/finding.h"
#include "model/period.h"
#include "model/telemetry.h"

namespace fa {

/// Everything one pass over the inputs leaves behind: counts, samples and locators, never the records themselves.
struct Digest {
  explicit Digest(PeriodClock clock) : periods(clock), access(clock) {}

  PeriodClock periods;
  LogDigest logs;
  MetricDigest metrics;
  TraceDigest traces;
  AccessDigest access;
  std::vector<RecordedChange> changes;
  std::vector<TopologyEdge> topology;  ///< One per (caller, callee), sorted.
  std::vector<TopologyNode> nodes;     ///< As service graphs name them, sorted by (name, kind).
  std::vector<TracedCall> calls;       ///< Call relations of the traces, sorted.
  std::vector<std::string> services;   ///< All named anywhere, sorted, without "".
  std::vector<CoverageItem> coverage;
  std::vector<Gap> gaps;
};

/// Services with logs or metrics of their own, sorted, without "".
std::vector<std::string> speaking_services(const LogDigest& logs, const MetricDigest& metrics);

/// What the digest shows to be different from the baseline, by all engines but that of changes, in a fixed order.
std::vector<Finding> find_all(const Digest& digest);

/// Findings, and when the trouble they show began.
struct Findings {
  std::vector<Finding> all;
  TimePoint onset = kNoTime;  ///< First sign of the trouble; kNoTime when nothing was found.
};

}  // namespace fa
