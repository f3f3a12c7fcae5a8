#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "draw/drawing.h"
#include "report/diagram.h"

/// Where things are on a diagram: Graphviz' program `dot` decides, with sizes that are ours, so that the same version
/// of it gives the same layout whatever fonts a machine has.
namespace fa {

enum class FlowDirection { kRight, kDown };

struct BoxSize {
  double width = 0;
  double height = 0;
};
/// Of what is drawn around a node's own box: a second border, the shadow of a group. Within its size.
[[nodiscard]] double frame_width(const DiagramNode& node);
[[nodiscard]] BoxSize node_size(const Diagram& diagram, const DiagramNode& node);
/// Zero for an edge without figures.
[[nodiscard]] BoxSize label_size(const Diagram& diagram, const DiagramEdge& edge);

/// DOT text (https://graphviz.org/doc/info/lang.html) for the layout: nodes are n0, n1, ... and edges e0, e1, ...,
/// sizes are given, and no name of the report stands in it.
[[nodiscard]] std::string layout_dot(const Diagram& diagram, FlowDirection direction);

/// The same diagram as DOT text for people and other tools, with its words.
[[nodiscard]] std::string diagram_dot(const Diagram& diagram);

/// Coordinates in pixels, the origin in the upper left corner.
struct DiagramLayout {
  double width = 0;
  double height = 0;
  std::vector<draw::Point> nodes;  ///< Centers, in the order of the diagram.
  struct Edge {
    std::vector<draw::Point> curve;    ///< As draw::Curve::points.
    std::optional<draw::Point> label;  ///< Its center.
  };
  std::vector<Edge> edges;
};

/// Reads what `dot -Tjson0` writes (https://graphviz.org/docs/outputs/json/) for a graph of that many nodes and edges.
/// kInvalidInput for anything else: something missing, coordinates that are no numbers or far outside of any diagram.
[[nodiscard]] Result<DiagramLayout> parse_layout(std::string_view json, std::size_t nodes, std::size_t edges);

struct LayoutOptions {
  std::string program = "dot";  ///< A path, or a name that is looked up on the PATH.
  std::chrono::milliseconds deadline{5000};
};

/// Lays the diagram out to the right, or downwards where that fits a page better. kNotFound where there is no Graphviz,
/// kCancelled where the deadline or a stop ended it, kInternal for whatever else it did; messages in the diagram's
/// language.
[[nodiscard]] Result<DiagramLayout> lay_out(const Diagram& diagram, const LayoutOptions& options,
                                            const Context& context);

}  // namespace fa
