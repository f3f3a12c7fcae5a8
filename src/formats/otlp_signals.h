#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/log_header.h"
#include "formats/otlp_histogram.h"
#include "formats/otlp_span_forms.h"
#include "formats/otlp_values.h"

/// The readers of the three OTLP signals. Each reads the array of one scope (`logRecords`, `spans`, `metrics`); the
/// caller walks the document down to it. For .cpp files only (includes simdjson).
namespace fa::otlp {

/// What the signals need to know of the document they stand in.
struct Scope {
  TelemetrySink& sink;
  RecordPositions& positions;
  const Resource& resource;
  std::string_view name;  ///< Instrumentation scope; for logs the name of the logger.
};

/// Log records. Time: timeUnixNano, else observedTimeUnixNano. A body that carries its own header (time, level,
/// logger) is taken apart; exception.stacktrace is put behind the message unless the message has it.
class LogSignal {
 public:
  explicit LogSignal(const ReaderOptions& options);
  simdjson::error_code read(array records, const Scope& scope);
  /// Hands over what is batched. Must be called before the document's bytes go.
  void flush(TelemetrySink& sink);

 private:
  simdjson::error_code read_record(object fields, const Scope& scope, const BytePosition& position);
  simdjson::error_code read_body(value v, Attribute& body);
  void append_exception(LogRecord& record);

  bool message_only_;
  LogScratch scratch_;
  std::vector<LogRecord> batch_;
  std::vector<Attribute> attributes_;
  std::deque<std::string> owned_;
};

/// Spans. An error is status ERROR or an HTTP status from 500 on; throttled is HTTP 429, gRPC RESOURCE_EXHAUSTED, or
/// an exception that says so. What was called (`peer`; not for server spans): peer.service; `system/name`,
/// `system@address` or `system` of a database; messaging.destination.name; server.address or net.peer.name (with the
/// port where the address is the machine itself); rpc.service.
class SpanSignal {
 public:
  simdjson::error_code read(array spans, const Scope& scope);
  void flush(TelemetrySink& sink);

 private:
  simdjson::error_code read_span(object fields, const Scope& scope, const BytePosition& position);
  bool read_known_span(std::string_view text, const Scope& scope, const BytePosition& position);
  void finish(SpanRecord& span, std::string_view status_message);
  simdjson::error_code read_events(value events, SpanRecord& span);
  simdjson::error_code read_status(value status, SpanRecord& span, std::string_view& message);
  void apply_attributes(SpanRecord& span);
  std::string_view peer_of(const SpanRecord& span);
  /// Host that a client span names; of a server span, its own.
  [[nodiscard]] std::string_view address() const;

  std::vector<SpanRecord> batch_;
  std::vector<Attribute> attributes_;
  std::vector<Attribute> event_attributes_;
  std::deque<std::string> owned_;
  SpanForms forms_;
};

/// Metrics. Data-point attributes split a metric into series; the attribute `statistic` becomes the statistic of the
/// series, the others its dimensions. Histograms and summaries become series of the statistics count, mean, p50, p90,
/// p99 (summaries: the quantiles they state).
class MetricSignal {
 public:
  simdjson::error_code read(array metrics, const Scope& scope);

 private:
  enum class Kind : std::uint8_t { kNumbers, kHistogram, kExponentialHistogram, kSummary };
  struct Metric;
  simdjson::error_code read_metric(object fields, const Scope& scope, const BytePosition& position);
  simdjson::error_code read_data(value data, Kind kind, Metric& metric);
  simdjson::error_code read_point(object fields, Kind kind, Metric& metric);
  simdjson::error_code read_quantiles(value v, HistogramPoint& point);
  simdjson::error_code read_buckets(value v, std::int64_t& offset, std::optional<std::vector<double>>& counts);
  simdjson::error_code series_of(value attributes, Metric& metric, std::optional<std::size_t>& index);
  std::size_t series_index(std::vector<std::pair<std::string, std::string>> dimensions, std::string statistic,
                           Metric& metric);
  void emit(Metric& metric, const Scope& scope, const BytePosition& position);
  void emit_histogram(const Metric& metric, std::vector<HistogramPoint>& points, const MetricSeries& common,
                      TelemetrySink& sink);

  std::vector<Attribute> attributes_;
  HistogramHistory history_;
};

}  // namespace fa::otlp
