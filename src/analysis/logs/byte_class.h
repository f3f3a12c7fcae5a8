#pragma once

#include <array>
#include <cstdint>

#include "base/text.h"

/// What a byte may be part of, looked up by its value: the tables behind the message scanner.
namespace fa::bytes {

inline constexpr std::uint8_t kDigit = 1;
inline constexpr std::uint8_t kHexLetter = 2;
inline constexpr std::uint8_t kOtherLetter = 4;
inline constexpr std::uint8_t kUnderscore = 8;  ///< And `$`, as in names of inner classes.
inline constexpr std::uint8_t kDash = 16;
inline constexpr std::uint8_t kDot = 32;
inline constexpr std::uint8_t kSlash = 64;  ///< And backslash.
inline constexpr std::uint8_t kAt = 128;    ///< And tilde.
inline constexpr std::uint8_t kLetter = kHexLetter | kOtherLetter;
inline constexpr std::uint8_t kAlnum = kLetter | kDigit;

constexpr std::array<std::uint8_t, 256> make_word_flags() {
  std::array<std::uint8_t, 256> flags{};
  for (unsigned c = '0'; c <= '9'; ++c) flags[c] = kDigit;
  for (unsigned c = 'a'; c <= 'z'; ++c) flags[c] = c <= 'f' ? kHexLetter : kOtherLetter;
  for (unsigned c = 'A'; c <= 'Z'; ++c) flags[c] = c <= 'F' ? kHexLetter : kOtherLetter;
  flags['_'] = flags['$'] = kUnderscore;
  flags['-'] = kDash;
  flags['.'] = kDot;
  flags['/'] = flags['\\'] = kSlash;
  flags['@'] = flags['~'] = kAt;
  return flags;
}

/// Flags of bytes that can be part of a word; 0 for all others.
inline constexpr std::array<std::uint8_t, 256> kWordFlags = make_word_flags();

constexpr std::uint8_t flags_of(char c) { return kWordFlags[static_cast<unsigned char>(c)]; }
using fa::is_digit;
constexpr bool is_alnum(char c) { return (flags_of(c) & kAlnum) != 0; }
constexpr bool is_letter(char c) { return (flags_of(c) & kLetter) != 0; }
constexpr bool is_hex(char c) { return (flags_of(c) & (kDigit | kHexLetter)) != 0; }
constexpr bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
/// White space and control characters: they separate and mean nothing.
constexpr bool is_blank(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; }

}  // namespace fa::bytes
