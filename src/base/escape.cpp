#include "base/escape.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace fa {
namespace {

std::size_t longest_backtick_run(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// `1.` and `2)` start lists, `-`, `+` and `=` lists, rules and headings; only at the start of a line.
std::size_t line_marker_at(std::string_view text) {
  if (text.empty()) return std::string_view::npos;
  if (text[0] == '-' || text[0] == '+' || text[0] == '=') return 0;
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const bool marks = digits > 0 && digits < text.size() && (text[digits] == '.' || text[digits] == ')');
  return marks ? digits : std::string_view::npos;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    if (c != '\n' && c != '\t' && c != ' ') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string clip(std::string_view visible_text, std::size_t columns) {
  // Bytes bound columns from above, so short text needs no measuring.
  if (visible_text.size() <= columns) return std::string(visible_text);
  std::size_t used = 0;
  std::size_t fits = 0;  // Bytes that leave room for the ellipsis.
  for (std::size_t i = 0; i < visible_text.size();) {
    const std::size_t size = decode_utf8(visible_text.substr(i)).size;
    used += display_width(visible_text.substr(i, size));
    if (used > columns) return std::string(visible_text.substr(0, fits)) + "…";
    i += size;
    if (used + 1 <= columns) fits = i;
  }
  return std::string(visible_text);
}

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string html_escape(std::string_view text) { return escape_markup(visible(text)); }

std::string markdown_text(std::string_view text) {
  // A backslash hides a character from the Markdown parser, but GitHub looks for mentions, links and issue numbers in
  // the text that comes out of it: those are broken by an invisible word joiner.
  constexpr std::string_view kWordJoiner = "\xe2\x81\xa0";
  constexpr std::string_view kMarkup = "\\`*_{}[]<>|~&#$";
  const std::string line = one_line(text);
  const std::string_view rest(line);
  const std::size_t marker = line_marker_at(rest);
  std::string out;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (kMarkup.find(c) != std::string_view::npos || i == marker) out += '\\';
    out += c;
    const bool url = c == ':' && rest.substr(i + 1, 2) == "//";
    const bool www = (c == 'w' || c == 'W') && i >= 2 && iequals(rest.substr(i - 2, 4), "www.");
    const bool issue = (c == '#' || (c == '-' && i >= 2 && iequals(rest.substr(i - 2, 2), "gh"))) &&
                       i + 1 < rest.size() && is_digit(rest[i + 1]);
    if (c == '@' || url || www || issue) out += kWordJoiner;
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string content = one_line(text);
  if (content.empty()) return {};
  const std::string fence(longest_backtick_run(content) + 1, '`');
  const bool touches = content.front() == '`' || content.back() == '`';
  const std::string padding = touches ? " " : "";
  return fence + padding + content + padding + fence;
}

std::string markdown_cell_code(std::string_view text) {
  std::string out;
  for (const char c : markdown_code(text)) {
    if (c == '|') out += '\\';  // Tables are split before code spans are seen, and take this backslash away.
    out += c;
  }
  return out;
}

std::string markdown_block(std::string_view text, std::string_view language) {
  constexpr std::string_view kLanguageLetters = "abcdefghijklmnopqrstuvwxyz0123456789+-";
  const std::string content = visible(text);
  const std::string fence(std::max<std::size_t>(3, longest_backtick_run(content) + 1), '`');
  const bool named = !language.empty() && language.find_first_not_of(kLanguageLetters) == std::string_view::npos;
  return fmt::format("{}{}\n{}{}{}\n", fence, named ? language : "text", content, content.ends_with('\n') ? "" : "\n",
                     fence);
}

}  // namespace fa
