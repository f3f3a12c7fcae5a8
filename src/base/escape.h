#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Makes text that came from logs inert in each output language. Every function but one first applies visible().
namespace fa {

/// visible(), with every run of white space and line ends as one space: for places that hold one line.
[[nodiscard]] std::string one_line(std::string_view text);

/// At most `columns` columns of already visible text, ending in `…` when something was cut.
[[nodiscard]] std::string clip(std::string_view visible_text, std::size_t columns);

/// `&`, `<`, `>`, `"` and `'` as references, for text and attribute values of HTML, XML and SVG. The only function here
/// that leaves control characters as they are.
[[nodiscard]] std::string escape_markup(std::string_view visible_text);

/// For HTML and SVG text and attribute values in either kind of quotes. Newlines stay.
[[nodiscard]] std::string html_escape(std::string_view text);

/// Inline Markdown (CommonMark and GitHub's) that shows just this text: no markup, HTML, link, mention or issue
/// reference comes of it, also at the start of a line or in a table cell.
[[nodiscard]] std::string markdown_text(std::string_view text);

/// A code span; empty for an empty text.
[[nodiscard]] std::string markdown_code(std::string_view text);

/// A code span inside a table cell, where `|` would end the cell.
[[nodiscard]] std::string markdown_cell_code(std::string_view text);

/// A fenced code block of its own lines, its fence longer than any run of backticks in the text. `language` is ours or
/// of lower-case letters, digits, `+` and `-`; any other counts as `text`.
[[nodiscard]] std::string markdown_block(std::string_view text, std::string_view language = "text");

}  // namespace fa
