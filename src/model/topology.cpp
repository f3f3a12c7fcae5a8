#include "model/topology.h"

#include <algorithm>
#include <array>

namespace fa {
namespace {

constexpr std::array<std::string_view, 10> kNodeKindNames = {
    "unknown", "service", "function", "database", "cache", "queue", "storage", "load_balancer", "external", "client"};
constexpr std::array<std::string_view, 7> kEdgeOriginNames = {"trace",    "proxy_log", "xray",       "metrics",
                                                              "log_text", "assumed",   "description"};

}  // namespace

std::string_view node_kind_name(NodeKind kind) { return kNodeKindNames[static_cast<std::size_t>(kind)]; }

std::optional<NodeKind> node_kind_from_name(std::string_view name) {
  const auto it = std::find(kNodeKindNames.begin(), kNodeKindNames.end(), name);
  if (it == kNodeKindNames.end()) return std::nullopt;
  return static_cast<NodeKind>(it - kNodeKindNames.begin());
}

std::string_view edge_origin_name(EdgeOrigin origin) { return kEdgeOriginNames[static_cast<std::size_t>(origin)]; }

const TopologyNodeView* TopologyView::find(std::string_view name) const {
  const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const TopologyNodeView& n) { return n.name == name; });
  return it == nodes.end() ? nullptr : &*it;
}

}  // namespace fa
