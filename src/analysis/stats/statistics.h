#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Tests and robust estimates shared by the engines. Pure functions; deterministic to the last bit for the same input
/// in the same order.
namespace fa::stats {

/// Largest strength any test reports: smaller p-values than 1e-300 say nothing more.
inline constexpr double kMaxStrength = 300.0;

/// Quantile by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996). `sorted` must not be
/// empty; `q` in [0, 1].
double quantile(std::span<const double> sorted, double q);
double median_of(std::vector<double> values);  ///< 0 for no values.

/// Median and scale of a sample that may hold outliers. The scale is 1.4826 * MAD, or, where more than half of
/// the values are equal, the mean absolute deviation (times 1.2533).
struct RobustCenter {
  double median = 0;
  double scale = 0;
  std::size_t count = 0;
};
RobustCenter robust_center(std::vector<double> values);

/// -log10 of the upper tail of the normal distribution at z; 0 for z <= 0; capped at kMaxStrength.
double normal_tail_strength(double z);
/// -log10 of the upper tail of Student's t at `t`, through the equivalent normal deviate (Wallace 1959).
double student_tail_strength(double t, double dof);
/// -log10 of P(X >= x) for chi-square with `dof` degrees of freedom (regularised upper gamma), capped.
double chi_square_strength(double x, double dof);

/// Two-sided two-proportion G-test (Wilks) of successes/total in two samples; -log10 p.
double proportion_strength(double successes_a, double total_a, double successes_b, double total_b);

/// Poisson-rate comparison of two counts with exposures (Przyborowski & Wilenski's conditional test, by its G
/// approximation); -log10 p, 0 when either exposure is not positive.
double rate_strength(double count_a, double exposure_a, double count_b, double exposure_b);

/// How many times more counts of equal stretches of time vary than independent events would (index of dispersion,
/// variance by mean), at the stretch as given and at 3, 6 and 10 of them together, whichever is most; at least 1, also
/// where there are too few events to tell.
double count_dispersion(std::span<const double> counts);

/// Distribution of positive values in logarithmic bins (16 per octave-of-two: 4.4 % wide), for rank tests over any
/// number of values in bounded memory. Values are seconds: bins run from 100 ns to 5 hours.
class LogHistogram {
 public:
  static constexpr std::size_t kBins = 600;
  /// Counts `seconds`, `times` times. Bins count up to 2^32 - 1 and stay there.
  void add(double seconds, std::uint64_t times = 1);
  void merge(const LogHistogram& other);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  /// Quantile to the width of a bin; 0 when empty.
  [[nodiscard]] double quantile(double q) const;

  /// Mann-Whitney's U of `b` over `a` less its expectation, and its variance with tie correction. Sums of both over
  /// strata give a stratified test (van Elteren 1960, unweighted).
  struct RankSum {
    double excess = 0;
    double variance = 0;
    void add(const RankSum& other);
    /// -log10 p that `b` is stochastically larger, by the normal approximation; 0 when it is not.
    [[nodiscard]] double rise_strength() const;
  };
  static RankSum rank_sum(const LogHistogram& a, const LogHistogram& b);

  /// -log10 p that a quarter of `b` would lie as high as it does if it came from where `a` does. For few observations,
  /// where ranks cannot tell a factor of two from one of a thousand: logarithms of `a` are taken as normal, their
  /// variance is drawn towards that of ordinary latencies (a factor of e^0.5) with the weight of three observations.
  static double level_strength(const LogHistogram& a, const LogHistogram& b);

 private:
  std::vector<std::uint32_t> bins_;  ///< Empty until the first value.
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

}  // namespace fa::stats
