#include "model/narrative.h"

namespace fa {

std::set<std::string> cited_ids(const Narrative& narrative) {
  std::set<std::string> ids;
  const auto collect = [&](const std::vector<Statement>& statements) {
    for (const Statement& s : statements) ids.insert(s.evidence.begin(), s.evidence.end());
  };
  for (const auto* list : {&narrative.summary, &narrative.impact, &narrative.actions, &narrative.prevention}) {
    collect(*list);
  }
  for (const NarrativeHypothesis& h : narrative.hypotheses) collect(h.statements);
  return ids;
}

}  // namespace fa
