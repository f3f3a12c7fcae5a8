#pragma once

#include <string>
#include <vector>

#include "base/json.h"

/// Block Kit as Slack takes it (https://docs.slack.dev/reference/block-kit).
namespace fa::test {

enum class SlackSurface { kMessage, kModal };

/// What is wrong with the blocks, in the form of `response_metadata.messages`; empty where Slack takes them.
[[nodiscard]] std::vector<std::string> block_problems(const Json& blocks, SlackSurface surface);
/// The same of a view, its blocks included.
[[nodiscard]] std::vector<std::string> view_problems(const Json& view);

}  // namespace fa::test
