#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "slack/rich_text.h"

/// Texts into Block Kit. All functions are pure and give valid UTF-8.
namespace fa::slack {

/// For mrkdwn `text` members: `&`, `<` and `>` become entities, control characters are made visible, so that no
/// mention, link or date comes of it. Stars, underscores, tildes and backticks keep their shape but lose their meaning
/// (a zero-width character beside them), and so do addresses that clients find by themselves.
[[nodiscard]] std::string mrkdwn_escape(std::string_view text);

/// Markdown (CommonMark with tables; raw HTML but `<strong>` and `<a id>` is text) as `rich_text`, `header` and
/// `divider` blocks: headings, bold, italic, code, code blocks, quotes, lists (nested), tables as aligned preformatted
/// text. Links and images are shown as `label (address)` and lead nowhere. Long blocks are split at Slack's limits. In
/// groups of what belongs together (a header with what follows it), for message_pages(). Markdown that is meant to be
/// slow to read (or is above 256 KiB) is shown as it is written. No groups for an empty text.
[[nodiscard]] std::vector<std::vector<Block>> markdown_groups(std::string_view markdown);

/// A sentence with Markdown in it (bold, italic, code, struck through), for a line among others. Where it is more than
/// a sentence (a list, a heading, several paragraphs) it stays as it is written.
[[nodiscard]] std::vector<TextRun> markdown_runs(std::string_view sentence);

}  // namespace fa::slack
