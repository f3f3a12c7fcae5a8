#include "report/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace fa {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

ChartSeries series(ChartValues values) { return {{}, std::move(values), ""}; }

Evidence evidence(ChartValues window, ChartValues baseline = {}) {
  Evidence e;
  e.window_chart = series(std::move(window));
  if (!baseline.empty()) e.baseline_chart = series(std::move(baseline));
  return e;
}

TEST(Sparkline, shows_heights_within_the_scale_and_gaps) {
  const Evidence e = evidence({0, 1, 2, 3, 4, 5, 6, 7, std::nullopt, NAN});
  EXPECT_EQ(sparkline(*e.window_chart, chart_scale(e), 20), "▁▂▃▄▅▆▇█··");
}

TEST(Sparkline, averages_what_does_not_fit) {
  const Evidence e = evidence({0, 0, 8, 8, std::nullopt, 8});
  EXPECT_EQ(sparkline(*e.window_chart, chart_scale(e), 3), "▁██");
}

TEST(Sparkline, constant_and_empty_series_are_fine) {
  const Evidence zero = evidence({0, 0, 0});
  EXPECT_EQ(sparkline(*zero.window_chart, chart_scale(zero), 9), "▁▁▁");
  const Evidence level = evidence({5, 5});
  EXPECT_EQ(sparkline(*level.window_chart, chart_scale(level), 9), "▅▅");
  const Evidence none = evidence({});
  EXPECT_EQ(sparkline(*none.window_chart, chart_scale(none), 9), "");
  EXPECT_TRUE(chart_scale(none).empty);
}

TEST(Sparkline, extreme_values_do_not_overflow) {
  const Evidence e = evidence({-1.7e308, 1.7e308, INFINITY});
  EXPECT_EQ(sparkline(*e.window_chart, chart_scale(e), 9), "▁█·");
}

TEST(ChartScale, starts_at_zero_when_values_come_near_it_and_is_shared) {
  const ChartScale near_zero = chart_scale(evidence({1, 10}, {2, 2}));
  EXPECT_EQ(near_zero.low, 0);
  EXPECT_EQ(near_zero.high, 10);
  const ChartScale far_from_zero = chart_scale(evidence({97, 99.9}, {99.9, 99.9}));
  EXPECT_EQ(far_from_zero.low, 97);
}

TEST(ChartScale, usual_wavering_fills_at_most_a_quarter_of_the_height) {
  const ChartScale scale = chart_scale(evidence({100, 101}, {100, 101, 100, 101}));
  EXPECT_THAT(scale.high - scale.low, DoubleNear(4, 1e-9));
  EXPECT_GT(scale.low, 0);
}

TEST(ChartSummary, is_by_nearest_rank_and_ignores_gaps) {
  ChartValues values;
  for (int i = 0; i <= 100; ++i) values.emplace_back(i);
  values.emplace_back();
  const auto summary = chart_summary(series(values));
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->min, 0);
  EXPECT_EQ(summary->usual_low, 5);
  EXPECT_EQ(summary->median, 50);
  EXPECT_EQ(summary->usual_high, 95);
  EXPECT_EQ(summary->max, 100);
  EXPECT_FALSE(chart_summary(series({std::nullopt})));
}

TEST(ChartTicks, are_round_and_few) {
  EXPECT_THAT(chart_ticks({0, 5.152, false}), ElementsAre(0, 2.5, 5));
  EXPECT_THAT(chart_ticks({97, 99.9, false}), ElementsAre(97, 98, 99));
  EXPECT_THAT(chart_ticks({-1, 1, false}), ElementsAre(-1, 0, 1));
  EXPECT_THAT(chart_ticks({3, 3, false}), ElementsAre(3));
  for (const double high : {1e-300, 1e300, 7.0, 1234567.0}) {
    const auto ticks = chart_ticks({0, high, false});
    EXPECT_GE(ticks.size(), 2U);
    EXPECT_LE(ticks.size(), 6U);
  }
  EXPECT_GE(chart_ticks({1e300, std::nextafter(1e300, 2e300), false}).size(), 2U);
}

}  // namespace
}  // namespace fa
