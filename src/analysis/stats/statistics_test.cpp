#include "analysis/stats/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fa::stats {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

LogHistogram of(std::initializer_list<double> values) {
  LogHistogram h;
  for (const double v : values) h.add(v);
  return h;
}

TEST(Quantile, interpolates_between_order_statistics) {
  const std::vector<double> four{1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(quantile(four, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(four, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile(four, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(four, 1), 4);
  EXPECT_DOUBLE_EQ(quantile(std::vector<double>{7}, 0.3), 7);
  EXPECT_DOUBLE_EQ(median_of({9, 1, 5}), 5);
  EXPECT_DOUBLE_EQ(median_of({}), 0);
}

TEST(RobustCenter, is_not_moved_by_outliers) {
  const RobustCenter c = robust_center({100, 1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(c.median, 3);
  EXPECT_DOUBLE_EQ(c.scale, 1.4826);  // deviations 2 1 0 1 97: their median is 1
  EXPECT_EQ(c.count, 5U);
}

TEST(RobustCenter, falls_back_to_the_mean_deviation_where_most_values_are_equal) {
  EXPECT_DOUBLE_EQ(robust_center({5, 5, 5, 9}).scale, 1.2533);
  EXPECT_DOUBLE_EQ(robust_center({5, 5, 5}).scale, 0);
  EXPECT_DOUBLE_EQ(robust_center({5}).median, 5);
  EXPECT_EQ(robust_center({}).count, 0U);
}

TEST(CountDispersion, is_how_much_more_counts_vary_than_independent_events) {
  EXPECT_EQ(count_dispersion(std::vector<double>{}), 1);
  EXPECT_EQ(count_dispersion(std::vector<double>(60, 2.0)), 1);
  EXPECT_EQ(count_dispersion(std::vector<double>{0, 0, 0, 0, 5, 0, 0}), 1);  // too few to tell
  std::vector<double> clumps(60, 0.0);
  for (std::size_t i = 0; i < clumps.size(); i += 6) clumps[i] = 10;
  EXPECT_NEAR(count_dispersion(clumps), 60.0 / 59 * (100.0 / 6 - 25.0 / 9) / (10.0 / 6), 1e-9);
  std::vector<double> waves(60, 0.0);  // even within each, but ten stretches long
  for (std::size_t i = 0; i < waves.size(); ++i) waves[i] = i / 10 % 2 == 0 ? 1 : 3;
  EXPECT_NEAR(count_dispersion(waves), 6.0 * 100 / 5 / 20, 1e-9);
}

TEST(NormalTail, agrees_with_published_tables) {
  struct Case {
    double z;
    double p;
  };
  for (const Case& c : {Case{1.644854, 0.05}, Case{1.959964, 0.025}, Case{2.326348, 0.01}, Case{3.090232, 0.001},
                        Case{4.753424, 1e-6}, Case{30.0, 4.906714e-198}, Case{35.0, 1.124911e-268}}) {
    EXPECT_NEAR(normal_tail_strength(c.z), -std::log10(c.p), 1e-3) << c.z;
  }
}

TEST(NormalTail, is_bounded_and_continuous) {
  for (const double z : {0.0, -3.0, -kInf, kNan}) EXPECT_EQ(normal_tail_strength(z), 0) << z;
  for (const double z : {100.0, 1e200, kInf}) EXPECT_EQ(normal_tail_strength(z), kMaxStrength) << z;
  // Where the asymptotic form takes over from erfc.
  EXPECT_NEAR(normal_tail_strength(std::nextafter(30.0, 0.0)), normal_tail_strength(30.0), 1e-3);
}

TEST(StudentTail, agrees_with_published_tables) {
  struct Case {
    double t;
    double dof;
    double p;
  };
  // Wallace's approximation is within a sixth of p from three degrees of freedom.
  for (const Case& c : {Case{2.353, 3, 0.05}, Case{2.015, 5, 0.05}, Case{2.764, 10, 0.01}, Case{4.144, 10, 0.001},
                        Case{2.086, 20, 0.025}, Case{8.610, 4, 0.0005}, Case{1.645, 1e6, 0.05}}) {
    EXPECT_NEAR(student_tail_strength(c.t, c.dof), -std::log10(c.p), 0.07) << c.t << " with " << c.dof;
  }
}

TEST(StudentTail, survives_extremes) {
  for (const double t : {0.0, -5.0, kNan}) EXPECT_EQ(student_tail_strength(t, 5), 0) << t;
  for (const double dof : {0.0, -1.0, kNan}) EXPECT_EQ(student_tail_strength(3, dof), 0) << dof;
  EXPECT_LE(student_tail_strength(kInf, 5), kMaxStrength);
  EXPECT_GT(student_tail_strength(1e100, 5), 50);
}

TEST(ChiSquare, agrees_with_published_tables) {
  struct Case {
    double x;
    double dof;
    double p;
  };
  for (const Case& c : {Case{3.841, 1, 0.05}, Case{10.828, 1, 0.001}, Case{5.991, 2, 0.05}, Case{18.307, 10, 0.05},
                        Case{29.588, 10, 0.001}, Case{124.342, 100, 0.05}, Case{0.1, 1, 0.7518}}) {
    EXPECT_NEAR(chi_square_strength(c.x, c.dof), -std::log10(c.p), 1e-3) << c.x << " with " << c.dof;
  }
}

TEST(ChiSquare, agrees_with_closed_forms_far_in_the_tail) {
  // Two degrees of freedom: P = exp(-x / 2).
  for (const double x : {0.5, 2.0, 50.0, 1000.0}) {
    EXPECT_NEAR(chi_square_strength(x, 2), x / 2 * std::log10(std::exp(1.0)), 1e-6) << x;
  }
  // One degree of freedom: the square of a normal deviate, both tails.
  for (const double z : {1.0, 3.0, 8.0, 25.0}) {
    EXPECT_NEAR(chi_square_strength(z * z, 1), normal_tail_strength(z) - std::log10(2.0), 1e-6) << z;
  }
}

TEST(ChiSquare, survives_extremes) {
  for (const double x : {0.0, -1.0, kNan}) EXPECT_EQ(chi_square_strength(x, 1), 0) << x;
  for (const double dof : {0.0, -1.0, kNan}) EXPECT_EQ(chi_square_strength(5, dof), 0) << dof;
  for (const double x : {1e5, 1e300, kInf}) EXPECT_EQ(chi_square_strength(x, 3), kMaxStrength) << x;
}

TEST(ProportionStrength, is_the_likelihood_ratio_of_two_shares) {
  // 10 of 100 against 30 of 100, pooled 0.2: G = 12.9717 by hand.
  EXPECT_NEAR(proportion_strength(10, 100, 30, 100), chi_square_strength(12.9717, 1), 1e-4);
  EXPECT_NEAR(proportion_strength(10, 100, 30, 100), 3.50, 0.01);
  EXPECT_DOUBLE_EQ(proportion_strength(10, 100, 30, 100), proportion_strength(30, 100, 10, 100));
}

TEST(ProportionStrength, is_zero_without_a_difference_or_a_sample) {
  EXPECT_NEAR(proportion_strength(5, 100, 50, 1000), 0, 1e-9);
  EXPECT_EQ(proportion_strength(0, 100, 0, 7), 0);
  EXPECT_NEAR(proportion_strength(100, 100, 7, 7), 0, 1e-9);
  EXPECT_EQ(proportion_strength(0, 0, 5, 10), 0);
  EXPECT_EQ(proportion_strength(0, 10, 5, 0), 0);
}

TEST(RateStrength, compares_counts_by_exposure) {
  // 10 against 40 in equal times: G = 2 (10 ln 0.4 + 40 ln 1.6) = 19.2744.
  EXPECT_NEAR(rate_strength(10, 60, 40, 60), chi_square_strength(19.2744, 1), 1e-4);
  EXPECT_NEAR(rate_strength(10, 60, 40, 240), 0, 1e-9);
  EXPECT_EQ(rate_strength(0, 60, 0, 60), 0);
  EXPECT_EQ(rate_strength(5, 0, 5, 60), 0);
  EXPECT_EQ(rate_strength(5, 60, 5, -1), 0);
}

TEST(LogHistogram, quantiles_are_right_to_the_width_of_a_bin) {
  LogHistogram h;
  for (int i = 1; i <= 1000; ++i) h.add(i * 1e-3);
  for (const double q : {0.01, 0.25, 0.5, 0.9, 0.99}) EXPECT_NEAR(h.quantile(q), q, 0.045 * q) << q;
  EXPECT_EQ(h.count(), 1000U);
  EXPECT_NEAR(h.mean(), 0.5005, 1e-9);
  EXPECT_EQ(LogHistogram().quantile(0.5), 0);
  EXPECT_EQ(LogHistogram().mean(), 0);
}

TEST(LogHistogram, ignores_what_is_no_duration_and_keeps_extremes) {
  LogHistogram h = of({kNan, kInf, -kInf, -1.0});
  EXPECT_EQ(h.count(), 0U);
  h.add(0);
  EXPECT_EQ(h.quantile(0.5), 0);
  h.add(1e12);
  EXPECT_EQ(h.count(), 2U);
  EXPECT_GT(h.quantile(1), 3600);
  h.add(std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(h.count(), 3U);
}

TEST(LogHistogram, adding_several_times_equals_repeating) {
  LogHistogram one;
  for (int i = 0; i < 7; ++i) one.add(0.25);
  LogHistogram other;
  other.add(0.25, 7);
  other.add(0.5, 0);
  EXPECT_EQ(other.count(), one.count());
  EXPECT_EQ(other.sum(), one.sum());
  EXPECT_EQ(other.quantile(0.9), one.quantile(0.9));
}

TEST(LogHistogram, merging_equals_adding_in_any_order) {
  LogHistogram whole;
  LogHistogram left;
  LogHistogram right;
  for (int i = 0; i < 200; ++i) {
    const double v = 0.25 * (1 + i * 37 % 101);
    whole.add(v);
    (i % 3 == 0 ? left : right).add(v);
  }
  LogHistogram one = left;
  one.merge(right);
  LogHistogram other = right;
  other.merge(left);
  other.merge({});
  for (const LogHistogram* h : {&one, &other}) {
    EXPECT_EQ(h->count(), whole.count());
    EXPECT_DOUBLE_EQ(h->sum(), whole.sum());
    for (const double q : {0.0, 0.1, 0.5, 0.9, 1.0}) EXPECT_EQ(h->quantile(q), whole.quantile(q)) << q;
  }
}

TEST(RankSum, equals_mann_whitney_worked_by_hand) {
  // 3 beats 1 2; 6 beats 1 2 4; 16 beats all four: U = 9 of 12, expected 6, variance 4 * 3 * 8 / 12.
  const auto plain = LogHistogram::rank_sum(of({1, 2, 4, 8}), of({3, 6, 16}));
  EXPECT_DOUBLE_EQ(plain.excess, 3);
  EXPECT_DOUBLE_EQ(plain.variance, 8);
  // Ties count half: U = 1 + 2.5 + 2.5; two groups of three take 48 / 30 off the seven.
  const auto tied = LogHistogram::rank_sum(of({1, 1, 2}), of({1, 2, 2}));
  EXPECT_DOUBLE_EQ(tied.excess, 1.5);
  EXPECT_NEAR(tied.variance, 4.05, 1e-12);
  EXPECT_NEAR(tied.rise_strength(), normal_tail_strength(1 / std::sqrt(4.05)), 1e-12);
}

TEST(RankSum, tells_a_rise_from_a_fall_and_from_nothing) {
  LogHistogram low;
  LogHistogram high;
  for (int i = 0; i < 100; ++i) low.add(0.010 + 0.0001 * i);
  for (int i = 0; i < 100; ++i) high.add(0.030 + 0.0001 * i);
  EXPECT_GT(LogHistogram::rank_sum(low, high).rise_strength(), 10);
  EXPECT_EQ(LogHistogram::rank_sum(high, low).rise_strength(), 0);
  EXPECT_LT(LogHistogram::rank_sum(low, low).rise_strength(), 0.5);
  EXPECT_EQ(LogHistogram::rank_sum({}, high).rise_strength(), 0);
  EXPECT_EQ(LogHistogram::rank_sum(low, {}).rise_strength(), 0);
  EXPECT_EQ(LogHistogram::rank_sum(of({1, 1}), of({1, 1, 1})).rise_strength(), 0);  // all tied: no variance
  EXPECT_EQ(LogHistogram::rank_sum(of({1}), of({1})).rise_strength(), 0);
}

TEST(RankSum, strata_add_up) {
  LogHistogram::RankSum sum;
  for (int i = 0; i < 30; ++i) sum.add(LogHistogram::rank_sum(of({1, 2, 4, 8}), of({3, 6, 16})));
  EXPECT_DOUBLE_EQ(sum.excess, 90);
  EXPECT_DOUBLE_EQ(sum.variance, 240);
  EXPECT_GT(sum.rise_strength(), 5);  // one stratum alone shows nothing
  EXPECT_LT(LogHistogram::rank_sum(of({1, 2, 4, 8}), of({3, 6, 16})).rise_strength(), 1);
}

TEST(LevelStrength, sees_a_leap_in_few_values_but_not_in_a_wide_baseline) {
  const LogHistogram usual = of({0.009, 0.010, 0.010, 0.011, 0.012});
  EXPECT_GT(LogHistogram::level_strength(usual, of({9, 10, 11})), 3);
  EXPECT_LT(LogHistogram::level_strength(usual, of({0.010, 0.011, 0.013})), 1);
  EXPECT_EQ(LogHistogram::level_strength(usual, of({0.001, 0.001})), 0);
  EXPECT_LT(LogHistogram::level_strength(of({0.001, 0.01, 0.1, 1, 10, 0.002, 5}), of({4, 5, 6})), 2);
  EXPECT_EQ(LogHistogram::level_strength({}, usual), 0);
  EXPECT_EQ(LogHistogram::level_strength(usual, {}), 0);
}

TEST(LevelStrength, a_single_baseline_value_needs_a_far_leap) {
  EXPECT_LT(LogHistogram::level_strength(of({0.010}), of({0.030})), 3);
  EXPECT_GT(LogHistogram::level_strength(of({0.010}), of({100})),
            LogHistogram::level_strength(of({0.010}), of({0.030})));
}

}  // namespace
}  // namespace fa::stats
