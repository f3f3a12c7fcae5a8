#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Texts of others made fit to be kept: valid UTF-8, no control characters, not too long.
namespace fa::alarms {

inline constexpr std::size_t kLongestName = 1024;  // bytes; CloudWatch allows 255 characters
inline constexpr std::size_t kLongestReason = 4096;
inline constexpr std::size_t kLongestDescription = 8192;

/// One line: control characters (newlines too) are spaces; trimmed.
[[nodiscard]] std::string line_of(std::string_view text, std::size_t most_bytes = kLongestName);
/// The same, in which newlines and tabs stay.
[[nodiscard]] std::string paragraph_of(std::string_view text, std::size_t most_bytes = kLongestDescription);
/// All runs of white space are one space.
[[nodiscard]] std::string collapsed(std::string_view text);
/// `begin` of `text` taken off, ASCII case ignored. False, and nothing changed, where it does not begin so.
bool take_prefix(std::string_view& text, std::string_view begin);

/// Percent codes and `+` of a URL's query undone; a `%` that begins no code stays.
[[nodiscard]] std::string query_decoded(std::string_view text);

}  // namespace fa::alarms
