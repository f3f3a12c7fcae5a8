#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Slack's own markup in texts (https://docs.slack.dev/messaging/formatting-message-text).
namespace fa::slack {

/// without_markup(), which also appends the http and https addresses in it to `links`.
[[nodiscard]] std::string without_markup(std::string_view text, std::vector<std::string>& links);

/// Undoes `&lt;`, `&gt;` and `&amp;` only: all that texts of type plain_text have.
[[nodiscard]] std::string without_entities(std::string_view text);

[[nodiscard]] bool is_web_address(std::string_view text);

}  // namespace fa::slack
