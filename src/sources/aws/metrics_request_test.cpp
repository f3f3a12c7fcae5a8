#include "sources/aws/metrics_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TimePoint at(const char* text) { return *parse_rfc3339(text); }
const TimePoint kNow = at("2026-03-14T10:00:30Z");

TEST(MetricTimes, period_by_the_age_of_the_oldest_point) {
  struct Case {
    Nanoseconds age;  // of the baseline's begin
    int period;
  };
  const Case cases[] = {
      {hours(2), 60},
      {days(14), 60},
      {days(15) - minutes(11), 60},
      {days(15) - minutes(9), 300},
      {days(15), 300},
      {days(62), 300},
      {days(63), 3600},
      {days(300), 3600},
      {days(455) - hours(2), 3600},
  };
  for (const Case& c : cases) {
    const TimePoint begin = kNow - c.age;
    const MetricTimes times = metric_times({begin + hours(1), begin + hours(2)}, {begin, begin + hours(1)}, kNow);
    EXPECT_EQ(times.period_seconds, c.period) << format_duration(c.age);
    EXPECT_FALSE(times.expired) << format_duration(c.age);
    ASSERT_EQ(times.ranges.size(), 1U) << "window and baseline touch";
    EXPECT_LE(times.ranges[0].begin, begin);
    EXPECT_GE(times.ranges[0].end, begin + hours(2));
    for (const TimePoint edge : {times.ranges[0].begin, times.ranges[0].end}) {
      EXPECT_EQ(edge.time_since_epoch() % seconds(c.period), Nanoseconds{0}) << format_rfc3339(edge);
    }
  }
}

TEST(MetricTimes, one_period_for_both_where_the_baseline_is_older) {
  const TimeRange window{kNow - hours(1), kNow};
  const MetricTimes times = metric_times(window, {window.begin - days(20), window.end - days(20)}, kNow);
  EXPECT_EQ(times.period_seconds, 300);
  ASSERT_EQ(times.ranges.size(), 2U);
  EXPECT_LT(times.ranges[0].end, times.ranges[1].begin);
  // A baseline behind the window, none at all, and one that overlaps.
  EXPECT_EQ(metric_times({kNow - hours(4), kNow - hours(3)}, {kNow - hours(1), kNow}, kNow).ranges.size(), 2U);
  EXPECT_EQ(metric_times(window, {}, kNow).ranges.size(), 1U);
  EXPECT_EQ(metric_times(window, {window.begin - hours(1), window.end}, kNow).ranges.size(), 1U);
}

TEST(MetricTimes, what_is_no_longer_kept_is_said) {
  const TimePoint begin = kNow - days(460);
  const MetricTimes gone = metric_times({begin + hours(1), begin + hours(2)}, {begin, begin + hours(1)}, kNow);
  EXPECT_TRUE(gone.ranges.empty());
  ASSERT_TRUE(gone.expired);
  EXPECT_EQ(*gone.expired, (TimeRange{begin, begin + hours(2)}));
  EXPECT_TRUE(batches_of({{"r", {"n", "m", {}}, "Sum"}}, gone).empty());

  const MetricTimes part = metric_times({kNow - days(450), kNow - days(449)}, {begin, begin + hours(1)}, kNow);
  ASSERT_TRUE(part.expired);
  EXPECT_EQ(*part.expired, (TimeRange{begin, begin + hours(1)}));
  EXPECT_EQ(part.ranges.size(), 1U);
  EXPECT_EQ(metric_times({}, {}, kNow).ranges.size(), 0U);
}

std::vector<ChosenSeries> many(std::size_t count, const std::string& region = "ap-northeast-1") {
  std::vector<ChosenSeries> series;
  for (std::size_t i = 0; i < count; ++i) {
    series.push_back({region, {"AWS/Lambda", "Errors", {{"FunctionName", "f" + std::to_string(i)}}}, "Sum"});
  }
  return series;
}

std::vector<std::size_t> sizes(const std::vector<MetricBatch>& batches) {
  std::vector<std::size_t> all;
  for (const MetricBatch& batch : batches) all.push_back(batch.queries.size());
  return all;
}

TEST(MetricBatches, hold_500_queries_and_no_more_points_than_one_answer) {
  using testing::ElementsAre;
  const MetricTimes hour{60, {{kNow, kNow + hours(1)}}, {}};
  EXPECT_THAT(sizes(batches_of(many(0), hour)), ElementsAre());
  EXPECT_THAT(sizes(batches_of(many(500), hour)), ElementsAre(500));
  EXPECT_THAT(sizes(batches_of(many(501), hour)), ElementsAre(500, 1));
  const MetricTimes week{60, {{kNow, kNow + days(7)}}, {}};  // 10,080 points a series
  EXPECT_THAT(sizes(batches_of(many(25), week)), ElementsAre(10, 10, 5));
  const MetricTimes apart{60, {{kNow, kNow + hours(1)}, {kNow + days(1), kNow + days(1) + hours(1)}}, {}};
  EXPECT_THAT(sizes(batches_of(many(3), apart)), ElementsAre(3, 3));
  auto regions = many(2);
  for (ChosenSeries& s : many(2, "us-east-1")) regions.push_back(s);
  const auto batches = batches_of(regions, hour);
  EXPECT_THAT(sizes(batches), ElementsAre(2, 2));
  EXPECT_EQ(batches[1].region, "us-east-1");
}

TEST(MetricBatches, ids_are_stable_valid_and_unique) {
  const MetricTimes hour{60, {{kNow, kNow + hours(1)}}, {}};
  std::set<std::string> ids;
  for (const MetricBatch& batch : batches_of(many(2000), hour)) {
    for (const auto& query : batch.queries) {
      EXPECT_TRUE(ids.insert(query.id).second) << query.id;
      EXPECT_EQ(query.id.find_first_not_of("m0123456789abcdef"), std::string::npos);
      EXPECT_EQ(query.period_seconds, 60);
    }
  }
  const ChosenSeries one{"a", {"n", "m", {{"d", "v"}}}, "Sum"};
  EXPECT_EQ(query_id(one), query_id({"b", {"n", "m", {{"d", "v"}}}, "Sum"}));
  EXPECT_NE(query_id(one), query_id({"a", {"n", "m", {{"d", "v"}}}, "p99"}));
  EXPECT_NE(query_id(one), query_id({"a", {"n", "m", {{"dv", ""}}}, "Sum"}));
  // The same series twice still gives two queries that the service takes.
  const auto twice = batches_of({one, one}, hour);
  EXPECT_NE(twice[0].queries[0].id, twice[0].queries[1].id);
}

TEST(MetricBatches, what_belongs_together_is_asked_in_one_call) {
  std::vector<QueryGroup> groups;
  for (int i = 0; i < 300; ++i) {
    QueryGroup& group = groups.emplace_back(QueryGroup{i % 2 == 0 ? "eu-west-1" : "us-east-1", {}});
    for (const char* part : {"a", "b", "e"}) group.queries.push_back({.id = part + std::to_string(i)});
    group.queries[1].returned = false;
    if (i == 4) group.queries[2].results = 200'000;
  }
  const MetricTimes times = metric_times({kNow - hours(3), kNow}, {}, kNow);
  std::map<std::string, std::string> call_of;
  std::size_t number = 0;
  for (const MetricBatch& batch : batches_of(std::move(groups), times)) {
    ++number;
    EXPECT_LE(batch.queries.size(), 500U);
    for (const auto& query : batch.queries) {
      EXPECT_EQ(query.period_seconds, times.period_seconds);
      const std::string call = batch.region + std::to_string(number);
      EXPECT_EQ(call_of.emplace(query.id.substr(1), call).first->second, call) << query.id;
    }
  }
  EXPECT_EQ(call_of.size(), 300U);
}

TEST(ReproduceMetrics, is_a_command_that_a_shell_takes_as_it_is) {
  const MetricBatch batch{"ap-northeast-1", {at("2026-03-14T07:00:00Z"), at("2026-03-14T09:00:00Z")}, {}};
  EXPECT_EQ(reproduce_metrics(batch, "cloudwatch-1-ap-northeast-1/queries-0001.json"),
            "aws cloudwatch get-metric-data --region ap-northeast-1 --start-time 2026-03-14T07:00:00Z --end-time "
            "2026-03-14T09:00:00Z --scan-by TimestampAscending --metric-data-queries "
            "file://cloudwatch-1-ap-northeast-1/queries-0001.json");
}

}  // namespace
}  // namespace fa
