#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "model/telemetry.h"

namespace fa::otlp {

/// One data point of a histogram or summary: what was counted since `start` (cumulative) or since the point before.
struct HistogramPoint {
  TimePoint time = kNoTime;
  TimePoint start = kNoTime;
  double count = 0;
  std::optional<double> sum;
  std::vector<double> bounds;  ///< Upper bounds, ascending; one fewer than buckets. Empty when there are no buckets.
  std::vector<double> buckets;
  std::vector<std::pair<double, double>> quantiles;  ///< Of summaries: quantile, value.
};

/// The value below which `quantile` of what the buckets counted lies, by linear interpolation inside the bucket (as
/// Prometheus' histogram_quantile does): the first bucket begins at 0 (or at its bound, when that is negative), and
/// what fell into the last, open bucket counts as the last bound. nullopt when nothing was counted.
std::optional<double> histogram_quantile(const std::vector<double>& bounds, const std::vector<double>& buckets,
                                         double quantile);

/// Explicit bounds for the buckets of an exponential histogram: bucket i covers (base^i, base^(i+1)] with
/// base = 2^(2^-scale) (OpenTelemetry data model). Negative values and zeros are put into one bucket up to 0.
void set_exponential_buckets(HistogramPoint& point, int scale, std::int64_t offset, const std::vector<double>& positive,
                             double at_or_below_zero);

/// Remembers the last cumulative point of each histogram, so that what happened between two points can be told even
/// when each stands in its own document. Bounded: past kMaxNumbers (64 MiB) no further histogram gets derived series.
class HistogramHistory {
 public:
  static constexpr std::size_t kMaxNumbers = std::size_t{8} << 20;

  /// What was counted between the point before and `point` under this key. A point that begins anew (its start moved,
  /// or its count fell) counts whole. nullopt for the first point, and for one not later than the last.
  std::optional<HistogramPoint> since_last(const std::string& key, const HistogramPoint& point);

 private:
  std::unordered_map<std::string, HistogramPoint> last_;
  std::size_t numbers_ = 0;  ///< Held in all of `last_`, about.
};

}  // namespace fa::otlp
