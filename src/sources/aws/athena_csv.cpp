#include "sources/aws/athena_csv.h"

#include <algorithm>

#include "base/text.h"

namespace fa {
namespace {

bool needs_quotes(std::string_view cell) {
  if (cell.empty() || cell.front() == ' ' || cell.back() == ' ') return true;
  return std::any_of(cell.begin(), cell.end(),
                     [](char c) { return c == ',' || c == '"' || static_cast<unsigned char>(c) < 0x20; });
}

void append_text(std::string& out, std::string_view cell) {
  if (!needs_quotes(cell)) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void append_csv_row(std::string& out, std::span<const std::optional<std::string>> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    if (!cells[i]) continue;
    is_valid_utf8(*cells[i]) ? append_text(out, *cells[i]) : append_text(out, sanitize_utf8(*cells[i]));
  }
  out += "\r\n";
}

void append_csv_header(std::string& out, std::span<const std::string_view> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += ',';
    append_text(out, names[i]);
  }
  out += "\r\n";
}

}  // namespace fa
