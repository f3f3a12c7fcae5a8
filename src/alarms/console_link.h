#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fa::alarms {

struct ConsoleAlarm {
  std::string region;
  std::string name;
};

/// The alarm that an address of the CloudWatch console shows, in any of the forms the console has had; nullopt for
/// other addresses.
[[nodiscard]] std::optional<ConsoleAlarm> alarm_of_console_link(std::string_view url);

}  // namespace fa::alarms
