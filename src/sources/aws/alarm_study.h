#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"
#include "aws/services/cloudwatch.h"
#include "base/context.h"
#include "base/time.h"
#include "model/report.h"

namespace fa {

/// What an alarm says about an incident.
struct AlarmStudy {
  Alarm alarm;  ///< Entity as metrics name it, metric, statistic, time of the change to ALARM.
  std::string description;
  TimeRange window;
  TimeRange baseline;
  std::optional<aws::cloudwatch::Metric> metric;         ///< None for alarms on log queries and the like.
  std::vector<aws::cloudwatch::Metric> further_metrics;  ///< The others of a metric math alarm.
  std::vector<std::string> focus;                        ///< Names in the alarm's dimensions.
  std::vector<std::string> notes;                        ///< How window, baseline and metric were found.
};

/// Asks CloudWatch about an alarm (DescribeAlarms, DescribeAlarmHistory) in the region of its ARN: its latest time in
/// ALARM, or the one at `around` (at most a day away). Of a composite alarm the metric alarm below it that fired first
/// is followed.
/// Errors: kInvalidInput when the ARN is none of an alarm; kNotFound when there is no such alarm or it was not in ALARM
/// within the 30 days that CloudWatch keeps; those of aws::Client. A history that may not be read costs only detail.
Result<AlarmStudy> study_alarm(aws::Client& client, const std::string& alarm_arn, const Clock& clock,
                               const Context& context, std::optional<TimePoint> around = std::nullopt);

/// The region an ARN names; empty when it is none.
std::string region_of_arn(std::string_view arn);

}  // namespace fa
