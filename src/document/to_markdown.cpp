#include <fmt/core.h>

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "base/utf8.h"
#include "document/fixed_words.h"
#include "document/line.h"
#include "document/outline.h"

namespace fa::document {
namespace {

/// White space and punctuation as CommonMark's emphasis rules see them, as far as it occurs in English and Japanese.
bool is_mark(char32_t c) {
  if (c < 0x80) return !is_digit(static_cast<char>(c)) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
  return (c >= 0xA0 && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) ||
         (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xFF3B && c <= 0xFF40) ||
         (c >= 0xFF5B && c <= 0xFF65);
}

char32_t last_character(std::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return decode_utf8(text.substr(at)).code;
}

/// Strong text between what stands before and after it. `**` beside punctuation opens or closes nothing where a letter
/// touches it from outside, which is common in Japanese, that has no spaces: there the element is written out.
std::string strong(std::string_view text, std::string_view before, std::string_view after) {
  const bool opens = before.empty() || is_mark(last_character(before)) || !is_mark(decode_utf8(text).code);
  const bool closes = after.empty() || is_mark(decode_utf8(after).code) || !is_mark(last_character(text));
  return opens && closes ? fmt::format("**{}**", text) : fmt::format("<strong>{}</strong>", text);
}

enum class Place { kFlow, kCell };

class MarkdownDocument {
 public:
  explicit MarkdownDocument(const Document& document) : document_(document), outline_(document) {}

  std::string render() {
    if (!document_.title.empty()) out_ += fmt::format("# {}\n", markdown_text(document_.title));
    if (!document_.subtitle.empty()) out_ += fmt::format("\n{}\n", markdown_text(document_.subtitle));
    for (std::size_t i = 0; i < document_.blocks.size(); ++i) {
      if (document_.contents && i == outline_.contents_before()) contents();
      block_ = i;
      std::visit([this](const auto& b) { add(b); }, document_.blocks[i]);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string inline_text(const Line& line, Place place = Place::kFlow) const {
    const Line shown = shown_line(line);
    std::string out;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const std::string_view text = shown[i].text;
      const std::string_view core = trim(text);
      if (core.empty()) {
        out += ' ';
        continue;
      }
      if (text.front() == ' ' && !out.empty()) out += ' ';
      const bool space_follows = text.back() == ' ';
      const std::string_view after = space_follows          ? std::string_view(" ")
                                     : i + 1 < shown.size() ? std::string_view(shown[i + 1].text)
                                                            : "";
      out += linked(shown[i], styled(shown[i].emphasis, core, out, after, place));
      if (space_follows && i + 1 < shown.size()) out += ' ';
    }
    return out;
  }

  static std::string styled(Emphasis emphasis, std::string_view core, std::string_view before, std::string_view after,
                            Place place) {
    if (emphasis == Emphasis::kCode) return place == Place::kCell ? markdown_cell_code(core) : markdown_code(core);
    const std::string text = markdown_text(core);
    return emphasis == Emphasis::kStrong ? strong(text, before, after) : text;
  }

  [[nodiscard]] std::string linked(const Run& run, const std::string& text) const {
    if (run.link.empty()) return text;
    if (inside_anchor(run.link).empty()) return fmt::format("[{}](<{}>)", text, run.link);
    const std::string_view anchor = outline_.target(run.link);
    return anchor.empty() ? text : fmt::format("[{}](#{})", text, anchor);
  }

  [[nodiscard]] std::string anchor() const {
    const std::string_view name = outline_.anchor_of(block_);
    return name.empty() ? std::string() : fmt::format("<a id=\"{}\"></a>", name);
  }

  void contents() {
    const auto listed = outline_.contents();
    if (listed.empty()) return;
    out_ += fmt::format("\n**{}**\n\n", markdown_text(contents_title(document_.language)));
    const bool nested = listed.front()->level == 1;
    for (const OutlineEntry* entry : listed) {
      out_ += fmt::format("{}- [{}](#{})\n", nested && entry->level > 1 ? "  " : "", markdown_text(entry->text),
                          entry->anchor);
    }
  }

  void add(const Heading& heading) {
    // The title alone has one mark.
    const std::string marks(static_cast<std::size_t>(std::clamp(heading.level, 1, 3)) + 1, '#');
    out_ += fmt::format("\n{} {}{}\n", marks, anchor(), inline_text(heading.text));
  }

  void add(const Paragraph& paragraph) {
    const std::string text = anchor() + inline_text(paragraph.text);
    out_ += paragraph.tone == Tone::kNormal ? fmt::format("\n{}\n", text) : fmt::format("\n> {}\n", text);
  }

  void add(const Bullets& bullets) {
    out_ += '\n';
    for (std::size_t i = 0; i < bullets.items.size(); ++i) {
      const std::string lead = bullets.numbered ? fmt::format("{}.", i + 1) : std::string("-");
      out_ += fmt::format("{} {}\n", lead, inline_text(bullets.items[i]));
    }
  }

  void add(const Code& code) { out_ += "\n" + markdown_block(code.text, code.language); }

  void add(const Table& table) {
    if (table.columns.empty()) return;
    out_ += "\n|";
    for (const Column& column : table.columns) out_ += fmt::format(" {} |", inline_text(column.title, Place::kCell));
    out_ += "\n|";
    for (const Column& column : table.columns) out_ += column.align == Align::kRight ? "--:|" : "---|";
    out_ += '\n';
    for (const auto& cells : table.rows) {
      out_ += '|';
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        out_ += fmt::format(" {} |", i < cells.size() ? inline_text(cells[i], Place::kCell) : std::string());
      }
      out_ += '\n';
    }
  }

  void add(const Facts& facts) {
    out_ += '\n';
    for (const auto& [label, value] : facts.rows) {
      out_ += fmt::format("- {}: {}\n", markdown_text(label), inline_text(value));
    }
  }

  void add(const Picture& picture) {
    if (picture.instead.empty()) {
      out_ += fmt::format("\n{}\n", markdown_text(picture.drawing.title));
    } else {
      out_ += "\n" + markdown_block(picture.instead, picture.instead_language);
    }
    if (!picture.caption.empty()) out_ += fmt::format("\n{}\n", markdown_text(picture.caption));
  }

  void add(const PageBreak&) {}

  const Document& document_;
  Outline outline_;
  std::size_t block_ = 0;
  std::string out_;
};

}  // namespace

std::string to_markdown(const Document& document) { return MarkdownDocument(document).render(); }

}  // namespace fa::document
