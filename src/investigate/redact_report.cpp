#include "investigate/redact_report.h"

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
  if (report.narrative) {
    rewrite_narrative(*report.narrative, [&](const std::string& text) { return redactor.redact(text); });
  }
  return report;
}

}  // namespace fa
