#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fa {

/// One step through UTF-8 text.
struct Utf8Char {
  char32_t code = 0;
  std::uint8_t size = 1;  ///< Bytes to advance; for an invalid sequence its longest well-begun part, at least 1.
  bool valid = false;
};

/// Decodes the first character of a non-empty text. Refuses overlong forms, surrogates and values above U+10FFFF;
/// invalid bytes are grouped as Unicode recommends (one U+FFFD per maximal subpart, chapter 3.9).
[[nodiscard]] constexpr Utf8Char decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1, true};
  }
  if (lead < 0xC2 || lead > 0xF4) {
    return {};
  }
  const std::uint8_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte alone decides about overlong forms, surrogates and the upper end.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  char32_t code = lead & (0x7FU >> size);
  for (std::uint8_t i = 1; i < size; ++i) {
    if (i >= text.size() || byte(i) < (i == 1 ? low : 0x80U) || byte(i) > (i == 1 ? high : 0xBFU)) {
      return {0, i, false};
    }
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  return {code, size, true};
}

/// Writes the UTF-8 form of `code` (at most U+10FFFF) to `out`, where 4 bytes must fit, and gives the end of what was
/// written. A lone surrogate gets the three bytes of its number, which no reader of UTF-8 accepts.
constexpr char* encode_utf8(char32_t code, char* out) {
  const auto put = [&](char32_t byte) { *out++ = static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
  return out;
}

/// Characters that move the cursor, ring, hide or reorder what stands around them. Newline and tab are none.
[[nodiscard]] constexpr bool is_hazard(char32_t c) {
  if (c == U'\n' || c == U'\t') {
    return false;
  }
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F || c == 0x2028 ||
         c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

inline void append_utf8(std::string& out, char32_t code) {
  char bytes[4];
  out.append(bytes, encode_utf8(code, bytes));
}

}  // namespace fa
