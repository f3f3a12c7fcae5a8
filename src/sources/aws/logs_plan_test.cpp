#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "sources/aws/logs_groups.h"
#include "sources/aws/logs_origin.h"
#include "sources/aws/logs_queries.h"
#include "sources/aws/logs_slices.h"
#include "sources/aws/logs_test_rig.h"
#include "support/aws/insights_query.h"

namespace fa::logs {
namespace {

using test::at;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(StudyPeriods, count_no_moment_twice) {
  const TimeRange window{at("2026-03-14T08:00:00Z"), at("2026-03-14T09:00:00Z")};
  struct Case {
    const char* begin;
    const char* end;
    std::vector<std::pair<const char*, const char*>> baseline;
  };
  for (const Case& c : {
           Case{"2026-03-14T07:00:00Z", "2026-03-14T08:00:00Z", {{"2026-03-14T07:00:00Z", "2026-03-14T08:00:00Z"}}},
           Case{"2026-03-14T07:00:00Z", "2026-03-14T08:30:00Z", {{"2026-03-14T07:00:00Z", "2026-03-14T08:00:00Z"}}},
           Case{"2026-03-14T08:10:00Z", "2026-03-14T08:30:00Z", {}},
           Case{"2026-03-14T09:00:00Z", "2026-03-14T10:00:00Z", {{"2026-03-14T09:00:00Z", "2026-03-14T10:00:00Z"}}},
           Case{"2026-03-14T07:00:00Z",
                "2026-03-14T10:00:00Z",
                {{"2026-03-14T07:00:00Z", "2026-03-14T08:00:00Z"}, {"2026-03-14T09:00:00Z", "2026-03-14T10:00:00Z"}}},
       }) {
    const auto periods = study_periods(window, {at(c.begin), at(c.end)});
    ASSERT_EQ(periods.size(), 1 + c.baseline.size()) << c.begin << c.end;
    EXPECT_TRUE(periods[0].window);
    EXPECT_EQ(periods[0].range, window);
    for (std::size_t i = 0; i < c.baseline.size(); ++i) {
      EXPECT_FALSE(periods[i + 1].window);
      EXPECT_EQ(periods[i + 1].range, (TimeRange{at(c.baseline[i].first), at(c.baseline[i].second)}));
    }
  }
  EXPECT_THAT(study_periods(window, {}), SizeIs(1));
  EXPECT_THAT(study_periods({}, {}), IsEmpty());
}

TEST(Slices, join_without_gap_or_overlap) {
  const TimePoint begin = at("2026-03-14T08:00:00.123Z");
  for (const std::int64_t millis : {1LL, 999LL, 1'000LL, 59'999LL, 3'600'000LL}) {
    for (const std::size_t count : {0U, 1U, 2U, 7U, 64U}) {
      const TimeRange range{begin, begin + std::chrono::milliseconds(millis)};
      const auto slices = cut_slices(range, count);
      ASSERT_FALSE(slices.empty());
      EXPECT_LE(slices.size(), std::max<std::size_t>(count, 1));
      EXPECT_EQ(slices.front().begin, range.begin);
      EXPECT_EQ(slices.back().end, range.end);
      for (std::size_t i = 0; i < slices.size(); ++i) {
        EXPECT_FALSE(slices[i].empty());
        if (i > 0) {
          EXPECT_EQ(slices[i].begin, slices[i - 1].end);
        }
      }
    }
  }
  EXPECT_THAT(cut_slices({begin, begin}, 3), IsEmpty());
  EXPECT_THAT(cut_slices({begin, begin + std::chrono::hours(1)}, 64), SizeIs(64));
}

TEST(Bins, are_those_the_query_language_has) {
  for (const auto& [length, text] : std::vector<std::pair<Nanoseconds, std::string>>{
           {std::chrono::seconds(10), "1s"},
           {std::chrono::minutes(2), "2s"},
           {std::chrono::minutes(30), "30s"},
           {std::chrono::hours(1), "60s"},
           {std::chrono::hours(2), "2m"},
           {std::chrono::hours(6), "5m"},
           {std::chrono::hours(24), "20m"},
           {std::chrono::hours(24 * 7), "2h"},
           {std::chrono::hours(24 * 80), "24h"},
       }) {
    const int width = bin_width_seconds(length);
    EXPECT_EQ(bin_text(width), text);
    EXPECT_TRUE(test::insights::bin_seconds("bin(" + bin_text(width) + ")")) << text;
    const auto bins = length / std::chrono::seconds(width);
    EXPECT_LE(bins, 170) << text;
  }
}

TEST(Origins, hold_a_command_that_asks_the_same) {
  test::LogsRig rig;
  Group group;
  group.info.name = "/ecs/orders";
  group.info.arn = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/orders";
  group.account = "123456789012";
  const TimeRange range{at("2026-03-14T08:30:00Z"), at("2026-03-14T08:40:00Z")};
  const Origin events = events_origin(rig.scope, group, range);
  EXPECT_EQ(
      events.reproduce,
      "aws logs filter-log-events --region ap-northeast-1 --log-group-name /ecs/orders --start-time 1773477000000 "
      "--end-time 1773477599999");
  EXPECT_EQ(events.resource, "/ecs/orders");
  Group linked = group;
  linked.linked = true;
  linked.info.arn = "arn:aws:logs:ap-northeast-1:210987654321:log-group:/ecs/orders";
  EXPECT_THAT(events_origin(rig.scope, linked, range).reproduce,
              HasSubstr("--log-group-identifier arn:aws:logs:ap-northeast-1:210987654321:log-group:/ecs/orders"));
  const Origin query =
      query_origin(rig.scope, {&group}, range, "filter @message like /it's/ | sort @timestamp asc", 10);
  EXPECT_EQ(
      query.reproduce,
      "aws logs start-query --region ap-northeast-1 --log-group-names /ecs/orders --start-time 1773477000 --end-time "
      "1773477599 --limit 10 --query-string 'filter @message like /it'\\''s/ | sort @timestamp asc'");
  EXPECT_THAT(query_origin(rig.scope, {&group, &linked}, range, "x", 10).reproduce,
              HasSubstr("--log-group-identifiers arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/orders arn:"));
}

TEST(Directories, keep_groups_of_like_names_apart) {
  std::vector<Group> groups(4);
  groups[0].info = {"/ecs/orders", "arn:1", 0, {}, {}, ""};
  groups[1].info = {"ecs_orders", "arn:2", 0, {}, {}, ""};
  groups[2].info = {"/ecs/cart", "arn:3", 0, {}, {}, ""};
  groups[3].info = {"/", "arn:4", 0, {}, {}, ""};
  name_directories(groups);
  EXPECT_EQ(groups[2].directory, "ecs_cart");
  EXPECT_NE(groups[0].directory, groups[1].directory);
  EXPECT_FALSE(groups[3].directory.empty());
}

TEST(GroupArns, are_taken_apart) {
  const auto arn = parse_group_arn("arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/a:*");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->region, "eu-west-1");
  EXPECT_EQ(arn->account, "123456789012");
  EXPECT_EQ(arn->name, "/aws/lambda/a");
  for (const char* text :
       {"", "/ecs/orders", "arn:aws:s3:::b", "arn:aws:logs:r:1:destination:x", "arn:aws:logs:r:1:log-group:"}) {
    EXPECT_FALSE(parse_group_arn(text)) << text;
  }
}

Target target(const std::string& pattern, double window, double baseline = 0) {
  return {{pattern, PatternChange::Kind::kNew, window, baseline}, *pattern_filter(pattern)};
}

TEST(Batches, fetch_rare_patterns_as_lines_and_frequent_ones_as_counts) {
  std::vector<Target> targets{target("alpha <*>", 10), target("beta one <*>", 90'000), target("gamma <*>", 1'999, 1),
                              target("delta <*>", 1'999, 2)};
  const auto batches = plan_batches(targets, 3);
  ASSERT_THAT(batches, SizeIs(2));
  EXPECT_FALSE(batches[0].counts);
  EXPECT_THAT(batches[0].targets, ElementsAre(0, 2));
  EXPECT_TRUE(batches[1].counts);
  EXPECT_THAT(batches[1].targets, ElementsAre(1, 3));
}

TEST(Batches, hold_every_pattern_once_in_queries_that_the_service_takes) {
  std::vector<Target> targets;
  for (int i = 0; i < 400; ++i) {
    targets.push_back(
        target(fmt::format("pattern {} {} <*>", std::string(static_cast<std::size_t>(i), 'x'), i), i * 37));
  }
  std::vector<std::size_t> seen;
  double lines = 0;
  for (const Batch& batch : plan_batches(targets, 50)) {
    seen.insert(seen.end(), batch.targets.begin(), batch.targets.end());
    const std::string query = batch_query(targets, batch, {}, "60s");
    EXPECT_LE(query.size(), 9'000U);
    EXPECT_EQ(test::insights::parse_query(query).error, "") << query;
    double of_batch = 0;
    for (const std::size_t i : batch.targets) of_batch += targets[i].change.window;
    if (!batch.counts) {
      EXPECT_LE(of_batch, 8'000);
      lines += of_batch;
    }
  }
  EXPECT_LE(lines, 20'000);
  std::sort(seen.begin(), seen.end());
  std::vector<std::size_t> all(targets.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_EQ(seen, all);
}

TEST(Batches, leave_lines_to_the_pattern_that_says_most_of_them) {
  const std::vector<Target> targets{target("request failed <*>", 50'000),
                                    target("request failed <*> after <*> tries", 10), target("unrelated <*>", 5)};
  const auto batches = plan_batches(targets, 1);
  ASSERT_THAT(batches, SizeIs(2));
  const std::string lines = batch_query(targets, batches[0], {}, "60s");
  const std::string counts = batch_query(targets, batches[1], {*pattern_filter("request failed <*> softly")}, "60s");
  EXPECT_THAT(lines, Not(HasSubstr("not like")));
  EXPECT_EQ(
      counts,
      "filter @message like /(?s)^\\s*request\\s+failed\\s+/ and @message not like "
      "/(?s)^\\s*request\\s+failed\\s+.*\\s+after\\s+.*\\s+tries\\s*$/ and @message not like "
      "/(?s)^\\s*request\\s+failed\\s+.*\\s+softly\\s*$/ | stats count(*) as lines, earliest(@message) as sample, "
      "min(@timestamp) as first by bin(60s), @log");
}

}  // namespace
}  // namespace fa::logs
