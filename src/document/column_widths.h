#pragma once

#include <span>
#include <vector>

namespace fa::document {

/// What a table's column asks for, in any unit.
struct ColumnNeed {
  double least = 0;  ///< Its longest word: below it, words are cut.
  double most = 0;   ///< Its longest cell: above it, nothing is gained. Not below `least`.
};

/// Widths that fit into `room` together: every column its most where that fits, else what is left after all have their
/// least in proportion to what they still lack, and where not even that fits, fair shares: a column that needs less
/// than an equal part gets what it needs (max-min fairness). As many as `needs`.
[[nodiscard]] std::vector<double> column_widths(std::span<const ColumnNeed> needs, double room);

}  // namespace fa::document
