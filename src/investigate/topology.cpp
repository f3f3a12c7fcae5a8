#include "investigate/topology.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/causal/rank.h"
#include "base/text.h"
#include "investigate/architecture.h"

namespace fa {
namespace {

using Pair = std::pair<std::string, std::string>;

struct KindWord {
  std::string_view word;
  NodeKind kind;
};

/// Products and generic words, as OpenTelemetry's db.system and messaging.system and people's names spell them.
constexpr std::array<KindWord, 45> kNameWords = {{
    {"postgresql", NodeKind::kDatabase},
    {"postgres", NodeKind::kDatabase},
    {"pgsql", NodeKind::kDatabase},
    {"mysql", NodeKind::kDatabase},
    {"mariadb", NodeKind::kDatabase},
    {"aurora", NodeKind::kDatabase},
    {"rds", NodeKind::kDatabase},
    {"mongodb", NodeKind::kDatabase},
    {"mongo", NodeKind::kDatabase},
    {"dynamodb", NodeKind::kDatabase},
    {"cassandra", NodeKind::kDatabase},
    {"oracle", NodeKind::kDatabase},
    {"mssql", NodeKind::kDatabase},
    {"sqlserver", NodeKind::kDatabase},
    {"sqlite", NodeKind::kDatabase},
    {"db2", NodeKind::kDatabase},
    {"cockroachdb", NodeKind::kDatabase},
    {"elasticsearch", NodeKind::kDatabase},
    {"opensearch", NodeKind::kDatabase},
    {"clickhouse", NodeKind::kDatabase},
    {"neo4j", NodeKind::kDatabase},
    {"database", NodeKind::kDatabase},
    {"db", NodeKind::kDatabase},
    {"redis", NodeKind::kCache},
    {"valkey", NodeKind::kCache},
    {"memcached", NodeKind::kCache},
    {"elasticache", NodeKind::kCache},
    {"cache", NodeKind::kCache},
    {"kafka", NodeKind::kQueue},
    {"rabbitmq", NodeKind::kQueue},
    {"activemq", NodeKind::kQueue},
    {"sqs", NodeKind::kQueue},
    {"sns", NodeKind::kQueue},
    {"kinesis", NodeKind::kQueue},
    {"nats", NodeKind::kQueue},
    {"queue", NodeKind::kQueue},
    {"s3", NodeKind::kStorage},
    {"efs", NodeKind::kStorage},
    {"lambda", NodeKind::kFunction},
    {"elb", NodeKind::kLoadBalancer},
    {"alb", NodeKind::kLoadBalancer},
    {"cloudfront", NodeKind::kLoadBalancer},
    {"nginx", NodeKind::kLoadBalancer},
    {"haproxy", NodeKind::kLoadBalancer},
    {"remote", NodeKind::kExternal},
}};

/// Second parts of AWS types and of metric namespaces (`AWS/RDS`), in lower case.
constexpr std::array<KindWord, 24> kAwsServices = {{
    {"dynamodb", NodeKind::kDatabase},
    {"rds", NodeKind::kDatabase},
    {"docdb", NodeKind::kDatabase},
    {"neptune", NodeKind::kDatabase},
    {"redshift", NodeKind::kDatabase},
    {"es", NodeKind::kDatabase},
    {"dax", NodeKind::kCache},
    {"elasticache", NodeKind::kCache},
    {"memorydb", NodeKind::kCache},
    {"sqs", NodeKind::kQueue},
    {"sns", NodeKind::kQueue},
    {"simplenotificationservice", NodeKind::kQueue},
    {"kinesis", NodeKind::kQueue},
    {"kafka", NodeKind::kQueue},
    {"events", NodeKind::kQueue},
    {"s3", NodeKind::kStorage},
    {"efs", NodeKind::kStorage},
    {"lambda", NodeKind::kFunction},
    {"applicationelb", NodeKind::kLoadBalancer},
    {"networkelb", NodeKind::kLoadBalancer},
    {"elasticloadbalancingv2", NodeKind::kLoadBalancer},
    {"apigateway", NodeKind::kLoadBalancer},
    {"cloudfront", NodeKind::kLoadBalancer},
    {"elasticbeanstalk", NodeKind::kService},
}};

template <std::size_t kSize>
NodeKind look_up(const std::array<KindWord, kSize>& words, std::string_view word) {
  const auto it = std::find_if(words.begin(), words.end(), [&](const KindWord& w) { return w.word == word; });
  return it == words.end() ? NodeKind::kUnknown : it->kind;
}

bool is_word_char(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// An X-Ray node's type, which also knows clients, other systems and plain services.
NodeKind kind_of_node_type(std::string_view type) {
  if (type == "client") return NodeKind::kClient;
  if (type == "remote") return NodeKind::kExternal;
  if (type.starts_with("Database::")) return NodeKind::kDatabase;
  return kind_of_aws_type(type);
}

CallFigures figures_of(const CallCounts& counts, double seconds) {
  CallFigures f;
  f.requests = counts.requests;
  f.errors = counts.errors;
  f.p50_seconds = counts.p50_seconds;
  f.p95_seconds = counts.p95_seconds;
  if (seconds > 0) f.per_minute = static_cast<double>(counts.requests) * 60 / seconds;
  return f;
}

class TopologyBuilder {
 public:
  explicit TopologyBuilder(const TopologyInput& input) : in_(input) {}

  TopologyView run() {
    add_digest_edges();
    add_described_edges();
    add_known_subjects();
    choose_edges();
    add_nodes();
    add_evidence();
    return std::move(view_);
  }

 private:
  [[nodiscard]] const Digest& digest() const { return in_.digest; }

  void add_digest_edges() {
    std::map<Pair, const TracedCall*> traced;
    for (const TracedCall& call : digest().calls) traced.emplace(Pair{call.caller, call.callee}, &call);
    for (const TopologyEdge& e : digest().topology) {
      TopologyEdgeView edge{.caller = e.caller, .callee = e.callee};
      const auto row = digest().access.rows().find({e.caller, e.callee});
      const auto call = traced.find({e.caller, e.callee});
      if (row != digest().access.rows().end()) {
        edge.origin = EdgeOrigin::kProxyLog;
        set_figures(edge, [&](std::size_t p) {
          const AccessRow& r = row->second;
          return CallCounts{r.requests[p], r.failed[p], r.seconds[p].quantile(0.5), r.seconds[p].quantile(0.95)};
        });
      } else if (call != traced.end()) {
        edge.origin = EdgeOrigin::kTrace;
        set_figures(edge, [&](std::size_t p) { return call->second->periods[p]; });
      } else {
        edge.origin = origin_of(e);
        if (e.requests > 0) {
          edge.undated.emplace();
          edge.undated->requests = e.requests;
          edge.undated->errors = e.errors;
          if (e.mean_seconds >= 0) edge.undated->mean_seconds = e.mean_seconds;
        }
      }
      if (e.origin == kProxyOrigin) proxies_.insert(e.caller);
      if (edge.observed()) observed_.insert({e.caller, e.callee});
      edges_.emplace(Pair{e.caller, e.callee}, std::move(edge));
    }
  }

  template <class CountsOf>
  void set_figures(TopologyEdgeView& edge, const CountsOf& counts_of) const {
    const CallCounts window = counts_of(static_cast<std::size_t>(Period::kWindow));
    const CallCounts baseline = counts_of(static_cast<std::size_t>(Period::kBaseline));
    if (window.requests > 0) edge.window = figures_of(window, digest().periods.window_seconds());
    if (baseline.requests > 0) edge.baseline = figures_of(baseline, digest().periods.baseline_seconds());
  }

  static EdgeOrigin origin_of(const TopologyEdge& e) {
    if (e.origin == "log") return EdgeOrigin::kLogText;
    if (e.origin == "metric") return EdgeOrigin::kMetrics;
    // Without a request in any log: what stands behind a content delivery network is not written anywhere.
    return e.origin == kProxyOrigin ? EdgeOrigin::kAssumed : EdgeOrigin::kXRay;
  }

  void add_described_edges() {
    std::map<std::string, std::string> by_lower;
    for (const std::string& s : digest().services) by_lower.emplace(to_lower(s), s);
    const auto known_as = [&](const DescribedNode& node) {
      const auto exact = std::binary_search(digest().services.begin(), digest().services.end(), node.name);
      const auto it = by_lower.find(to_lower(node.name));
      const std::string& name = exact || it == by_lower.end() ? node.name : it->second;
      if (node.kind != NodeKind::kUnknown) described_kinds_.emplace(name, node.kind);
      return name;
    };
    for (const DescribedCall& call : described_calls(in_.architecture)) {
      const std::string caller = known_as(call.caller);
      const std::string callee = known_as(call.callee);
      if (caller == callee) continue;
      TopologyEdgeView edge{.caller = caller, .callee = callee, .origin = EdgeOrigin::kDescription};
      const auto [it, added] = edges_.emplace(Pair{caller, callee}, std::move(edge));
      if (it->second.protocol.empty()) it->second.protocol = call.protocol;
    }
  }

  /// The suspect belongs into the picture even where nobody was seen calling it.
  void add_known_subjects() {
    if (edges_.empty()) return;
    for (const Hypothesis& h : in_.hypotheses) {
      if (h.rank == 1 && !h.subject.service.empty()) names_.insert(h.subject.service);
    }
  }

  void choose_edges() {
    for (auto& [pair, edge] : edges_) view_.edges.push_back(std::move(edge));
    if (view_.edges.size() > kMaxReportEdges) {
      const auto rank_of = [&](const TopologyEdgeView& e) {
        int best = static_cast<int>(in_.hypotheses.size()) + 1;
        for (const Hypothesis& h : in_.hypotheses) {
          if (h.subject.service == e.caller || h.subject.service == e.callee) best = std::min(best, h.rank);
        }
        return best;
      };
      const auto requests = [](const TopologyEdgeView& e) { return e.window ? e.window->requests : 0; };
      std::vector<std::tuple<int, std::uint64_t, std::size_t>> order;
      for (std::size_t i = 0; i < view_.edges.size(); ++i) {
        order.emplace_back(rank_of(view_.edges[i]), ~requests(view_.edges[i]), i);
      }
      std::sort(order.begin(), order.end());
      view_.left_out = order.size() - kMaxReportEdges;
      order.resize(kMaxReportEdges);
      std::vector<TopologyEdgeView> kept;
      for (const auto& [rank, negative, index] : order) kept.push_back(std::move(view_.edges[index]));
      std::sort(kept.begin(), kept.end(), [](const TopologyEdgeView& a, const TopologyEdgeView& b) {
        return std::tie(a.caller, a.callee) < std::tie(b.caller, b.callee);
      });
      view_.edges = std::move(kept);
    }
    for (const TopologyEdgeView& e : view_.edges) {
      names_.insert(e.caller);
      names_.insert(e.callee);
    }
  }

  void add_nodes() {
    for (const CompactSpan& s : digest().traces.spans) emitters_.insert(s.service);
    const auto& services = digest().services;
    for (const std::string& name : names_) {
      TopologyNodeView node;
      node.name = name;
      node.kind = kind_of(name);
      node.observed = observed_.contains(name) || std::binary_search(services.begin(), services.end(), name);
      view_.nodes.push_back(std::move(node));
    }
  }

  [[nodiscard]] bool emits_spans(const std::string& name) const {
    const auto& names = digest().traces.names;
    const auto it = std::lower_bound(names.begin(), names.end(), name);
    return it != names.end() && *it == name && emitters_.contains(static_cast<std::uint32_t>(it - names.begin()));
  }

  [[nodiscard]] NodeKind kind_of(const std::string& name) const {
    const auto described = described_kinds_.find(name);
    if (described != described_kinds_.end()) return described->second;
    // X-Ray draws a service and its clients as nodes of one name: the service is what is meant.
    NodeKind stated = NodeKind::kUnknown;
    const auto first = std::lower_bound(digest().nodes.begin(), digest().nodes.end(), name,
                                        [](const TopologyNode& n, const std::string& s) { return n.name < s; });
    for (auto it = first; it != digest().nodes.end() && it->name == name; ++it) {
      const NodeKind kind = kind_of_node_type(it->kind);
      if (stated == NodeKind::kUnknown || stated == NodeKind::kClient) stated = kind;
    }
    if (stated != NodeKind::kUnknown) return stated;
    if (proxies_.contains(name)) return NodeKind::kLoadBalancer;
    const auto& series = digest().metrics.series;
    const auto metric = std::lower_bound(series.begin(), series.end(), name,
                                         [](const Series& s, const std::string& n) { return s.service < n; });
    for (auto it = metric; it != series.end() && it->service == name; ++it) {
      if (!it->metric_namespace.starts_with("AWS/")) continue;
      const NodeKind kind = look_up(kAwsServices, to_lower(it->metric_namespace.substr(4)));
      if (kind != NodeKind::kUnknown) return kind;
    }
    if (emits_spans(name)) return NodeKind::kService;
    if (const NodeKind kind = kind_of_name(name); kind != NodeKind::kUnknown) return kind;
    const auto& logging = digest().logs.services;
    const bool records =
        std::binary_search(logging.begin(), logging.end(), name) || (metric != series.end() && metric->service == name);
    return records ? NodeKind::kService : NodeKind::kUnknown;
  }

  /// Evidence in its own order (L1 before L2), each id once.
  void add_evidence() {
    std::map<std::string, std::size_t> node_at;
    for (std::size_t i = 0; i < view_.nodes.size(); ++i) node_at.emplace(view_.nodes[i].name, i);
    std::map<Pair, std::size_t> edge_at;
    for (std::size_t i = 0; i < view_.edges.size(); ++i) {
      edge_at.emplace(Pair{view_.edges[i].caller, view_.edges[i].callee}, i);
    }
    for (const auto& [index, id] : in_.cited) {
      const Finding& f = in_.findings[index];
      const auto node = node_at.find(f.subject.service);
      if (node != node_at.end()) view_.nodes[node->second].evidence.push_back(id);
      if (f.peer.empty()) continue;
      // A proxy's findings are about what stands behind it; all others are about what the subject calls.
      for (const Pair& pair : {Pair{f.subject.service, f.peer}, Pair{f.peer, f.subject.service}}) {
        const auto edge = edge_at.find(pair);
        if (edge == edge_at.end()) continue;
        view_.edges[edge->second].evidence.push_back(id);
        break;
      }
    }
    const auto in_order = [](std::vector<std::string>& ids) {
      std::sort(ids.begin(), ids.end(), [](const std::string& a, const std::string& b) {
        return std::tuple(a.substr(0, 1), a.size(), a) < std::tuple(b.substr(0, 1), b.size(), b);
      });
    };
    for (TopologyNodeView& n : view_.nodes) in_order(n.evidence);
    for (TopologyEdgeView& e : view_.edges) in_order(e.evidence);
  }

  const TopologyInput& in_;
  TopologyView view_;
  std::map<Pair, TopologyEdgeView> edges_;
  std::map<std::string, NodeKind> described_kinds_;
  std::set<std::string> names_;
  std::set<std::string> proxies_;
  std::set<std::string> observed_;
  std::set<std::uint32_t> emitters_;
};

}  // namespace

NodeKind kind_of_aws_type(std::string_view type) {
  const std::size_t at = type.find("AWS::");
  if (at == std::string_view::npos) return NodeKind::kUnknown;
  std::string_view rest = type.substr(at + 5);
  rest = rest.substr(0, rest.find(':'));
  const NodeKind kind = look_up(kAwsServices, to_lower(rest));
  const bool runs_code = rest == "EC2" || rest == "ECS" || rest == "EKS" || rest == "StepFunctions";
  return kind == NodeKind::kUnknown && runs_code ? NodeKind::kService : kind;
}

NodeKind kind_of_name(std::string_view name) {
  if (const NodeKind kind = kind_of_aws_type(name); kind != NodeKind::kUnknown) return kind;
  const std::string lower = to_lower(name);
  for (std::size_t at = 0; at < lower.size();) {
    std::size_t end = at;
    while (end < lower.size() && is_word_char(lower[end])) ++end;
    const NodeKind kind = look_up(kNameWords, std::string_view(lower).substr(at, end - at));
    if (kind != NodeKind::kUnknown) return kind;
    at = end + 1;
  }
  return NodeKind::kUnknown;
}

TopologyView topology_of(const TopologyInput& input) { return TopologyBuilder(input).run(); }

}  // namespace fa
