#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/reader.h"

namespace fa {

/// For tests: all that a reader hands over, with its own copy of every text.
class RecordCollector final : public TelemetrySink {
 public:
  void on_logs(std::span<const LogRecord> batch) override {
    for (LogRecord r : batch) {
      own({&r.service, &r.instance, &r.logger, &r.message, &r.trace_id, &r.span_id, &r.exception_type});
      logs.push_back(r);
    }
  }
  void on_spans(std::span<const SpanRecord> batch) override {
    for (SpanRecord r : batch) {
      own({&r.trace_id, &r.span_id, &r.parent_span_id, &r.service, &r.instance, &r.operation, &r.peer, &r.peer_host,
           &r.exception_type, &r.exception_message});
      spans.push_back(r);
    }
  }
  void on_metric(MetricSeries&& r) override { metrics.push_back(std::move(r)); }
  void on_change(ChangeEvent&& r) override { changes.push_back(std::move(r)); }
  void on_skipped(Skipped&& r) override { skipped.push_back(std::move(r)); }

  /// The series of a name and statistic; an empty one when it is not there.
  [[nodiscard]] const MetricSeries& metric(std::string_view name, std::string_view statistic = {}) const {
    static const MetricSeries kNone;
    for (const MetricSeries& m : metrics) {
      if (m.name == name && m.statistic == statistic) return m;
    }
    return kNone;
  }

  std::vector<LogRecord> logs;
  std::vector<SpanRecord> spans;
  std::vector<MetricSeries> metrics;
  std::vector<ChangeEvent> changes;
  std::vector<Skipped> skipped;

 private:
  void own(std::initializer_list<std::string_view*> views) {
    for (std::string_view* view : views) *view = texts_.emplace_back(*view);
  }
  std::deque<std::string> texts_;
};

/// Reads `input`, presenting `piece` more bytes with each call (0: all at once), each time in a buffer of exactly that
/// size and the padding, filled with quotes.
inline RecordCollector collect(RecordReader& reader, std::string_view input, std::size_t piece = 0) {
  RecordCollector collector;
  std::size_t used = 0;
  std::size_t shown = 0;
  bool last = false;
  while (!last) {
    shown = piece == 0 ? input.size() : std::min(input.size(), shown + piece);
    last = shown == input.size();
    const std::size_t size = shown - used;
    const auto buffer = std::make_unique<char[]>(size + kReadPadding);
    std::copy_n(input.data() + used, size, buffer.get());
    std::fill_n(buffer.get() + size, kReadPadding, '"');
    used += reader.read({buffer.get(), size}, used, last, collector);
  }
  return collector;
}

inline RecordCollector collect(Format format, std::string_view input, std::size_t piece = 0) {
  return collect(*make_reader(format, {}), input, piece);
}

inline std::string_view bytes_of(std::string_view input, const BytePosition& position) {
  return input.substr(position.offset, position.length);
}

inline TimePoint at_nanos(std::int64_t nanos) { return from_unix_nanos(nanos); }

}  // namespace fa
