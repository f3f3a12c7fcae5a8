#include <algorithm>
#include <string>

#include "alarms/alarm.h"
#include "alarms/alarm_entity.h"
#include "alarms/aws_names.h"
#include "alarms/notice_json.h"
#include "alarms/reason_text.h"
#include "base/text.h"

namespace fa::alarms {
namespace {

constexpr std::string_view kWhat = "The CloudWatch alarm";
constexpr std::int64_t kLongestPeriod = 7 * 86'400;  // seconds; what PutMetricAlarm allows
constexpr std::int64_t kMostPeriods = 10'080;        // a week of minutes
constexpr std::size_t kMostDimensions = 64;          // CloudWatch allows 30
constexpr std::size_t kMostQueries = 100;            // CloudWatch allows 10 in an alarm
constexpr std::size_t kMostPoints = 100;

void add_dimension(AlarmNotice& notice, std::string name, std::string value) {
  if (name.empty() || value.empty() || notice.dimensions.size() >= kMostDimensions) return;
  notice.dimensions.emplace(std::move(name), std::move(value));
}

/// SNS writes `[{"name": ..., "value": ...}]`, EventBridge an object.
void read_dimensions(AlarmNotice& notice, const Json* dimensions) {
  if (dimensions == nullptr) return;
  if (dimensions->is_array()) {
    for (const Json& one : *dimensions) {
      const bool lower = member_at(one, {"name"}) != nullptr;
      add_dimension(notice, line_at(one, {lower ? "name" : "Name"}), line_at(one, {lower ? "value" : "Value"}));
    }
  } else if (dimensions->is_object()) {
    for (const auto& [name, value] : dimensions->items()) {
      if (value.is_string()) add_dimension(notice, line_of(name), line_of(value.get_ref<const std::string&>()));
    }
  }
}

/// `AVERAGE` is `Average` in all other places of CloudWatch.
std::string statistic_name(const std::string& text) {
  if (text == "AVERAGE") return "Average";
  if (text == "SUM") return "Sum";
  if (text == "MINIMUM") return "Minimum";
  if (text == "MAXIMUM") return "Maximum";
  if (text == "SAMPLE_COUNT") return "SampleCount";
  return text;
}

void read_period(AlarmNotice& notice, const Json& from, JsonPath path) {
  const auto period = whole_at(from, path, 1, kLongestPeriod);
  if (period && !notice.period) notice.period = std::chrono::seconds(*period);
}

/// One metric of metric math; names as SNS (`MetricStat`) or EventBridge (`metricStat`) writes them.
struct QueryNames {
  const char* stat;
  const char* metric;
  const char* name;
  const char* metric_namespace;
  const char* dimensions;
  const char* period;
  const char* statistic;
};
constexpr QueryNames kOfSns = {"MetricStat", "Metric", "MetricName", "Namespace", "Dimensions", "Period", "Stat"};
constexpr QueryNames kOfEvent = {"metricStat", "metric", "name", "namespace", "dimensions", "period", "stat"};

/// The first metric that the alarm computes with stands for all.
void read_queries(AlarmNotice& notice, const Json& queries, const QueryNames& names) {
  std::size_t seen = 0;
  for (const Json& query : queries) {
    if (++seen > kMostQueries) break;
    read_period(notice, query, {names.period});
    const Json& stat = object_at(query, {names.stat});
    const std::string metric = line_at(stat, {names.metric, names.name});
    if (metric.empty() || !notice.metric.empty()) continue;
    notice.metric = metric;
    notice.metric_namespace = line_at(stat, {names.metric, names.metric_namespace});
    notice.statistic = statistic_name(line_at(stat, {names.statistic}));
    read_dimensions(notice, member_at(stat, {names.metric, names.dimensions}));
    read_period(notice, stat, {names.period});
  }
}

/// What follows from several members together.
Result<AlarmNotice> completed(AlarmNotice notice) {
  const auto named = parse_alarm_arn(notice.arn);
  if (!named) notice.arn.clear();
  if (named && notice.name.empty()) notice.name = named->name;
  if (named) notice.region = named->region;
  if (named) notice.account = named->account;
  if (notice.name.empty()) {
    return fail(ErrorCode::kInvalidInput, std::string(kWhat) + " names no alarm (AlarmName, or alarmName in detail).");
  }
  if (notice.arn.empty()) notice.arn = alarm_arn(notice.region, notice.account, notice.name);
  if (notice.state == AlarmState::kUnknown) notice.state = state_of_reason(notice.reason);
  notice.entity = entity_of_dimensions(notice.dimensions);
  put_in_order(notice.datapoints, kMostPoints);
  return notice;
}

/// When the alarms below a composite one changed: what decided it. `arn` and so on as the notice writes them.
void read_children(AlarmNotice& notice, const Json& children, const char* state, const char* value, const char* time) {
  for (const Json& child : children) {
    const auto changed = parse_rfc3339(text_at(child, {state, time}));
    if (changed && text_at(child, {state, value}) == "ALARM") notice.datapoints.push_back(*changed);
  }
}

void read_trigger(AlarmNotice& notice, const Json& trigger) {
  notice.metric = line_at(trigger, {"MetricName"});
  notice.metric_namespace = line_at(trigger, {"Namespace"});
  notice.statistic = statistic_name(line_at(trigger, {"Statistic"}));
  if (notice.statistic.empty()) notice.statistic = line_at(trigger, {"ExtendedStatistic"});
  read_dimensions(notice, member_at(trigger, {"Dimensions"}));
  read_period(notice, trigger, {"Period"});
  if (const auto periods = whole_at(trigger, {"EvaluationPeriods"}, 1, kMostPeriods)) {
    notice.evaluation_periods = static_cast<int>(*periods);
  }
  read_queries(notice, array_at(trigger, {"Metrics"}), kOfSns);
}

/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
Result<AlarmNotice> read_sns_alarm(const Json& message) {
  AlarmNotice notice;
  notice.source = "cloudwatch";
  notice.name = line_at(message, {"AlarmName"});
  notice.arn = text_at(message, {"AlarmArn"});
  notice.description = paragraph_at(message, {"AlarmDescription"});
  if (std::string account = text_at(message, {"AWSAccountId"}); is_account(account)) notice.account = account;
  notice.region = region_of(text_at(message, {"Region"}));
  notice.state = state_of_word(text_at(message, {"NewStateValue"}));
  notice.reason = line_at(message, {"NewStateReason"}, kLongestReason);
  notice.changed_at = parse_rfc3339(text_at(message, {"StateChangeTime"}));
  read_trigger(notice, object_at(message, {"Trigger"}));
  notice.datapoints = datapoints_of_reason(notice.reason);
  if (notice.datapoints.empty()) {
    read_children(notice, array_at(message, {"TriggeringChildren"}), "State", "Value", "Timestamp");
  }
  return completed(std::move(notice));
}

/// The points of the evaluated range, where the reason does not name those that decided.
void read_reason_data(AlarmNotice& notice, const std::string& text) {
  const auto data = read_notice(text, kWhat);
  if (!data) return;
  read_period(notice, *data, {"period"});
  if (!notice.datapoints.empty()) return;
  read_children(notice, array_at(*data, {"triggeringAlarms"}), "state", "value", "timestamp");
  for (const Json& point : array_at(*data, {"evaluatedDatapoints"})) {
    if (member_at(point, {"value"}) == nullptr) continue;  // a missing point
    if (const auto time = parse_rfc3339(text_at(point, {"timestamp"}))) notice.datapoints.push_back(*time);
  }
  const auto start = parse_rfc3339(text_at(*data, {"startDate"}));
  if (notice.datapoints.empty() && start) notice.datapoints.push_back(*start);
}

/// `state` of an EventBridge event or of what a Lambda action is given, both with their `configuration` beside it.
void read_state(AlarmNotice& notice, const Json& detail) {
  notice.name = line_at(detail, {"alarmName"});
  notice.description = paragraph_at(detail, {"configuration", "description"});
  notice.state = state_of_word(text_at(detail, {"state", "value"}));
  notice.reason = line_at(detail, {"state", "reason"}, kLongestReason);
  notice.changed_at = parse_rfc3339(text_at(detail, {"state", "timestamp"}));
  read_queries(notice, array_at(detail, {"configuration", "metrics"}), kOfEvent);
  notice.datapoints = datapoints_of_reason(notice.reason);
  read_reason_data(notice, text_at(detail, {"state", "reasonData"}));
}

/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
Result<AlarmNotice> read_event(const Json& event) {
  AlarmNotice notice;
  notice.source = "cloudwatch";
  const bool for_lambda = member_at(event, {"alarmData"}) != nullptr;
  read_state(notice, object_at(event, {for_lambda ? "alarmData" : "detail"}));
  notice.region = region_of(text_at(event, {"region"}));
  if (std::string account = text_at(event, {for_lambda ? "accountId" : "account"}); is_account(account)) {
    notice.account = account;
  }
  notice.arn = text_at(event, {"alarmArn"});
  for (const Json& resource : array_at(event, {"resources"})) {
    if (!resource.is_string() || parse_alarm_arn(notice.arn)) continue;
    notice.arn = resource.get<std::string>();
  }
  if (!notice.changed_at) notice.changed_at = parse_rfc3339(text_at(event, {"time"}));
  return completed(std::move(notice));
}

bool is_event(const Json& document) {
  return member_at(document, {"detail", "alarmName"}) != nullptr || member_at(document, {"alarmData"}) != nullptr ||
         text_at(document, {"detail-type"}) == "CloudWatch Alarm State Change";
}

}  // namespace

Result<AlarmNotice> parse_cloudwatch_alarm(std::string_view json) {
  const auto document = read_notice(json, kWhat);
  if (!document) return tl::unexpected(document.error());
  return is_event(*document) ? read_event(*document) : read_sns_alarm(*document);
}

}  // namespace fa::alarms
