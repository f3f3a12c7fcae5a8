#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fa::slack {

/// A table as it is read; rows may be shorter than the table is wide.
struct MarkdownTable {
  std::vector<std::vector<std::string>> rows;  ///< Of one-line texts.
  std::vector<bool> right_aligned;             ///< By column.
  std::size_t heading_rows = 0;
};

/// Its columns one below the other, for a fixed-width font; a line below the headings.
[[nodiscard]] std::string aligned(const MarkdownTable& table);

}  // namespace fa::slack
