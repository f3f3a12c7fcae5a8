#include "formats/csv.h"

#include <algorithm>

#include "base/text.h"
#include "formats/reader.h"

namespace fa {
namespace {

/// The first line alone, for going on behind a record that cannot be read.
CsvStep broken(std::string_view text, CsvRow& row) {
  const std::size_t end = text.find('\n');
  row.cells.clear();
  row.length = end == std::string_view::npos ? text.size() : end + 1;
  row.lines = 1;
  return CsvStep::kBroken;
}

}  // namespace

CsvStep read_csv_row(std::string_view text, char delimiter, bool last, CsvRow& row) {
  row.cells.clear();
  row.unquoted.clear();
  row.lines = 1;
  const std::string_view within = text.substr(0, kMaxLineBytes);
  std::size_t i = 0;
  while (true) {
    while (i < within.size() && (within[i] == ' ' || (within[i] == '\t' && delimiter != '\t'))) ++i;
    if (i < within.size() && within[i] == '"') {
      const std::size_t begin = ++i;
      bool doubled = false;
      while (true) {
        i = std::min(within.find('"', i), within.size());
        if (i == within.size()) {
          if (within.size() < text.size() || last) return broken(text, row);
          return CsvStep::kNeedMore;
        }
        if (i + 1 < within.size() && within[i + 1] == '"') {
          doubled = true;
          i += 2;
          continue;
        }
        if (i + 1 == within.size() && !last && within.size() == text.size()) return CsvStep::kNeedMore;
        break;
      }
      std::string_view cell = within.substr(begin, i - begin);
      row.lines += static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '\n'));
      if (doubled) {
        std::string& plain = row.unquoted.emplace_back();
        for (std::size_t k = 0; k < cell.size(); ++k) {
          plain.push_back(cell[k]);
          if (cell[k] == '"') ++k;
        }
        cell = plain;
      }
      row.cells.push_back(cell);
      ++i;
      while (i < within.size() && within[i] != delimiter && within[i] != '\n') ++i;  // Nothing belongs here.
    } else {
      const std::size_t begin = i;
      while (i < within.size() && within[i] != delimiter && within[i] != '\n') ++i;
      row.cells.push_back(trim(within.substr(begin, i - begin)));
    }
    if (i == within.size()) {
      if (within.size() < text.size()) return broken(text, row);
      if (!last) return CsvStep::kNeedMore;
      row.length = i;
      return CsvStep::kRow;
    }
    if (within[i] == '\n') {
      row.length = i + 1;
      return CsvStep::kRow;
    }
    ++i;
  }
}

char guess_csv_delimiter(std::string_view header_line) {
  char best = ',';
  std::size_t most = 1;
  CsvRow row;
  for (const char delimiter : {',', '\t', ';', '|'}) {
    if (read_csv_row(header_line, delimiter, true, row) != CsvStep::kRow) continue;
    if (row.cells.size() > most) {
      most = row.cells.size();
      best = delimiter;
    }
  }
  return best;
}

}  // namespace fa
