#pragma once

#include <memory>

#include "formats/reader.h"

/// One constructor per format; make_reader chooses among them.
namespace fa {

std::unique_ptr<RecordReader> make_otlp_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_log_lines_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_cloudwatch_logs_export_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_command_output_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_alb_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_alb_counts_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_cloudtrail_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_cloudtrail_rows_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_cloudwatch_logs_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_cloudwatch_metrics_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_xray_traces_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_xray_summaries_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_xray_graph_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_prometheus_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_prometheus_text_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_csv_metrics_reader(ReaderOptions options);
std::unique_ptr<RecordReader> make_change_events_reader(ReaderOptions options);

}  // namespace fa
