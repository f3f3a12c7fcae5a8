#include "slack/markdown_blocks.h"

#include <utility>

#include "base/text.h"
#include "slack/block_kit.h"
#include "slack/markdown_reader.h"
#include "slack/rich_text.h"
#include "slack/text_length.h"

namespace fa::slack {
namespace {

constexpr std::size_t kLongestMarkdown = 256 << 10;  // Bytes; longer ones are shown as they are written.
constexpr std::size_t kHeaderLength = 150;

std::string with_plain_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      out += '\n';
    }
  }
  return out;
}

std::vector<MarkdownPiece> pieces_of(std::string_view markdown) {
  const std::string text = visible(with_plain_line_ends(markdown));
  if (text.size() <= kLongestMarkdown) {
    if (auto pieces = read_markdown(text)) return std::move(*pieces);
  }
  return {{MarkdownPiece::Kind::kText, paragraph({plain(text)}), {}}};
}

}  // namespace

std::vector<std::vector<Block>> markdown_groups(std::string_view markdown) {
  std::vector<std::vector<Block>> groups;
  std::vector<RichPart> parts;
  bool below_header = false;
  const auto add = [&](Block block, bool is_header) {
    if (below_header) {
      groups.back().push_back(std::move(block));
    } else {
      groups.push_back({std::move(block)});
    }
    below_header = is_header;
  };
  const auto flush = [&] {
    for (Block& block : rich_text(parts)) add(std::move(block), false);
    parts.clear();
  };
  for (MarkdownPiece& piece : pieces_of(markdown)) {
    if (piece.kind == MarkdownPiece::Kind::kText) {
      parts.push_back(std::move(piece.text));
      continue;
    }
    flush();
    if (piece.kind == MarkdownPiece::Kind::kRule) {
      add(divider(), false);
      continue;
    }
    add(header(piece.heading), true);
    // A header holds less than a heading may have.
    if (text_length(piece.heading) > kHeaderLength) parts.push_back(paragraph({bold(piece.heading)}));
  }
  flush();
  return groups;
}

std::vector<TextRun> markdown_runs(std::string_view sentence) {
  const std::vector<MarkdownPiece> pieces = pieces_of(sentence);
  const bool one_line = pieces.size() == 1 && pieces.front().kind == MarkdownPiece::Kind::kText &&
                        pieces.front().text.kind == RichPart::Kind::kParagraph;
  return one_line ? pieces.front().text.runs : std::vector<TextRun>{plain(visible(sentence))};
}

}  // namespace fa::slack
