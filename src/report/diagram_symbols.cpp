#include "report/diagram_symbols.h"

#include <cmath>
#include <numbers>

namespace fa {
namespace {

using draw::Drawing;
using draw::Ink;
using draw::Point;
using draw::Polyline;
using draw::Stroke;

constexpr Stroke kLine{Ink::kMuted, 1.3, draw::Dash::kSolid};

void line(Drawing& d, std::vector<Point> points, Stroke stroke = kLine, bool closed = false) {
  d.shapes.emplace_back(Polyline{std::move(points), stroke, closed, false, Ink::kBand});
}

/// Part of an ellipse, from one angle to another (in halves of a turn, clockwise from the right).
void arc(Drawing& d, Point center, double rx, double ry, double from, double to) {
  constexpr int kSteps = 16;
  std::vector<Point> points;
  for (int i = 0; i <= kSteps; ++i) {
    const double angle = std::numbers::pi * (from + (to - from) * i / kSteps);
    points.push_back({center.x + rx * std::cos(angle), center.y + ry * std::sin(angle)});
  }
  line(d, std::move(points));
}

void box(Drawing& d, Point corner, double width, double height, double radius = 0) {
  d.shapes.emplace_back(draw::Box{corner, width, height, radius, false, Ink::kCard, kLine});
}

/// A drum.
void database(Drawing& d, Point c) {
  arc(d, {c.x, c.y - 4}, 5, 2, 0, 2);
  arc(d, {c.x, c.y + 4}, 5, 2, 0, 1);
  line(d, {{c.x - 5, c.y - 4}, {c.x - 5, c.y + 4}});
  line(d, {{c.x + 5, c.y - 4}, {c.x + 5, c.y + 4}});
}

/// A flash.
void cache(Drawing& d, Point c) {
  line(d, {{c.x + 1.5, c.y - 6}, {c.x - 3.5, c.y + 1}, {c.x + 3.5, c.y - 1}, {c.x - 1.5, c.y + 6}});
}

void queue(Drawing& d, Point c) {
  for (int i = 0; i < 3; ++i) box(d, {c.x - 6.5 + 4.5 * i, c.y - 4}, 4, 8);
}

/// A bucket.
void storage(Drawing& d, Point c) {
  line(d, {{c.x - 5.5, c.y - 5}, {c.x + 5.5, c.y - 5}, {c.x + 3.5, c.y + 5}, {c.x - 3.5, c.y + 5}}, kLine, true);
}

/// One that becomes three.
void load_balancer(Drawing& d, Point c) {
  for (const double dy : {-4.5, 0.0, 4.5}) line(d, {{c.x - 5, c.y}, {c.x, c.y}, {c.x + 5.5, c.y + dy}});
}

void function(Drawing& d, Point c) {
  line(d, {{c.x - 4, c.y - 5.5}, {c.x - 2, c.y - 5.5}, {c.x + 4.5, c.y + 5.5}});
  line(d, {{c.x, c.y - 1.5}, {c.x - 4, c.y + 5.5}});
}

/// A globe.
void external(Drawing& d, Point c) {
  arc(d, c, 5.5, 5.5, 0, 2);
  arc(d, c, 2.3, 5.5, 0, 2);
  line(d, {{c.x - 5.5, c.y}, {c.x + 5.5, c.y}});
}

/// Head and shoulders.
void client(Drawing& d, Point c) {
  arc(d, {c.x, c.y - 3}, 2.7, 2.7, 0, 2);
  arc(d, {c.x, c.y + 5.5}, 5.5, 5, 1, 2);
}

/// A window with a bar.
void service(Drawing& d, Point c) {
  box(d, {c.x - 5.5, c.y - 5}, 11, 10, 1.5);
  line(d, {{c.x - 5.5, c.y - 2}, {c.x + 5.5, c.y - 2}});
}

}  // namespace

void add_kind_symbol(Drawing& drawing, NodeKind kind, Point center) {
  switch (kind) {
    case NodeKind::kUnknown:
      return;
    case NodeKind::kService:
      return service(drawing, center);
    case NodeKind::kFunction:
      return function(drawing, center);
    case NodeKind::kDatabase:
      return database(drawing, center);
    case NodeKind::kCache:
      return cache(drawing, center);
    case NodeKind::kQueue:
      return queue(drawing, center);
    case NodeKind::kStorage:
      return storage(drawing, center);
    case NodeKind::kLoadBalancer:
      return load_balancer(drawing, center);
    case NodeKind::kExternal:
      return external(drawing, center);
    case NodeKind::kClient:
      return client(drawing, center);
  }
}

void add_triangle(Drawing& drawing, Point center, Ink ink) {
  Polyline shape;
  shape.points = {{center.x, center.y - 5}, {center.x + 5.5, center.y + 4.5}, {center.x - 5.5, center.y + 4.5}};
  shape.stroke = {ink, 0, draw::Dash::kSolid};
  shape.closed = shape.filled = true;
  shape.fill = ink;
  drawing.shapes.emplace_back(std::move(shape));
}

void add_cross(Drawing& drawing, Point center, Ink ink) {
  const Stroke stroke{ink, 2.5, draw::Dash::kSolid};
  line(drawing, {{center.x - 4, center.y - 4}, {center.x + 4, center.y + 4}}, stroke);
  line(drawing, {{center.x - 4, center.y + 4}, {center.x + 4, center.y - 4}}, stroke);
}

}  // namespace fa
