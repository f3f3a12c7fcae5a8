#pragma once

#include "aws/services/cloudwatch.h"
#include "aws/services/json_answer.h"

/// Parts of CloudWatch's answers: metrics and alarms.
namespace fa::aws::cloudwatch {

Metric read_metric(JsonValue& value);
MetricAlarm read_alarm(JsonValue& value, bool composite);
AlarmHistoryItem read_history_item(JsonValue& value);

}  // namespace fa::aws::cloudwatch
