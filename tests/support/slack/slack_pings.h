#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace fa::test {

struct SlackMention {
  std::string whom;  ///< `U0ALICE`, `!channel`, `!here`, `!everyone`, `!subteam^S1`
  bool by_element = false;
};

/// Everybody whom a message with these members (text, blocks, attachments, link_names, parse) notifies.
[[nodiscard]] std::vector<SlackMention> mentions_in(const Json& arguments);

}  // namespace fa::test
