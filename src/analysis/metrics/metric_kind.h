#pragma once

#include <string_view>

#include "analysis/metrics/metric_digest.h"

namespace fa {

/// What a metric measures, as far as that decides which direction is bad and what it may point to.
enum class MetricKind {
  kLatency,  ///< Duration of requests: up is bad.
  kSuccess,  ///< Availability or success share: down is bad.
  kErrors,   ///< Count or share of failures: up is bad.
  kTraffic,  ///< Requests: a fall or a surge is telling, neither is bad by itself.
  kCpu,
  kMemory,
  kDisk,
  kConnections,  ///< Connections, pools, threads in use.
  kQueue,        ///< Backlog: up is bad.
  kThrottles,    ///< Requests refused for a limit: up is bad.
  kRestarts,
  kNetwork,  ///< Bytes or packets moved.
  kOther,
};

/// Decides by the words of the name first (the field's common vocabulary, split at case and punctuation), then by unit
/// and the range of the values, so that a metric with an unknown name still counts.
MetricKind metric_kind(const Series& series);

/// Spaces of a managed heap grow on demand and are full between two collections: what is left of one bounds nothing
/// (OpenTelemetry `v8js.memory.heap.space.*`, JVM memory pools and generations).
bool is_heap_space(const Series& series);

/// True where the value says what is left of something (free storage, available memory, credits): its fall is what is
/// bad, its rise is none.
bool measures_rest(const Series& series);

/// How much of a bounded resource a value uses, 0..1, where the unit states the bound (percent, ratio of
/// utilisation); -1 where it does not.
double utilisation(const Series& series, MetricKind kind, double value);

/// Seconds per unit for durations (`ms` -> 0.001); 0 when the unit is not a duration.
double seconds_per_unit(std::string_view unit);

/// The same for a series of durations: its unit, else a unit among the words of its name (Prometheus and CSV name them
/// there, `request_duration_seconds`), else 1: without any unit only proportions within one export count. 0 when its
/// unit is no duration.
double seconds_per_value(const Series& series);

}  // namespace fa
