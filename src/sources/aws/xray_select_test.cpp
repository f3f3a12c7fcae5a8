#include "sources/aws/xray_select.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace fa {
namespace {

using aws::xray::SummaryInfo;
using std::chrono::hours;
using std::chrono::seconds;
using testing::SizeIs;

const TimePoint kStart = *parse_rfc3339("2026-03-14T08:00:00Z");

std::string id_at(TimePoint t, int number) {
  return fmt::format("1-{:08x}-{:024x}", std::chrono::duration_cast<seconds>(t.time_since_epoch()).count(), number);
}

/// `count` traces a second apart, the first `failing` of each hundred failing.
std::vector<SummaryInfo> traces(int count, int failing_of_100, int first = 0) {
  std::vector<SummaryInfo> all;
  for (int i = 0; i < count; ++i) {
    SummaryInfo s;
    s.id = id_at(kStart + seconds(first + i), first + i);
    s.fault = i % 100 < failing_of_100;
    s.response_seconds = 0.1 + 0.001 * (i % 7);
    all.push_back(s);
  }
  return all;
}

double share(std::size_t part, std::size_t all) { return static_cast<double>(part) / static_cast<double>(all); }

TEST(XRayRanges, hold_six_hours_at_most) {
  struct Case {
    Nanoseconds length;
    std::size_t pieces;
  };
  for (const Case& c : {Case{hours(0), 0}, Case{seconds(1), 1}, Case{hours(6), 1}, Case{hours(6) + seconds(1), 2},
                        Case{hours(24), 4}}) {
    const auto pieces = xray_ranges({kStart, kStart + c.length});
    ASSERT_THAT(pieces, SizeIs(c.pieces));
    TimePoint at = kStart;
    for (const TimeRange& piece : pieces) {
      EXPECT_EQ(piece.begin, at);
      EXPECT_LE(piece.length(), hours(6));
      at = piece.end;
    }
    EXPECT_EQ(at, kStart + c.length);
  }
}

TEST(RequestsInGraph, counts_where_requests_enter) {
  EXPECT_EQ(requests_in_graph(
                R"({"Services":[{"Root":true,"Type":"AWS::ECS::Container","SummaryStatistics":{"TotalCount":120}},)"
                R"({"Root":true,"Type":"client","SummaryStatistics":{"TotalCount":999}},)"
                R"({"Type":"AWS::DynamoDB::Table","SummaryStatistics":{"TotalCount":240}},)"
                R"({"Root":true,"SummaryStatistics":{"TotalCount":3}},{"Root":true},{"Root":1},null]})"),
            123);
  EXPECT_EQ(requests_in_graph(R"({"Services":[]})"), 0);
  EXPECT_EQ(requests_in_graph("{}"), 0);
  EXPECT_EQ(requests_in_graph(R"({"Services":[{"Root":true,"SummaryStatistics":{"TotalCount":"x"}}]})"), 0);
  for (const char* broken : {"", "{", "[]", "7", "\xff"}) EXPECT_FALSE(requests_in_graph(broken)) << broken;
}

TEST(SlowThreshold, is_the_95th_percentile_of_what_went_well_in_the_baseline) {
  std::vector<SummaryInfo> baseline(100);
  for (std::size_t i = 0; i < 100; ++i) baseline[i].response_seconds = 0.01 * static_cast<double>(i + 1);
  EXPECT_DOUBLE_EQ(*slow_threshold(baseline, {}), 0.951);
  baseline.push_back({.id = "x", .fault = true, .response_seconds = 900});
  EXPECT_DOUBLE_EQ(*slow_threshold(baseline, {}), 0.951);
  baseline[94].response_seconds = 0.9512345;
  EXPECT_DOUBLE_EQ(*slow_threshold(baseline, {}), 0.952) << "rounded up";
  EXPECT_FALSE(slow_threshold({}, {}));
  EXPECT_DOUBLE_EQ(*slow_threshold({}, {{.id = "x", .response_seconds = 0.2}}), 0.201)
      << "a short baseline takes the window";
  EXPECT_DOUBLE_EQ(*slow_threshold({{.id = "x"}}, {}), 0.00101);
}

TEST(XRayFilter, joins_the_users_to_ours) {
  EXPECT_EQ(unusual_filter("", std::nullopt), "fault = true OR error = true OR throttle = true");
  EXPECT_EQ(unusual_filter(user_filter(" orders "), 0.35),
            "(service(\"orders\")) AND (fault = true OR error = true OR throttle = true OR responsetime > 0.35)");
  EXPECT_EQ(user_filter("service(\"a\") { fault }"), "service(\"a\") { fault }");
  EXPECT_EQ(user_filter("fault"), "fault");
  EXPECT_EQ(user_filter(""), "");
}

TEST(ChooseTraces, all_of_them_when_they_fit) {
  const TraceChoice choice = choose_traces(traces(40, 10), traces(60, 0, 1000), 1.0, 100);
  EXPECT_THAT(choice.window, SizeIs(40));
  EXPECT_THAT(choice.baseline, SizeIs(60));
  EXPECT_EQ(choice.preference, 1);
  EXPECT_EQ(choice.unusual_window, 10U);
  EXPECT_TRUE(std::is_sorted(choice.window.begin(), choice.window.end())) << "by time";
  EXPECT_THAT(choose_traces({}, {}, std::nullopt, 100).window, SizeIs(0));
  EXPECT_THAT(choose_traces(traces(40, 10), {}, 1.0, 0).window, SizeIs(0));
}

TEST(ChooseTraces, keep_the_odds_of_failing_comparable) {
  struct Case {
    const char* what;
    int window, window_failing, baseline, baseline_failing;
  };
  const Case cases[] = {
      {"an outage", 20'000, 40, 20'000, 1},       {"a few failures", 50'000, 1, 50'000, 1},
      {"nothing new", 10'000, 5, 30'000, 5},      {"a smaller baseline", 20'000, 20, 5'000, 2},
      {"everything fails", 5'000, 100, 5'000, 1},
  };
  for (const Case& c : cases) {
    const auto window = traces(c.window, c.window_failing);
    const auto baseline = traces(c.baseline, c.baseline_failing, 100'000);
    const TraceChoice choice = choose_traces(window, baseline, 1.0, 500);
    EXPECT_LE(choice.window.size() + choice.baseline.size(), 500U) << c.what;
    EXPECT_GE(choice.window.size(), 120U) << c.what;
    EXPECT_GE(choice.baseline.size(), 20U) << c.what;
    const auto odds = [](std::size_t failing, std::size_t all) {
      return all == failing ? 1e9 : static_cast<double>(failing) / static_cast<double>(all - failing);
    };
    const double true_ratio =
        odds(static_cast<std::size_t>(c.window_failing), 100) / odds(static_cast<std::size_t>(c.baseline_failing), 100);
    const double ratio = odds(choice.unusual_window, choice.window.size()) /
                         std::max(odds(choice.unusual_baseline, choice.baseline.size()), 1e-9);
    if (c.window_failing < 100 && choice.unusual_baseline >= 3) {
      EXPECT_NEAR(ratio / true_ratio, 1, 0.35) << c.what;
    }
    if (c.window_failing == c.baseline_failing) {
      EXPECT_NEAR(share(choice.unusual_window, choice.window.size()),
                  share(choice.unusual_baseline, choice.baseline.size()), 0.02)
          << c.what << ": nothing changed, and nothing may seem to have";
    }
    EXPECT_GE(choice.unusual_window,
              std::min<std::size_t>(25, static_cast<std::size_t>(c.window * c.window_failing / 100)) * 9 / 10)
        << c.what;
  }
}

TEST(ChooseTraces, a_handful_of_failing_traces_is_taken_whole) {
  auto window = traces(30'000, 0);
  for (const std::size_t i : {100U, 15'000U, 29'000U}) window[i].throttle = true;
  const TraceChoice choice = choose_traces(window, traces(30'000, 0, 100'000), std::nullopt, 500);
  EXPECT_EQ(choice.unusual_window, 3U);
  for (const std::size_t i : {100U, 15'000U, 29'000U}) EXPECT_THAT(choice.window, testing::Contains(window[i].id));
}

TEST(ChooseTraces, slow_ones_count_as_unusual) {
  auto window = traces(10'000, 0);
  for (std::size_t i = 0; i < window.size(); i += 50) window[i].response_seconds = 3;
  const TraceChoice choice = choose_traces(window, traces(10'000, 0, 100'000), 0.5, 100);
  EXPECT_GE(choice.unusual_window, 20U);
  EXPECT_GT(choice.preference, 1);
}

TEST(ChooseTraces, spread_over_time_whatever_the_order) {
  auto window = traces(10'000, 10);
  const auto baseline = traces(10'000, 10, 100'000);
  const TraceChoice first = choose_traces(window, baseline, 1.0, 200);
  std::shuffle(window.begin(), window.end(), std::mt19937(3));
  window.insert(window.end(), window.begin(), window.begin() + 500);  // the same trace in two answers
  const TraceChoice again = choose_traces(window, baseline, 1.0, 200);
  EXPECT_EQ(again.window, first.window);
  EXPECT_EQ(again.baseline, first.baseline);
  EXPECT_EQ(std::set<std::string>(first.window.begin(), first.window.end()).size(), first.window.size());
  // No tenth of the window without traces.
  std::set<int> tenths;
  for (const std::string& id : first.window) {
    tenths.insert(
        static_cast<int>((std::stoll(id.substr(2, 8), nullptr, 16) - kStart.time_since_epoch() / seconds(1)) / 1000));
  }
  EXPECT_EQ(tenths.size(), 10U);
}

}  // namespace
}  // namespace fa
