#include "analysis/stats/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fa::stats {
namespace {

constexpr double kLog10E = 0.43429448190325182765;
constexpr double kBinsPerDoubling = 16.0;
constexpr double kSmallestSeconds = 1e-7;

/// ln of the regularised upper incomplete gamma function Q(a, x): series below a + 1, Lentz's continued fraction
/// above (Abramowitz & Stegun 6.5.29, 6.5.31). In logarithms, since p-values of interest underflow a double.
double log_upper_gamma(double a, double x) {
  if (x <= 0) return 0;
  const double log_prefix = a * std::log(x) - x - std::lgamma(a);
  if (x < a + 1) {
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < 500; ++n) {
      term *= x / (a + n);
      sum += term;
      if (term < sum * 1e-15) break;
    }
    const double lower = std::exp(log_prefix) * sum;
    return std::log(std::max(1 - lower, 1e-300));
  }
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a;
  double c = 1 / kTiny;
  double d = 1 / b;
  double h = d;
  for (int i = 1; i < 500; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + an / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const double delta = d * c;
    h *= delta;
    if (std::abs(delta - 1) < 1e-14) break;
  }
  return log_prefix + std::log(h);
}

double g_term(double observed, double expected) {
  return observed > 0 && expected > 0 ? observed * std::log(observed / expected) : 0;
}

std::size_t bin_of(double seconds) {
  if (!(seconds > kSmallestSeconds)) return 0;
  const double index = std::log2(seconds / kSmallestSeconds) * kBinsPerDoubling + 1;
  return index >= static_cast<double>(LogHistogram::kBins) ? LogHistogram::kBins - 1 : static_cast<std::size_t>(index);
}

/// The sum, or the largest count there is.
std::uint32_t full_sum(std::uint32_t count, std::uint64_t more) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(more >= kMost - count ? kMost : count + more);
}

double bin_value(std::size_t bin) {
  return bin == 0 ? 0 : kSmallestSeconds * std::exp2((static_cast<double>(bin) - 0.5) / kBinsPerDoubling);
}

}  // namespace

double quantile(std::span<const double> sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(position);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  const double share = position - static_cast<double>(low);
  return sorted[low] + (sorted[high] - sorted[low]) * share;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

RobustCenter robust_center(std::vector<double> values) {
  RobustCenter center;
  center.count = values.size();
  if (values.empty()) return center;
  center.median = median_of(values);
  double sum = 0;
  for (double& v : values) {
    v = std::abs(v - center.median);
    sum += v;
  }
  const double mean_deviation = 1.2533 * sum / static_cast<double>(values.size());
  const double mad = 1.4826 * median_of(std::move(values));
  center.scale = mad > 0 ? mad : mean_deviation;
  return center;
}

double normal_tail_strength(double z) {
  if (!(z > 0)) return 0;
  if (z < 30) return std::min(kMaxStrength, -std::log10(std::erfc(z / std::sqrt(2.0)) / 2));
  // Mills' ratio: the tail is phi(z)/z to first order, and erfc underflows here.
  return std::min(kMaxStrength, (z * z / 2 + std::log(z * std::sqrt(2 * M_PI))) * kLog10E);
}

double student_tail_strength(double t, double dof) {
  if (!(t > 0) || !(dof > 0)) return 0;
  const double z = (8 * dof + 1) / (8 * dof + 3) * std::sqrt(dof * std::log1p(t * t / dof));
  return normal_tail_strength(z);
}

double chi_square_strength(double x, double dof) {
  if (!(x > 0) || !(dof > 0)) return 0;
  if (std::isinf(x)) return kMaxStrength;
  return std::clamp(-log_upper_gamma(dof / 2, x / 2) * kLog10E, 0.0, kMaxStrength);
}

double proportion_strength(double successes_a, double total_a, double successes_b, double total_b) {
  if (total_a <= 0 || total_b <= 0) return 0;
  const double p = (successes_a + successes_b) / (total_a + total_b);
  const double g = 2 * (g_term(successes_a, total_a * p) + g_term(total_a - successes_a, total_a * (1 - p)) +
                        g_term(successes_b, total_b * p) + g_term(total_b - successes_b, total_b * (1 - p)));
  return chi_square_strength(g, 1);
}

double rate_strength(double count_a, double exposure_a, double count_b, double exposure_b) {
  if (exposure_a <= 0 || exposure_b <= 0 || count_a + count_b <= 0) return 0;
  const double share = exposure_a / (exposure_a + exposure_b);
  const double total = count_a + count_b;
  const double g = 2 * (g_term(count_a, total * share) + g_term(count_b, total * (1 - share)));
  return chi_square_strength(g, 1);
}

double count_dispersion(std::span<const double> counts) {
  constexpr double kFewestEvents = 8;
  constexpr std::size_t kFewestGroups = 5;
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  double most = 1;
  if (total < kFewestEvents) return most;
  for (const std::size_t width : {std::size_t{1}, std::size_t{3}, std::size_t{6}, std::size_t{10}}) {
    const std::size_t groups = counts.size() / width;
    if (groups < kFewestGroups) break;
    const double mean = total / static_cast<double>(counts.size()) * static_cast<double>(width);
    double squares = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      const auto from = counts.begin() + static_cast<std::ptrdiff_t>(g * width);
      const double count = std::accumulate(from, from + static_cast<std::ptrdiff_t>(width), 0.0);
      squares += (count - mean) * (count - mean);
    }
    most = std::max(most, squares / static_cast<double>(groups - 1) / mean);
  }
  return most;
}

void LogHistogram::add(double seconds, std::uint64_t times) {
  if (!std::isfinite(seconds) || seconds < 0 || times == 0) return;
  if (bins_.empty()) bins_.resize(kBins);
  std::uint32_t& bin = bins_[bin_of(seconds)];
  bin = full_sum(bin, times);
  count_ += times;
  sum_ += seconds * static_cast<double>(times);
}

void LogHistogram::merge(const LogHistogram& other) {
  if (other.bins_.empty()) return;
  if (bins_.empty()) bins_.resize(kBins);
  for (std::size_t i = 0; i < kBins; ++i) bins_[i] = full_sum(bins_[i], other.bins_[i]);
  count_ += other.count_;
  sum_ += other.sum_;
}

double LogHistogram::quantile(double q) const {
  if (count_ == 0) return 0;
  // Of what the bins hold: less than count_ where one of them is full.
  const std::uint64_t held = std::accumulate(bins_.begin(), bins_.end(), std::uint64_t{0});
  const double target = q * static_cast<double>(held - 1);
  double seen = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    seen += bins_[i];
    if (seen > target) return bin_value(i);
  }
  return bin_value(kBins - 1);
}

LogHistogram::RankSum LogHistogram::rank_sum(const LogHistogram& a, const LogHistogram& b) {
  if (a.count_ == 0 || b.count_ == 0) return {};
  const auto na = static_cast<double>(a.count_);
  const auto nb = static_cast<double>(b.count_);
  double below = 0;
  double u = 0;
  double ties = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    const double ca = a.bins_[i];
    const double cb = b.bins_[i];
    u += cb * (below + ca / 2);
    below += ca;
    const double tied = ca + cb;
    ties += tied * tied * tied - tied;
  }
  const double n = na + nb;
  return {u - na * nb / 2, na * nb / 12 * ((n + 1) - ties / (n * std::max(n - 1, 1.0)))};
}

double LogHistogram::level_strength(const LogHistogram& a, const LogHistogram& b) {
  if (a.count_ == 0 || b.count_ == 0) return 0;
  const auto log_value = [](std::size_t bin) { return std::log(std::max(bin_value(bin), kSmallestSeconds)); };
  const auto n = static_cast<double>(a.count_);
  double sum = 0;
  for (std::size_t i = 0; i < kBins; ++i) sum += a.bins_[i] * log_value(i);
  const double mean = sum / n;
  double squares = 0;
  for (std::size_t i = 0; i < kBins; ++i) squares += a.bins_[i] * (log_value(i) - mean) * (log_value(i) - mean);
  constexpr double kPriorWeight = 3;
  constexpr double kPriorSpread = 0.5;
  const double variance = (kPriorWeight * kPriorSpread * kPriorSpread + squares) / (kPriorWeight + n - 1);
  const double level = std::log(std::max(b.quantile(0.75), kSmallestSeconds));
  return student_tail_strength((level - mean) / std::sqrt(variance * (1 + 1 / n)), n - 1 + kPriorWeight);
}

void LogHistogram::RankSum::add(const RankSum& other) {
  excess += other.excess;
  variance += other.variance;
}

double LogHistogram::RankSum::rise_strength() const {
  return variance > 0 ? normal_tail_strength((excess - 0.5) / std::sqrt(variance)) : 0;
}

}  // namespace fa::stats
