#include "formats/reader.h"

#include <utility>

#include "formats/readers.h"

namespace fa {
namespace {

/// For files of no known format: counts everything as one skipped piece.
class SkippingReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    const std::uint64_t size = offset + data.size();
    if (last && size > 0) sink.on_skipped({{0, size, 1, 1}, "not a recognised format", 1, false});
    return data.size();
  }
};

/// For files that hold no records of their own (queries standing beside an answer; read_metric_queries reads them).
class SilentReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t, bool, TelemetrySink&) override { return data.size(); }
};

}  // namespace

std::string_view format_name(Format format) {
  switch (format) {
    case Format::kUnknown:
      return "unknown";
    case Format::kOtlp:
      return "otlp";
    case Format::kLogLines:
      return "text";
    case Format::kCommandOutput:
      return "command-output";
    case Format::kAlb:
      return "alb";
    case Format::kAlbCounts:
      return "alb-counts";
    case Format::kCloudTrail:
      return "cloudtrail";
    case Format::kCloudTrailRows:
      return "cloudtrail-rows";
    case Format::kCloudWatchLogs:
      return "cloudwatch-logs";
    case Format::kCloudWatchLogsExport:
      return "cloudwatch-logs-export";
    case Format::kCloudWatchMetrics:
      return "cloudwatch-metrics";
    case Format::kCloudWatchQueries:
      return "cloudwatch-metric-queries";
    case Format::kXRayTraces:
      return "xray-traces";
    case Format::kXRaySummaries:
      return "xray-summaries";
    case Format::kXRayGraph:
      return "xray-graph";
    case Format::kPrometheus:
      return "prometheus";
    case Format::kPrometheusText:
      return "prometheus-text";
    case Format::kCsvMetrics:
      return "csv-metrics";
    case Format::kChangeEvents:
      return "change-events";
  }
  return "unknown";
}

std::unique_ptr<RecordReader> make_reader(Format format, ReaderOptions options) {
  switch (format) {
    case Format::kOtlp:
      return make_otlp_reader(std::move(options));
    case Format::kLogLines:
      return make_log_lines_reader(std::move(options));
    case Format::kCommandOutput:
      return make_command_output_reader(std::move(options));
    case Format::kAlb:
      return make_alb_reader(std::move(options));
    case Format::kAlbCounts:
      return make_alb_counts_reader(std::move(options));
    case Format::kCloudTrail:
      return make_cloudtrail_reader(std::move(options));
    case Format::kCloudTrailRows:
      return make_cloudtrail_rows_reader(std::move(options));
    case Format::kCloudWatchLogs:
      return make_cloudwatch_logs_reader(std::move(options));
    case Format::kCloudWatchLogsExport:
      return make_cloudwatch_logs_export_reader(std::move(options));
    case Format::kCloudWatchMetrics:
      return make_cloudwatch_metrics_reader(std::move(options));
    case Format::kCloudWatchQueries:
      return std::make_unique<SilentReader>();
    case Format::kXRayTraces:
      return make_xray_traces_reader(std::move(options));
    case Format::kXRaySummaries:
      return make_xray_summaries_reader(std::move(options));
    case Format::kXRayGraph:
      return make_xray_graph_reader(std::move(options));
    case Format::kPrometheus:
      return make_prometheus_reader(std::move(options));
    case Format::kPrometheusText:
      return make_prometheus_text_reader(std::move(options));
    case Format::kCsvMetrics:
      return make_csv_metrics_reader(std::move(options));
    case Format::kChangeEvents:
      return make_change_events_reader(std::move(options));
    case Format::kUnknown:
      break;
  }
  return std::make_unique<SkippingReader>();
}

}  // namespace fa
