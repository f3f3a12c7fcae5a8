#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fa {

/// Names of the alarms whose being in ALARM helps a composite alarm's rule to be true: those of `ALARM(x)`, `NOT OK(x)`
/// and `AT_LEAST(n, ALARM, (x, y))`, not those that keep it false (`NOT ALARM(maintenance)`). ARNs give their name. In
/// the order of the rule, each once; all that are named when that leaves none. Survives any text. Pure.
/// Format: Amazon CloudWatch API reference, PutCompositeAlarm, AlarmRule.
std::vector<std::string> alarms_of_rule(std::string_view rule);

/// `orders-slow` of `arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:orders-slow`; any other text as it is.
std::string alarm_name_of(std::string_view arn_or_name);

}  // namespace fa
