#include "document/pdf_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "document/line.h"
#include "draw/cairo_paint.h"
#include "draw/pango_cairo.h"

namespace fa::document::pdf {
namespace {

struct ObjectRelease {
  void operator()(void* object) const { g_object_unref(object); }
};
struct AttributesRelease {
  void operator()(PangoAttrList* list) const { pango_attr_list_unref(list); }
};
using Attributes = std::unique_ptr<PangoAttrList, AttributesRelease>;

int to_pango(double points) { return static_cast<int>(std::lround(points * PANGO_SCALE)); }
double to_points(int units) { return static_cast<double>(units) / PANGO_SCALE; }

/// `style` on bytes [begin, end) of the list's text; the list owns it from then on.
void add_attribute(PangoAttrList* list, PangoAttribute* style, std::size_t begin, std::size_t end) {
  style->start_index = static_cast<guint>(begin);
  style->end_index = static_cast<guint>(end);
  pango_attr_list_insert(list, style);
}

PangoAttribute* ink_attribute(draw::Ink ink) {
  const std::string_view color = draw::ink_color(ink, draw::Theme::kLight);  // #rrggbb
  const auto part = [&](std::size_t at) {
    unsigned value = 0;
    std::from_chars(color.data() + at, color.data() + at + 2, value, 16);
    return static_cast<guint16>(value * 257);
  };
  return pango_attr_foreground_new(part(1), part(3), part(5));
}

void add_run(PangoAttrList* list, const Run& run, const TextStyle& style, std::size_t begin, std::size_t end) {
  if (run.emphasis == Emphasis::kStrong) {
    add_attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), begin, end);
  } else if (run.emphasis == Emphasis::kCode) {
    add_attribute(list, pango_attr_family_new(draw::kMonoFont), begin, end);
    add_attribute(list, pango_attr_size_new_absolute(to_pango(style.size * 0.98)), begin, end);
  } else if (run.emphasis == Emphasis::kMuted) {
    add_attribute(list, ink_attribute(draw::Ink::kMuted), begin, end);
  }
}

/// For all of a text: every letter a glyph of its own, since searches do not find "fi" in a ligature, and no hyphens
/// that are not there.
Attributes plain_attributes(std::size_t length) {
  Attributes attributes(pango_attr_list_new());
  add_attribute(attributes.get(), pango_attr_font_features_new("liga=0, clig=0"), 0, length);
  add_attribute(attributes.get(), pango_attr_insert_hyphens_new(FALSE), 0, length);
  return attributes;
}

std::vector<LinePlace> lines_of(PangoLayout* layout) {
  std::vector<LinePlace> lines;
  PangoLayoutIter* iter = pango_layout_get_iter(layout);
  do {
    int top = 0;
    int bottom = 0;
    PangoRectangle extents{};
    pango_layout_iter_get_line_yrange(iter, &top, &bottom);
    pango_layout_iter_get_line_extents(iter, nullptr, &extents);
    lines.push_back(
        {to_points(extents.x), to_points(top), to_points(bottom), to_points(pango_layout_iter_get_baseline(iter))});
  } while (pango_layout_iter_next_line(iter) != 0);
  pango_layout_iter_free(iter);
  return lines;
}

SetTextPtr finished(std::shared_ptr<PangoLayout> layout, const TextStyle& style, double width,
                    std::vector<LinkPlace> links) {
  auto text = std::make_shared<SetText>();
  text->lines = lines_of(layout.get());
  text->layout = std::move(layout);
  text->width = width;
  text->ink = style.ink;
  text->links = std::move(links);
  return text;
}

/// Without a NUL, at which pango would stop.
void set_layout_text(PangoLayout* layout, std::string_view text) {
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
}

}  // namespace

Typesetter::Typesetter(Language language, const Outline& outline)
    : outline_(outline), context_(pango_font_map_create_context(pango_cairo_font_map_get_default()), ObjectRelease()) {
  // One unit is a point, and glyphs are as wide as their outlines, whatever this machine prefers on its screen.
  pango_cairo_context_set_resolution(context_.get(), 72);
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context_.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
  pango_context_set_language(context_.get(), pango_language_from_string(std::string(language_name(language)).c_str()));
  pango_context_set_base_dir(context_.get(), PANGO_DIRECTION_LTR);
}

std::shared_ptr<PangoLayout> Typesetter::layout_for(const TextStyle& style, double width) const {
  std::shared_ptr<PangoLayout> layout(pango_layout_new(context_.get()), ObjectRelease());
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(font, style.mono ? draw::kMonoFont : draw::kSansFont);
  pango_font_description_set_absolute_size(font, to_pango(style.size));
  if (style.bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_auto_dir(layout.get(), FALSE);
  pango_layout_set_width(layout.get(), to_pango(std::max(width, 1.0)));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  if (style.align == Align::kRight) pango_layout_set_alignment(layout.get(), PANGO_ALIGN_RIGHT);
  return layout;
}

SetTextPtr Typesetter::set(const Line& line, const TextStyle& style, double width) const {
  std::shared_ptr<PangoLayout> layout = layout_for(style, width);
  const Attributes attributes = plain_attributes(2 * kLongestLine);
  std::string text;
  std::vector<LinkPlace> links;
  for (const Run& run : shown_line(line)) {
    const std::size_t begin = text.size();
    const std::string words = with_words_cut(run.text, kLongestWord);
    const std::string_view shown = utf8_prefix(words, kLongestLine - std::min(begin, kLongestLine));
    text += shown;
    add_run(attributes.get(), run, style, begin, text.size());
    const std::string_view anchor = outline_.target(run.link);
    const bool outside = !run.link.empty() && inside_anchor(run.link).empty();
    if (outside || !anchor.empty()) {
      add_attribute(attributes.get(), ink_attribute(draw::Ink::kWindow), begin, text.size());
      links.push_back({begin, text.size(), outside ? run.link : std::string(), std::string(anchor)});
    }
    if (shown.size() < words.size()) {
      text += "…";
      break;
    }
  }
  set_layout_text(layout.get(), text);
  pango_layout_set_attributes(layout.get(), attributes.get());
  return finished(std::move(layout), style, width, std::move(links));
}

SetTextPtr Typesetter::set_one_line(std::string_view text, const TextStyle& style, double width) const {
  std::shared_ptr<PangoLayout> layout = layout_for(style, width);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  const std::string shown = plain_text({{std::string(text)}});
  const Attributes attributes = plain_attributes(shown.size());
  set_layout_text(layout.get(), utf8_prefix(shown, 1000));
  pango_layout_set_attributes(layout.get(), attributes.get());
  return finished(std::move(layout), style, width, {});
}

SetTextPtr Typesetter::set_code(std::string_view text, const TextStyle& style, double width) const {
  std::shared_ptr<PangoLayout> layout = layout_for(style, width);
  // What goes on on a further line is indented, so that it is seen to be the same line of the code.
  pango_layout_set_indent(layout.get(), to_pango(-1.5 * style.size));
  const Attributes attributes = plain_attributes(text.size());
  set_layout_text(layout.get(), text);
  pango_layout_set_attributes(layout.get(), attributes.get());
  return finished(std::move(layout), style, width, {});
}

}  // namespace fa::document::pdf
