#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "chatops/inquiry.h"
#include "chatops/messages.h"

/// The forms, progress and answers of inquiries. As messages.h: pure, within Slack's limits, nothing hostile acts.
namespace fa::chatops {

inline constexpr std::string_view kInsightView = "fa2_insight_form";
inline constexpr std::string_view kFindingsView = "fa2_findings_form";
inline constexpr std::string_view kRetryAction = "fa2_retry";  ///< Below a failure: the form again.

inline constexpr std::string_view kDaysBlock = "fa2_days";
inline constexpr std::string_view kSeverityBlock = "fa2_severity";
inline constexpr std::string_view kLanguageBlock = "fa2_language";
inline constexpr std::string_view kChannelBlock = "fa2_channel";

enum class AskWhere { kYes, kNo };

/// A modal prefilled from `inquiry`; its callback id is kInsightView or kFindingsView, `metadata` (at most 3,000 bytes)
/// comes back as private_metadata. kYes: it also asks for the channel to answer in, at first the one it is opened in.
[[nodiscard]] std::string inquiry_view(const Inquiry& inquiry, AskWhere where, const std::string& metadata,
                                       const Reader& reader);

struct InquiryReading {
  Inquiry inquiry;
  std::string channel;                ///< Chosen one; empty: none.
  std::vector<FormProblem> problems;  ///< Empty: `inquiry` can be used.
};
[[nodiscard]] InquiryReading read_inquiry(InquiryKind kind, const slack::FormValues& values, const Reader& reader);

/// The one message of an inquiry that is updated; as progress_message().
[[nodiscard]] RenderedMessage inquiry_progress_message(const Inquiry& inquiry, const TimeRange& window,
                                                       const std::string& user, const Progress& progress,
                                                       const Reader& reader);

/// What failed, and a button that opens the form again; its value is `state` (at most 2,000 bytes).
[[nodiscard]] RenderedMessage retry_message(const std::string& what_failed, const std::string& state,
                                            const Reader& reader);

/// The headline and the Markdown of an answer in `language`, over at most `most` messages; what does not fit is in its
/// files, and the last message says so.
[[nodiscard]] std::vector<RenderedMessage> inquiry_answer_messages(const std::string& headline,
                                                                   const std::string& markdown, Language language,
                                                                   std::size_t most = 2);

}  // namespace fa::chatops
