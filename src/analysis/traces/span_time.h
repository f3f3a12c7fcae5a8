#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "analysis/stats/statistics.h"
#include "analysis/traces/trace_digest.h"
#include "model/period.h"

namespace fa {

/// Where the time of requests goes: every moment of a span belongs to a child running then, or to the call of a
/// neighbouring child of another service (transfer, queueing, connecting), or else to the span's own service.
///
/// The moments just before a remote child starts and just after it ends are the only place where network delay and
/// queueing in front of the callee can show, since neither side's spans cover them; a gap between two remote
/// children is shared half and half.
struct SpanTime {
  struct OwnKey {
    std::uint32_t service;
    std::uint32_t operation;
    auto operator<=>(const OwnKey&) const = default;
  };
  struct CallKey {
    std::uint32_t caller;
    std::uint32_t callee;
    std::uint32_t caller_operation;
    auto operator<=>(const CallKey&) const = default;
  };
  struct Cell {
    std::array<stats::LogHistogram, kPeriodCount> seconds;
    std::array<std::uint32_t, kPeriodCount> slowest{};  ///< Span index of the longest; valid when count > 0.
    std::array<double, kPeriodCount> slowest_seconds{};
    /// Sums and counts over the buckets of window and baseline (indexed by Period), for charts and the onset.
    std::array<std::array<double, PeriodClock::kBuckets>, 2> bucket_sum{};
    std::array<std::array<std::uint32_t, PeriodClock::kBuckets>, 2> bucket_count{};
    void add(Period period, std::size_t bucket, double value, std::uint32_t span);
  };
  std::map<OwnKey, Cell> own;
  std::map<CallKey, Cell> calls;
};

/// O(spans). Client spans that cover exactly one remote child count as part of the call, not as own time of the
/// caller; client spans without a recorded child are calls to their peer (or to their own operation's name).
SpanTime measure_span_time(const TraceDigest& digest, const PeriodClock& periods);

/// For each span the topmost ancestor (or itself) reached without leaving its service: the request it belongs to.
std::vector<std::uint32_t> entry_spans(const TraceDigest& digest);

/// Name under which a leaf client span's callee is known: its peer, else nothing.
std::uint32_t leaf_callee(const TraceDigest& digest, const CompactSpan& span);

}  // namespace fa
