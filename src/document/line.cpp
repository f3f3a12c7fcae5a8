#include "document/line.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "base/utf8.h"

namespace fa::document {
namespace {

bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Line shown_line(const Line& line) {
  Line out;
  for (const Run& run : line) {
    std::string text = visible(run.text);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    if (text.empty()) continue;
    std::string link = inside_anchor(run.link).empty() ? outside_address(run.link) : run.link;
    if (!out.empty() && out.back().emphasis == run.emphasis && out.back().link == link) {
      out.back().text += text;
    } else {
      out.push_back({std::move(text), run.emphasis, std::move(link)});
    }
  }
  return out;
}

std::string plain_text(const Line& line) {
  std::string text;
  for (const Run& run : line) text += run.text;
  return one_line(text);
}

std::string with_words_cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::string out;
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = decode_utf8(text.substr(i));
    length = ends_word(c.code) ? 0 : length + 1;
    if (length <= most) {
      out += text.substr(i, c.size);
    } else if (length == most + 1) {
      out += "…";
    }
    i += c.size;
  }
  return out;
}

bool is_anchor(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

std::string_view inside_anchor(std::string_view link) {
  if (!link.starts_with('#') || !is_anchor(link.substr(1))) return {};
  return link.substr(1);
}

std::string outside_address(std::string_view link) {
  constexpr std::string_view kScheme = "https://";
  constexpr std::string_view kKept = "-._~:/?#[]@!$&*+,;=%";  // RFC 3986 without quotes and brackets, which end links.
  constexpr std::size_t kLongest = 2000;
  if (!link.starts_with(kScheme) || link.size() == kScheme.size() || !is_letter_or_digit(link[kScheme.size()])) {
    return {};
  }
  std::string out;
  for (const char c : link) {
    if (is_letter_or_digit(c) || kKept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out.size() <= kLongest ? out : std::string();
}

}  // namespace fa::document
