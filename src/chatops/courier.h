#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "slack/web_api.h"
#include "store/job_store.h"

namespace fa::chatops {

/// Sends messages and files once, whatever happens in between: what was sent is remembered before and after, and where
/// it is not known whether something arrived, the thread is looked through before it is sent again. Borrows both;
/// thread-safe.
class Courier {
 public:
  Courier(slack::SlackApi& slack, JobStore& jobs) : slack_(slack), jobs_(jobs) {}

  /// Posts `message` as the delivery `id` (which it gets as delivery_id). The second time it gives the same place.
  Result<slack::Posted> post(const JobClaim& claim, const std::string& id, slack::Message message,
                             const Context& context);
  /// Uploads and shares a file as the delivery `id`.
  Result<void> share(const JobClaim& claim, const std::string& id, const slack::FileUpload& file,
                     const Context& context);

 private:
  Result<slack::Posted> arrived(const JobClaim& claim, const std::string& id, const slack::Posted& where);
  slack::SlackApi& slack_;
  JobStore& jobs_;
};

/// Where a delivery of any job went; nullopt where it was not sent.
[[nodiscard]] Result<std::optional<slack::Posted>> delivered_to(JobStore& jobs, const std::string& id);

}  // namespace fa::chatops
