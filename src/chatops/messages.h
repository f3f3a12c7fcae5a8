#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/report.h"
#include "slack/inbound.h"

/// What the Slack app says, as Block Kit JSON within Slack's limits. Pure functions; nothing that came from a log, a
/// user or a model can act in the result (no mention, link, markup or broken block comes of it).
namespace fa::chatops {

/// One message: `text` for notifications (mrkdwn, escaped), `blocks` as a JSON array (at most 50 blocks).
struct RenderedMessage {
  std::string text;
  std::string blocks;
};

/// Ids that come back with clicks and submissions.
inline constexpr std::string_view kAnalyseAction = "fa2_analyse";  ///< Button of the form in a message.
inline constexpr std::string_view kConfirmAction = "fa2_confirm";
inline constexpr std::string_view kWrongAction = "fa2_wrong";
inline constexpr std::string_view kAskAction = "fa2_ask";
inline constexpr std::string_view kWiderAction = "fa2_wider";
inline constexpr std::string_view kFormView = "fa2_form";
inline constexpr std::string_view kConfirmView = "fa2_confirm_view";
inline constexpr std::string_view kWrongView = "fa2_wrong_view";
inline constexpr std::string_view kQuestionView = "fa2_question_view";
inline constexpr std::string_view kMessageShortcut = "fa2_analyse_message";  ///< Callback id of "Analyse this".

/// Blocks whose inputs may be complained about.
inline constexpr std::string_view kDescriptionBlock = "fa2_description";
inline constexpr std::string_view kStartBlock = "fa2_start";
inline constexpr std::string_view kEndBlock = "fa2_end";
inline constexpr std::string_view kQuestionBlock = "fa2_question";
inline constexpr std::string_view kCauseBlock = "fa2_cause";
inline constexpr std::string_view kFixBlock = "fa2_fix";
/// Action id of every input: its value comes back as `<block id>/fa2_value`.
inline constexpr std::string_view kInputAction = "fa2_value";

/// How a person reads: language and time zone (IANA).
struct Reader {
  Language language = Language::kEnglish;
  std::string time_zone = "UTC";
};

/// `2026-03-14 17:30 – 18:00 (Asia/Tokyo)`; both dates where they differ. An unknown zone is shown as UTC.
[[nodiscard]] std::string window_text(const TimeRange& window, const std::string& time_zone);

// The form.

struct FormInput {
  std::string description;
  TimeRange window;
};

/// The form as a message (in a thread): description, start, end, button. Inputs are prefilled from `input`; `note` says
/// above it what it is about (an alarm's name) or what failed; may be empty. `state` (at most 2,000 bytes) comes back
/// as the button's value.
[[nodiscard]] RenderedMessage form_message(const FormInput& input, const std::string& note, const std::string& state,
                                           const Reader& reader);
/// The same as a modal; `metadata` (at most 3,000 bytes) comes back as private_metadata.
[[nodiscard]] std::string form_view(const FormInput& input, const std::string& metadata, const Reader& reader);

struct FormProblem {
  std::string block_id;  ///< Whose input is wrong: `response_action: errors` of a modal wants it.
  std::string text;      ///< What is wrong and what to do.
};
struct FormReading {
  FormInput input;
  std::vector<FormProblem> problems;  ///< Empty: `input` can be used.
};
/// Reads what was submitted: the description must not be empty (at most 3,000 characters), start before end, start not
/// in the future, an end in the future becomes `now`, at most `longest`.
[[nodiscard]] FormReading read_form(const slack::FormValues& values, TimePoint now, const Reader& reader,
                                    Nanoseconds longest = std::chrono::hours(24 * 7));

/// Confirm (`headline` prefills the cause) and wrong cause: what it was, what mended it. And a question.
[[nodiscard]] std::string confirm_view(const std::string& headline, const std::string& metadata, const Reader& reader);
[[nodiscard]] std::string wrong_view(const std::string& metadata, const Reader& reader);
[[nodiscard]] std::string question_view(const std::string& metadata, const Reader& reader);
struct Decision {
  std::string cause;
  std::string fix;
};
[[nodiscard]] Decision read_decision(const slack::FormValues& values);
[[nodiscard]] std::string read_question(const slack::FormValues& values);
/// The JSON body that answers a view_submission: problems beside the inputs.
[[nodiscard]] std::string view_errors(const std::vector<FormProblem>& problems);

// While it works.

struct Progress {
  enum class Stage { kQueued, kCollecting, kAnalysing, kAskingModel, kWriting, kDone, kFailed } stage = Stage::kQueued;
  std::size_t ahead = 0;  ///< kQueued: jobs before it.
  std::size_t done = 0;   ///< kCollecting: sources or files.
  std::size_t total = 0;
  std::string what_failed;  ///< kFailed, in the reader's language.
};
/// The one message of an analysis that is updated: what was understood (who asked, description, window), and how far it
/// is. `user` is an id and is shown as a mention that does not ping in an update.
[[nodiscard]] RenderedMessage progress_message(const FormInput& input, const std::string& user,
                                               const Progress& progress, const Reader& reader);

// Results.

/// Verdict and headline, severity and impact, at most three hypotheses with their evidence (excerpts as preformatted
/// text), what to do now, how to check by hand, what could not be seen, what the model says, past incidents; then the
/// buttons, their value `state`. In the language of the report, whose sentences are in it; times in the reader's zone.
/// Split over as many messages as Slack's limits need, buttons in the last; more than `most` messages are cut, and the
/// last says that the files hold the rest.
[[nodiscard]] std::vector<RenderedMessage> report_messages(const Report& report, const std::string& state,
                                                           const Reader& reader, std::size_t most = 3);
/// The answer to a question: the model's statements and what they cite; as render_answer_text() does it.
[[nodiscard]] std::vector<RenderedMessage> answer_messages(const Report& report, const std::string& question,
                                                           const Reader& reader);
/// A few lines of ours, no blocks with inputs: notes, refusals, thanks. `text` is plain text, escaped here. `link`, an
/// https address that Slack gave (a permalink), can be clicked behind it; empty or anything else: none.
[[nodiscard]] RenderedMessage note_message(const std::string& text, const std::string& link = {});

}  // namespace fa::chatops
