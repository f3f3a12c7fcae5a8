#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/traces/trace_digest.h"

/// Spans for the tests of the trace and flow engines. Baseline and window are ten minutes each, one after the other.
namespace fa::test {

inline constexpr TimePoint kStart = from_unix_nanos(1'700'000'000'000'000'000);
inline constexpr TimePoint kBaseline = kStart;
inline constexpr TimePoint kWindow = kStart + std::chrono::seconds(600);
inline constexpr PeriodClock kClock({kWindow, kWindow + std::chrono::seconds(600)}, {kBaseline, kWindow});
inline constexpr PeriodClock kNoBaseline({kWindow, kWindow + std::chrono::seconds(600)}, {});

/// Spans with the texts they view.
class Spans {
 public:
  std::string_view own(std::string text) { return texts_.emplace_back(std::move(text)); }

  /// The result is valid until the next call.
  SpanRecord& add(std::string trace, std::string id, std::string parent, std::string service, std::string operation,
                  TimePoint start, Nanoseconds length) {
    SpanRecord r;
    r.trace_id = own(std::move(trace));
    r.span_id = own(std::move(id));
    r.parent_span_id = own(std::move(parent));
    r.service = own(std::move(service));
    r.operation = own(std::move(operation));
    r.start = start;
    r.end = start + length;
    r.position = {records_.size() * 100, 100, records_.size() + 1, 1};
    return records_.emplace_back(r);
  }
  [[nodiscard]] const std::vector<SpanRecord>& records() const { return records_; }
  [[nodiscard]] TraceDigest digest(const PeriodClock& clock = kClock) const {
    TraceDigester digester(clock);
    digester.add(0, records_);
    return digester.finish();
  }

 private:
  std::deque<std::string> texts_;
  std::vector<SpanRecord> records_;
};

inline const CompactSpan* find_span(const TraceDigest& digest, std::string_view operation) {
  for (const CompactSpan& s : digest.spans) {
    if (digest.name(s.operation) == operation) return &s;
  }
  return nullptr;
}

}  // namespace fa::test
