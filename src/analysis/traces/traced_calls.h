#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/traces/trace_digest.h"
#include "model/period.h"

namespace fa {

/// What one service asked of another in one period.
struct CallCounts {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  double p50_seconds = 0;  ///< As the caller waited: of its client span where there is one. 0 without requests.
  double p95_seconds = 0;
};

struct TracedCall {
  std::string caller;
  std::string callee;
  std::array<CallCounts, kPeriodCount> periods{};
};

/// Every pair of services of which one called the other, sorted by (caller, callee): calls whose callee recorded a
/// span, and client spans without one, to the peer they name. Quantiles are exact. O(n log n) in the spans.
[[nodiscard]] std::vector<TracedCall> trace_calls(const TraceDigest& digest);

/// The same as edges, all periods together.
[[nodiscard]] std::vector<TopologyEdge> trace_topology(std::span<const TracedCall> calls);

}  // namespace fa
