#include "slack/markdown_table.h"

#include <algorithm>

#include "base/text.h"

namespace fa::slack {
namespace {

// A wider cell pushes the rest of its own row aside only.
constexpr std::size_t kWidest = 40;
constexpr std::string_view kBetween = "  ";

std::vector<std::size_t> column_widths(const MarkdownTable& table) {
  std::vector<std::size_t> widths;
  for (const auto& row : table.rows) {
    if (row.size() > widths.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(display_width(row[i]), kWidest));
    }
  }
  return widths;
}

void end_line(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

}  // namespace

std::string aligned(const MarkdownTable& table) {
  const std::vector<std::size_t> widths = column_widths(table);
  std::string out;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += kBetween;
      const std::size_t width = display_width(row[i]);
      const std::string padding(width < widths[i] ? widths[i] - width : 0, ' ');
      const bool right = i < table.right_aligned.size() && table.right_aligned[i];
      out += right ? padding + row[i] : row[i] + padding;
    }
    end_line(out);
    if (r + 1 != table.heading_rows) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (i > 0) out += kBetween;
      for (std::size_t k = 0; k < widths[i]; ++k) out += "─";
    }
    end_line(out);
  }
  return out;
}

}  // namespace fa::slack
