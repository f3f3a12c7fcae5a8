#include "formats/csv_table_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"

namespace fa {

bool has_csv_header(std::string_view text, std::span<const std::string_view> columns) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = text.substr(0, text.find('\n'));
  CsvRow row;
  return read_csv_row(text, ',', true, row) == CsvStep::kRow &&
         std::equal(row.cells.begin(), row.cells.end(), columns.begin(), columns.end());
}

std::size_t CsvTableReader::read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) {
  std::size_t used = 0;
  CsvRow row;
  while (used < data.size()) {
    if (offset + used == 0 && data.starts_with("\xEF\xBB\xBF")) used = 3;
    const std::string_view rest = data.substr(used);
    CsvStep step = read_csv_row(rest, ',', last, row);
    if (step == CsvStep::kNeedMore) break;
    if (step == CsvStep::kRow && row.lines > 1 && row.cells.size() != columns_.size()) {
      // A stray quote that found its partner rows later must not cost the rows between.
      row.length = rest.find('\n') + 1;
      row.lines = 1;
      step = CsvStep::kBroken;
    }
    const BytePosition position{offset + used, row.length, line_, static_cast<std::uint32_t>(row.lines)};
    used += row.length;
    line_ += row.lines;
    if (step == CsvStep::kBroken) {
      sink.on_skipped({position, "a quote is not closed, or the row is longer than the limit", 1, false});
    } else if (row.blank()) {
      continue;
    } else if (row.cells.size() != columns_.size()) {
      sink.on_skipped(
          {position, fmt::format("expected {} cells, found {}", columns_.size(), row.cells.size()), 1, false});
    } else if (std::equal(row.cells.begin(), row.cells.end(), columns_.begin())) {
      begun_ = true;
    } else if (!begun_) {
      sink.on_skipped(
          {position, "expected the header row that begins with " + std::string(columns_.front()), 1, false});
    } else {
      take_row(row, position, sink);
    }
  }
  flush(sink, last);
  return last ? data.size() : used;
}

}  // namespace fa
