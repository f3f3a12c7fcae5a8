#pragma once

#include <functional>
#include <string>

#include "base/context.h"
#include "chatops/courier.h"
#include "chatops/directory.h"
#include "chatops/investigator.h"
#include "chatops/job_payloads.h"
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

/// The slow half of the Slack app: what each kind of job does. Every function may be ended at any instruction and run
/// again from the start: what was done is in the stores. Borrows everything; thread-safe.
struct Work {
  struct Parts {
    const Settings& settings;
    JobStore& jobs;
    BlobStore& blobs;
    slack::SlackApi& slack;
    Investigator& investigator;
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

  /// Posts a message of ours into a place.
  Result<slack::Posted> post(const JobClaim& claim, const std::string& id, const Place& place,
                             const RenderedMessage& message, const Context& context);
  /// Makes the root of an alarm that came another way than through Slack the place; joins an earlier one.
  Result<bool> joins_earlier(const Job& job, const JobClaim& claim, const FormOffer& offer, Place& place,
                             const Context& context);
  /// How whoever asked reads, asking Slack where nobody knows yet.
  [[nodiscard]] Reader reader_of(const Place& place, const std::string& user, const Reader& as_asked,
                                 const Context& context);
  Result<Report> find_causes(const Job& job, const JobClaim& claim, const AnalysisOrder& order, const Context& context);
  Result<void> deliver(const JobClaim& claim, const AnalysisOrder& order, const Report& report, const Context& context);
  void count(const Report& report);

  Parts parts_;
  Courier courier_;
};

}  // namespace fa::chatops
