#include "sources/file/counting_sink.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sources/file/shown_name.h"

namespace fa {
namespace {

constexpr std::size_t kMaxNoteBytes = 400;

std::string describe(const Skipped& skipped) {
  const std::string where = skipped.position.line > 0 ? fmt::format("line {}", skipped.position.line)
                                                      : fmt::format("byte {}", skipped.position.offset);
  return fmt::format("{}: {}", where, shown_name(utf8_prefix(skipped.reason, kMaxNoteBytes)));
}

}  // namespace

void CountingSink::saw(TimePoint time) {
  if (time == kNoTime) {
    return;
  }
  TimeRange& range = account_.range;
  range.begin = range.begin == kNoTime ? time : std::min(range.begin, time);
  range.end = std::max(range.end, time);  // kNoTime is below every time
}

void CountingSink::on_logs(std::span<const LogRecord> records) {
  for (const auto& record : records) {
    account_.records += record.occurrences;
    saw(record.time);
  }
  next_.on_logs(records);
}

void CountingSink::on_spans(std::span<const SpanRecord> records) {
  account_.records += records.size();
  for (const auto& record : records) {
    saw(record.start);
    saw(record.end);
  }
  next_.on_spans(records);
}

void CountingSink::on_access(std::span<const AccessRecord> records) {
  for (const auto& record : records) {
    account_.records += record.occurrences;
    saw(record.time);
  }
  next_.on_access(records);
}

void CountingSink::on_metric(MetricSeries&& series) {
  // Points, not calls: how a series is cut into calls is the reader's business.
  account_.records += series.times.size();
  for (const TimePoint time : series.times) {
    saw(time);
  }
  next_.on_metric(std::move(series));
}

void CountingSink::on_change(ChangeEvent&& event) {
  ++account_.records;
  saw(event.time);
  next_.on_change(std::move(event));
}

void CountingSink::on_node(TopologyNode&& node) {
  ++account_.records;
  next_.on_node(std::move(node));
}

void CountingSink::on_edge(TopologyEdge&& edge) {
  ++account_.records;
  next_.on_edge(std::move(edge));
}

void CountingSink::on_trace_summary(TraceSummary&& summary) {
  ++account_.records;
  saw(summary.time);
  next_.on_trace_summary(std::move(summary));
}

void CountingSink::on_skipped(Skipped&& skipped) {
  (skipped.truncated ? account_.truncated : account_.skipped) += skipped.records;
  if (account_.note.empty()) {
    account_.note = describe(skipped);
  }
  next_.on_skipped(std::move(skipped));
}

}  // namespace fa
