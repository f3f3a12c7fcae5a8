#include "analysis/metrics/metric_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "analysis/metrics/metric_test_series.h"

namespace fa {
namespace {

using test::digest_of;
using test::kClock;
using test::kStart;
using test::kWindow;
using test::level;
using test::noise;
using test::series_of;
using Values = std::function<double(int)>;

std::vector<Finding> changes(MetricSeries s) { return find_metric_changes(digest_of({std::move(s)}), kClock); }

MetricSeries latency(const Values& baseline, const Values& window) {
  return test::minutes(series_of("cart", "latency", "ms"), baseline, window);
}

std::vector<FindingKind> kinds(const std::vector<Finding>& findings) {
  std::vector<FindingKind> result;
  for (const Finding& f : findings) result.push_back(f.kind);
  return result;
}

TEST(MetricChange, finds_a_rise_with_its_numbers_and_onset) {
  const auto findings = changes(latency(level(20, 2), [](int i) { return i < 30 ? 20 + noise(i) : 200 + noise(i); }));
  ASSERT_EQ(findings.size(), 1U);
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::kLatencyRise);
  EXPECT_EQ(f.subject.service, "cart");
  EXPECT_NEAR(f.baseline, 20, 1);
  EXPECT_NEAR(f.window, 200, 2);
  EXPECT_NEAR(f.effect, 0.9, 0.02);
  EXPECT_GT(f.strength, 10);
  EXPECT_EQ(f.onset, kWindow + std::chrono::minutes(30));
  ASSERT_TRUE(f.window_chart.has_value());
  EXPECT_EQ(f.window_chart->values.size(), PeriodClock::kBuckets);
  EXPECT_TRUE(f.baseline_chart.has_value());
  EXPECT_EQ(f.quotes.size(), 1U);
}

TEST(MetricChange, the_direction_that_is_bad_depends_on_the_kind) {
  struct Case {
    const char* name;
    const char* unit;
    double before;
    double after;
    std::vector<FindingKind> expected;
  };
  const Case cases[] = {
      {"latency", "ms", 200, 20, {}},
      {"errors", "", 2, 80, {FindingKind::kErrorRise}},
      {"errors", "", 80, 2, {}},
      {"ThrottledRequests", "", 1, 50, {FindingKind::kErrorRise}},
      {"availability", "%", 99.9, 70, {FindingKind::kErrorRise}},
      {"request_count", "", 500, 20, {FindingKind::kTrafficFall}},
      {"request_count", "", 500, 5000, {FindingKind::kTrafficRise}},
      {"CPUUtilization", "Percent", 30, 97, {FindingKind::kResourceSaturation}},
      {"CPUUtilization", "Percent", 5, 30, {FindingKind::kMetricRise}},
      {"CPUUtilization", "Percent", 97, 30, {}},
      {"memory_bytes", "By", 1e9, 4e9, {FindingKind::kMetricRise}},
      {"memory_bytes", "By", 4e9, 1e9, {}},
      {"flux", "", 100, 900, {FindingKind::kMetricRise}},
      {"flux", "", 900, 100, {FindingKind::kMetricFall}},
  };
  for (const Case& c : cases) {
    const double spread = c.unit == std::string_view("%") ? 0.05 : c.before / 50;
    const auto findings =
        changes(test::minutes(series_of("cart", c.name, c.unit), level(c.before, spread), level(c.after, spread)));
    EXPECT_EQ(kinds(findings), c.expected) << c.name << " from " << c.before << " to " << c.after;
    for (const Finding& f : findings) EXPECT_TRUE(f.effect > 0 && f.effect <= 1) << c.name;
  }
}

TEST(MetricChange, says_nothing_where_nothing_is_new) {
  const Values heavy = [](int i) { return i % 15 == 7 || i % 15 == 8 ? 900.0 : 20 + noise(i); };
  struct Case {
    const char* name;
    Values baseline;
    Values window;
  };
  const Case cases[] = {
      {"equal periods", level(20, 5), level(20, 5)},
      {"constant", level(20), level(20)},
      {"all zero", level(0), level(0)},
      {"within the noise", level(20, 5), level(22, 5)},
      {"a wobble of a flat line", level(20), level(20.5)},
      {"peaks that the baseline held as well", heavy, heavy},
      {"one odd point", level(20, 4), [](int i) { return i == 30 ? 34.0 : 20 + 4 * noise(i); }},
      {"no baseline", nullptr, level(900)},
  };
  for (const Case& c : cases) EXPECT_TRUE(changes(latency(c.baseline, c.window)).empty()) << c.name;
}

TEST(MetricChange, a_constant_zero_that_rises_is_found) {
  const auto findings = changes(test::minutes(series_of("cart", "errors"), level(0), level(40, 5)));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_DOUBLE_EQ(findings[0].effect, 1);
}

TEST(MetricChange, a_single_baseline_point_allows_for_ordinary_variation) {
  const auto study = [](double before, double after) {
    MetricSeries s = series_of("cart", "latency", "ms");
    s.times = {kStart, kWindow, kWindow + std::chrono::minutes(20)};
    s.values = {before, after, after};
    return changes(std::move(s));
  };
  EXPECT_TRUE(study(20, 20).empty());
  EXPECT_TRUE(study(20, 40).empty());
  EXPECT_FALSE(study(20, 2000).empty());
}

TEST(MetricChange, other_times_help_out_where_the_baseline_has_few_points) {
  const auto study = [](int baseline_points, double usual, double before) {
    MetricSeries s = series_of("cart", "cpu", "%");
    for (int i = 0; i < 12; ++i) {
      s.times.push_back(kStart - std::chrono::hours(2) + std::chrono::minutes(i));
      s.values.push_back(i == 5 ? 99 : usual + test::noise(i));  // some of those times were bad as well
    }
    for (int i = 0; i < baseline_points; ++i) {
      s.times.push_back(kStart + std::chrono::minutes(i));
      s.values.push_back(before + test::noise(i));
    }
    s.times.push_back(kWindow);
    s.values.push_back(95);
    return changes(std::move(s));
  };
  ASSERT_EQ(study(0, 10, 0).size(), 1U);
  EXPECT_EQ(study(0, 10, 0)[0].kind, FindingKind::kResourceSaturation);
  EXPECT_FALSE(study(0, 10, 0)[0].baseline_chart.has_value());
  EXPECT_TRUE(study(0, 94, 0).empty());
  EXPECT_FALSE(study(3, 10, 10).empty());
  EXPECT_TRUE(study(30, 10, 94).empty()) << "a baseline that knows is all that counts";
}

TEST(MetricChange, missing_points_are_not_zeros) {
  const auto findings = changes([] {
    MetricSeries s = latency(level(20, 2), level(20, 2));
    MetricSeries thin = series_of("cart", "latency", "ms");
    for (std::size_t i = 0; i < s.times.size(); ++i) {
      if (i % 7 != 0) continue;
      thin.times.push_back(s.times[i]);
      thin.values.push_back(s.values[i]);
    }
    return thin;
  }());
  EXPECT_TRUE(findings.empty());
}

TEST(MetricChange, a_series_that_stops_is_told_while_others_go_on) {
  const MetricSeries stopped = test::minutes(series_of("cart", "flux"), level(5, 1), nullptr);
  const MetricSeries running = test::minutes(series_of("web", "flux"), level(5, 1), level(5, 1));
  const auto findings = find_metric_changes(digest_of({stopped, running}), kClock);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::kMetricStopped);
  EXPECT_EQ(findings[0].subject.service, "cart");
  EXPECT_GT(findings[0].strength, 10);
  // Where nothing has points in the window, the recording ended, not the service.
  EXPECT_TRUE(find_metric_changes(digest_of({stopped}), kClock).empty());
}

TEST(MetricChange, a_series_with_hardly_any_points_does_not_stop) {
  MetricSeries rare = series_of("cart", "flux");
  rare.times = {kStart};
  rare.values = {5};
  const MetricSeries running = test::minutes(series_of("web", "flux"), level(5, 1), level(5, 1));
  EXPECT_TRUE(find_metric_changes(digest_of({rare, running}), kClock).empty());
}

TEST(MetricChange, a_counter_is_judged_by_its_rate_and_its_reset_is_no_fall) {
  const auto counter = [](double window_rate, bool reset) {
    MetricSeries s = series_of("cart", "http_requests_total");
    s.temporality = MetricTemporality::kCumulative;
    double total = 1e6;
    for (int i = 0; i < 120; ++i) {
      if (reset && i == 90) total = 0;
      s.times.push_back(kStart + std::chrono::minutes(i));
      s.values.push_back(total);
      total += 60 * ((i < 60 ? 10 : window_rate) + 0.5 * noise(i));
    }
    return changes(std::move(s));
  };
  EXPECT_TRUE(counter(10, false).empty());
  EXPECT_EQ(kinds(counter(100, false)), std::vector{FindingKind::kTrafficRise});
  for (const Finding& f : counter(10, true)) EXPECT_NE(f.kind, FindingKind::kTrafficRise) << "a reset is no surge";
}

TEST(MetricChange, more_of_a_bounded_resource_weighs_more_near_its_bound) {
  const auto effect = [](double before, double after) {
    return changes(test::minutes(series_of("cart", "CPUUtilization", "Percent"), level(before, 0.5), level(after, 0.5)))
        .at(0)
        .effect;
  };
  EXPECT_GT(effect(40, 98), effect(40, 70));
  EXPECT_GT(effect(60, 98), effect(2, 40));
}

TEST(MetricChange, what_is_left_is_bad_when_it_falls) {
  const auto left = [](double now) {
    return changes(
        test::minutes(series_of("orders-db", "FreeableMemory", "", "Minimum"), level(8e9, 1e8), level(now, 1e6)));
  };
  EXPECT_TRUE(left(16e9).empty());
  ASSERT_EQ(kinds(left(5e9)), std::vector{FindingKind::kMetricFall});
  const auto gone = left(2e8);
  ASSERT_EQ(kinds(gone), std::vector{FindingKind::kResourceSaturation});
  EXPECT_EQ(gone[0].hint, Mechanism::kMemoryPressure);
  EXPECT_NEAR(gone[0].effect, 0.975, 0.01);
}

TEST(MetricChange, extreme_numbers_give_finite_answers) {
  const double huge = std::numeric_limits<double>::max();
  const double tiny = std::numeric_limits<double>::denorm_min();
  const Values sets[] = {level(huge),
                         level(-huge),
                         level(tiny),
                         level(0),
                         [huge](int i) { return i % 2 == 0 ? huge : -huge; },
                         [huge](int i) { return i == 5 ? huge : 1.0; }};
  for (const Values& baseline : sets) {
    for (const Values& window : sets) {
      for (const char* name : {"latency", "availability", "flux"}) {
        for (const Finding& f : changes(test::minutes(series_of("s", name, "%"), baseline, window))) {
          EXPECT_TRUE(std::isfinite(f.strength) && f.strength >= 0 && f.strength <= 300) << f.strength;
          EXPECT_TRUE(f.effect >= 0 && f.effect <= 1) << f.effect;
        }
      }
    }
  }
}

TEST(CompareSeries, needs_a_point_on_both_sides) {
  const auto compare = [](const Values& baseline, const Values& window) {
    return compare_series(digest_of({latency(baseline, window)}).series.at(0), kClock);
  };
  EXPECT_EQ(compare(nullptr, level(900)).rise_strength, 0);
  const SeriesChange ended = compare(level(900), nullptr);
  EXPECT_EQ(ended.rise_strength + ended.fall_strength, 0);
  EXPECT_EQ(ended.baseline_points, 60U);
}

TEST(ChartOf, keeps_gaps_as_gaps) {
  MetricSeries s = series_of("cart", "flux");
  for (int i = 0; i < 60; ++i) {
    if (i >= 20 && i < 40) continue;
    s.times.push_back(kWindow + std::chrono::minutes(i));
    s.values.push_back(i);
  }
  const ChartSeries chart = chart_of(digest_of({s}).series.at(0), test::kWindowRange);
  EXPECT_EQ(chart.values.size(), 40U);
  EXPECT_TRUE(chart.values.front().has_value());
  EXPECT_FALSE(chart.values[chart.values.size() / 2].has_value());
  EXPECT_TRUE(chart.values.back().has_value());
  const ChartSeries none = chart_of(digest_of({s}).series.at(0), test::kBaselineRange);
  ASSERT_EQ(none.values.size(), 1U);
  EXPECT_FALSE(none.values[0].has_value());
}

}  // namespace
}  // namespace fa
