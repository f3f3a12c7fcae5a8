#include "draw/drawable.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/utf8.h"

namespace fa::draw {
namespace {

constexpr double kHeadLength = 9;
constexpr double kHeadHalfWidth = 4;
constexpr double kLargestFont = 1000;
constexpr double kWidestStroke = 1000;

bool is_forbidden(char32_t c) { return is_hazard(c) || c == 0xFFFE || c == 0xFFFF; }

double in_range(double value) { return std::clamp(value, -kFarthest, kFarthest); }
bool is_number(const Point& p) { return std::isfinite(p.x) && std::isfinite(p.y); }
Point in_range(const Point& p) { return {in_range(p.x), in_range(p.y)}; }

double extent(double value) { return std::isfinite(value) && value > 0 ? std::min(value, kFarthest) : 0; }

Stroke usable(Stroke stroke) {
  stroke.width = std::min(extent(stroke.width), kWidestStroke);
  return stroke;
}

/// Each makes one shape fit to be painted; false: leave it out.
bool prepare(Polyline& line) {
  std::erase_if(line.points, [](const Point& p) { return !is_number(p); });
  for (Point& p : line.points) p = in_range(p);
  line.stroke = usable(line.stroke);
  return line.points.size() >= 2;
}

bool prepare(Curve& curve) {
  if (curve.points.size() < 4 || curve.points.size() % 3 != 1) return false;
  if (!std::all_of(curve.points.begin(), curve.points.end(), is_number)) return false;
  for (Point& p : curve.points) p = in_range(p);
  curve.stroke = usable(curve.stroke);
  return curve.stroke.width > 0;
}

bool prepare(Box& box) {
  box.width = extent(box.width);
  box.height = extent(box.height);
  box.radius = std::min({extent(box.radius), box.width / 2, box.height / 2});
  box.stroke = usable(box.stroke);
  if (!is_number(box.corner)) return false;
  box.corner = in_range(box.corner);
  return box.width > 0 && box.height > 0;
}

bool prepare(Circle& circle) {
  circle.radius = extent(circle.radius);
  circle.hint = shown_text(circle.hint);
  if (!is_number(circle.center)) return false;
  circle.center = in_range(circle.center);
  return circle.radius > 0;
}

bool prepare(Text& text) {
  text.size = std::min(extent(text.size), kLargestFont);
  text.text = shown_text(text.text);
  if (!is_number(text.at)) return false;
  text.at = in_range(text.at);
  return text.size > 0 && !text.text.empty();
}

}  // namespace

std::string shown_text(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string out;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++characters) {
    if (characters == kLongestText) return out + "…";
    const Utf8Char c = decode_utf8(text.substr(i));
    if (c.valid && (c.code == U'\n' || c.code == U'\t' || c.code == U'\r')) {
      out += ' ';
    } else {
      out += c.valid && !is_forbidden(c.code) ? text.substr(i, c.size) : kReplacement;
    }
    i += c.size;
  }
  return out;
}

Drawing drawable(const Drawing& drawing) {
  Drawing out;
  out.width = extent(drawing.width);
  out.height = extent(drawing.height);
  out.title = shown_text(drawing.title);
  out.shapes.reserve(drawing.shapes.size());
  for (Shape shape : drawing.shapes) {
    if (std::visit([](auto& s) { return prepare(s); }, shape)) out.shapes.push_back(std::move(shape));
  }
  return out;
}

std::optional<Arrow> arrow_of(const Curve& curve) {
  if (curve.points.size() < 4) return std::nullopt;
  const Point tip = curve.points.back();
  const auto distance = [&](const Point& p) { return std::hypot(tip.x - p.x, tip.y - p.y); };
  // Control points may lie on the end itself: the last one that does not tells the direction.
  const auto from =
      std::find_if(curve.points.rbegin(), curve.points.rend(), [&](const Point& p) { return distance(p) > 0.01; });
  if (from == curve.points.rend()) return std::nullopt;
  const Point along = {(tip.x - from->x) / distance(*from), (tip.y - from->y) / distance(*from)};
  const Point base = {tip.x - along.x * kHeadLength, tip.y - along.y * kHeadLength};
  Arrow arrow{curve.points,
              {tip, Point{base.x - along.y * kHeadHalfWidth, base.y + along.x * kHeadHalfWidth},
               Point{base.x + along.y * kHeadHalfWidth, base.y - along.x * kHeadHalfWidth}}};
  arrow.line.back() = base;
  // A control point within the head would bend the line back.
  Point& control = arrow.line[arrow.line.size() - 2];
  if (distance(control) < kHeadLength) control = base;
  return arrow;
}

DashLengths dash_lengths(Dash dash) {
  switch (dash) {
    case Dash::kSolid:
      return {};
    case Dash::kDashed:
      return {5, 4};
    case Dash::kDotted:
      return {2, 3};
  }
  return {};
}

}  // namespace fa::draw
