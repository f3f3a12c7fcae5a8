#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/locator.h"
#include "model/report.h"
#include "model/telemetry.h"

namespace fa {

/// What an engine saw. Each kind has one wording (investigate/explain) and one set of facts.
enum class FindingKind : std::uint8_t {
  kResourceSaturation,  ///< A bounded resource of an instance is nearly used up and was not before.
  kMetricRise,          ///< A metric is clearly above its baseline.
  kMetricFall,
  kMetricStopped,  ///< The series has points in the baseline and none in the window.
  kLatencyRise,    ///< Requests of an entity take longer (metric of that entity).
  kErrorRise,      ///< Requests of an entity fail more often.
  kTrafficFall,
  kTrafficRise,
  kOwnTimeRise,    ///< Time a service spends itself, not in calls, went up (spans).
  kCallTimeRise,   ///< Time between caller and callee that neither's spans account for went up.
  kErrorOrigin,    ///< Spans fail here while everything they call succeeds.
  kErrorPassedOn,  ///< Spans fail because what they call fails.
  kCallTimeout,    ///< Calls to a peer end in a timeout or refused connection (spans).
  kMissingCalls,   ///< A service stopped calling (or being called by) another inside its requests.
  kFlowBreak,      ///< What normally follows an event of a request no longer does.
  kStepMissing,    ///< Something that normally happens in a kind of request often no longer does.
  kLogNew,         ///< A template never seen in the baseline.
  kLogBefore,      ///< A line that names a cause, seldom and only before the window.
  kLogSurge,
  kLogVanished,
  kLogFall,
  kLogParameterShift,
  kException,
  kNewDependency,  ///< A service calls something it did not call before.
  kChange,         ///< A deployment or configuration change before the onset.
  kAccessErrors,   ///< A proxy answers with errors.
  kAccessLatency,
};

/// Verbatim words behind a finding, and where their bytes are.
struct FindingQuote {
  std::uint32_t file = 0;  ///< Index into the inputs of the run.
  BytePosition position;
  TimePoint time = kNoTime;
  std::string text;
};

/// One observation of one engine about one subject: numbers, not words.
struct Finding {
  FindingKind kind = FindingKind::kMetricRise;
  EvidenceKind evidence = EvidenceKind::kMetric;
  Subject subject;
  std::string peer;  ///< Callee for findings between two services.
  /// Who is at fault by what this shows, where that is not the subject: a caller that is refused accuses its callee.
  std::string accused;
  std::string key;    ///< Template id, series name, operation: unique together with kind and subject.
  std::string label;  ///< Pattern, metric name, operation, action: what a person would call it.
  Mechanism hint = Mechanism::kUnknown;  ///< What the words or the kind of metric suggest by themselves.
  TimePoint onset = kNoTime;             ///< First sign inside the window; kNoTime when unknown.
  /// How unlikely this is by chance: -log10 of a p-value, 0..300.
  double strength = 0;
  /// How much of the normal behaviour is gone, 0 (nothing) .. 1 (all); comparable across kinds.
  double effect = 0;
  double baseline = 0;
  double window = 0;
  std::string unit;
  /// Harm done in the window beyond the baseline, in the unit users feel: seconds of waiting (latency kinds) or
  /// failed requests (error kinds); 0 where that has no meaning.
  double excess = 0;
  /// Share of all that users waited for (or of all their requests) that `excess` makes up; 1 where that is not known.
  double materiality = 1;
  Severity severity = Severity::kUnknown;  ///< For log findings.
  BreakLocation location;
  std::vector<Fact> facts;
  std::vector<FindingQuote> quotes;
  std::optional<ChartSeries> window_chart;
  std::optional<ChartSeries> baseline_chart;

  /// 0..1: strength and effect together; what sorts findings for people.
  [[nodiscard]] double salience() const { return effect * strength / (strength + 2.0); }
};

}  // namespace fa
