#include <algorithm>
#include <tuple>

#include "investigate/tool_support.h"

namespace fa::tools {
namespace {

constexpr std::size_t kMaxNeighboursShown = 60;

/// Where a call from one service to another stands: an example in the spans, else a request a proxy logged. Nowhere for
/// relations that only a graph or a declaration states.
Evidence edge_item(const World& world, const TopologyEdge& edge) {
  const Digest& digest = world.study.digest;
  const auto number = [&](const std::string& name) {
    const auto& names = digest.traces.names;
    const auto it = std::lower_bound(names.begin(), names.end(), name);
    return it != names.end() && *it == name ? static_cast<std::uint32_t>(it - names.begin()) : CompactSpan::kNone;
  };
  const std::uint32_t caller = number(edge.caller);
  const std::uint32_t callee = number(edge.callee);
  const std::string key = "tool:topology:" + edge.caller + " -> " + edge.callee;
  for (const CompactSpan& s : digest.traces.spans) {
    if (caller == CompactSpan::kNone || callee == CompactSpan::kNone) break;
    const bool called = s.service == callee && s.parent_index != CompactSpan::kNone &&
                        digest.traces.spans[s.parent_index].service == caller;
    if (!called && !(s.service == caller && s.peer == callee)) continue;
    return evidence_at(world, EvidenceKind::kTopology, s.file, {s.offset, s.length, s.line, 1},
                       from_unix_nanos(s.start), edge.callee, key);
  }
  const auto row = digest.access.rows().find({edge.caller, edge.callee});
  if (row != digest.access.rows().end()) {
    for (const FindingQuote* q : {&row->second.first_failed, &row->second.slowest}) {
      if (q->position.length == 0) continue;
      return evidence_at(world, EvidenceKind::kTopology, q->file, q->position, q->time, edge.callee, key);
    }
  }
  return {};
}

Result<Answer> topology(const Call& call) {
  const auto entity = entity_of(call);
  if (!entity) return tl::unexpected(entity.error());
  Answer answer(call);
  std::vector<EvidenceRow> rows;
  for (const bool callers : {true, false}) {
    for (const TopologyEdge& edge : call.world.study.digest.topology) {
      if ((callers ? edge.callee : edge.caller) != *entity) continue;
      if (++answer.total > kMaxNeighboursShown) continue;
      JsonWriter members;
      members.text("direction", callers ? "caller" : "callee").text("entity", callers ? edge.caller : edge.callee);
      // 0 requests means that the source of the relation states none.
      if (edge.requests > 0) members.count("requests", edge.requests).count("errors", edge.errors);
      if (edge.mean_seconds >= 0) members.number("mean_s", edge.mean_seconds);
      members.text_unless_empty("learned_from", edge.origin);
      EvidenceRow row;
      row.evidence = edge_item(call.world, edge);
      if (edge.requests > 0) {
        row.evidence.facts = {{"requests", static_cast<double>(edge.requests), "requests"},
                              {"errors", static_cast<double>(edge.errors), "requests"}};
      }
      row.sameness = EvidenceBook::Sameness::kNumbers;
      row.members = std::move(members);
      rows.push_back(std::move(row));
    }
  }
  show_rows(call, rows, answer);
  answer.truncated = answer.total > answer.rows.size();
  return answer;
}

}  // namespace

Tool topology_tool() { return {"topology", {{.name = "entity", .required = true, .max_bytes = 300}}, &topology}; }

}  // namespace fa::tools
