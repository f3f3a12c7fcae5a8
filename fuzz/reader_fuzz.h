#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "formats/reader.h"

/// Common driver of the reader fuzz targets: presents the input in odd-sized pieces, each in a buffer of exactly its
/// size and padding (so that the sanitizers see reads past the end and views kept too long), and checks the contract
/// of RecordReader. A violation aborts.
namespace fa::fuzz {

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "contract violated: %s\n", what);
  std::abort();
}

/// Touches every byte of what a reader hands over and checks what a sink may rely on.
class CheckingSink final : public TelemetrySink {
 public:
  explicit CheckingSink(std::uint64_t size) : size_(size) {}

  void on_logs(std::span<const LogRecord> batch) override {
    check(batch.size() <= kMaxBatchRecords, "batch above kMaxBatchRecords");
    for (const LogRecord& r : batch) {
      inside(r.position);
      touch({r.service, r.instance, r.logger, r.message, r.trace_id, r.span_id, r.exception_type});
    }
  }
  void on_spans(std::span<const SpanRecord> batch) override {
    check(batch.size() <= kMaxBatchRecords, "batch above kMaxBatchRecords");
    for (const SpanRecord& r : batch) {
      inside(r.position);
      check(r.end >= r.start, "span ends before it starts");
      touch({r.trace_id, r.span_id, r.parent_span_id, r.service, r.instance, r.operation, r.peer, r.peer_host,
             r.exception_type, r.exception_message});
    }
  }
  void on_access(std::span<const AccessRecord> batch) override {
    check(batch.size() <= kMaxBatchRecords, "batch above kMaxBatchRecords");
    for (const AccessRecord& r : batch) {
      inside(r.position);
      touch({r.entity, r.target, r.target_group, r.method, r.path, r.client, r.user_agent, r.trace_id, r.error_reason});
    }
  }
  void on_metric(MetricSeries&& r) override {
    inside(r.position);
    check(r.times.size() == r.values.size(), "times and values differ in length");
    check(std::is_sorted(r.dimensions.begin(), r.dimensions.end()), "dimensions not sorted");
    for (const double value : r.values) check(value - value == 0, "value is not finite");
    for (const TimePoint time : r.times) check(time != kNoTime, "point without a time");
  }
  void on_change(ChangeEvent&& r) override { inside(r.position); }
  void on_trace_summary(TraceSummary&& r) override { inside(r.position); }
  void on_skipped(Skipped&& r) override {
    inside(r.position);
    check(!r.reason.empty(), "skipped without a reason");
  }

 private:
  void inside(const BytePosition& p) const {
    check(p.offset <= size_ && p.length <= size_ - p.offset, "position outside the input");
  }
  void touch(std::initializer_list<std::string_view> views) {
    for (const std::string_view view : views) {
      for (const char c : view) sum_ = sum_ + static_cast<unsigned char>(c);
    }
  }

  std::uint64_t size_;
  volatile std::uint64_t sum_ = 0;
};

/// Feeds all of `input` to the reader; the sizes of the pieces follow from the input itself, so that a crash is
/// reproducible from its file alone.
inline void feed(RecordReader& reader, std::string_view input) {
  CheckingSink sink(input.size());
  std::size_t used = 0;
  std::size_t shown = 0;
  std::uint32_t state = 2166136261U ^ static_cast<std::uint32_t>(input.size());
  for (const char c : input.substr(0, 16)) state = (state ^ static_cast<unsigned char>(c)) * 16777619U;
  const bool at_once = state % 4 == 0;
  bool last = false;
  while (!last) {
    state = state * 1664525U + 1013904223U;
    const std::size_t piece = at_once ? input.size() : 1 + (state >> 16) % (input.size() / 4 + 7);
    shown = std::min(input.size(), shown + piece);
    last = shown == input.size();
    const std::size_t size = shown - used;
    const auto buffer = std::make_unique<char[]>(size + kReadPadding);
    std::copy_n(input.data() + used, size, buffer.get());
    std::fill_n(buffer.get() + size, kReadPadding, '"');
    const std::size_t taken = reader.read({buffer.get(), size}, used, last, sink);
    check(taken <= size, "more used up than given");
    check(!last || taken == size, "not everything used up at the end");
    used += taken;
  }
}

inline int run(Format format, const std::uint8_t* data, std::size_t size) {
  ReaderOptions options;
  options.path = "input";
  feed(*make_reader(format, options), {reinterpret_cast<const char*>(data), size});
  return 0;
}

}  // namespace fa::fuzz
