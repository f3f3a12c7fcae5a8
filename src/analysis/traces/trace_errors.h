#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "analysis/traces/trace_digest.h"
#include "model/finding.h"

namespace fa {

/// Names of services that have telemetry of their own; all others are known only as somebody's callee.
class KnownServices {
 public:
  KnownServices(const TraceDigest& digest, std::span<const std::string> speaking) {
    for (const CompactSpan& s : digest.spans) emitting_.insert(s.service);
    known_ = emitting_;
    for (std::uint32_t i = 0; i < digest.names.size(); ++i) {
      if (std::binary_search(speaking.begin(), speaking.end(), digest.names[i])) known_.insert(i);
    }
  }
  [[nodiscard]] bool contains(std::uint32_t name) const { return known_.contains(name); }
  [[nodiscard]] bool emits_spans(std::uint32_t name) const { return emitting_.contains(name); }

 private:
  std::set<std::uint32_t> emitting_;
  std::set<std::uint32_t> known_;
};

/// The words of a span as a quote.
FindingQuote quote_of(const TraceDigest& digest, std::uint32_t span);

/// Where errors start, where they are only passed on, and which calls time out; with X-Ray summaries what they state as
/// root causes. `services` decides who can be accused.
std::vector<Finding> find_trace_errors(const TraceDigest& digest, const PeriodClock& periods,
                                       const KnownServices& services);

}  // namespace fa
