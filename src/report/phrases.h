#pragma once

#include <fmt/core.h>

#include <span>
#include <string>
#include <string_view>

#include "model/report.h"

/// The only home of fixed words in renderings: every phrase in every language.
namespace fa {

enum class Phrase {
  kTitle,
  kConfidence,
  kConfidenceHigh,
  kConfidenceMedium,
  kConfidenceLow,
  kSeverity,
  kImpact,
  kAffected,
  kSince,
  kOnset,
  kWindow,
  kBaseline,
  kBaselineNone,
  kGiven,
  kFoundFromData,
  kAlarm,
  kReported,
  kCase,
  kHypotheses,
  kLikeliestCause,
  kSupports,
  kContradicts,
  kBreaksAfter,
  kBreaksBefore,
  kRankedLower,
  kShownAbove,
  kMoreEvidence,
  kMoreEntries,
  kEvidence,
  kChartWindow,
  kChartBaseline,
  kChartUsual,
  kChartMedian,
  kChartShift,
  kChartOutlier,
  kChartNoValues,
  kCharts,
  kMoreCharts,
  kTimeline,
  kEvent,
  kActions,
  kPrevention,
  kReproduce,
  kReproduceHint,
  kCoverage,
  kSource,
  kFormat,
  kRecords,
  kSize,
  kRange,
  kNotes,
  kCountRecords,
  kCountSkipped,
  kCountTruncated,
  kUndated,
  kUnrecognised,
  kMoreSources,
  kGaps,
  kNoGaps,
  kQuestions,
  kVerification,
  kVerified,
  kNothingVerified,
  kUsage,
  kUsageNoModel,
  kUsageModel,
  kUsageLive,
  kCollection,
  kAskedAs,
  kSourceUsage,
  kNotice,
  kTimesInUtc,
  kTimesLocal,
  kTopology,
  kSuspect,
  kFigures,
  kWhere,
  kTime,
  kSubject,
  kStatus,
  kKind,
  kHash,
  kKey,
  kCut,
  kProducedBy,
  kQuoteOpen,
  kQuoteClose,
  kListSeparator,
  kUnnamed,
  kModelReading,
  kModelVerified,
  kModelContradicts,
  kModelMissing,
  kModelSteps,
  kUnverified,
  kShownInPart,
  kStepNoData,
  kStepError,
  kStepRefused,
  kSimilar,
  kSeenOn,
  kCauseWas,
  kFixedBy,
  kPassages,
  kDiagramAlarm,
  kDiagramInvolved,
  kDiagramSymptoms,
  kDiagramPath,
  kDiagramFailing,
  kDiagramInferred,
  kDiagramGroup,
  kDiagramMore,
  kDiagramMoreSymptoms,
  kDiagramFolded,
  kDiagramPerMinute,
  kDiagramRequests,
  kDiagramErrors,
  kDiagramMean,
  kDiagramWas,
  kDiagramNoCalls,
  kDiagramFigures,
  kDiagramNodes,
  kDiagramCauseAt,
  kDiagramPathIs,
  kDiagramNoGraphviz,
  kDiagramTooSlow,
  kDiagramFailed,
  kDiagramMermaid,
  kTopologyAll,
  kCount,  // Number of phrases; not one itself.
};

[[nodiscard]] std::string_view say(Language language, Phrase phrase);

/// Phrases with `{0}`, `{1}`, ... for their arguments.
template <class... Args>
[[nodiscard]] std::string say(Language language, Phrase phrase, const Args&... args) {
  return fmt::format(fmt::runtime(say(language, phrase)), args...);
}

[[nodiscard]] std::string_view say(Language language, Verdict verdict);
[[nodiscard]] std::string_view say(Language language, ReportSeverity severity);
[[nodiscard]] std::string_view say(Language language, EvidenceKind kind);
[[nodiscard]] std::string_view say(Language language, HypothesisStatus status);
[[nodiscard]] std::string_view say(Language language, CheckStatus status);
[[nodiscard]] std::string_view say(Language language, Mechanism mechanism);
[[nodiscard]] std::string_view say(Language language, NodeKind kind);

/// One entry of the catalogue.
struct Words {
  std::string_view english;
  std::string_view japanese;
};
/// Every phrase and every name of an enum value, for tests.
[[nodiscard]] std::span<const Words> all_words();

}  // namespace fa
