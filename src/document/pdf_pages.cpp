#include "document/pdf_pages.h"

#include <algorithm>

namespace fa::document::pdf {
namespace {

constexpr double kBarWidth = 3;

double lines_height(const SetText& text, std::size_t first, std::size_t last) {
  return first < last ? text.lines[last - 1].bottom - text.lines[first].top : 0;
}

/// Past the last line that fits.
std::size_t lines_that_fit(const SetText& text, std::size_t first, double room) {
  std::size_t last = first;
  while (last < text.lines.size() && lines_height(text, first, last + 1) <= room) ++last;
  return last;
}

}  // namespace

double Row::height() const {
  double tallest = 0;
  for (const Cell& cell : cells) tallest = std::max(tallest, cell.text->height());
  return above + tallest + below;
}

void Pages::gap(double height) {
  if (!at_top()) y_ += height;
}

void Pages::need(double height) {
  if (!at_top() && room() < height) new_page();
}

void Pages::new_page() {
  full_ = full_ || pages_.size() >= kMostPages;
  y_ = top_ = kBodyTop;
  if (full_) return;
  pages_.emplace_back();
  if (repeated_ == nullptr) return;
  put_whole(*repeated_);
  top_ = y_;
}

Pages::Place Pages::here() const {
  const Page& page = pages_.back();
  return {pages_.size(), page.fills.size(), page.items.size(), page.marks.size(), page.links.size(), top_, y_};
}

void Pages::go_back(const Place& place) {
  pages_.resize(place.pages);
  current().fills.resize(place.fills);
  current().items.resize(place.items);
  current().marks.resize(place.marks);
  current().links.resize(place.links);
  top_ = place.top;
  y_ = place.y;
  waiting_marks_.clear();
}

void Pages::place(const Row& row) {
  if (full_) return;
  const double height = row.height();
  if (height > room() && height <= kBodyHeight / 3) new_page();
  if (height > room()) return place_in_parts(row);
  put_whole(row);
}

void Pages::place_last_page(const Row& row) {
  full_ = false;
  pages_.emplace_back();
  y_ = top_ = kBodyTop;
  put_whole(row);
  full_ = true;
}

void Pages::put_whole(const Row& row) {
  std::vector<std::size_t> ends;
  for (const Cell& cell : row.cells) ends.push_back(cell.text->lines.size());
  put(row, std::vector<std::size_t>(row.cells.size(), 0), ends, true);
}

void Pages::place_in_parts(const Row& row) {
  std::vector<std::size_t> first(row.cells.size(), 0);
  while (!full_) {
    const double available = room() - row.above - row.below;
    std::vector<std::size_t> last;
    bool moves = false;
    bool ends = true;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const SetText& text = *row.cells[i].text;
      std::size_t end = lines_that_fit(text, first[i], available);
      const std::size_t count = text.lines.size();
      // No line alone: neither the text's last one on the next page nor its first one here.
      if (row.cells.size() == 1 && count > 2) {
        if (end + 1 == count) --end;
        if (first[i] == 0 && end == 1 && !at_top()) end = 0;
      }
      if (end <= first[i] && first[i] < count && at_top()) end = first[i] + 1;  // Taller than a page: it must go on.
      moves = moves || end > first[i];
      ends = ends && end == count;
      last.push_back(std::max(end, first[i]));
    }
    if (moves) put(row, first, last, ends);
    if (ends) return;
    first = last;
    new_page();
  }
}

void Pages::put(const Row& row, const std::vector<std::size_t>& first, const std::vector<std::size_t>& last,
                bool ends) {
  if (full_) return;
  if (&row != repeated_) begin_content();
  double height = 0;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    height = std::max(height, lines_height(*cell.text, first[i], last[i]));
    if (first[i] < last[i])
      current().items.emplace_back(PlacedLines{cell.text, first[i], last[i], cell.x, y_ + row.above});
  }
  height += row.above + row.below;
  const Area area{kMargin + row.indent, y_, kBodyWidth - row.indent, height};
  if (row.background) current().fills.push_back({area, *row.background});
  if (row.bar) current().fills.push_back({{area.x, y_, kBarWidth, height}, *row.bar});
  if (row.rule && ends) {
    current().fills.push_back({{area.x, y_ + height - row.rule_width, area.width, row.rule_width}, *row.rule});
  }
  y_ += height;
}

void Pages::place(const draw::Drawing& drawing, double x, double scale) {
  if (full_) return;
  need(drawing.height * scale);
  if (full_) return;
  begin_content();
  current().items.emplace_back(PlacedPicture{&drawing, x, y_, scale});
  y_ += drawing.height * scale;
}

void Pages::mark(std::string anchor) {
  if (!anchor.empty()) waiting_marks_.push_back(std::move(anchor));
}

void Pages::begin_content() {
  if (!watched_) watched_ = page();
  for (std::string& anchor : waiting_marks_) current().marks.push_back({std::move(anchor), y_});
  waiting_marks_.clear();
}

}  // namespace fa::document::pdf
