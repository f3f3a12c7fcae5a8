#include "investigate/evaluate.h"

#include "investigate/evaluate_healthy.h"
#include "investigate/evaluate_renaming.h"
#include "investigate/investigate.h"

namespace fa {
namespace {

constexpr std::size_t kReasons = 3;

EvaluatedCase case_of(const IncidentFolder& folder) {
  EvaluatedCase c;
  c.set = folder.set;
  c.name = folder.name;
  if (!folder.subject.empty()) c.expected = folder.subject;
  c.expected_mechanism = folder.mechanism;
  c.expected_place = folder.place;
  return c;
}

void rename_answer(EvaluatedCase& c, const Renaming& renaming) {
  if (c.expected) c.expected = renaming.apply(*c.expected);
  for (std::string* text : {&c.expected_place.code.from, &c.expected_place.code.to}) *text = renaming.apply(*text);
  if (!c.expected_place.metric.empty()) c.expected_place.metric = renaming.word_of(c.expected_place.metric);
}

/// Both statements by parts of their texts; of a resource, its metric among what speaks for the hypothesis. What passes
/// between caller and callee is measured by spans, for want of such a metric.
bool names_place(const Report& report, const Hypothesis& h, const KnownPlace& place) {
  if (place.code.known()) {
    return h.location.from.find(place.code.from) != std::string::npos &&
           h.location.to.find(place.code.to) != std::string::npos;
  }
  for (const std::string& id : h.supports) {
    const Evidence* e = report.find_evidence(id);
    if (e != nullptr && e->kind == EvidenceKind::kMetric && e->key.find(place.metric) != std::string::npos) return true;
    if (e != nullptr && e->kind == EvidenceKind::kTrace && h.mechanism == Mechanism::kNetworkDelay) return true;
  }
  return false;
}

void judge(EvaluatedCase& c, const Result<Report>& report) {
  if (!report) {
    c.error = report.error().message;
    return;
  }
  const bool incident = report->verdict == Verdict::kIncident && !report->hypotheses.empty();
  if (incident) {
    const Hypothesis& best = report->hypotheses.front();
    c.said = best.subject.service;
    c.said_mechanism = mechanism_name(best.mechanism);
    c.said_place = best.location;
    c.confidence = best.confidence;
    c.place_right = c.expected_place.known() && names_place(*report, best, c.expected_place);
    for (const std::string& id : best.supports) {
      const Evidence* e = report->find_evidence(id);
      if (e != nullptr && c.why.size() < kReasons) c.why.push_back(e->claim);
    }
  }
  if (!c.expected) {
    c.rank = incident ? 0 : 1;
    return;
  }
  for (const Hypothesis& h : report->hypotheses) {
    if (h.subject.service == *c.expected) c.rank = h.rank;
  }
}

}  // namespace

Result<Evaluation> evaluate(const std::filesystem::path& root, const EvaluateOptions& options, const Clock& clock,
                            const Context& context) {
  const auto folders = incident_folders(root, options.labels);
  if (!folders) return tl::unexpected(folders.error());
  Evaluation evaluation;
  HealthyWindows healthy(clock, context);
  for (const IncidentFolder& folder : *folders) {
    if (context.stopped()) return fail(ErrorCode::kCancelled, "Stopped before all incidents were evaluated.");
    EvaluatedCase c = case_of(folder);
    std::optional<RenamedFolder> copy;
    if (options.rename_seed) {
      Renaming renaming(*options.rename_seed);
      auto made = RenamedFolder::make(folder.path, renaming, context);
      if (!made) return tl::unexpected(made.error());
      copy.emplace(std::move(*made));
      rename_answer(c, renaming);
    }
    const std::filesystem::path& path = copy ? copy->path() : folder.path;
    InvestigateRequest request;
    request.paths = {path.string()};
    judge(c, investigate(request, clock, nullptr, context));
    if (options.healthy_windows) healthy.add(folder.set, path);
    evaluation.cases.push_back(std::move(c));
  }
  evaluation.healthy = healthy.take();
  return evaluation;
}

}  // namespace fa
