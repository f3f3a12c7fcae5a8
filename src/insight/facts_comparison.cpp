#include <algorithm>
#include <cmath>

#include "analysis/stats/statistics.h"
#include "insight/facts_find.h"

namespace fa::insight {
namespace {

constexpr std::size_t kLeastPairs = 6;
constexpr std::size_t kWalkParts = 8;

double root_mean_square(const std::vector<double>& values) {
  double squares = 0;
  for (const double v : values) squares += v * v;
  return values.empty() ? 0 : std::sqrt(squares / static_cast<double>(values.size()));
}

double mean_of_present(const GridValues& values) {
  double sum = 0;
  const std::vector<double> present = present_values(values);
  for (const double v : present) sum += v / static_cast<double>(present.size());
  return sum;
}

/// -log10 p that the mean of the differences is 0. Differences that return to their level: Student's t with their
/// effective number (Zwiers and von Storch 1995). Others may be those of a random walk: then K parts of them have a
/// mean with K / 2 times the variance of one part's step to the next, and only what goes beyond that counts.
double difference_strength(const GridValues& differences) {
  const stats::RobustCenter center = stats::robust_center(present_values(differences));
  GridValues tamed = tamed_deviations(differences, center.median, center.scale);
  const double shift = mean_of_present(tamed);
  for (double& v : tamed) v -= shift;
  const double mean = center.median + shift;
  const double spread = root_mean_square(present_values(tamed));
  if (spread <= 1e-9 * std::abs(mean)) return mean == 0 ? 0 : stats::kMaxStrength;
  if (returns_to_its_level(tamed, Fitted::kMean)) {
    const double size = effective_size(tamed);
    return two_sided_strength(std::abs(mean) / spread * std::sqrt(size), size - 1);
  }
  const std::size_t parts = std::min(kWalkParts, differences.size() / 2);
  const GridValues means = part_means(tamed, parts);
  std::vector<double> steps;
  for (std::size_t i = 1; i < means.size(); ++i) {
    if (!std::isnan(means[i]) && !std::isnan(means[i - 1])) steps.push_back(means[i] - means[i - 1]);
  }
  const double step = root_mean_square(steps);
  if (steps.size() < 3 || step <= 0) return 0;
  return two_sided_strength(std::abs(mean) / (std::sqrt(static_cast<double>(parts) / 2) * step),
                            static_cast<double>(steps.size()));
}

/// Differences of moments that lie as far into the one time as into the other: with times of whole days or weeks they
/// hold no rhythm, even where too few days are there to know it.
GridValues paired_differences(const StudiedSeries& studied, const LocalTime& zone) {
  const GridValues now = without_season(studied.window, studied.season, zone);
  const GridValues before = without_season(studied.previous, studied.season, zone);
  GridValues differences;
  for (std::size_t i = 0; i < std::min(now.size(), before.size()); ++i) differences.push_back(now[i] - before[i]);
  return differences;
}

}  // namespace

std::optional<InsightFact> find_comparison(const StudiedSeries& studied, const LocalTime& zone) {
  const GridValues differences = paired_differences(studied, zone);
  if (present_values(differences).size() < kLeastPairs) return std::nullopt;
  const double strength = difference_strength(differences);
  if (strength < kFactStrength) return std::nullopt;
  double now = stats::median_of(present_values(studied.window.values));
  double before = stats::median_of(present_values(studied.previous.values));
  // Counts of what happens now and then have a median of 0, whatever they do.
  const bool of_means = now == 0 || before == 0;
  if (of_means) {
    now = mean_of_present(studied.window.values);
    before = mean_of_present(studied.previous.values);
  }
  if (std::abs(now - before) < kLeastChangeShare * std::abs(before)) return std::nullopt;
  const double share = share_of_change(now - before, before);
  InsightFact fact = fact_of(studied, InsightFactKind::kComparison);
  fact.ranges.push_back(studied.series->previous);
  const std::string& unit = studied.series->metric.unit;
  fact.numbers = {
      {"window_level", now, unit}, {"previous_level", before, unit},       {"change", now - before, unit},
      {"change_share", share, ""}, {"of_means", of_means ? 1.0 : 0.0, ""}, {"p", std::pow(10.0, -strength), ""}};
  fact.strength = change_weight(0.65, share, bad_direction(studied));
  return fact;
}

}  // namespace fa::insight
