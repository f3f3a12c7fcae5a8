#pragma once

#include <functional>
#include <string>

#include "base/context.h"
#include "chatops/analyst.h"
#include "chatops/courier.h"
#include "chatops/directory.h"
#include "chatops/investigator.h"
#include "chatops/job_payloads.h"
#include "chatops/progress_message.h"
#include "chatops/report_renderer.h"
#include "chatops/settings.h"
#include "server/log.h"
#include "server/metrics.h"
#include "slack/web_api.h"
#include "store/job_store.h"

namespace fa::chatops {

/// What doing a job came to. Anything else than kDone leaves writing it down to the caller.
struct JobEnd {
  enum class Kind {
    kDone,      ///< `next` follows.
    kAgain,     ///< Something that may pass: try again later.
    kFailed,    ///< Trying again will not help; `next` says so to whoever asked.
    kLostClaim  ///< Somebody else has the job; nothing may be written.
  } kind = Kind::kDone;
  std::string error;
  std::vector<NewJob> next;
  bool delivering = false;  ///< kAgain: the answer exists, only Slack does not take it; that is worth many tries.
};

/// What an error means for the job that met it. `delivering`: as in JobEnd.
[[nodiscard]] JobEnd end_of(const Error& error, bool delivering = false);

/// Blob of the data that was collected for a run.
[[nodiscard]] inline std::string collected_key(const std::string& run) { return "runs/" + run + "/collected"; }

/// The slow half of the Slack app: what each kind of job does. Every function may be ended at any instruction and run
/// again from the start: what was done is in the stores. Borrows everything; thread-safe.
struct Work {
  struct Parts {
    const Settings& settings;
    JobStore& jobs;
    BlobStore& blobs;
    slack::SlackApi& slack;
    Investigator& investigator;
    ReportRenderer& renderer;
    Analyst& analyst;
    Directory& directory;
    const Clock& clock;
    server::Log& log;
    server::Metrics& metrics;
    Nanoseconds progress_pause = std::chrono::seconds(2);  ///< Between two updates of a progress message.
    Nanoseconds analysis_deadline = std::chrono::minutes(30);
  };
  explicit Work(Parts parts) : parts_(parts), courier_(parts.slack, parts.jobs) {}

  /// Does one job; never throws.
  [[nodiscard]] JobEnd run(const Job& job, const Context& context);
  /// The end of a job that was interrupted too often (its process was killed again and again) to be tried once more.
  [[nodiscard]] JobEnd interrupted(const Job& job) const;

 private:
  JobEnd offer_form(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd acknowledge(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd analyse(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd tell_failure(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd answer(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd decide(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd acknowledge_inquiry(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd inquire(const Job& job, const JobClaim& claim, const Context& context);
  JobEnd tell_inquiry_failure(const Job& job, const JobClaim& claim, const Context& context);

  /// Posts a message of ours into a place.
  Result<slack::Posted> post(const JobClaim& claim, const std::string& id, const Place& place,
                             const RenderedMessage& message, const Context& context);
  /// Makes the root of an alarm that came another way than through Slack the place; joins an earlier one.
  Result<bool> joins_earlier(const Job& job, const JobClaim& claim, const FormOffer& offer, Place& place,
                             const Context& context);
  /// How whoever asked reads, asking Slack where nobody knows yet.
  [[nodiscard]] Reader reader_of(const Place& place, const std::string& user, const Reader& as_asked,
                                 const Context& context);
  /// What waits or runs before something new.
  [[nodiscard]] Progress queued();
  /// Posts what was understood, in its place or, where the app may not write there, to whoever asked; keeps in the
  /// order where that is.
  Result<void> say_understood(const JobClaim& claim, Order& order, const RenderedMessage& message,
                              const Context& context);
  /// Shows the last state of a progress message; nothing is lost where that fails.
  void show_end(const Order& order, const RenderedMessage& message, const Context& context);
  /// The collected data of a run: collected now by `collect`, unless an earlier attempt did it.
  Result<std::filesystem::path> collected(
      const Job& job, const JobClaim& claim, const std::string& run, ProgressMessage& shown,
      const std::function<Result<void>(const std::filesystem::path& folder, const Investigator::OnProgress&)>& collect);

  Result<Report> find_causes(const Job& job, const JobClaim& claim, const AnalysisOrder& order, const Context& context);
  /// The files of a report, made at the first attempt to deliver it.
  Result<std::vector<ResultFile>> report_files(const AnalysisOrder& order, const Report& report,
                                               const Context& context);
  Result<void> deliver(const JobClaim& claim, const AnalysisOrder& order, const Report& report, const Context& context);
  Result<void> find_answer(const Job& job, const JobClaim& claim, const InquiryOrder& order, const Context& context);
  Result<void> deliver_answer(const JobClaim& claim, const InquiryOrder& order, const Context& context);
  /// Shares a file of a result; one that Slack does not take is said in the thread, and the result stands.
  Result<void> share(const JobClaim& claim, const Order& order, const ResultFile& file, const Place& place,
                     const Context& context);
  void log_missing(const std::string& run, const ResultFiles& files);
  void count(const Report& report);
  void count(const Usage& usage, std::size_t gaps);

  Parts parts_;
  Courier courier_;
};

}  // namespace fa::chatops
