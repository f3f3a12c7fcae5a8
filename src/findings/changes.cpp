#include "findings/changes.h"

#include <algorithm>
#include <map>

#include "findings/finding_fields.h"

namespace fa::findings {
namespace {

constexpr std::string_view kStateSchema = "fa2-findings-state/1";

void sort_by_severity(std::vector<Change>& changes) {
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.severity > b.severity; });
}

bool may_be_missing(const KeptFinding& finding, const std::set<Service>& incomplete) {
  return (finding.from_security_hub && incomplete.contains(Service::kSecurityHub)) ||
         (finding.from_guardduty && incomplete.contains(Service::kGuardDuty));
}

}  // namespace

std::string state_text(const State& state) {
  Json list = Json::array();
  for (const KeptFinding& f : state.findings) {
    Json services = Json::array();
    if (f.from_security_hub) services.push_back("security_hub");
    if (f.from_guardduty) services.push_back("guardduty");
    list.push_back(
        Json{{"id", f.id}, {"title", f.title}, {"severity", severity_name(f.severity)}, {"services", services}});
  }
  return json_text(Json{{"schema", kStateSchema},
                        {"time", format_rfc3339(state.time)},
                        {"criteria", state.criteria},
                        {"findings", std::move(list)}},
                   1) +
         "\n";
}

Result<State> read_state(std::string_view text_of_file) {
  const Json document = parse_json(text_of_file);
  if (text(document, "schema") != kStateSchema || !member(document, "findings").is_array()) {
    return fail(ErrorCode::kInvalidInput, "it is no state of a findings report (fa2-findings-state/1)");
  }
  State state;
  state.time = time(document, "time").value_or(kNoTime);
  state.criteria = text(document, "criteria");
  std::map<std::string, KeptFinding> by_id;
  for (const Json& item : member(document, "findings")) {
    KeptFinding f;
    f.id = text(item, "id");
    f.title = text(item, "title", 500);
    const auto severity = severity_from_name(text(item, "severity"));
    if (f.id.empty() || !severity) continue;
    f.severity = *severity;
    const Json& services = member(item, "services");
    if (services.is_array()) {
      f.from_security_hub = std::find(services.begin(), services.end(), "security_hub") != services.end();
      f.from_guardduty = std::find(services.begin(), services.end(), "guardduty") != services.end();
    }
    std::string id = f.id;
    by_id.emplace(std::move(id), std::move(f));
  }
  for (auto& [id, finding] : by_id) state.findings.push_back(std::move(finding));
  return state;
}

State state_of(const std::vector<SecurityFinding>& findings, TimePoint now, std::string criteria) {
  State state{now, std::move(criteria), {}};
  for (const SecurityFinding& f : findings) {
    state.findings.push_back({f.id, f.title, f.severity, f.from_security_hub, f.from_guardduty});
  }
  return state;
}

Changes compare(const State& last, const State& now, const std::set<Service>& incomplete) {
  Changes changes;
  changes.since = last.time;
  if (last.criteria != now.criteria) changes.other_criteria = last.criteria;
  std::map<std::string_view, const KeptFinding*> before;
  for (const KeptFinding& f : last.findings) before.emplace(f.id, &f);
  for (const KeptFinding& f : now.findings) {
    const auto known = before.find(f.id);
    if (known == before.end()) {
      changes.appeared.push_back({f.id, f.title, f.severity, f.severity});
      continue;
    }
    if (f.severity > known->second->severity) {
      changes.worse.push_back({f.id, f.title, f.severity, known->second->severity});
    }
    before.erase(known);
  }
  for (const auto& [id, f] : before) {
    if (may_be_missing(*f, incomplete)) {
      ++changes.unseen;
    } else {
      changes.gone.push_back({f->id, f->title, f->severity, f->severity});
    }
  }
  sort_by_severity(changes.appeared);
  sort_by_severity(changes.gone);
  sort_by_severity(changes.worse);
  return changes;
}

}  // namespace fa::findings
