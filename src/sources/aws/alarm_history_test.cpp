#include "sources/aws/alarm_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "base/json.h"

namespace fa {
namespace {

using aws::cloudwatch::AlarmHistoryItem;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TimePoint at(const char* text) { return *parse_rfc3339(text); }

const char* const kReason =
    R"({"version":"1.0","queryDate":"2026-03-14T08:36:30.123+0000","startDate":"2026-03-14T08:33:00.000+0000",)"
    R"("statistic":"Sum","period":60,"recentDatapoints":[0.0,7.0,9.0],"threshold":5.0,"evaluatedDatapoints":[)"
    R"({"timestamp":"2026-03-14T08:35:00.000+0000","sampleCount":3.0,"value":9.0},)"
    R"({"timestamp":"2026-03-14T08:34:00.000+0000","sampleCount":2.0,"value":7.0},)"
    R"({"timestamp":"2026-03-14T08:33:00.000+0000","sampleCount":2.0,"value":0.0}]})";

AlarmTransition change(const char* time, const char* to, const char* reason = "", const char* data = "{}") {
  return {at(time), "", to, reason, parse_state_reason(data)};
}

TEST(StateReason, takes_the_points_in_order) {
  const StateReason reason = parse_state_reason(kReason);
  EXPECT_EQ(reason.start, at("2026-03-14T08:33:00Z"));
  EXPECT_EQ(reason.period, seconds(60));
  EXPECT_EQ(reason.threshold, 5.0);
  ASSERT_THAT(reason.points, SizeIs(3));
  EXPECT_EQ(reason.points[1], std::pair(at("2026-03-14T08:34:00Z"), 7.0));
  const StateReason old =
      parse_state_reason(R"({"startDate":"2026-03-14T08:33:00Z","period":300,"recentDatapoints":[1,null,3]})");
  ASSERT_THAT(old.points, SizeIs(2));
  EXPECT_EQ(old.points[1], std::pair(at("2026-03-14T08:43:00Z"), 3.0));
}

TEST(StateReason, survives_anything) {
  for (const char* text :
       {"", "null", "[]", "{", "7", R"({"startDate":7,"period":"x","evaluatedDatapoints":{}})", R"({"period":-60})",
        R"({"period":1e300})", R"({"evaluatedDatapoints":[null,7,{"timestamp":"date","value":1}]})",
        R"({"triggeringAlarms":[{"arn":7},null]})", "{\"a\":\"\xff\xfe\"}"}) {
    const StateReason reason = parse_state_reason(text);
    EXPECT_FALSE(reason.start) << text;
    EXPECT_EQ(reason.period, seconds(0)) << text;
    EXPECT_THAT(reason.points, IsEmpty()) << text;
    EXPECT_THAT(reason.triggering, IsEmpty()) << text;
  }
}

TEST(AlarmTransition, comes_from_the_data_else_from_the_summary) {
  const std::string state =
      std::string(R"({"stateValue":"ALARM","stateReason":"r","stateReasonData":)") + kReason + "}";
  const std::string data = R"({"version":"1.0","oldState":{"stateValue":"OK"},"newState":)" + state + "}";
  const auto whole = parse_transition({at("2026-03-14T08:36:31Z"), "Alarm updated from OK to ALARM", data});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->from, "OK");
  EXPECT_EQ(whole->to, "ALARM");
  EXPECT_EQ(whole->reason, "r");
  EXPECT_THAT(whole->data.points, SizeIs(3));

  const auto text =
      parse_transition({at("2026-03-14T08:36:31Z"), "Alarm updated from INSUFFICIENT_DATA to ALARM", "{"});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->from, "INSUFFICIENT_DATA");
  EXPECT_EQ(text->to, "ALARM");
  EXPECT_FALSE(parse_transition({at("2026-03-14T08:36:31Z"), "Alarm \"x\" created", ""}));
  EXPECT_FALSE(parse_transition({kNoTime, "Alarm updated from OK to ALARM", ""}));
}

TEST(Episodes, begin_with_alarm_and_end_with_anything_else) {
  struct Case {
    const char* what;
    std::vector<AlarmTransition> changes;
    std::vector<std::string> expected;  // begin/end/times
  };
  const Case cases[] = {
      {"none", {}, {}},
      {"never fired", {change("2026-03-14T08:00:00Z", "OK")}, {}},
      {"still on", {change("2026-03-14T08:00:00Z", "ALARM")}, {"08:00:00//1"}},
      {"newest first, as the service tells it",
       {change("2026-03-14T09:00:00Z", "OK"), change("2026-03-14T08:00:00Z", "ALARM")},
       {"08:00:00/09:00:00/1"}},
      {"two",
       {change("2026-03-14T08:00:00Z", "ALARM"), change("2026-03-14T08:10:00Z", "OK"),
        change("2026-03-14T09:00:00Z", "ALARM")},
       {"08:00:00/08:10:00/1", "09:00:00//1"}},
      {"flapping is one",
       {change("2026-03-14T08:00:00Z", "ALARM"), change("2026-03-14T08:10:00Z", "OK"),
        change("2026-03-14T08:15:00Z", "ALARM"), change("2026-03-14T08:20:00Z", "OK"),
        change("2026-03-14T08:29:00Z", "ALARM"), change("2026-03-14T08:31:00Z", "OK")},
       {"08:00:00/08:31:00/3"}},
      {"no data ends it",
       {change("2026-03-14T08:00:00Z", "ALARM"), change("2026-03-14T08:10:00Z", "INSUFFICIENT_DATA"),
        change("2026-03-14T09:10:00Z", "OK")},
       {"08:00:00/08:10:00/1"}},
      {"its beginning is not known", {change("2026-03-14T08:10:00Z", "OK"), change("2026-03-14T08:20:00Z", "OK")}, {}},
  };
  for (const Case& c : cases) {
    std::vector<std::string> got;
    for (const AlarmEpisode& e : episodes_of(c.changes, minutes(10))) {
      got.push_back(format_time_of_day(e.fired.time) + "/" + (e.end ? format_time_of_day(*e.end) : "") + "/" +
                    std::to_string(e.times));
    }
    EXPECT_EQ(got, c.expected) << c.what;
  }
}

TEST(FirstBreach, is_the_first_point_beyond_the_threshold) {
  struct Case {
    const char* what;
    const char* reason;
    const char* data;
    const char* expected;
  };
  const Case cases[] = {
      {"above", "2 out of the last 3 datapoints were greater than the threshold (5.0)", kReason,
       "2026-03-14T08:34:00Z"},
      {"below", "1 datapoint [0.0] was less than the threshold (5.0)", kReason, "2026-03-14T08:33:00Z"},
      {"no direction", "Threshold Crossed", kReason, "2026-03-14T08:33:00Z"},
      {"only a start", "", R"({"startDate":"2026-03-14T08:30:00Z"})", "2026-03-14T08:30:00Z"},
      {"nothing", "", "{}", "2026-03-14T08:31:30Z"},
      {"a start in the future", "", R"({"startDate":"2027-03-14T08:30:00Z"})", "2026-03-14T08:31:30Z"},
      {"a start in another year", "", R"({"startDate":"1999-03-14T08:30:00Z"})", "2026-03-14T08:31:30Z"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(first_breach(change("2026-03-14T08:36:30Z", "ALARM", c.reason, c.data), minutes(5)), at(c.expected))
        << c.what;
  }
}

TEST(PeriodsOfAlarm, window_from_before_the_first_breach_to_the_end) {
  const TimePoint now = at("2026-03-14T20:00:00Z");
  const AlarmTransition fired = change("2026-03-14T08:36:30Z", "ALARM", "greater than", kReason);
  struct Case {
    const char* what;
    AlarmEpisode episode;
    seconds evaluation;
    TimePoint now;
    TimeRange window;
    TimeRange baseline;
    const char* note;
  };
  const Case cases[] = {
      {"back to OK",
       {fired, at("2026-03-14T09:02:00Z"), 1},
       minutes(3),
       now,
       {at("2026-03-14T08:29:00Z"), at("2026-03-14T09:02:00Z")},
       {at("2026-03-14T07:29:00Z"), at("2026-03-14T08:29:00Z")},
       ""},
      {"a longer evaluation",
       {fired, at("2026-03-14T09:02:00Z"), 1},
       minutes(15),
       now,
       {at("2026-03-14T08:19:00Z"), at("2026-03-14T09:02:00Z")},
       {at("2026-03-14T07:19:00Z"), at("2026-03-14T08:19:00Z")},
       ""},
      {"still on",
       {fired, {}, 1},
       minutes(3),
       at("2026-03-14T09:40:00Z"),
       {at("2026-03-14T08:29:00Z"), at("2026-03-14T09:40:00Z")},
       {at("2026-03-14T07:18:00Z"), at("2026-03-14T08:29:00Z")},
       ""},
      {"on for long",
       {fired, {}, 1},
       minutes(3),
       now,
       {at("2026-03-14T08:29:00Z"), at("2026-03-14T11:29:00Z")},
       {at("2026-03-14T05:29:00Z"), at("2026-03-14T08:29:00Z")},
       "and still is: only the first 3h are studied"},
      {"over in a moment",
       {fired, at("2026-03-14T08:37:00Z"), 1},
       minutes(3),
       now,
       {at("2026-03-14T08:29:00Z"), at("2026-03-14T08:41:30Z")},
       {at("2026-03-14T07:29:00Z"), at("2026-03-14T08:29:00Z")},
       ""},
      {"just now",
       {fired, {}, 1},
       minutes(3),
       at("2026-03-14T08:37:00Z"),
       {at("2026-03-14T08:29:00Z"), at("2026-03-14T08:37:00Z")},
       {at("2026-03-14T07:29:00Z"), at("2026-03-14T08:29:00Z")},
       ""},
      {"a daily alarm",
       {change("2026-03-14T08:36:30Z", "ALARM", "", R"({"startDate":"2026-03-13T08:00:00Z"})"), {}, 1},
       hours(24),
       now,
       {at("2026-03-14T06:06:30Z"), at("2026-03-14T09:06:30Z")},
       {at("2026-03-14T03:06:30Z"), at("2026-03-14T06:06:30Z")},
       "looks further back"},
      {"flapping",
       {fired, at("2026-03-14T09:02:00Z"), 4},
       minutes(3),
       now,
       {at("2026-03-14T08:29:00Z"), at("2026-03-14T09:02:00Z")},
       {at("2026-03-14T07:29:00Z"), at("2026-03-14T08:29:00Z")},
       "fired 4 times"},
  };
  for (const Case& c : cases) {
    const AlarmPeriods got = periods_of_alarm({c.episode}, 0, c.evaluation, c.now);
    EXPECT_EQ(got.window, c.window) << c.what << " " << format_rfc3339(got.window.begin) << " "
                                    << format_rfc3339(got.window.end);
    EXPECT_EQ(got.baseline, c.baseline) << c.what << " " << format_rfc3339(got.baseline.begin) << " "
                                        << format_rfc3339(got.baseline.end);
    std::string notes;
    for (const std::string& note : got.notes) notes += note;
    EXPECT_THAT(notes, HasSubstr(c.note)) << c.what;
    EXPECT_EQ(notes.empty(), c.note[0] == 0) << c.what << notes;
  }
}

TEST(PeriodsOfAlarm, the_baseline_keeps_clear_of_earlier_episodes) {
  const TimePoint now = at("2026-03-14T20:00:00Z");
  const auto episode = [](const char* begin, const char* end) {
    return AlarmEpisode{change(begin, "ALARM", "", "{}"), at(end), 1};
  };
  std::vector<AlarmEpisode> episodes{episode("2026-03-14T06:00:00Z", "2026-03-14T06:10:00Z"),
                                     episode("2026-03-14T07:50:00Z", "2026-03-14T08:00:00Z"),
                                     episode("2026-03-14T08:36:00Z", "2026-03-14T09:00:00Z")};
  const AlarmPeriods shifted = periods_of_alarm(episodes, 2, minutes(1), now);
  EXPECT_EQ(shifted.window.begin, at("2026-03-14T08:30:00Z"));
  EXPECT_EQ(shifted.baseline, (TimeRange{at("2026-03-14T06:44:00Z"), at("2026-03-14T07:44:00Z")}));
  EXPECT_THAT(shifted.notes, testing::ElementsAre(HasSubstr("also fired shortly before")));

  episodes.clear();
  for (int hour = 0; hour < 30; ++hour) {
    AlarmEpisode e{change("2026-03-14T08:36:00Z", "ALARM"), at("2026-03-14T09:00:00Z"), 1};
    e.fired.time -= hours(29 - hour);
    *e.end -= hours(29 - hour);
    episodes.push_back(e);
  }
  const AlarmPeriods unclear = periods_of_alarm(episodes, episodes.size() - 1, minutes(1), now);
  EXPECT_EQ(unclear.baseline.end, unclear.window.begin);
  EXPECT_THAT(unclear.notes, testing::ElementsAre(HasSubstr("what is normal may be unclear")));
}

/// The alarms of the recorded answers: every state reason and history item parses, dates being filled in.
TEST(RecordedAlarms, all_parse) {
  std::ifstream in(FA_PROJECT_DIR "/../shared/aws/recorded/cloudwatch/test_cloudwatch.snapshot.json");
  if (!in) GTEST_SKIP() << "shared/aws/recorded is not there: recorded alarms not tested";
  const auto root = Json::parse(in, nullptr, false);
  ASSERT_FALSE(root.is_discarded());
  std::size_t reasons = 0;
  std::size_t items = 0;
  std::size_t rules = 0;
  std::size_t with_points = 0;
  const auto filled = [](const Json& value) {
    std::string text = json_text(value);
    for (std::size_t p; (p = text.find("\"date\"")) != std::string::npos;) {
      text.replace(p, 6, "\"2026-03-14T08:33:00.000+0000\"");
    }
    return text;
  };
  const std::function<void(const Json&)> walk = [&](const Json& value) {
    if (value.is_object()) {
      for (const auto& [key, child] : value.items()) {
        if ((key == "StateReasonData" || key == "stateReasonData") && child.is_object()) {
          ++reasons;
          const StateReason reason = parse_state_reason(filled(child));
          if (child.contains("startDate")) {
            EXPECT_EQ(reason.start, at("2026-03-14T08:33:00Z")) << json_text(child);
          }
          if (child.contains("triggeringAlarms")) {
            EXPECT_THAT(reason.triggering, SizeIs(1)) << json_text(child);
          }
          if (child.contains("evaluatedDatapoints") &&
              child["evaluatedDatapoints"].dump().find("value") != std::string::npos) {
            ++with_points;
            EXPECT_THAT(reason.points, SizeIs(testing::Ge(1U))) << json_text(child);
          }
        }
        if (key == "HistoryData" && child.is_object() && child.contains("newState")) {
          ++items;
          const auto transition = parse_transition({at("2026-03-14T08:36:00Z"), "", filled(child)});
          ASSERT_TRUE(transition) << json_text(child);
          EXPECT_EQ(transition->to, child["newState"]["stateValue"].get<std::string>());
        }
        walk(child);
      }
    } else if (value.is_array()) {
      for (const auto& child : value) walk(child);
    }
    if (value.is_object() && value.contains("AlarmRule")) ++rules;
  };
  walk(root);
  EXPECT_GE(reasons, 10U);
  EXPECT_GE(items, 1U);
  EXPECT_GE(rules, 5U);
  EXPECT_GE(with_points, 2U);
}

}  // namespace
}  // namespace fa
