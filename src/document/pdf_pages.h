#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "document/pdf_text.h"

/// Where everything stands on which page, before anything is painted: the number of pages must be known for their
/// footers, and the page of every heading for the contents.
namespace fa::document::pdf {

/// A4, in points.
inline constexpr double kPageWidth = 595.28;
inline constexpr double kPageHeight = 841.89;
inline constexpr double kMargin = 56;
inline constexpr double kBodyWidth = kPageWidth - 2 * kMargin;
inline constexpr double kBodyTop = 54;
inline constexpr double kBodyBottom = kPageHeight - 62;
inline constexpr double kBodyHeight = kBodyBottom - kBodyTop;

/// A document stops after so many; its last page then says so.
inline constexpr std::size_t kMostPages = 300;

/// The ink, thinned with paper: 1 is the ink itself, 0 white.
struct Color {
  draw::Ink ink = draw::Ink::kText;
  double strength = 1;
};

struct Area {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};
struct Fill {
  Area area;
  Color color;
};
/// Lines [first, last) of a text; the first one's top is at `y`. Without a text, a place that is not filled yet.
struct PlacedLines {
  SetTextPtr text;
  std::size_t first = 0;
  std::size_t last = 0;
  double x = 0;
  double y = 0;
};
struct PlacedPicture {
  const draw::Drawing* drawing = nullptr;  ///< The document's.
  double x = 0;
  double y = 0;
  double scale = 1;
};
/// What links lead to.
struct Mark {
  std::string anchor;
  double y = 0;
};
struct LinkArea {
  std::string anchor;
  Area area;
};
struct Page {
  std::vector<Fill> fills;                                      ///< Below all else.
  std::vector<std::variant<PlacedLines, PlacedPicture>> items;  ///< In the order in which they are read.
  std::vector<Mark> marks;
  std::vector<LinkArea> links;  ///< Beside those inside of texts.
};

struct Cell {
  SetTextPtr text;
  double x = 0;  ///< From the page's left edge.
};

/// Texts side by side that begin at the same height. What does not fit on a page goes on on the next.
struct Row {
  std::vector<Cell> cells;
  double above = 0;   ///< Space over the texts, inside of the background.
  double below = 0;   ///< Space under them.
  double indent = 0;  ///< Of background, bar and rule, from the margin.
  std::optional<Color> background = {};
  std::optional<Color> bar = {};   ///< At the left edge.
  std::optional<Color> rule = {};  ///< Under it, where the row ends.
  double rule_width = 0.5;

  [[nodiscard]] double height() const;
};

/// Fills page after page from top to bottom.
class Pages {
 public:
  Pages() : pages_(1) {}

  /// Space before what comes next; none at the top of a page.
  void gap(double height);
  /// A new page unless so much is left of this one, or it is empty yet.
  void need(double height);
  void new_page();
  /// A row that fits on a third of a page is not broken; a single text leaves no line alone at either side of a break.
  void place(const Row& row);
  void place(const draw::Drawing& drawing, double x, double scale);
  /// The next row or picture is what links to the anchor lead to.
  void mark(std::string anchor);
  /// Placed at the top of every page that begins from now on; nullptr ends it. Borrowed.
  void repeat(const Row* row) { repeated_ = row; }

  /// How far the pages are filled; go_back() undoes what was placed since.
  struct Place {
    std::size_t pages = 0;
    std::size_t fills = 0;
    std::size_t items = 0;
    std::size_t marks = 0;
    std::size_t links = 0;
    double top = 0;
    double y = 0;
  };
  [[nodiscard]] Place here() const;
  void go_back(const Place& place);

  /// From here on, watched_page() is the page on which the next row or picture begins.
  void watch() { watched_.reset(); }
  [[nodiscard]] std::size_t watched_page() const { return watched_.value_or(page()); }

  /// True once kMostPages are full: what is placed from then on is not kept.
  [[nodiscard]] bool full() const { return full_; }
  [[nodiscard]] std::size_t page() const { return pages_.size() - 1; }  ///< From 0.
  [[nodiscard]] double y() const { return y_; }
  [[nodiscard]] bool at_top() const { return y_ <= top_; }
  [[nodiscard]] double room() const { return kBodyBottom - y_; }
  [[nodiscard]] Page& current() { return pages_.back(); }
  /// One page more, even where they are full, with this row alone: why there are no others.
  void place_last_page(const Row& row);
  [[nodiscard]] std::vector<Page> take() { return std::move(pages_); }

 private:
  void put(const Row& row, const std::vector<std::size_t>& first, const std::vector<std::size_t>& last, bool ends);
  void begin_content();
  void put_whole(const Row& row);
  void place_in_parts(const Row& row);

  std::vector<Page> pages_;
  const Row* repeated_ = nullptr;
  double top_ = kBodyTop;  ///< Below what is repeated.
  double y_ = kBodyTop;
  std::vector<std::string> waiting_marks_;
  std::optional<std::size_t> watched_;
  bool full_ = false;
};

}  // namespace fa::document::pdf
