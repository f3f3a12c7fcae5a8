/// Sentences that say that something is not there.
#include <algorithm>
#include <map>
#include <utility>

#include "evaluate/claim_corpus_maker.h"

namespace fa::claim_corpus {

void Corpus::absences() {
  const Digest& d = c_.study.digest;
  const auto window = static_cast<std::size_t>(Period::kWindow);
  // Who wrote in the window, and who wrote errors.
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> wrote;
  for (const TemplateActivity& a : d.logs.activities) {
    if (!a.instance.empty()) continue;
    wrote[a.service].first += a.counts[window];
    if (a.severity >= Severity::kError) wrote[a.service].second += a.counts[window];
  }
  for (const ExceptionActivity& x : d.logs.exceptions) wrote[x.service].second += x.counts[window];
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> spans;
  for (const CompactSpan& s : d.traces.spans) {
    if (s.period != Period::kWindow) continue;
    auto& [all, bad] = spans[d.traces.name(s.service)];
    ++all;
    bad += s.error ? 1U : 0U;
  }
  const bool clean = c_.study.collected.gaps.empty() && d.gaps.empty() &&
                     std::all_of(d.coverage.begin(), d.coverage.end(), [](const CoverageItem& c) {
                       return c.skipped == 0 && c.truncated == 0 && c.records > 0;
                     });
  std::size_t kept = 0;
  for (const std::string& service : d.services) {
    if (kept >= 6) break;
    const auto& [lines, bad_lines] = wrote[service];
    const auto& [all_spans, bad_spans] = spans[service];
    const bool named = std::any_of(c_.study.findings.all.begin(), c_.study.findings.all.end(), [&](const Finding& f) {
      return f.subject.service == service || f.peer == service || f.subject.component == service;
    });
    Claim fields;
    fields.absence = Claim::Absence{"errors", service};
    const std::string text = japanese_ ? service + " には対象期間中のエラーはありません。"
                                       : "There are no errors of " + service + " in the window.";
    if (lines + all_spans > 0 && bad_lines + bad_spans == 0 && !named && clean) {
      add_true(text, fields);
      ++kept;
    } else if (bad_lines + bad_spans > 0) {
      add_false("absence_not_observed", false, text, fields);
      Claim free;  // beside fields that say something true
      if (!c_.report.evidence.empty()) free.evidence = {c_.report.evidence.front().id};
      add_false("absence_not_observed", true, text, free);
      ++kept;
    } else if (lines + all_spans == 0 && !service.empty()) {
      add_false("absence_not_observed", false, text, fields);  // nothing of it was seen: silence is no health
      ++kept;
    }
  }
  // Sources that were not there at all: the reference concluded from an empty trace result that calls failed.
  const auto silent = [&](const char* what, std::string_view english, std::string_view japanese) {
    Claim fields;
    fields.absence = Claim::Absence{what, ""};
    add_false("absence_not_observed", false, std::string(japanese_ ? japanese : english), fields);
    Claim free;
    if (!c_.report.evidence.empty()) free.evidence = {c_.report.evidence.front().id};
    add_false("absence_not_observed", true, std::string(japanese_ ? japanese : english), free);
  };
  if (d.traces.spans.empty() && d.traces.summaries.empty()) {
    silent("traces", "No traces were recorded in the window.", "対象期間中のトレースはありません。");
  }
  if (d.changes.empty()) {
    silent("changes", "Nobody made a change: there were no deployments.", "対象期間中にデプロイはありませんでした。");
  }
  if (d.logs.records[window] == 0) {
    silent("logs", "No logs were written in the window.", "対象期間中のログはありません。");
  }
  // "Healthy" of a service with findings.
  for (const Evidence& e : c_.report.evidence) {
    if (e.entity.empty() || e.kind == EvidenceKind::kChange) continue;
    Claim fields;
    fields.absence = Claim::Absence{"anomalies", e.entity};
    const std::string text = japanese_ ? e.entity + " は正常です。" : e.entity + " was healthy.";
    add_false("absence_not_observed", false, text, fields);
    Claim free;
    free.evidence = {e.id};
    add_false("absence_not_observed", true,
              japanese_ ? e.entity + " は正常でした [" + e.id + "]。" : e.entity + " behaved normally [" + e.id + "].",
              free);
    break;
  }
}

}  // namespace fa::claim_corpus
