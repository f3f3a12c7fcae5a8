#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "findings/explanation.h"
#include "findings/select.h"

/// The only home of fixed words of a findings report, English and Japanese side by side.
namespace fa::findings {

enum class Phrase {
  kTitle,
  kSubtitleLive,
  kSubtitleFiles,
  kSummary,
  kSummaryLine,
  kSummaryNone,
  kWorstLine,
  kService,
  kTotal,
  kAccounts,
  kRegions,
  kPeriod,
  kPeriodText,
  kCriteria,
  kLeftOut,
  kLeftOutItem,
  kMerged,
  kTopRisks,
  kTopRisk,
  kReachable,
  kExploit,
  kNewFindings,
  kSinceLast,
  kSinceLastFirst,
  kSinceLastLine,
  kSinceLastOther,
  kSinceLastUnseen,
  kSinceLastBroken,
  kAppeared,
  kGone,
  kWorse,
  kWorseItem,
  kMoreItems,
  kCauses,
  kCause,
  kSeverity,
  kRisk,
  kRiskText,
  kFoundBy,
  kFirstSeen,
  kLastSeen,
  kResources,
  kResource,
  kAccount,
  kRegion,
  kFindings,
  kMoreResources,
  kWhy,
  kDanger,
  kFix,
  kDocumentation,
  kWords,
  kVulnerabilities,
  kInstalled,
  kFixedIn,
  kExploitKnown,
  kYes,
  kMoreVulnerabilities,
  kByFamily,
  kByModel,
  kByProduct,
  kByNobody,
  kFurtherCauses,
  kFurtherCausesText,
  kGaps,
  kSource,
  kProblem,
  kMeaning,
  kByHand,
  kByHandText,
  kByHandFiles,
  kRanking,
  kRankingText,
  kBroken,
  kGapBroken,
  kGapBrokenImpact,
  kGapNoFindings,
  kGapFileUnread,
  kGapFilePart,
  kGapStopped,
  kGapHubOff,
  kGapGuardDutyOff,
  kGapDetectorMissing,
  kGapServiceImpact,
  kGapServicePart,
  kGapBeyond,
  kGapBeyondImpact,
  kGapModel,
  kGapModelImpact,
  kServiceIn,
};

std::string_view phrase(Phrase phrase, Language language);

/// The phrase with its places filled (fmt).
template <class... Parts>
std::string say(Language language, Phrase what, const Parts&... parts) {
  return fmt::vformat(phrase(what, language), fmt::make_format_args(parts...));
}

/// `Critical`, `重大`.
std::string_view severity_word(Severity severity, Language language);
std::string_view left_out_words(LeftOut why, Language language);

}  // namespace fa::findings
