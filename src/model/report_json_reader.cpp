// The way back: JSON text -> Report. Apart from the writer because its idea is another one: to say exactly what is
// wrong where, in text that anyone may have edited.
#include "base/json.h"
#include "base/text.h"
#include "model/json_read.h"
#include "model/report_json.h"

namespace fa {
namespace {

using Reader = JsonReader;

void read_incident(const Reader& r, IncidentInfo& info) {
  r.read("id", info.id);
  r.read("description", info.description);
  r.read("window", info.window);
  r.read("window_given", info.window_given);
  r.read("baseline", info.baseline);
  r.read("baseline_given", info.baseline_given);
  r.read("onset", info.onset);
  r.object("alarm", [&](const Reader& a) {
    Alarm alarm;
    a.read("entity", alarm.entity);
    a.read("metric", alarm.metric);
    a.read("statistic", alarm.statistic);
    a.read("time", alarm.time);
    info.alarm = std::move(alarm);
  });
}

void read_figures(const Reader& r, const char* key, std::optional<CallFigures>& out) {
  r.object(key, [&](const Reader& f) {
    CallFigures& figures = out.emplace();
    f.read_count("requests", figures.requests);
    f.read_count("errors", figures.errors);
    const auto read = [&](const char* name, std::optional<double>& to) {
      double value = std::numeric_limits<double>::quiet_NaN();
      f.read(name, value);
      if (!std::isnan(value)) to = value;
    };
    read("per_minute", figures.per_minute);
    read("p50_seconds", figures.p50_seconds);
    read("p95_seconds", figures.p95_seconds);
    read("mean_seconds", figures.mean_seconds);
  });
}

void read_topology(const Reader& r, TopologyView& topology) {
  r.objects("nodes", topology.nodes, [](const Reader& n, TopologyNodeView& node) {
    n.read("name", node.name);
    n.read_name("kind", NodeKind::kClient, node_kind_name, node.kind);
    n.read("observed", node.observed);
    n.read("evidence", node.evidence);
  });
  r.objects("edges", topology.edges, [](const Reader& e, TopologyEdgeView& edge) {
    e.read("caller", edge.caller);
    e.read("callee", edge.callee);
    e.read_name("origin", EdgeOrigin::kDescription, edge_origin_name, edge.origin);
    e.read("protocol", edge.protocol);
    read_figures(e, "window", edge.window);
    read_figures(e, "baseline", edge.baseline);
    read_figures(e, "undated", edge.undated);
    e.read("evidence", edge.evidence);
  });
  r.read_count("left_out", topology.left_out);
}

void read_hypothesis(const Reader& r, Hypothesis& h) {
  std::uint16_t rank = 0;
  r.read_count("rank", rank);
  h.rank = rank;
  r.object("subject", [&](const Reader& s) {
    s.read("service", h.subject.service);
    s.read("instance", h.subject.instance);
    s.read("component", h.subject.component);
  });
  r.read_name("mechanism", Mechanism::kUnknown, mechanism_name, h.mechanism);
  r.object("location", [&](const Reader& l) {
    l.read("from", h.location.from);
    l.read("to", h.location.to);
  });
  r.read("statement", h.statement);
  r.read("score", h.score);
  r.read("confidence", h.confidence);
  r.read("supports", h.supports);
  r.read("contradicts", h.contradicts);
  r.read_name("status", HypothesisStatus::kUntested, hypothesis_status_name, h.status);
}

void read_locator(const Reader& r, Locator& l) {
  r.read("source", l.source);
  r.read("account", l.account);
  r.read("region", l.region);
  r.read("resource", l.resource);
  r.read("query", l.query);
  r.read("range", l.range);
  r.object("position", [&](const Reader& p) {
    p.read_count("offset", l.position.offset);
    p.read_count("length", l.position.length);
    p.read_count("line", l.position.line);
    p.read_count("line_count", l.position.line_count);
  });
}

void read_chart(const Reader& r, std::optional<ChartSeries>& out) {
  ChartSeries series;
  r.read("range", series.range);
  r.read("unit", series.unit);
  r.elements("values", [&](const Json& v, const std::string& path) {
    if (v.is_null()) {
      series.values.emplace_back();
    } else if (v.is_number()) {
      series.values.emplace_back(v.get<double>());
    } else {
      r.wrong(path, "a number or null", v);
    }
  });
  out = std::move(series);
}

void read_evidence(const Reader& r, Evidence& e) {
  r.read("id", e.id);
  r.read_name("kind", EvidenceKind::kTopology, evidence_kind_name, e.kind);
  r.read("entity", e.entity);
  r.read("time", e.time);
  r.read("claim", e.claim);
  r.read("excerpt", e.excerpt);
  r.object("locator", [&](const Reader& l) { read_locator(l, e.locator); });
  r.read("sha256", e.sha256);
  r.read("reproduce", e.reproduce);
  r.read("key", e.key);
  r.objects("facts", e.facts, [](const Reader& f, Fact& fact) {
    f.read("name", fact.name);
    f.read("value", fact.value);
    f.read("unit", fact.unit);
  });
  r.object("charts", [&](const Reader& c) {
    c.object("window", [&](const Reader& w) { read_chart(w, e.window_chart); });
    c.object("baseline", [&](const Reader& b) { read_chart(b, e.baseline_chart); });
  });
  r.read_name("check", CheckStatus::kFailed, check_status_name, e.check);
  r.read("check_reason", e.check_reason);
}

void read_action(const Reader& r, ActionItem& item) {
  r.read("text", item.text);
  r.read("evidence", item.evidence);
}

void read_coverage(const Reader& r, CoverageItem& item) {
  r.read("source", item.source);
  r.read("format", item.format);
  r.read_count("records", item.records);
  r.read_count("bytes", item.bytes);
  r.read_count("skipped", item.skipped);
  r.read_count("truncated", item.truncated);
  r.read("range", item.range);
  r.read("note", item.note);
}

void read_statement(const Reader& r, Statement& s) {
  r.read("text", s.text);
  r.read("evidence", s.evidence);
  r.read("verified", s.verified);
  r.read("reason", s.reason);
}

void read_narrative(const Reader& r, Narrative& n) {
  r.read("model", n.model);
  r.read("outcome", n.outcome);
  r.read("note", n.note);
  r.objects("summary", n.summary, read_statement);
  r.objects("hypotheses", n.hypotheses, [](const Reader& o, NarrativeHypothesis& h) {
    o.read("service", h.service);
    o.read("component", h.component);
    o.read_name("mechanism", Mechanism::kUnknown, mechanism_name, h.mechanism);
    std::uint16_t rank = 0;
    o.read_count("rank", rank);
    h.rank = rank;
    o.objects("statements", h.statements, read_statement);
  });
  r.objects("impact", n.impact, read_statement);
  r.objects("actions", n.actions, read_statement);
  r.objects("prevention", n.prevention, read_statement);
  r.read("missing", n.missing);
  r.objects("steps", n.steps, [](const Reader& o, NarrativeStep& s) {
    std::uint16_t cycle = 0;
    o.read_count("cycle", cycle);
    s.cycle = cycle;
    o.read("tool", s.tool);
    o.read("input", s.input);
    o.read("status", s.status);
    o.read("query", s.query);
    o.read_count("rows", s.rows);
    o.read("truncated", s.truncated);
  });
  r.object("verification", [&](const Reader& v) {
    v.read_count("checked", n.checked);
    v.read_count("verified", n.verified);
    v.read_count("sent_back", n.sent_back);
  });
  r.read("contradicts_ranking", n.contradicts);
}

void read_similar(const Reader& r, SimilarView& s) {
  r.read("id", s.id);
  r.read("incident", s.incident);
  std::optional<TimePoint> time;
  r.read("time", time);
  s.time = time.value_or(kNoTime);
  r.read("headline", s.headline);
  r.read("cause", s.cause);
  r.read("fix", s.fix);
  r.read("similarity", s.similarity);
  r.read("shared", s.shared);
}

void read_passage(const Reader& r, PassageView& p) {
  r.read("id", p.id);
  r.read("document", p.document);
  r.read("heading", p.heading);
  r.read_count("line", p.line);
  r.read("text", p.text);
}

void read_report(const Reader& r, Report& report) {
  r.read_name("language", Language::kJapanese, language_name, report.language);
  r.object("incident", [&](const Reader& i) { read_incident(i, report.incident); });
  r.read_name("verdict", Verdict::kCannotTell, verdict_name, report.verdict);
  r.read("headline", report.headline);
  r.read_name("severity", ReportSeverity::kCritical, severity_name, report.severity);
  r.object("impact", [&](const Reader& i) {
    i.read("summary", report.impact.summary);
    i.read("affected", report.impact.affected);
    i.read("since", report.impact.since);
  });
  r.objects("hypotheses", report.hypotheses, read_hypothesis);
  r.objects("evidence", report.evidence, read_evidence);
  r.object("model", [&](const Reader& m) { read_narrative(m, report.narrative.emplace()); });
  r.objects("similar", report.similar, read_similar);
  r.objects("passages", report.passages, read_passage);
  r.objects("timeline", report.timeline, [](const Reader& t, TimelineEntry& entry) {
    t.read("time", entry.time);
    t.read("text", entry.text);
    t.read("evidence", entry.evidence_id);
  });
  r.objects("actions", report.actions, read_action);
  r.objects("prevention", report.prevention, read_action);
  r.objects("coverage", report.coverage, read_coverage);
  r.objects("gaps", report.gaps, read_gap);
  r.read("questions", report.questions);
  r.object("topology", [&](const Reader& t) { read_topology(t, report.topology); });
  r.object("verification", [&](const Reader& v) {
    v.read_count("checked", report.verification.checked);
    v.read_count("passed", report.verification.passed);
  });
  r.object("usage", [&](const Reader& u) { read_usage(u, report.usage); });
  r.object("collection", [&](const Reader& c) {
    c.read("identity", report.identity);
    c.objects("notes", report.notes, read_note);
  });
  r.object("versions", [&](const Reader& v) {
    v.read("fa2", report.fa2_version);
    v.read("memory", report.memory_version);
    if (report.narrative) v.read("prompts", report.narrative->prompts);
  });
}

}  // namespace

Result<Report> report_from_json(std::string_view text) {
  if (text.size() > kMaxReportJsonBytes) {
    return fail(ErrorCode::kLimit, "report JSON: " + format_bytes(text.size()) + " is more than the limit of " +
                                       format_bytes(kMaxReportJsonBytes));
  }
  Report report;
  const auto read = read_json_document(text, "report JSON", [&](const Reader& reader) {
    std::string version;
    reader.read("schema_version", version);
    if (version.starts_with("1.")) {
      read_report(reader, report);
    } else {
      reader.wrong("/schema_version", "1.x", version);
    }
  });
  if (!read) return tl::unexpected(read.error());
  return report;
}

}  // namespace fa
