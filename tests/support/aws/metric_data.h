#pragma once

#include "support/aws/json_fields.h"
#include "support/aws/stand_in.h"
#include "support/aws/wire.h"

namespace fa::test {

/// GetMetricData.
wire::Outcome get_metric_data(const AwsStandIn& settings, const wire::Call& call, const Json& request);
/// DescribeAlarms and DescribeAlarmHistory.
wire::Outcome describe_alarms(const AwsStandIn& settings, const wire::Call& call, const Json& request);
wire::Outcome describe_alarm_history(const AwsStandIn& settings, const wire::Call& call, const Json& request);

/// `[{"Name": ..., "Value": ...}]`
Json dimensions_json(const std::vector<std::pair<std::string, std::string>>& dimensions);
/// CloudWatch's answer to parameters that break its rules.
tl::unexpected<wire::Refusal> validation_error(std::string message);

}  // namespace fa::test
