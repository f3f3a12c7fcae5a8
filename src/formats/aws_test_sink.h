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

namespace fa::aws_test {

/// For tests of readers: keeps everything a reader hands over, copying the bytes that views point to.
class CollectingSink final : public TelemetrySink {
 public:
  void on_logs(std::span<const LogRecord> batch) override {
    for (LogRecord r : batch) {
      keep({&r.service, &r.instance, &r.logger, &r.message, &r.trace_id, &r.span_id, &r.exception_type});
      logs.push_back(r);
    }
  }
  void on_spans(std::span<const SpanRecord> batch) override {
    for (SpanRecord r : batch) {
      keep({&r.trace_id, &r.span_id, &r.parent_span_id, &r.service, &r.instance, &r.operation, &r.peer, &r.peer_host,
            &r.exception_type, &r.exception_message});
      spans.push_back(r);
    }
  }
  void on_access(std::span<const AccessRecord> batch) override {
    for (AccessRecord r : batch) {
      keep({&r.entity, &r.target, &r.target_group, &r.method, &r.path, &r.client, &r.user_agent, &r.trace_id,
            &r.error_reason});
      access.push_back(r);
    }
  }
  void on_metric(MetricSeries&& r) override { metrics.push_back(std::move(r)); }
  void on_change(ChangeEvent&& r) override { changes.push_back(std::move(r)); }
  void on_node(TopologyNode&& r) override { nodes.push_back(std::move(r)); }
  void on_edge(TopologyEdge&& r) override { edges.push_back(std::move(r)); }
  void on_trace_summary(TraceSummary&& r) override { summaries.push_back(std::move(r)); }
  void on_skipped(Skipped&& r) override { skipped.push_back(std::move(r)); }

  std::vector<LogRecord> logs;
  std::vector<SpanRecord> spans;
  std::vector<AccessRecord> access;
  std::vector<MetricSeries> metrics;
  std::vector<ChangeEvent> changes;
  std::vector<TopologyNode> nodes;
  std::vector<TopologyEdge> edges;
  std::vector<TraceSummary> summaries;
  std::vector<Skipped> skipped;

 private:
  void keep(std::initializer_list<std::string_view*> views) {
    for (std::string_view* view : views) *view = bytes_.emplace_back(*view);
  }

  std::deque<std::string> bytes_;
};

/// Presents `text` to the reader the way sources do: `chunk` more bytes at a time, what was not used up again.
/// Each presentation is a fresh buffer whose padding is filled with quotes, so that a view kept too long and a read
/// past the end show.
inline void read_in_chunks(RecordReader& reader, std::string_view text, std::size_t chunk, TelemetrySink& sink) {
  std::size_t used = 0;
  std::size_t shown = 0;
  bool last = false;
  while (!last) {
    shown = std::min(text.size(), shown + chunk);
    last = shown == text.size();
    const std::size_t size = shown - used;
    const auto buffer = std::make_unique<char[]>(size + kReadPadding);
    std::copy_n(text.data() + used, size, buffer.get());
    std::fill_n(buffer.get() + size, kReadPadding, '"');
    used += reader.read({buffer.get(), size}, used, last, sink);
  }
}

/// All of `text` in one presentation.
inline void read_whole(RecordReader& reader, std::string_view text, TelemetrySink& sink) {
  read_in_chunks(reader, text, text.size(), sink);
}

/// The bytes a position names.
inline std::string_view bytes_at(std::string_view text, const BytePosition& position) {
  return text.substr(position.offset, position.length);
}

}  // namespace fa::aws_test
