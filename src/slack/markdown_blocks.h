#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Texts into Block Kit. All functions are pure and give valid UTF-8.
namespace fa::slack {

/// For mrkdwn `text` members: `&`, `<` and `>` become entities, control characters are made visible, so that no
/// mention, link or date comes of it. Stars, underscores, tildes and backticks keep their shape but lose their meaning
/// (a zero-width character beside them), and so do addresses that clients find by themselves.
[[nodiscard]] std::string mrkdwn_escape(std::string_view text);

/// A model's Markdown (CommonMark with tables; raw HTML is text) as a JSON array of `rich_text`, `header` and `divider`
/// blocks: headings, bold, italic, code, code blocks, quotes, lists (nested), tables as aligned preformatted text.
/// Links and images are shown as `label (address)` and lead nowhere. Long blocks are split at Slack's limits. The array
/// may have more blocks than one message takes: markdown_messages(). Markdown that is meant to be slow to read (or is
/// above 256 KiB) is shown as it is written.
[[nodiscard]] std::string markdown_blocks(std::string_view markdown);

/// The same, divided over as many messages as Slack's limits need: one JSON array for each. None for an empty text.
[[nodiscard]] std::vector<std::string> markdown_messages(std::string_view markdown);

}  // namespace fa::slack
