#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "formats/batch_text.h"
#include "model/telemetry.h"

namespace fa {

/// Subsegments nested deeper than this are left out and counted.
inline constexpr int kMaxSubsegmentDepth = 64;
/// (Sub)segments kept of one trace; X-Ray itself refuses traces above 500 kB.
inline constexpr std::size_t kMaxSpansPerTrace = 100'000;

/// A (sub)segment in the making: what one JSON object said of itself. Views point into the builder's arena.
struct XRaySpan {
  SpanRecord record;
  std::size_t parent = kNoParent;  ///< Index of the (sub)segment that contains it.
  std::string_view cause_id;       ///< `cause` given as the id of an exception recorded elsewhere in the trace.
  bool is_segment = false;
  bool in_progress = false;

  static constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);
};

/// Turns the segment documents of one trace into spans. Format: X-Ray developer guide, "AWS X-Ray segment documents".
/// One trace at a time: `begin`, `add` each document, `finish`. Not thread-safe.
class XRayTraceBuilder {
 public:
  explicit XRayTraceBuilder(BatchText& arena);
  ~XRayTraceBuilder();

  void begin(std::string_view trace_id);

  /// Adds a segment document (unescaped JSON). Trouble goes to the sink with `position`, which all spans of the
  /// document carry.
  void add(std::string_view document, const BytePosition& position, TelemetrySink& sink);

  /// Appends the trace's spans, containing spans before contained ones, to `out`. Those still in progress end with
  /// their last subsegment; subsegments sent on their own get service and instance of the span they belong to.
  void finish(std::vector<SpanRecord>& out, TelemetrySink& sink);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa
