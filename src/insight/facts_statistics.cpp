#include "insight/facts_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "analysis/stats/statistics.h"

namespace fa::insight {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kCoarseParts = 50;
constexpr std::size_t kMostDriftParts = 16;
constexpr double kNormal95 = 1.96;

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Fuller's critical values at 1 % for n = 25, 50, 100, 250 and without limit, as a curve through them.
double dickey_fuller_limit(double n, Fitted fitted) {
  return fitted == Fitted::kMean ? -20.7 + 87 / n : -29.5 + 180 / n;
}

bool excludes_random_walk(const GridValues& deviations, Fitted fitted) {
  double products = 0;
  double squares = 0;
  double pairs = 0;
  for (std::size_t i = 1; i < deviations.size(); ++i) {
    if (std::isnan(deviations[i]) || std::isnan(deviations[i - 1])) continue;
    products += deviations[i] * deviations[i - 1];
    squares += deviations[i - 1] * deviations[i - 1];
    ++pairs;
  }
  if (pairs < 8 || squares <= 0) return false;
  return pairs * (products / squares - 1) < dickey_fuller_limit(pairs, fitted);
}

/// Variance of Mann and Kendall's S without autocorrelation, less what ties take (Kendall 1975).
double kendall_variance(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
  double variance = term(static_cast<double>(values.size()));
  for (auto from = values.begin(); from != values.end();) {
    const auto to = std::upper_bound(from, values.end(), *from);
    variance -= term(static_cast<double>(to - from));
    from = to;
  }
  return variance / 18;
}

double order_statistic(std::vector<double>& values, double rank) {
  const double last = static_cast<double>(values.size() - 1);
  const auto at = static_cast<std::ptrdiff_t>(std::clamp(rank, 0.0, last));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

std::vector<double> present_values(const GridValues& values) {
  std::vector<double> present;
  present.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(present), [](double v) { return !std::isnan(v); });
  return present;
}

GridValues tamed_deviations(const GridValues& values, double center, double scale) {
  GridValues deviations = values;
  for (double& v : deviations) {
    if (!std::isnan(v)) v = scale > 0 ? std::clamp(v - center, -4 * scale, 4 * scale) : v - center;
  }
  return deviations;
}

std::vector<double> autocorrelation(const GridValues& deviations, std::size_t lags) {
  std::vector<double> result;
  double variance = 0;
  for (std::size_t lag = 0; lag <= lags && lag < deviations.size(); ++lag) {
    double sum = 0;
    double pairs = 0;
    for (std::size_t i = lag; i < deviations.size(); ++i) {
      const double product = deviations[i] * deviations[i - lag];
      if (std::isnan(product)) continue;
      sum += product;
      ++pairs;
    }
    const double covariance = pairs > 0 ? sum / pairs : 0;
    if (lag == 0) variance = covariance;
    result.push_back(variance > 0 ? covariance / variance : 0);
  }
  return result;
}

double effective_size(const GridValues& deviations) {
  const auto n = static_cast<double>(present_values(deviations).size());
  const std::vector<double> rho = autocorrelation(deviations, deviations.size() / 4);
  double time = 1;
  for (std::size_t lag = 1; lag + 1 < rho.size(); lag += 2) {
    const double pair = rho[lag] + rho[lag + 1];
    if (pair <= 0) break;
    time += 2 * pair;
  }
  return std::min(n, n / time);
}

bool returns_to_its_level(const GridValues& deviations, Fitted fitted) {
  if (!excludes_random_walk(deviations, fitted)) return false;
  return deviations.size() < 2 * kCoarseParts || excludes_random_walk(part_means(deviations, kCoarseParts), fitted);
}

TrendFit fit_trend(const GridValues& values) {
  TrendFit fit;
  std::vector<double> at;
  std::vector<double> y;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    at.push_back(static_cast<double>(i));
    y.push_back(values[i]);
  }
  if (y.size() < 4) return fit;
  fit.points = y.size();
  std::vector<double> slopes;
  slopes.reserve(y.size() * (y.size() - 1) / 2);
  double s = 0;
  for (std::size_t j = 1; j < y.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      slopes.push_back((y[j] - y[i]) / (at[j] - at[i]));
      s += y[j] > y[i] ? 1 : y[j] < y[i] ? -1 : 0;
    }
  }
  const auto pairs = static_cast<double>(slopes.size());
  fit.slope = (order_statistic(slopes, (pairs - 1) / 2) + order_statistic(slopes, pairs / 2)) / 2;
  std::vector<double> intercepts(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) intercepts[i] = y[i] - fit.slope * at[i];
  const stats::RobustCenter center = stats::robust_center(intercepts);
  fit.intercept = center.median;
  fit.scale = center.scale;

  GridValues remains = values;
  for (std::size_t i = 0; i < remains.size(); ++i) remains[i] -= fit.slope * static_cast<double>(i);
  remains = tamed_deviations(remains, fit.intercept, fit.scale);
  fit.returns = returns_to_its_level(remains, Fitted::kLine);
  const double widening = static_cast<double>(y.size()) / std::max(1.0, effective_size(remains));
  const double deviation = std::sqrt(kendall_variance(y) * widening);
  if (deviation > 0) {
    const double z = std::max(0.0, std::abs(s) - 1) / deviation;
    fit.strength = std::max(0.0, stats::normal_tail_strength(z) - std::log10(2.0));
  }
  // Gilbert 1987, "Statistical Methods for Environmental Pollution Monitoring", 16.5: ranks of the interval's ends.
  fit.slope_low = order_statistic(slopes, (pairs - kNormal95 * deviation) / 2);
  fit.slope_high = order_statistic(slopes, (pairs + kNormal95 * deviation) / 2);
  return fit;
}

GridValues part_means(const GridValues& values, std::size_t count) {
  GridValues means;
  for (std::size_t part = 0; part < count; ++part) {
    double sum = 0;
    double present = 0;
    for (std::size_t i = part * values.size() / count; i < (part + 1) * values.size() / count; ++i) {
      if (std::isnan(values[i])) continue;
      sum += values[i];
      ++present;
    }
    means.push_back(present > 0 ? sum / present : kMissing);
  }
  return means;
}

double drift_strength(const GridValues& values) {
  const GridValues parts =
      values.size() <= kMostDriftParts ? values : part_means(values, std::min(kMostDriftParts, values.size() / 2));
  std::vector<double> steps;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!std::isnan(parts[i]) && !std::isnan(parts[i - 1])) steps.push_back(parts[i] - parts[i - 1]);
  }
  if (steps.size() < 5) return 0;
  const auto n = static_cast<double>(steps.size());
  const double mean = mean_of(steps);
  double squares = 0;
  for (const double step : steps) squares += (step - mean) * (step - mean);
  // Exactly equal steps are what a rule wrote, not chance; nothing smaller than rounding is claimed to be known.
  const double spread = std::max(std::sqrt(squares / (n - 1)), 1e-9 * std::abs(mean));
  if (spread <= 0) return 0;
  constexpr double kWalkInflation = 1.5;  // 1 + 2 * 1/4
  return two_sided_strength(std::abs(mean) / (spread * std::sqrt(kWalkInflation / n)), n - 1);
}

GridValues ranks_of(const GridValues& values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  GridValues ranks(values.size(), kMissing);
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && !(values[order[from]] < values[order[to]])) ++to;
    const double rank = static_cast<double>(from + to + 1) / 2;
    for (std::size_t i = from; i < to; ++i) ranks[order[i]] = rank;
    from = to;
  }
  return ranks;
}

double two_sided_strength(double t, double dof) {
  return dof > 0 ? std::max(0.0, stats::student_tail_strength(t, dof) - std::log10(2.0)) : 0;
}

}  // namespace fa::insight
