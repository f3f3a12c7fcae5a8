#include "alarms/alarm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "alarms/alarm_entity.h"
#include "alarms/aws_names.h"
#include "alarms/notice_text.h"
#include "alarms/reason_text.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TimePoint at(const std::string& text) { return parse_rfc3339(text).value(); }
const TimePoint kNow = at("2026-11-27T09:00:30.5Z");

AlarmNotice named(const std::string& name) {
  AlarmNotice notice;
  notice.source = "cloudwatch";
  notice.name = name;
  return notice;
}

TEST(AlarmKey, is_the_arn_whoever_brings_the_notice) {
  AlarmNotice a = named("orders");
  a.arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders";
  AlarmNotice b = a;
  b.source = "chat";
  b.entity = "something";
  EXPECT_EQ(a.key(), a.arn);
  EXPECT_EQ(a.key(), b.key());
}

TEST(AlarmKey, differs_where_any_part_of_the_name_differs) {
  const auto make = [](const char* source, const char* account, const char* region, const char* name,
                       const char* entity) {
    AlarmNotice n;
    n.source = source;
    n.account = account;
    n.region = region;
    n.name = name;
    n.entity = entity;
    return n.key();
  };
  const std::vector<std::string> keys = {
      make("alertmanager", "", "", "HighErrorRate", "orders"),
      make("webhook", "", "", "HighErrorRate", "orders"),
      make("alertmanager", "1", "", "HighErrorRate", "orders"),
      make("alertmanager", "", "1", "HighErrorRate", "orders"),
      make("alertmanager", "", "", "HighErrorRate", "cart"),
      make("alertmanager", "", "", "HighErrorRate|orders", ""),
      make("alertmanager", "", "", "HighErrorRate\\", "orders"),
      make("alertmanager", "", "", "注文", ""),
      make("alertmanager", "", "", "", "注文"),
  };
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), keys.size());
  EXPECT_EQ(keys[0], make("alertmanager", "", "", "HighErrorRate", "orders"));
}

TEST(AlarmKey, does_not_join_notices_that_only_have_no_name) {
  AlarmNotice a;
  a.source = "chat";
  a.description = "The shop is down";
  AlarmNotice b = a;
  EXPECT_EQ(a.key(), b.key());
  b.description = "The cart is slow";
  EXPECT_NE(a.key(), b.key());
  a.state = AlarmState::kAlarm;
  EXPECT_EQ(a.key(), [&] {
    AlarmNotice c = a;
    c.description = "The  shop is\ndown";
    return c.key();
  }());
}

TEST(AlarmSummary, is_one_line_in_the_notices_own_words) {
  struct Case {
    const char* name;
    const char* description;
    const char* reason;
    const char* metric;
    const char* entity;
    const char* expected;
  };
  const Case cases[] = {
      {"orders-5xx", "", "", "", "", "orders-5xx"},
      {"orders-5xx", "Too many errors", "", "", "", "orders-5xx: Too many errors"},
      {"orders-5xx", "", "Threshold Crossed", "", "", "orders-5xx: Threshold Crossed"},
      {"orders-5xx", "Too many errors", "Threshold Crossed", "", "", "orders-5xx: Too many errors - Threshold Crossed"},
      {"orders-5xx", "orders-5xx went up", "", "", "", "orders-5xx went up"},
      {"orders-5xx", "line one\nline\t two \r\n", "", "", "", "orders-5xx: line one line two"},
      {"orders-5xx", "", "", "Errors", "orders", "orders-5xx (Errors)"},
      {"high", "", "", "Errors", "orders", "high (Errors, orders)"},
      {"high Errors", "", "", "Errors", "orders", "high Errors (orders)"},
      {"", "", "", "Errors", "orders", "Errors, orders"},
      {"", "", "", "", "", ""},
      {"", "It is down", "", "", "", "It is down"},
      {"注文エラー", "注文サービスのエラーが多い", "", "", "", "注文エラー: 注文サービスのエラーが多い"},
  };
  for (const Case& c : cases) {
    AlarmNotice n;
    n.name = c.name;
    n.description = c.description;
    n.reason = c.reason;
    n.metric = c.metric;
    n.entity = c.entity;
    EXPECT_EQ(n.summary(), c.expected);
  }
  AlarmNotice only_arn;
  only_arn.arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:x";
  EXPECT_EQ(only_arn.summary(), only_arn.arn);
}

TEST(AlarmSummary, of_long_texts_ends_with_a_whole_word) {
  AlarmNotice n = named("orders");
  for (int i = 0; i < 1000; ++i) n.description += "word ";
  EXPECT_LT(n.summary().size(), 1000U);
  EXPECT_THAT(n.summary(), testing::EndsWith(" word…"));
  n.description.clear();
  for (int i = 0; i < 5000; ++i) n.description += "障";
  EXPECT_LT(n.summary().size(), 1000U);
  EXPECT_TRUE(is_valid_utf8(n.summary()));
  n.description = std::string(5000, 'x');
  EXPECT_LT(n.summary().size(), 1000U);
  EXPECT_GT(n.summary().size(), 100U);
}

struct WindowCase {
  const char* what;
  const char* changed;  ///< Empty: not told.
  std::vector<const char*> points;
  int period = 0;
  int periods = 0;
  const char* begin;
  const char* end;
};

AlarmNotice notice_of(const WindowCase& c) {
  AlarmNotice n = named(c.what);
  if (*c.changed != '\0') n.changed_at = at(c.changed);
  for (const char* point : c.points) n.datapoints.push_back(at(point));
  if (c.period != 0) n.period = seconds(c.period);
  if (c.periods != 0) n.evaluation_periods = c.periods;
  return n;
}

TEST(SuggestedWindow, begins_before_the_first_point_that_decided) {
  const std::vector<WindowCase> cases = {
      {"nothing is known", "", {}, 0, 0, "2026-11-27T08:45:00Z", "2026-11-27T09:00:00Z"},
      {"only the change", "2026-11-27T08:50:10Z", {}, 0, 0, "2026-11-27T08:35:00Z", "2026-11-27T09:00:00Z"},
      {"points",
       "2026-11-27T08:50:10Z",
       {"2026-11-27T08:40:00Z", "2026-11-27T08:45:00Z"},
       60,
       3,
       "2026-11-27T08:25:00Z",
       "2026-11-27T09:00:00Z"},
      {"long periods",
       "2026-11-27T08:50:10Z",
       {"2026-11-27T08:40:00Z"},
       300,
       6,
       "2026-11-27T08:10:00Z",
       "2026-11-27T09:00:00Z"},
      {"periods of seconds", "2026-11-27T08:50:10Z", {}, 10, 3, "2026-11-27T08:35:00Z", "2026-11-27T09:00:00Z"},
      {"a period without a count", "2026-11-27T08:50:00Z", {}, 3600, 0, "2026-11-27T07:50:00Z", "2026-11-27T09:00:00Z"},
      {"only points", "", {"2026-11-27T08:30:00Z"}, 60, 1, "2026-11-27T08:15:00Z", "2026-11-27T09:00:00Z"},
      {"half an hour ago", "2026-11-27T08:30:00Z", {}, 0, 0, "2026-11-27T08:15:00Z", "2026-11-27T09:00:00Z"},
      {"an old notice", "2026-11-20T08:50:10Z", {}, 60, 5, "2026-11-20T08:35:00Z", "2026-11-20T09:20:00Z"},
      {"a very old notice", "1970-01-01T00:00:00Z", {}, 0, 0, "1969-12-31T23:45:00Z", "1970-01-01T00:30:00Z"},
      {"a clock ahead", "2026-11-27T09:05:00Z", {}, 0, 0, "2026-11-27T08:45:00Z", "2026-11-27T09:00:00Z"},
      {"a clock a year ahead",
       "2027-11-27T09:05:00Z",
       {"2027-11-27T09:04:00Z"},
       60,
       1,
       "2026-11-27T08:45:00Z",
       "2026-11-27T09:00:00Z"},
      {"points ahead of the change",
       "2026-11-27T08:50:00Z",
       {"2026-11-27T08:59:00Z"},
       0,
       0,
       "2026-11-27T08:35:00Z",
       "2026-11-27T09:00:00Z"},
      {"a point years ago",
       "2026-11-27T08:50:00Z",
       {"2020-01-01T00:00:00Z", "2026-11-27T08:48:00Z"},
       0,
       0,
       "2026-11-27T08:33:00Z",
       "2026-11-27T09:00:00Z"},
      {"points hours apart",
       "2026-11-27T08:50:00Z",
       {"2026-11-27T02:00:00Z", "2026-11-27T08:00:00Z"},
       3600,
       7,
       "2026-11-26T19:00:00Z",
       "2026-11-27T09:00:00Z"},
      {"a metric of days",
       "2026-11-27T08:50:00Z",
       {"2026-11-26T09:00:00Z"},
       86'400,
       3,
       "2026-11-25T09:00:00Z",
       "2026-11-27T09:00:00Z"},
  };
  for (const WindowCase& c : cases) {
    const TimeRange window = suggested_window(notice_of(c), kNow);
    EXPECT_EQ(format_rfc3339(window.begin), c.begin) << c.what;
    EXPECT_EQ(format_rfc3339(window.end), c.end) << c.what;
  }
}

TEST(SuggestedWindow, is_what_the_notice_asks_for) {
  struct Case {
    const char* from;
    const char* to;
    const char* begin;
    const char* end;
  };
  const Case cases[] = {
      {"2026-11-27T08:00:20Z", "2026-11-27T08:30:20Z", "2026-11-27T08:00:00Z", "2026-11-27T08:31:00Z"},
      {"2026-11-27T08:00:00Z", "2026-11-27T08:30:00Z", "2026-11-27T08:00:00Z", "2026-11-27T08:30:00Z"},
      {"2026-11-27T08:00:20Z", "2026-11-27T08:00:21Z", "2026-11-27T08:00:00Z", "2026-11-27T08:01:00Z"},
      {"2026-11-27T08:30:00Z", "2026-11-28T00:00:00Z", "2026-11-27T08:30:00Z", "2026-11-27T09:00:00Z"},
      // Nothing of it has happened, or it is none.
      {"2026-11-27T10:00:00Z", "2026-11-27T11:00:00Z", "2026-11-27T08:45:00Z", "2026-11-27T09:00:00Z"},
      {"2026-11-27T08:30:00Z", "2026-11-27T08:30:00Z", "2026-11-27T08:45:00Z", "2026-11-27T09:00:00Z"},
      {"2026-11-27T08:30:00Z", "2026-11-27T08:00:00Z", "2026-11-27T08:45:00Z", "2026-11-27T09:00:00Z"},
  };
  for (const Case& c : cases) {
    AlarmNotice n = named("x");
    n.window = TimeRange{at(c.from), at(c.to)};
    const TimeRange window = suggested_window(n, kNow);
    EXPECT_EQ(format_rfc3339(window.begin), c.begin) << c.from << " " << c.to;
    EXPECT_EQ(format_rfc3339(window.end), c.end) << c.from << " " << c.to;
  }
}

/// Whatever a notice says, also what no parser would let through.
TEST(SuggestedWindow, is_never_empty_never_ahead_and_of_whole_minutes) {
  std::mt19937_64 random(11);
  const std::int64_t now = to_unix_nanos(kNow);
  const auto any_time = [&] {
    switch (random() % 5) {
      case 0:
        return TimePoint::min();
      case 1:
        return TimePoint::max();
      case 2:
        return from_unix_nanos(static_cast<std::int64_t>(random()));
      default:
        return from_unix_nanos(now + static_cast<std::int64_t>(random() % 200'000'000'000'000) - 100'000'000'000'000);
    }
  };
  for (int i = 0; i < 20'000; ++i) {
    AlarmNotice n;
    if (random() % 2 == 0) n.changed_at = any_time();
    for (std::size_t points = random() % 4; points > 0; --points) n.datapoints.push_back(any_time());
    if (random() % 2 == 0) n.period = Nanoseconds(static_cast<std::int64_t>(random()));
    if (random() % 3 == 0) n.evaluation_periods = static_cast<int>(random());
    if (random() % 4 == 0) n.window = TimeRange{any_time(), any_time()};
    const Nanoseconds lead =
        random() % 2 == 0 ? Nanoseconds(minutes(15)) : Nanoseconds(static_cast<std::int64_t>(random()));
    const TimeRange window = suggested_window(n, kNow, lead);
    ASSERT_FALSE(window.empty());
    ASSERT_LE(window.end, kNow);
    ASSERT_EQ(to_unix_nanos(window.begin) % 60'000'000'000, 0);
    ASSERT_EQ(to_unix_nanos(window.end) % 60'000'000'000, 0);
    if (!n.window) ASSERT_LE(window.end - window.begin, hours(49));
  }
}

TEST(ReasonText, gives_the_times_of_its_datapoints) {
  EXPECT_THAT(
      datapoints_of_reason("Threshold Crossed: 1 out of the last 1 datapoints [12.0 (27/11/26 08:30:00)] was "
                           "greater than the threshold (10.0) (minimum 1 datapoint for OK -> ALARM transition)."),
      ElementsAre(at("2026-11-27T08:30:00Z")));
  EXPECT_THAT(datapoints_of_reason("[1.0 (01/02/26 23:59:59), -2E-4 (31/01/26 00:00:00), 1.0 (01/02/26 23:59:59)]"),
              ElementsAre(at("2026-01-31T00:00:00Z"), at("2026-02-01T23:59:59Z")));
  for (const char* none : {"", "(", "()", "(10.0)", "(31/02/26 08:00:00)", "(01/13/26 08:00:00)", "(1/2/26 08:00:00)",
                           "(01/02/26 24:00:00)", "(01/02/26 08:00:0", "(01/02/26 08:00:00", "(00/01/26 08:00:00)",
                           "(01/02/26T08:00:00)", "((((((((((((((((((((((((((("}) {
    EXPECT_THAT(datapoints_of_reason(none), IsEmpty()) << none;
  }
  std::string many;
  for (int i = 0; i < 2000; ++i)
    many += "(01/02/26 08:" + std::to_string(10 + i % 50) + ":" + std::to_string(10 + i / 50) + ")";
  EXPECT_EQ(datapoints_of_reason(many).size(), 100U);
  EXPECT_THAT(datapoints_of_reason(std::string(1 << 20, '(')), IsEmpty());
}

TEST(ReasonText, gives_the_state_it_reached) {
  struct Case {
    const char* reason;
    AlarmState state;
  };
  const Case cases[] = {
      {"Threshold Crossed: 1 out of the last 1 datapoints [2.0 (15/09/21 18:27:00)] was greater than the threshold "
       "(1.0) (minimum 1 datapoint for OK -> ALARM transition).",
       AlarmState::kAlarm},
      {"Threshold Crossed: 1 out of the last 1 datapoints [0.0 (15/09/21 18:27:00)] was not greater than the threshold "
       "(1.0) (minimum 1 datapoint for ALARM -> OK transition).",
       AlarmState::kOk},
      {"Threshold Crossed: 3 datapoints [1 (x), 2 (x)] were not less than or equal to the threshold (1.0).",
       AlarmState::kOk},
      {"Threshold Crossed: 1 datapoint (47.0) was greater than the threshold (10.0).", AlarmState::kAlarm},
      {"Threshold Crossed: 1 datapoint [1 (x)] was less than or equal to the threshold.", AlarmState::kAlarm},
      {"Insufficient Data: 1 datapoint was unknown.", AlarmState::kInsufficientData},
      {"arn:aws:cloudwatch:us-east-1:1:alarm:x transitioned to ALARM at Friday 27 November, 2026 08:31:05 UTC",
       AlarmState::kAlarm},
      {"Threshold Crossed: no datapoints were received for 5 periods", AlarmState::kUnknown},
      {"for OK -> ALARM transition, for ALARM -> OK transition", AlarmState::kUnknown},
      {"testing purposes", AlarmState::kUnknown},
      {"", AlarmState::kUnknown},
  };
  for (const Case& c : cases) EXPECT_EQ(state_of_reason(c.reason), c.state) << c.reason;
}

TEST(ReasonText, reads_times_as_mails_write_them) {
  EXPECT_EQ(english_time("at Wednesday 10 November, 2021 02:45:55 UTC."), at("2021-11-10T02:45:55Z"));
  EXPECT_EQ(english_time("x, y, because Sunday 6 November, 2022 17:43:53 UTC, because"), at("2022-11-06T17:43:53Z"));
  EXPECT_EQ(english_time("06 November, 2022 17:43:53 UTC"), at("2022-11-06T17:43:53Z"));
  for (const char* none :
       {"", ", ", "November, 2022 17:43:53 UTC", "31 November, 2022 17:43:53 UTC", "1 Brumaire, 2022 17:43:53 UTC",
        "6 November, 2022 17:43 UTC", "6 November, 2022 17:43:53 JST", "6 November, 2022", ", , , , ",
        " November, 2022 17:43:53 UTC", "6 November, 22 17:43:53 UTC  "}) {
    EXPECT_EQ(english_time(none), std::nullopt) << none;
  }
}

TEST(AwsNames, regions_are_codes_or_names) {
  struct Case {
    const char* text;
    const char* code;
  };
  const Case cases[] = {
      {"US East (N. Virginia)", "us-east-1"},
      {"US East (Northern Virginia)", "us-east-1"},
      {"US East (Ohio)", "us-east-2"},
      {"US West (N. California)", "us-west-1"},
      {"US West (Oregon)", "us-west-2"},
      {"US-West Oregon", "us-west-2"},
      {"Africa (Cape Town)", "af-south-1"},
      {"Asia Pacific (Hong Kong)", "ap-east-1"},
      {"Asia Pacific (Taipei)", "ap-east-2"},
      {"Asia Pacific (Tokyo)", "ap-northeast-1"},
      {"Asia Pacific (Seoul)", "ap-northeast-2"},
      {"Asia Pacific (Osaka)", "ap-northeast-3"},
      {"Asia Pacific (Osaka-Local)", "ap-northeast-3"},
      {"Asia Pacific (Mumbai)", "ap-south-1"},
      {"Asia Pacific (Hyderabad)", "ap-south-2"},
      {"Asia Pacific (Singapore)", "ap-southeast-1"},
      {"Asia Pacific (Sydney)", "ap-southeast-2"},
      {"Asia Pacific (Jakarta)", "ap-southeast-3"},
      {"Asia Pacific (Melbourne)", "ap-southeast-4"},
      {"Asia Pacific (Malaysia)", "ap-southeast-5"},
      {"Asia Pacific (New Zealand)", "ap-southeast-6"},
      {"Asia Pacific (Thailand)", "ap-southeast-7"},
      {"Canada (Central)", "ca-central-1"},
      {"Canada West (Calgary)", "ca-west-1"},
      {"EU (Frankfurt)", "eu-central-1"},
      {"Europe (Zurich)", "eu-central-2"},
      {"EU (Stockholm)", "eu-north-1"},
      {"Europe (Milan)", "eu-south-1"},
      {"Europe (Spain)", "eu-south-2"},
      {"EU (Ireland)", "eu-west-1"},
      {"Europe (Ireland)", "eu-west-1"},
      {"EU - Ireland", "eu-west-1"},
      {"Europe (London)", "eu-west-2"},
      {"EU (Paris)", "eu-west-3"},
      {"Israel (Tel Aviv)", "il-central-1"},
      {"Middle East (UAE)", "me-central-1"},
      {"Middle East (Bahrain)", "me-south-1"},
      {"Mexico (Central)", "mx-central-1"},
      {"South America (Sao Paulo)", "sa-east-1"},
      {"South America (São Paulo)", "sa-east-1"},
      {"China (Beijing)", "cn-north-1"},
      {"China (Ningxia)", "cn-northwest-1"},
      {"AWS GovCloud (US-East)", "us-gov-east-1"},
      {"AWS GovCloud (US-West)", "us-gov-west-1"},
      {"AWS GovCloud (US)", "us-gov-west-1"},
      {"AWS European Sovereign Cloud (Germany)", "eusc-de-east-1"},
      {"ap-northeast-1", "ap-northeast-1"},
      {" us-gov-west-1 ", "us-gov-west-1"},
      {"xx-somewhere-9", "xx-somewhere-9"},
      {"", ""},
      {"Tokyo", ""},
      {"us--1", ""},
      {"us-east-", ""},
      {"us-east-1a", ""},
      {"US-EAST-1", ""},
      {"us-east-1.evil.com", ""},
      {"a-b-1", ""},
      {"us-east-123", ""},
      {"Asia Pacific (Tokyo) (Osaka)", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(region_of(c.text), c.code) << c.text;
  EXPECT_EQ(region_of(std::string(1 << 20, 'a')), "");
}

TEST(AwsNames, arns_of_alarms_are_read_and_made) {
  const auto arn = parse_alarm_arn("arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:注文: 5xx");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->region, "cn-north-1");
  EXPECT_EQ(arn->account, "123456789012");
  EXPECT_EQ(arn->name, "注文: 5xx");
  EXPECT_EQ(alarm_arn(arn->region, arn->account, arn->name),
            "arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:注文: 5xx");
  EXPECT_EQ(alarm_arn("us-gov-west-1", "123456789012", "x"),
            "arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:x");
  EXPECT_EQ(alarm_arn("eu-west-1", "123456789012", "x"), "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x");
  EXPECT_EQ(alarm_arn("", "123456789012", "x"), "");
  EXPECT_EQ(alarm_arn("eu-west-1", "12345", "x"), "");
  EXPECT_EQ(alarm_arn("eu-west-1", "123456789012", ""), "");
  for (const char* none :
       {"", "arn", "arn:aws:cloudwatch:us-east-1:123456789012:alarm:", "arn:aws:cloudwatch:us-east-1:12:alarm:x",
        "arn:aws:cloudwatch::123456789012:alarm:x", "arn:aws:sns:us-east-1:123456789012:alarm:x",
        "arn:aws:cloudwatch:us-east-1:123456789012:dashboard:x", "arn:evil:cloudwatch:us-east-1:123456789012:alarm:x",
        "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a\nb", "arn:aws:cloudwatch:us-east-1: 111122223333:alarm:x"}) {
    EXPECT_FALSE(parse_alarm_arn(none)) << none;
  }
  EXPECT_FALSE(parse_alarm_arn("arn:aws:cloudwatch:us-east-1:123456789012:alarm:" + std::string(1 << 20, ':')));
}

TEST(AlarmEntity, is_the_best_dimension_or_label) {
  using Map = std::map<std::string, std::string>;
  EXPECT_EQ(entity_of_dimensions(Map{{"ClusterName", "prod"}, {"ServiceName", "orders"}}), "orders");
  EXPECT_EQ(entity_of_dimensions(Map{{"TargetGroup", "targetgroup/a/1"}, {"LoadBalancer", "app/shop/1"}}),
            "app/shop/1");
  EXPECT_EQ(entity_of_dimensions(Map{{"StateMachineArn", "arn:aws:states:us-east-1:1:stateMachine:pay"}}), "pay");
  EXPECT_EQ(entity_of_dimensions(Map{{"Unheard", "of"}}), "of");
  EXPECT_EQ(entity_of_dimensions({}), "");

  EXPECT_EQ(entity_of_labels(Map{{"job", "api"}, {"service", "orders"}, {"pod", "orders-1"}}), "orders");
  EXPECT_EQ(
      entity_of_labels(Map{{"job", "kube-state-metrics"}, {"service", "kube-state-metrics"}, {"deployment", "orders"}}),
      "orders");
  EXPECT_EQ(entity_of_labels(Map{{"job", "node-exporter"}, {"instance", "10.0.0.1:9100"}}), "10.0.0.1:9100");
  EXPECT_EQ(entity_of_labels(Map{{"pod", "cart-1"}, {"instance", "10.0.0.1:9100"}}), "cart-1");
  EXPECT_EQ(entity_of_labels(Map{{"severity", "page"}}), "");
}

TEST(NoticeText, is_fit_to_be_kept) {
  EXPECT_EQ(line_of("  a\nb\tc\x01 d\x7f "), "a b c  d");
  EXPECT_EQ(paragraph_of(" a\nb\tc\r\n\x1b[31m "), "a\nb\tc \n [31m");
  EXPECT_EQ(line_of("\xff\xfe"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(line_of(std::string("a\0b", 3)), "a b");
  EXPECT_LE(line_of(std::string(1 << 20, '\xff')).size(), kLongestName);
  EXPECT_EQ(line_of("障害障害", 7), "障害");
  EXPECT_EQ(query_decoded("a%20b+c%zz%4"), "a b c%zz%4");
}

}  // namespace
}  // namespace fa::alarms
