#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "slack/block_kit.h"

/// Rich text (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block): Slack interprets nothing in its
/// texts, so that mentions, links and markup in them stay letters.
namespace fa::slack {

struct TextRun {
  std::string text;
  bool bold = false;
  bool italic = false;
  bool strike = false;
  bool code = false;
  std::string user = {};  ///< Shown as a mention instead of the text where it is the id of a user.
  std::string link = {};  ///< Leads to this https address; only for addresses that Slack or we ourselves made.
};

[[nodiscard]] TextRun plain(std::string text);
[[nodiscard]] TextRun bold(std::string text);

struct RichPart {
  enum class Kind { kParagraph, kQuote, kPreformatted, kItem };
  Kind kind = Kind::kParagraph;
  std::vector<TextRun> runs;  ///< Preformatted text has no styles.
  std::size_t indent = 0;     ///< Of an item; deeper than 8 is 8.
  bool ordered = false;
  std::size_t number = 1;    ///< Of an ordered item.
  bool bordered = false;     ///< Items and preformatted text inside a quotation.
  std::size_t newlines = 1;  ///< Between two paragraphs, or two quotations.
};

[[nodiscard]] RichPart paragraph(std::vector<TextRun> runs);
[[nodiscard]] RichPart item(std::vector<TextRun> runs);
[[nodiscard]] RichPart quote(std::string text);
[[nodiscard]] RichPart preformatted(std::string text);

/// The parts as blocks of at most kRichTextLength and kRichTextWeight: nothing is lost, long parts are split. Empty
/// parts are left out. No parts, no blocks.
[[nodiscard]] std::vector<Block> rich_text(const std::vector<RichPart>& parts);

}  // namespace fa::slack
