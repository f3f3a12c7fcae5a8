#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slack/rich_text.h"

namespace fa::slack {

/// A piece of a Markdown document.
struct MarkdownPiece {
  enum class Kind { kText, kHeading, kRule };
  Kind kind = Kind::kText;
  RichPart text;        ///< kText
  std::string heading;  ///< kHeading
};

/// Takes CommonMark (https://spec.commonmark.org/0.30/) with tables, strikethrough and task lists apart. nullopt where
/// the parser gives up, or where reading would take far more steps than the text has characters.
[[nodiscard]] std::optional<std::vector<MarkdownPiece>> read_markdown(std::string_view visible_text);

}  // namespace fa::slack
