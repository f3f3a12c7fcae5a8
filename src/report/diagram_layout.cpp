#include "report/diagram_layout.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/child_process.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/text.h"
#include "report/phrases.h"

namespace fa {
namespace {

constexpr double kFarthest = 100'000;  // No diagram of ours comes near; beyond, numbers are nonsense.
constexpr std::size_t kMostLayoutBytes = std::size_t{4} << 20;
/// What fits a page: wider than this, downwards is tried too.
constexpr double kPageWidth = 900;
constexpr double kPageHeight = 1100;

/// `x,y` with the axis turned around.
std::optional<draw::Point> point_of(std::string_view text, double height) {
  draw::Point p;
  const char* const end = text.data() + text.size();
  const auto x = std::from_chars(text.data(), end, p.x);
  if (x.ec != std::errc() || x.ptr == end || *x.ptr != ',') return std::nullopt;
  const auto y = std::from_chars(x.ptr + 1, end, p.y);
  if (y.ec != std::errc() || y.ptr != end) return std::nullopt;
  if (!(std::abs(p.x) < kFarthest) || !(std::abs(p.y) < kFarthest)) return std::nullopt;
  p.y = height - p.y;
  return p;
}

std::string_view text_at(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? std::string_view(it->get_ref<const std::string&>())
                                               : std::string_view();
}

/// 12 of `n12`; `count` when it is not the name of one of so many.
std::size_t number_of(std::string_view name, char prefix, std::size_t count) {
  std::size_t number = count;
  if (name.size() < 2 || name.front() != prefix) return count;
  const char* const end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + 1, end, number);
  return read.ec == std::errc() && read.ptr == end ? std::min(number, count) : count;
}

/// Start point and three more for every piece of the spline; empty when it is not one.
std::vector<draw::Point> curve_of(std::string_view text, double height) {
  std::vector<draw::Point> points;
  for (const std::string_view part : split(text, ' ')) {
    if (part.empty()) continue;
    const auto p = point_of(part, height);
    if (!p) return {};
    points.push_back(*p);
  }
  return points.size() >= 4 && points.size() % 3 == 1 ? points : std::vector<draw::Point>();
}

/// `0,0,w,h`
bool read_extent(std::string_view text, DiagramLayout& layout) {
  const auto parts = split(text, ',');
  if (parts.size() != 4) return false;
  const auto size = point_of(std::string(parts[2]) + "," + std::string(parts[3]), 0);
  if (!size) return false;
  layout.width = size->x;
  layout.height = -size->y;
  return layout.width > 0 && layout.height > 0;
}

bool read_nodes(const Json& root, DiagramLayout& layout) {
  const auto objects = root.find("objects");
  if (objects == root.end() || !objects->is_array()) return false;
  std::vector<bool> seen(layout.nodes.size(), false);
  for (const Json& object : *objects) {
    if (!object.is_object()) return false;
    const std::size_t i = number_of(text_at(object, "name"), 'n', seen.size());
    const auto center = point_of(text_at(object, "pos"), layout.height);
    if (i == seen.size() || seen[i] || !center) return false;
    seen[i] = true;
    layout.nodes[i] = *center;
  }
  return std::find(seen.begin(), seen.end(), false) == seen.end();
}

bool read_edges(const Json& root, DiagramLayout& layout) {
  const auto edges = root.find("edges");
  if (edges == root.end()) return layout.edges.empty();
  if (!edges->is_array()) return false;
  for (const Json& edge : *edges) {
    if (!edge.is_object()) return false;
    const std::size_t i = number_of(text_at(edge, "id"), 'e', layout.edges.size());
    if (i == layout.edges.size() || !layout.edges[i].curve.empty()) return false;
    layout.edges[i].curve = curve_of(text_at(edge, "pos"), layout.height);
    layout.edges[i].label = point_of(text_at(edge, "lp"), layout.height);
    if (layout.edges[i].curve.empty()) return false;
  }
  return std::none_of(layout.edges.begin(), layout.edges.end(), [](const auto& e) { return e.curve.empty(); });
}

Result<DiagramLayout> run_dot(const Diagram& diagram, FlowDirection direction, const LayoutOptions& options,
                              const Context& context) {
  ChildCommand command;
  command.program = options.program;
  command.arguments = {"dot", "-Tjson0"};
  command.input = layout_dot(diagram, direction);
  command.most_output = kMostLayoutBytes;
  command.most_error_text = 1000;
  const ChildOutcome outcome = run_child(std::move(command), context);
  const auto failed = [&](const std::string& why) {
    return fail(ErrorCode::kInternal, say(diagram.language, Phrase::kDiagramFailed, why));
  };
  if (outcome.succeeded()) {
    auto layout = parse_layout(outcome.output, diagram.nodes.size(), diagram.edges.size());
    if (!layout) return failed(layout.error().message);
    return layout;
  }
  switch (outcome.end) {
    case ChildEnd::kCannotRun:
      return fail(ErrorCode::kNotFound, std::string(say(diagram.language, Phrase::kDiagramNoGraphviz)));
    case ChildEnd::kTimedOut:
    case ChildEnd::kStopped:
      return fail(ErrorCode::kCancelled, say(diagram.language, Phrase::kDiagramTooSlow,
                                             format_number(static_cast<double>(options.deadline.count()) / 1000)));
    case ChildEnd::kExited:
      // What a shell or a spawn helper says for a program that is not there.
      if (outcome.code == 127) {
        return fail(ErrorCode::kNotFound, std::string(say(diagram.language, Phrase::kDiagramNoGraphviz)));
      }
      return failed(fmt::format("dot: status {}: {}", outcome.code, clip(one_line(outcome.error_text), 200)));
    case ChildEnd::kKilled:
    case ChildEnd::kOverLimit:
      break;
  }
  return failed("dot");
}

/// How much too large for a page; 1 or less fits.
double misfit(const DiagramLayout& layout) { return std::max(layout.width / kPageWidth, layout.height / kPageHeight); }

}  // namespace

Result<DiagramLayout> parse_layout(std::string_view json, std::size_t nodes, std::size_t edges) {
  DiagramLayout layout;
  layout.nodes.resize(nodes);
  layout.edges.resize(edges);
  const Json root = parse_json(json);
  if (!root.is_object() || !read_extent(text_at(root, "bb"), layout) || !read_nodes(root, layout) ||
      !read_edges(root, layout)) {
    return fail(ErrorCode::kInvalidInput, "dot: not the layout of this graph");
  }
  return layout;
}

Result<DiagramLayout> lay_out(const Diagram& diagram, const LayoutOptions& options, const Context& context) {
  const Context limited = context.within(options.deadline);
  auto right = run_dot(diagram, FlowDirection::kRight, options, limited);
  if (!right || misfit(*right) <= 1) return right;
  auto down = run_dot(diagram, FlowDirection::kDown, options, limited);
  return down && misfit(*down) < misfit(*right) ? down : right;
}

}  // namespace fa
