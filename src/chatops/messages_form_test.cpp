// Forms and what people fill in: from the prefilled form to what read_form() makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/json.h"
#include "base/text.h"
#include "chatops/messages.h"
#include "chatops/messages_time.h"
#include "support/slack_block_limits.h"

namespace fa::chatops {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TimePoint at(std::string_view rfc3339) { return parse_rfc3339(rfc3339).value_or(kNoTime); }

const Reader kTokyo{Language::kJapanese, "Asia/Tokyo"};
const Reader kLondon{Language::kEnglish, "Europe/London"};

/// What Slack sends when the form is submitted as it was opened.
slack::FormValues as_prefilled(const Json& blocks) {
  slack::FormValues values;
  for (const Json& block : blocks) {
    if (block.value("type", "") != "input") continue;
    const Json& element = block["element"];
    const std::string key = block.value("block_id", "") + "/" + element.value("action_id", "");
    if (element.contains("initial_value")) values[key] = element.value("initial_value", "");
    if (element.contains("initial_date_time")) {
      values[key] = std::to_string(element.value("initial_date_time", std::int64_t{0}));
    }
  }
  return values;
}

TEST(WindowText, is_in_the_readers_time_zone) {
  struct Case {
    const char* begin;
    const char* end;
    const char* zone;
    const char* text;
  };
  const Case kCases[] = {
      {"2026-03-14T08:30:00Z", "2026-03-14T09:00:00Z", "Asia/Tokyo", "2026-03-14 17:30 – 18:00 (Asia/Tokyo)"},
      {"2026-03-14T08:30:00Z", "2026-03-14T09:00:00Z", "Asia/Kolkata", "2026-03-14 14:00 – 14:30 (Asia/Kolkata)"},
      {"2026-03-14T08:30:00Z", "2026-03-14T09:00:00Z", "Asia/Kathmandu", "2026-03-14 14:15 – 14:45 (Asia/Kathmandu)"},
      {"2026-03-14T14:30:00Z", "2026-03-14T15:30:00Z", "Asia/Tokyo",
       "2026-03-14 23:30 – 2026-03-15 00:30 (Asia/Tokyo)"},
      {"2026-03-14T08:30:00Z", "2026-03-14T09:00:30Z", "UTC", "2026-03-14 08:30 – 09:00:30 (UTC)"},
      {"2026-03-14T08:30:00Z", "2026-03-14T09:00:00Z", "Mars/Olympus", "2026-03-14 08:30 – 09:00 (UTC)"},
      {"2026-03-14T08:30:00Z", "2026-03-14T09:00:00Z", "", "2026-03-14 08:30 – 09:00 (UTC)"},
      {"2026-03-14T08:30:00Z", "2026-03-14T09:00:00Z", "../../etc/passwd", "2026-03-14 08:30 – 09:00 (UTC)"},
      // New York sets its clocks forward on 2026-03-08 at 07:00 UTC and back on 2026-11-01 at 06:00 UTC.
      {"2026-03-08T05:30:00Z", "2026-03-08T06:30:00Z", "America/New_York",
       "2026-03-08 00:30 – 01:30 (America/New_York)"},
      {"2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z", "America/New_York",
       "2026-03-08 01:30 -05:00 – 03:30 -04:00 (America/New_York)"},
      {"2026-11-01T05:50:00Z", "2026-11-01T06:10:00Z", "America/New_York",
       "2026-11-01 01:50 -04:00 – 01:10 -05:00 (America/New_York)"},
  };
  for (const Case& c : kCases) EXPECT_EQ(window_text({at(c.begin), at(c.end)}, c.zone), c.text);
}

TEST(WindowText, survives_times_that_are_none) {
  EXPECT_EQ(window_text({}, "Asia/Tokyo"), "– – – (Asia/Tokyo)");
  EXPECT_THAT(window_text({kNoTime, TimePoint::max()}, "Asia/Tokyo"), HasSubstr("– – 2262-"));
  EXPECT_THAT(window_text({TimePoint::min() + Nanoseconds{1}, TimePoint::max()}, "America/New_York"),
              HasSubstr("(America/New_York)"));
  EXPECT_EQ(local_time_near(at("2026-03-14T15:00:05Z"), at("2026-03-14T15:30:00Z"), "Asia/Tokyo"), "00:00:05");
  EXPECT_EQ(local_time_near(at("2026-03-14T14:59:59Z"), at("2026-03-14T15:30:00Z"), "Asia/Tokyo"),
            "2026-03-14 23:59:59");
}

TEST(Form, comes_back_as_it_was_prefilled) {
  const TimePoint now = at("2026-11-01T08:00:00Z");
  const FormInput inputs[] = {
      {"Orders fail", {at("2026-11-01T05:50:00Z"), at("2026-11-01T06:10:00Z")}},
      {"<!channel> & *b*\nsecond line", {at("2026-03-14T08:30:00Z"), at("2026-03-14T08:31:00Z")}},
      {"障害 🔥", {at("2026-03-08T06:59:00Z"), at("2026-03-08T07:01:00Z")}},
  };
  for (const FormInput& input : inputs) {
    for (const Reader& reader : {kTokyo, kLondon, Reader{Language::kEnglish, "America/New_York"}}) {
      const RenderedMessage message = form_message(input, "note", "state", reader);
      const std::string view = form_view(input, "meta", reader);
      EXPECT_THAT(slack_limits::problems_of_message(message.blocks, message.text), IsEmpty());
      EXPECT_THAT(slack_limits::problems_of_view(view), IsEmpty());
      for (const Json& blocks : {parse_json(message.blocks), parse_json(view)["blocks"]}) {
        const FormReading reading = read_form(as_prefilled(blocks), now, reader, hours(24 * 365));
        EXPECT_THAT(reading.problems, IsEmpty());
        EXPECT_EQ(reading.input.description, input.description);
        EXPECT_EQ(reading.input.window, input.window);
      }
    }
  }
}

TEST(Form, is_prefilled_with_whole_minutes_and_a_window_with_a_length) {
  const TimePoint t = at("2026-03-14T08:30:20Z");
  struct Case {
    TimeRange window;
    TimeRange prefilled;
  };
  const Case kCases[] = {
      {{t, t + minutes(10)}, {at("2026-03-14T08:30:00Z"), at("2026-03-14T08:41:00Z")}},
      {{t, t}, {at("2026-03-14T08:30:00Z"), at("2026-03-14T08:31:00Z")}},
      {{at("2026-03-14T08:30:00Z"), at("2026-03-14T08:30:00Z")},
       {at("2026-03-14T08:15:00Z"), at("2026-03-14T08:30:00Z")}},
      {{t + hours(1), t}, {at("2026-03-14T08:16:00Z"), at("2026-03-14T08:31:00Z")}},
  };
  for (const Case& c : kCases) {
    const slack::FormValues values = as_prefilled(parse_json(form_message({"d", c.window}, "", "s", kLondon).blocks));
    const FormReading reading = read_form(values, at("2026-03-15T00:00:00Z"), kLondon);
    EXPECT_THAT(reading.problems, IsEmpty());
    EXPECT_EQ(reading.input.window, c.prefilled) << format_rfc3339(reading.input.window.begin);
  }
  for (const TimeRange& window :
       {TimeRange{}, TimeRange{kNoTime, TimePoint::max()}, TimeRange{TimePoint::max(), kNoTime},
        TimeRange{from_unix_nanos(0), from_unix_nanos(1)}}) {
    const RenderedMessage message = form_message({"d", window}, "", "s", kLondon);
    EXPECT_THAT(slack_limits::problems_of_message(message.blocks, message.text), IsEmpty());
  }
}

TEST(Form, gives_back_state_and_metadata) {
  const std::string state = R"({"alarm":"a \"quoted\" <name>","run":""})";
  const Json blocks = parse_json(form_message({}, "", state, kLondon).blocks);
  EXPECT_EQ(blocks.back()["elements"][0]["value"], state);
  EXPECT_EQ(blocks.back()["elements"][0]["action_id"], kAnalyseAction);
  const Json view = parse_json(form_view({}, state, kLondon));
  EXPECT_EQ(view["private_metadata"], state);
  EXPECT_EQ(view["callback_id"], kFormView);
}

TEST(ReadForm, says_what_is_wrong_beside_the_input_it_is_about) {
  const TimePoint now = at("2026-03-14T09:00:30Z");
  const auto unix_time = [&](Nanoseconds before) {
    return std::to_string(std::chrono::floor<seconds>((now - before).time_since_epoch()).count());
  };
  struct Case {
    const char* name;
    std::string description;
    std::string start;
    std::string end;
    std::vector<std::string_view> blocks;  ///< That are complained about.
    const char* said = "";
  };
  const std::string an_hour_ago = unix_time(hours(1));
  const std::string just_now = unix_time({});
  const Case kCases[] = {
      {"good", "x", an_hour_ago, just_now, {}},
      {"end in the future", "x", an_hour_ago, unix_time(-hours(5)), {}},
      {"3,000 emoji",
       [] {
         std::string s;
         for (int i = 0; i < 3000; ++i) s += "🔥";
         return s;
       }(),
       an_hour_ago,
       just_now,
       {}},
      {"no description", "", an_hour_ago, just_now, {kDescriptionBlock}},
      {"blank description", " \n\t ", an_hour_ago, just_now, {kDescriptionBlock}},
      {"long description", std::string(3001, 'x'), an_hour_ago, just_now, {kDescriptionBlock}, "3,001"},
      {"no start", "x", "", just_now, {kStartBlock}},
      {"no end", "x", an_hour_ago, "", {kEndBlock}},
      {"nothing", "", "", "", {kDescriptionBlock, kStartBlock, kEndBlock}},
      {"start in the future",
       "x",
       unix_time(-hours(1)),
       unix_time(-hours(2)),
       {kStartBlock},
       "2026-03-14 09:00:30 (Europe/London)"},
      {"start now", "x", unix_time(-seconds(1)), unix_time(-hours(2)), {kStartBlock}},
      {"end is start", "x", an_hour_ago, an_hour_ago, {kEndBlock}, "2026-03-14 08:00:30 (Europe/London)"},
      {"end before start", "x", an_hour_ago, unix_time(hours(2)), {kEndBlock}},
      {"too long", "x", unix_time(hours(24 * 8)), just_now, {kEndBlock}, "8d"},
      {"as long as allowed", "x", unix_time(hours(24 * 7)), unix_time({}), {}},
      {"words", "x", "yesterday", "today", {kStartBlock, kEndBlock}},
      {"half a number", "x", "1773478800x", "1773478900 ", {kStartBlock, kEndBlock}},
      {"negative", "x", "-5", just_now, {kStartBlock}},
      {"before all time series", "x", "0", just_now, {kEndBlock}},
      {"overflow", "x", "99999999999999999999", "9223372036854775807", {kStartBlock, kEndBlock}},
      {"milliseconds", "x", "1773478800000", just_now, {kStartBlock}},
  };
  for (const Case& c : kCases) {
    slack::FormValues values;
    const auto set = [&](std::string_view block, const std::string& value) {
      if (!value.empty()) values[std::string(block) + "/fa2_value"] = value;
    };
    set(kDescriptionBlock, c.description);
    set(kStartBlock, c.start);
    set(kEndBlock, c.end);
    for (const Reader& reader : {kLondon, kTokyo}) {
      const FormReading reading = read_form(values, now, reader);
      std::vector<std::string_view> blocks;
      for (const FormProblem& p : reading.problems) {
        blocks.push_back(p.block_id);
        EXPECT_FALSE(p.text.empty());
      }
      EXPECT_EQ(blocks, c.blocks) << c.name;
      // Whatever is wrong, what was typed is not lost.
      EXPECT_EQ(reading.input.description, trim(c.description)) << c.name;
      if (reader.language == Language::kEnglish && !reading.problems.empty()) {
        EXPECT_THAT(reading.problems[0].text, HasSubstr(c.said)) << c.name;
      }
      if (reading.problems.empty()) {
        EXPECT_LT(reading.input.window.begin, reading.input.window.end) << c.name;
        EXPECT_LE(reading.input.window.end, now) << c.name;
      }
    }
  }
}

TEST(ReadForm, makes_valid_text_of_any_bytes) {
  slack::FormValues values = {{"fa2_description/fa2_value", "a\xff b"}, {"fa2_cause/fa2_value", " \xc3( "}};
  EXPECT_EQ(read_form(values, at("2026-03-14T09:00:00Z"), kLondon).input.description, "a\uFFFD b");
  EXPECT_EQ(read_decision(values).cause, "\uFFFD(");
}

TEST(Views, hold_what_they_ask_and_read_it_again) {
  const std::string views[] = {confirm_view("orders-db was cut off", "m", kLondon), confirm_view("", "m", kTokyo),
                               wrong_view("m", kLondon), question_view("m", kTokyo)};
  for (const std::string& view : views) {
    EXPECT_THAT(slack_limits::problems_of_view(view), IsEmpty());
    EXPECT_EQ(parse_json(view)["private_metadata"], "m");
  }
  const slack::FormValues confirmed = as_prefilled(parse_json(views[0])["blocks"]);
  EXPECT_EQ(read_decision(confirmed).cause, "orders-db was cut off");
  EXPECT_EQ(read_decision(confirmed).fix, "");
  EXPECT_EQ(read_decision({{"fa2_cause/fa2_value", " c "}, {"fa2_fix/fa2_value", "f\n"}}).fix, "f");
  EXPECT_EQ(read_question({{"fa2_question/fa2_value", " why? "}}), "why?");
  EXPECT_EQ(read_question({}), "");
  // Only a cause that was wrong may be left open.
  EXPECT_EQ(parse_json(views[0])["blocks"][1]["optional"], false);
  EXPECT_EQ(parse_json(views[2])["blocks"][1]["optional"], true);
}

TEST(Views, tell_problems_as_slack_wants_them) {
  EXPECT_EQ(view_errors({{"a", "One."}, {"b", "Two \x1b."}, {"a", "Three."}}),
            R"({"response_action":"errors","errors":{"a":"One. Three.","b":"Two \\x1b."}})");
}

}  // namespace
}  // namespace fa::chatops
