#include "analysis/metrics/metric_digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "analysis/metrics/metric_test_series.h"

namespace fa {
namespace {

using std::chrono::seconds;
using test::digest_of;
using test::kStart;
using test::series_of;
using testing::ElementsAre;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

MetricSeries with(MetricSeries s, std::initializer_list<std::pair<int, double>> points) {
  for (const auto& [second, value] : points) {
    s.times.push_back(kStart + seconds(second));
    s.values.push_back(value);
  }
  return s;
}

MetricSeries counter(std::initializer_list<std::pair<int, double>> points) {
  MetricSeries s = with(series_of("cart", "http_requests_total"), points);
  s.temporality = MetricTemporality::kCumulative;
  return s;
}

std::string print(const MetricDigest& d) {
  std::string out;
  for (const Series& s : d.series) {
    out += s.service + "/" + s.instance + "/" + s.label() + "/" + s.unit + ":";
    for (std::size_t i = 0; i < s.times.size(); ++i) {
      out += " " + std::to_string((s.times[i] - kStart).count()) + "=" + std::to_string(s.values[i]);
    }
    out += "\n";
  }
  return out + std::to_string(d.points);
}

TEST(MetricDigest, joins_the_parts_of_a_series_in_order_of_time) {
  const MetricDigest d =
      digest_of({with(series_of("cart", "load"), {{60, 2}, {0, 1}}), with(series_of("cart", "load"), {{30, 9}})});
  ASSERT_EQ(d.series.size(), 1U);
  EXPECT_THAT(d.series[0].values, ElementsAre(1, 9, 2));
  EXPECT_EQ(d.points, 3U);
  ASSERT_EQ(d.series[0].parts.size(), 2U);
  EXPECT_EQ(d.series[0].parts[0].first, kStart);
  EXPECT_EQ(d.series[0].parts[0].last, kStart + seconds(60));
}

TEST(MetricDigest, keeps_series_apart_by_all_that_names_them) {
  std::vector<MetricSeries> all;
  for (int i = 0; i < 7; ++i) {
    MetricSeries s = with(series_of("cart", "load"), {{0, static_cast<double>(i)}});
    if (i == 1) s.service = "web";
    if (i == 2) s.instance = "pod-1";
    if (i == 3) s.name = "other";
    if (i == 4) s.statistic = "p99";
    if (i == 5) s.metric_namespace = "AWS/ECS";
    if (i == 6) s.dimensions = {{"az", "a"}, {"tier", "1"}};
    all.push_back(std::move(s));
  }
  const MetricDigest d = digest_of(std::move(all));
  EXPECT_EQ(d.series.size(), 7U);
  std::vector<std::string> labels;
  for (const Series& s : d.series) labels.push_back(s.label());
  EXPECT_THAT(labels, testing::Contains("load[p99]"));
  EXPECT_THAT(labels, testing::Contains("load {az=a, tier=1}"));
}

TEST(MetricDigest, the_last_value_read_for_an_instant_wins) {
  const MetricDigest d =
      digest_of({with(series_of("s", "m"), {{0, 1}, {0, 2}}), with(series_of("s", "m"), {{0, 3}, {1, 4}})});
  EXPECT_THAT(d.series.at(0).values, ElementsAre(3, 4));
}

TEST(MetricDigest, a_counter_becomes_a_rate_and_survives_resets) {
  struct Case {
    const char* name;
    std::initializer_list<std::pair<int, double>> points;
    std::vector<double> rates;
  };
  const Case cases[] = {
      {"steady", {{0, 100}, {10, 200}, {20, 300}}, {10, 10}},
      {"a missing point", {{0, 100}, {30, 400}, {40, 500}}, {10, 10}},
      {"a restart counts from zero", {{0, 100}, {10, 200}, {20, 50}, {30, 150}}, {10, 5, 10}},
      {"a restart at zero", {{0, 100}, {10, 0}, {20, 0}}, {0, 0}},
      {"unsorted", {{20, 300}, {0, 100}, {10, 200}}, {10, 10}},
      {"the same instant twice", {{0, 100}, {10, 150}, {10, 200}}, {10}},
  };
  for (const Case& c : cases) {
    const MetricDigest d = digest_of({counter(c.points)});
    ASSERT_EQ(d.series.size(), 1U) << c.name;
    EXPECT_THAT(d.series[0].values, testing::Pointwise(testing::DoubleEq(), c.rates)) << c.name;
    EXPECT_EQ(d.series[0].unit, "1/s") << c.name;
  }
}

TEST(MetricDigest, one_point_of_a_counter_tells_no_rate) {
  const MetricDigest d = digest_of({counter({{0, 100}})});
  EXPECT_TRUE(d.series.empty());
  EXPECT_EQ(d.points, 1U);
}

TEST(MetricDigest, a_counter_with_a_unit_keeps_it_per_second) {
  MetricSeries s = counter({{0, 0}, {10, 5}});
  s.unit = "By";
  EXPECT_EQ(digest_of({std::move(s)}).series.at(0).unit, "By/s");
}

TEST(MetricDigest, what_is_no_number_is_left_out) {
  const MetricDigest d = digest_of({with(series_of("s", "m"), {{0, kNan}, {1, 5}, {2, kInf}, {3, -kInf}}),
                                    with(series_of("s", "only nan"), {{0, kNan}}), series_of("s", "empty")});
  ASSERT_EQ(d.series.size(), 1U);
  EXPECT_THAT(d.series[0].values, ElementsAre(5));
}

TEST(MetricDigest, rates_of_huge_counters_stay_finite) {
  const double huge = std::numeric_limits<double>::max();
  MetricSeries s = counter({{0, -huge}, {1, huge}, {2, huge}});
  s.times[1] = kStart + Nanoseconds(1);
  for (const Series& series : digest_of({std::move(s)}).series) {
    for (const double v : series.values) EXPECT_TRUE(std::isfinite(v)) << v;
  }
}

TEST(MetricDigest, merging_in_file_order_equals_reading_in_one_go) {
  const auto part = [](int file) {
    std::vector<MetricSeries> list;
    for (int k = 0; k < 5; ++k) {
      MetricSeries s = series_of("svc-" + std::to_string(k % 2), "m" + std::to_string(k));
      if (k == 0) s.temporality = MetricTemporality::kCumulative;
      for (int i = 0; i < 10; ++i) {
        s.times.push_back(kStart + seconds((i * 7 + file * 3) % 40));
        s.values.push_back(file * 100 + i);
      }
      list.push_back(std::move(s));
    }
    return list;
  };
  MetricDigester whole;
  for (int file = 0; file < 4; ++file) {
    for (MetricSeries& s : part(file)) whole.add(static_cast<std::uint32_t>(file), std::move(s));
  }
  const std::string expected = print(whole.finish());
  for (const int cut : {1, 2, 3}) {
    MetricDigester left;
    MetricDigester right;
    for (int file = 0; file < 4; ++file) {
      for (MetricSeries& s : part(file))
        (file < cut ? left : right).add(static_cast<std::uint32_t>(file), std::move(s));
    }
    left.merge(std::move(right));
    EXPECT_EQ(print(left.finish()), expected) << "cut at " << cut;
  }
}

TEST(SparseCounts, a_failure_count_without_a_point_is_zero_where_its_service_was_measured) {
  const auto of = [](std::string service, std::string name, std::string statistic, std::vector<int> minutes) {
    MetricSeries s = series_of(std::move(service), std::move(name), "", std::move(statistic));
    s.metric_namespace = "AWS/ApplicationELB";
    for (const int minute : minutes) {
      s.times.push_back(kStart + std::chrono::minutes(minute));
      s.values.push_back(7);
    }
    return s;
  };
  const MetricDigest digest = digest_of(
      {of("web", "RequestCount", "Sum", {0, 1, 2, 4}), of("web", "HTTPCode_Target_5XX_Count", "Sum", {2, 3, 6}),
       of("web", "HTTPCode_Target_5XX_Count", "Average", {2}), of("cart", "HTTPCode_Target_5XX_Count", "Sum", {2})});
  ASSERT_EQ(digest.series.size(), 4U);
  EXPECT_EQ(digest.series[0].values, std::vector<double>{7}) << "nothing of cart tells when it was measured";
  EXPECT_EQ(digest.series[1].values, std::vector<double>{7}) << "an average of nothing is not 0";
  EXPECT_EQ(digest.series[2].values, (std::vector<double>{0, 0, 7, 7, 0, 7}));
  EXPECT_EQ(digest.series[2].times[4], kStart + std::chrono::minutes(4));
  EXPECT_EQ(digest.series[3].values.size(), 4U);
}

}  // namespace
}  // namespace fa
