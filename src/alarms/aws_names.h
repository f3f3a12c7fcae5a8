#pragma once

#include <optional>
#include <string>
#include <string_view>

/// How AWS names places and alarms.
namespace fa::alarms {

/// Whether it has the form of a region's code: `us-east-1`, `us-gov-west-1`. Regions to come are regions too.
[[nodiscard]] bool is_region(std::string_view text);
/// The code of a region as notices spell it: `US East (N. Virginia)`, `EU (Ireland)`, `Europe (Ireland)`, or a code.
/// Empty where it is none that is known.
[[nodiscard]] std::string region_of(std::string_view text);
/// Twelve digits.
[[nodiscard]] bool is_account(std::string_view text);

struct AlarmArn {
  std::string region;
  std::string account;
  std::string name;
};
/// nullopt for what is no `arn:<partition>:cloudwatch:<region>:<account>:alarm:<name>`.
[[nodiscard]] std::optional<AlarmArn> parse_alarm_arn(std::string_view text);
/// The ARN that an alarm of that name has; empty unless all three are known.
[[nodiscard]] std::string alarm_arn(std::string_view region, std::string_view account, std::string_view name);

}  // namespace fa::alarms
