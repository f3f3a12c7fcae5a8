#include "investigate/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "investigate/survey.h"
#include "sources/file/test_support.h"

namespace fa {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return *parse_rfc3339("2026-06-01T00:00:00Z"); }
};

TimePoint at(std::string_view text) { return *parse_rfc3339("2026-03-14T" + std::string(text) + "Z"); }
TimeRange between(std::string_view from, std::string_view to) { return {at(from), at(to)}; }

/// One line a second from 08:00:00 to 08:20:00; errors every third second from `bad` on.
std::string log_lines(std::string_view bad = "") {
  std::string text;
  for (TimePoint t = at("08:00:00"); t < at("08:20:00"); t += std::chrono::seconds(1)) {
    const bool fails = !bad.empty() && t >= at(bad) && to_unix_nanos(t) / 1'000'000'000 % 3 == 0;
    text += format_rfc3339(t) + (fails ? " ERROR orders query failed\n" : " INFO orders query done\n");
  }
  return text;
}

struct Asked {
  std::string log = log_lines("08:12:00");
  std::string incident = {};
  InvestigateRequest request = {};
};

Result<Plan> plan_of(Asked asked) {
  const test::TempFolder folder;
  folder.write("orders.log", asked.log);
  if (!asked.incident.empty()) folder.write("incident.json", asked.incident);
  asked.request.paths = {folder.path()};
  const InputSet inputs = discover_inputs(asked.request.paths, {}, {});
  return make_plan(asked.request, inputs, FixedClock(), {});
}

constexpr const char* kIncident = R"({"id":"i1","description":"slow",
  "window":{"from":"2026-03-14T08:10:00Z","to":"2026-03-14T08:15:00Z"},
  "baseline":{"from":"2026-03-13T08:00:00Z","to":"2026-03-13T09:00:00Z"},
  "alarm":{"entity":"orders","metric":"latency","statistic":"p99","time":"2026-03-14T08:11:00Z"}})";

TEST(Plan, takes_what_the_incident_file_says) {
  const auto plan = plan_of({.incident = kIncident});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->incident.id, "i1");
  EXPECT_EQ(plan->periods.window(), between("08:10:00", "08:15:00"));
  EXPECT_EQ(plan->periods.baseline().begin, *parse_rfc3339("2026-03-13T08:00:00Z"));
  EXPECT_TRUE(plan->incident.window_given);
  EXPECT_TRUE(plan->incident.baseline_given);
  EXPECT_EQ(plan->reference_time, at("08:10:00"));
}

TEST(Plan, what_the_user_says_wins_over_the_file) {
  Asked asked{.incident = kIncident};
  asked.request.window = between("08:01:00", "08:02:00");
  asked.request.baseline = between("08:18:00", "08:19:00");
  asked.request.description = "very slow";
  asked.request.alarm = Alarm{"cart", "errors", "Sum", std::nullopt};
  const auto plan = plan_of(asked);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->periods.window(), between("08:01:00", "08:02:00"));
  EXPECT_EQ(plan->periods.baseline(), between("08:18:00", "08:19:00")) << "a baseline may lie after the window";
  EXPECT_EQ(plan->incident.description, "very slow");
  EXPECT_EQ(plan->incident.alarm->entity, "cart");
}

TEST(Plan, without_anything_given_the_onset_splits_the_data) {
  const auto plan = plan_of({});
  ASSERT_TRUE(plan.has_value());
  // A tenth of the twelve minutes before: causes are written before the failures they bring.
  EXPECT_EQ(plan->periods.window().begin, at("08:10:48"));
  EXPECT_GE(plan->periods.window().end, at("08:19:59"));
  EXPECT_EQ(plan->periods.baseline(), between("08:00:00", "08:10:48"));
  EXPECT_FALSE(plan->incident.window_given);
  EXPECT_FALSE(plan->incident.baseline_given);
}

TEST(Plan, without_an_onset_all_data_is_the_window_and_nothing_to_compare) {
  const auto plan = plan_of({.log = log_lines()});
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->periods.window().begin, at("08:00:00"));
  EXPECT_TRUE(plan->periods.baseline().empty());
}

TEST(Plan, the_time_before_a_given_window_is_the_baseline) {
  Asked asked;
  asked.request.window = between("08:10:00", "08:20:00");
  const auto plan = plan_of(asked);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->periods.window(), between("08:10:00", "08:20:00"));
  EXPECT_EQ(plan->periods.baseline(), between("08:00:00", "08:10:00"));
  EXPECT_EQ(plan->incident.baseline, plan->periods.baseline());
}

TEST(Plan, a_window_over_all_data_is_split_at_the_alarm_else_at_the_onset) {
  Asked asked;
  asked.request.window = between("08:00:00", "08:20:00");
  auto plan = plan_of(asked);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->periods.window(), between("08:12:00", "08:20:00"));
  EXPECT_EQ(plan->periods.baseline(), between("08:00:00", "08:12:00"));
  EXPECT_EQ(plan->incident.window, between("08:00:00", "08:20:00")) << "what was asked stays";

  asked.request.alarm = Alarm{"orders", "latency", "", at("08:13:00")};
  plan = plan_of(asked);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->periods.window(), between("08:13:00", "08:20:00"));
}

TEST(Plan, a_given_baseline_leaves_the_larger_rest_as_window) {
  Asked asked;
  asked.request.baseline = between("08:00:00", "08:08:00");
  auto plan = plan_of(asked);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->periods.window().begin, at("08:08:00"));
  asked.request.baseline = between("08:15:00", "08:25:00");
  plan = plan_of(asked);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->periods.window(), between("08:00:00", "08:15:00"));
}

TEST(Plan, refuses_ranges_that_end_before_they_begin) {
  Asked asked;
  asked.request.window = between("08:10:00", "08:00:00");
  auto plan = plan_of(asked);
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().message, testing::HasSubstr("window must end after it begins"));
  asked.request.window = between("08:10:00", "08:20:00");
  asked.request.baseline = between("08:05:00", "08:05:00");
  plan = plan_of(asked);
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().message, testing::HasSubstr("baseline must end after it begins"));
}

TEST(Plan, a_broken_incident_file_is_an_error_not_another_question) {
  const auto plan = plan_of({.incident = "{\n\"window\": {\"from\": 7}}"});
  ASSERT_FALSE(plan.has_value());
  EXPECT_THAT(plan.error().message, testing::HasSubstr("incident.json"));
}

TEST(Survey, finds_where_failures_begin_and_nothing_where_they_do_not) {
  struct Case {
    const char* name;
    int failing_from;  ///< Second; 1000 for never.
    int failing_until;
    bool found;
  };
  const Case kCases[] = {{"from the middle on", 600, 1000, true},
                         {"at the end", 900, 1000, true},
                         {"never", 1000, 1000, false},
                         {"always", 0, 1000, false}};
  for (const Case& c : kCases) {
    Survey survey;
    for (int second = 0; second < 1000; ++second) {
      survey.add(at("08:00:00") + std::chrono::seconds(second), second >= c.failing_from && second < c.failing_until,
                 -1);
    }
    const auto onset = survey.onset(survey.range());
    EXPECT_EQ(onset.has_value(), c.found) << c.name;
    if (onset && c.found) {
      EXPECT_EQ(*onset, at("08:00:00") + std::chrono::seconds(c.failing_from)) << c.name;
    }
  }
}

TEST(Survey, finds_where_requests_become_slow) {
  Survey survey;
  for (int second = 0; second < 1000; ++second) {
    survey.add(at("08:00:00") + std::chrono::seconds(second), false, second < 700 ? 0.1 : 2.0);
  }
  EXPECT_EQ(survey.onset(survey.range()), at("08:00:00") + std::chrono::seconds(700));
}

TEST(Survey, does_not_depend_on_how_the_records_were_split) {
  Survey whole;
  Survey left;
  Survey right;
  for (int i = 0; i < 60'000; ++i) {  // more buckets than it keeps: it grows coarser
    const TimePoint t = at("08:00:00") + std::chrono::seconds(i * 10LL);
    whole.add(t, i > 40'000, -1);
    (i % 7 == 0 ? left : right).add(t, i > 40'000, -1);
  }
  right.merge(left);
  EXPECT_EQ(whole.range(), right.range());
  EXPECT_EQ(whole.onset(whole.range()), right.onset(right.range()));
}

TEST(Survey, a_record_that_stands_for_many_weighs_as_many) {
  Survey each;
  Survey counted;
  for (int second = 0; second < 1000; ++second) {
    const TimePoint t = at("08:00:00") + std::chrono::seconds(second);
    const int failures = second < 600 ? 1 : 4;
    for (int i = 0; i < failures; ++i) each.add(t, true, -1);
    counted.add(t, true, -1, static_cast<std::uint64_t>(failures));
  }
  ASSERT_TRUE(each.onset(each.range()).has_value());
  EXPECT_EQ(counted.onset(counted.range()), each.onset(each.range()));
}

TEST(Survey, of_nothing_is_empty) {
  Survey survey;
  survey.add(kNoTime, true, 1);
  EXPECT_TRUE(survey.empty());
  EXPECT_TRUE(survey.range().empty());
  EXPECT_FALSE(survey.onset(survey.range()).has_value());
}

}  // namespace
}  // namespace fa
