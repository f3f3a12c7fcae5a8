#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "alarms/alarm.h"
#include "alarms/chat_fields.h"
#include "alarms/console_link.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

TimePoint at(const std::string& text) { return parse_rfc3339(text).value(); }
const TimePoint kPosted = at("2026-11-27T08:31:10Z");

AlarmNotice read(std::string_view text, const std::vector<std::string>& links = {}) {
  return read_chat_alarm(text, links, kPosted);
}

const std::string kReason =
    "Threshold Crossed: 1 out of the last 1 datapoints [12.0 (27/11/26 08:30:00)] was greater than the threshold (5.0) "
    "(minimum 1 datapoint for OK -> ALARM transition).";
const std::string kLink =
    "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:alarm/orders-5xx?~()";

TEST(ChatAlarm, of_amazon_q_developer_is_read) {
  const AlarmNotice n =
      read(":rotating_light: *CloudWatch Alarm | orders-5xx | ap-northeast-1 | Account: 123456789012*\n" + kReason +
               "\nState: ALARM\nNamespace: AWS/ApplicationELB\nMetric: HTTPCode_Target_5XX_Count\n",
           {kLink});
  EXPECT_EQ(n.source, "chat");
  EXPECT_EQ(n.name, "orders-5xx");
  EXPECT_EQ(n.region, "ap-northeast-1");
  EXPECT_EQ(n.account, "123456789012");
  EXPECT_EQ(n.arn, "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:orders-5xx");
  EXPECT_EQ(n.state, AlarmState::kAlarm);
  EXPECT_THAT(n.reason, StartsWith("Threshold Crossed: 1 out of the last 1 datapoints"));
  EXPECT_EQ(n.metric, "HTTPCode_Target_5XX_Count");
  EXPECT_EQ(n.metric_namespace, "AWS/ApplicationELB");
  EXPECT_THAT(n.datapoints, ElementsAre(at("2026-11-27T08:30:00Z")));
  EXPECT_EQ(n.changed_at, kPosted);
  EXPECT_EQ(n.link, kLink);
}

TEST(ChatAlarm, titles_of_amazon_q_developer_may_vary) {
  struct Case {
    const char* title;
    const char* name;
    const char* region;
    const char* account;
  };
  const Case cases[] = {
      {"CloudWatch Alarm | orders-5xx | ap-northeast-1 | Account: 123456789012", "orders-5xx", "ap-northeast-1",
       "123456789012"},
      {"🚨 CloudWatch Alarm | orders-5xx | us-gov-west-1 | Account: 123456789012", "orders-5xx", "us-gov-west-1",
       "123456789012"},
      {"*:white_check_mark: CloudWatch Alarm | 注文 5xx | Asia Pacific (Tokyo) | Account: 123456789012*", "注文 5xx",
       "ap-northeast-1", "123456789012"},
      {"CloudWatch Composite Alarm | checkout | eu-west-1 | Account: prod (123456789012)", "checkout", "eu-west-1",
       "123456789012"},
      {"CloudWatch Alarm | a | b | c | eu-west-1 | Account: 123456789012", "a | b | c", "eu-west-1", "123456789012"},
      {"CloudWatch Alarm | x | eu-west-1 | Account: 1234", "x", "eu-west-1", ""},
      {"CloudWatch Alarm | x | eu-west-1", "x", "eu-west-1", ""},
      {"CloudWatch Alarm | x", "x", "", ""},
      {"CloudWatch Alarm | x | Atlantis | Account: 123456789012", "x | Atlantis", "", "123456789012"},
  };
  for (const Case& c : cases) {
    const AlarmNotice n = read(c.title);
    EXPECT_EQ(n.name, c.name) << c.title;
    EXPECT_EQ(n.region, c.region) << c.title;
    EXPECT_EQ(n.account, c.account) << c.title;
    EXPECT_EQ(n.state, AlarmState::kUnknown) << c.title;
  }
  for (const char* none : {"CloudWatch Alarm", "CloudWatch Alarm |", "CloudWatch Alarm | ", "x | y | z",
                           "The CloudWatch Alarms | x", "I made a CloudWatch Alarm, see | x"}) {
    EXPECT_FALSE(chatbot_title(none)) << none;
  }
}

TEST(ChatAlarm, the_state_is_taken_where_it_is_certain) {
  const std::string title = "CloudWatch Alarm | x | us-east-1 | Account: 123456789012\n";
  struct Case {
    std::string text;
    AlarmState state;
  };
  const Case cases[] = {
      {title + "State: OK", AlarmState::kOk},
      {title + "*State*\nOK", AlarmState::kOk},
      {title + "State: INSUFFICIENT_DATA", AlarmState::kInsufficientData},
      {title + "State changed to OK", AlarmState::kOk},
      {title + "State change: OK -> ALARM", AlarmState::kAlarm},
      {title + "Threshold Crossed: 1 datapoint [0.0 (27/11/26 08:30:00)] was not greater than the threshold (1.0).",
       AlarmState::kOk},
      {title + "Threshold Crossed: 1 datapoint [0.0 (27/11/26 08:30:00)] was less than the threshold (1.0).",
       AlarmState::kAlarm},
      {title + "everything is OK", AlarmState::kUnknown},
      {title + "State: fine", AlarmState::kUnknown},
      {title + "Alarm Description: resets itself: for ALARM -> OK transition", AlarmState::kUnknown},
      {"ALARM: \"x\" in US East (N. Virginia)", AlarmState::kAlarm},
      {"OK: \"x\" in US East (N. Virginia)", AlarmState::kOk},
      {"INSUFFICIENT_DATA: \"x\" in US East (N. Virginia)", AlarmState::kInsufficientData},
      {"OK: \"x\" in US East (N. Virginia)\nState: ALARM", AlarmState::kOk},
  };
  for (const Case& c : cases) {
    const AlarmNotice n = read(c.text);
    EXPECT_EQ(n.state, c.state) << c.text;
    EXPECT_EQ(n.name, "x") << c.text;
    EXPECT_EQ(n.region, "us-east-1") << c.text;
  }
}

// The form of CloudWatch's mails.
const char* const kMail =
    "ALARM: \"注文 5xx\" in Asia Pacific (Tokyo)\n"
    "You are receiving this email because your Amazon CloudWatch Alarm \"注文 5xx\" in the Asia Pacific (Tokyo) "
    "region\n"
    "has entered the ALARM state, because \"Threshold Crossed: 1 out of the last 1 datapoints [2.0 (27/11/26 "
    "08:27:00)]\n"
    "was greater than the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).\" at \"Friday 27 November, "
    "2026\n"
    "08:32:31 UTC\".\n"
    "\n"
    "View this alarm in the AWS Management Console:\n"
    "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=ap-northeast-1#alarmsV2:alarm/x\n"
    "\n"
    "Alarm Details:\n"
    "- Name:                       注文 5xx\n"
    "- Description:                注文のエラー\n"
    "- State Change:               OK -> ALARM\n"
    "- Reason for State Change:    Threshold Crossed: 1 out of the last 1 datapoints [2.0 (27/11/26 08:27:00)] was\n"
    "- Timestamp:                  Friday 27 November, 2026 08:32:31 UTC\n"
    "- AWS Account:                123456789012\n"
    "- Alarm Arn:                  arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:注文 5xx\n"
    "\n"
    "Threshold:\n"
    "- The alarm is in the ALARM state when the metric is GreaterThanThreshold 1.0 for at least 1 of the last 1 "
    "period(s)\n"
    "\n"
    "Monitored Metric:\n"
    "- MetricNamespace:                     AWS/Lambda\n"
    "- MetricName:                          Errors\n"
    "- Dimensions:                          [FunctionName = orders] [Resource = orders:live]\n"
    "- Period:                              300 seconds\n"
    "- Statistic:                           Sum\n"
    "- Unit:                                not specified\n";

TEST(ChatAlarm, mails_of_cloudwatch_are_read) {
  const AlarmNotice n = read(kMail);
  EXPECT_EQ(n.name, "注文 5xx");
  EXPECT_EQ(n.arn, "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:注文 5xx");
  EXPECT_EQ(n.state, AlarmState::kAlarm);
  EXPECT_EQ(n.description, "注文のエラー");
  EXPECT_THAT(n.reason, StartsWith("Threshold Crossed: 1 out of"));
  EXPECT_THAT(n.reason, HasSubstr("OK -> ALARM transition)"));
  EXPECT_EQ(n.changed_at, at("2026-11-27T08:32:31Z"));
  EXPECT_THAT(n.datapoints, ElementsAre(at("2026-11-27T08:27:00Z")));
  EXPECT_EQ(n.metric, "Errors");
  EXPECT_EQ(n.metric_namespace, "AWS/Lambda");
  EXPECT_EQ(n.statistic, "Sum");
  EXPECT_EQ(n.period, seconds(300));
  EXPECT_EQ(n.entity, "orders");
  EXPECT_THAT(n.dimensions, Contains(Pair("Resource", "orders:live")));
}

TEST(ChatAlarm, the_first_sentence_of_a_mail_is_enough) {
  const AlarmNotice n = read(
      "You are receiving this email because your Amazon CloudWatch Alarm \"a b\" in the EU (Ireland) region has "
      "transitioned to ALARM state on Sunday 06 November, 2022 17:43:53 UTC, because \"forced test reason\".");
  EXPECT_EQ(n.name, "a b");
  EXPECT_EQ(n.region, "eu-west-1");
  EXPECT_EQ(n.state, AlarmState::kAlarm);
  EXPECT_EQ(n.changed_at, at("2022-11-06T17:43:53Z"));
}

TEST(ChatAlarm, json_that_was_pasted_is_read) {
  const AlarmNotice n =
      read(R"x({"AlarmName":"orders","AWSAccountId":"123456789012","Region":"EU (Ireland)","NewStateValue":"ALARM"})x");
  EXPECT_EQ(n.source, "chat");
  EXPECT_EQ(n.arn, "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:orders");
  EXPECT_EQ(n.changed_at, kPosted);
  EXPECT_EQ(read("{not json").name, "{not json");
}

TEST(ChatAlarm, links_to_the_console_name_the_alarm) {
  struct Case {
    const char* url;
    const char* region;
    const char* name;
  };
  const Case cases[] = {
      {"https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:alarm/orders-5xx",
       "ap-northeast-1", "orders-5xx"},
      {"https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/ecs$2Fservice$2Fup?~()",
       "eu-west-1", "ecs/service/up"},
      {"https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/my$2520alarm$253A1", "eu-west-1",
       "my alarm:1"},
      {"https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/a+b%2Bc", "eu-west-1", "a b+c"},
      {"https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/%E6%B3%A8%E6%96%87", "eu-west-1",
       "注文"},
      {"https://us-east-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=us-east-1#alarmsV2:alarm/CIS.3.10",
       "us-east-1", "CIS.3.10"},
      {"https://us-east-1.console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/x", "us-east-1", "x"},
      {"https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarm:alarmFilter=ANY;name=orders%205xx",
       "us-east-1", "orders 5xx"},
      {"https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#s=Alarms&alarm=orders", "us-east-1", "orders"},
      {"https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/x", "cn-north-1", "x"},
      {"https://console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#alarmsV2:alarm/x", "us-gov-west-1",
       "x"},
      {"https://console.aws.amazon.com/cloudwatch/home?region=evil#alarmsV2:alarm/x", "", "x"},
  };
  for (const Case& c : cases) {
    const auto alarm = alarm_of_console_link(c.url);
    ASSERT_TRUE(alarm) << c.url;
    EXPECT_EQ(alarm->region, c.region) << c.url;
    EXPECT_EQ(alarm->name, c.name) << c.url;
    EXPECT_EQ(read("see this", {"https://example.com/", c.url}).name, c.name);
  }
  for (const char* none :
       {"", "%", "#alarmsV2:alarm/x", "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1",
        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#",
        "http://console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/x",
        "https://console.aws.amazon.com.evil.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/x",
        "https://evilconsole.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/x",
        "https://evil.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/x",
        "https://u@console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/x",
        "https://console.aws.amazon.com/ec2/home?region=us-east-1#alarmsV2:alarm/x",
        "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:",
        "https://console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/",
        "https://console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/?x",
        "https://console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/%ff",
        "https://console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/a%0ab",
        "https://console.aws.amazon.com/cloudwatch/home#logsV2:log-groups/log-group/x"}) {
    EXPECT_FALSE(alarm_of_console_link(none)) << none;
  }
}

TEST(ChatAlarm, several_alarms_are_not_one) {
  const std::string other = "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/other";
  const AlarmNotice two = read("see these", {kLink, other});
  EXPECT_EQ(two.name, "see these");
  EXPECT_EQ(two.arn, "");
  EXPECT_EQ(two.region, "");
  const AlarmNotice titled = read("CloudWatch Alarm | orders-5xx\nmore", {other, kLink});
  EXPECT_EQ(titled.name, "orders-5xx");
  EXPECT_EQ(titled.region, "ap-northeast-1");
}

TEST(ChatAlarm, arns_name_the_alarm_where_it_is_clear_which) {
  const std::string arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:";
  EXPECT_EQ(read("Alarm Arn: " + arn + "orders").arn, arn + "orders");
  EXPECT_EQ(read("please look at " + arn + "orders, it fires").arn, arn + "orders");
  EXPECT_EQ(read(arn + "my alarm").arn, arn + "my alarm");
  EXPECT_EQ(read(arn + "a\n" + arn + "b").arn, "");
  // A composite alarm's reason names another one.
  const AlarmNotice composite = read("CloudWatch Alarm | checkout | eu-west-1 | Account: 123456789012\n" + arn +
                                     "child transitioned to ALARM at Friday 27 November, 2026 08:31:05 UTC");
  EXPECT_EQ(composite.arn, arn + "checkout");
  EXPECT_EQ(composite.state, AlarmState::kAlarm);
  EXPECT_THAT(composite.reason, HasSubstr("child transitioned to ALARM"));
  EXPECT_EQ(composite.changed_at, at("2026-11-27T08:31:05Z"));
}

TEST(ChatAlarm, of_other_systems_only_what_is_certain_is_taken) {
  struct Case {
    const char* text;
    const char* name;
    AlarmState state;
    const char* entity;
  };
  const Case cases[] = {
      {"[FIRING:1] HighErrorRate orders (page)", "HighErrorRate orders (page)", AlarmState::kAlarm, ""},
      {"[FIRING:2, RESOLVED:1] HighErrorRate", "HighErrorRate", AlarmState::kAlarm, ""},
      {"[RESOLVED] HighErrorRate orders", "HighErrorRate orders", AlarmState::kOk, ""},
      {"[RESOLVED] a\n[FIRING:1] b", "a", AlarmState::kAlarm, ""},
      {":fire: [FIRING:1] Slow\nLabels:\n - alertname = Slow\n - service = orders\n - severity = page", "Slow",
       AlarmState::kAlarm, "orders"},
      {"[FIRING:2] x\n - alertname = Slow\n - service = orders\n - alertname = Slow\n - service = cart", "Slow",
       AlarmState::kAlarm, ""},
      {"[FIRING:2] x\n - alertname = Slow\n - service = orders\n - alertname = Down", "x", AlarmState::kAlarm, ""},
      {"[Triggered on {service:orders,env:prod}] High error rate", "High error rate", AlarmState::kAlarm, "orders"},
      {"[P1] [Triggered] p99 latency", "p99 latency", AlarmState::kAlarm, ""},
      {"[Recovered] p99 latency", "p99 latency", AlarmState::kOk, ""},
      {"[No Data] p99 latency", "p99 latency", AlarmState::kInsufficientData, ""},
      {"[Alerting] p99 latency", "p99 latency", AlarmState::kAlarm, ""},
      {"[OK] p99 latency", "p99 latency", AlarmState::kOk, ""},
      {"Triggered: p99 latency", "p99 latency", AlarmState::kAlarm, ""},
      {"Recovered: p99 latency", "p99 latency", AlarmState::kOk, ""},
      {"everything is OK, no alarm here", "everything is OK, no alarm here", AlarmState::kUnknown, ""},
      {"OK: deployed", "OK: deployed", AlarmState::kUnknown, ""},
      {"the service is down [OK] for now", "the service is down [OK] for now", AlarmState::kUnknown, ""},
      {"復旧 [OK] x", "復旧 [OK] x", AlarmState::kUnknown, ""},
      {"✅ [OK] x", "x", AlarmState::kOk, ""},
      {":white_check_mark: [OK] x", "x", AlarmState::kOk, ""},
      {"[orders] is down", "[orders] is down", AlarmState::kUnknown, ""},
      {"2026-11-27 [OK] x", "2026-11-27 [OK] x", AlarmState::kUnknown, ""},
      {"注文サービスが落ちています\n助けて", "注文サービスが落ちています", AlarmState::kUnknown, ""},
      {"State: OK", "State: OK", AlarmState::kUnknown, ""},
      {"", "", AlarmState::kUnknown, ""},
      {" \n\t\n", "", AlarmState::kUnknown, ""},
      {"***", "", AlarmState::kUnknown, ""},
  };
  for (const Case& c : cases) {
    const AlarmNotice n = read(c.text);
    EXPECT_EQ(n.name, c.name) << c.text;
    EXPECT_EQ(n.state, c.state) << c.text;
    EXPECT_EQ(n.entity, c.entity) << c.text;
    EXPECT_EQ(n.arn, "");
    EXPECT_EQ(n.changed_at, kPosted);
    EXPECT_EQ(n.description, trim(c.text));
  }
}

TEST(ChatAlarm, huge_and_hostile_texts_are_survived) {
  const std::vector<std::string> texts = {
      std::string(1 << 20, '\xff') + std::string(3, '\0'),
      std::string(1 << 20, '['),
      std::string(1 << 20, '|'),
      std::string(1 << 20, ':'),
      std::string(1 << 20, '\n'),
      std::string(1 << 20, '{'),
      std::string(100'000, ' ') + "CloudWatch Alarm | " + std::string(100'000, 'x'),
      "CloudWatch Alarm | \x1b[31m\x01 | us-east-1",
      "Amazon CloudWatch Alarm \"",
      "Amazon CloudWatch Alarm \"x\" in the ",
      "Amazon CloudWatch Alarm \"\" in the  region has ",
      "ALARM: \"\" in ",
      "ALARM: \"x\" in Atlantis",
      "arn:aws:cloudwatch:us-east-1:123456789012:alarm:" + std::string(100'000, 'x'),
      "[Triggered on {" + std::string(10'000, ',') + "}] x",
      "[FIRING:1",
      "[",
      "a = b\n = \n= =",
  };
  for (const std::string& text : texts) {
    const AlarmNotice n = read_chat_alarm(text, {text, "https://" + text, kLink + text}, std::nullopt);
    EXPECT_LE(n.name.size(), 1024U) << text.substr(0, 60);
    EXPECT_LE(n.description.size(), 4096U) << text.substr(0, 60);
    EXPECT_TRUE(is_valid_utf8(n.summary()));
    EXPECT_EQ(n.summary().find('\n'), std::string::npos);
    EXPECT_FALSE(n.key().empty());
  }
  const std::vector<std::string> many(10'000, "https://example.com/");
  EXPECT_EQ(read("x", many).name, "x");
}

TEST(ChatAlarm, mails_that_are_cut_or_shuffled_are_survived) {
  const std::string mail = kMail;
  std::mt19937 random(3);
  for (std::size_t i = 0; i < mail.size(); i += 7) {
    const AlarmNotice n = read(mail.substr(0, i));
    EXPECT_TRUE(is_valid_utf8(n.name));
    std::string changed = mail;
    changed[i] = static_cast<char>(random());
    EXPECT_TRUE(is_valid_utf8(read(changed).summary()));
  }
}

}  // namespace
}  // namespace fa::alarms
