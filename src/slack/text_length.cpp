#include "slack/text_length.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace fa::slack {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::size_t kLongestCluster = 8;  // Characters that are kept together: an emoji with its modifiers.

std::size_t units_of(const Utf8Char& c) { return c.valid && c.code > 0xFFFF ? 2 : 1; }

/// Bytes of the longest prefix of whole characters that is at most `most` long.
std::size_t fitting_bytes(std::string_view text, std::size_t most) {
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const Utf8Char c = decode_utf8(text.substr(at));
    used += units_of(c);
    if (used > most) return at;
    at += c.size;
  }
  return at;
}

std::size_t before(std::string_view text, std::size_t at) {
  do {
    --at;
  } while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80);
  return at;
}

/// Moves a cut out of a letter with its marks, or an emoji with what changes it.
std::size_t outside_cluster(std::string_view text, std::size_t cut) {
  constexpr std::string_view kJoiner = "\xe2\x80\x8d";  // U+200D
  std::size_t at = cut;
  for (std::size_t step = 0; step < kLongestCluster && at > 0 && at < text.size(); ++step) {
    const std::string_view next = text.substr(at, decode_utf8(text.substr(at)).size);
    const bool joined = text.substr(0, at).ends_with(kJoiner);
    if (!joined && (next == "\n" || next == "\t" || display_width(next) > 0)) return at;
    at = before(text, at);
  }
  return at == 0 || at == text.size() ? cut : at;
}

/// Behind the last `end` in the second half of the first `bytes`; 0 where there is none.
std::size_t behind_last(std::string_view text, std::size_t bytes, char end) {
  const std::size_t at = text.substr(0, bytes).rfind(end);
  return at == std::string_view::npos || at < bytes / 2 ? 0 : at + 1;
}

}  // namespace

std::size_t text_length(std::string_view text) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = decode_utf8(text.substr(i));
    length += units_of(c);
    i += c.size;
  }
  return length;
}

std::string cut_text(std::string_view text, std::size_t most) {
  // Bytes bound the length from above.
  if (text.size() <= most || fitting_bytes(text, most) == text.size()) return std::string(text);
  if (most == 0) return {};
  const std::size_t fits = fitting_bytes(text, most - 1);
  const bool at_word_end = text[fits] == ' ' || text[fits] == '\n';
  std::size_t cut = at_word_end ? fits : std::max(behind_last(text, fits, ' '), behind_last(text, fits, '\n'));
  if (cut == 0) cut = outside_cluster(text, fits);
  std::string out(text.substr(0, cut));
  while (!out.empty() && (out.back() == ' ' || out.back() == '\n')) out.pop_back();
  out += kEllipsis;
  return out;
}

std::vector<std::string_view> split_text(std::string_view text, std::size_t most) {
  most = std::max<std::size_t>(most, 2);
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t fits = fitting_bytes(text, most);
    std::size_t cut = fits;
    if (fits < text.size()) {
      cut = behind_last(text, fits, '\n');
      if (cut == 0) cut = behind_last(text, fits, ' ');
      if (cut == 0) cut = outside_cluster(text, fits);
    }
    pieces.push_back(text.substr(0, cut));
    text.remove_prefix(cut);
  }
  return pieces;
}

}  // namespace fa::slack
