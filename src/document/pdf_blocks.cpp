#include "document/pdf_blocks.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/escape.h"
#include "base/text.h"
#include "document/fixed_words.h"
#include "document/line.h"
#include "document/pdf_contents.h"
#include "document/pdf_table.h"

namespace fa::document::pdf {
namespace {

constexpr double kPointsPerPixel = 0.75;  // Of a drawing's unit (1/96 inch).
constexpr std::size_t kMostCodeLines = 400;
constexpr std::size_t kLongestCodeLine = 2000;  // Columns.

constexpr TextStyle kBodyStyle{};
constexpr TextStyle kMutedStyle{.ink = draw::Ink::kMuted};
constexpr TextStyle kCodeStyle{.size = 8.6, .mono = true};
constexpr TextStyle kCaptionStyle{.size = 8.5, .ink = draw::Ink::kMuted};

struct HeadingShape {
  double size;
  double before;
  double after;
};
constexpr std::array<HeadingShape, 3> kHeadings = {{{15, 22, 7}, {11.5, 15, 4}, {9.8, 11, 2}}};

const HeadingShape& heading_shape(int level) {
  return kHeadings[static_cast<std::size_t>(std::clamp(level, 1, 3)) - 1];
}

draw::Ink tone_ink(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return draw::Ink::kGood;
    case Tone::kWarn:
      return draw::Ink::kWarn;
    case Tone::kBad:
      return draw::Ink::kBad;
    case Tone::kNormal:
      break;
  }
  return draw::Ink::kMuted;
}

bool can_be_shown(const draw::Drawing& drawing) {
  constexpr double kLongestSide = 50000;  // Scaled to a page, nothing could be told of a larger one.
  const auto fits = [](double side) { return side > 0 && side <= kLongestSide; };  // NaN does not.
  return fits(drawing.width) && fits(drawing.height);
}

double picture_scale(const draw::Drawing& drawing) {
  return std::min({kPointsPerPixel, kBodyWidth / drawing.width, kBodyHeight * 0.85 / drawing.height});
}

/// The code as it is shown, and how many of its lines are not.
std::pair<std::string, std::size_t> shown_code(std::string_view code) {
  while (code.ends_with('\n')) code.remove_suffix(1);
  std::string shown;
  std::size_t lines = 0;
  std::size_t left_out = 0;
  for (const std::string_view line : split(code, '\n')) {
    if (++lines > kMostCodeLines) {
      ++left_out;
      continue;
    }
    if (lines > 1) shown += '\n';
    // A column takes at most a few bytes: more of a hostile line need not be looked at.
    shown += clip(visible(utf8_prefix(line, kLongestCodeLine * 8)), kLongestCodeLine);
  }
  return {std::move(shown), left_out};
}

class BlockSetter {
 public:
  BlockSetter(const Document& document, const Outline& outline, const Typesetter& typesetter, const Context& context)
      : document_(document),
        outline_(outline),
        typesetter_(typesetter),
        context_(context),
        contents_(outline, typesetter) {}

  Result<std::vector<Page>> run() {
    title();
    std::optional<Chain> chain;
    bool contents_placed = !document_.contents;
    for (block_ = 0; block_ < document_.blocks.size() && !pages_.full(); ++block_) {
      if (!contents_placed && block_ == outline_.contents_before()) {
        contents_.place(document_.language, pages_);
        contents_placed = true;
      }
      if (!chain && stays_with_next(block_)) chain = Chain{block_, pages_.here(), {}, pages_.at_top()};
      pages_.watch();
      std::visit([this](const auto& b) { add(b); }, document_.blocks[block_]);
      if (context_.stopped()) return fail(ErrorCode::kCancelled, "The PDF was not finished: the work was stopped.");
      if (chain) follow(chain);
    }
    if (pages_.full()) pages_.place_last_page(box(pages_left_out(document_.language, kMostPages), Tone::kWarn));
    std::vector<Page> pages = pages_.take();
    contents_.number(pages);
    return pages;
  }

 private:
  void title() {
    constexpr std::size_t kLongestTitle = 400;  // Columns.
    pages_.current().fills.push_back({{kMargin, kBodyTop, 34, 3.5}, {draw::Ink::kWindow}});
    Row row;
    row.above = 12;
    row.cells.push_back(
        {typesetter_.set({{clip(one_line(document_.title), kLongestTitle)}}, {.size = 19, .bold = true}, kBodyWidth),
         kMargin});
    pages_.place(row);
    if (document_.subtitle.empty()) return;
    Row below;
    below.above = 3;
    below.below = 9;
    below.cells.push_back({typesetter_.set({{clip(one_line(document_.subtitle), kLongestTitle)}},
                                           {.size = 9.5, .ink = draw::Ink::kMuted}, kBodyWidth),
                           kMargin});
    pages_.place(below);
  }

  /// Headings, a line right below one, and a line that says what the code, list or table below it is.
  [[nodiscard]] bool stays_with_next(std::size_t i) const {
    const auto& blocks = document_.blocks;
    if (std::holds_alternative<Heading>(blocks[i])) return true;
    const auto* paragraph = std::get_if<Paragraph>(&blocks[i]);
    if (paragraph == nullptr || i + 1 == blocks.size()) return false;
    const Block& next = blocks[i + 1];
    if (std::holds_alternative<Heading>(next) || std::holds_alternative<PageBreak>(next)) return false;
    const bool first = i > 0 && std::holds_alternative<Heading>(blocks[i - 1]);
    return (first || !std::holds_alternative<Paragraph>(next)) &&
           line_width(paragraph->text, kBodyStyle.size) <= kBodyWidth;
  }

  /// Blocks that belong on one page with the beginning of the block behind them.
  struct Chain {
    std::size_t first = 0;
    Pages::Place before;
    std::size_t page = 0;  ///< Where the first one stands.
    bool at_top = false;   ///< Moving it to another page would gain nothing.
  };

  /// Ends the chain with the present block where that is its last one; puts all of it on a new page where it was torn.
  void follow(std::optional<Chain>& chain) {
    if (block_ == chain->first) chain->page = pages_.watched_page();
    if (stays_with_next(block_)) return;
    const bool torn = pages_.watched_page() != chain->page && !chain->at_top && !pages_.full();
    if (torn) {
      pages_.go_back(chain->before);
      pages_.new_page();
      block_ = chain->first - 1;  // The loop goes on with the first one, which stands at the top then.
    }
    chain.reset();
  }

  void add(const Heading& heading) {
    const HeadingShape& shape = heading_shape(heading.level);
    pages_.gap(shape.before);
    pages_.mark(std::string(outline_.anchor_of(block_)));
    Row row;
    row.below = heading.level <= 1 ? 4 : 0;
    if (heading.level <= 1) row.rule = Color{draw::Ink::kWindow, 0.45};
    row.rule_width = 0.8;
    row.cells.push_back({typesetter_.set(heading.text, {.size = shape.size, .bold = true}, kBodyWidth), kMargin});
    pages_.place(row);
    pages_.gap(shape.after);
  }

  void add(const Paragraph& paragraph) {
    pages_.gap(3);
    pages_.mark(std::string(outline_.anchor_of(block_)));
    if (paragraph.tone != Tone::kNormal) {
      pages_.place(box(paragraph.text, paragraph.tone));
      return pages_.gap(5);
    }
    Row row;
    row.below = 3;
    row.cells.push_back({typesetter_.set(paragraph.text, kBodyStyle, kBodyWidth), kMargin});
    pages_.place(row);
  }

  [[nodiscard]] Row box(const Line& text, Tone tone) const {
    constexpr double kInside = 13;
    Row row;
    row.above = row.below = 6;
    row.background = Color{tone_ink(tone), 0.08};
    row.bar = Color{tone_ink(tone)};
    row.cells.push_back({typesetter_.set(text, kBodyStyle, kBodyWidth - 2 * kInside), kMargin + kInside});
    return row;
  }
  [[nodiscard]] Row box(std::string text, Tone tone) const { return box(Line{{std::move(text)}}, tone); }

  void add(const Bullets& bullets) {
    pages_.gap(2);
    const double width =
        bullets.numbered ? 10 + 6.0 * static_cast<double>(std::to_string(bullets.items.size()).size()) : 13;
    for (std::size_t i = 0; i < bullets.items.size() && !pages_.full(); ++i) {
      Row row;
      row.above = 1;
      row.below = 2;
      const std::string lead = bullets.numbered ? fmt::format("{}.", i + 1) : std::string("•");
      row.cells.push_back({typesetter_.set({{lead}}, kMutedStyle, width), kMargin + 3});
      row.cells.push_back({typesetter_.set(bullets.items[i], kBodyStyle, kBodyWidth - width - 3), kMargin + width + 3});
      pages_.place(row);
    }
    pages_.gap(3);
  }

  void add(const Code& code) {
    constexpr double kInside = 8;
    const auto [text, left_out] = shown_code(code.text);
    pages_.gap(3);
    Row row;
    row.above = row.below = 5;
    row.background = Color{draw::Ink::kText, 0.045};
    row.cells.push_back({typesetter_.set_code(text, kCodeStyle, kBodyWidth - 2 * kInside), kMargin + kInside});
    pages_.place(row);
    if (left_out > 0) caption(lines_left_out(document_.language, left_out));
    pages_.gap(5);
  }

  void caption(const std::string& text) {
    Row row;
    row.above = 3;
    row.cells.push_back({typesetter_.set({{text}}, kCaptionStyle, kBodyWidth), kMargin});
    pages_.place(row);
  }

  void add(const Table& table) {
    if (table.columns.empty()) return;
    pages_.gap(5);
    const TableSetter setter(table, typesetter_);
    const Row header = setter.header();
    // Titles do not stand alone at the foot of a page.
    const double first = table.rows.empty() ? 0 : setter.row(table.rows.front()).height();
    pages_.need(header.height() + std::min(first, kBodyHeight / 3));
    pages_.place(header);
    if (header.height() < kBodyHeight / 4) pages_.repeat(&header);
    for (const auto& cells : table.rows) {
      if (pages_.full() || context_.stopped()) break;
      pages_.place(setter.row(cells));
    }
    pages_.repeat(nullptr);
    pages_.gap(8);
  }

  void add(const Facts& facts) {
    double width = 0;
    for (const auto& [label, value] : facts.rows) width = std::max(width, line_width({{label}}, kBodyStyle.size));
    width = std::min(width, kBodyWidth * 0.3);
    pages_.gap(3);
    for (const auto& [label, value] : facts.rows) {
      constexpr double kBetween = 14;
      Row row;
      row.above = 1.2;
      row.below = 1.2;
      row.cells.push_back({typesetter_.set({{label}}, kMutedStyle, width), kMargin});
      const double x = kMargin + width + kBetween;
      row.cells.push_back({typesetter_.set(value, kBodyStyle, kBodyWidth - width - kBetween), x});
      pages_.place(row);
    }
    pages_.gap(4);
  }

  void add(const Picture& picture) {
    pages_.gap(5);
    if (can_be_shown(picture.drawing)) {
      pages_.place(picture.drawing, kMargin, picture_scale(picture.drawing));
    } else if (!picture.drawing.title.empty()) {
      caption(picture.drawing.title);
    }
    if (!picture.caption.empty()) caption(picture.caption);
    pages_.gap(6);
  }

  void add(const PageBreak&) {
    if (!pages_.at_top()) pages_.new_page();
  }

  const Document& document_;
  const Outline& outline_;
  const Typesetter& typesetter_;
  const Context& context_;
  Pages pages_;
  ContentsSetter contents_;
  std::size_t block_ = 0;
};

}  // namespace

Result<std::vector<Page>> set_pages(const Document& document, const Outline& outline, const Typesetter& typesetter,
                                    const Context& context) {
  return BlockSetter(document, outline, typesetter, context).run();
}

}  // namespace fa::document::pdf
