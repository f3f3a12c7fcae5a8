#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "slack/inbound.h"
#include "slack/json_members.h"

/// The pieces that parse_inbound() is made of.
namespace fa::slack {

/// The outer object of the Events API.
Result<Inbound> read_event(const Json& document);
/// The `payload` of interactivity.
Result<Inbound> read_interaction(const Json& payload);

/// A message as it stands in events, in interactivity and in threads. What is known of it elsewhere (team, channel) is
/// left to the caller.
MessageEvent read_message(const Json& message);

/// What can be read in a message.
struct Readable {
  std::string text;
  std::vector<std::string> links;
};
Readable read_text(const Json& message);
/// Of a rich_text block, or of the value of a rich_text_input.
std::string rich_text(const Json& block, std::vector<std::string>& links);

/// The inputs' values of a message or view: `values` of its `state`.
FormValues read_values(const Json& holder);

}  // namespace fa::slack
