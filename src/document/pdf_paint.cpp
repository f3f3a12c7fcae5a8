#include "document/pdf_paint.h"

#include <fmt/core.h>

#include <algorithm>

#include "draw/cairo_paint.h"
#include "draw/pango_cairo.h"

namespace fa::document::pdf {
namespace {

constexpr double kFooterRule = kPageHeight - 46;
constexpr TextStyle kFooterStyle{.size = 8, .ink = draw::Ink::kMuted};

/// The ink on paper, opaque: what is transparent prints worse and slower.
void set_color(cairo_t* cr, const Color& color) {
  draw::set_ink(cr, color.ink, draw::Theme::kLight);
  if (color.strength >= 1) return;
  double red = 0;
  double green = 0;
  double blue = 0;
  double alpha = 0;
  cairo_pattern_get_rgba(cairo_get_source(cr), &red, &green, &blue, &alpha);
  const auto thinned = [&](double part) { return 1 - (1 - part) * color.strength; };
  cairo_set_source_rgb(cr, thinned(red), thinned(green), thinned(blue));
}

void fill(cairo_t* cr, const Fill& fill) {
  set_color(cr, fill.color);
  cairo_rectangle(cr, fill.area.x, fill.area.y, fill.area.width, fill.area.height);
  cairo_fill(cr);
}

/// `target` is an attribute of cairo's link tags: `dest='...'` or `uri='...'`, of characters that need no escape.
void link(cairo_t* cr, const std::string& target, const Area& area) {
  const std::string attributes =
      fmt::format("rect=[{:.2f} {:.2f} {:.2f} {:.2f}] {}", area.x, area.y, area.width, area.height, target);
  cairo_tag_begin(cr, CAIRO_TAG_LINK, attributes.c_str());
  cairo_tag_end(cr, CAIRO_TAG_LINK);
}

/// The links of one line of a text whose left edge and line's top are at (x, y).
void line_links(cairo_t* cr, const SetText& text, PangoLayoutLine* line, const LinePlace& place, double x, double y) {
  const auto begin = static_cast<std::size_t>(line->start_index);
  const std::size_t end = begin + static_cast<std::size_t>(line->length);
  for (const LinkPlace& at : text.links) {
    const std::size_t from = std::max(begin, at.begin);
    const std::size_t to = std::min(end, at.end);
    if (from >= to) continue;
    int* ranges = nullptr;
    int count = 0;
    pango_layout_line_get_x_ranges(line, static_cast<int>(from), static_cast<int>(to), &ranges, &count);
    const std::string target =
        at.address.empty() ? fmt::format("dest='{}'", at.anchor) : fmt::format("uri='{}'", at.address);
    for (int i = 0; i < count; ++i) {
      const double left = static_cast<double>(ranges[2 * i]) / PANGO_SCALE;
      const double right = static_cast<double>(ranges[2 * i + 1]) / PANGO_SCALE;
      link(cr, target, {x + left, y, right - left, place.bottom - place.top});
    }
    g_free(ranges);
  }
}

void paint_item(cairo_t* cr, const PlacedLines& placed) {
  if (!placed.text) return;
  const SetText& text = *placed.text;
  draw::set_ink(cr, text.ink, draw::Theme::kLight);
  const GSList* node = pango_layout_get_lines_readonly(text.layout.get());
  for (std::size_t i = 0; i < placed.last && node != nullptr; ++i, node = node->next) {
    if (i < placed.first) continue;
    auto* line = static_cast<PangoLayoutLine*>(node->data);
    const LinePlace& place = text.lines[i];
    const double y = placed.y - text.lines[placed.first].top;
    cairo_move_to(cr, placed.x + place.left, y + place.baseline);
    pango_cairo_show_layout_line(cr, line);
    line_links(cr, text, line, place, placed.x, y + place.top);
  }
}

void paint_item(cairo_t* cr, const PlacedPicture& picture) {
  cairo_save(cr);
  cairo_translate(cr, picture.x, picture.y);
  cairo_scale(cr, picture.scale, picture.scale);
  draw::paint(cr, *picture.drawing, draw::Theme::kLight);
  cairo_restore(cr);
}

void mark(cairo_t* cr, const Mark& mark) {
  constexpr double kAbove = 8;  // So that a viewer does not put the words at its very edge.
  const std::string attributes =
      fmt::format("name='{}' x={:.2f} y={:.2f}", mark.anchor, kMargin, std::max(mark.y - kAbove, 0.0));
  cairo_tag_begin(cr, CAIRO_TAG_DEST, attributes.c_str());
  cairo_tag_end(cr, CAIRO_TAG_DEST);
}

}  // namespace

PagePainter::PagePainter(_cairo* cr, const Typesetter& typesetter, std::string title, std::size_t pages)
    : cr_(cr),
      typesetter_(typesetter),
      title_(typesetter.set_one_line(title, kFooterStyle, kBodyWidth - 60)),
      pages_(pages) {}

void PagePainter::paint(const Page& page, std::size_t number) {
  for (const Fill& area : page.fills) fill(cr_, area);
  for (const auto& item : page.items) std::visit([this](const auto& placed) { paint_item(cr_, placed); }, item);
  for (const LinkArea& area : page.links) link(cr_, fmt::format("dest='{}'", area.anchor), area.area);
  for (const Mark& at : page.marks) mark(cr_, at);
  footer(number);
  cairo_show_page(cr_);
}

void PagePainter::footer(std::size_t number) {
  fill(cr_, {{kMargin, kFooterRule, kBodyWidth, 0.5}, {draw::Ink::kMuted, 0.3}});
  if (number > 1) paint_item(cr_, {title_, 0, 1, kMargin, kFooterRule + 6});
  TextStyle right = kFooterStyle;
  right.align = Align::kRight;
  const SetTextPtr of = typesetter_.set({{fmt::format("{} / {}", number, pages_)}}, right, kBodyWidth);
  paint_item(cr_, {of, 0, 1, kMargin, kFooterRule + 6});
}

}  // namespace fa::document::pdf
