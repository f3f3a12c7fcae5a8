#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fa {

/// Lines of at most `width` columns (display_width()), without their ends. Breaks at spaces, between Japanese
/// characters (keeping closing marks off a line's start and opening ones off its end: the core of JIS X 4051), and,
/// where a word alone is too long, anywhere between characters. Newlines in the text stay line ends. The text must be
/// visible(). At least one line; an empty text gives one empty line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// The text with spaces behind it up to `columns` columns.
[[nodiscard]] std::string pad(std::string_view text, std::size_t columns);

}  // namespace fa
