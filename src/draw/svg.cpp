#include <fmt/core.h>

#include <cmath>

#include "base/escape.h"
#include "draw/drawable.h"
#include "draw/drawing.h"

namespace fa::draw {
namespace {

constexpr std::string_view kSans =
    "system-ui, 'Segoe UI', 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', 'Yu Gothic UI', Meiryo, sans-serif";
constexpr std::string_view kMono =
    "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK JP', monospace";

/// A hundredth of a unit is finer than any screen: `12.5`, `3`, never `-0`.
std::string number(double value) {
  const auto hundredths = std::llround(value * 100);
  std::string out = fmt::format("{}{}", hundredths < 0 ? "-" : "", std::llabs(hundredths) / 100);
  const auto rest = std::llabs(hundredths) % 100;
  if (rest == 0) return out;
  return out + (rest % 10 == 0 ? fmt::format(".{}", rest / 10) : fmt::format(".{:02}", rest));
}

std::string pair(const Point& p) { return number(p.x) + " " + number(p.y); }

class SvgWriter {
 public:
  explicit SvgWriter(bool standalone) : standalone_(standalone) {}

  std::string write(const Drawing& drawing, const std::string& id) {
    const std::string width = number(drawing.width);
    const std::string height = number(drawing.height);
    add(R"(<svg{} class="drawing" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}" )"
        R"(xml:space="preserve" font-family="{}" stroke-linejoin="round">)",
        standalone_ ? R"( xmlns="http://www.w3.org/2000/svg")" : "", width, height, width, height, id, kSans);
    add(R"(<title id="{}">{}</title>)", id, escape_markup(drawing.title));
    if (standalone_) {
      dark_colors();
      add(R"(<rect width="{}" height="{}" fill="{}"/>)", width, height, color(Ink::kPaper));
    }
    for (const Shape& shape : drawing.shapes) {
      std::visit([this](const auto& s) { shape_of(s); }, shape);
      out_ += '\n';
    }
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...);
  }

  /// The light value, which `dark_colors` replaces, where there is no page to define the variable.
  [[nodiscard]] std::string color(Ink ink) const {
    return standalone_ ? std::string(ink_color(ink, Theme::kLight)) : fmt::format("var({})", ink_variable(ink));
  }

  /// Viewers that know no style sheets still show the light colours.
  void dark_colors() {
    out_ += "<style>@media (prefers-color-scheme: dark) {";
    for (int i = 0; i < kInkCount; ++i) {
      const auto light = ink_color(static_cast<Ink>(i), Theme::kLight);
      const auto dark = ink_color(static_cast<Ink>(i), Theme::kDark);
      add(R"( [fill="{0}"] {{ fill: {1} }} [stroke="{0}"] {{ stroke: {1} }})", light, dark);
    }
    out_ += " }</style>";
  }

  [[nodiscard]] std::string stroked(const Stroke& stroke) const {
    if (!(stroke.width > 0)) return {};
    std::string out = fmt::format(R"( stroke="{}" stroke-width="{}")", color(stroke.ink), number(stroke.width));
    if (stroke.dash == Dash::kSolid) return out + R"( stroke-linecap="round")";
    const DashLengths lengths = dash_lengths(stroke.dash);
    return out + fmt::format(R"( stroke-dasharray="{} {}")", number(lengths.on), number(lengths.off));
  }

  [[nodiscard]] std::string filled(bool filled, Ink ink) const {
    return fmt::format(R"( fill="{}")", filled ? color(ink) : "none");
  }

  void shape_of(const Polyline& line) {
    std::string path;
    for (const Point& p : line.points) path += (path.empty() ? "M" : "L") + pair(p);
    add(R"(<path d="{}{}"{}{}/>)", path, line.closed ? "Z" : "", filled(line.closed && line.filled, line.fill),
        stroked(line.stroke));
  }

  void shape_of(const Curve& curve) {
    const std::optional<Arrow> arrow = curve.arrow ? arrow_of(curve) : std::nullopt;
    std::string path;
    for (const Point& p : arrow ? arrow->line : curve.points) {
      path += (path.empty() ? "M" : path.find('C') == std::string::npos ? "C" : " ") + pair(p);
    }
    add(R"(<path d="{}" fill="none"{}/>)", path, stroked(curve.stroke));
    if (!arrow) return;
    const auto& head = arrow->head;
    add(R"(<path d="M{}L{}L{}Z" fill="{}"/>)", pair(head[0]), pair(head[1]), pair(head[2]), color(curve.stroke.ink));
  }

  void shape_of(const Box& box) {
    add(R"(<rect x="{}" y="{}" width="{}" height="{}")", number(box.corner.x), number(box.corner.y), number(box.width),
        number(box.height));
    if (box.radius > 0) add(R"( rx="{}")", number(box.radius));
    add("{}{}/>", filled(box.filled, box.fill), stroked(box.stroke));
  }

  void shape_of(const Circle& circle) {
    add(R"(<circle cx="{}" cy="{}" r="{}" fill="{}")", number(circle.center.x), number(circle.center.y),
        number(circle.radius), color(circle.fill));
    if (circle.hint.empty()) {
      out_ += "/>";
    } else {
      add("><title>{}</title></circle>", escape_markup(circle.hint));
    }
  }

  void shape_of(const Text& text) {
    add(R"(<text x="{}" y="{}" font-size="{}" fill="{}")", number(text.at.x), number(text.at.y), number(text.size),
        color(text.ink));
    if (text.anchor != Anchor::kStart) add(R"( text-anchor="{}")", text.anchor == Anchor::kMiddle ? "middle" : "end");
    if (text.bold) out_ += R"( font-weight="bold")";
    if (text.mono) add(R"( font-family="{}")", kMono);
    add(">{}</text>", escape_markup(text.text));
  }

  bool standalone_;
  std::string out_;
};

}  // namespace

std::string to_svg(const Drawing& drawing, const SvgOptions& options) {
  return SvgWriter(options.standalone).write(drawable(drawing), escape_markup(shown_text(options.id)));
}

}  // namespace fa::draw
