#include "redact/text_view.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.h"

namespace fa {
namespace {

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The value of `digits` hex digits at `at`, or -1.
int hex_number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/// Length of the escape at `at` (0: none); its meaning is appended to `out`.
std::size_t decode_escape(std::string_view text, std::size_t at, std::string& out) {
  struct Entity {
    std::string_view name;
    char meaning;
  };
  static constexpr std::array<Entity, 8> kEntities{{{"&quot;", '"'},
                                                    {"&amp;", '&'},
                                                    {"&#34;", '"'},
                                                    {"&#39;", '\''},
                                                    {"&apos;", '\''},
                                                    {"&lt;", '<'},
                                                    {"&gt;", '>'},
                                                    {"&#61;", '='}}};
  const std::string_view rest = text.substr(at);
  if (rest[0] == '%') {
    const int value = hex_number(text, at + 1, 2);
    if (value < 0) return 0;
    out += static_cast<char>(static_cast<unsigned char>(value));
    return 3;
  }
  if (rest[0] == '&') {
    for (const Entity& entity : kEntities) {
      if (!rest.starts_with(entity.name)) continue;
      out += entity.meaning;
      return entity.name.size();
    }
    return 0;
  }
  if (rest.size() < 2) return 0;
  switch (rest[1]) {
    case 'n':
      out += '\n';
      return 2;
    case 'r':
      out += '\r';
      return 2;
    case 't':
      out += '\t';
      return 2;
    case '"':
    case '\'':
    case '\\':
    case '/':
      out += rest[1];
      return 2;
    case 'u': {
      const int value = hex_number(text, at + 2, 4);
      if (value < 0) return 0;
      append_utf8(out, static_cast<char32_t>(value));
      return 6;
    }
    case 'x': {
      const int value = hex_number(text, at + 2, 2);
      if (value < 0) return 0;
      out += static_cast<char>(static_cast<unsigned char>(value));
      return 4;
    }
    default:
      return 0;
  }
}

}  // namespace

bool may_hold_escapes(std::string_view text) {
  if (text.empty()) return false;
  if (std::memchr(text.data(), '\\', text.size()) != nullptr) return true;
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (hex_number(text, at + 1, 2) >= 0) return true;
  }
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    std::string ignored;
    if (decode_escape(text, at, ignored) > 0) return true;
  }
  return false;
}

void DecodedText::note(std::size_t there, std::size_t length, std::string_view decoded) {
  breaks_.push_back({text_.size(), there});
  text_ += decoded;
  breaks_.push_back({text_.size(), there + length});
}

void DecodedText::copy(std::string_view text, std::size_t from, std::size_t to) {
  text_.append(text.substr(from, to - from));
}

DecodedText DecodedText::unescape(std::string_view text) {
  DecodedText out;
  out.text_.reserve(text.size());
  std::string meaning;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    at = text.find_first_of("\\%&", at);
    if (at == std::string_view::npos) break;
    meaning.clear();
    const std::size_t length = decode_escape(text, at, meaning);
    if (length == 0) {
      ++at;
      continue;
    }
    out.copy(text, copied, at);
    out.note(at, length, meaning);
    at += length;
    copied = at;
  }
  out.copy(text, copied, text.size());
  return out;
}

DecodedText DecodedText::without(std::string_view text, std::string_view which) {
  DecodedText out;
  out.text_.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find_first_of(which, at), text.size());
    out.copy(text, at, next);
    at = std::min(text.find_first_not_of(which, next), text.size());
    if (at > next) out.note(next, at - next, {});
  }
  return out;
}

std::size_t DecodedText::begin_of(std::size_t at) const {
  const auto after = std::upper_bound(breaks_.begin(), breaks_.end(), at,
                                      [](std::size_t value, const Break& entry) { return value < entry.here; });
  if (after == breaks_.begin()) return at;
  const Break& last = *(after - 1);
  return last.there + (at - last.here);
}

std::size_t DecodedText::end_of(std::size_t at) const {
  const auto first = std::lower_bound(breaks_.begin(), breaks_.end(), at,
                                      [](const Break& entry, std::size_t value) { return entry.here < value; });
  if (first != breaks_.end() && first->here == at) return first->there;
  return begin_of(at);
}

}  // namespace fa
