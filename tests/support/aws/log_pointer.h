#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "support/aws/wire.h"

namespace fa::test {

/// `@ptr` of an Insights row: which event of which group it is. `group` is the `@log` name, `account:name`.
inline std::string log_pointer(std::string_view group, std::size_t index) {
  return wire::make_token("log-record", std::string(group) + "|" + std::to_string(index));
}
inline std::optional<std::pair<std::string, std::size_t>> read_log_pointer(std::string_view pointer) {
  const auto text = wire::read_token("log-record", pointer);
  const std::size_t bar = text ? text->rfind('|') : std::string::npos;
  if (bar == std::string::npos) return std::nullopt;
  return std::pair(text->substr(0, bar), static_cast<std::size_t>(std::stoull(text->substr(bar + 1))));
}

}  // namespace fa::test
