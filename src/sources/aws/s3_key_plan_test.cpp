#include "sources/aws/s3_key_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fa {
namespace {

using Kind = LogKey::Kind;
using Step = ListStep::Kind;

TimePoint at(const char* text) { return *parse_rfc3339(text); }
TimeRange range(const char* begin, const char* end) { return {at(begin), at(end)}; }

TEST(KeyPlan, reads_names_of_access_logs) {
  struct Case {
    const char* name;
    Kind kind;
    const char* series;
    const char* stamp;
  };
  const Case cases[] = {
      {"123456789012_elasticloadbalancing_us-east-2_app.my-lb.50dc6c495c0c9188_20260314T2340Z_172.160.001.192_20sg8hgm."
       "log.gz",
       Kind::kWanted, "123456789012_elasticloadbalancing_us-east-2_app.my-lb.50dc6c495c0c9188_",
       "2026-03-14T23:40:00Z"},
      {"123456789012_elasticloadbalancing_us-east-2_net.my-nlb.1234_20260314T0005Z_2e2d.log.gz", Kind::kNetwork,
       "123456789012_elasticloadbalancing_us-east-2_net.my-nlb.1234_", "2026-03-14T00:05:00Z"},
      {"123456789012_elasticloadbalancing_us-west-2_app_20260314T2340Z_172.160.001.192_20sg8hgm.log", Kind::kClassic,
       "123456789012_elasticloadbalancing_us-west-2_app_", "2026-03-14T23:40:00Z"},
      {"conn_log_123456789012_elasticloadbalancing_us-east-2_app.my-lb.50dc_20260314T2340Z_1.2.3.4_x.log.gz",
       Kind::kConnectionLog, "", ""},
      {"ELBAccessLogTestFile", Kind::kConnectionLog, "", ""},
      {"123456789012_elasticloadbalancing_us-east-2_app.my-lb.50dc_20261314T2340Z_1.2.3.4_x.log.gz", Kind::kOther, "",
       ""},
      {"123456789012_elasticloadbalancing_us-east-2_app.my-lb.50dc_20260314T2460Z_1.2.3.4_x.log.gz", Kind::kOther, "",
       ""},
      {"123456789012_elasticloadbalancing_us-east-2_app.my-lb.50dc_20260314T23", Kind::kOther, "", ""},
      {"123456789012_elasticloadbalancing_us-east-2", Kind::kOther, "", ""},
      {"12345_x", Kind::kOther, "", ""},
      {"", Kind::kOther, "", ""},
      {"99990101T0000Z", Kind::kOther, "", ""},
  };
  for (const Case& c : cases) {
    const LogKey key = parse_alb_key(c.name);
    EXPECT_EQ(key.kind, c.kind) << c.name;
    EXPECT_EQ(key.series, c.series) << c.name;
    EXPECT_EQ(format_rfc3339(key.stamp), c.stamp) << c.name;
  }
}

TEST(KeyPlan, reads_names_of_trail_files_and_of_nothing_else) {
  const LogKey key = parse_cloudtrail_key("123456789012_CloudTrail_us-east-1_20260314T0835Z_NtuB0xzZC6rp2Ybq.json.gz");
  EXPECT_EQ(key.kind, Kind::kWanted);
  EXPECT_EQ(key.series, "123456789012_CloudTrail_us-east-1_");
  EXPECT_EQ(key.stamp, at("2026-03-14T08:35:00Z"));
  for (const char* name : {"123456789012_CloudTrail-Digest_us-east-1_trail_us-east-1_20260314T0835Z.json.gz",
                           "123456789012_CloudTrail-Insight_us-east-1_20260314T0835Z_x.json.gz",
                           "123456789012_CloudTrail_us-east-1_20260314T0835_x.json.gz", "x"}) {
    EXPECT_EQ(parse_cloudtrail_key(name).kind, Kind::kOther) << name;
  }
}

TEST(KeyPlan, lists_the_days_that_can_hold_the_records) {
  struct Case {
    const char* name;
    std::vector<TimeRange> ranges;
    std::vector<std::string> days;
  };
  const Case cases[] = {
      {"inside a day", {range("2026-03-14T08:00:00Z", "2026-03-14T09:00:00Z")}, {"2026/03/14"}},
      {"from midnight", {range("2026-03-14T00:00:00Z", "2026-03-14T01:00:00Z")}, {"2026/03/14"}},
      {"over midnight", {range("2026-03-14T23:30:00Z", "2026-03-15T00:30:00Z")}, {"2026/03/14", "2026/03/15"}},
      {"the slack reaches the next day",
       {range("2026-03-14T23:00:00Z", "2026-03-14T23:45:00Z")},
       {"2026/03/14", "2026/03/15"}},
      {"the slack ends a minute before the day does",
       {range("2026-03-14T23:00:00Z", "2026-03-14T23:39:59Z")},
       {"2026/03/14"}},
      {"the slack ends with the day",
       {range("2026-03-14T23:00:00Z", "2026-03-14T23:40:00Z")},
       {"2026/03/14", "2026/03/15"}},
      {"end of a month", {range("2026-04-30T23:50:00Z", "2026-04-30T23:59:00Z")}, {"2026/04/30", "2026/05/01"}},
      {"end of February", {range("2026-02-28T23:50:00Z", "2026-02-28T23:59:00Z")}, {"2026/02/28", "2026/03/01"}},
      {"leap day", {range("2028-02-28T23:50:00Z", "2028-02-28T23:59:00Z")}, {"2028/02/28", "2028/02/29"}},
      {"end of a year", {range("2025-12-31T23:50:00Z", "2025-12-31T23:55:00Z")}, {"2025/12/31", "2026/01/01"}},
      {"baseline on another day",
       {range("2026-03-14T08:00:00Z", "2026-03-14T09:00:00Z"), range("2026-03-07T08:00:00Z", "2026-03-07T09:00:00Z")},
       {"2026/03/07", "2026/03/14"}},
      {"window and baseline share a day",
       {range("2026-03-14T08:00:00Z", "2026-03-14T09:00:00Z"), range("2026-03-14T02:00:00Z", "2026-03-14T03:00:00Z")},
       {"2026/03/14"}},
      {"no baseline", {range("2026-03-14T08:00:00Z", "2026-03-14T09:00:00Z"), {}}, {"2026/03/14"}},
      {"several days",
       {range("2026-03-14T23:00:00Z", "2026-03-16T01:00:00Z")},
       {"2026/03/14", "2026/03/15", "2026/03/16"}},
      {"nothing", {}, {}},
  };
  for (const Case& c : cases) EXPECT_EQ(day_folders(stamps_for(c.ranges)), c.days) << c.name;
}

TEST(KeyPlan, wants_files_up_to_the_slack_behind_the_end) {
  const auto stamps = stamps_for({range("2026-03-14T08:30:10Z", "2026-03-14T09:00:00Z")});
  EXPECT_FALSE(holds(stamps, at("2026-03-14T08:29:00Z")));
  EXPECT_TRUE(holds(stamps, at("2026-03-14T08:30:00Z")));  // named to the minute
  EXPECT_TRUE(holds(stamps, at("2026-03-14T09:20:00Z")));
  EXPECT_FALSE(holds(stamps, at("2026-03-14T09:21:00Z")));
}

TEST(KeyPlan, joins_ranges_that_meet) {
  const auto out = joined({range("2026-03-14T08:00:00Z", "2026-03-14T09:00:00Z"),
                           {},
                           range("2026-03-14T07:00:00Z", "2026-03-14T08:00:00Z"),
                           range("2026-03-14T10:00:00Z", "2026-03-14T11:00:00Z"),
                           range("2026-03-14T10:10:00Z", "2026-03-14T10:20:00Z")});
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(out[0], range("2026-03-14T07:00:00Z", "2026-03-14T09:00:00Z"));
  EXPECT_EQ(out[1], range("2026-03-14T10:00:00Z", "2026-03-14T11:00:00Z"));
}

TEST(KeyPlan, writes_stamps_that_sort_by_time) {
  EXPECT_EQ(key_stamp(at("2026-03-14T08:05:59Z")), "20260314T0805Z");
  EXPECT_EQ(key_stamp(at("2025-12-31T23:59:00Z")), "20251231T2359Z");
}

TEST(KeyPlan, jumps_over_what_cannot_be_wanted) {
  const std::string folder = "AWSLogs/123456789012/elasticloadbalancing/us-east-2/2026/03/14/";
  const std::string head = folder + "123456789012_elasticloadbalancing_us-east-2_";
  const auto stamps = stamps_for(
      {range("2026-03-14T02:00:00Z", "2026-03-14T03:00:00Z"), range("2026-03-14T08:00:00Z", "2026-03-14T09:00:00Z")});
  struct Case {
    std::string last;
    Step kind;
    std::string start_after;
  };
  const Case cases[] = {
      {head + "app.a.1_20260314T0005Z_1.2.3.4_x.log.gz", Step::kJump, head + "app.a.1_20260314T0200"},
      {head + "app.a.1_20260314T0205Z_1.2.3.4_x.log.gz", Step::kNextPage, ""},
      {head + "app.a.1_20260314T0500Z_1.2.3.4_x.log.gz", Step::kJump, head + "app.a.1_20260314T0800"},
      {head + "app.a.1_20260314T0920Z_1.2.3.4_x.log.gz", Step::kNextPage, ""},
      {head + "app.a.1_20260314T0925Z_1.2.3.4_x.log.gz", Step::kJump, head + "app.a.1_~"},
      {head + "net.b.1_20260314T0205Z_x.log.gz", Step::kJump, head + "net.b.1_~"},
      {head + "classic_20260314T0205Z_1.2.3.4_x.log", Step::kJump, head + "classic_~"},
      {folder + "conn_log_123456789012_elasticloadbalancing_us-east-2_app.a.1_20260314T0205Z_1.2.3.4_x.log.gz",
       Step::kDone, ""},
      {folder + "123-my-notes.txt", Step::kNextPage, ""},
      {"elsewhere/key", Step::kNextPage, ""},
  };
  for (const Case& c : cases) {
    const ListStep step = next_step(folder, c.last, stamps, parse_alb_key);
    EXPECT_EQ(step.kind, c.kind) << c.last;
    EXPECT_EQ(step.start_after, c.start_after) << c.last;
    if (step.kind == Step::kJump) {
      EXPECT_GT(step.start_after, c.last) << "a jump must go forward";
    }
  }
}

TEST(KeyPlan, a_jump_never_passes_a_wanted_key) {
  const std::string folder = "AWSLogs/1/";
  const auto stamps = stamps_for({range("2026-03-14T08:00:00Z", "2026-03-14T08:10:00Z")});
  std::vector<std::string> keys;
  for (const char* lb : {"app.a.1", "app.a.10", "app.a-b.1", "aaa", "net.z.1", "zzz"}) {
    for (int minute = 0; minute < 24 * 60; minute += 5) {
      keys.push_back(folder + "123456789012_elasticloadbalancing_us-east-2_" + lb + "_" +
                     key_stamp(at("2026-03-14T00:00:00Z") + std::chrono::minutes(minute)) + "_10.0.0.1_r.log.gz");
    }
  }
  std::sort(keys.begin(), keys.end());
  for (const std::size_t page : {1U, 3U, 100U, 1000U}) {
    std::size_t found = 0;
    std::size_t calls = 0;
    std::size_t next = 0;
    while (next < keys.size()) {
      ++calls;
      const std::size_t end = std::min(keys.size(), next + page);
      for (std::size_t i = next; i < end; ++i) {
        const LogKey key = parse_alb_key(keys[i].substr(folder.size()));
        if (key.kind == Kind::kWanted && holds(stamps, key.stamp)) ++found;
      }
      const ListStep step = next_step(folder, keys[end - 1], stamps, parse_alb_key);
      if (step.kind == Step::kDone) break;
      next =
          step.kind == Step::kNextPage
              ? end
              : static_cast<std::size_t>(std::upper_bound(keys.begin(), keys.end(), step.start_after) - keys.begin());
    }
    EXPECT_EQ(found, 3U * 7U) << page;  // three ALBs, files of 8:00 to 8:30
    if (page == 3) {
      EXPECT_LE(calls, 20U);
    }
  }
}

}  // namespace
}  // namespace fa
