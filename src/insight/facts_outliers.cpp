#include <algorithm>
#include <cmath>

#include "analysis/stats/statistics.h"
#include "insight/facts_find.h"

namespace fa::insight {
namespace {

using std::chrono::hours;

constexpr std::size_t kLeastOutlierPoints = 20;
constexpr std::size_t kLeastPointsBefore = 5;
constexpr double kTimesApart = 3;
constexpr std::size_t kMostOutlierPoints = 20'000;
constexpr std::size_t kMostGroups = 5;
/// Times the robust standard deviation (Hampel 1974 calls for 3; here thousands of points are looked at).
constexpr double kLeastScales = 6;
/// Points less than so many apart belong to one moment.
constexpr std::size_t kGroupGap = 3;

struct Outlying {
  TimePoint time = kNoTime;
  double value = 0;
  double deviation = 0;  ///< From what was to be expected.
  double strength = 0;   ///< 0: not outlying.
};

/// The window's points; of very many, the one of each stretch that lies farthest from the median.
std::vector<Outlying> points_of(const InsightSeries& series) {
  std::vector<Outlying> points;
  std::vector<double> values;
  for (std::size_t i = 0; i < std::min(series.times.size(), series.values.size()); ++i) {
    if (!series.window.contains(series.times[i]) || !is_usable(series.values[i])) continue;
    points.push_back({series.times[i], series.values[i], 0, 0});
    values.push_back(series.values[i]);
  }
  if (points.size() <= kMostOutlierPoints) return points;
  const double middle = stats::median_of(std::move(values));
  const std::size_t stretch = (points.size() + kMostOutlierPoints - 1) / kMostOutlierPoints;
  std::vector<Outlying> farthest;
  for (std::size_t from = 0; from < points.size(); from += stretch) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(std::min(points.size(), from + stretch));
    farthest.push_back(*std::max_element(begin, end, [&](const Outlying& a, const Outlying& b) {
      return std::abs(a.value - middle) < std::abs(b.value - middle);
    }));
  }
  return farthest;
}

/// Median of `half` neighbours on either side (fewer at the ends): follows what wanders, and is not moved by moments.
std::vector<double> running_median(const std::vector<double>& values, std::size_t half) {
  std::vector<double> medians;
  std::vector<double> sorted;
  std::size_t from = 0;
  std::size_t to = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (; to < std::min(values.size(), i + half + 1); ++to) {
      sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), values[to]), values[to]);
    }
    for (; from + half < i; ++from) sorted.erase(std::lower_bound(sorted.begin(), sorted.end(), values[from]));
    medians.push_back(stats::quantile(sorted, 0.5));
  }
  return medians;
}

/// How surely a value lies beyond the tail that the others make: their largest tenth is taken for exponential, which
/// it is at the heaviest where the logarithms are tested as well (Pickands 1975; Siffer et al. 2017 do the same for
/// streams).
class UpperTail {
 public:
  explicit UpperTail(std::vector<double> values) {
    scale_ = stats::robust_center(values).scale;
    std::sort(values.begin(), values.end());
    begin_ = stats::quantile(values, 0.9);
    std::vector<double> beyond;
    for (const double v : values) {
      if (v > begin_) beyond.push_back(v - begin_);
    }
    beyond_ = static_cast<double>(beyond.size());
    mean_ = stats::median_of(std::move(beyond)) / std::log(2.0);
  }
  /// -log10 of how many values as high as this were to be expected; 0 for those that do not stand out at all.
  [[nodiscard]] double strength(double value) const {
    if (mean_ <= 0 || value < kLeastScales * scale_) return 0;
    return std::max(0.0, (value - begin_) / mean_ / std::log(10.0) - std::log10(std::max(beyond_, 1.0)));
  }

 private:
  double scale_ = 0;
  double begin_ = 0;
  double beyond_ = 0;
  double mean_ = 0;
};

void judge(std::vector<Outlying>& points) {
  std::vector<double> up;
  std::vector<double> down;
  std::vector<double> ratios;  // logarithms of value over expectation
  bool positive = true;
  for (const Outlying& p : points) {
    up.push_back(p.deviation);
    down.push_back(-p.deviation);
    const double expected = p.value - p.deviation;
    positive = positive && p.value > 0 && expected > 0;
    ratios.push_back(positive ? std::log(p.value / expected) : 0);
  }
  const UpperTail above(std::move(up));
  const UpperTail below(std::move(down));
  const UpperTail growth(ratios);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].deviation < 0) {
      points[i].strength = below.strength(-points[i].deviation);
    } else {
      points[i].strength = above.strength(points[i].deviation);
      // Values that are never negative are often skewed; only what stands out from that, too, is none of it.
      if (positive) points[i].strength = std::min(points[i].strength, growth.strength(ratios[i]));
    }
  }
}

/// Counts of failures that are 0 but for one moment: no tail can be measured, yet that moment is what people look for.
void judge_rare_failures(std::vector<Outlying>& points) {
  std::vector<std::size_t> events;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].value != 0) events.push_back(i);
  }
  if (events.empty() || 20 * events.size() > points.size()) return;
  if (events.back() - events.front() >= kGroupGap * events.size()) return;
  for (const std::size_t i : events) points[i].strength = kFactStrength;
}

/// True where a day or a week before it was as unusual at that time: what happens each night is to be expected.
bool seen_before(const InsightSeries& series, const Outlying& point, Nanoseconds period) {
  const double expected = point.value - point.deviation;
  for (const Nanoseconds ago : {Nanoseconds(hours(24)), Nanoseconds(hours(168))}) {
    const auto begin = std::lower_bound(series.times.begin(), series.times.end(), point.time - ago - 2 * period);
    for (auto it = begin; it != series.times.end() && *it <= point.time - ago + 2 * period; ++it) {
      const double value = series.values[static_cast<std::size_t>(it - series.times.begin())];
      if ((value - expected) / point.deviation > 0.5) return true;
    }
  }
  return false;
}

struct Group {
  TimeRange range;
  Outlying worst;
  std::size_t points = 0;
};

std::vector<Group> groups_of(const InsightSeries& series, const std::vector<Outlying>& points, Nanoseconds period) {
  std::vector<Group> groups;
  std::size_t last = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].strength < kFactStrength || seen_before(series, points[i], period)) continue;
    if (groups.empty() || i - last > kGroupGap) groups.push_back({{points[i].time, points[i].time}, points[i], 0});
    Group& group = groups.back();
    group.range.end = points[i].time + period;
    ++group.points;
    if (std::abs(points[i].deviation) > std::abs(group.worst.deviation)) group.worst = points[i];
    last = i;
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return std::abs(a.worst.deviation) > std::abs(b.worst.deviation);
  });
  return groups;
}

void judge_by_own_tail(const StudiedSeries& studied, const TrendFit& fit, const LocalTime& zone, Nanoseconds period,
                       std::vector<Outlying>& points) {
  std::vector<double> level;
  const auto step = static_cast<double>(studied.window.step.count());
  for (const Outlying& p : points) {
    // Near the ends the median of the neighbours lags behind a trend.
    const double steps = static_cast<double>((p.time - studied.window.begin).count()) / step;
    level.push_back(p.value - seasonal_offset(studied.season, p.time + period / 2, zone) - fit.slope * steps);
  }
  const std::vector<double> medians = running_median(level, std::clamp<std::size_t>(points.size() / 48, 7, 200));
  for (std::size_t i = 0; i < points.size(); ++i) points[i].deviation = level[i] - medians[i];
  judge(points);
  const bool failures = studied.kind == MetricKind::kErrors || studied.kind == MetricKind::kThrottles ||
                        studied.kind == MetricKind::kRestarts;
  if (failures) judge_rare_failures(points);
}

/// A few points have no tail of their own. They are held against the time before: what lies several times as far from
/// its median, in logarithms, as all of its own values and a factor of two lie apart is none of it.
void judge_by_time_before(const InsightSeries& series, std::vector<Outlying>& points) {
  std::vector<double> before;
  for (std::size_t i = 0; i < std::min(series.times.size(), series.values.size()); ++i) {
    if (series.previous.contains(series.times[i]) && is_usable(series.values[i])) before.push_back(series.values[i]);
  }
  if (before.size() < kLeastPointsBefore) return;
  const auto [least, most] = std::minmax_element(before.begin(), before.end());
  if (*least <= 0) return;
  const double apart = std::log(*most / *least) + std::log(2.0);
  const double expected = stats::median_of(before);
  for (Outlying& p : points) {
    p.deviation = p.value - expected;
    if (p.value > 0 && std::abs(std::log(p.value / expected)) > kTimesApart * apart) p.strength = kFactStrength;
  }
}

InsightFact fact_of_groups(const StudiedSeries& studied, const std::vector<Group>& groups) {
  InsightFact fact = fact_of(studied, InsightFactKind::kOutliers);
  fact.ranges.clear();
  double flagged = 0;
  for (const Group& group : groups) {
    if (fact.ranges.size() < kMostGroups) fact.ranges.push_back(group.range);
    flagged += static_cast<double>(group.points);
  }
  const Outlying& worst = groups.front().worst;
  const std::string& unit = studied.series->metric.unit;
  fact.numbers = {{"moments", static_cast<double>(groups.size()), ""},
                  {"points", flagged, ""},
                  {"worst", worst.value, unit},
                  {"expected", worst.value - worst.deviation, unit},
                  {"p", std::pow(10.0, -worst.strength), ""}};
  fact.strength =
      change_weight(0.7, share_of_change(worst.deviation, worst.value - worst.deviation), bad_direction(studied));
  return fact;
}

}  // namespace

std::optional<InsightFact> find_outliers(const StudiedSeries& studied, const TrendFit& fit, const LocalTime& zone) {
  const InsightSeries& series = *studied.series;
  std::vector<Outlying> points = points_of(series);
  if (points.empty()) return std::nullopt;
  const Nanoseconds period = series.metric.period_seconds > 0 ? std::chrono::seconds(series.metric.period_seconds)
                             : points.size() > 1              ? points[1].time - points[0].time
                                                              : Nanoseconds(studied.window.step);
  if (points.size() < kLeastOutlierPoints) {
    judge_by_time_before(series, points);
  } else {
    judge_by_own_tail(studied, fit, zone, period, points);
  }
  const std::vector<Group> groups = groups_of(series, points, period);
  if (groups.empty()) return std::nullopt;
  return fact_of_groups(studied, groups);
}

}  // namespace fa::insight
