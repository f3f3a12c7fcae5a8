#pragma once

#include <fmt/core.h>

#include <span>
#include <string>
#include <string_view>

#include "model/report.h"
#include "report/phrases.h"

/// The only home of the words in forms and messages; those that other renderings say, too, are in report/phrases.h.
namespace fa::chatops {

enum class Says {
  // The form.
  kFormTitle,
  kFormText,
  kDescriptionLabel,
  kDescriptionExample,
  kStartLabel,
  kStartHint,
  kEndLabel,
  kEndHint,
  kAnalyse,
  kCancel,
  kNoDescription,
  kLongDescription,
  kNoStart,
  kNoEnd,
  kStartInFuture,
  kEndNotAfterStart,
  kWindowTooLong,
  // Decisions and questions.
  kConfirmTitle,
  kConfirmHint,
  kWrongTitle,
  kWrongHint,
  kCauseLabel,
  kRealCauseLabel,
  kCauseExample,
  kFixLabel,
  kFixExample,
  kSave,
  kQuestionTitle,
  kQuestionLabel,
  kQuestionExample,
  kSend,
  // Inquiries.
  kInsightTitle,
  kInsightExample,
  kNoQuestion,
  kDaysLabel,
  kDaysHint,
  kInsightDaysHint,
  kNoDays,
  kFindingsTitle,
  kFindingsAsked,
  kSeverityLabel,
  kCriticalOnly,
  kHighAndWorse,
  kMediumAndWorse,
  kLowAndWorse,
  kAnySeverity,
  kLanguageLabel,
  kChannelLabel,
  kChannelHint,
  kRetryButton,
  kFilesBelow,
  // Progress.
  kQueuedNext,
  kQueuedBehind,
  kCollecting,
  kCollectingCount,
  kAnalysing,
  kAskingModel,
  kWriting,
  kDone,
  kFailed,
  kAskedBy,
  // Reports and answers.
  kSeverity,
  kSince,
  kWindow,
  kFor,
  kAgainst,
  kMore,
  kMoreCommands,
  kLowerRanked,
  kHypothesesOnly,
  kTimesLocal,
  kCutHere,
  kPart,
  kConfirmButton,
  kWrongButton,
  kTellButton,
  kAskButton,
  kWiderButton,
  kQuestion,
  kNoAnswer,
  kCount,  // Number of phrases; not one itself.
};

[[nodiscard]] std::string_view say(Language language, Says phrase);

/// Phrases with `{0}`, `{1}`, ... for their arguments.
template <class... Args>
[[nodiscard]] std::string say(Language language, Says phrase, const Args&... args) {
  return fmt::format(fmt::runtime(say(language, phrase)), args...);
}

/// All of them, for tests.
[[nodiscard]] std::span<const Words> all_message_words();

}  // namespace fa::chatops
