#pragma once

#include <string>
#include <string_view>

#include "document/document.h"

/// What all renderings do with a Line first. Results are visible(): control characters and bidirectional overrides are
/// shown, not obeyed. They are not escaped for any output language yet.
namespace fa::document {

/// The line with neighbours that look the same as one run, without empty runs, each run on one line (line ends and tabs
/// as spaces), and without links that are not followed.
[[nodiscard]] Line shown_line(const Line& line);

/// The words of a line alone, on one line.
[[nodiscard]] std::string plain_text(const Line& line);

/// Lines may be broken beside it: a space, or a character of the scripts of East Asia.
[[nodiscard]] constexpr bool ends_word(char32_t c) { return c == ' ' || c >= 0x2E80; }

/// The text with an ellipsis for what goes beyond `most` characters of a word: nobody reads on, and pages would fill.
[[nodiscard]] std::string with_words_cut(std::string_view text, std::size_t most);

/// True for letters, digits and `-`, at least one and at most 64.
[[nodiscard]] bool is_anchor(std::string_view name);

/// `anchor` of `#anchor`; empty for every other link.
[[nodiscard]] std::string_view inside_anchor(std::string_view link);

/// The address as RFC 3986 spells it, other characters percent-encoded; empty unless it begins with `https://` and has
/// a host. At most 2,000 characters; empty beyond, since half an address leads elsewhere.
[[nodiscard]] std::string outside_address(std::string_view link);

}  // namespace fa::document
