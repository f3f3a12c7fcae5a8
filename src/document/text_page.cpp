#include "document/text_page.h"

#include <algorithm>

#include "base/text.h"
#include "base/wrap.h"

namespace fa {
namespace {

/// Codes of the 16-colour set only: they follow the user's theme, and hold on light and dark backgrounds.
std::string_view ansi(Ink ink) {
  switch (ink) {
    case Ink::kPlain:
      return "";
    case Ink::kStrong:
      return "\x1b[1m";
    case Ink::kFaint:
      return "\x1b[2m";
    case Ink::kTitle:
      return "\x1b[1;36m";
    case Ink::kId:
      return "\x1b[36m";
    case Ink::kGood:
      return "\x1b[32m";
    case Ink::kWarn:
      return "\x1b[33m";
    case Ink::kBad:
      return "\x1b[1;31m";
  }
  return "";
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

}  // namespace

TextPage::TextPage(std::size_t width, bool color) : width_(std::max<std::size_t>(width, 40)), color_(color) {}

std::string TextPage::paint(std::string_view text, Ink ink) const {
  const std::string_view code = color_ ? ansi(ink) : std::string_view();
  if (code.empty() || text.empty()) return std::string(text);
  std::string out(code);
  out += text;
  out += "\x1b[0m";
  return out;
}

void TextPage::blank() {
  if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
}

void TextPage::raw(std::string_view line) {
  out_ += line;
  out_ += '\n';
}

void TextPage::section(std::string_view title) {
  blank();
  const std::size_t used = 4 + display_width(title);
  std::string rule;
  for (std::size_t i = used; i < width_; ++i) rule += "─";
  raw(paint("──", Ink::kFaint) + " " + paint(title, Ink::kTitle) + " " + paint(rule, Ink::kFaint));
  blank();
}

void TextPage::paragraph(std::size_t indent, std::string_view text, Ink ink) {
  for (const std::string& line : wrap(text, width_ - std::min(indent, width_ / 2))) {
    raw(line.empty() ? std::string() : spaces(indent) + paint(line, ink));
  }
}

void TextPage::hanging(std::size_t indent, std::string_view lead, Ink lead_ink, std::size_t lead_width,
                       std::string_view text, Ink ink) {
  const std::size_t column = std::max(lead_width, display_width(lead) + 1);
  const std::size_t room = width_ > indent + column + 10 ? width_ - indent - column : 10;
  bool first = true;
  for (const std::string& line : wrap(text, room)) {
    const std::string margin = first ? paint(lead, lead_ink) + spaces(column - display_width(lead)) : spaces(column);
    raw(spaces(indent) + margin + paint(line, ink));
    first = false;
  }
}

void TextPage::spread(std::size_t indent, std::string_view left, Ink left_ink, std::string_view right, Ink right_ink) {
  const std::size_t used = indent + display_width(left) + display_width(right);
  if (used + 2 <= width_) {
    raw(spaces(indent) + paint(left, left_ink) + spaces(width_ - used) + paint(right, right_ink));
    return;
  }
  paragraph(indent, left, left_ink);
  paragraph(indent, right, right_ink);
}

}  // namespace fa
