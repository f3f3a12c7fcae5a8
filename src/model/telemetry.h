#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/locator.h"

/// What the formats produce and the engines read. Structs of views (LogRecord, SpanRecord, AccessRecord) are valid
/// only during the sink call that hands them over: crossing that border copies or interns. The others own.
namespace fa {

enum class Severity : std::uint8_t { kUnknown, kTrace, kDebug, kInfo, kWarn, kError, kFatal };

/// One log record: possibly several joined lines.
struct LogRecord {
  TimePoint time = kNoTime;
  Severity severity = Severity::kUnknown;
  std::string_view service;   ///< Name of the emitting service as its source writes it; empty when unknown.
  std::string_view instance;  ///< Pod, container, host or log stream; empty when unknown.
  std::string_view logger;    ///< Logger, class or source location, as the header names it.
  std::string_view message;   ///< The text without its header (timestamp, level, logger); all joined lines.
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view exception_type;  ///< From structured fields only; text is mined later.
  /// How many records this one stands for: more than one where the source itself counted alike records (aggregated
  /// Logs Insights answers) and gives one of them as an example. Counts use it; samples and parameters see one record.
  std::uint64_t occurrences = 1;
  /// Records of one number have messages of one form (TextForm in base/digit_forms.h), whoever read them; 0 says
  /// nothing. The number itself means nothing and is another one in each run.
  std::uint64_t form = 0;
  BytePosition position;
};

enum class SpanKind : std::uint8_t { kUnspecified, kInternal, kServer, kClient, kProducer, kConsumer };

/// One finished unit of work of a distributed trace (OpenTelemetry span, X-Ray segment or subsegment).
struct SpanRecord {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_span_id;  ///< Empty for a root.
  std::string_view service;
  std::string_view instance;
  std::string_view operation;
  SpanKind kind = SpanKind::kUnspecified;
  bool error = false;  ///< Status ERROR, a fault, or HTTP status >= 500 (for servers) recorded on the span.
  bool throttled = false;
  int http_status = 0;  ///< 0 when not an HTTP span.
  TimePoint start = kNoTime;
  TimePoint end = kNoTime;
  std::string_view peer;  ///< Name of the called system where the span says so (peer.service, db.system, host, ...).
  std::string_view peer_host;  ///< Host it was called at, where `peer` is not that name.
  std::string_view exception_type;
  std::string_view exception_message;  ///< Also the status message when there is no exception.
  BytePosition position;
};

/// One request as a proxy or load balancer saw it, or several that were counted together because they are alike.
struct AccessRecord {
  TimePoint time = kNoTime;
  std::string_view entity;        ///< The load balancer or proxy.
  std::string_view target;        ///< `10.0.1.7:8080`; empty when the request reached none.
  std::string_view target_group;  ///< Name of the target group; empty when unknown.
  std::string_view method;
  std::string_view path;  ///< Path of the URL without query.
  std::string_view client;
  std::string_view user_agent;
  std::string_view trace_id;
  std::string_view error_reason;
  int status = 0;              ///< What the client got; 0 when unknown.
  int target_status = 0;       ///< What the target answered; 0 when it did not.
  double total_seconds = -1;   ///< -1 when unknown.
  double target_seconds = -1;  ///< Time the target took; -1 when it never answered.
  /// Requests this record stands for: each with these statuses, and with these times on average. `time` is the first's.
  std::uint64_t occurrences = 1;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
  BytePosition position;
};

enum class MetricTemporality : std::uint8_t {
  kGauge,       ///< Each value stands for itself (also: already aggregated per period).
  kDelta,       ///< Each value counts what happened since the point before.
  kCumulative,  ///< Monotonic counter; a decrease is a reset.
};

/// A metric of one entity. Points need not be sorted; several records may carry parts of one series.
struct MetricSeries {
  std::string service;   ///< Entity the metric belongs to, as its source names it; empty when unknown.
  std::string instance;  ///< Pod, host, container; empty when the series is of the whole service.
  std::string name;      ///< As the source names it.
  std::string unit;
  std::string statistic;  ///< Average, Sum, p99, ...; empty when not stated.
  std::string metric_namespace;
  std::vector<std::pair<std::string, std::string>> dimensions;  ///< Sorted by key; without those used above.
  MetricTemporality temporality = MetricTemporality::kGauge;
  std::int64_t period_seconds = 0;  ///< 0 when not stated.
  std::vector<TimePoint> times;
  std::vector<double> values;  ///< Same length as `times`; a missing value is not there (never NaN).
  BytePosition position;
};

/// Something that was changed, by whom. Reads are not changes and never get here, except failed ones (`error`).
struct ChangeEvent {
  TimePoint time = kNoTime;
  std::string kind;      ///< deployment, config_change, scaling, permission, network, restart, feature_flag, other.
  std::string actor;     ///< Person, role, pipeline.
  std::string action;    ///< `UpdateService`, `kubectl rollout`, ...
  std::string resource;  ///< What was changed, as the source names it.
  std::string service;   ///< The service it belongs to, when the record says so.
  std::string before;
  std::string after;   ///< Or the request's parameters, compact JSON.
  std::string error;   ///< Error code and message when the change was refused.
  std::string origin;  ///< Source address or system the change came from.
  std::string region;
  BytePosition position;
};

/// A call relation, seen or declared.
struct TopologyEdge {
  std::string caller;
  std::string callee;
  std::uint64_t requests = 0;  ///< 0 when the source states none.
  std::uint64_t errors = 0;
  double mean_seconds = -1;
  std::string origin;  ///< xray, trace, alb, log: where it was learned.
};

struct TopologyNode {
  std::string name;
  std::string kind;  ///< `AWS::DynamoDB::Table`, `client`, ...; empty when unknown.
};

/// One step of the path to a root cause, as X-Ray states it in trace summaries.
struct RootCauseStep {
  std::string service;
  std::string entity;  ///< Innermost entity of that service.
  std::string exception_type;
  std::string exception_message;
  bool remote = false;
};

/// One trace as GetTraceSummaries describes it, without its spans.
struct TraceSummary {
  TimePoint time = kNoTime;
  double duration_seconds = -1;
  std::string trace_id;
  std::string entry_service;
  bool fault = false;     ///< 5xx
  bool error = false;     ///< 4xx
  bool throttle = false;  ///< 429
  std::vector<std::vector<RootCauseStep>> fault_root_causes;
  std::vector<std::vector<RootCauseStep>> error_root_causes;
  std::vector<std::vector<RootCauseStep>> response_time_root_causes;
  std::uint32_t file = 0;  ///< Index of the input; set by whoever collects, not by the reader.
  BytePosition position;
};

/// A piece of input that was not used, and why. Never silent: counted and shown in the report's coverage.
struct Skipped {
  BytePosition position;
  std::string reason;  ///< English, for people: what was expected, what stood there.
  std::uint64_t records = 1;
  bool truncated = false;  ///< True when the record was used but cut (e.g. a line above the limit).
};

/// Receives what a reader finds, in file order, batch by batch (at most 4,096 records). Called from one thread per
/// file. Implementations must not keep views.
class TelemetrySink {
 public:
  virtual ~TelemetrySink() = default;
  virtual void on_logs(std::span<const LogRecord>) {}
  virtual void on_spans(std::span<const SpanRecord>) {}
  virtual void on_access(std::span<const AccessRecord>) {}
  virtual void on_metric(MetricSeries&&) {}
  virtual void on_change(ChangeEvent&&) {}
  virtual void on_node(TopologyNode&&) {}
  virtual void on_edge(TopologyEdge&&) {}
  virtual void on_trace_summary(TraceSummary&&) {}
  virtual void on_skipped(Skipped&&) {}
};

}  // namespace fa
