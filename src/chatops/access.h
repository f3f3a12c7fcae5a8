#pragma once

#include <string>

#include "chatops/settings.h"

namespace fa::chatops {

/// Whether the allow-lists let `user` of `team` ask in `channel`; an empty id is not asked about (an alarm has no
/// user).
[[nodiscard]] inline bool may_ask(const Settings& s, const std::string& team, const std::string& channel,
                                  const std::string& user) {
  const auto allows = [](const std::set<std::string>& list, const std::string& id) {
    return list.empty() || id.empty() || list.contains(id);
  };
  return allows(s.teams, team) && allows(s.channels, channel) && allows(s.users, user);
}

}  // namespace fa::chatops
