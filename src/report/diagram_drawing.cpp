#include "report/diagram_drawing.h"

#include <algorithm>
#include <functional>

#include "report/diagram_symbols.h"
#include "report/phrases.h"

namespace fa {
namespace {

using draw::Box;
using draw::Curve;
using draw::Dash;
using draw::Drawing;
using draw::Ink;
using draw::Point;
using draw::Stroke;
using draw::Text;

constexpr double kMargin = 12;
constexpr double kLeastDrawingWidth = 420;
constexpr double kLegendRow = 22;

class DiagramPainter {
 public:
  DiagramPainter(const Diagram& diagram, const DiagramLayout& layout) : diagram_(diagram), layout_(layout) {}

  Drawing paint() {
    drawing_.title = diagram_words::title(diagram_);
    drawing_.width = std::max(layout_.width + 2 * kMargin, kLeastDrawingWidth);
    shift_ = {(drawing_.width - layout_.width) / 2, kMargin};
    for (std::size_t i = 0; i < diagram_.edges.size(); ++i) edge(i);
    for (std::size_t i = 0; i < diagram_.nodes.size(); ++i) node(i);
    // Over the boxes: a label may come close to one.
    for (std::size_t i = 0; i < diagram_.edges.size(); ++i) edge_label(i);
    legend(layout_.height + 2 * kMargin);
    return std::move(drawing_);
  }

 private:
  template <class Shape>
  void add(Shape shape) {
    drawing_.shapes.emplace_back(std::move(shape));
  }
  [[nodiscard]] Point moved(Point p) const { return {p.x + shift_.x, p.y + shift_.y}; }

  void words(Point at, std::string text, double size, Ink ink, double room, bool bold = false,
             draw::Anchor anchor = draw::Anchor::kStart) {
    text = draw::text_to_fit(text, room, size, draw::CutAt::kMiddle, bold);
    add(Text{at, std::move(text), size, ink, anchor, bold, false});
  }

  [[nodiscard]] static Stroke edge_stroke(const DiagramEdge& e) {
    const Dash dash = e.observed ? Dash::kSolid : Dash::kDashed;
    if (e.failing) return {Ink::kBad, 4, dash};
    if (e.path) return {Ink::kWarn, 3, dash};
    return {Ink::kMuted, 1.2, dash};
  }

  void edge(std::size_t i) {
    const DiagramEdge& e = diagram_.edges[i];
    Curve curve;
    for (const Point& p : layout_.edges[i].curve) curve.points.push_back(moved(p));
    curve.stroke = edge_stroke(e);
    curve.arrow = true;
    if (e.failing) crosses_.push_back(middle(curve.points));
    add(std::move(curve));
  }

  /// Of a spline: half way along its middle piece (de Casteljau).
  static Point middle(const std::vector<Point>& points) {
    const std::size_t piece = (points.size() - 1) / 3 / 2 * 3;
    const auto half = [](Point a, Point b) { return Point{(a.x + b.x) / 2, (a.y + b.y) / 2}; };
    const Point ab = half(points[piece], points[piece + 1]);
    const Point bc = half(points[piece + 1], points[piece + 2]);
    const Point cd = half(points[piece + 2], points[piece + 3]);
    return half(half(ab, bc), half(bc, cd));
  }

  void edge_label(std::size_t i) {
    const auto lines = diagram_words::figures(diagram_, diagram_.edges[i]);
    if (lines.empty() || !layout_.edges[i].label) return;
    const BoxSize size = label_size(diagram_, diagram_.edges[i]);
    const Point center = moved(*layout_.edges[i].label);
    const bool told = diagram_.edges[i].path || diagram_.edges[i].failing;
    double y = center.y - size.height / 2 + 10.5;
    for (const std::string& line : lines) {
      words({center.x, y}, line, 10.5, told ? Ink::kText : Ink::kMuted, size.width, false, draw::Anchor::kMiddle);
      y += 14;
    }
  }

  void node(std::size_t i) {
    const DiagramNode& n = diagram_.nodes[i];
    const double border = frame_width(n);
    BoxSize size = node_size(diagram_, n);
    size = {size.width - 2 * border, size.height - 2 * border};
    const Point center = moved(layout_.nodes[i]);
    const Point corner{center.x - size.width / 2, center.y - size.height / 2};
    frame(n, corner, size);
    const double behind = n.group() ? border : 0;  // Words stand on the front box.
    const double left = corner.x + 10 - behind;
    const double room = size.width - 20;
    double y = corner.y + 8 + behind;
    if (const std::string caption = diagram_words::caption(diagram_, n); !caption.empty()) {
      add_kind_symbol(drawing_, n.kind, {left + 6, y + 6});
      const double indent = n.kind == NodeKind::kUnknown ? 0 : 18;
      words({left + indent, y + 10}, caption, 10, Ink::kMuted, room - indent);
      y += 16;
    }
    words({left, y + 12}, diagram_words::name(diagram_, n), 13, Ink::kText, room, true);
    y += 16;
    const std::string note = diagram_words::note(diagram_, n);
    if (note.empty()) return;
    mark_symbol(n.mark, {left + 6, y + 7});
    words({left + 18, y + 11}, note, 10.5, Ink::kText, room - 18, n.mark == DiagramMark::kCause);
  }

  void frame(const DiagramNode& n, Point corner, BoxSize size) {
    const Dash dash = n.observed ? Dash::kSolid : Dash::kDashed;
    const double around = frame_width(n);
    if (n.group()) {
      const Stroke thin{Ink::kMuted, 1, dash};
      for (const double shift : {around, -around}) {
        add(Box{{corner.x + shift, corner.y - shift}, size.width, size.height, 6, true, Ink::kPaper, thin});
      }
      return;
    }
    if (around > 0) {
      const Point outer{corner.x - around, corner.y - around};
      add(Box{outer, size.width + 2 * around, size.height + 2 * around, 9, true, Ink::kPaper, {Ink::kBad, 2, dash}});
    }
    add(Box{corner, size.width, size.height, 6, true, Ink::kCard, border(n.mark, dash)});
  }

  [[nodiscard]] static Stroke border(DiagramMark mark, Dash dash) {
    switch (mark) {
      case DiagramMark::kCause:
      case DiagramMark::kInvolved:
        return {Ink::kBad, 2, dash};
      case DiagramMark::kSymptom:
        return {Ink::kWarn, 2, dash};
      case DiagramMark::kNone:
        break;
    }
    return {Ink::kMuted, 1, dash};
  }

  void mark_symbol(DiagramMark mark, Point center) {
    if (mark == DiagramMark::kCause) add_triangle(drawing_, center, Ink::kBad);
    if (mark == DiagramMark::kInvolved) add_cross(drawing_, center, Ink::kBad);
    if (mark == DiagramMark::kSymptom) add(draw::Circle{center, 4, Ink::kWarn, {}});
  }

  struct LegendItem {
    std::function<void(Point)> symbol;  ///< 32 wide, centered on the line of the given point at its left.
    std::string text;
  };

  [[nodiscard]] bool any_node(const std::function<bool(const DiagramNode&)>& is) const {
    return std::any_of(diagram_.nodes.begin(), diagram_.nodes.end(), is);
  }
  [[nodiscard]] bool any_edge(const std::function<bool(const DiagramEdge&)>& is) const {
    return std::any_of(diagram_.edges.begin(), diagram_.edges.end(), is);
  }

  /// Only what occurs is explained.
  [[nodiscard]] std::vector<LegendItem> legend_items() {
    std::vector<LegendItem> items;
    const auto line = [this](Stroke stroke) {
      return [this, stroke](Point at) {
        add(Curve{{at, {at.x + 10, at.y}, {at.x + 20, at.y}, {at.x + 30, at.y}}, stroke, true});
      };
    };
    const auto item = [&](Phrase phrase, std::function<void(Point)> symbol) {
      items.push_back({std::move(symbol), std::string(say(diagram_.language, phrase))});
    };
    const auto marked = [&](DiagramMark mark) {
      return any_node([mark](const DiagramNode& n) { return n.mark == mark; });
    };
    const auto mark_item = [&](DiagramMark mark, Phrase phrase) {
      if (!marked(mark)) return;
      item(phrase, [this, mark](Point at) {
        DiagramNode sample;
        sample.mark = mark;
        frame(sample, {at.x + 4, at.y - 5}, {24, 10});
        mark_symbol(mark, {at.x + 16, at.y});
      });
    };
    mark_item(DiagramMark::kCause, Phrase::kSuspect);
    mark_item(DiagramMark::kSymptom, Phrase::kDiagramSymptoms);
    if (any_edge([](const DiagramEdge& e) { return e.path; })) {
      item(Phrase::kDiagramPath, line({Ink::kWarn, 3, Dash::kSolid}));
    }
    if (any_edge([](const DiagramEdge& e) { return e.failing; })) {
      item(Phrase::kDiagramFailing, [this, line](Point at) {
        line({Ink::kBad, 4, Dash::kSolid})(at);
        cross_on_line({at.x + 12, at.y});
      });
    }
    if (any_edge([](const DiagramEdge& e) { return !e.observed; }) ||
        any_node([](const DiagramNode& n) { return !n.observed; })) {
      item(Phrase::kDiagramInferred, line({Ink::kMuted, 1.2, Dash::kDashed}));
    }
    if (diagram_.folded > 0) {
      item(Phrase::kDiagramGroup, [this](Point at) {
        DiagramNode sample;
        sample.members = 2;
        frame(sample, {at.x + 2, at.y - 4}, {22, 10});
      });
    }
    return items;
  }

  /// A cross that can be seen on a thick line of its colour.
  void cross_on_line(Point at) {
    add(draw::Circle{at, 7, Ink::kPaper, {}});
    add_cross(drawing_, at, Ink::kBad);
  }

  void legend(double top) {
    for (const Point& p : crosses_) cross_on_line(p);
    const double right = drawing_.width - kMargin;
    Point at{kMargin, top + kLegendRow / 2};
    add(draw::Polyline{{{kMargin, top - 4}, {right, top - 4}}, {Ink::kGrid, 1, Dash::kSolid}});
    for (const LegendItem& i : legend_items()) {
      const double width = 38 + draw::text_width(i.text, 11) + 18;
      if (at.x > kMargin && at.x + width > right) at = {kMargin, at.y + kLegendRow};
      i.symbol(at);
      words({at.x + 38, at.y + 4}, i.text, 11, Ink::kText, right - at.x - 38);
      at.x += width;
    }
    if (at.x > kMargin) at = {kMargin, at.y + kLegendRow};
    std::vector<std::string> notes;
    if (any_edge([&](const DiagramEdge& e) { return !diagram_words::figures(diagram_, e).empty(); })) {
      notes.emplace_back(say(diagram_.language, Phrase::kDiagramFigures));
    }
    if (diagram_.folded > 0) notes.push_back(diagram_words::remark(diagram_));
    for (const std::string& note : notes) {
      words({at.x, at.y + 4}, note, 11, Ink::kMuted, right - at.x);
      at.y += kLegendRow;
    }
    drawing_.height = at.y - kLegendRow / 2 + kMargin;
  }

  const Diagram& diagram_;
  const DiagramLayout& layout_;
  Drawing drawing_;
  Point shift_;
  std::vector<Point> crosses_;  ///< Painted after the boxes.
};

}  // namespace

Drawing draw_diagram(const Diagram& diagram, const DiagramLayout& layout) {
  return DiagramPainter(diagram, layout).paint();
}

Result<std::optional<Drawing>> diagram_drawing(const Report& report, const LayoutOptions& options,
                                               const Context& context) {
  const Diagram diagram = make_diagram(report);
  if (diagram.empty()) return std::optional<Drawing>();
  const auto layout = lay_out(diagram, options, context);
  if (!layout) return tl::unexpected(layout.error());
  return std::optional<Drawing>(draw_diagram(diagram, *layout));
}

}  // namespace fa
