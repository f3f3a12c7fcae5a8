#include "investigate/redact_report.h"

#include <map>

#include "redact/redact.h"

namespace fa {

void rewrite_narrative(Narrative& n, const std::function<std::string(const std::string&)>& rewrite) {
  const auto put = [&](std::string& text) {
    if (!text.empty()) text = rewrite(text);
  };
  const auto statements = [&](std::vector<Statement>& list) {
    for (Statement& s : list) {
      put(s.text);
      put(s.reason);
    }
  };
  put(n.note);
  for (auto* list : {&n.summary, &n.impact, &n.actions, &n.prevention}) statements(*list);
  for (NarrativeHypothesis& h : n.hypotheses) {
    put(h.service);
    put(h.component);
    statements(h.statements);
  }
  for (std::string& m : n.missing) put(m);
  for (NarrativeStep& s : n.steps) {
    put(s.input);
    put(s.query);
  }
}

namespace {

/// A callee may be named by the address it was called at, password and all. What names the same thing elsewhere in the
/// report changes with it, so that the diagram still finds it.
template <class Clean>
void redact_topology(Report& report, const Clean& clean) {
  std::map<std::string, std::string> renamed;
  for (TopologyNodeView& n : report.topology.nodes) {
    std::string before = n.name;
    clean(n.name);
    if (n.name != before) renamed.emplace(std::move(before), n.name);
  }
  const auto rename = [&](std::string& name) {
    const auto it = renamed.find(name);
    if (it != renamed.end()) name = it->second;
  };
  for (TopologyEdgeView& e : report.topology.edges) {
    rename(e.caller);
    rename(e.callee);
    clean(e.protocol);
  }
  for (Hypothesis& h : report.hypotheses) {
    rename(h.subject.service);
    rename(h.subject.component);
  }
  for (Evidence& e : report.evidence) rename(e.entity);
  for (std::string& affected : report.impact.affected) rename(affected);
  if (report.incident.alarm) rename(report.incident.alarm->entity);
}

}  // namespace

Report redact_report(Report report) {
  Redactor redactor({false, RedactionPolicy::Addresses::kKeep});
  const auto clean = [&](std::string& text) {
    if (!text.empty()) text = redactor.redact(text);
  };
  const auto all = [&](std::vector<std::string>& texts) {
    for (std::string& t : texts) clean(t);
  };
  clean(report.incident.description);
  clean(report.headline);
  clean(report.impact.summary);
  for (Hypothesis& h : report.hypotheses) {
    clean(h.statement);
    clean(h.location.from);
    clean(h.location.to);
  }
  for (Evidence& e : report.evidence) {
    clean(e.claim);
    clean(e.excerpt);
    clean(e.key);
    clean(e.check_reason);
  }
  for (TimelineEntry& t : report.timeline) clean(t.text);
  for (ActionItem& a : report.actions) clean(a.text);
  for (CoverageItem& c : report.coverage) clean(c.note);
  for (Gap& g : report.gaps) {
    clean(g.error);
    clean(g.impact);
  }
  for (Note& n : report.notes) clean(n.text);
  all(report.questions);
  for (PassageView& p : report.passages) {
    clean(p.heading);
    clean(p.text);
  }
  for (SimilarView& s : report.similar) {
    clean(s.headline);
    clean(s.cause);
    clean(s.fix);
    all(s.shared);
  }
  redact_topology(report, clean);
  if (report.narrative) {
    rewrite_narrative(*report.narrative, [&](const std::string& text) { return redactor.redact(text); });
  }
  return report;
}

}  // namespace fa
