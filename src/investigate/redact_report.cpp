#include "investigate/redact_report.h"

#include "redact/redact.h"

namespace fa {

Report redact_report(Report report) {
  Redactor redactor({false, RedactionPolicy::Addresses::kKeep});
  const auto clean = [&](std::string& text) {
    if (!text.empty()) text = redactor.redact(text);
  };
  const auto all = [&](std::vector<std::string>& texts) {
    for (std::string& t : texts) clean(t);
  };
  const auto statements = [&](std::vector<Statement>& list) {
    for (Statement& s : list) {
      clean(s.text);
      clean(s.reason);
    }
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
    Narrative& n = *report.narrative;
    clean(n.note);
    for (auto* list : {&n.summary, &n.impact, &n.actions, &n.prevention}) statements(*list);
    for (NarrativeHypothesis& h : n.hypotheses) {
      clean(h.service);
      clean(h.component);
      statements(h.statements);
    }
    all(n.missing);
    for (NarrativeStep& s : n.steps) {
      clean(s.input);
      clean(s.query);
    }
  }
  return report;
}

}  // namespace fa
