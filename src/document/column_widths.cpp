#include "document/column_widths.h"

#include <algorithm>
#include <numeric>

namespace fa::document {
namespace {

std::vector<double> fair_shares(std::span<const ColumnNeed> needs, double room) {
  std::vector<std::size_t> by_least(needs.size());
  std::iota(by_least.begin(), by_least.end(), std::size_t{0});
  std::stable_sort(by_least.begin(), by_least.end(),
                   [&](std::size_t a, std::size_t b) { return needs[a].least < needs[b].least; });
  std::vector<double> widths(needs.size());
  std::size_t waiting = needs.size();
  for (const std::size_t i : by_least) {
    widths[i] = std::min(needs[i].least, room / static_cast<double>(waiting));
    room -= widths[i];
    --waiting;
  }
  return widths;
}

}  // namespace

std::vector<double> column_widths(std::span<const ColumnNeed> needs, double room) {
  double least = 0;
  double most = 0;
  for (const ColumnNeed& need : needs) {
    least += need.least;
    most += need.most;
  }
  if (least > room) return fair_shares(needs, room);
  const double share = most > room ? (room - least) / (most - least) : 1;
  std::vector<double> widths;
  widths.reserve(needs.size());
  for (const ColumnNeed& need : needs) widths.push_back(need.least + (need.most - need.least) * share);
  return widths;
}

}  // namespace fa::document
