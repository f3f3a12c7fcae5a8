#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace fa {

/// One record of a CSV file (RFC 4180).
struct CsvRow {
  std::vector<std::string_view> cells;  ///< Without quotes and surrounding spaces; into the text, or into `unquoted`.
  std::deque<std::string> unquoted;     ///< Cells that hold doubled quotes.
  std::size_t length = 0;               ///< Bytes of the record with its line break.
  std::size_t lines = 1;                ///< Lines it covers; above 1 when a quoted cell has line breaks.

  [[nodiscard]] bool blank() const { return cells.size() == 1 && cells.front().empty(); }
};

enum class CsvStep {
  kRow,
  kNeedMore,  ///< The text ends inside the record.
  kBroken,    ///< A quote that is not closed within the limit, or at the end; `row.length` covers its first line only.
};

/// Reads the record at the beginning of `text`. Quoted cells may hold delimiters, line breaks and doubled quotes; a
/// quote inside an unquoted cell is taken as written. `last`: nothing follows behind `text`. No record is longer than
/// kMaxLineBytes.
CsvStep read_csv_row(std::string_view text, char delimiter, bool last, CsvRow& row);

/// The delimiter (`,`, `;`, tab or `|`) that splits the header line into most cells; `,` when none does.
char guess_csv_delimiter(std::string_view header_line);

}  // namespace fa
