#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "model/telemetry.h"

namespace fa {

/// Where a part of a series was read, for quoting and re-reading.
struct SeriesPart {
  std::uint32_t file = 0;
  BytePosition position;
  TimePoint first = kNoTime;
  TimePoint last = kNoTime;
};

/// One whole series: parts joined, points sorted by time, one value per instant (the last one read in file order
/// wins), counters turned into a rate per second.
struct Series {
  std::string service;
  std::string instance;
  std::string name;
  std::string unit;
  std::string statistic;
  std::string metric_namespace;
  std::vector<std::pair<std::string, std::string>> dimensions;
  MetricTemporality temporality = MetricTemporality::kGauge;
  std::vector<TimePoint> times;
  std::vector<double> values;
  std::vector<SeriesPart> parts;

  /// `latency[p99] {az=a}`: name, statistic and dimensions; unique within service and instance.
  [[nodiscard]] std::string label() const;
};

struct MetricDigest {
  std::vector<Series> series;  ///< Sorted by (service, instance, namespace, name, statistic, dimensions).
  std::uint64_t points = 0;
  std::uint64_t dropped_points = 0;  ///< Beyond the limit of kept points.
};

/// CloudWatch publishes many counts of failures only for periods in which there were some: for the others this adds a
/// 0, at the times at which another series of the same service and namespace has points. Only sums of errors and
/// throttles of a stated namespace; without such a neighbour nothing is known and nothing is added.
void fill_sparse_counts(MetricDigest& digest);

/// Collects series; one thread per digester. merge must be called in file order.
class MetricDigester {
 public:
  static constexpr std::uint64_t kMaxPoints = 20'000'000;  ///< Of one file; 16 bytes each.

  void add(std::uint32_t file, MetricSeries&& series);
  void merge(MetricDigester&& other);
  [[nodiscard]] MetricDigest finish();

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string,
                         std::vector<std::pair<std::string, std::string>>>;
  std::map<Key, Series> series_;
  std::uint64_t points_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace fa
