#include "aws/services/alarm_answer.h"

namespace fa::aws::cloudwatch {
namespace {

void read_dimensions(JsonValue& value, std::vector<std::pair<std::string, std::string>>& out) {
  value.each_item([&](JsonValue& item) {
    auto& dimension = out.emplace_back();  // no structured binding: clang 14 does not let lambdas capture one
    item.each_field([&](std::string_view key, JsonValue& field) {
      if (key == "Name") field.read(dimension.first);
      if (key == "Value") field.read(dimension.second);
    });
  });
}

/// A metric of a metric math alarm with what is computed of it; expressions have none.
struct MetricStat {
  Metric metric;
  std::string statistic;
  int period_seconds = 0;
};

void read_metric_queries(JsonValue& value, std::vector<MetricStat>& out) {
  value.each_item([&](JsonValue& item) {
    item.each_field([&](std::string_view key, JsonValue& field) {
      if (key != "MetricStat" || field.is_null()) return;
      MetricStat& stat = out.emplace_back();
      field.each_field([&](std::string_view name, JsonValue& part) {
        if (name == "Metric") stat.metric = read_metric(part);
        if (name == "Stat") part.read(stat.statistic);
        if (name == "Period") part.read(stat.period_seconds);
      });
    });
  });
}

}  // namespace

Metric read_metric(JsonValue& value) {
  Metric metric;
  value.each_field([&](std::string_view key, JsonValue& field) {
    if (key == "Namespace") field.read(metric.metric_namespace);
    if (key == "MetricName") field.read(metric.name);
    if (key == "Dimensions") read_dimensions(field, metric.dimensions);
  });
  return metric;
}

MetricAlarm read_alarm(JsonValue& value, bool composite) {
  MetricAlarm alarm;
  alarm.composite = composite;
  std::vector<MetricStat> stats;
  value.each_field([&](std::string_view key, JsonValue& field) {
    if (key == "AlarmName") {
      field.read(alarm.name);
    } else if (key == "AlarmArn") {
      field.read(alarm.arn);
    } else if (key == "AlarmDescription") {
      field.read(alarm.description);
    } else if (key == "Namespace") {
      field.read(alarm.metric.metric_namespace);
    } else if (key == "MetricName") {
      field.read(alarm.metric.name);
    } else if (key == "Dimensions") {
      read_dimensions(field, alarm.metric.dimensions);
    } else if (key == "Statistic" || key == "ExtendedStatistic") {
      field.read(alarm.statistic);
    } else if (key == "Period") {
      field.read(alarm.period_seconds);
    } else if (key == "EvaluationPeriods") {
      field.read(alarm.evaluation_periods);
    } else if (key == "StateValue") {
      field.read(alarm.state);
    } else if (key == "StateReason") {
      field.read(alarm.state_reason);
    } else if (key == "StateReasonData") {
      field.read(alarm.state_reason_data);
    } else if (key == "StateUpdatedTimestamp") {
      field.read_seconds(alarm.state_updated);
    } else if (key == "AlarmRule") {
      field.read(alarm.alarm_rule);
    } else if (key == "Metrics") {
      read_metric_queries(field, stats);
    }
  });
  if (stats.size() == 1 && alarm.metric.name.empty()) {
    alarm.metric = stats.front().metric;
    alarm.statistic = stats.front().statistic;
    alarm.period_seconds = stats.front().period_seconds;
  }
  for (MetricStat& stat : stats) alarm.query_metrics.push_back(std::move(stat.metric));
  return alarm;
}

AlarmHistoryItem read_history_item(JsonValue& value) {
  AlarmHistoryItem item;
  value.each_field([&](std::string_view key, JsonValue& field) {
    if (key == "Timestamp") {
      std::optional<TimePoint> time;
      field.read_seconds(time);
      item.time = time.value_or(kNoTime);
    } else if (key == "HistorySummary") {
      field.read(item.summary);
    } else if (key == "HistoryData") {
      field.read(item.data);
    }
  });
  return item;
}

}  // namespace fa::aws::cloudwatch
