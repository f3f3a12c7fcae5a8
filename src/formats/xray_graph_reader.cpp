#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "formats/answer_pages.h"
#include "formats/json_documents.h"
#include "formats/json_slices.h"
#include "formats/json_walk.h"
#include "formats/readers.h"

namespace fa {
namespace {

using simdjson::ondemand::value;

/// Edges waiting for a node of a later page, at most; a service graph has some hundred nodes.
constexpr std::size_t kMaxWaiting = 100'000;

struct Edge {
  std::string caller;
  std::int64_t callee = 0;  ///< ReferenceId
  TopologyEdge edge;
  BytePosition position;
};

/// A count that is not negative; 0 otherwise.
std::uint64_t count_of(value v) {
  const auto number = json_int(v);
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

std::optional<Edge> read_edge(value json) {
  std::optional<std::int64_t> callee;
  TopologyEdge edge;
  double total_seconds = -1;
  each_member(json, [&](std::string_view key, value child) {
    if (key == "ReferenceId") callee = json_int(child);
    if (key != "SummaryStatistics") return;
    each_member(child, [&](std::string_view name, value field) {
      if (name == "TotalCount") edge.requests = count_of(field);
      if (name == "TotalResponseTime") total_seconds = json_double(field).value_or(-1);
      if (name == "FaultStatistics") {
        each_member(field, [&](std::string_view part, value number) {
          if (part == "TotalCount") edge.errors = count_of(number);
        });
      }
    });
  });
  if (!callee) return std::nullopt;
  if (edge.requests > 0 && total_seconds >= 0) edge.mean_seconds = total_seconds / static_cast<double>(edge.requests);
  edge.origin = "xray";
  return Edge{{}, *callee, std::move(edge), {}};
}

/// GetServiceGraph answers. Format: X-Ray API reference, GetServiceGraph, Service and Edge. ReferenceIds count within
/// one answer; an edge whose node is not in its own document waits for the other pages of the file.
class XRayGraphReader final : public RecordReader {
 public:
  std::size_t read(std::string_view data, std::uint64_t offset, bool last, TelemetrySink& sink) override {
    const std::size_t used =
        documents_.read(data, offset, last, sink, [&](const JsonDocument& d) { read_document(d, sink); });
    if (last) {
      for (Edge& edge : std::exchange(waiting_, {})) {
        const auto node = all_nodes_.find(edge.callee);
        if (node != all_nodes_.end() && node->second) {
          emit(std::move(edge), *node->second, sink);
        } else {
          skip_unknown(edge, sink);
        }
      }
      pages_.end(sink);
    }
    return used;
  }

 private:
  void read_document(const JsonDocument& document, TelemetrySink& sink) {
    RecordPositions positions(document, document.text.data());
    pages_.begin(document.position);
    std::map<std::int64_t, std::string> nodes;
    std::vector<Edge> edges;
    std::string_view key;
    JsonSlice member;
    bool recognised = false;
    for (JsonMembers members(document.text); members.next(key, member);) {
      if (pages_.take(key, member) || key != "Services") continue;
      recognised = true;
      JsonSlice item;
      for (JsonElements services(member.text); services.next(item);) {
        if (positions.whole(item.text)) read_service(item.text, positions.at(item.text), nodes, edges, sink);
      }
    }
    if (!recognised) {
      sink.on_skipped({document.position, "expected a GetServiceGraph answer, an object with Services", 1, false});
      return;
    }
    for (const auto& [id, name] : nodes) {
      const auto [known, added] = all_nodes_.emplace(id, name);
      if (!added && known->second != name) known->second = std::nullopt;  // Another graph numbers differently.
    }
    for (Edge& edge : edges) {
      const auto node = nodes.find(edge.callee);
      if (node != nodes.end()) {
        emit(std::move(edge), node->second, sink);
      } else if (waiting_.size() < kMaxWaiting) {
        waiting_.push_back(std::move(edge));
      } else {
        skip_unknown(edge, sink);
      }
    }
  }

  void read_service(std::string_view json, const BytePosition& position, std::map<std::int64_t, std::string>& nodes,
                    std::vector<Edge>& edges, TelemetrySink& sink) {
    std::optional<std::int64_t> id;
    TopologyNode node;
    std::string first_name;
    const std::size_t first_edge = edges.size();
    const simdjson::error_code error = each_member(parser_, json, [&](std::string_view key, value child) {
      if (key == "ReferenceId") {
        id = json_int(child);
      } else if (key == "Name") {
        node.name = json_text(child);
      } else if (key == "Type") {
        node.kind = json_text(child);
      } else if (key == "Names") {
        each_element(
            child, [&](value name) { first_name = json_text(name); }, 1);
      } else if (key == "Edges") {
        each_element(child, [&](value item) {
          if (auto edge = read_edge(item)) edges.push_back(std::move(*edge));
        });
      }
    });
    if (node.name.empty()) node.name = first_name;
    if (node.name.empty()) {
      sink.on_skipped(
          {position,
           "expected an X-Ray service with a Name" + (error ? " (" + json_error_text(error) + ")" : std::string()), 1,
           false});
      edges.erase(edges.begin() + static_cast<std::ptrdiff_t>(first_edge), edges.end());
      return;
    }
    if (error) {
      sink.on_skipped({position, "X-Ray service read up to broken JSON: " + json_error_text(error), 1, true});
    }
    if (id) nodes.emplace(*id, node.name);
    for (std::size_t i = first_edge; i < edges.size(); ++i) {
      edges[i].caller = node.name;
      edges[i].position = position;
    }
    sink.on_node(std::move(node));
  }

  /// X-Ray draws a service and its clients, or a Lambda function and the Lambda service, as nodes of one name: such an
  /// edge stays inside that name and says nothing about who calls whom.
  static void emit(Edge&& edge, const std::string& callee, TelemetrySink& sink) {
    if (edge.caller == callee) return;
    edge.edge.caller = std::move(edge.caller);
    edge.edge.callee = callee;
    sink.on_edge(std::move(edge.edge));
  }

  static void skip_unknown(const Edge& edge, TelemetrySink& sink) {
    sink.on_skipped({edge.position,
                     "edge from " + visible(utf8_prefix(edge.caller, 100)) + " to ReferenceId " +
                         std::to_string(edge.callee) + ", which no service of the graph has",
                     1, false});
  }

  JsonDocuments documents_;
  JsonParser parser_;
  AnswerPages pages_;
  std::map<std::int64_t, std::optional<std::string>> all_nodes_;  ///< No name: several, so none is certain.
  std::vector<Edge> waiting_;
};

}  // namespace

std::unique_ptr<RecordReader> make_xray_graph_reader(ReaderOptions) { return std::make_unique<XRayGraphReader>(); }

}  // namespace fa
