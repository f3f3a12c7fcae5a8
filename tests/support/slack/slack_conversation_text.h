#pragma once

#include <string>

#include "support/slack/slack_state.h"

namespace fa::test {

/// See SlackStandIn::conversation_text().
[[nodiscard]] std::string slack_conversation_text(SlackState& state, const std::string& channel);

}  // namespace fa::test
