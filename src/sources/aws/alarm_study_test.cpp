#include "sources/aws/alarm_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sources/aws/metrics_test_rig.h"

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using test::FaultKind;
using test::kNow;
using test::SourceRig;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TimePoint at(const char* text) { return *parse_rfc3339(text); }

std::string arn(const std::string& name, const std::string& region = "ap-northeast-1") {
  return "arn:aws:cloudwatch:" + region + ":123456789012:alarm:" + name;
}

std::string reason_data(const char* start, int period) {
  return std::string(R"({"version":"1.0","queryDate":")") + start + R"(","startDate":")" + start + R"(","period":)" +
         std::to_string(period) + R"(,"recentDatapoints":[9.0],"threshold":5.0})";
}

/// An alarm on 5XX of a load balancer that fired at 08:36 for what began at 08:34, and is still on.
test::AwsWorld::Alarm alarm(std::string name = "orders-5xx") {
  test::AwsWorld::Alarm a;
  a.name = std::move(name);
  a.description = "Orders answers with errors";
  a.metric_namespace = "AWS/ApplicationELB";
  a.metric_name = "HTTPCode_Target_5XX_Count";
  a.dimensions = {{"LoadBalancer", "app/web/1"}, {"TargetGroup", "targetgroup/orders/2"}};
  a.statistic = "Sum";
  a.evaluation_periods = 2;
  a.state_updated = at("2026-03-14T08:36:00Z");
  a.history = {{at("2026-03-12T01:00:00Z"), "OK", "ALARM", reason_data("2026-03-12T00:58:00Z", 60)},
               {at("2026-03-12T01:30:00Z"), "ALARM", "OK", ""},
               {at("2026-03-14T08:36:00Z"), "OK", "ALARM", reason_data("2026-03-14T08:34:00Z", 60)}};
  return a;
}

Result<AlarmStudy> study(SourceRig& rig, const std::string& of, std::optional<TimePoint> around = std::nullopt) {
  return study_alarm(rig.client, of, rig.clock, {}, around);
}

std::string joined(const std::vector<std::string>& notes) {
  std::string text;
  for (const std::string& note : notes) text += note + "\n";
  return text;
}

TEST(StudyAlarm, tells_what_to_study) {
  SourceRig rig;
  rig.stand_in.world().alarms = {alarm()};
  const auto got = study(rig, arn("orders-5xx"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->alarm.entity, "app/web/1");
  EXPECT_EQ(got->alarm.metric, "HTTPCode_Target_5XX_Count");
  EXPECT_EQ(got->alarm.statistic, "Sum");
  EXPECT_EQ(got->alarm.time, at("2026-03-14T08:36:00Z"));
  EXPECT_EQ(got->window, (TimeRange{at("2026-03-14T08:29:00Z"), kNow}));
  EXPECT_EQ(got->baseline, (TimeRange{at("2026-03-14T06:58:00Z"), at("2026-03-14T08:29:00Z")}));
  EXPECT_THAT(got->description,
              HasSubstr("'orders-5xx' (Orders answers with errors) went into ALARM at 2026-03-14T08:36"));
  ASSERT_TRUE(got->metric);
  EXPECT_EQ(got->metric->name, "HTTPCode_Target_5XX_Count");
  EXPECT_THAT(got->focus, ElementsAre("app/web/1", "targetgroup/orders/2"));
  EXPECT_THAT(got->notes, IsEmpty());
  if (const auto wrong = test::check_requests(rig.stand_in.requests())) {
    EXPECT_THAT(*wrong, IsEmpty());
  }
}

TEST(StudyAlarm, takes_the_episode_around_a_given_time) {
  SourceRig rig;
  rig.stand_in.world().alarms = {alarm()};
  const auto got = study(rig, arn("orders-5xx"), at("2026-03-12T01:20:00Z"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->window, (TimeRange{at("2026-03-12T00:53:00Z"), at("2026-03-12T01:30:00Z")}));
  const auto none = study(rig, arn("orders-5xx"), at("2026-03-07T01:20:00Z"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(none.error().message, HasSubstr("around 2026-03-07T01:20:00Z"));
}

TEST(StudyAlarm, reads_all_pages_of_the_history_it_needs) {
  SourceRig rig;
  rig.stand_in.page_size = 2;
  test::AwsWorld::Alarm noisy = alarm();
  for (int i = 60; i > 0; --i) {  // flapped since 07:35, a minute on and a minute off
    noisy.history.push_back({at("2026-03-14T09:36:00Z") - minutes(2 * i), "OK", "ALARM", ""});
    noisy.history.push_back({at("2026-03-14T09:36:00Z") - minutes(2 * i - 1), "ALARM", "OK", ""});
  }
  noisy.state = "OK";
  rig.stand_in.world().alarms = {noisy};
  const auto got = study(rig, arn("orders-5xx"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_LE(got->window.begin, at("2026-03-14T08:36:00Z"));
  EXPECT_THAT(joined(got->notes), HasSubstr("studied as one incident"));
  EXPECT_GT(rig.stand_in.calls("cloudwatch", "DescribeAlarmHistory"), 20U);
  EXPECT_LE(rig.stand_in.calls("cloudwatch", "DescribeAlarmHistory"), 30U);
}

TEST(StudyAlarm, asks_in_the_region_of_the_arn) {
  SourceRig rig;
  test::AwsWorld::Alarm elsewhere = alarm();
  elsewhere.region = "us-east-1";
  rig.stand_in.world().alarms = {elsewhere};
  EXPECT_TRUE(study(rig, arn("orders-5xx", "us-east-1")));
  EXPECT_FALSE(study(rig, arn("orders-5xx")));
  EXPECT_EQ(region_of_arn(arn("x", "us-east-1")), "us-east-1");
  EXPECT_EQ(region_of_arn("x"), "");
}

TEST(StudyAlarm, errors_say_what_is_wrong_and_what_to_do) {
  SourceRig rig;
  test::AwsWorld::Alarm quiet = alarm("quiet");
  quiet.history.clear();
  quiet.state = "OK";
  rig.stand_in.world().alarms = {alarm(), quiet};
  struct Case {
    std::string of;
    ErrorCode code;
    const char* told;
  };
  const Case cases[] = {
      {"orders-5xx", ErrorCode::kInvalidInput, "is not the ARN of an alarm"},
      {"arn:aws:sns:ap-northeast-1:123456789012:alarm:x", ErrorCode::kInvalidInput, "should look like"},
      {"arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:", ErrorCode::kInvalidInput, "should look like"},
      {"arn:aws:cloudwatch:ap-northeast-1:123456789012:dashboard/x", ErrorCode::kInvalidInput, "should look like"},
      {"", ErrorCode::kInvalidInput, "should look like"},
      {arn("other"), ErrorCode::kNotFound, "There is no alarm 'other' in ap-northeast-1"},
      {arn("quiet"), ErrorCode::kNotFound, "was not in ALARM in its history (it is OK since 2026-03-14T08:36:00Z"},
      {"arn:aws:cloudwatch:ap-northeast-1:999999999999:alarm:orders-5xx", ErrorCode::kNotFound, "another account"},
  };
  for (const Case& c : cases) {
    const auto got = study(rig, c.of);
    ASSERT_FALSE(got) << c.of;
    EXPECT_EQ(got.error().code, c.code) << c.of;
    EXPECT_THAT(got.error().message, HasSubstr(c.told));
  }
}

TEST(StudyAlarm, without_its_history_the_present_state_serves) {
  SourceRig rig;
  test::AwsWorld::Alarm a = alarm();
  a.state_reason = "Threshold Crossed: 1 datapoint was greater than the threshold";
  a.state_reason_data = reason_data("2026-03-14T08:33:00Z", 60);
  rig.stand_in.world().alarms = {a};
  rig.stand_in.add_fault({.service = "cloudwatch", .operation = "DescribeAlarmHistory", .kind = FaultKind::kDenied});
  const auto got = study(rig, arn("orders-5xx"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->window.begin, at("2026-03-14T08:28:00Z"));
  EXPECT_THAT(joined(got->notes), HasSubstr("history could not be read"));
  EXPECT_THAT(joined(got->notes), HasSubstr("cloudwatch:DescribeAlarmHistory"));

  rig.stand_in.world().alarms[0].state = "OK";
  EXPECT_FALSE(study(rig, arn("orders-5xx")));
}

TEST(StudyAlarm, calls_that_fail_end_it_with_their_error) {
  for (const FaultKind kind : {FaultKind::kDenied, FaultKind::kThrottle, FaultKind::kServerError, FaultKind::kTimeout,
                               FaultKind::kGarbage, FaultKind::kCut, FaultKind::kSameToken, FaultKind::kEndlessPages}) {
    SourceRig rig;
    rig.stand_in.world().alarms = {alarm()};
    rig.stand_in.add_fault({.service = "cloudwatch", .operation = "DescribeAlarms", .kind = kind});
    EXPECT_FALSE(study(rig, arn("orders-5xx"))) << static_cast<int>(kind);
  }
  for (const FaultKind kind : {FaultKind::kSameToken, FaultKind::kEndlessPages}) {
    SourceRig rig;
    rig.stand_in.world().alarms = {alarm()};
    rig.stand_in.add_fault({.service = "cloudwatch", .operation = "DescribeAlarmHistory", .kind = kind});
    const auto got = study(rig, arn("orders-5xx"));
    ASSERT_TRUE(got) << static_cast<int>(kind);
    EXPECT_EQ(got->alarm.time, at("2026-03-14T08:36:00Z"));
  }
}

TEST(StudyAlarm, follows_a_composite_alarm_to_the_metric_that_fired_first) {
  SourceRig rig;
  test::AwsWorld::Alarm whole = alarm("shop");
  whole.rule = "ALARM(inner) OR (ALARM(\"" + arn("late") + "\") AND NOT ALARM(maintenance))";
  whole.history = {
      {at("2026-03-14T08:40:00Z"), "OK", "ALARM", R"({"triggeringAlarms":[{"arn":")" + arn("late") + R"("}]})"},
      {at("2026-03-14T09:10:00Z"), "ALARM", "OK", ""}};
  whole.state = "OK";
  test::AwsWorld::Alarm inner = alarm("inner");
  inner.rule = "ALARM(first) OR ALARM(inner) OR ALARM(shop) OR ALARM(missing)";
  test::AwsWorld::Alarm first = alarm("first");
  first.metric_namespace = "AWS/DynamoDB";
  first.metric_name = "ThrottledRequests";
  first.dimensions = {{"TableName", "orders"}};
  first.history = {{at("2026-03-14T08:35:00Z"), "OK", "ALARM", reason_data("2026-03-14T08:34:00Z", 60)},
                   {at("2026-03-14T08:50:00Z"), "ALARM", "OK", ""}};
  first.state = "OK";
  test::AwsWorld::Alarm late = alarm("late");
  late.history = {{at("2026-03-14T08:39:00Z"), "OK", "ALARM", reason_data("2026-03-14T08:38:00Z", 60)}};
  test::AwsWorld::Alarm maintenance = alarm("maintenance");
  maintenance.history = {{at("2026-03-14T08:20:00Z"), "OK", "ALARM", ""}};
  rig.stand_in.world().alarms = {whole, inner, first, late, maintenance};
  const auto got = study(rig, arn("shop"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->alarm.entity, "orders");
  EXPECT_EQ(got->alarm.metric, "ThrottledRequests");
  EXPECT_EQ(got->alarm.time, at("2026-03-14T08:40:00Z")) << "of the alarm that was asked about";
  EXPECT_EQ(got->window, (TimeRange{at("2026-03-14T08:29:00Z"), at("2026-03-14T09:10:00Z")}));
  EXPECT_THAT(joined(got->notes), HasSubstr("of the 2 metric alarms below it 2 fired; 'first' was the first"));
  EXPECT_THAT(got->description, HasSubstr("First below it: CloudWatch alarm 'first'"));

  rig.stand_in.world().alarms = {whole};  // nothing below it exists any more
  const auto alone = study(rig, arn("shop"));
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_EQ(alone->alarm.metric, "");
  EXPECT_FALSE(alone->metric);
  EXPECT_EQ(alone->window.end, at("2026-03-14T09:10:00Z"));
  EXPECT_THAT(joined(alone->notes), HasSubstr("watches no metric"));
}

TEST(StudyAlarm, names_all_metrics_of_metric_math) {
  SourceRig rig;
  test::AwsWorld::Alarm a = alarm();
  const auto query = [](const char* id, const char* name) {
    return std::string(R"({"Id":")") + id +
           R"(","ReturnData":false,"MetricStat":{"Metric":{"Namespace":"AWS/ApiGateway",)" + R"("MetricName":")" +
           name + R"(","Dimensions":[{"Name":"ApiName","Value":"shop"}]},"Period":60,"Stat":"Sum"}})";
  };
  a.metrics_json =
      "[" + query("e", "5XXError") + "," + query("c", "Count") + R"(,{"Id":"r","Expression":"e/c","ReturnData":true}])";
  rig.stand_in.world().alarms = {a};
  const auto got = study(rig, arn("orders-5xx"));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->alarm.entity, "shop");
  EXPECT_EQ(got->alarm.metric, "5XXError");
  ASSERT_EQ(got->further_metrics.size(), 1U);
  EXPECT_EQ(got->further_metrics[0].name, "Count");
  EXPECT_THAT(joined(got->notes), HasSubstr("computed from several metrics: 5XXError, Count"));
}

TEST(StudyAlarm, is_stopped_by_its_context) {
  SourceRig rig;
  rig.stand_in.world().alarms = {alarm()};
  std::stop_source stop;
  stop.request_stop();
  Context context;
  context.stop = stop.get_token();
  const auto got = study_alarm(rig.client, arn("orders-5xx"), rig.clock, context);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace fa
