#include "analysis/metrics/metric_digest.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/metrics/metric_kind.h"
#include "base/text.h"

namespace fa {
namespace {

/// Sorts by time; of several values for one instant the last read wins (a corrected export follows the first).
void sort_points(Series& s) {
  std::vector<std::size_t> order(s.times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return s.times[a] < s.times[b]; });
  std::vector<TimePoint> times;
  std::vector<double> values;
  times.reserve(order.size());
  values.reserve(order.size());
  for (const std::size_t i : order) {
    if (!times.empty() && times.back() == s.times[i]) {
      values.back() = s.values[i];
    } else {
      times.push_back(s.times[i]);
      values.push_back(s.values[i]);
    }
  }
  s.times = std::move(times);
  s.values = std::move(values);
}

/// A counter's points become the rate since the point before; a decrease is a restart and counts from zero.
void to_rate(Series& s) {
  std::vector<TimePoint> times;
  std::vector<double> values;
  for (std::size_t i = 1; i < s.times.size(); ++i) {
    const double elapsed = static_cast<double>((s.times[i] - s.times[i - 1]).count()) * 1e-9;
    const double step = s.values[i] >= s.values[i - 1] ? s.values[i] - s.values[i - 1] : s.values[i];
    const double rate = step / elapsed;
    if (!std::isfinite(rate)) continue;  // the difference of two huge values
    times.push_back(s.times[i]);
    values.push_back(rate);
  }
  s.times = std::move(times);
  s.values = std::move(values);
  s.unit = s.unit.empty() ? "1/s" : s.unit + "/s";
}

bool counts_failures(const Series& s) {
  if (s.metric_namespace.empty() || !iequals(s.statistic, "sum")) return false;
  const MetricKind kind = metric_kind(s);
  return kind == MetricKind::kErrors || kind == MetricKind::kThrottles;
}

void add_zeros(Series& s, const std::vector<TimePoint>& clock) {
  std::vector<TimePoint> times;
  std::vector<double> values;
  std::size_t own = 0;
  for (const TimePoint t : clock) {
    for (; own < s.times.size() && s.times[own] < t; ++own) {
      times.push_back(s.times[own]);
      values.push_back(s.values[own]);
    }
    if (own < s.times.size() && s.times[own] == t) continue;
    times.push_back(t);
    values.push_back(0);
  }
  times.insert(times.end(), s.times.begin() + static_cast<std::ptrdiff_t>(own), s.times.end());
  values.insert(values.end(), s.values.begin() + static_cast<std::ptrdiff_t>(own), s.values.end());
  s.times = std::move(times);
  s.values = std::move(values);
}

}  // namespace

void fill_sparse_counts(MetricDigest& digest) {
  using Owner = std::pair<std::string, std::string>;  // service, namespace
  std::map<Owner, const Series*> fullest;
  for (const Series& s : digest.series) {
    if (s.metric_namespace.empty() || s.service.empty() || counts_failures(s)) continue;
    const Series*& best = fullest[{s.service, s.metric_namespace}];
    if (best == nullptr || s.times.size() > best->times.size()) best = &s;
  }
  for (Series& s : digest.series) {
    if (!counts_failures(s)) continue;
    const auto neighbour = fullest.find({s.service, s.metric_namespace});
    if (neighbour != fullest.end()) add_zeros(s, neighbour->second->times);
  }
}

std::string Series::label() const {
  std::string text = name;
  if (!statistic.empty()) text += "[" + statistic + "]";
  if (!dimensions.empty()) {
    text += " {";
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
      if (i > 0) text += ", ";
      text += dimensions[i].first + "=" + dimensions[i].second;
    }
    text += "}";
  }
  return text;
}

void MetricDigester::add(std::uint32_t file, MetricSeries&& in) {
  const std::uint64_t room = kMaxPoints > points_ ? kMaxPoints - points_ : 0;
  const std::size_t taken = std::min<std::uint64_t>(room, in.times.size());
  dropped_ += in.times.size() - taken;
  points_ += taken;
  if (taken == 0) return;
  Series& s = series_[Key(in.service, in.instance, in.metric_namespace, in.name, in.statistic, in.dimensions)];
  if (s.parts.empty()) {
    s.service = std::move(in.service);
    s.instance = std::move(in.instance);
    s.name = std::move(in.name);
    s.unit = std::move(in.unit);
    s.statistic = std::move(in.statistic);
    s.metric_namespace = std::move(in.metric_namespace);
    s.dimensions = std::move(in.dimensions);
    s.temporality = in.temporality;
  }
  const auto [low, high] = std::minmax_element(in.times.begin(), in.times.begin() + static_cast<std::ptrdiff_t>(taken));
  s.parts.push_back({file, in.position, *low, *high});
  for (std::size_t i = 0; i < taken; ++i) {
    if (!std::isfinite(in.values[i])) continue;
    s.times.push_back(in.times[i]);
    s.values.push_back(in.values[i]);
  }
}

void MetricDigester::merge(MetricDigester&& other) {
  for (auto& [key, from] : other.series_) {
    const auto it = series_.find(key);
    if (it == series_.end()) {
      series_.emplace(key, std::move(from));
      continue;
    }
    Series& to = it->second;
    to.times.insert(to.times.end(), from.times.begin(), from.times.end());
    to.values.insert(to.values.end(), from.values.begin(), from.values.end());
    to.parts.insert(to.parts.end(), from.parts.begin(), from.parts.end());
  }
  points_ += other.points_;
  dropped_ += other.dropped_;
  other.series_.clear();
}

MetricDigest MetricDigester::finish() {
  MetricDigest digest;
  digest.points = points_;
  digest.dropped_points = dropped_;
  for (auto& [key, s] : series_) {
    sort_points(s);
    if (s.temporality == MetricTemporality::kCumulative) to_rate(s);
    if (!s.times.empty()) digest.series.push_back(std::move(s));
  }
  series_.clear();
  fill_sparse_counts(digest);
  return digest;
}

}  // namespace fa
