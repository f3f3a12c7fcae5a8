#include "model/report_json.h"

#include "model/json_write.h"

namespace fa {
namespace {

using namespace json_write;

Json incident(const IncidentInfo& info) {
  Json alarm = nullptr;
  if (info.alarm) {
    alarm = {{"entity", text(info.alarm->entity)},
             {"metric", text(info.alarm->metric)},
             {"statistic", text(info.alarm->statistic)},
             {"time", time(info.alarm->time)}};
  }
  return {{"id", text(info.id)},
          {"description", text(info.description)},
          {"window", range(info.window)},
          {"window_given", info.window_given},
          {"baseline", range(info.baseline)},
          {"baseline_given", info.baseline_given},
          {"onset", time(info.onset)},
          {"alarm", std::move(alarm)}};
}

Json hypothesis(const Hypothesis& h) {
  Json location = nullptr;
  if (h.location.known()) location = {{"from", text_or_null(h.location.from)}, {"to", text_or_null(h.location.to)}};
  const double confidence = std::isfinite(h.confidence) ? std::clamp(h.confidence, 0.0, 1.0) : 0.0;
  return {{"rank", h.rank},
          {"subject",
           {{"service", text(h.subject.service)},
            {"instance", text_or_null(h.subject.instance)},
            {"component", text_or_null(h.subject.component)}}},
          {"mechanism", mechanism_name(h.mechanism)},
          {"location", std::move(location)},
          {"statement", text(h.statement)},
          {"score", number_or_zero(h.score)},
          {"confidence", number(confidence)},
          {"supports", texts(h.supports)},
          {"contradicts", texts(h.contradicts)},
          {"status", hypothesis_status_name(h.status)}};
}

Json locator(const Locator& l) {
  return {{"source", text(l.source)},
          {"account", text(l.account)},
          {"region", text(l.region)},
          {"resource", text(l.resource)},
          {"query", text(l.query)},
          {"range", range(l.range)},
          {"position",
           {{"offset", l.position.offset},
            {"length", l.position.length},
            {"line", l.position.line},
            {"line_count", l.position.line_count}}}};
}

Json chart(const std::optional<ChartSeries>& series) {
  if (!series) return nullptr;
  return {
      {"range", range(series->range)},
      {"unit", text(series->unit)},
      {"values", list(series->values, [](const std::optional<double>& v) { return v ? number(*v) : Json(nullptr); })}};
}

Json evidence(const Evidence& e) {
  return {{"id", text(e.id)},
          {"kind", evidence_kind_name(e.kind)},
          {"entity", text(e.entity)},
          {"time", time(e.time)},
          {"claim", text(e.claim)},
          {"excerpt", text(e.excerpt)},
          {"locator", locator(e.locator)},
          {"sha256", text(e.sha256)},
          {"reproduce", text(e.reproduce)},
          {"key", text(e.key)},
          {"facts", list(e.facts,
                         [](const Fact& f) {
                           return Json{{"name", text(f.name)}, {"value", number(f.value)}, {"unit", text(f.unit)}};
                         })},
          {"charts", {{"window", chart(e.window_chart)}, {"baseline", chart(e.baseline_chart)}}},
          {"check", check_status_name(e.check)},
          {"check_reason", text(e.check_reason)}};
}

Json action(const ActionItem& item) { return {{"text", text(item.text)}, {"evidence", texts(item.evidence)}}; }

Json coverage(const CoverageItem& item) {
  return {{"source", text(item.source)}, {"format", text(item.format)}, {"records", item.records},
          {"bytes", item.bytes},         {"skipped", item.skipped},     {"truncated", item.truncated},
          {"range", range(item.range)},  {"note", text(item.note)}};
}

Json timeline_entry(const TimelineEntry& entry) {
  return {{"time", time(entry.time)}, {"text", text(entry.text)}, {"evidence", text_or_null(entry.evidence_id)}};
}

Json statement(const Statement& s) {
  return {{"text", text(s.text)},
          {"evidence", texts(s.evidence)},
          {"verified", s.verified},
          {"reason", text_or_null(s.reason)}};
}

Json narrative(const std::optional<Narrative>& given) {
  if (!given) return nullptr;
  const Narrative& n = *given;
  return {{"model", text(n.model)},
          {"outcome", text(n.outcome)},
          {"note", text(n.note)},
          {"summary", list(n.summary, statement)},
          {"hypotheses", list(n.hypotheses,
                              [](const NarrativeHypothesis& h) {
                                return Json{{"service", text(h.service)},
                                            {"component", text_or_null(h.component)},
                                            {"mechanism", mechanism_name(h.mechanism)},
                                            {"rank", h.rank},
                                            {"statements", list(h.statements, statement)}};
                              })},
          {"impact", list(n.impact, statement)},
          {"actions", list(n.actions, statement)},
          {"prevention", list(n.prevention, statement)},
          {"missing", texts(n.missing)},
          {"steps", list(n.steps,
                         [](const NarrativeStep& s) {
                           return Json{{"cycle", s.cycle},         {"tool", text(s.tool)},   {"input", text(s.input)},
                                       {"status", text(s.status)}, {"query", text(s.query)}, {"rows", s.rows},
                                       {"truncated", s.truncated}};
                         })},
          {"verification", {{"checked", n.checked}, {"verified", n.verified}, {"sent_back", n.sent_back}}},
          {"contradicts_ranking", n.contradicts}};
}

Json similar(const SimilarView& s) {
  return {{"id", text(s.id)},
          {"incident", text(s.incident)},
          {"time", time(s.time)},
          {"headline", text(s.headline)},
          {"cause", text_or_null(s.cause)},
          {"fix", text_or_null(s.fix)},
          {"similarity", number_or_zero(s.similarity)},
          {"shared", texts(s.shared)}};
}

Json passage(const PassageView& p) {
  return {{"id", text(p.id)},
          {"document", text(p.document)},
          {"heading", text(p.heading)},
          {"line", p.line},
          {"text", text(p.text)}};
}

Json figures(const std::optional<CallFigures>& given) {
  if (!given) return nullptr;
  const auto or_null = [](const std::optional<double>& value) { return value ? number(*value) : Json(nullptr); };
  return {{"requests", given->requests},
          {"errors", given->errors},
          {"per_minute", or_null(given->per_minute)},
          {"p50_seconds", or_null(given->p50_seconds)},
          {"p95_seconds", or_null(given->p95_seconds)},
          {"mean_seconds", or_null(given->mean_seconds)}};
}

Json topology(const TopologyView& t) {
  return {{"nodes", list(t.nodes,
                         [](const TopologyNodeView& n) {
                           return Json{{"name", text(n.name)},
                                       {"kind", node_kind_name(n.kind)},
                                       {"observed", n.observed},
                                       {"evidence", texts(n.evidence)}};
                         })},
          {"edges", list(t.edges,
                         [](const TopologyEdgeView& e) {
                           return Json{{"caller", text(e.caller)},
                                       {"callee", text(e.callee)},
                                       {"origin", edge_origin_name(e.origin)},
                                       {"observed", e.observed()},
                                       {"protocol", text_or_null(e.protocol)},
                                       {"window", figures(e.window)},
                                       {"baseline", figures(e.baseline)},
                                       {"undated", figures(e.undated)},
                                       {"evidence", texts(e.evidence)}};
                         })},
          {"left_out", t.left_out}};
}

}  // namespace

std::string report_to_json(const Report& report) {
  Json root;
  root["schema_version"] = Report::kSchemaVersion;
  root["language"] = language_name(report.language);
  root["incident"] = incident(report.incident);
  root["verdict"] = verdict_name(report.verdict);
  root["headline"] = text(report.headline);
  root["severity"] = severity_name(report.severity);
  root["impact"] = {{"summary", text(report.impact.summary)},
                    {"affected", texts(report.impact.affected)},
                    {"since", time(report.impact.since)}};
  root["hypotheses"] = list(report.hypotheses, hypothesis);
  root["evidence"] = list(report.evidence, evidence);
  root["model"] = narrative(report.narrative);
  root["similar"] = list(report.similar, similar);
  root["passages"] = list(report.passages, passage);
  root["timeline"] = list(report.timeline, timeline_entry);
  root["actions"] = list(report.actions, action);
  root["prevention"] = list(report.prevention, action);
  root["coverage"] = list(report.coverage, coverage);
  root["gaps"] = list(report.gaps, gap);
  root["questions"] = texts(report.questions);
  root["topology"] = topology(report.topology);
  root["verification"] = {{"checked", report.verification.checked}, {"passed", report.verification.passed}};
  root["usage"] = usage(report.usage);
  root["collection"] = {{"identity", text(report.identity)}, {"notes", list(report.notes, note)}};
  root["versions"] = {{"fa2", text(report.fa2_version)},
                      {"prompts", report.narrative ? text_or_null(report.narrative->prompts) : Json(nullptr)},
                      {"memory", text_or_null(report.memory_version)}};
  return inert(root.dump(2));
}

}  // namespace fa
