#include <algorithm>
#include <cmath>

#include "analysis/stats/statistics.h"
#include "insight/facts_find.h"

namespace fa::insight {
namespace {

constexpr double kLeastCorrelation = 0.5;
/// A lead is told only where it fits clearly better than no lead.
constexpr double kLeastLeadGain = 0.1;
constexpr std::size_t kLeastSteps = 20;
constexpr std::size_t kMostLag = 12;
constexpr std::size_t kMostCorrelations = 8;

/// What is compared: ranks with mean 0, and how long they resemble themselves.
struct Comparable {
  const StudiedSeries* studied = nullptr;
  GridValues ranks;
  std::vector<double> autocorrelation;
};

GridValues differences_of(const GridValues& values) {
  GridValues differences;
  for (std::size_t i = 1; i < values.size(); ++i) differences.push_back(values[i] - values[i - 1]);
  return differences;
}

GridValues centred_ranks(const GridValues& values) {
  GridValues ranks = ranks_of(values);
  const double middle = static_cast<double>(present_values(ranks).size() + 1) / 2;
  for (double& r : ranks) r -= middle;
  return ranks;
}

/// Two series that wander agree by chance for long; their steps do not (Granger and Newbold 1974).
bool wanders(const GridValues& values) {
  const stats::RobustCenter center = stats::robust_center(present_values(values));
  GridValues tamed = tamed_deviations(values, center.median, center.scale);
  const std::vector<double> present = present_values(tamed);
  double mean = 0;
  for (const double v : present) mean += v / static_cast<double>(present.size());
  for (double& v : tamed) v -= mean;
  return !returns_to_its_level(tamed, Fitted::kMean);
}

struct Match {
  double correlation = 0;
  int lag = 0;  ///< Above 0: the first is earlier.
  double independent = 0;
  double strength = 0;
};

Match match_at(const Comparable& a, const Comparable& b, int lag) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  double n = 0;
  const auto size = static_cast<int>(a.ranks.size());
  for (int i = std::max(0, -lag); i < size && i + lag < size; ++i) {
    const double x = a.ranks[static_cast<std::size_t>(i)];
    const double y = b.ranks[static_cast<std::size_t>(i + lag)];
    if (std::isnan(x) || std::isnan(y)) continue;
    ab += x * y;
    aa += x * x;
    bb += y * y;
    ++n;
  }
  Match match;
  match.lag = lag;
  if (n < kLeastSteps || aa <= 0 || bb <= 0) return match;
  match.correlation = std::clamp(ab / std::sqrt(aa * bb), -0.9999, 0.9999);
  // Bartlett (1946): the variance of a correlation between two series that resemble themselves.
  double sum = 0;
  for (std::size_t k = 1; k < std::min(a.autocorrelation.size(), b.autocorrelation.size()); ++k) {
    sum += a.autocorrelation[k] * b.autocorrelation[k];
  }
  match.independent = n / std::max(1.0, 1 + 2 * sum);
  const double dof = match.independent - 2;
  if (dof < 1) return match;
  const double r = match.correlation;
  match.strength = two_sided_strength(std::abs(r) * std::sqrt(dof / (1 - r * r)), dof);
  return match;
}

Match best_match(const Comparable& a, const Comparable& b) {
  const Match together = match_at(a, b, 0);
  Match best = together;
  const int most = static_cast<int>(std::min(kMostLag, a.ranks.size() / 8));
  for (int lag = -most; lag <= most; ++lag) {
    const Match match = match_at(a, b, lag);
    if (std::abs(match.correlation) > std::abs(best.correlation)) best = match;
  }
  return std::abs(best.correlation) >= std::abs(together.correlation) + kLeastLeadGain ? best : together;
}

/// The same thing twice: one statistic and another, one zone of a load balancer and all of it.
bool is_same_metric(const InsightMetric& a, const InsightMetric& b) {
  return a.metric_namespace == b.metric_namespace && a.name == b.name &&
         (a.resource == b.resource ||
          std::includes(a.dimensions.begin(), a.dimensions.end(), b.dimensions.begin(), b.dimensions.end()) ||
          std::includes(b.dimensions.begin(), b.dimensions.end(), a.dimensions.begin(), a.dimensions.end()));
}

bool has_same_grid(const StudiedSeries& a, const StudiedSeries& b) {
  return a.window.step == b.window.step && a.window.begin == b.window.begin &&
         a.window.values.size() == b.window.values.size();
}

Comparable comparable(const StudiedSeries& studied, const GridValues& values) {
  Comparable result{&studied, centred_ranks(values), {}};
  result.autocorrelation = autocorrelation(result.ranks, result.ranks.size() / 4);
  return result;
}

InsightFact correlation_fact(const Comparable& a, const Comparable& b, const Match& match) {
  InsightFact fact = fact_of(*a.studied, InsightFactKind::kCorrelation);
  fact.series.push_back(b.studied->index);
  const double step = static_cast<double>(std::chrono::floor<std::chrono::seconds>(a.studied->window.step).count());
  fact.numbers = {{"correlation", match.correlation, ""},
                  {"lag_seconds", match.lag * step, "s"},
                  {"steps", static_cast<double>(present_values(a.ranks).size()), ""},
                  {"independent", match.independent, ""},
                  {"p", std::pow(10.0, -match.strength), ""}};
  fact.strength = 0.5 * std::abs(match.correlation);
  return fact;
}

}  // namespace

std::vector<InsightFact> find_correlations(std::span<const StudiedSeries> all) {
  std::vector<GridValues> windows;
  std::vector<bool> wandering;
  for (const StudiedSeries& studied : all) {
    windows.push_back(window_without_rhythm(studied));
    wandering.push_back(wanders(windows.back()));
  }
  std::vector<Comparable> levels;
  std::vector<Comparable> steps;
  for (std::size_t i = 0; i < all.size(); ++i) {
    levels.push_back(comparable(all[i], windows[i]));
    steps.push_back(comparable(all[i], differences_of(windows[i])));
  }
  const double pairs = static_cast<double>(all.size() * (all.size() > 0 ? all.size() - 1 : 0)) / 2;
  std::vector<InsightFact> facts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (!has_same_grid(all[i], all[j]) || is_same_metric(all[i].series->metric, all[j].series->metric)) continue;
      const std::vector<Comparable>& of = wandering[i] || wandering[j] ? steps : levels;
      Match match = best_match(of[i], of[j]);
      // Bonferroni over pairs and lags.
      match.strength = std::max(0.0, match.strength - std::log10(pairs * (2 * kMostLag + 1)));
      if (std::abs(match.correlation) < kLeastCorrelation || match.strength < kFactStrength) continue;
      facts.push_back(correlation_fact(of[i], of[j], match));
    }
  }
  std::stable_sort(facts.begin(), facts.end(),
                   [](const InsightFact& a, const InsightFact& b) { return a.strength > b.strength; });
  if (facts.size() > kMostCorrelations) facts.resize(kMostCorrelations);
  return facts;
}

}  // namespace fa::insight
