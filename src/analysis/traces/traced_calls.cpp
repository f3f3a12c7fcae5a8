#include "analysis/traces/traced_calls.h"

#include <tbb/parallel_sort.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "analysis/stats/statistics.h"
#include "analysis/traces/span_time.h"

namespace fa {
namespace {

struct OneCall {
  std::uint32_t caller = 0;
  std::uint32_t callee = 0;
  Period period = Period::kOther;
  bool error = false;
  std::int64_t nanoseconds = 0;
};

/// The call that the span is the callee's (or, for leaves, the caller's) record of.
std::optional<OneCall> call_of(const TraceDigest& digest, std::uint32_t index) {
  const CompactSpan& s = digest.spans[index];
  const std::uint32_t leaf = digest.children_of(index).empty() ? leaf_callee(digest, s) : CompactSpan::kNone;
  if (leaf != CompactSpan::kNone) return OneCall{s.service, leaf, s.period, s.error, s.end - s.start};
  return std::nullopt;
}

std::optional<OneCall> call_from_parent(const TraceDigest& digest, std::uint32_t index) {
  const CompactSpan& s = digest.spans[index];
  if (s.parent_index == CompactSpan::kNone) return std::nullopt;
  const CompactSpan& parent = digest.spans[s.parent_index];
  if (parent.service == s.service) return std::nullopt;
  // A client span around this one call alone says how long the caller waited, on the way there and back, too.
  const bool whole = parent.kind == SpanKind::kClient && digest.children_of(s.parent_index).size() == 1;
  const CompactSpan& waited = whole ? parent : s;
  return OneCall{parent.service, s.service, s.period, s.error, waited.end - waited.start};
}

/// Of calls of one period, sorted by time taken.
CallCounts count(std::span<const OneCall> calls) {
  CallCounts counts;
  std::vector<double> seconds;
  seconds.reserve(calls.size());
  for (const OneCall& c : calls) {
    ++counts.requests;
    counts.errors += c.error ? 1 : 0;
    seconds.push_back(static_cast<double>(c.nanoseconds) / 1e9);
  }
  counts.p50_seconds = stats::quantile(seconds, 0.5);
  counts.p95_seconds = stats::quantile(seconds, 0.95);
  return counts;
}

}  // namespace

std::vector<TracedCall> trace_calls(const TraceDigest& digest) {
  std::vector<OneCall> calls;
  for (std::uint32_t i = 0; i < digest.spans.size(); ++i) {
    if (const auto call = call_of(digest, i)) calls.push_back(*call);
    if (const auto call = call_from_parent(digest, i)) calls.push_back(*call);
  }
  // What the key does not tell apart is added up: any way of sorting gives the same.
  tbb::parallel_sort(calls.begin(), calls.end(), [](const OneCall& a, const OneCall& b) {
    return std::tie(a.caller, a.callee, a.period, a.nanoseconds) <
           std::tie(b.caller, b.callee, b.period, b.nanoseconds);
  });
  std::vector<TracedCall> result;
  for (auto first = calls.begin(); first != calls.end();) {
    const auto last = std::find_if(first, calls.end(), [&](const OneCall& c) {
      return std::tie(c.caller, c.callee, c.period) != std::tie(first->caller, first->callee, first->period);
    });
    const std::string& caller = digest.name(first->caller);
    const std::string& callee = digest.name(first->callee);
    if (result.empty() || result.back().caller != caller || result.back().callee != callee) {
      result.push_back({caller, callee, {}});
    }
    result.back().periods[static_cast<std::size_t>(first->period)] = count({first, last});
    first = last;
  }
  return result;
}

std::vector<TopologyEdge> trace_topology(std::span<const TracedCall> calls) {
  std::vector<TopologyEdge> edges;
  edges.reserve(calls.size());
  for (const TracedCall& call : calls) {
    TopologyEdge edge;
    edge.caller = call.caller;
    edge.callee = call.callee;
    for (const CallCounts& period : call.periods) {
      edge.requests += period.requests;
      edge.errors += period.errors;
    }
    edge.origin = "trace";
    edges.push_back(std::move(edge));
  }
  return edges;
}

}  // namespace fa
