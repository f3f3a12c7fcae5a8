#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/metrics/metric_digest.h"
#include "model/period.h"

/// Series for the tests of the metric and causal engines. Baseline and window are an hour each, one after the other.
namespace fa::test {

inline constexpr TimePoint kStart = from_unix_nanos(1'700'000'000'000'000'000);
inline constexpr TimePoint kWindow = kStart + std::chrono::hours(1);
inline constexpr TimeRange kBaselineRange{kStart, kWindow};
inline constexpr TimeRange kWindowRange{kWindow, kWindow + std::chrono::hours(1)};
inline constexpr PeriodClock kClock(kWindowRange, kBaselineRange);
inline constexpr int kMinutes = 60;  ///< Points per period.

/// Repeatable noise in [-1, 1].
inline double noise(int i) { return static_cast<double>(i * 37 % 21 - 10) / 10; }

inline MetricSeries series_of(std::string service, std::string name, std::string unit = "",
                              std::string statistic = "") {
  MetricSeries s;
  s.service = std::move(service);
  s.name = std::move(name);
  s.unit = std::move(unit);
  s.statistic = std::move(statistic);
  return s;
}

/// Values by minute: baseline(i), then window(i); a missing function means no points in that period.
inline MetricSeries minutes(MetricSeries s, const std::function<double(int)>& baseline,
                            const std::function<double(int)>& window) {
  for (const auto& [from, values] : {std::pair(kStart, &baseline), std::pair(kWindow, &window)}) {
    if (!*values) continue;
    for (int i = 0; i < kMinutes; ++i) {
      s.times.push_back(from + std::chrono::minutes(i));
      s.values.push_back((*values)(i));
    }
  }
  return s;
}

inline MetricDigest digest_of(std::vector<MetricSeries> all) {
  MetricDigester digester;
  for (MetricSeries& s : all) digester.add(0, std::move(s));
  return digester.finish();
}

inline std::function<double(int)> level(double value, double spread = 0) {
  return [=](int i) { return value + spread * noise(i); };
}

}  // namespace fa::test
