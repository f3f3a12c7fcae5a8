#include <fmt/core.h>

#include <algorithm>

#include "report/diagram_layout.h"

namespace fa {
namespace {

constexpr double kDotPointsPerInch = 72;  // Our pixel is one of its points.
constexpr double kLeastWidth = 90;
constexpr double kMostWidth = 236;

std::string inches(double pixels) { return fmt::format("{:.4f}", pixels / kDotPointsPerInch); }

/// A quoted string of the DOT language that shows just this text: in labels, a backslash begins escapes.
std::string dot_string(std::string_view visible_text) {
  std::string out = "\"";
  for (const char c : visible_text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Lines one below the other, by DOT's own escape for an end of line.
std::string dot_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    const std::string quoted = dot_string(line);
    out += (out.empty() ? "" : "\\n") + quoted.substr(1, quoted.size() - 2);
  }
  return '"' + out + '"';
}

std::string_view dot_shape(const DiagramNode& node) {
  if (node.group()) return "box3d";
  switch (node.kind) {
    case NodeKind::kDatabase:
    case NodeKind::kCache:
    case NodeKind::kStorage:
      return "cylinder";
    case NodeKind::kQueue:
      return "cds";
    case NodeKind::kLoadBalancer:
      return "hexagon";
    case NodeKind::kExternal:
    case NodeKind::kClient:
      return "ellipse";
    default:
      return "box";
  }
}

std::string_view dot_border(DiagramMark mark) {
  switch (mark) {
    case DiagramMark::kCause:
      return ", peripheries=2, penwidth=3, color=\"#d55e00\"";
    case DiagramMark::kInvolved:
      return ", penwidth=2, color=\"#d55e00\"";
    case DiagramMark::kSymptom:
      return ", penwidth=2, color=\"#e69f00\"";
    case DiagramMark::kNone:
      break;
  }
  return "";
}

}  // namespace

double frame_width(const DiagramNode& node) {
  if (node.group()) return 3;
  return node.mark == DiagramMark::kCause ? 4 : 0;
}

BoxSize node_size(const Diagram& diagram, const DiagramNode& node) {
  constexpr double kPadding = 22;  // Two more than the words have beside them: no rounding may cut a name.
  constexpr double kSymbol = 20;   // Of the kind, and of the mark.
  const std::string caption = diagram_words::caption(diagram, node);
  const std::string note = diagram_words::note(diagram, node);
  double width = draw::text_width(diagram_words::name(diagram, node), 13, true);
  if (!caption.empty()) width = std::max(width, kSymbol + draw::text_width(caption, 10));
  if (!note.empty()) width = std::max(width, kSymbol + draw::text_width(note, 10.5, node.mark == DiagramMark::kCause));
  const double height = 30 + (caption.empty() ? 0 : 16) + (note.empty() ? 0 : 16);
  const double frame = 2 * frame_width(node);
  return {std::clamp(width + kPadding, kLeastWidth, kMostWidth) + frame, height + frame};
}

BoxSize label_size(const Diagram& diagram, const DiagramEdge& edge) {
  BoxSize size;
  for (const std::string& line : diagram_words::figures(diagram, edge)) {
    size.width = std::max(size.width, draw::text_width(line, 10.5) + 8);
    size.height += 14;
  }
  if (size.height > 0) size.height += 8;  // Or a thick line would touch the words.
  return size;
}

std::string layout_dot(const Diagram& diagram, FlowDirection direction) {
  std::string out = fmt::format(
      "digraph fa2 {{\n  graph [rankdir={}, nodesep=0.3, ranksep=0.55]\n"
      "  node [shape=box, fixedsize=true, label=\"\"]\n  edge [arrowhead=none]\n",
      direction == FlowDirection::kRight ? "LR" : "TB");
  for (std::size_t i = 0; i < diagram.nodes.size(); ++i) {
    const BoxSize size = node_size(diagram, diagram.nodes[i]);
    out += fmt::format("  n{} [width={}, height={}]\n", i, inches(size.width), inches(size.height));
  }
  for (std::size_t i = 0; i < diagram.edges.size(); ++i) {
    const DiagramEdge& e = diagram.edges[i];
    out += fmt::format("  n{} -> n{} [id=e{}", e.from, e.to, i);
    // What matters is drawn straight.
    if (e.path || e.failing) out += ", weight=4";
    const BoxSize size = label_size(diagram, e);
    if (size.width > 0) {
      // The only kind of label whose size is not taken from some font.
      out += fmt::format(
          ", label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\" FIXEDSIZE=\"TRUE\" "
          "WIDTH=\"{:.0f}\" HEIGHT=\"{:.0f}\"><TR><TD></TD></TR></TABLE>>",
          size.width, size.height);
    }
    out += "]\n";
  }
  return out + "}\n";
}

std::string diagram_dot(const Diagram& diagram) {
  if (diagram.empty()) return {};
  std::string out =
      fmt::format("digraph fa2 {{\n  graph [rankdir=LR, label={}]\n", dot_string(diagram_words::title(diagram)));
  out += "  node [fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\", fontsize=10]\n";
  for (std::size_t i = 0; i < diagram.nodes.size(); ++i) {
    const DiagramNode& n = diagram.nodes[i];
    const std::string words = dot_lines(
        {diagram_words::caption(diagram, n), diagram_words::name(diagram, n), diagram_words::note(diagram, n)});
    out += fmt::format("  n{} [shape={}, label={}{}{}]\n", i, dot_shape(n), words, dot_border(n.mark),
                       n.observed ? "" : ", style=dashed");
  }
  for (const DiagramEdge& e : diagram.edges) {
    const auto lines = diagram_words::figures(diagram, e);
    out += fmt::format("  n{} -> n{} [style={}", e.from, e.to, e.observed ? "solid" : "dashed");
    if (!lines.empty()) out += ", label=" + dot_lines(lines);
    if (e.failing) out += ", penwidth=4, color=\"#d55e00\"";
    if (e.path) out += ", penwidth=3, color=\"#e69f00\"";
    out += "]\n";
  }
  return out + "}\n";
}

}  // namespace fa
