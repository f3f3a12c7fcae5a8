#pragma once

#include "model/report.h"
#include "model/telemetry.h"

namespace fa {

/// Passes everything on and keeps the account of one file: records, their time range, what was skipped and why first.
/// Borrows both.
class CountingSink final : public TelemetrySink {
 public:
  CountingSink(TelemetrySink& next, CoverageItem& account) : next_(next), account_(account) {}

  void on_logs(std::span<const LogRecord> records) override;
  void on_spans(std::span<const SpanRecord> records) override;
  void on_access(std::span<const AccessRecord> records) override;
  void on_metric(MetricSeries&& series) override;
  void on_change(ChangeEvent&& event) override;
  void on_node(TopologyNode&& node) override;
  void on_edge(TopologyEdge&& edge) override;
  void on_trace_summary(TraceSummary&& summary) override;
  void on_skipped(Skipped&& skipped) override;

 private:
  void saw(TimePoint time);

  TelemetrySink& next_;
  CoverageItem& account_;
};

}  // namespace fa
