#include "base/json.h"
#include "findings/by_hand.h"
#include "findings/findings_document.h"
#include "findings/phrases.h"

namespace fa::findings {
namespace {

constexpr std::string_view kReportSchema = "fa2-findings/1";

Json time_json(std::optional<TimePoint> time) { return time ? Json(format_rfc3339(*time)) : Json(nullptr); }

Json resources_json(const Group& group) {
  Json list = Json::array();
  for (const Affected& a : group.resources) {
    list.push_back(Json{{"type", a.resource.type},
                        {"id", a.resource.id},
                        {"account", a.account},
                        {"region", a.resource.region},
                        {"severity", severity_name(a.worst)},
                        {"first_seen", time_json(a.first_seen)},
                        {"last_seen", time_json(a.last_seen)},
                        {"findings", a.findings}});
  }
  return list;
}

Json vulnerabilities_json(const Group& group) {
  Json list = Json::array();
  for (const Vulnerability& v : group.vulnerabilities) {
    list.push_back(Json{{"id", v.id},
                        {"package", v.package},
                        {"installed", v.installed},
                        {"fixed", v.fixed},
                        {"exploit_known", v.exploit_known}});
  }
  return list;
}

Json group_json(const ExplainedGroup& explained) {
  const Group& g = explained.group;
  const Explanation& e = explained.explanation;
  return Json{{"cause", {{"kind", cause_kind_name(g.cause.kind)}, {"name", g.cause.name}}},
              {"product", g.product},
              {"title", g.title},
              {"description", g.description},
              {"severity", severity_name(g.worst)},
              {"risk", g.risk},
              {"findings", g.ids},
              {"new_findings", explained.appeared},
              {"resources", resources_json(g)},
              {"further_resources", g.further_resources},
              {"vulnerabilities", vulnerabilities_json(g)},
              {"further_vulnerabilities", g.further_vulnerabilities},
              {"accounts", g.accounts},
              {"regions", g.regions},
              {"first_seen", time_json(g.first_seen)},
              {"last_seen", time_json(g.last_seen)},
              {"exposure", g.exposure},
              {"about_exposure", is_about_exposure(g.cause)},
              {"exploit_known", g.exploit_known},
              {"services", {{"security_hub", g.from_security_hub}, {"guardduty", g.from_guardduty}}},
              {"explanation",
               {{"by", explained_by_name(e.by)}, {"why", e.why}, {"risk", e.risk}, {"fix", e.fix}, {"url", e.url}}},
              {"recommendation", {{"text", g.remedy_text}, {"url", g.remedy_url}}}};
}

Json changes_json(const std::vector<Change>& changes) {
  Json list = Json::array();
  for (const Change& c : changes) {
    list.push_back(Json{{"id", c.id},
                        {"title", c.title},
                        {"severity", severity_name(c.severity)},
                        {"before", severity_name(c.before)}});
  }
  return list;
}

Json summary_json(const FindingsReport& r) {
  Json products = Json::object();
  for (const auto& [product, counts] : r.by_product) {
    Json& row = products[product];
    for (std::size_t s = kSeverityCount; s-- > 0;)
      row[std::string(severity_name(static_cast<Severity>(s)))] = counts.at(s);
  }
  constexpr const char* kLeftOutNames[kLeftOutCount] = {"sample", "archived", "passed", "workflow", "old", "severity"};
  Json left_out = Json::object();
  for (std::size_t i = 0; i < kLeftOutCount; ++i) left_out[kLeftOutNames[i]] = r.left_out.at(i);
  return Json{{"findings", r.findings},
              {"causes", r.groups.size()},
              {"resources", r.resources},
              {"merged", r.merged},
              {"left_out", std::move(left_out)},
              {"products", std::move(products)},
              {"accounts", r.accounts},
              {"regions", r.regions},
              {"first_seen", time_json(r.first_seen)},
              {"last_seen", time_json(r.last_seen)}};
}

}  // namespace

std::string findings_json(const FindingsReport& r) {
  Json sources = Json::array();
  for (const SourceCount& s : r.sources) {
    sources.push_back(Json{{"source", s.source}, {"findings", s.findings}, {"broken", s.broken}});
  }
  Json gaps = Json::array();
  for (const Gap& gap : r.gaps) {
    gaps.push_back(Json{{"source", gap.source}, {"error", gap.error}, {"impact", gap.impact}});
  }
  Json groups = Json::array();
  for (const ExplainedGroup& explained : r.groups) groups.push_back(group_json(explained));
  Json document = {{"schema", kReportSchema},
                   {"language", language_name(r.language)},
                   {"time", format_rfc3339(r.now)},
                   {"live", r.live},
                   {"criteria", criteria_text(r.filter, r.language)},
                   {"sources", std::move(sources)},
                   {"summary", summary_json(r)},
                   {"groups", std::move(groups)},
                   {"since_last", nullptr},
                   {"gaps", std::move(gaps)},
                   {"model", r.model},
                   {"by_hand", commands_by_hand(r)}};
  if (r.changes) {
    document["since_last"] =
        Json{{"time", format_rfc3339(r.changes->since)}, {"other_criteria", r.changes->other_criteria},
             {"new", changes_json(r.changes->appeared)}, {"gone", changes_json(r.changes->gone)},
             {"worse", changes_json(r.changes->worse)},  {"not_looked_for", r.changes->unseen}};
  }
  return json_text(document, 2) + "\n";
}

}  // namespace fa::findings
