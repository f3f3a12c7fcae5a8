#pragma once

#include <vector>

#include "document/pdf_pages.h"

namespace fa::document::pdf {

/// A table's columns on the page and its rows, set one by one.
class TableSetter {
 public:
  /// All are borrowed. The table has at least one column.
  TableSetter(const Table& table, const Typesetter& typesetter);

  [[nodiscard]] Row header() const;
  [[nodiscard]] Row row(const std::vector<Line>& cells) const;

 private:
  struct Span {
    double x = 0;
    double width = 0;
  };
  [[nodiscard]] Row set(const std::vector<Line>& cells, const TextStyle& style) const;

  const Table& table_;
  const Typesetter& typesetter_;
  std::vector<Span> spans_;  ///< Of the text in each column.
};

/// At most how wide the line becomes on one line, and the longest part of it that is only broken by force.
[[nodiscard]] double line_width(const Line& line, double size);
[[nodiscard]] double longest_word_width(const Line& line, double size);

}  // namespace fa::document::pdf
