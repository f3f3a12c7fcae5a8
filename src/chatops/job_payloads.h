#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "alarms/alarm.h"
#include "base/result.h"
#include "chatops/messages.h"
#include "store/job_store.h"

/// What the jobs of the Slack app carry, and how they are named. The names and keys are on disk: old ones must stay
/// readable.
namespace fa::chatops {

inline constexpr std::string_view kOfferFormJob = "offer_form";     ///< An alarm was seen: offer the form.
inline constexpr std::string_view kAcknowledgeJob = "acknowledge";  ///< Say what was understood, then analyse.
inline constexpr std::string_view kAnalyseJob = "analyse";
inline constexpr std::string_view kTellFailureJob = "tell_failure";
inline constexpr std::string_view kAnswerJob = "answer";  ///< A follow-up question.
inline constexpr std::string_view kDecideJob = "decide";  ///< The cause was confirmed, or was another.

/// Stages of kAnalyseJob and kAnswerJob.
inline constexpr std::string_view kCollectedStage = "collected";  ///< The data is in the blob store.
inline constexpr std::string_view kReportedStage = "reported";    ///< So is the report; what is left is to deliver it.

/// Where a conversation is.
struct Place {
  std::string team;
  std::string channel;
  std::string thread_ts;  ///< Empty: the job's first message begins the thread.
  [[nodiscard]] std::string thread() const { return thread_ts.empty() ? std::string() : channel + ":" + thread_ts; }
};

/// What is known of an alarm when its form is filled in; travels through Slack in the button, so it is short.
struct AlarmHint {
  std::string arn;
  std::string entity;
  std::string metric;
  std::string statistic;
};

/// kOfferFormJob
struct FormOffer {
  Place place;
  std::string user;        ///< Who asked; empty for alarms.
  std::string alarm_key;   ///< Empty: no alarm, nothing to join.
  std::string alarm_name;  ///< For people.
  bool announce = false;   ///< Nobody has posted it in the channel yet: say what fired.
  std::string announcement;
  FormInput input;
  AlarmHint alarm;
  bool start_at_once = false;
  Reader reader;
};

/// kAcknowledgeJob, kAnalyseJob, kTellFailureJob: one analysis all the way.
struct AnalysisOrder {
  std::string run;  ///< Its id: of the job kAnalyseJob, of its blobs and of the incident.
  Place place;
  std::string user;
  FormInput input;
  AlarmHint alarm;
  Reader reader;
  std::string form_ts;      ///< Message with the form it came from, in place.channel; empty: a modal.
  std::string progress_ts;  ///< Message that shows how far it is; empty until acknowledged.
  std::string progress_channel;
  std::string failure;  ///< kTellFailureJob: what failed, in the reader's language.
};

/// kAnswerJob
struct Question {
  Place place;
  std::string user;
  std::string run;  ///< Analysis it is about; empty: the latest of the thread.
  std::string text;
  Reader reader;
};

/// kDecideJob
struct DecisionOrder {
  Place place;
  std::string user;
  std::string run;
  bool confirmed = false;
  std::string cause;
  std::string fix;
  Reader reader;
};

[[nodiscard]] std::string to_json(const FormOffer& offer);
[[nodiscard]] std::string to_json(const AnalysisOrder& order);
[[nodiscard]] std::string to_json(const Question& question);
[[nodiscard]] std::string to_json(const DecisionOrder& order);
/// kInvalidInput where it is damaged.
[[nodiscard]] Result<FormOffer> form_offer_from_json(const std::string& json);
[[nodiscard]] Result<AnalysisOrder> analysis_order_from_json(const std::string& json);
[[nodiscard]] Result<Question> question_from_json(const std::string& json);
[[nodiscard]] Result<DecisionOrder> decision_order_from_json(const std::string& json);

/// What the button of a form carries (at most 2,000 bytes: parts that do not fit are left out).
struct FormState {
  AlarmHint alarm;
};
[[nodiscard]] std::string to_json(const FormState& state);
[[nodiscard]] FormState form_state_from_json(const std::string& json);

/// What a modal carries: where it belongs.
struct ModalState {
  Place place;
  AlarmHint alarm;
  std::string run;  ///< Of decisions and questions.
  Reader reader;
};
[[nodiscard]] std::string to_json(const ModalState& state);
[[nodiscard]] ModalState modal_state_from_json(const std::string& json);

/// What the buttons below a report carry.
struct ReportState {
  std::string run;
  std::string headline;  ///< At most 500 bytes are kept.
};
[[nodiscard]] std::string to_json(const ReportState& state);
[[nodiscard]] ReportState report_state_from_json(const std::string& json);

/// Jobs of these, named after what was asked (`key`), so that the same request twice is one job.
[[nodiscard]] std::string id_from_key(std::string_view prefix, const std::string& key);
[[nodiscard]] NewJob offer_form_job(const std::string& key, const FormOffer& offer);
/// The acknowledgement; it makes the analysis itself (analyse_job) when it is through. Gives `order` its run.
[[nodiscard]] NewJob acknowledge_job(const std::string& key, AnalysisOrder order);
[[nodiscard]] NewJob analyse_job(const AnalysisOrder& order);
[[nodiscard]] NewJob tell_failure_job(const AnalysisOrder& order);
[[nodiscard]] NewJob answer_job(const std::string& key, const Question& question);
[[nodiscard]] NewJob decide_job(const std::string& key, const DecisionOrder& order);

}  // namespace fa::chatops
