#include <fmt/core.h>

#include <array>

#include "base/utf8.h"
#include "report/diagram.h"

namespace fa {
namespace {

/// Text within a quoted Mermaid label. What ends a label or a Markdown fence, and what Mermaid acts upon (directives
/// `%%{`, references, HTML, Markdown, mathematics), becomes Mermaid's own character reference (`#34;`):
/// https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax
std::string mermaid_text(std::string_view visible_text) {
  constexpr std::string_view kActing = "\"#&<>`%\\$;{}|[]*~";
  std::string out;
  for (const char c : visible_text) {
    if (kActing.find(c) != std::string_view::npos) {
      out += fmt::format("#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string label(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    out += (out.empty() ? "" : "<br/>") + mermaid_text(line);
  }
  return out;
}

struct Brackets {
  std::string_view open;
  std::string_view close;
};

Brackets shape_of(const DiagramNode& node) {
  if (node.group()) return {"[[", "]]"};
  switch (node.kind) {
    case NodeKind::kDatabase:
    case NodeKind::kCache:
    case NodeKind::kStorage:
      return {"[(", ")]"};
    case NodeKind::kQueue:
      return {"[/", "/]"};
    case NodeKind::kLoadBalancer:
      return {"{{", "}}"};
    case NodeKind::kExternal:
    case NodeKind::kClient:
      return {"([", "])"};
    default:
      return {"[", "]"};
  }
}

std::string_view class_of(DiagramMark mark) {
  constexpr std::array<std::string_view, 4> kClasses = {"", ":::symptom", ":::involved", ":::cause"};
  return kClasses.at(static_cast<std::size_t>(mark));
}

}  // namespace

std::string diagram_mermaid(const Diagram& diagram) {
  if (diagram.empty()) return {};
  std::string out = "flowchart LR\n";
  for (std::size_t i = 0; i < diagram.nodes.size(); ++i) {
    const DiagramNode& n = diagram.nodes[i];
    const Brackets shape = shape_of(n);
    out += fmt::format(
        "  n{}{}\"{}\"{}{}\n", i, shape.open,
        label({diagram_words::name(diagram, n), diagram_words::caption(diagram, n), diagram_words::note(diagram, n)}),
        shape.close, class_of(n.mark));
  }
  std::string failing;
  for (std::size_t i = 0; i < diagram.edges.size(); ++i) {
    const DiagramEdge& e = diagram.edges[i];
    const std::string_view arrow = !e.observed ? "-.->" : e.path || e.failing ? "==>" : "-->";
    const std::string words = label(diagram_words::figures(diagram, e));
    out += fmt::format("  n{} {}{} n{}\n", e.from, arrow, words.empty() ? "" : "|\"" + words + "\"|", e.to);
    if (e.failing) failing += fmt::format("  linkStyle {} stroke:#d55e00,stroke-width:4px\n", i);
  }
  out += failing;
  out +=
      "  classDef cause stroke:#d55e00,stroke-width:4px\n"
      "  classDef involved stroke:#d55e00,stroke-width:2px\n"
      "  classDef symptom stroke:#e69f00,stroke-width:2px,stroke-dasharray:2 2\n";
  return out;
}

}  // namespace fa
