#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/telemetry.h"

namespace fa {

/// Says each (load balancer, target group) of a file once, as an edge of the topology. Not thread-safe.
class AlbEdges {
 public:
  /// A hit moves one place forward, so that the busy pairs are found by the first comparisons.
  void note(const AccessRecord& record, TelemetrySink& sink) {
    if (record.target_group.empty()) return;
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      if (edges_[i].second == record.target_group && edges_[i].first == record.entity) {
        if (i > 0) std::swap(edges_[i], edges_[i - 1]);
        return;
      }
    }
    if (edges_.size() == kMaxEdges) {
      if (!std::exchange(full_, true)) {
        sink.on_skipped({record.position,
                         "more than 1024 pairs of load balancer and target group: further ones are read, but not "
                         "added to the topology",
                         1, true});
      }
      return;
    }
    edges_.emplace_back(record.entity, record.target_group);
    TopologyEdge edge;
    edge.caller = sanitize_utf8(record.entity);
    edge.callee = sanitize_utf8(record.target_group);
    edge.origin = "alb";
    sink.on_edge(std::move(edge));
  }

 private:
  /// Distinct pairs remembered; a load balancer has at most some hundred groups.
  static constexpr std::size_t kMaxEdges = 1024;

  std::vector<std::pair<std::string, std::string>> edges_;
  bool full_ = false;
};

}  // namespace fa
