#include "analysis/metrics/metric_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "base/text.h"

namespace fa {
namespace {

/// `PodServerLatencyP90(s)` -> pod server latency p90 s; `http_5xx_total` -> http 5xx total.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto is_lower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
  const auto is_upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  const auto is_alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool boundary =
        is_upper(c) && i > 0 &&
        (is_lower(name[i - 1]) || (is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1])));
    if ((!is_alnum(c) || boundary) && !word.empty()) {
      words.push_back(to_lower(word));
      word.clear();
    }
    if (is_alnum(c)) word += c;
  }
  if (!word.empty()) words.push_back(to_lower(word));
  return words;
}

bool has_any(const std::vector<std::string>& words, std::initializer_list<std::string_view> wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& w) {
    return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view x) { return w == x; });
  });
}

bool words_name_throttling(std::string_view name) {
  return has_any(words_of(name), {"throttled", "throttling", "throttle"});
}

bool is_percent(std::string_view unit) { return unit == "%" || iequals(unit, "percent"); }

MetricKind kind_by_name(const std::vector<std::string>& w) {
  // Of the processor, it is time that work waited for its turn, and no answer to anybody.
  if (has_any(w, {"cpu"}) && has_any(w, {"throttled", "throttling", "throttle"})) return MetricKind::kCpu;
  if (has_any(w, {"throttle", "throttled", "throttles", "throttling", "ratelimited"})) return MetricKind::kThrottles;
  if (has_any(w, {"restart", "restarts", "oomkill", "oomkills", "crash", "crashes"})) return MetricKind::kRestarts;
  if (has_any(w, {"cpu"})) return MetricKind::kCpu;
  if (has_any(w, {"memory", "mem", "heap", "rss"})) return MetricKind::kMemory;
  if (has_any(w, {"latency", "duration", "responsetime", "elapsed"}) ||
      (has_any(w, {"time"}) && has_any(w, {"response", "request", "processing", "wait"}))) {
    return MetricKind::kLatency;
  }
  if (has_any(w, {"error", "errors", "fault", "faults", "failure", "failures", "failed", "5xx", "4xx", "exceptions",
                  "aborted", "rejected", "unhealthy", "timeouts"})) {
    return MetricKind::kErrors;
  }
  // How many hosts are healthy is no share of requests that succeed (CloudWatch: HealthyHostCount, UnHealthyHostCount).
  if (has_any(w, {"healthy"}) && has_any(w, {"host", "hosts", "node", "nodes", "target", "targets"})) {
    return MetricKind::kOther;
  }
  if (has_any(w, {"availability", "success", "healthy", "uptime"})) return MetricKind::kSuccess;
  if (has_any(w, {"disk", "filesystem", "fs", "volume", "iops", "storage"})) return MetricKind::kDisk;
  if (has_any(w, {"queue", "backlog", "lag", "age", "pending", "queued", "waiting"})) return MetricKind::kQueue;
  if (has_any(w, {"connection", "connections", "pool", "threads", "sessions"})) return MetricKind::kConnections;
  if (has_any(w, {"network", "bytes", "packets", "receive", "transmit", "rx", "tx"})) return MetricKind::kNetwork;
  if (has_any(w, {"request", "requests", "invocations", "calls", "traffic", "throughput", "qps", "rps", "ops", "hits",
                  "workload"})) {
    return MetricKind::kTraffic;
  }
  return MetricKind::kOther;
}

/// Share of values at or above 99 of 100 (availability sits at its ceiling; utilisation does not).
bool sits_at_hundred(const Series& s) {
  const auto high = std::count_if(s.values.begin(), s.values.end(), [](double v) { return v >= 99.0 && v <= 100.0; });
  return !s.values.empty() && 2 * static_cast<std::size_t>(high) >= s.values.size();
}

}  // namespace

double seconds_per_unit(std::string_view unit) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  static constexpr std::array kUnits{Unit{"s", 1.0},
                                     Unit{"sec", 1.0},
                                     Unit{"seconds", 1.0},
                                     Unit{"ms", 1e-3},
                                     Unit{"milliseconds", 1e-3},
                                     Unit{"us", 1e-6},
                                     Unit{"microseconds", 1e-6},
                                     Unit{"ns", 1e-9},
                                     Unit{"nanoseconds", 1e-9}};
  for (const Unit& u : kUnits) {
    if (iequals(unit, u.name)) return u.seconds;
  }
  return 0;
}

double seconds_per_value(const Series& series) {
  if (!series.unit.empty()) return seconds_per_unit(series.unit);
  for (const std::string& word : words_of(series.name)) {
    if (word.size() > 1 && seconds_per_unit(word) > 0) return seconds_per_unit(word);
  }
  return 1;
}

MetricKind metric_kind(const Series& series) {
  const MetricKind named = kind_by_name(words_of(series.name));
  // The count of a histogram of durations, or a rate of them, says how many, not how long.
  const bool counts = iequals(series.statistic, "count") || iequals(series.statistic, "samplecount");
  const bool other_unit = !series.unit.empty() && seconds_per_unit(series.unit) <= 0;
  if (named == MetricKind::kLatency && (counts || other_unit))
    return counts ? MetricKind::kTraffic : MetricKind::kOther;
  if (named != MetricKind::kOther) return named;
  if (seconds_per_unit(series.unit) > 0) return MetricKind::kLatency;
  if (is_percent(series.unit)) return sits_at_hundred(series) ? MetricKind::kSuccess : MetricKind::kOther;
  return MetricKind::kOther;
}

bool measures_rest(const Series& series) {
  const std::vector<std::string> words = words_of(series.name);
  return has_any(words, {"free", "freeable", "available", "avail", "remaining", "balance"}) &&
         !has_any(words, {"surplus", "used", "usage"});
}

bool is_heap_space(const Series& series) {
  const std::vector<std::string> words = words_of(series.name);
  return has_any(words, {"heap", "memory"}) && has_any(words, {"space", "pool", "generation", "gen"});
}

double utilisation(const Series& series, MetricKind kind, double value) {
  if (kind == MetricKind::kSuccess || kind == MetricKind::kErrors || kind == MetricKind::kLatency) return -1;
  if (is_percent(series.unit) || series.name.find('%') != std::string::npos) return std::clamp(value / 100, 0.0, 1.0);
  if (series.name.ends_with("utilization") || series.name.ends_with("utilisation") ||
      series.name.ends_with("Utilization")) {
    // CloudWatch writes percent, OpenTelemetry a ratio; values above 1 settle it.
    const bool percent = std::any_of(series.values.begin(), series.values.end(), [](double v) { return v > 1.0; });
    return std::clamp(percent ? value / 100 : value, 0.0, 1.0);
  }
  // Seconds of waiting for the processor in each second; of several processors together it may be more.
  if (kind == MetricKind::kCpu && series.unit == "s/s" && words_name_throttling(series.name)) {
    return std::clamp(value, 0.0, 1.0);
  }
  // Prometheus' suffix for shares from 0 to 1; of a resource it is what of it is used.
  const bool resource = kind == MetricKind::kCpu || kind == MetricKind::kMemory || kind == MetricKind::kDisk ||
                        kind == MetricKind::kConnections;
  if (resource && series.name.ends_with("_ratio")) return std::clamp(value, 0.0, 1.0);
  return -1;
}

}  // namespace fa
