#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/telemetry.h"

namespace fa {

/// Largest log line kept whole; the rest of a longer line is skipped and counted as truncated.
inline constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;
/// Largest JSON document (or JSON line) parsed; larger ones are skipped and counted.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t{256} << 20;
/// Bytes that must be readable (any content) behind the data given to a reader; simdjson reads past the end.
inline constexpr std::size_t kReadPadding = 64;
inline constexpr std::size_t kMaxBatchRecords = 4096;

/// One MetricDataQuery: what an id in a GetMetricData answer stands for.
struct MetricQuery {
  std::string metric_namespace;
  std::string name;
  std::vector<std::pair<std::string, std::string>> dimensions;
  std::string statistic;
  std::string label;
  std::string unit;
  std::int64_t period_seconds = 0;
  /// Of a SEARCH for the metrics of one set of dimensions: their names, as searched for; the label of each series that
  /// comes back has their values, ` | ` between them (kSearchLabelSeparator).
  std::vector<std::string> searched_dimensions = {};
};
inline constexpr std::string_view kSearchLabelSeparator = " | ";

/// What a reader may know besides the bytes.
struct ReaderOptions {
  std::string path;  ///< Path for people and for deriving a service name (`orders.log` -> `orders`).
  /// Places timestamps that lack a year or a date: the candidate closest to this instant is taken.
  std::optional<TimePoint> reference_time;
  /// Ids of GetMetricData queries found beside the answer; must outlive the reader. May be null.
  const std::map<std::string, MetricQuery>* metric_queries = nullptr;
  std::uint64_t first_line = 1;  ///< Number of the first line presented: not 1 for a part of a file.
  bool message_only = false;     ///< Text: every line is one message as it stands; no header parsing, no joining.
};

/// Turns the bytes of one file into records. Not thread-safe; one per file. Survives any bytes: what it cannot use
/// goes to `on_skipped`.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  /// Reads records from `data`, which starts at `offset` of the decompressed stream and is followed by kReadPadding
  /// readable bytes. Returns how many bytes were used up (a prefix); the caller presents the rest again with more
  /// behind it. With `last` everything must be used up (return data.size()). A reader that needs a whole document
  /// returns 0 until `last` or until more than kMaxDocumentBytes are presented, then it must skip and count.
  virtual std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) = 0;
};

enum class Format {
  kUnknown,
  kOtlp,                  ///< OTLP/JSON logs, traces, metrics (lines or one document)
  kLogLines,              ///< text, JSON-lines, Docker and CRI wrappers, mixed per line
  kCommandOutput,         ///< terminal sessions, tables and sheets of kubectl, docker and systemctl
  kAlb,                   ///< ALB access log
  kAlbCounts,             ///< CSV of requests counted by a query (alb_counts.h)
  kCloudTrail,            ///< {"Records":[...]} or one event per line, or lookup-events {"Events":[...]}
  kCloudTrailRows,        ///< CSV of events out of a table (cloudtrail_rows.h)
  kCloudWatchLogs,        ///< filter-log-events / get-log-events JSON, Logs Insights results JSON
  kCloudWatchLogsExport,  ///< export to S3: `2026-01-01T00:00:00.000Z message`
  kCloudWatchMetrics,     ///< get-metric-data JSON
  kCloudWatchQueries,     ///< metric-data-queries JSON standing beside it
  kXRayTraces,            ///< batch-get-traces
  kXRaySummaries,         ///< get-trace-summaries
  kXRayGraph,             ///< get-service-graph
  kPrometheus,            ///< query_range / query answer
  kCsvMetrics,            ///< header row, timestamp column, series columns
  kChangeEvents,          ///< JSON lines: time, kind, actor, resource, action, before, after
  kPrometheusText,        ///< scrapes: `name{label="value"} value time`
};

/// Short stable name of a format, as the report's coverage shows it (`otlp`, `text`, `alb`, ...).
std::string_view format_name(Format format);

struct Detection {
  Format format = Format::kUnknown;
  std::string reason;  ///< For kUnknown: why, in English, for people.
};

/// Recognises a format from the first bytes (decompressed; up to 256 KiB) of a file; `complete` says that these are
/// all there are. Never by name. Never throws.
Detection detect_format(std::string_view head, bool complete);

/// The reader for a format. Never null; kUnknown gives a reader that skips everything.
std::unique_ptr<RecordReader> make_reader(Format format, ReaderOptions options);

}  // namespace fa
