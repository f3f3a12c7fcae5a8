#include "draw/cairo_paint.h"

#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>
#include <string_view>

#include "draw/drawable.h"
#include "draw/pango_cairo.h"

namespace fa::draw {
namespace {

struct ObjectDeleter {
  void operator()(void* object) const { g_object_unref(object); }
};
struct FontDeleter {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
struct FontOptionsDeleter {
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};

class Painter {
 public:
  Painter(cairo_t* cr, Theme theme) : cr_(cr), theme_(theme), layout_(pango_cairo_create_layout(cr)) {
    // Without hints a text is as wide at every scale, and the same on every machine.
    const std::unique_ptr<cairo_font_options_t, FontOptionsDeleter> options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(pango_layout_get_context(layout_.get()), options.get());
    pango_layout_context_changed(layout_.get());
    pango_layout_set_single_paragraph_mode(layout_.get(), TRUE);
    pango_layout_set_auto_dir(layout_.get(), FALSE);
  }

  void operator()(const Polyline& line) {
    cairo_new_path(cr_);
    for (const Point& p : line.points) cairo_line_to(cr_, p.x, p.y);
    if (line.closed) cairo_close_path(cr_);
    fill_and_stroke(line.closed && line.filled ? std::optional(line.fill) : std::nullopt, line.stroke);
  }

  void operator()(const Curve& curve) {
    const std::optional<Arrow> arrow = curve.arrow ? arrow_of(curve) : std::nullopt;
    const std::vector<Point>& points = arrow ? arrow->line : curve.points;
    cairo_new_path(cr_);
    cairo_move_to(cr_, points[0].x, points[0].y);
    for (std::size_t i = 1; i + 2 < points.size(); i += 3) {
      cairo_curve_to(cr_, points[i].x, points[i].y, points[i + 1].x, points[i + 1].y, points[i + 2].x, points[i + 2].y);
    }
    fill_and_stroke(std::nullopt, curve.stroke);
    if (!arrow) return;
    cairo_new_path(cr_);
    for (const Point& p : arrow->head) cairo_line_to(cr_, p.x, p.y);
    cairo_close_path(cr_);
    fill_and_stroke(curve.stroke.ink, {.width = 0});
  }

  void operator()(const Box& box) {
    cairo_new_path(cr_);
    if (box.radius > 0) {
      rounded(box);
    } else {
      cairo_rectangle(cr_, box.corner.x, box.corner.y, box.width, box.height);
    }
    fill_and_stroke(box.filled ? std::optional(box.fill) : std::nullopt, box.stroke);
  }

  void operator()(const Circle& circle) {
    cairo_new_path(cr_);
    cairo_arc(cr_, circle.center.x, circle.center.y, circle.radius, 0, 2 * std::numbers::pi);
    fill_and_stroke(circle.fill, {.width = 0});
  }

  void operator()(const Text& text) {
    const std::unique_ptr<PangoFontDescription, FontDeleter> font(
        pango_font_description_from_string(text.mono ? kMonoFont : kSansFont));
    pango_font_description_set_absolute_size(font.get(), text.size * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), text.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout_.get(), font.get());
    pango_layout_set_text(layout_.get(), text.text.data(), static_cast<int>(text.text.size()));
    int width = 0;
    pango_layout_get_size(layout_.get(), &width, nullptr);
    const double length = static_cast<double>(width) / PANGO_SCALE;
    const double before = text.anchor == Anchor::kStart ? 0 : text.anchor == Anchor::kMiddle ? length / 2 : length;
    const double ascent = static_cast<double>(pango_layout_get_baseline(layout_.get())) / PANGO_SCALE;
    set_ink(cr_, text.ink, theme_);
    cairo_move_to(cr_, text.at.x - before, text.at.y - ascent);
    pango_cairo_show_layout(cr_, layout_.get());
  }

 private:
  void rounded(const Box& box) {
    constexpr double kQuarter = std::numbers::pi / 2;
    const double left = box.corner.x + box.radius;
    const double right = box.corner.x + box.width - box.radius;
    const double top = box.corner.y + box.radius;
    const double bottom = box.corner.y + box.height - box.radius;
    cairo_new_sub_path(cr_);
    cairo_arc(cr_, right, top, box.radius, -kQuarter, 0);
    cairo_arc(cr_, right, bottom, box.radius, 0, kQuarter);
    cairo_arc(cr_, left, bottom, box.radius, kQuarter, 2 * kQuarter);
    cairo_arc(cr_, left, top, box.radius, 2 * kQuarter, 3 * kQuarter);
    cairo_close_path(cr_);
  }

  void fill_and_stroke(std::optional<Ink> fill, const Stroke& stroke) {
    if (fill) {
      set_ink(cr_, *fill, theme_);
      cairo_fill_preserve(cr_);
    }
    if (stroke.width > 0) {
      const DashLengths lengths = dash_lengths(stroke.dash);
      const std::array<double, 2> dashes = {lengths.on, lengths.off};
      const bool solid = stroke.dash == Dash::kSolid;
      cairo_set_dash(cr_, dashes.data(), solid ? 0 : 2, 0);
      cairo_set_line_cap(cr_, solid ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
      cairo_set_line_join(cr_, CAIRO_LINE_JOIN_ROUND);
      cairo_set_line_width(cr_, stroke.width);
      set_ink(cr_, stroke.ink, theme_);
      cairo_stroke_preserve(cr_);
    }
    cairo_new_path(cr_);
  }

  cairo_t* cr_;
  Theme theme_;
  std::unique_ptr<PangoLayout, ObjectDeleter> layout_;
};

}  // namespace

void set_ink(cairo_t* cr, Ink ink, Theme theme) {
  const std::string_view color = ink_color(ink, theme);  // `#rrggbb`
  const auto part = [&](std::size_t at) {
    int value = 0;
    std::from_chars(color.data() + at, color.data() + at + 2, value, 16);
    return value / 255.0;
  };
  cairo_set_source_rgb(cr, part(1), part(3), part(5));
}

void paint(cairo_t* cr, const Drawing& drawing, Theme theme) {
  const Drawing safe = drawable(drawing);
  cairo_save(cr);
  cairo_rectangle(cr, 0, 0, safe.width, safe.height);
  cairo_clip(cr);
  Painter painter(cr, theme);
  for (const Shape& shape : safe.shapes) std::visit([&](const auto& s) { painter(s); }, shape);
  cairo_restore(cr);
}

}  // namespace fa::draw
