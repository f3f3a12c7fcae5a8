#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarms/alarm.h"
#include "base/json.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

TimePoint at(const std::string& text) { return parse_rfc3339(text).value(); }

// The forms are those of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/.

Json sns_alarm() {
  return parse_json(R"x({
    "AlarmName": "orders-5xx", "AlarmDescription": "5XX of the load balancer\nSee the runbook.",
    "AWSAccountId": "123456789012", "AlarmConfigurationUpdatedTimestamp": "2026-01-02T03:04:05.000+0000",
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed: 2 out of the last 3 datapoints [12.0 (27/11/26 08:30:00), 9.0 (27/11/26 08:28:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).",
    "StateChangeTime": "2026-11-27T08:31:05.123+0000", "Region": "Asia Pacific (Tokyo)",
    "AlarmArn": "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:orders-5xx", "OldStateValue": "OK",
    "OKActions": [], "AlarmActions": ["arn:aws:sns:ap-northeast-1:123456789012:alarms"], "InsufficientDataActions": [],
    "Trigger": {"MetricName": "HTTPCode_Target_5XX_Count", "Namespace": "AWS/ApplicationELB",
      "StatisticType": "Statistic", "Statistic": "SUM", "Unit": null,
      "Dimensions": [{"value": "app/shop/50dc", "name": "LoadBalancer"}, {"value": "targetgroup/orders/1", "name": "TargetGroup"}],
      "Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "ComparisonOperator": "GreaterThanThreshold",
      "Threshold": 5.0, "TreatMissingData": "", "EvaluateLowSampleCountPercentile": ""}})x");
}

Json event_alarm() {
  return parse_json(R"({
    "version": "0", "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92", "detail-type": "CloudWatch Alarm State Change",
    "source": "aws.cloudwatch", "account": "123456789012", "time": "2026-11-27T08:31:06Z", "region": "us-east-1",
    "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh"],
    "detail": {"alarmName": "ServerCpuTooHigh",
      "configuration": {"description": "Server CPU is too high",
        "metrics": [{"id": "30b6c6b2", "metricStat": {"metric": {"dimensions": {"InstanceId": "i-12345678901234567"},
          "name": "CPUUtilization", "namespace": "AWS/EC2"}, "period": 300, "stat": "Average"}, "returnData": true}]},
      "previousState": {"reason": "x", "timestamp": "2026-11-27T08:00:00.000+0000", "value": "OK"},
      "state": {"value": "ALARM", "timestamp": "2026-11-27T08:31:05.985+0000",
        "reason": "Threshold Crossed",
        "reasonData": "{\"version\":\"1.0\",\"queryDate\":\"2026-11-27T08:31:05.980+0000\",\"startDate\":\"2026-11-27T08:20:00.000+0000\",\"statistic\":\"Average\",\"period\":300,\"recentDatapoints\":[99.5,98.0],\"threshold\":90.0,\"evaluatedDatapoints\":[{\"timestamp\":\"2026-11-27T08:25:00.000+0000\",\"sampleCount\":5.0,\"value\":98.0},{\"timestamp\":\"2026-11-27T08:20:00.000+0000\",\"value\":99.5},{\"timestamp\":\"2026-11-27T08:15:00.000+0000\"}]}"}}})");
}

AlarmNotice read(const Json& document) {
  const auto notice = parse_cloudwatch_alarm(json_text(document));
  EXPECT_TRUE(notice) << (notice ? "" : notice.error().message);
  return notice.value_or(AlarmNotice{});
}

TEST(CloudWatchAlarm, of_sns_is_read_whole) {
  const AlarmNotice n = read(sns_alarm());
  EXPECT_EQ(n.source, "cloudwatch");
  EXPECT_EQ(n.name, "orders-5xx");
  EXPECT_EQ(n.arn, "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:orders-5xx");
  EXPECT_EQ(n.key(), n.arn);
  EXPECT_EQ(n.account, "123456789012");
  EXPECT_EQ(n.region, "ap-northeast-1");
  EXPECT_EQ(n.state, AlarmState::kAlarm);
  EXPECT_THAT(n.reason, HasSubstr("2 out of the last 3 datapoints"));
  EXPECT_EQ(n.description, "5XX of the load balancer\nSee the runbook.");
  EXPECT_EQ(n.entity, "app/shop/50dc");
  EXPECT_EQ(n.metric_namespace, "AWS/ApplicationELB");
  EXPECT_EQ(n.metric, "HTTPCode_Target_5XX_Count");
  EXPECT_EQ(n.statistic, "Sum");
  EXPECT_THAT(n.dimensions,
              UnorderedElementsAre(Pair("LoadBalancer", "app/shop/50dc"), Pair("TargetGroup", "targetgroup/orders/1")));
  EXPECT_EQ(n.changed_at, at("2026-11-27T08:31:05.123Z"));
  EXPECT_THAT(n.datapoints, ElementsAre(at("2026-11-27T08:28:00Z"), at("2026-11-27T08:30:00Z")));
  EXPECT_EQ(n.period, seconds(60));
  EXPECT_EQ(n.evaluation_periods, 3);
}

TEST(CloudWatchAlarm, of_eventbridge_is_read_with_the_times_of_its_reason_data) {
  const AlarmNotice n = read(event_alarm());
  EXPECT_EQ(n.name, "ServerCpuTooHigh");
  EXPECT_EQ(n.arn, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh");
  EXPECT_EQ(n.account, "123456789012");
  EXPECT_EQ(n.region, "us-east-1");
  EXPECT_EQ(n.state, AlarmState::kAlarm);
  EXPECT_EQ(n.description, "Server CPU is too high");
  EXPECT_EQ(n.metric, "CPUUtilization");
  EXPECT_EQ(n.metric_namespace, "AWS/EC2");
  EXPECT_EQ(n.statistic, "Average");
  EXPECT_EQ(n.entity, "i-12345678901234567");
  EXPECT_EQ(n.period, seconds(300));
  EXPECT_EQ(n.changed_at, at("2026-11-27T08:31:05.985Z"));
  // The missing point at 08:15 decided nothing.
  EXPECT_THAT(n.datapoints, ElementsAre(at("2026-11-27T08:20:00Z"), at("2026-11-27T08:25:00Z")));
}

TEST(CloudWatchAlarm, of_eventbridge_prefers_the_points_its_reason_names) {
  Json event = event_alarm();
  event["detail"]["state"]["reason"] = "Threshold Crossed: 1 datapoint [99.5 (27/11/26 08:20:00)] was greater than x.";
  EXPECT_THAT(read(event).datapoints, ElementsAre(at("2026-11-27T08:20:00Z")));
  event = event_alarm();
  event["detail"]["state"]["reasonData"] = R"({"startDate":"2026-11-27T08:10:00.000+0000","recentDatapoints":[1]})";
  EXPECT_THAT(read(event).datapoints, ElementsAre(at("2026-11-27T08:10:00Z")));
  for (const char* broken : {"", "{", "[]", "7", "{\"startDate\":7,\"evaluatedDatapoints\":{}}"}) {
    event["detail"]["state"]["reasonData"] = broken;
    const AlarmNotice n = read(event);
    EXPECT_THAT(n.datapoints, IsEmpty()) << broken;
    EXPECT_EQ(n.name, "ServerCpuTooHigh");
  }
}

TEST(CloudWatchAlarm, as_a_lambda_action_gets_it_is_read) {
  const AlarmNotice n = read(parse_json(R"({"source":"aws.cloudwatch","accountId":"123456789012","region":"us-east-1",
    "alarmArn":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:lambda-errors","time":"2026-11-27T08:31:06.000+0000",
    "alarmData":{"alarmName":"lambda-errors","state":{"value":"OK","reason":"x"},
      "configuration":{"metrics":[{"metricStat":{"metric":{"namespace":"AWS/Lambda","name":"Errors",
        "dimensions":{"FunctionName":"orders"}},"period":60,"stat":"p99"}}]}}})"));
  EXPECT_EQ(n.name, "lambda-errors");
  EXPECT_EQ(n.arn, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:lambda-errors");
  EXPECT_EQ(n.account, "123456789012");
  EXPECT_EQ(n.state, AlarmState::kOk);
  EXPECT_EQ(n.entity, "orders");
  EXPECT_EQ(n.statistic, "p99");
  EXPECT_EQ(n.changed_at, at("2026-11-27T08:31:06Z"));
}

TEST(CloudWatchAlarm, of_metric_math_is_known_by_its_first_metric) {
  Json alarm = sns_alarm();
  alarm["Trigger"] =
      parse_json(R"({"Period":60,"EvaluationPeriods":2,"ComparisonOperator":"GreaterThanThreshold","Metrics":[
    {"Id":"e1","Expression":"m1/m2*100","Label":"error rate","ReturnData":true},
    {"Id":"m1","MetricStat":{"Metric":{"Dimensions":[{"value":"orders","name":"FunctionName"}],"MetricName":"Errors",
      "Namespace":"AWS/Lambda"},"Period":300,"Stat":"Sum"},"ReturnData":false},
    {"Id":"m2","MetricStat":{"Metric":{"Dimensions":[{"value":"cart","name":"FunctionName"}],"MetricName":"Invocations",
      "Namespace":"AWS/Lambda"},"Period":300,"Stat":"Sum"},"ReturnData":false}]})");
  const AlarmNotice n = read(alarm);
  EXPECT_EQ(n.metric, "Errors");
  EXPECT_EQ(n.metric_namespace, "AWS/Lambda");
  EXPECT_EQ(n.statistic, "Sum");
  EXPECT_EQ(n.entity, "orders");
  EXPECT_EQ(n.period, seconds(60));
  EXPECT_EQ(n.evaluation_periods, 2);

  // An alarm on a query (Metrics Insights) has only an expression.
  alarm["Trigger"]["Metrics"] = parse_json(R"([{"Id":"q","Expression":"SELECT AVG(x) FROM y","Period":120}])");
  alarm["Trigger"].erase("Period");
  EXPECT_EQ(read(alarm).metric, "");
  EXPECT_EQ(read(alarm).period, seconds(120));
}

TEST(CloudWatchAlarm, of_composite_alarms_is_dated_by_the_alarms_below) {
  const AlarmNotice sns =
      read(parse_json(R"x({"AlarmName":"checkout","AWSAccountId":"123456789012","NewStateValue":"ALARM",
    "NewStateReason":"arn:aws:cloudwatch:cn-north-1:123456789012:alarm:orders transitioned to ALARM at Friday 27 November, 2026 08:31:05 UTC",
    "StateChangeTime":"2026-11-27T08:33:05.640+0000","Region":"China (Beijing)","OldStateValue":"OK",
    "AlarmRule":"ALARM(orders) OR ALARM(cart)","TriggeringChildren":[
      {"Arn":"arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:orders","State":{"Value":"ALARM","Timestamp":"2026-11-27T08:31:05.000+0000"}},
      {"Arn":"arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:cart","State":{"Value":"OK","Timestamp":"2026-11-27T08:00:00.000+0000"}},
      {"Arn":7,"State":[]}, 5, null]})x"));
  EXPECT_EQ(sns.arn, "arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:checkout");
  EXPECT_EQ(sns.state, AlarmState::kAlarm);
  EXPECT_THAT(sns.datapoints, ElementsAre(at("2026-11-27T08:31:05Z")));
  EXPECT_EQ(sns.metric, "");
  EXPECT_EQ(sns.entity, "");

  Json event = event_alarm();
  event["detail"]["configuration"] = parse_json(R"x({"alarmRule":"ALARM(a)","description":"both"})x");
  event["detail"]["state"]["reasonData"] =
      R"({"triggeringAlarms":[{"arn":"a","state":{"value":"ALARM","timestamp":"2026-11-27T08:30:00.138+0000"}}]})";
  EXPECT_THAT(read(event).datapoints, ElementsAre(at("2026-11-27T08:30:00.138Z")));
}

TEST(CloudWatchAlarm, statistics_have_the_names_of_cloudwatch) {
  struct Case {
    const char* member;
    const char* sent;
    const char* name;
  };
  const Case cases[] = {{"Statistic", "AVERAGE", "Average"},          {"Statistic", "SUM", "Sum"},
                        {"Statistic", "MINIMUM", "Minimum"},          {"Statistic", "MAXIMUM", "Maximum"},
                        {"Statistic", "SAMPLE_COUNT", "SampleCount"}, {"ExtendedStatistic", "p99.9", "p99.9"}};
  for (const Case& c : cases) {
    Json alarm = sns_alarm();
    alarm["Trigger"].erase("Statistic");
    alarm["Trigger"][c.member] = c.sent;
    EXPECT_EQ(read(alarm).statistic, c.name);
  }
}

TEST(CloudWatchAlarm, keeps_names_in_any_language) {
  Json alarm = sns_alarm();
  alarm["AlarmName"] = "注文サービス：5xx エラー 🔥";
  alarm["AlarmDescription"] = "注文サービスの５ＸＸが多い";
  alarm.erase("AlarmArn");
  const AlarmNotice n = read(alarm);
  EXPECT_EQ(n.name, "注文サービス：5xx エラー 🔥");
  EXPECT_EQ(n.arn, "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:注文サービス：5xx エラー 🔥");
  EXPECT_THAT(n.summary(), HasSubstr("注文サービス：5xx エラー 🔥: 注文サービスの５ＸＸが多い"));
}

TEST(CloudWatchAlarm, the_arn_tells_what_the_rest_does_not) {
  const AlarmNotice n =
      read(parse_json(R"({"AlarmArn":"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a b","Region":"Atlantis"})"));
  EXPECT_EQ(n.name, "a b");
  EXPECT_EQ(n.region, "eu-west-1");
  EXPECT_EQ(n.account, "123456789012");
  EXPECT_EQ(n.state, AlarmState::kUnknown);
}

/// Every member, at every depth, of every wrong type: the notice stays one, and what the member does not say stays.
void expect_survives(const Json& whole, const Json::json_pointer& place, const std::string& name) {
  for (const char* wrong : {"null", "1", "-7.5", "true", "[]", "[[1]]", "{}", "{\"name\":1}", "\"\"", "\"\\u0000\\n\"",
                            "[null,1,\"x\",{}]", "99999999999999999999"}) {
    Json changed = whole;
    changed[place] = parse_json(wrong);
    const auto n = parse_cloudwatch_alarm(json_text(changed));
    ASSERT_TRUE(n) << place.to_string() << " " << wrong << ": " << n.error().message;
    EXPECT_EQ(n->name, name) << place.to_string() << " " << wrong;
    EXPECT_TRUE(is_valid_utf8(n->summary()));
  }
}

void walk(const Json& whole, const Json& at_place, const Json::json_pointer& place, const std::string& name) {
  if (!place.empty()) expect_survives(whole, place, name);
  for (const auto& [key, value] : at_place.items()) {
    if (at_place.is_array()) {
      walk(whole, value, place / static_cast<std::size_t>(std::stoul(key)), name);
    } else if (at_place.is_object()) {
      walk(whole, value, place / key, name);
    }
  }
}

TEST(CloudWatchAlarm, a_wrong_member_never_loses_the_rest) {
  // The name is told twice, by itself and in the ARN.
  walk(sns_alarm(), sns_alarm(), Json::json_pointer(), "orders-5xx");
  Json event = event_alarm();
  const std::string name = "ServerCpuTooHigh";
  for (const auto& [key, value] : event.items()) {
    if (key != "detail") expect_survives(event, Json::json_pointer("/" + key), name);
  }
  for (const char* place : {"/detail/configuration", "/detail/state", "/detail/previousState", "/detail/alarmName"}) {
    expect_survives(event, Json::json_pointer(place), name);
  }
  walk(event, event["detail"]["state"], Json::json_pointer("/detail/state"), name);
  walk(event, event["detail"]["configuration"], Json::json_pointer("/detail/configuration"), name);
}

TEST(CloudWatchAlarm, one_wrong_member_costs_only_itself) {
  Json alarm = sns_alarm();
  alarm["Trigger"]["Dimensions"][0] = 7;
  alarm["Trigger"]["Period"] = "often";
  alarm["StateChangeTime"] = "yesterday";
  const AlarmNotice n = read(alarm);
  EXPECT_THAT(n.dimensions, ElementsAre(Pair("TargetGroup", "targetgroup/orders/1")));
  EXPECT_EQ(n.period, std::nullopt);
  EXPECT_EQ(n.evaluation_periods, 3);
  EXPECT_EQ(n.changed_at, std::nullopt);
  EXPECT_EQ(n.datapoints.size(), 2U);
}

TEST(CloudWatchAlarm, numbers_out_of_all_ranges_are_absent) {
  for (const char* number : {"0", "-1", "604801", "1e300", "9223372036854775807", "18446744073709551615", "0.5", "\"\"",
                             "\"60x\"", "\" 60\""}) {
    Json alarm = sns_alarm();
    alarm["Trigger"]["Period"] = parse_json(number);
    EXPECT_EQ(read(alarm).period, std::nullopt) << number;
  }
  Json alarm = sns_alarm();
  alarm["Trigger"]["Period"] = 300.0;
  alarm["Trigger"]["EvaluationPeriods"] = "5";
  EXPECT_EQ(read(alarm).period, seconds(300));
  EXPECT_EQ(read(alarm).evaluation_periods, 5);
}

TEST(CloudWatchAlarm, what_is_none_is_refused_in_words) {
  const std::string deep = R"({"AlarmName":"x","Trigger":)";
  struct Case {
    std::string body;
    ErrorCode code;
  };
  std::string wide = R"({"AlarmName":"x")";
  for (int i = 0; i < 3000; ++i) wide += ",\"m" + std::to_string(i) + "\":1";
  const Case cases[] = {
      {"", ErrorCode::kInvalidInput},
      {"[]", ErrorCode::kInvalidInput},
      {"{}", ErrorCode::kInvalidInput},
      {"null", ErrorCode::kInvalidInput},
      {"{\"AlarmName\":1}", ErrorCode::kInvalidInput},
      {"{\"AlarmName\":\" \\n\"}", ErrorCode::kInvalidInput},
      {"{\"AlarmName\":\"x\"", ErrorCode::kInvalidInput},
      {"{\"detail\":{\"alarmName\":[]}}", ErrorCode::kInvalidInput},
      {"\xff\xfe", ErrorCode::kInvalidInput},
      {std::string(1, '\0'), ErrorCode::kInvalidInput},
      {"A line of a log.", ErrorCode::kInvalidInput},
      {deep + std::string(100'000, '['), ErrorCode::kLimit},
      {deep + std::string(100'000, '[') + std::string(100'000, ']') + "}", ErrorCode::kLimit},
      {wide + "}", ErrorCode::kLimit},
      {std::string(5 << 20, ' '), ErrorCode::kLimit},
  };
  for (const Case& c : cases) {
    const auto n = parse_cloudwatch_alarm(c.body);
    ASSERT_FALSE(n) << c.body.substr(0, 80);
    EXPECT_EQ(n.error().code, c.code) << c.body.substr(0, 80);
    EXPECT_FALSE(n.error().message.empty());
  }
}

TEST(CloudWatchAlarm, huge_and_hostile_texts_are_cut_and_cleaned) {
  Json alarm = sns_alarm();
  alarm["AlarmName"] = "x\x1b[31m\n" + std::string(100'000, 'n');
  alarm["AlarmDescription"] = std::string(200'000, 'd');
  alarm["NewStateReason"] = std::string(200'000, '(');
  alarm["AlarmArn"] = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:" + std::string(100'000, 'a');
  for (int i = 0; i < 200; ++i) {
    alarm["Trigger"]["Dimensions"].push_back({{"name", "n" + std::to_string(i)}, {"value", std::string(2000, 'v')}});
  }
  const AlarmNotice n = read(alarm);
  EXPECT_LE(n.name.size(), 1024U);
  EXPECT_EQ(n.name.find('\n'), std::string::npos);
  EXPECT_EQ(n.name.find('\x1b'), std::string::npos);
  EXPECT_LE(n.description.size(), 8192U);
  EXPECT_LE(n.reason.size(), 4096U);
  EXPECT_LE(n.dimensions.size(), 64U);
  EXPECT_LE(n.dimensions.at("n1").size(), 1024U);
  EXPECT_LT(n.summary().size(), 5000U);
}

TEST(CloudWatchAlarm, text_that_is_cut_off_anywhere_is_survived) {
  for (const std::string& whole : {json_text(sns_alarm()), json_text(event_alarm())}) {
    for (std::size_t i = 0; i < whole.size(); i += 5) EXPECT_FALSE(parse_cloudwatch_alarm(whole.substr(0, i)));
  }
}

}  // namespace
}  // namespace fa::alarms
