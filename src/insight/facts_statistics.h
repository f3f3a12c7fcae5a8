#pragma once

#include <cstddef>
#include <vector>

/// Statistics of time series whose neighbouring values resemble each other, as values of metrics do: tests that take
/// them for independent find something in everything. Series are on a grid of equal steps; NaN is a missing value.
/// Pure; deterministic.
namespace fa::insight {

using GridValues = std::vector<double>;

/// All that are no NaN, in order.
[[nodiscard]] std::vector<double> present_values(const GridValues& values);

/// The values less `center`, pulled in to at most four `scale`s from it, so that single moments do not decide.
[[nodiscard]] GridValues tamed_deviations(const GridValues& values, double center, double scale);

/// How many independent values say as much about the mean as these (which have mean 0): n over the integrated
/// autocorrelation time, summed over lags while pairs of neighbouring lags are positive (Geyer 1992, "Practical Markov
/// Chain Monte Carlo", initial positive sequence).
[[nodiscard]] double effective_size(const GridValues& deviations);

/// Autocorrelation at lags 0 to `lags` of values with mean 0; pairs with a missing value do not count.
[[nodiscard]] std::vector<double> autocorrelation(const GridValues& deviations, std::size_t lags);

/// What was fitted before: it decides how far the remains seem to return to 0 by the fit alone.
enum class Fitted { kMean, kLine };

/// False where the deviations may be a random walk: then a difference of two times is what chance makes of anything,
/// whatever tests for steady noise say. Dickey and Fuller's test (1979) of n (rho - 1) at 1 % (Fuller 1976, table
/// 8.5.1), on the grid as it is and on 50 means of neighbours, where noise of the measurement no longer hides a walk.
[[nodiscard]] bool returns_to_its_level(const GridValues& deviations, Fitted fitted);

/// Theil and Sen's line (Sen 1968) and Mann and Kendall's test for it.
struct TrendFit {
  std::size_t points = 0;
  double slope = 0;      ///< Per step: median over all pairs.
  double intercept = 0;  ///< At the grid's first step.
  double slope_low = 0;  ///< 95 % interval, widened for the noise's autocorrelation.
  double slope_high = 0;
  double strength = 0;   ///< -log10 p, two-sided, with the variance of S widened likewise (Hamed and Rao 1998).
  double scale = 0;      ///< Robust standard deviation around the line.
  bool returns = false;  ///< The remains return to the line; else `strength` means nothing.
};
/// For up to some hundred steps: the time is quadratic. Zero points where fewer than four values are there.
[[nodiscard]] TrendFit fit_trend(const GridValues& values);

/// -log10 p, two-sided, that steps from part to part of the grid (at most 16 parts) have a mean other than 0: a test
/// for drift that holds for random walks too (there the means of neighbouring parts go on in the direction of the step
/// before with a correlation of 1/4, which is allowed for), at the price of less power.
[[nodiscard]] double drift_strength(const GridValues& values);

/// Means of `count` equal parts of the grid; NaN for one without values.
[[nodiscard]] GridValues part_means(const GridValues& values, std::size_t count);

/// Ranks from 1, ties share theirs; NaN stays.
[[nodiscard]] GridValues ranks_of(const GridValues& values);

/// Two-sided -log10 p of Student's t.
[[nodiscard]] double two_sided_strength(double t, double dof);

}  // namespace fa::insight
