#include "report/diagram.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace fa {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
/// Groups drawn one by one; what is beyond becomes one without arrows.
constexpr std::size_t kMostGroups = 6;
/// With more arrows than this, only the telling ones have their figures.
constexpr std::size_t kAllLabelled = 10;
constexpr std::size_t kMostLabels = 14;
constexpr double kTellingErrorShare = 0.05;

class DiagramBuilder {
 public:
  explicit DiagramBuilder(const Report& report) : report_(report) {}

  Diagram run() {
    add_graph();
    if (edges_.empty()) return {};
    mark();
    trace_symptom();
    choose();
    fold();
    Diagram diagram;
    diagram.language = report_.language;
    if (cause_ != kNowhere) diagram.mechanism = report_.hypotheses.front().mechanism;
    write(diagram);
    return diagram;
  }

 private:
  struct Node {
    TopologyNodeView view;
    DiagramMark mark = DiagramMark::kNone;
    bool alarm = false;
    bool symptom = false;
    std::size_t from_cause = kNowhere;  ///< Calls from here to the cause, along the path of the symptom.
    std::uint64_t requests = 0;
    std::size_t place = kNowhere;  ///< Index in the diagram.
  };
  struct Edge {
    const TopologyEdgeView* view = nullptr;
    std::size_t from = 0;
    std::size_t to = 0;
    bool path = false;
    bool failing = false;
  };

  std::size_t node_at(const std::string& name) {
    const auto [it, added] = index_.emplace(name, nodes_.size());
    if (added) nodes_.emplace_back().view.name = name;
    return it->second;
  }
  [[nodiscard]] std::size_t find(const std::string& name) const {
    const auto it = index_.find(name);
    return it == index_.end() || name.empty() ? kNowhere : it->second;
  }

  void add_graph() {
    for (const TopologyNodeView& n : report_.topology.nodes) nodes_[node_at(n.name)].view = n;
    for (const TopologyEdgeView& e : report_.topology.edges) {
      if (e.caller == e.callee) continue;
      Edge edge{&e, node_at(e.caller), node_at(e.callee)};
      for (const std::size_t end : {edge.from, edge.to}) {
        if (e.window) nodes_[end].requests += e.window->requests;
      }
      edges_.push_back(edge);
    }
    // Reports written by others may hold a call twice, or a node without any call that is not the suspect.
    std::stable_sort(edges_.begin(), edges_.end(), [](const Edge& a, const Edge& b) {
      return std::tie(a.view->caller, a.view->callee) < std::tie(b.view->caller, b.view->callee);
    });
    const auto twice = [](const Edge& a, const Edge& b) { return a.from == b.from && a.to == b.to; };
    edges_.erase(std::unique(edges_.begin(), edges_.end(), twice), edges_.end());
  }

  void mark() {
    for (const std::string& name : report_.impact.affected) {
      if (const std::size_t i = find(name); i != kNowhere) nodes_[i].symptom = true;
    }
    if (report_.incident.alarm) {
      alarm_ = find(report_.incident.alarm->entity);
      if (alarm_ != kNowhere) nodes_[alarm_].alarm = nodes_[alarm_].symptom = true;
    }
    for (Node& n : nodes_) n.mark = n.symptom ? DiagramMark::kSymptom : DiagramMark::kNone;
    // Where the data cannot tell, no place is marked: no picture is better than a wrong one.
    if (report_.verdict != Verdict::kIncident || report_.hypotheses.empty()) return;
    const Subject& subject = report_.hypotheses.front().subject;
    cause_ = find(subject.service);
    if (cause_ == kNowhere) return;
    nodes_[cause_].mark = DiagramMark::kCause;
    const std::size_t named = find(subject.component);
    for (Edge& e : edges_) {
      if (e.from != cause_ || e.to != named) continue;
      e.failing = true;
      nodes_[named].mark = DiagramMark::kInvolved;
    }
  }

  /// Breadth first from the cause to its callers, by the fewest calls, through those with symptoms.
  void trace_symptom() {
    if (cause_ == kNowhere) return;
    const auto passes_on = [&](const Node& n) {
      return n.symptom || n.view.kind == NodeKind::kLoadBalancer || n.view.kind == NodeKind::kClient;
    };
    nodes_[cause_].from_cause = 0;
    std::vector<std::size_t> ring{cause_};
    for (std::size_t distance = 1; !ring.empty(); ++distance) {
      std::vector<std::size_t> next;
      for (Edge& e : edges_) {
        if (nodes_[e.to].from_cause != distance - 1 || !passes_on(nodes_[e.from])) continue;
        Node& caller = nodes_[e.from];
        if (caller.from_cause == kNowhere) {
          caller.from_cause = distance;
          next.push_back(e.from);
        }
        if (caller.from_cause == distance) e.path = true;
      }
      ring = std::move(next);
    }
    if (alarm_ != kNowhere && nodes_[alarm_].from_cause == kNowhere) join_alarm();
  }

  /// The fewest calls from what the alarm is about to the cause, whoever lies between them.
  void join_alarm() {
    std::vector<std::size_t> by(nodes_.size(), kNowhere);  // edge by which a node was reached
    std::vector<std::size_t> ring{alarm_};
    while (!ring.empty() && by[cause_] == kNowhere) {
      std::vector<std::size_t> next;
      const std::set<std::size_t> from(ring.begin(), ring.end());
      for (std::size_t i = 0; i < edges_.size(); ++i) {
        if (!from.contains(edges_[i].from) || edges_[i].to == alarm_ || by[edges_[i].to] != kNowhere) continue;
        by[edges_[i].to] = i;
        next.push_back(edges_[i].to);
      }
      ring = std::move(next);
    }
    if (by[cause_] == kNowhere) return;
    std::size_t distance = 0;
    for (std::size_t at = cause_; at != alarm_; at = edges_[by[at]].from) {
      edges_[by[at]].path = true;
      nodes_[edges_[by[at]].from].from_cause = ++distance;
    }
  }

  [[nodiscard]] std::vector<int> tiers() const {
    std::vector<int> tier(nodes_.size(), 5);
    const auto at_least = [&](std::size_t node, int value) { tier[node] = std::min(tier[node], value); };
    for (const Edge& e : edges_) {
      for (const std::size_t end : {e.from, e.to}) at_least(end, 4);
      if (nodes_[e.from].from_cause != kNowhere) at_least(e.to, 3);
      if (nodes_[e.to].from_cause != kNowhere) at_least(e.from, 3);
      if (e.from == cause_) at_least(e.to, 1);
      if (e.to == cause_) at_least(e.from, 1);
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Node& n = nodes_[i];
      if (n.symptom) at_least(i, 2);
      if (n.from_cause != kNowhere || n.mark == DiagramMark::kInvolved || n.alarm) at_least(i, 0);
    }
    return tier;
  }

  /// Orders the nodes by what they tell and shows the first ones.
  void choose() {
    const std::vector<int> tier = tiers();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (tier[i] < 5) order_.push_back(i);  // The others have no call, and are not the suspect.
    }
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      const auto key = [&](std::size_t i) {
        const Node& n = nodes_[i];
        return std::tuple(tier[i], n.from_cause, !n.symptom, ~n.requests, std::string_view(n.view.name));
      };
      return key(a) < key(b);
    });
    shown_ = order_.size();
    if (shown_ <= kMostDiagramNodes) return;
    shown_ = kMostDiagramNodes - 2;  // Room for groups.
  }

  /// Gives every node that is not shown the shown one next to it: its best caller, else its best callee, else that of
  /// the neighbour that has one. Groups of one are shown as what they are.
  void fold() {
    std::vector<std::size_t> rank(nodes_.size(), kNowhere);
    for (std::size_t i = 0; i < order_.size(); ++i) rank[order_[i]] = i;
    const auto is_shown = [&](std::size_t node) { return rank[node] < shown_; };
    std::map<std::size_t, Anchor> anchor;
    for (const bool calls_it : {true, false}) {
      std::map<std::size_t, Anchor> found;
      for (const Edge& e : edges_) {
        const std::size_t outside = calls_it ? e.to : e.from;
        const std::size_t inside = calls_it ? e.from : e.to;
        if (is_shown(outside) || !is_shown(inside) || anchor.contains(outside)) continue;
        const auto [it, added] = found.emplace(outside, Anchor{rank[inside], calls_it});
        if (!added) it->second.rank = std::min(it->second.rank, rank[inside]);
      }
      anchor.insert(found.begin(), found.end());
    }
    for (bool grew = true; grew;) {
      std::map<std::size_t, Anchor> found;
      for (const Edge& e : edges_) {
        for (const auto& [outside, neighbour] : {std::pair(e.to, e.from), std::pair(e.from, e.to)}) {
          if (is_shown(outside) || anchor.contains(outside) || !anchor.contains(neighbour)) continue;
          found.emplace(outside, anchor.at(neighbour));
        }
      }
      grew = !found.empty();
      anchor.insert(found.begin(), found.end());
    }
    std::map<Anchor, std::vector<std::size_t>> groups;
    for (std::size_t i = shown_; i < order_.size(); ++i) {
      const auto it = anchor.find(order_[i]);
      groups[it == anchor.end() ? Anchor{} : it->second].push_back(order_[i]);
    }
    order_.resize(shown_);
    for (auto& [at, members] : groups) {
      if (members.size() == 1) {
        order_.push_back(members.front());
      } else if (groups_.size() < kMostGroups) {
        groups_.push_back(std::move(members));
      } else {
        rest_.insert(rest_.end(), members.begin(), members.end());
      }
    }
    if (!rest_.empty()) groups_.push_back(std::move(rest_));
  }

  void write(Diagram& diagram) {
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return nodes_[a].view.name < nodes_[b].view.name; });
    for (const std::size_t i : order_) {
      Node& n = nodes_[i];
      n.place = diagram.nodes.size();
      diagram.nodes.push_back({n.view.name, n.view.kind, n.mark, n.view.observed, n.alarm, n.view.evidence});
    }
    for (const std::vector<std::size_t>& members : groups_) {
      DiagramNode group;
      group.members = members.size();
      group.observed = false;
      for (const std::size_t i : members) {
        nodes_[i].place = diagram.nodes.size();
        group.members_with_symptoms += nodes_[i].symptom ? 1U : 0U;
        group.observed = group.observed || nodes_[i].view.observed;
      }
      diagram.folded += members.size();
      diagram.nodes.push_back(std::move(group));
    }
    write_edges(diagram);
    choose_labels(diagram);
  }

  void write_edges(Diagram& diagram) const {
    std::map<std::pair<std::size_t, std::size_t>, DiagramEdge> to_groups;
    for (const Edge& e : edges_) {
      const std::size_t from = nodes_[e.from].place;
      const std::size_t to = nodes_[e.to].place;
      if (from == to) continue;
      if (!diagram.nodes[from].group() && !diagram.nodes[to].group()) {
        const TopologyEdgeView& v = *e.view;
        diagram.edges.push_back(
            {from, to, v.observed(), e.path, e.failing, true, 1, v.protocol, v.window, v.baseline, v.undated});
        continue;
      }
      const auto [it, added] = to_groups.try_emplace({from, to});
      DiagramEdge& edge = it->second;
      edge.observed = e.view->observed() || (!added && edge.observed);
      edge.from = from;
      edge.to = to;
      edge.labelled = false;
      edge.calls += added ? 0U : 1U;
    }
    // One arrow ties a group to the rest, the one that stands for most calls; all of them would hide everything else.
    std::map<std::size_t, const DiagramEdge*> best;
    for (const auto& [ends, edge] : to_groups) {
      for (const std::size_t end : {edge.from, edge.to}) {
        if (!diagram.nodes[end].group()) continue;
        const DiagramEdge*& present = best.try_emplace(end, &edge).first->second;
        if (weight(diagram, edge) > weight(diagram, *present)) present = &edge;
      }
    }
    std::set<const DiagramEdge*> drawn;
    for (const auto& [group, edge] : best) {
      if (drawn.insert(edge).second) diagram.edges.push_back(*edge);
    }
  }

  /// Arrows between a group and a single node say more than those between groups.
  static std::pair<bool, std::size_t> weight(const Diagram& diagram, const DiagramEdge& edge) {
    return {!diagram.nodes[edge.from].group() || !diagram.nodes[edge.to].group(), edge.calls};
  }

  void choose_labels(Diagram& diagram) const {
    if (diagram.edges.size() <= kAllLabelled) return;
    const auto share = [](const DiagramEdge& e) { return e.window ? e.window->error_share() : 0; };
    const auto value = [&](const DiagramEdge& e) {
      const bool at_cause =
          diagram.nodes[e.from].mark == DiagramMark::kCause || diagram.nodes[e.to].mark == DiagramMark::kCause;
      if (e.failing) return 4;
      if (e.path) return 3;
      if (share(e) >= kTellingErrorShare) return 2;
      return at_cause ? 1 : 0;
    };
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < diagram.edges.size(); ++i) {
      if (diagram.edges[i].labelled && value(diagram.edges[i]) > 0) order.push_back(i);
      diagram.edges[i].labelled = false;
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(value(diagram.edges[a]), share(diagram.edges[a])) >
             std::tuple(value(diagram.edges[b]), share(diagram.edges[b]));
    });
    order.resize(std::min(order.size(), kMostLabels));
    for (const std::size_t i : order) diagram.edges[i].labelled = true;
  }

  /// Where a folded node hangs: at a shown node, as its callee or as its caller.
  struct Anchor {
    std::size_t rank = kNowhere;
    bool called = true;
    auto operator<=>(const Anchor&) const = default;
  };

  const Report& report_;
  std::map<std::string, std::size_t> index_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::size_t cause_ = kNowhere;
  std::size_t alarm_ = kNowhere;
  std::vector<std::size_t> order_;  ///< Nodes with calls, the most telling first; after fold() the shown ones.
  std::size_t shown_ = 0;
  std::vector<std::vector<std::size_t>> groups_;
  std::vector<std::size_t> rest_;
};

}  // namespace

Diagram make_diagram(const Report& report) { return DiagramBuilder(report).run(); }

}  // namespace fa
