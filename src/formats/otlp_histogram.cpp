#include "formats/otlp_histogram.h"

#include <algorithm>
#include <cmath>

namespace fa::otlp {
namespace {

/// Numbers a point holds, and what the map needs around them.
std::size_t numbers_of(const HistogramPoint& point) {
  return 24 + point.bounds.size() + point.buckets.size() + 2 * point.quantiles.size();
}

}  // namespace

std::optional<double> histogram_quantile(const std::vector<double>& bounds, const std::vector<double>& buckets,
                                         double quantile) {
  if (bounds.empty() || buckets.size() != bounds.size() + 1) return std::nullopt;
  double total = 0;
  for (const double count : buckets) {
    if (count < 0) return std::nullopt;
    total += count;
  }
  if (!(total > 0) || !std::isfinite(total)) return std::nullopt;
  const double rank = quantile * total;
  double below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (buckets[i] > 0 && below + buckets[i] >= rank) {
      const double upper = bounds[i];
      const double lower = i > 0 ? bounds[i - 1] : std::min(0.0, upper);
      return lower + (upper - lower) * (rank - below) / buckets[i];
    }
    below += buckets[i];
  }
  return bounds.back();
}

void set_exponential_buckets(HistogramPoint& point, int scale, std::int64_t offset, const std::vector<double>& positive,
                             double at_or_below_zero) {
  point.bounds.clear();
  point.buckets.clear();
  if (scale < -10 || scale > 20 || std::abs(static_cast<double>(offset)) > 1e9) return;  // The range the SDKs use.
  const double log2_base = std::exp2(-scale);
  const auto bound = [&](double index) { return std::exp2(log2_base * index); };
  point.bounds = {0.0, bound(static_cast<double>(offset))};
  point.buckets = {at_or_below_zero, 0.0};
  for (std::size_t i = 0; i < positive.size(); ++i) {
    point.bounds.push_back(bound(static_cast<double>(offset) + static_cast<double>(i) + 1));
    point.buckets.push_back(positive[i]);
  }
  point.buckets.push_back(0.0);
  if (!std::isfinite(point.bounds.back())) {
    point.bounds.clear();
    point.buckets.clear();
  }
}

std::optional<HistogramPoint> HistogramHistory::since_last(const std::string& key, const HistogramPoint& point) {
  const auto found = last_.find(key);
  if (found == last_.end()) {
    numbers_ += numbers_of(point) + key.size() / sizeof(double);
    if (numbers_ <= kMaxNumbers) last_.emplace(key, point);
    return std::nullopt;
  }
  HistogramPoint& last = found->second;
  if (point.time <= last.time) return std::nullopt;
  HistogramPoint difference = point;
  const bool anew = point.count < last.count || (point.start != last.start && point.start >= last.time);
  if (!anew) {
    difference.count -= last.count;
    if (difference.sum && last.sum) {
      difference.sum = *difference.sum - *last.sum;
    } else {
      difference.sum.reset();
    }
    if (point.bounds == last.bounds && point.buckets.size() == last.buckets.size()) {
      for (std::size_t i = 0; i < difference.buckets.size(); ++i) difference.buckets[i] -= last.buckets[i];
    } else {
      difference.bounds.clear();
      difference.buckets.clear();
    }
  }
  numbers_ += numbers_of(point) - std::min(numbers_of(last), numbers_);
  if (numbers_ <= kMaxNumbers) {
    last = point;
  } else {
    last_.erase(found);
  }
  return difference;
}

}  // namespace fa::otlp
