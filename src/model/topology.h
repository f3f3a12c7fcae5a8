#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who calls whom, as a report shows it: the architecture as far as the data (or a description) tells.
namespace fa {

/// What a part of the system is. kUnknown where neither its source nor its name tells.
enum class NodeKind {
  kUnknown,
  kService,
  kFunction,
  kDatabase,
  kCache,
  kQueue,  ///< Also topics and streams.
  kStorage,
  kLoadBalancer,  ///< Also API gateways and content delivery networks: what passes requests on.
  kExternal,
  kClient,
};

/// `service`, `load_balancer`, ...: the stable name used in JSON and in architecture descriptions.
[[nodiscard]] std::string_view node_kind_name(NodeKind kind);
[[nodiscard]] std::optional<NodeKind> node_kind_from_name(std::string_view name);

/// Where a call relation was learned. The first four were seen; the others are conclusions or statements.
enum class EdgeOrigin {
  kTrace,        ///< Spans of both sides, or of the caller.
  kProxyLog,     ///< Requests a load balancer or proxy logged.
  kXRay,         ///< An X-Ray service graph.
  kMetrics,      ///< Clients count calls by whom they call.
  kLogText,      ///< A failing service named the other in a log line.
  kAssumed,      ///< Usually so: load balancers stand behind the account's content delivery network.
  kDescription,  ///< The architecture description says so.
};

/// `trace`, `proxy_log`, ...: the stable name used in JSON.
[[nodiscard]] std::string_view edge_origin_name(EdgeOrigin origin);
[[nodiscard]] constexpr bool is_observed(EdgeOrigin origin) { return origin <= EdgeOrigin::kMetrics; }

/// Calls over one period, as they were recorded (a sampled trace counts what was sampled). What a source does not state
/// is nullopt.
struct CallFigures {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::optional<double> per_minute;
  std::optional<double> p50_seconds;
  std::optional<double> p95_seconds;
  std::optional<double> mean_seconds;

  /// errors / requests; 0 without requests.
  [[nodiscard]] double error_share() const {
    return requests == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(requests);
  }
  bool operator==(const CallFigures&) const = default;
};

struct TopologyNodeView {
  std::string name;  ///< As its source writes it; unique.
  NodeKind kind = NodeKind::kUnknown;
  bool observed = true;               ///< False: only a description or a conclusion names it.
  std::vector<std::string> evidence;  ///< Ids of the evidence about it, in the order of the report.
  bool operator==(const TopologyNodeView&) const = default;
};

struct TopologyEdgeView {
  std::string caller;
  std::string callee;
  EdgeOrigin origin = EdgeOrigin::kTrace;
  std::string protocol = {};               ///< As the description says; empty when it does not.
  std::optional<CallFigures> window = {};  ///< Nullopt where no call was seen, or its time is not known.
  std::optional<CallFigures> baseline = {};
  std::optional<CallFigures> undated = {};  ///< What a service graph states over whatever time it was asked for.
  std::vector<std::string> evidence = {};   ///< Ids of the evidence about calls between the two.
  [[nodiscard]] bool observed() const { return is_observed(origin); }
  bool operator==(const TopologyEdgeView&) const = default;
};

/// Every edge's ends are among the nodes.
struct TopologyView {
  std::vector<TopologyNodeView> nodes;  ///< Sorted by name.
  std::vector<TopologyEdgeView> edges;  ///< One per (caller, callee), sorted by them.
  std::uint64_t left_out = 0;           ///< Edges beyond the limit of what a report holds.

  [[nodiscard]] const TopologyNodeView* find(std::string_view name) const;
};

}  // namespace fa
