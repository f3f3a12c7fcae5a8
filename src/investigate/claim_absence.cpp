#include "investigate/claim_absence.h"

#include <algorithm>

#include "base/text.h"

namespace fa {
namespace {

constexpr auto kWindowIndex = static_cast<std::size_t>(Period::kWindow);

struct Seen {
  std::uint64_t records = 0;  ///< Of the entity, in the window.
  std::uint64_t others = 0;   ///< Of everybody, in the window: the source was at work.
  std::uint64_t errors = 0;   ///< Of `records`.
};

bool is_of(std::string_view entity, std::string_view service) { return entity.empty() || entity == service; }

Seen seen_logs(std::string_view entity, const Digest& d) {
  Seen seen;
  seen.others = d.logs.records[kWindowIndex];
  for (const TemplateActivity& a : d.logs.activities) {
    if (!a.instance.empty() || !is_of(entity, a.service)) continue;
    seen.records += a.counts[kWindowIndex];
    if (a.severity >= Severity::kError) seen.errors += a.counts[kWindowIndex];
  }
  for (const ExceptionActivity& e : d.logs.exceptions) {
    if (is_of(entity, e.service)) seen.errors += e.counts[kWindowIndex];
  }
  return seen;
}

Seen seen_spans(std::string_view entity, const Digest& d) {
  Seen seen;
  for (const CompactSpan& s : d.traces.spans) {
    if (s.period != Period::kWindow) continue;
    ++seen.others;
    if (!is_of(entity, d.traces.name(s.service))) continue;
    ++seen.records;
    seen.errors += s.error || s.throttled || s.http_status >= 500 ? 1U : 0U;
  }
  for (const TraceSummary& t : d.traces.summaries) {
    if (d.periods.period(t.time) != Period::kWindow) continue;
    ++seen.others;
    if (is_of(entity, t.entry_service)) ++seen.records;
    for (const auto* causes : {&t.fault_root_causes, &t.error_root_causes}) {
      for (const auto& steps : *causes) {
        const bool named = std::any_of(steps.begin(), steps.end(),
                                       [&](const RootCauseStep& step) { return is_of(entity, step.service); });
        seen.errors += named ? 1U : 0U;
      }
    }
  }
  return seen;
}

Seen seen_access(std::string_view entity, const Digest& d) {
  Seen seen;
  for (const auto& [key, row] : d.access.rows()) {
    seen.others += row.requests[kWindowIndex];
    if (!is_of(entity, key.first) && !is_of(entity, key.second)) continue;
    seen.records += row.requests[kWindowIndex];
    seen.errors += row.failed[kWindowIndex];
  }
  return seen;
}

Seen seen_metrics(std::string_view entity, const Digest& d) {
  Seen seen;
  for (const Series& s : d.metrics.series) {
    const auto in_window = static_cast<std::uint64_t>(
        std::count_if(s.times.begin(), s.times.end(), [&](TimePoint t) { return d.periods.window().contains(t); }));
    seen.others += in_window;
    if (is_of(entity, s.service)) seen.records += in_window;
  }
  return seen;
}

/// Changes count from the beginning of the baseline on: what came before the window may have caused what is in it.
Seen seen_changes(std::string_view entity, const Study& study) {
  Seen seen;
  const TimeRange& window = study.digest.periods.window();
  const TimeRange& baseline = study.digest.periods.baseline();
  const TimePoint from = baseline.empty() ? window.begin : std::min(window.begin, baseline.begin);
  for (const RecordedChange& c : study.digest.changes) {
    ++seen.others;
    const bool here = c.event.time >= from && c.event.time < window.end;
    const bool its = entity.empty() || c.event.service == entity || icontains(c.event.resource, entity) ||
                     icontains(c.event.after, entity);
    if (here && its) ++seen.records;
  }
  return seen;
}

/// Kinds of data a source's name speaks of; all when it speaks of none.
bool concerns(std::string_view source, std::string_view what) {
  const auto says = [&](std::string_view word) { return icontains(source, word); };
  const bool traces = says("x-ray") || says("xray") || says("trace") || says("トレース");
  const bool changes = says("cloudtrail") || says("change") || says("変更");
  const bool metrics = says("metric") || says("メトリクス");
  const bool access = says("alb") || says("access");
  const bool logs = says("log") || says("ログ");
  if (!traces && !changes && !metrics && !access && !logs) return true;
  if (what == "traces") return traces;
  if (what == "changes") return changes;
  if (what == "metrics") return metrics;
  if (what == "logs") return logs;
  if (what == "requests") return access || traces || logs;
  return true;
}

/// Something was left out that might hold it.
bool read_in_part(std::string_view what, const Study& study) {
  const TimeRange& window = study.digest.periods.window();
  const auto touches = [&](const Gap& g) {
    return concerns(g.source, what) && (g.range.empty() || (g.range.begin < window.end && g.range.end > window.begin));
  };
  const auto& collected = study.collected.gaps;
  const auto& read = study.digest.gaps;
  if (std::any_of(collected.begin(), collected.end(), touches) || std::any_of(read.begin(), read.end(), touches)) {
    return true;
  }
  for (const CoverageItem& c : study.digest.coverage) {
    if (c.skipped > 0 || c.truncated > 0 || (c.records == 0 && c.bytes > 0)) return true;
  }
  const Digest& d = study.digest;
  return d.traces.dropped_spans > 0 || d.metrics.dropped_points > 0;
}

AbsenceVerdict verdict(std::uint64_t present, bool at_work, std::string_view what, const Study& study) {
  if (present > 0) return AbsenceVerdict::kPresent;
  if (!at_work || read_in_part(what, study)) return AbsenceVerdict::kNotRead;
  return AbsenceVerdict::kHolds;
}

}  // namespace

AbsenceVerdict check_absence(std::string_view what, std::string_view entity, const Study& study) {
  const Digest& d = study.digest;
  if (!entity.empty() && !std::binary_search(d.services.begin(), d.services.end(), std::string(entity))) {
    return AbsenceVerdict::kNotRead;
  }
  if (what == "logs") {
    const Seen s = seen_logs(entity, d);
    return verdict(s.records, s.others > 0, what, study);
  }
  if (what == "traces") {
    const Seen s = seen_spans(entity, d);
    return verdict(s.records, s.others > 0, what, study);
  }
  if (what == "metrics") {
    const Seen s = seen_metrics(entity, d);
    return verdict(s.records, s.others > 0, what, study);
  }
  if (what == "changes") {
    const Seen s = seen_changes(entity, study);
    return verdict(s.records, s.others > 0, what, study);
  }
  if (what == "requests") {
    const Seen access = seen_access(entity, d);
    const Seen spans = seen_spans(entity, d);
    return verdict(access.records + spans.records, access.others + spans.others > 0, what, study);
  }
  const Seen logs = seen_logs(entity, d);
  const Seen spans = seen_spans(entity, d);
  const Seen access = seen_access(entity, d);
  if (what == "errors") {
    // Metrics of errors count as errors where an engine found that they rose.
    std::uint64_t found = logs.errors + spans.errors + access.errors;
    for (const Finding& f : study.findings.all) {
      const bool fails = f.kind == FindingKind::kErrorRise || f.kind == FindingKind::kErrorOrigin ||
                         f.kind == FindingKind::kErrorPassedOn || f.kind == FindingKind::kCallTimeout ||
                         f.kind == FindingKind::kException || f.kind == FindingKind::kAccessErrors;
      if (fails && (is_of(entity, f.subject.service) || is_of(entity, f.peer))) ++found;
    }
    return verdict(found, logs.records + spans.records + access.records > 0, what, study);
  }
  if (what == "anomalies") {
    std::uint64_t found = 0;
    for (const Finding& f : study.findings.all) {
      if (is_of(entity, f.subject.service) || is_of(entity, f.peer) || is_of(entity, f.subject.component)) ++found;
    }
    const Seen metrics = seen_metrics(entity, d);
    return verdict(found, logs.records + spans.records + access.records + metrics.records > 0, what, study);
  }
  return AbsenceVerdict::kUnknownThing;
}

}  // namespace fa
