#include "document/pdf_table.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "document/column_widths.h"
#include "document/line.h"

namespace fa::document::pdf {
namespace {

constexpr double kTableSize = 8.5;
constexpr double kPadding = 5;  // At both sides of a cell's text.

double run_width(const Run& run, std::string_view text, double size) {
  return draw::text_width(text, size, run.emphasis == Emphasis::kStrong, run.emphasis == Emphasis::kCode);
}

std::vector<ColumnNeed> needs_of(const Table& table) {
  // A single long word (a path, an ARN) must not take the room of all other columns.
  constexpr double kLongestWord = kBodyWidth * 0.24;
  constexpr double kLongestCell = kBodyWidth * 1.5;
  constexpr double kFewCharacters = 50;
  std::vector<ColumnNeed> needs(table.columns.size());
  const auto ask = [&](std::size_t column, const Line& line) {
    const double whole = line_width(line, kTableSize);
    // Numbers and a few characters are not broken.
    const bool unbroken = table.columns[column].align == Align::kRight || whole <= kFewCharacters;
    const double word = unbroken ? whole : longest_word_width(line, kTableSize);
    needs[column].least = std::max(needs[column].least, std::min(word, kLongestWord) + 2 * kPadding);
    const double most = std::min(whole, kLongestCell) + 2 * kPadding;
    needs[column].most = std::max({needs[column].most, most, needs[column].least});
  };
  for (std::size_t i = 0; i < needs.size(); ++i) {
    // Titles are bold, and look wrong when they are broken anywhere but at a space.
    double title = 0;
    const std::string text = plain_text(table.columns[i].title);
    for (const std::string_view word : split(text, ' ')) {
      title = std::max(title, draw::text_width(word, kTableSize, true));
    }
    needs[i].least = needs[i].most = std::min(title, kLongestWord) + 2 * kPadding;
  }
  for (const auto& cells : table.rows) {
    for (std::size_t i = 0; i < std::min(cells.size(), needs.size()); ++i) ask(i, cells[i]);
  }
  return needs;
}

}  // namespace

double line_width(const Line& line, double size) {
  double width = 0;
  for (const Run& run : line) width += run_width(run, run.text, size);
  return width;
}

double longest_word_width(const Line& line, double size) {
  double longest = 0;
  for (const Run& run : line) {
    std::size_t begin = 0;
    const std::string_view text = run.text;
    for (std::size_t i = 0; i <= text.size();) {
      const Utf8Char c = i < text.size() ? decode_utf8(text.substr(i)) : Utf8Char{' ', 1, true};
      if (ends_word(c.code)) {
        if (i > begin) longest = std::max(longest, run_width(run, text.substr(begin, i - begin), size));
        begin = i + c.size;
      }
      i += c.size;
    }
  }
  return longest;
}

TableSetter::TableSetter(const Table& table, const Typesetter& typesetter) : table_(table), typesetter_(typesetter) {
  const std::vector<ColumnNeed> needs = needs_of(table);
  std::vector<double> widths = column_widths(needs, kBodyWidth);
  // What is left goes to the columns of words.
  double left = kBodyWidth;
  double words = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    left -= widths[i];
    if (table.columns[i].align == Align::kLeft) words += widths[i];
  }
  double x = kMargin;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (left > 0 && words > 0 && table.columns[i].align == Align::kLeft) widths[i] += left * widths[i] / words;
    spans_.push_back({x + kPadding, std::max(widths[i] - 2 * kPadding, 1.0)});
    x += widths[i];
  }
}

Row TableSetter::header() const {
  std::vector<Line> titles;
  for (const Column& column : table_.columns) titles.push_back(column.title);
  Row row = set(titles, {.size = kTableSize, .bold = true, .ink = draw::Ink::kMuted});
  row.background = Color{draw::Ink::kText, 0.05};
  row.rule = Color{draw::Ink::kMuted, 0.6};
  row.rule_width = 0.8;
  return row;
}

Row TableSetter::row(const std::vector<Line>& cells) const {
  Row row = set(cells, {.size = kTableSize});
  row.rule = Color{draw::Ink::kMuted, 0.3};
  return row;
}

Row TableSetter::set(const std::vector<Line>& cells, const TextStyle& style) const {
  Row row;
  row.above = 2.5;
  row.below = 3;
  for (std::size_t i = 0; i < std::min(cells.size(), spans_.size()); ++i) {
    TextStyle aligned = style;
    aligned.align = table_.columns[i].align;
    row.cells.push_back({typesetter_.set(cells[i], aligned, spans_[i].width), spans_[i].x});
  }
  return row;
}

}  // namespace fa::document::pdf
