#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/period.h"
#include "model/telemetry.h"

namespace fa {

/// A span with its names interned. Indices refer to the TraceDigest that holds it.
struct CompactSpan {
  std::uint64_t trace = 0;   ///< stable_hash of the trace id.
  std::uint64_t id = 0;      ///< stable_hash of the span id.
  std::uint64_t parent = 0;  ///< stable_hash of the parent's id; 0 for a root.
  std::int64_t start = 0;    ///< Unix nanoseconds.
  std::int64_t end = 0;      ///< Never before `start`.
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t line = 0;
  std::uint32_t file = 0;
  std::uint32_t service = 0;
  std::uint32_t instance = 0;
  std::uint32_t operation = 0;
  std::uint32_t peer = 0;
  std::uint32_t exception = 0;
  std::uint16_t http_status = 0;
  SpanKind kind = SpanKind::kUnspecified;
  Period period = Period::kOther;
  bool error = false;
  bool throttled = false;

  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  std::uint32_t parent_index = kNone;  ///< Set by TraceDigester::finish; kNone when the parent was not recorded.
};

/// All spans of a run, in (trace, start, id) order. Names are in sorted tables, so that indices do not depend on the
/// order of reading.
struct TraceDigest {
  std::vector<CompactSpan> spans;
  std::vector<std::string> names;          ///< Sorted; names[0] is "". All name indices point here.
  std::vector<std::uint32_t> child_begin;  ///< children of span i: children[child_begin[i] .. child_begin[i+1])
  std::vector<std::uint32_t> children;     ///< Span indices, by start time.
  std::uint64_t dropped_spans = 0;         ///< Beyond the limit of kept spans.
  std::uint64_t duplicate_spans = 0;       ///< Same trace and span id delivered twice; counted once.
  std::uint64_t orphan_spans = 0;          ///< Name a parent that was not recorded.
  std::vector<TraceSummary> summaries;     ///< X-Ray summaries, sorted by (time, id).

  [[nodiscard]] const std::string& name(std::uint32_t index) const { return names[index]; }
  [[nodiscard]] std::span<const std::uint32_t> children_of(std::uint32_t span) const {
    return std::span(children).subspan(child_begin[span], child_begin[span + 1] - child_begin[span]);
  }
};

/// Collects spans; one thread per digester; merge in any order gives the same digest.
class TraceDigester {
 public:
  /// Spans kept per run: 128 bytes each. What exceeds it is counted in dropped_spans.
  static constexpr std::size_t kMaxSpans = 2'000'000;

  explicit TraceDigester(PeriodClock periods) : periods_(periods) {}

  void add(std::uint32_t file, std::span<const SpanRecord> records);
  void add_summary(TraceSummary&& summary) { summaries_.push_back(std::move(summary)); }
  void merge(TraceDigester&& other);
  /// Gives the peers of spans that are called at the host of one of `services` (sorted; those that emit spans are known
  /// anyhow) that service's name: one database has a name of its own in logs and metrics, and another in the spans of
  /// its clients. Once, before finish().
  void name_peers_after(std::span<const std::string> services);
  [[nodiscard]] TraceDigest finish();

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::uint32_t intern(std::string_view name);
  /// The same where one name mostly follows itself: `last` is the number it had.
  std::uint32_t intern(std::string_view name, std::uint32_t& last);

  void note_host(std::uint32_t peer, std::uint32_t host);

  PeriodClock periods_;
  std::vector<CompactSpan> spans_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> index_;
  CompactSpan last_{};  ///< For its names.
  /// Where a peer was called, by number of its name; kNone where at several hosts.
  std::unordered_map<std::uint32_t, std::uint32_t> hosts_;
  std::pair<std::uint32_t, std::uint32_t> noted_{CompactSpan::kNone, CompactSpan::kNone};  ///< The last peer and host.
  std::uint32_t last_host_ = 0;                                                            ///< For its name.
  std::vector<TraceSummary> summaries_;
  std::uint64_t dropped_ = 0;
};

}  // namespace fa
