#include <fmt/core.h>

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "base/wrap.h"
#include "document/column_widths.h"
#include "document/line.h"
#include "document/text_page.h"

namespace fa::document {
namespace {

constexpr std::size_t kLongestText = 2000;  // Columns of a line or a cell.
constexpr std::size_t kIndent = 2;

std::string terminal_text(const Line& line) { return clip(plain_text(line), kLongestText); }

/// Of links whose words do not tell where they lead.
std::vector<std::string> addresses_of(const Line& line) {
  std::vector<std::string> addresses;
  for (const Run& run : shown_line(line)) {
    const bool outside = !run.link.empty() && inside_anchor(run.link).empty();
    if (outside && run.text.find(run.link) == std::string::npos) addresses.push_back(run.link);
  }
  return addresses;
}

/// The look of a line all of whose runs look the same.
fa::Ink terminal_ink(const Line& line) {
  const Line shown = shown_line(line);
  if (shown.empty()) return fa::Ink::kPlain;
  const Emphasis first = shown.front().emphasis;
  const bool same = std::all_of(shown.begin(), shown.end(), [&](const Run& run) { return run.emphasis == first; });
  if (!same) return fa::Ink::kPlain;
  if (first == Emphasis::kStrong) return fa::Ink::kStrong;
  return first == Emphasis::kMuted ? fa::Ink::kFaint : fa::Ink::kPlain;
}

class TerminalDocument {
 public:
  TerminalDocument(const Document& document, const TextOptions& options)
      : document_(document), page_(options.width, options.color) {}

  std::string render() {
    if (!document_.title.empty()) page_.paragraph(0, one_line(document_.title), fa::Ink::kStrong);
    if (!document_.subtitle.empty()) page_.paragraph(0, one_line(document_.subtitle), fa::Ink::kFaint);
    for (const Block& block : document_.blocks) std::visit([this](const auto& b) { add(b); }, block);
    return page_.take();
  }

 private:
  void add(const Heading& heading) {
    const std::string text = terminal_text(heading.text);
    if (heading.level <= 1) return page_.section(clip(text, page_.width() - 6));
    page_.blank();
    page_.paragraph(0, text, heading.level == 2 ? fa::Ink::kTitle : fa::Ink::kStrong);
  }

  void add(const Paragraph& paragraph) {
    page_.blank();
    const std::string text = terminal_text(paragraph.text);
    switch (paragraph.tone) {
      case Tone::kNormal:
        page_.paragraph(kIndent, text, terminal_ink(paragraph.text));
        break;
      case Tone::kGood:
        page_.hanging(kIndent, "✓", fa::Ink::kGood, 2, text);
        break;
      case Tone::kWarn:
        page_.hanging(kIndent, "!", fa::Ink::kWarn, 2, text);
        break;
      case Tone::kBad:
        page_.hanging(kIndent, "✗", fa::Ink::kBad, 2, text);
        break;
    }
    addresses(paragraph.text);
  }

  /// Below the words and never wrapped, so that they can be copied.
  void addresses(const Line& line) {
    for (const std::string& address : addresses_of(line)) verbatim(address);
  }

  void add(const Bullets& bullets) {
    page_.blank();
    const std::size_t width = bullets.numbered ? std::to_string(bullets.items.size()).size() + 2 : 2;
    for (std::size_t i = 0; i < bullets.items.size(); ++i) {
      const std::string lead = bullets.numbered ? fmt::format("{}.", i + 1) : std::string("•");
      page_.hanging(kIndent, lead, fa::Ink::kFaint, width, terminal_text(bullets.items[i]));
      addresses(bullets.items[i]);
    }
  }

  /// Never wrapped: the terminal does it, and what is copied stays one command.
  void verbatim(std::string_view text) {
    const std::string shown = visible(text);
    std::string_view rest = shown;
    while (rest.ends_with('\n')) rest.remove_suffix(1);
    for (const std::string_view line : split(rest, '\n')) page_.raw(fmt::format("    {}", line));
  }

  void add(const Code& code) {
    page_.blank();
    verbatim(code.text);
    page_.blank();
  }

  void add(const Table& table) {
    if (table.columns.empty()) return;
    page_.blank();
    const std::vector<std::size_t> widths = widths_of(table);
    if (widths.empty()) return records(table);
    std::vector<Line> titles;
    for (const Column& column : table.columns) titles.push_back(column.title);
    row(table, titles, widths, fa::Ink::kFaint);
    std::string rule;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) rule += "  ";
      for (std::size_t k = 0; k < widths[i]; ++k) rule += "─";
    }
    page_.raw(std::string(kIndent, ' ') + page_.paint(rule, fa::Ink::kFaint));
    for (const auto& cells : table.rows) row(table, cells, widths, fa::Ink::kPlain);
  }

  /// In columns of the terminal; empty where the table does not fit legibly.
  [[nodiscard]] std::vector<std::size_t> widths_of(const Table& table) const {
    constexpr std::size_t kLongestWord = 24;
    constexpr std::size_t kLegible = 6;
    std::vector<ColumnNeed> needs(table.columns.size());
    const auto ask = [&](std::size_t column, const Line& line) {
      const std::string text = terminal_text(line);
      std::size_t word = 0;
      for (const std::string_view part : split(text, ' ')) word = std::max(word, display_width(part));
      const auto least = static_cast<double>(std::min(word, kLongestWord));
      needs[column].least = std::max(needs[column].least, least);
      needs[column].most = std::max(needs[column].most, static_cast<double>(display_width(text)));
    };
    for (std::size_t i = 0; i < needs.size(); ++i) ask(i, table.columns[i].title);
    for (const auto& cells : table.rows) {
      for (std::size_t i = 0; i < std::min(cells.size(), needs.size()); ++i) ask(i, cells[i]);
    }
    const std::size_t gutters = kIndent + 2 * (needs.size() - 1);
    if (page_.width() < gutters + kLegible * needs.size()) return {};
    std::vector<std::size_t> widths;
    for (const double width : column_widths(needs, static_cast<double>(page_.width() - gutters))) {
      widths.push_back(std::max<std::size_t>(static_cast<std::size_t>(width), 2));
    }
    return widths;
  }

  void row(const Table& table, const std::vector<Line>& cells, const std::vector<std::size_t>& widths, fa::Ink ink) {
    std::vector<std::vector<std::string>> wrapped(widths.size());
    std::size_t height = 1;
    for (std::size_t i = 0; i < std::min(cells.size(), widths.size()); ++i) {
      wrapped[i] = wrap(terminal_text(cells[i]), widths[i]);
      height = std::max(height, wrapped[i].size());
    }
    for (std::size_t k = 0; k < height; ++k) {
      std::string line(kIndent, ' ');
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::string text = k < wrapped[i].size() ? wrapped[i][k] : std::string();
        const std::size_t used = std::min(display_width(text), widths[i]);
        const bool right = table.columns[i].align == Align::kRight;
        if (i > 0) line += "  ";
        if (right) line.append(widths[i] - used, ' ');
        line += page_.paint(text, ink);
        if (!right && i + 1 < widths.size()) line.append(widths[i] - used, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      page_.raw(line);
    }
  }

  /// A table that is too wide, as one paragraph per cell.
  void records(const Table& table) {
    for (const auto& cells : table.rows) {
      page_.blank();
      for (std::size_t i = 0; i < std::min(cells.size(), table.columns.size()); ++i) {
        const std::string text = terminal_text(cells[i]);
        if (!text.empty()) page_.hanging(kIndent, plain_text(table.columns[i].title), fa::Ink::kFaint, 0, text);
      }
    }
  }

  void add(const Facts& facts) {
    page_.blank();
    std::size_t width = 0;
    for (const auto& [label, value] : facts.rows) width = std::max(width, display_width(one_line(label)));
    width = std::min(width, page_.width() / 3);
    for (const auto& [label, value] : facts.rows) {
      page_.hanging(kIndent, clip(one_line(label), width), fa::Ink::kFaint, width + 2, terminal_text(value));
      addresses(value);
    }
  }

  void add(const Picture& picture) {
    page_.blank();
    if (picture.instead.empty()) {
      page_.paragraph(kIndent, clip(one_line(picture.drawing.title), kLongestText));
    } else {
      verbatim(picture.instead);
    }
    if (!picture.caption.empty()) {
      page_.paragraph(kIndent, clip(one_line(picture.caption), kLongestText), fa::Ink::kFaint);
    }
  }

  void add(const PageBreak&) { page_.blank(); }

  const Document& document_;
  TextPage page_;
};

}  // namespace

std::string to_text(const Document& document, const TextOptions& options) {
  return TerminalDocument(document, options).render();
}

}  // namespace fa::document
