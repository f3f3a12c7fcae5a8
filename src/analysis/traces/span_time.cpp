#include "analysis/traces/span_time.h"

#include <algorithm>
#include <vector>

namespace fa {
namespace {

double seconds(std::int64_t nanos) { return static_cast<double>(nanos) * 1e-9; }

}  // namespace

std::vector<std::uint32_t> entry_spans(const TraceDigest& digest) {
  std::vector<std::uint32_t> entry(digest.spans.size());
  for (std::uint32_t i = 0; i < entry.size(); ++i) {
    entry[i] = i;
    std::uint32_t current = i;
    // Parents usually start first and are done already; a bounded walk covers clock skew and cycles.
    for (int depth = 0; depth < 64; ++depth) {
      const std::uint32_t parent = digest.spans[current].parent_index;
      if (parent == CompactSpan::kNone || digest.spans[parent].service != digest.spans[i].service) break;
      current = parent;
      if (parent < i) {
        current = entry[parent];
        break;
      }
    }
    entry[i] = current;
  }
  return entry;
}

void SpanTime::Cell::add(Period period, std::size_t bucket, double value, std::uint32_t span) {
  const auto p = static_cast<std::size_t>(period);
  if (seconds[p].count() == 0 || value > slowest_seconds[p]) {
    slowest[p] = span;
    slowest_seconds[p] = value;
  }
  seconds[p].add(value);
  if (period == Period::kOther) return;
  bucket_sum[p][bucket] += value;
  ++bucket_count[p][bucket];
}

std::uint32_t leaf_callee(const TraceDigest& digest, const CompactSpan& span) {
  if (span.kind != SpanKind::kClient && span.kind != SpanKind::kProducer) return CompactSpan::kNone;
  return digest.names[span.peer].empty() || span.peer == span.service ? CompactSpan::kNone : span.peer;
}

SpanTime measure_span_time(const TraceDigest& digest, const PeriodClock& periods) {
  SpanTime result;
  const std::vector<std::uint32_t> entry = entry_spans(digest);
  struct Share {
    std::uint32_t callee;
    std::uint32_t child;
    double gap;
  };
  std::vector<Share> shares;
  for (std::uint32_t i = 0; i < digest.spans.size(); ++i) {
    const CompactSpan& span = digest.spans[i];
    const std::uint32_t operation = digest.spans[entry[i]].operation;
    const auto children = digest.children_of(i);
    const std::size_t bucket = periods.bucket(from_unix_nanos(span.start));
    if (children.empty()) {
      const std::uint32_t callee = leaf_callee(digest, span);
      if (callee != CompactSpan::kNone) {
        result.calls[{span.service, callee, operation}].add(span.period, bucket, seconds(span.end - span.start), i);
      } else {
        result.own[{span.service, span.operation}].add(span.period, bucket, seconds(span.end - span.start), i);
      }
      continue;
    }
    shares.clear();
    double own = 0;
    std::int64_t frontier = span.start;
    std::uint32_t previous = CompactSpan::kNone;  // index into shares of the remote child that ended at the frontier
    const auto give = [&](std::int64_t gap, std::uint32_t before, std::uint32_t after) {
      if (gap <= 0) return;
      const double value = seconds(gap);
      const bool a = before != CompactSpan::kNone;
      const bool b = after != CompactSpan::kNone;
      if (a) shares[before].gap += b ? value / 2 : value;
      if (b) shares[after].gap += a ? value / 2 : value;
      if (!a && !b) own += value;
    };
    for (const std::uint32_t c : children) {
      const CompactSpan& child = digest.spans[c];
      const std::int64_t begin = std::clamp(child.start, span.start, span.end);
      const std::int64_t end = std::clamp(child.end, span.start, span.end);
      std::uint32_t mine = CompactSpan::kNone;
      if (child.service != span.service) {
        mine = static_cast<std::uint32_t>(shares.size());
        shares.push_back({child.service, c, 0.0});
      }
      give(begin - frontier, previous, mine);
      if (end >= frontier) {
        frontier = end;
        previous = mine;
      }
    }
    give(span.end - frontier, previous, CompactSpan::kNone);
    for (const Share& s : shares) {
      result.calls[{span.service, s.callee, operation}].add(span.period, bucket, s.gap, s.child);
    }
    result.own[{span.service, span.operation}].add(span.period, bucket, own, i);
  }
  return result;
}

}  // namespace fa
