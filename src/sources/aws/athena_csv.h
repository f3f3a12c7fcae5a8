#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fa {

/// Appends one record of a CSV file (RFC 4180): commas between cells, CR LF at the end, cells in quotes where they hold
/// a comma, a quote, a line break or another control character, or begin or end with a space. SQL NULL is an empty
/// cell, an empty text is `""`, so that both can be told apart. Bytes that are no UTF-8 become U+FFFD.
void append_csv_row(std::string& out, std::span<const std::optional<std::string>> cells);
/// The header: names alone.
void append_csv_header(std::string& out, std::span<const std::string_view> names);

}  // namespace fa
