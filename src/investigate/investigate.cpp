#include "investigate/investigate.h"

#include "analysis/causal/golden_signals.h"
#include "analysis/causal/rank.h"
#include "investigate/collect.h"
#include "investigate/collected.h"
#include "investigate/digest.h"
#include "investigate/explain.h"
#include "investigate/plan.h"
#include "investigate/quote.h"
#include "investigate/verify.h"

namespace fa {
namespace {

/// Nothing to report on: every file unreadable or unrecognised. Says which and why.
Result<void> something_was_readable(const Digest& digest) {
  std::uint64_t records = 0;
  std::string reasons;
  for (const CoverageItem& c : digest.coverage) {
    records += c.records;
    if (c.records == 0) reasons += "\n  " + c.source + ": " + (c.note.empty() ? "holds no records" : c.note);
  }
  if (records > 0) return {};
  for (const Gap& g : digest.gaps) reasons += "\n  " + g.source + ": " + g.error;
  if (reasons.empty()) reasons = "\n  the given paths hold no files";
  return fail(ErrorCode::kUnreadable,
              "Nothing readable was found:" + reasons + "\nGive a folder or files with logs, traces or metrics.");
}

}  // namespace

Result<Study> study_incident(const InvestigateRequest& request, const Clock& clock, Progress* progress,
                             const Context& context) {
  InputSet inputs = discover_inputs(request.paths, {}, context);
  auto plan = make_plan(request, inputs, clock, context);
  if (!plan) return tl::unexpected(plan.error());
  const CollectOptions options{request.threads, plan->reference_time, progress};
  Digest digest = collect(inputs, plan->periods, options, context);
  // A collection that got nothing still has its gaps to show: why is what the person on call must know then.
  CollectedInputs collected = read_collected_inputs(inputs);
  if (auto readable = something_was_readable(digest); !readable && !collected.any) {
    return tl::unexpected(readable.error());
  }

  const auto signal =
      plan->incident.alarm ? alarm_signal(*plan->incident.alarm, digest.metrics) : AlarmSignal::kUnknown;
  const auto rank = [&](std::span<const Finding> all) {
    return rank_candidates({all, digest.topology, digest.services, signal, plan->incident.alarm.has_value()});
  };
  // Changes count by how shortly before the trouble they came, and when that began is known once it has been ranked.
  Findings findings{find_all(digest), kNoTime};
  findings.onset = onset_of(rank(findings.all), findings.all);
  for (Finding& change : find_changes(digest.changes, findings.onset, digest.services)) {
    findings.all.push_back(std::move(change));
  }
  auto candidates = rank(findings.all);
  return Study{std::move(inputs),     std::move(*plan),     std::move(digest),   std::move(findings),
               std::move(candidates), std::move(collected), request.architecture};
}

Report report_of(const Study& study, Language language) {
  Report report = explain({study.plan.incident, study.digest, study.findings, study.candidates, study.inputs,
                           study.collected, language, study.architecture});
  quote_evidence(report, study.inputs);
  verify(report, {study.digest.services, study.findings.all, study.inputs});
  return report;
}

Result<Report> investigate(const InvestigateRequest& request, const Clock& clock, Progress* progress,
                           const Context& context) {
  const auto study = study_incident(request, clock, progress, context);
  if (!study) return tl::unexpected(study.error());
  return report_of(*study, request.language);
}

}  // namespace fa
