#include "base/wrap.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "base/utf8.h"

namespace fa {
namespace {

struct Glyph {
  std::string_view bytes;
  char32_t code = 0;
  std::size_t width = 0;
};

std::vector<Glyph> glyphs_of(std::string_view text) {
  std::vector<Glyph> glyphs;
  glyphs.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = decode_utf8(text.substr(i));
    const std::string_view bytes = text.substr(i, c.size);
    glyphs.push_back({bytes, c.code, c.code == '\t' ? std::size_t{1} : display_width(bytes)});
    i += c.size;
  }
  return glyphs;
}

bool is_blank(const Glyph& g) { return g.code == ' ' || g.code == '\t'; }

bool may_not_start_line(char32_t c) {
  constexpr std::u32string_view kClosing =
      U"、。，．,.・：；:;？！?!ー」』）)］]｝}〉》】’”…‥ゝゞ々ぁぃぅぇぉっゃゅょァィゥェォッャュョ％%";
  return kClosing.find(c) != std::u32string_view::npos;
}

bool may_not_end_line(char32_t c) {
  constexpr std::u32string_view kOpening = U"「『（(［[｛{〈《【‘“";
  return kOpening.find(c) != std::u32string_view::npos;
}

/// True where a line may end between two characters neither of which is a space: beside a wide character.
bool breaks_between(const Glyph& before, const Glyph& after) {
  if (after.width == 0) return false;  // Combining marks stay with their base.
  if (before.width < 2 && after.width < 2) return false;
  return !may_not_start_line(after.code) && !may_not_end_line(before.code);
}

/// Number of glyphs that make the next line.
std::size_t line_length(std::span<const Glyph> rest, std::size_t width) {
  std::size_t used = 0;
  std::size_t best = 0;  // End of the longest prefix that ends at a place to break.
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    if (i > 0 && (is_blank(rest[i]) || is_blank(rest[i - 1]) || breaks_between(rest[i - 1], rest[i]))) best = i;
    if (used + rest[i].width > width) break;
    used += rest[i].width;
  }
  if (i == rest.size()) return i;
  if (best > 0) return best;
  return std::max<std::size_t>(i, 1);
}

void wrap_paragraph(std::string_view paragraph, std::size_t width, std::vector<std::string>& lines) {
  const std::vector<Glyph> glyphs = glyphs_of(paragraph);
  std::span<const Glyph> rest(glyphs);
  bool first = true;
  while (first || !rest.empty()) {
    std::size_t end = line_length(rest, width);
    const std::size_t next = end;
    while (end > 0 && is_blank(rest[end - 1])) --end;
    std::string line;
    for (const Glyph& g : rest.first(end)) line += g.code == '\t' ? std::string_view(" ") : g.bytes;
    lines.push_back(std::move(line));
    rest = rest.subspan(next);
    while (!rest.empty() && is_blank(rest.front())) rest = rest.subspan(1);
    first = false;
  }
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const std::string_view paragraph : split(text, '\n'))
    wrap_paragraph(paragraph, std::max<std::size_t>(width, 2), lines);
  return lines;
}

std::string pad(std::string_view text, std::size_t columns) {
  std::string out(text);
  const std::size_t used = display_width(text);
  if (used < columns) out.append(columns - used, ' ');
  return out;
}

}  // namespace fa
