#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "alarms/alarm.h"
#include "base/result.h"
#include "chatops/inquiry.h"
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
/// The same three for an inquiry.
inline constexpr std::string_view kAcknowledgeInquiryJob = "acknowledge_inquiry";
inline constexpr std::string_view kInquireJob = "inquire";
inline constexpr std::string_view kTellInquiryFailureJob = "tell_inquiry_failure";

/// Stages of kAnalyseJob, kAnswerJob and kInquireJob.
inline constexpr std::string_view kCollectedStage = "collected";  ///< The data is in the blob store.
inline constexpr std::string_view kReportedStage = "reported";    ///< So is the result; what is left is to deliver it.

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

/// Work for somebody, from its acknowledgement to its end.
struct Order {
  std::string run;  ///< Its id: of the job that does the work, and of its blobs.
  Place place;
  std::string user;
  Reader reader;
  std::string progress_ts;  ///< Message that shows how far it is; empty until acknowledged.
  std::string progress_channel;
  std::string failure;  ///< What failed, in the reader's language, for whoever tells it.
};

/// kAcknowledgeJob, kAnalyseJob, kTellFailureJob: one analysis all the way. The run is also the incident's id.
struct AnalysisOrder : Order {
  FormInput input;
  AlarmHint alarm;
  std::string form_ts;  ///< Message with the form it came from, in place.channel; empty: a modal.
};

/// kAcknowledgeInquiryJob, kInquireJob, kTellInquiryFailureJob: one inquiry all the way.
struct InquiryOrder : Order {
  Inquiry inquiry;
  TimePoint asked = kNoTime;  ///< End of the time it looks at, whenever it is tried.
  bool in_thread = false;     ///< It was asked in a thread, and not where everybody reads.
  [[nodiscard]] TimeRange window() const { return {asked - std::chrono::hours(24) * inquiry.days, asked}; }
  /// Of the answer; what is said around it is in the reader's.
  [[nodiscard]] Language language() const { return inquiry.language.value_or(reader.language); }
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
[[nodiscard]] std::string to_json(const InquiryOrder& order);
[[nodiscard]] std::string to_json(const Question& question);
[[nodiscard]] std::string to_json(const DecisionOrder& order);
/// kInvalidInput where it is damaged.
[[nodiscard]] Result<FormOffer> form_offer_from_json(const std::string& json);
[[nodiscard]] Result<AnalysisOrder> analysis_order_from_json(const std::string& json);
[[nodiscard]] Result<InquiryOrder> inquiry_order_from_json(const std::string& json);
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
/// The same for inquiries.
[[nodiscard]] NewJob acknowledge_inquiry_job(const std::string& key, InquiryOrder order);
[[nodiscard]] NewJob inquire_job(const InquiryOrder& order);
[[nodiscard]] NewJob tell_inquiry_failure_job(const InquiryOrder& order);
[[nodiscard]] NewJob answer_job(const std::string& key, const Question& question);
[[nodiscard]] NewJob decide_job(const std::string& key, const DecisionOrder& order);

}  // namespace fa::chatops
