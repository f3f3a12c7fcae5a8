#include "analysis/causal/golden_signals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "analysis/metrics/metric_change.h"
#include "analysis/metrics/metric_kind.h"
#include "analysis/stats/statistics.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr double kReportStrength = 2.0;  // p < 0.01: the call graph adds what a single entity's numbers lack

enum class Signal { kLatency, kErrors };

/// The series of one entity that carry its golden signals.
struct Entity {
  const Series* latency = nullptr;
  const Series* success = nullptr;  ///< Percent or ratio of requests that succeed.
  const Series* errors = nullptr;   ///< Failed requests.
  const Series* traffic = nullptr;
};

/// Means add up over requests, percentiles do not: the mean is preferred wherever it is given.
int statistic_preference(std::string_view statistic) {
  if (iequals(statistic, "average") || iequals(statistic, "mean") || iequals(statistic, "avg")) return 3;
  if (statistic.empty()) return 2;
  if (iequals(statistic, "p50") || iequals(statistic, "median")) return 1;
  return 0;
}

int traffic_preference(const Series& s, MetricKind kind) {
  const bool counts = s.unit.empty() || s.unit == "1" || iequals(s.unit, "count") || s.unit == "1/s";
  const bool sums = iequals(s.statistic, "sum") || iequals(s.statistic, "samplecount") || iequals(s.statistic, "count");
  if (kind == MetricKind::kTraffic) return sums ? 4 : 3;
  if (kind == MetricKind::kOther && counts && sums) return 2;
  return 0;
}

/// Failures of the server tell more about it than mistakes of its callers.
int errors_preference(const Series& s) {
  const std::string name = to_lower(s.name);
  const auto names = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return name.find(word) != std::string::npos; });
  };
  if (names({"5xx", "fault", "server"})) return 3;
  return names({"4xx", "client", "user"}) ? 1 : 2;
}

std::map<std::string, Entity> entities_of(const MetricDigest& digest, const std::set<std::string>& traced) {
  std::map<std::string, Entity> entities;
  std::map<const Series*, int> preference;
  const auto prefer = [&](const Series*& slot, const Series& s, int rank) {
    if (slot == nullptr || rank > preference[slot]) {
      slot = &s;
      preference[slot] = rank;
    }
  };
  for (const Series& s : digest.series) {
    if (s.service.empty() || !s.instance.empty() || traced.contains(s.service)) continue;
    const MetricKind kind = metric_kind(s);
    Entity& e = entities[s.service];
    if (kind == MetricKind::kLatency && seconds_per_value(s) > 0)
      prefer(e.latency, s, statistic_preference(s.statistic));
    if (kind == MetricKind::kSuccess) prefer(e.success, s, statistic_preference(s.statistic));
    if (kind == MetricKind::kErrors) prefer(e.errors, s, errors_preference(s));
    if (const int rank = traffic_preference(s, kind); rank > 0) prefer(e.traffic, s, rank);
  }
  return entities;
}

double traffic_at(const Series* traffic, TimePoint t) {
  if (traffic == nullptr) return 1;
  const auto it = std::lower_bound(traffic->times.begin(), traffic->times.end(), t);
  return it != traffic->times.end() && *it == t
             ? std::max(0.0, traffic->values[static_cast<std::size_t>(it - traffic->times.begin())])
             : 0;
}

/// What one entity did to its requests beyond its baseline.
struct Harm {
  const Series* series = nullptr;
  SeriesChange change;
  double excess = 0;  ///< Seconds of waiting or failed requests.
  double total = 0;   ///< All seconds of waiting, or all requests, in the window; 0 where that is not known.
  double strength = 0;
  double base = 0;  ///< Level before and in the window, in the series' own unit.
  double level = 0;
  TimePoint onset = kNoTime;
  TimePoint peak = kNoTime;
  bool fresh = false;  ///< No sign of it in the baseline.
};

std::optional<Harm> latency_harm(const Entity& e, const PeriodClock& periods) {
  if (e.latency == nullptr) return std::nullopt;
  Harm h;
  h.series = e.latency;
  h.change = compare_series(*e.latency, periods);
  if (h.change.window_points == 0) return std::nullopt;
  h.fresh = h.change.baseline_points == 0;
  h.base = h.change.baseline_median;
  h.level = h.change.high;
  h.strength = h.change.rise_strength;
  h.onset = h.change.rise_onset;
  h.peak = h.change.high_time;
  const double unit = seconds_per_value(*e.latency);
  if (!h.fresh) {
    for (std::size_t i = 0; i < e.latency->times.size(); ++i) {
      const TimePoint t = e.latency->times[i];
      if (periods.period(t) == Period::kWindow) {
        h.excess += (e.latency->values[i] - h.base) * unit * traffic_at(e.traffic, t);
        h.total += e.latency->values[i] * unit * traffic_at(e.traffic, t);
      }
    }
  }
  return h;
}

/// How much more the share of failures varies from point to point than chance alone would have it (quasi-binomial
/// dispersion, McCullagh & Nelder 1989, 4.5); at least 1.
double overdispersion(const std::vector<std::pair<double, double>>& points, double share) {
  double chi_square = 0;
  double used = 0;
  for (const auto& [bad, all] : points) {
    const double variance = all * share * (1 - share);
    if (variance <= 0) continue;
    chi_square += (bad - all * share) * (bad - all * share) / variance;
    ++used;
  }
  return used > 1 ? std::max(1.0, chi_square / (used - 1)) : 1.0;
}

std::optional<Harm> error_harm(const Entity& e, const PeriodClock& periods) {
  const Series* s = e.success != nullptr ? e.success : e.errors;
  if (s == nullptr) return std::nullopt;
  const bool success = e.success != nullptr;
  Harm h;
  h.series = s;
  h.change = compare_series(*s, periods);
  if (h.change.window_points == 0) return std::nullopt;
  h.fresh = h.change.baseline_points == 0;
  const bool percent = s->unit == "%" || iequals(s->unit, "percent");
  const double full = percent || std::max(h.change.high, h.change.baseline_median) > 1 ? 100 : 1;
  const auto failed = [&](double value, TimePoint t) {
    if (success) return (1 - std::clamp(value / full, 0.0, 1.0)) * traffic_at(e.traffic, t);
    return percent ? std::clamp(value / 100, 0.0, 1.0) * traffic_at(e.traffic, t) : value;
  };
  double failed_b = 0;
  double all_b = 0;
  double failed_w = 0;
  double all_w = 0;
  std::vector<std::pair<double, double>> baseline;  // failed, all, by point
  for (std::size_t i = 0; i < s->times.size(); ++i) {
    const TimePoint t = s->times[i];
    const Period p = periods.period(t);
    if (p == Period::kOther) continue;
    const double bad = failed(s->values[i], t);
    const double all = std::max(traffic_at(e.traffic, t), bad);
    (p == Period::kWindow ? failed_w : failed_b) += bad;
    (p == Period::kWindow ? all_w : all_b) += all;
    if (p == Period::kBaseline) baseline.emplace_back(bad, all);
  }
  if (all_w <= 0) return std::nullopt;
  const double share_b = all_b > 0 ? failed_b / all_b : 0;
  h.excess = failed_w - share_b * all_w;
  if (e.traffic != nullptr) h.total = all_w;
  h.base = h.change.baseline_median;
  h.level = success ? h.change.low : h.change.high;
  h.onset = success ? h.change.fall_onset : h.change.rise_onset;
  h.peak = success ? h.change.low_time : h.change.high_time;
  if (e.traffic == nullptr) {
    h.strength = success ? h.change.fall_strength : h.change.rise_strength;
  } else if (h.excess > 0) {
    const double clumping = overdispersion(baseline, share_b);
    h.strength = stats::proportion_strength(failed_b / clumping, std::max(all_b, 1.0) / clumping, failed_w / clumping,
                                            all_w / clumping);
  }
  return h;
}

/// Harm of every entity less that of what it calls.
std::map<std::string, double> own_harm(const std::map<std::string, Harm>& harms,
                                       const std::map<std::string, std::set<std::string>>& callees) {
  std::map<std::string, double> own;
  for (const auto& [name, harm] : harms) {
    double passed_on = 0;
    const auto it = callees.find(name);
    if (it != callees.end()) {
      for (const std::string& callee : it->second) {
        const auto c = harms.find(callee);
        if (callee == name || c == harms.end()) continue;
        if (c->second.fresh || c->second.strength < kReportStrength) continue;
        passed_on += std::max(0.0, c->second.excess);
      }
    }
    own[name] = std::max(0.0, harm.excess - passed_on);
  }
  return own;
}

Finding to_finding(const std::string& name, const Harm& h, double own, Signal signal, const PeriodClock& periods) {
  Finding f;
  f.kind = signal == Signal::kLatency ? FindingKind::kLatencyRise : FindingKind::kErrorRise;
  f.evidence = EvidenceKind::kMetric;
  f.subject.service = name;
  f.key = f.label = h.series->label();
  f.unit = h.series->unit;
  f.baseline = h.base;
  f.window = h.level;
  f.strength = h.strength;
  const double high = std::max(std::abs(h.base), std::abs(h.level));
  if (signal == Signal::kLatency) {
    f.effect = high > 0 ? std::clamp(1 - h.base / h.level, 0.0, 1.0) : 0;
  } else {
    f.effect = high > 0 ? std::clamp(std::abs(h.level - h.base) / high, 0.0, 1.0) : 0;
    // A loss of a few percent of requests is an incident already; the shares of it are weighed by `excess`.
    f.effect = std::max(f.effect, h.excess > 0 ? 0.5 : 0.0);
  }
  f.excess = own;
  f.onset = h.onset;
  f.facts = {{"median_baseline", h.change.baseline_median, f.unit},
             {"level_window", h.level, f.unit},
             {"points_baseline", static_cast<double>(h.change.baseline_points), ""},
             {"points_window", static_cast<double>(h.change.window_points), ""},
             {"excess_total", h.excess, signal == Signal::kLatency ? "s" : "requests"},
             {"excess_own", own, signal == Signal::kLatency ? "s" : "requests"}};
  if (h.series->temporality != MetricTemporality::kCumulative) {
    const auto it = std::lower_bound(h.series->times.begin(), h.series->times.end(), h.peak);
    if (it != h.series->times.end()) {
      f.facts.push_back(
          {"value_at_time", h.series->values[static_cast<std::size_t>(it - h.series->times.begin())], f.unit});
    }
  }
  f.window_chart = chart_of(*h.series, periods.window());
  if (h.change.baseline_points > 0) f.baseline_chart = chart_of(*h.series, periods.baseline());
  for (const SeriesPart& part : h.series->parts) {
    if (h.peak < part.first || h.peak > part.last) continue;
    f.quotes.push_back({part.file, part.position, h.peak, {}});
    break;
  }
  return f;
}

}  // namespace

std::vector<Finding> find_golden_signals(const MetricDigest& digest, std::span<const TopologyEdge> topology,
                                         const PeriodClock& periods, const std::set<std::string>& traced) {
  const std::map<std::string, Entity> entities = entities_of(digest, traced);
  std::map<std::string, std::set<std::string>> callees;
  for (const TopologyEdge& e : topology) callees[e.caller].insert(e.callee);
  std::array<std::map<std::string, Harm>, 2> harms_by_signal;
  for (const auto& [name, entity] : entities) {
    if (const auto harm = latency_harm(entity, periods)) harms_by_signal[0].emplace(name, *harm);
    if (const auto harm = error_harm(entity, periods)) harms_by_signal[1].emplace(name, *harm);
  }
  std::vector<Finding> findings;
  for (const Signal signal : {Signal::kLatency, Signal::kErrors}) {
    const std::map<std::string, Harm>& harms = harms_by_signal[signal == Signal::kLatency ? 0 : 1];
    const std::map<std::string, double> own = own_harm(harms, callees);
    // Where requests enter, all waiting and failing below is counted once more: the largest sum is the users'.
    double whole = 0;
    for (const auto& [name, harm] : harms) whole = std::max(whole, harm.total);
    for (const auto& [name, harm] : harms) {
      if (harm.fresh || harm.strength < kReportStrength || harm.excess <= 0) continue;
      findings.push_back(to_finding(name, harm, own.at(name), signal, periods));
      if (whole > 0) findings.back().materiality = std::min(1.0, own.at(name) / whole);
    }
  }
  return findings;
}

AlarmSignal alarm_signal(const Alarm& alarm, const MetricDigest& digest) {
  Series unknown;
  unknown.name = alarm.metric;
  const Series* series = &unknown;
  for (const Series& s : digest.series) {
    if (s.service == alarm.entity && s.name == alarm.metric) series = &s;
  }
  switch (metric_kind(*series)) {
    case MetricKind::kLatency:
      return AlarmSignal::kLatency;
    case MetricKind::kSuccess:
    case MetricKind::kErrors:
      return AlarmSignal::kErrors;
    default:
      return AlarmSignal::kUnknown;
  }
}

}  // namespace fa
