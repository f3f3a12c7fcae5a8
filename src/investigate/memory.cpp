#include "investigate/memory.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "investigate/phrases.h"
#include "investigate/redact_report.h"
#include "model/report_json.h"
#include "redact/redact.h"

namespace fa {
namespace {

constexpr std::size_t kMostFeatures = 60;
constexpr std::size_t kMostSimilar = 3;
constexpr std::size_t kMostPassages = 3;
/// Below this, two incidents have little more than their services in common.
constexpr double kLeastSimilarity = 0.3;
/// The ranking's first answer says more than any single observation.
constexpr double kFirstSubject = 3;
constexpr double kFirstMechanism = 1.5;

/// Which of the many kinds of findings are one thing for the purpose of recognising.
std::string_view feature_kind(FindingKind kind) {
  switch (kind) {
    case FindingKind::kLogNew:
    case FindingKind::kLogBefore:
    case FindingKind::kLogSurge:
    case FindingKind::kLogVanished:
    case FindingKind::kLogFall:
    case FindingKind::kLogParameterShift:
      return "log";
    case FindingKind::kException:
      return "exception";
    case FindingKind::kOwnTimeRise:
      return "own_time";
    case FindingKind::kCallTimeRise:
      return "call_time";
    case FindingKind::kErrorOrigin:
    case FindingKind::kCallTimeout:
      return "error_origin";
    case FindingKind::kErrorPassedOn:
      return "error_passed";
    case FindingKind::kFlowBreak:
    case FindingKind::kStepMissing:
      return "flow";
    case FindingKind::kMissingCalls:
    case FindingKind::kNewDependency:
      return "calls";
    case FindingKind::kChange:
      return "change";
    case FindingKind::kAccessErrors:
    case FindingKind::kAccessLatency:
      return "access";
    default:
      return "metric";
  }
}

Json range_to_json(const std::optional<TimeRange>& r) {
  if (!r) return nullptr;
  return Json{{"from", format_rfc3339(r->begin)}, {"to", format_rfc3339(r->end)}};
}

std::optional<TimeRange> range_from_json(const Json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end() || !it->is_object() || !it->contains("from") || !it->contains("to")) return std::nullopt;
  const Json& from = (*it)["from"];
  const Json& to = (*it)["to"];
  if (!from.is_string() || !to.is_string()) return std::nullopt;
  const auto begin = parse_rfc3339(from.get<std::string>());
  const auto end = parse_rfc3339(to.get<std::string>());
  if (!begin || !end) return std::nullopt;
  return TimeRange{*begin, *end};
}

void add_gap(Report& report, std::string_view what, const Error& error) {
  const bool japanese = report.language == Language::kJapanese;
  report.gaps.push_back({std::string(what),
                         {},
                         japanese ? "詳細 (原文):「" + error.message + "」" : error.message,
                         japanese ? "過去のインシデントやドキュメントは参照されていません。"
                                  : "Past incidents and documents were not looked at."});
}

}  // namespace

std::vector<IncidentFeature> incident_features(const Study& study, const Report& report) {
  std::map<std::string, double> weights;
  const auto add = [&](std::string name, double weight) {
    double& w = weights[std::move(name)];
    w = std::max(w, weight);
  };
  for (const Finding& f : study.findings.all) {
    const double salience = f.salience();
    if (salience < 0.05) continue;
    const std::string what = f.evidence == EvidenceKind::kMetric ? f.label
                             : f.kind == FindingKind::kChange    ? f.label
                                                                 : f.key;
    const std::string label = f.evidence == EvidenceKind::kLog && !f.label.empty() ? f.label : what;
    add(fmt::format("{}:{}:{}", feature_kind(f.kind), f.subject.service, utf8_prefix(label, 200)), salience);
  }
  if (report.verdict != Verdict::kNoIncident && !report.hypotheses.empty()) {
    const Hypothesis& best = report.hypotheses.front();
    add("entity:" + best.subject.service, kFirstSubject);
    add(fmt::format("mechanism:{}:{}", best.subject.service, mechanism_name(best.mechanism)), kFirstMechanism);
    if (best.location.known()) {
      add(fmt::format("place:{}:{}>{}", best.subject.service, best.location.from, best.location.to), kFirstMechanism);
    }
    for (std::size_t i = 1; i < report.hypotheses.size() && i < 3; ++i) {
      add("entity:" + report.hypotheses[i].subject.service, report.hypotheses[i].confidence);
    }
  }
  std::vector<IncidentFeature> features;
  for (const auto& [name, weight] : weights) features.push_back({name, weight});
  std::stable_sort(features.begin(), features.end(),
                   [](const IncidentFeature& a, const IncidentFeature& b) { return a.weight > b.weight; });
  if (features.size() > kMostFeatures) features.resize(kMostFeatures);
  // Templates hold what was not masked of a message, and they are kept.
  Redactor redactor({false, RedactionPolicy::Addresses::kKeep});
  for (IncidentFeature& f : features) f.name = redactor.redact(f.name);
  return features;
}

void give_id(Report& report) {
  if (!report.incident.id.empty()) return;
  std::string what = report.incident.description + "\n" + format_rfc3339(report.incident.window.begin) + "\n" +
                     format_rfc3339(report.incident.window.end);
  for (const CoverageItem& c : report.coverage) what += fmt::format("\n{} {} {}", c.source, c.bytes, c.records);
  report.incident.id = "inc-" + sha256_hex(what).substr(0, 10);
}

void memory_missing(Report& report, const Error& error) { add_gap(report, "memory", error); }

void remember(Report& report, const Study& study, Store& store) {
  const auto version = store.content_hash(report.incident.id);
  if (!version) return add_gap(report, "memory", version.error());
  report.memory_version = *version;
  const auto similar =
      store.similar(incident_features(study, report), report.incident.id, kMostSimilar, kLeastSimilarity);
  if (!similar) return add_gap(report, "memory", similar.error());
  const InvestigationPhrases phrases(report.language);
  for (const SimilarIncident& s : *similar) {
    SimilarView view;
    view.id = "P" + std::to_string(report.similar.size() + 1);
    view.incident = s.incident.id;
    view.time = s.incident.window_begin;
    // In this report's language, whatever the language of that one.
    Candidate then;
    then.subject.service = s.incident.subject;
    then.mechanism = mechanism_from_name(s.incident.mechanism).value_or(Mechanism::kUnknown);
    view.headline = s.incident.subject.empty() ? phrases.headline_cannot_tell() : phrases.headline(then, 1);
    view.cause = s.incident.cause;
    view.fix = s.incident.fix;
    view.similarity = s.similarity;
    view.shared = s.shared;
    report.similar.push_back(std::move(view));
  }
  // What the incident is called, what is suspected, and the words of its best evidence find the documents.
  std::string query = report.incident.description + " " + report.headline;
  if (!report.hypotheses.empty()) {
    query += " " + report.hypotheses.front().subject.service;
    std::size_t used = 0;
    for (const std::string& id : report.hypotheses.front().supports) {
      const Evidence* e = report.find_evidence(id);
      if (e == nullptr || (e->kind != EvidenceKind::kLog && e->kind != EvidenceKind::kChange) || ++used > 2) continue;
      query += " " + std::string(utf8_prefix(e->excerpt, 200));
    }
  }
  const auto passages = store.search_passages(query, kMostPassages);
  if (!passages) return add_gap(report, "documents", passages.error());
  for (const Passage& p : *passages) {
    report.passages.push_back(
        {"K" + std::to_string(report.passages.size() + 1), p.document, p.heading, p.first_line, p.text});
  }
}

PastIncident to_past_incident(const Report& report, const Study& study, const InvestigateRequest& request,
                              TimePoint now) {
  // Kept for long and read by many: without its secrets, whatever reports show.
  Redactor redactor({false, RedactionPolicy::Addresses::kKeep});
  PastIncident past;
  past.id = report.incident.id;
  past.kept_at = now;
  past.description = redactor.redact(report.incident.description);
  past.window_begin = report.incident.window.begin;
  past.window_end = report.incident.window.end;
  past.headline = redactor.redact(report.headline);
  if (!report.hypotheses.empty()) {
    past.subject = report.hypotheses.front().subject.service;
    past.mechanism = std::string(mechanism_name(report.hypotheses.front().mechanism));
  }
  Json again{{"paths", request.paths},
             {"window", range_to_json(request.window)},
             {"baseline", range_to_json(request.baseline)},
             {"description", redactor.redact(request.description)},
             {"language", language_name(request.language)}};
  if (request.alarm) {
    again["alarm"] = {
        {"entity", request.alarm->entity}, {"metric", request.alarm->metric}, {"statistic", request.alarm->statistic}};
  }
  past.request = json_text(again);
  past.report = report_to_json(redact_report(report));
  past.features = incident_features(study, report);
  return past;
}

Result<InvestigateRequest> request_from_json(const std::string& json) {
  const Json root = parse_json(json);
  if (!root.is_object() || !root.contains("paths") || !root["paths"].is_array()) {
    return fail(ErrorCode::kUnreadable, "What was kept of this incident does not say how to investigate it again.");
  }
  InvestigateRequest request;
  for (const Json& path : root["paths"]) {
    if (path.is_string()) request.paths.push_back(path.get<std::string>());
  }
  request.window = range_from_json(root, "window");
  request.baseline = range_from_json(root, "baseline");
  const auto text = [&](const Json& object, const char* key) {
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  request.description = text(root, "description");
  request.language = language_from_name(text(root, "language")).value_or(Language::kEnglish);
  if (const auto it = root.find("alarm"); it != root.end() && it->is_object()) {
    request.alarm = Alarm{text(*it, "entity"), text(*it, "metric"), text(*it, "statistic"), std::nullopt};
  }
  return request;
}

KnowledgeSearch knowledge_search(Store& store) {
  return [&store](std::string_view query, std::size_t limit) {
    std::vector<KnowledgePassage> found;
    const auto passages = store.search_passages(query, limit);
    if (!passages) return found;
    for (const Passage& p : *passages) found.push_back({"", p.document, p.heading, p.text});
    return found;
  };
}

}  // namespace fa
