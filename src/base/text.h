#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fa {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] bool iequals(std::string_view a, std::string_view b);                ///< ASCII case only.
[[nodiscard]] bool icontains(std::string_view haystack, std::string_view needle);  ///< ASCII case only.
[[nodiscard]] std::string to_lower(std::string_view text);  ///< ASCII only, bytes above 127 kept.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Replaces every invalid UTF-8 sequence by U+FFFD and keeps all else, NULs included.
[[nodiscard]] std::string sanitize_utf8(std::string_view bytes);
[[nodiscard]] bool is_valid_utf8(std::string_view bytes);

/// Longest prefix of at most `max_bytes` bytes that does not cut a UTF-8 sequence.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

/// The same, ending where a word does: half a key or a number is no longer known for what it is, and must not be shown
/// as if it were harmless. May be much shorter than `max_bytes`, or empty.
[[nodiscard]] std::string_view whole_words_prefix(std::string_view text, std::size_t max_bytes);

/// Columns the text takes on a terminal: East Asian wide and full-width characters count two, combining marks none
/// (Unicode TR11). Control characters count nothing.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Makes text from a log safe to show on a terminal or in a report line: control characters (ESC, NUL, CR, ...) and
/// bidirectional overrides become visible escapes such as `\x1b`, invalid UTF-8 becomes U+FFFD; newline and tab stay.
[[nodiscard]] std::string visible(std::string_view text);

/// Shortest decimal that reads well: 4 significant digits, no exponent between 1e-4 and 1e9, locale-independent.
[[nodiscard]] std::string format_number(double value);
/// `1,234,567`.
[[nodiscard]] std::string format_count(std::uint64_t value);
/// `1.5 GB` (powers of 1000), for people.
[[nodiscard]] std::string format_bytes(std::uint64_t value);

}  // namespace fa
