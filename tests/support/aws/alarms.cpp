/// DescribeAlarms and DescribeAlarmHistory.
#include <algorithm>
#include <optional>
#include <utility>

#include "support/aws/metric_data.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Outcome;

double seconds_of(TimePoint t) { return static_cast<double>(wire::to_millis(t)) / 1000; }

std::string arn_of(const Call& call, const AwsWorld::Alarm& alarm) {
  return "arn:aws:cloudwatch:" + alarm.region + ":" + call.world->account + ":alarm:" + alarm.name;
}

Json alarm_json(const Call& call, const AwsWorld::Alarm& alarm) {
  Json out = {{"AlarmName", alarm.name},   {"AlarmArn", arn_of(call, alarm)},  {"AlarmDescription", alarm.description},
              {"ActionsEnabled", true},    {"OKActions", Json::array()},       {"AlarmActions", Json::array()},
              {"StateValue", alarm.state}, {"StateReason", alarm.state_reason}};
  out["InsufficientDataActions"] = Json::array();
  if (!alarm.state_reason_data.empty()) out["StateReasonData"] = alarm.state_reason_data;
  if (alarm.state_updated) {
    out["StateUpdatedTimestamp"] = seconds_of(*alarm.state_updated);
    out["StateTransitionedTimestamp"] = seconds_of(*alarm.state_updated);
  }
  if (!alarm.rule.empty()) {
    out["AlarmRule"] = alarm.rule;
    return out;
  }
  if (!alarm.metrics_json.empty()) {
    out["Metrics"] = parse_json(alarm.metrics_json);
  } else {
    out["MetricName"] = alarm.metric_name;
    out["Namespace"] = alarm.metric_namespace;
    if (alarm.extended_statistic.empty()) {
      out["Statistic"] = alarm.statistic;
    } else {
      out["ExtendedStatistic"] = alarm.extended_statistic;
    }
    out["Dimensions"] = dimensions_json(alarm.dimensions);
    out["Period"] = alarm.period_seconds;
  }
  out["EvaluationPeriods"] = alarm.evaluation_periods;
  out["DatapointsToAlarm"] = alarm.evaluation_periods;
  out["Threshold"] = alarm.threshold;
  out["ComparisonOperator"] = alarm.comparison;
  out["TreatMissingData"] = "missing";
  return out;
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Where the page begins; nullopt for a token that is none of ours.
std::optional<std::size_t> page_start(const Json& request, const std::string& kind) {
  const auto token = text_member(request, "NextToken");
  return token ? wire::read_index_token(kind, *token) : std::optional<std::size_t>(0);
}

tl::expected<std::size_t, wire::Refusal> page_size(const Json& request, std::int64_t usual, std::size_t most) {
  const std::int64_t asked = integer_member(request, "MaxRecords").value_or(usual);
  if (asked < 1 || asked > 100) return validation_error("MaxRecords must be within 1 and 100.");
  return std::min(static_cast<std::size_t>(asked), most);
}

Json history_item(const AwsWorld::Alarm& alarm, const AwsWorld::Alarm::Transition& change) {
  Json reason = parse_json(change.reason_data);
  Json fresh = {{"stateValue", change.to}, {"stateReason", "Threshold Crossed"}};
  if (reason.is_object()) fresh["stateReasonData"] = std::move(reason);
  const Json data = {{"version", "1.0"},
                     {"oldState", {{"stateValue", change.from}, {"stateReason", "Threshold Crossed"}}},
                     {"newState", std::move(fresh)}};
  return {{"AlarmName", alarm.name},
          {"AlarmType", alarm.rule.empty() ? "MetricAlarm" : "CompositeAlarm"},
          {"Timestamp", seconds_of(change.time)},
          {"HistoryItemType", "StateUpdate"},
          {"HistorySummary", "Alarm updated from " + change.from + " to " + change.to},
          {"HistoryData", dump(data)}};
}

}  // namespace

Outcome describe_alarms(const AwsStandIn& settings, const Call& call, const Json& request) {
  const auto names = texts_member(request, "AlarmNames");
  if (names.size() > 100) return validation_error("The collection AlarmNames must not have a size greater than 100.");
  const auto types = texts_member(request, "AlarmTypes");
  const std::string prefix = text_or_empty(request, "AlarmNamePrefix");
  const std::string state = text_or_empty(request, "StateValue");
  const auto size = page_size(request, 50, settings.page_size);
  if (!size) return tl::unexpected(size.error());
  std::vector<const AwsWorld::Alarm*> found;
  for (const AwsWorld::Alarm& alarm : call.world->alarms) {
    // Without types named, only metric alarms are told.
    const bool wanted =
        types.empty() ? alarm.rule.empty() : contains(types, alarm.rule.empty() ? "MetricAlarm" : "CompositeAlarm");
    if (!wanted || alarm.region != call.region || !alarm.name.starts_with(prefix)) continue;
    if ((!names.empty() && !contains(names, alarm.name)) || (!state.empty() && alarm.state != state)) continue;
    found.push_back(&alarm);
  }
  const auto from = page_start(request, "alarms");
  if (!from) return wire::refuse("InvalidNextToken", "The next token specified is invalid.");
  Json metric_alarms = Json::array();
  Json composite = Json::array();
  const std::size_t to = std::min(found.size(), *from + *size);
  for (std::size_t i = *from; i < to; ++i) {
    (found[i]->rule.empty() ? metric_alarms : composite).push_back(alarm_json(call, *found[i]));
  }
  Json body = {{"CompositeAlarms", std::move(composite)}, {"MetricAlarms", std::move(metric_alarms)}};
  if (to < found.size()) body["NextToken"] = wire::make_token("alarms", std::to_string(to));
  return wire::json_response(call, dump(body));
}

Outcome describe_alarm_history(const AwsStandIn& settings, const Call& call, const Json& request) {
  const std::string name = text_or_empty(request, "AlarmName");
  const std::string type = text_or_empty(request, "HistoryItemType");
  const auto types = texts_member(request, "AlarmTypes");
  const double start = number_member(request, "StartDate").value_or(0);
  const double end = number_member(request, "EndDate").value_or(1e11);
  const auto size = page_size(request, 100, settings.page_size);
  if (!size) return tl::unexpected(size.error());
  std::vector<std::pair<const AwsWorld::Alarm*, const AwsWorld::Alarm::Transition*>> found;
  for (const AwsWorld::Alarm& alarm : call.world->alarms) {
    if (alarm.region != call.region || (!name.empty() && alarm.name != name)) continue;
    const bool wanted =
        types.empty() ? alarm.rule.empty() : contains(types, alarm.rule.empty() ? "MetricAlarm" : "CompositeAlarm");
    if (!wanted || (!type.empty() && type != "StateUpdate")) continue;
    for (const auto& change : alarm.history) {
      const double at = seconds_of(change.time);
      if (at >= start && at <= end) found.emplace_back(&alarm, &change);
    }
  }
  const bool ascending = text_or_empty(request, "ScanBy") == "TimestampAscending";
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    return ascending ? a.second->time < b.second->time : a.second->time > b.second->time;
  });
  const auto from = page_start(request, "alarm-history");
  if (!from) return wire::refuse("InvalidNextToken", "The next token specified is invalid.");
  Json items = Json::array();
  const std::size_t to = std::min(found.size(), *from + *size);
  for (std::size_t i = *from; i < to; ++i) items.push_back(history_item(*found[i].first, *found[i].second));
  Json body = {{"AlarmHistoryItems", std::move(items)}};
  if (to < found.size()) body["NextToken"] = wire::make_token("alarm-history", std::to_string(to));
  return wire::json_response(call, dump(body));
}

}  // namespace fa::test
