#include "analysis/metrics/metric_change.h"

#include <algorithm>
#include <cmath>

#include "analysis/metrics/metric_kind.h"
#include "analysis/stats/statistics.h"

namespace fa {
namespace {

/// Measurements that vary by less than this share of their level are taken to vary by it: a baseline of few or equal
/// values says little about what is normal.
constexpr double kRelativeNoiseFloor = 0.03;
/// With a single baseline point nothing is known of the spread; requests vary by about a third between minutes.
constexpr double kUnknownSpread = 0.33;
constexpr double kReportStrength = 3.0;  // p < 0.001 after correction
/// A resource that is nearly used up is a cause only together with harm, which has its own test.
constexpr double kReportSaturation = 2.0;
/// Fewer baseline points than this say nothing of the spread; points of other times then help out.
constexpr std::size_t kFewPoints = 5;
/// Of a bounded resource, from which on work begins to wait for it: at half, as long as it takes.
constexpr double kNearlyUsedUp = 0.5;
/// Success shares are rarely known more exactly than this.
constexpr double kSmallestFailureShare = 0.003;
/// Of something that runs out (free memory, free storage) little is left once this share of its usual level is gone.
constexpr double kMostIsGone = 0.75;

struct Points {
  std::vector<TimePoint> times;
  std::vector<double> values;
};

struct Split {
  Points baseline;  ///< What the window is held against.
  Points window;
  std::size_t vouched = 0;  ///< How many of the baseline's points, from the first, lie in the baseline itself.
};

void add_point(Points& to, const Series& series, std::size_t i) {
  to.times.push_back(series.times[i]);
  to.values.push_back(series.values[i]);
}

Split split(const Series& series, const PeriodClock& periods) {
  Split result;
  for (std::size_t i = 0; i < series.times.size(); ++i) {
    const Period period = periods.period(series.times[i]);
    if (period != Period::kOther) add_point(period == Period::kWindow ? result.window : result.baseline, series, i);
  }
  result.vouched = result.baseline.values.size();
  // Nobody vouches for other times, but a median bears that some of them were bad; of a short baseline alone, sampled
  // once a minute, little or nothing would be known.
  if (!periods.baseline().empty() && result.vouched < kFewPoints) {
    for (std::size_t i = 0; i < series.times.size(); ++i) {
      if (periods.period(series.times[i]) == Period::kOther) add_point(result.baseline, series, i);
    }
  }
  return result;
}

/// Level held over two neighbouring points; single points where there are few, since then each covers a long time.
std::vector<double> held_levels(const std::vector<double>& values) {
  if (values.size() < 4) return values;
  std::vector<double> levels;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) levels.push_back(values[i] / 2 + values[i + 1] / 2);
  return levels;
}

TimePoint first_beyond(const Points& points, double threshold, bool above) {
  for (std::size_t i = 0; i < points.values.size(); ++i) {
    if (above ? points.values[i] >= threshold : points.values[i] <= threshold) return points.times[i];
  }
  return kNoTime;
}

Mechanism hint_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCpu:
      return Mechanism::kCpuSaturation;
    case MetricKind::kMemory:
      return Mechanism::kMemoryPressure;
    case MetricKind::kDisk:
      return Mechanism::kDiskFull;
    case MetricKind::kConnections:
      return Mechanism::kConnectionPoolExhausted;
    case MetricKind::kThrottles:
      return Mechanism::kThrottling;
    case MetricKind::kRestarts:
      return Mechanism::kCrash;
    case MetricKind::kQueue:
      return Mechanism::kResourceExhaustion;
    default:
      return Mechanism::kUnknown;
  }
}

FindingKind rise_kind(MetricKind kind) {
  switch (kind) {
    case MetricKind::kLatency:
      return FindingKind::kLatencyRise;
    case MetricKind::kErrors:
    case MetricKind::kThrottles:
      return FindingKind::kErrorRise;
    case MetricKind::kTraffic:
      return FindingKind::kTrafficRise;
    default:
      return FindingKind::kMetricRise;
  }
}

FindingKind fall_kind(MetricKind kind) {
  switch (kind) {
    case MetricKind::kSuccess:
      return FindingKind::kErrorRise;
    case MetricKind::kTraffic:
      return FindingKind::kTrafficFall;
    default:
      return FindingKind::kMetricFall;
  }
}

Finding base_finding(const Series& series, const Split& parts, const SeriesChange& change, const PeriodClock& periods) {
  Finding f;
  f.evidence = EvidenceKind::kMetric;
  f.subject.service = series.service;
  f.subject.instance = series.instance;
  f.key = series.label();
  f.label = series.label();
  f.unit = series.unit;
  f.baseline = change.baseline_median;
  f.facts.push_back({"median_baseline", change.baseline_median, series.unit});
  f.facts.push_back({"points_baseline", static_cast<double>(change.baseline_points), ""});
  f.facts.push_back({"points_window", static_cast<double>(change.window_points), ""});
  if (!parts.window.times.empty()) f.window_chart = chart_of(series, periods.window());
  if (parts.vouched > 0) f.baseline_chart = chart_of(series, periods.baseline());
  return f;
}

/// The bytes that hold the point at `time`, as the quote behind the finding.
void quote_point(Finding& f, const Series& series, TimePoint time) {
  for (const SeriesPart& part : series.parts) {
    if (time < part.first || time > part.last) continue;
    f.quotes.push_back({part.file, part.position, time, {}});
    return;
  }
  if (!series.parts.empty()) f.quotes.push_back({series.parts.front().file, series.parts.front().position, time, {}});
}

double value_at(const Series& series, TimePoint time) {
  const auto it = std::lower_bound(series.times.begin(), series.times.end(), time);
  return it != series.times.end() && *it == time ? series.values[static_cast<std::size_t>(it - series.times.begin())]
                                                 : 0;
}

void finish_change(Finding& f, const Series& series, double level, TimePoint time, TimePoint onset, double strength) {
  f.window = level;
  f.strength = strength;
  f.onset = onset;
  f.facts.push_back({"level_window", level, series.unit});
  if (series.temporality != MetricTemporality::kCumulative) {
    f.facts.push_back({"value_at_time", value_at(series, time), series.unit});
  }
  quote_point(f, series, time);
}

void add_rise(const Series& series, const Split& parts, const SeriesChange& change, const PeriodClock& periods,
              MetricKind kind, std::vector<Finding>& out) {
  const double used_before = utilisation(series, kind, change.baseline_median);
  const double used_now = utilisation(series, kind, change.high);
  const bool nearly_used_up = used_now > kNearlyUsedUp;
  if (change.rise_strength < (nearly_used_up ? kReportSaturation : kReportStrength) || measures_rest(series)) return;
  Finding f = base_finding(series, parts, change, periods);
  f.kind = nearly_used_up ? FindingKind::kResourceSaturation : rise_kind(kind);
  f.hint = hint_of(kind);
  if (used_now >= 0) {
    // What is left of the resource decides how long work waits for it (waiting grows as 1 / (1 - utilisation)).
    f.effect = used_before >= 1 ? 0 : std::clamp(1 - (1 - used_now) / (1 - used_before), 0.0, 1.0);
  } else {
    f.effect = change.high > 0 ? std::clamp(1 - std::max(change.baseline_median, 0.0) / change.high, 0.0, 1.0) : 0;
  }
  finish_change(f, series, change.high, change.high_time, change.rise_onset, change.rise_strength);
  out.push_back(std::move(f));
}

void add_fall(const Series& series, const Split& parts, const SeriesChange& change, const PeriodClock& periods,
              MetricKind kind, std::vector<Finding>& out) {
  if (change.fall_strength < kReportStrength) return;
  // A fall of latency, errors or use of resources is no sign of trouble by itself; one of what is left of them is.
  const bool rest = measures_rest(series);
  if (rest && is_heap_space(series)) return;
  if (!rest && kind != MetricKind::kSuccess && kind != MetricKind::kTraffic && kind != MetricKind::kOther) return;
  Finding f = base_finding(series, parts, change, periods);
  f.kind = fall_kind(kind);
  f.effect =
      change.baseline_median > 0 ? std::clamp(1 - std::max(change.low, 0.0) / change.baseline_median, 0.0, 1.0) : 0;
  if (rest) {
    f.hint = hint_of(kind);
    f.kind = f.effect >= kMostIsGone ? FindingKind::kResourceSaturation : FindingKind::kMetricFall;
  }
  finish_change(f, series, change.low, change.low_time, change.fall_onset, change.fall_strength);
  out.push_back(std::move(f));
}

/// A series that had points all through the baseline and has none in the window, although others go on.
void add_stopped(const Series& series, const Split& parts, const SeriesChange& change, const PeriodClock& periods,
                 std::vector<Finding>& out) {
  const double share = periods.window_seconds() / std::max(1e-9, periods.baseline_seconds());
  const double expected = static_cast<double>(change.baseline_points) * share;
  if (!parts.window.times.empty() || expected < kReportStrength * std::log(10.0)) return;
  Finding f = base_finding(series, parts, change, periods);
  f.kind = FindingKind::kMetricStopped;
  f.strength = std::min(stats::kMaxStrength, expected / std::log(10.0));  // Poisson: P(0 | expected)
  f.effect = 1;
  f.onset = periods.window().begin;
  f.facts.push_back({"expected_points", expected, ""});
  quote_point(f, series, parts.baseline.times.back());
  out.push_back(std::move(f));
}

SeriesChange compare(const Split& parts, MetricKind kind) {
  SeriesChange change;
  change.baseline_points = parts.baseline.values.size();
  change.window_points = parts.window.values.size();
  if (parts.baseline.values.empty()) return change;
  const stats::RobustCenter center = stats::robust_center(parts.baseline.values);
  change.baseline_median = center.median;
  // Success shares vary with what is missing to their ceiling, not with their level.
  const bool success = kind == MetricKind::kSuccess;
  const double full = center.median > 1 ? 100 : 1;
  const double extent =
      success ? std::max(0.0, full - center.median) + kSmallestFailureShare * full : std::abs(center.median);
  const double floor = extent * (center.count == 1 || success ? kUnknownSpread : kRelativeNoiseFloor);
  change.baseline_scale = std::max({center.scale, floor, 1e-12});
  if (parts.window.values.empty()) return change;

  const std::vector<double> levels = held_levels(parts.window.values);
  change.high = *std::max_element(levels.begin(), levels.end());
  change.low = *std::min_element(levels.begin(), levels.end());
  const auto& w = parts.window;
  change.high_time =
      w.times[static_cast<std::size_t>(std::max_element(w.values.begin(), w.values.end()) - w.values.begin())];
  change.low_time =
      w.times[static_cast<std::size_t>(std::min_element(w.values.begin(), w.values.end()) - w.values.begin())];

  const auto n = static_cast<double>(center.count);
  const double dof = std::max(n - 1, 3.0);
  const double spread = change.baseline_scale * std::sqrt(1 + 1 / n);
  const double looks = std::log10(static_cast<double>(levels.size()));
  change.rise_strength =
      std::max(0.0, stats::student_tail_strength((change.high - center.median) / spread, dof) - looks);
  change.fall_strength =
      std::max(0.0, stats::student_tail_strength((center.median - change.low) / spread, dof) - looks);
  // What the baseline held as well, however rarely, is no news: the share of its levels that go as far bounds p.
  const std::vector<double> usual = held_levels(
      {parts.baseline.values.begin(), parts.baseline.values.begin() + static_cast<std::ptrdiff_t>(parts.vouched)});
  const auto as_high = std::count_if(usual.begin(), usual.end(), [&](double v) { return v >= change.high; });
  const auto as_low = std::count_if(usual.begin(), usual.end(), [&](double v) { return v <= change.low; });
  const auto seen_before = [&](std::ptrdiff_t count) {
    return count == 0 ? stats::kMaxStrength
                      : -std::log10(static_cast<double>(count + 1) / static_cast<double>(usual.size() + 1));
  };
  change.rise_strength = std::min(change.rise_strength, seen_before(as_high));
  change.fall_strength = std::min(change.fall_strength, seen_before(as_low));
  change.rise_onset = first_beyond(w, center.median + (change.high - center.median) / 2, true);
  change.fall_onset = first_beyond(w, center.median - (center.median - change.low) / 2, false);
  return change;
}

}  // namespace

SeriesChange compare_series(const Series& series, const PeriodClock& periods) {
  return compare(split(series, periods), metric_kind(series));
}

ChartSeries chart_of(const Series& series, TimeRange range) {
  ChartSeries chart;
  chart.range = range;
  chart.unit = series.unit;
  const PeriodClock clock(range, {});
  const auto first = std::lower_bound(series.times.begin(), series.times.end(), range.begin) - series.times.begin();
  const auto last = std::lower_bound(series.times.begin(), series.times.end(), range.end) - series.times.begin();
  const auto points = static_cast<std::size_t>(std::max<std::ptrdiff_t>(last - first, 0));
  const std::size_t steps = std::clamp<std::size_t>(points, 1, PeriodClock::kBuckets);
  std::vector<double> sums(steps);
  std::vector<std::size_t> counts(steps);
  for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
    const std::size_t step = clock.bucket(series.times[i]) * steps / PeriodClock::kBuckets;
    sums[step] += series.values[i];
    ++counts[step];
  }
  for (std::size_t i = 0; i < steps; ++i) {
    chart.values.push_back(counts[i] == 0 ? std::nullopt
                                          : std::optional<double>(sums[i] / static_cast<double>(counts[i])));
  }
  return chart;
}

std::vector<Finding> find_metric_changes(const MetricDigest& digest, const PeriodClock& periods) {
  std::vector<Finding> findings;
  const bool any_in_window = std::any_of(digest.series.begin(), digest.series.end(), [&](const Series& s) {
    const auto it = std::lower_bound(s.times.begin(), s.times.end(), periods.window().begin);
    return it != s.times.end() && *it < periods.window().end;
  });
  for (const Series& series : digest.series) {
    const Split parts = split(series, periods);
    const MetricKind kind = metric_kind(series);
    const SeriesChange change = compare(parts, kind);
    if (change.baseline_points == 0) continue;
    add_rise(series, parts, change, periods, kind, findings);
    add_fall(series, parts, change, periods, kind, findings);
    if (any_in_window) add_stopped(series, parts, change, periods, findings);
  }
  return findings;
}

}  // namespace fa
