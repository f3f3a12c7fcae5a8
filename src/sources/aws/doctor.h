#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/aws/collect_aws.h"

namespace fa {

/// One thing that must be so for a collection to work.
struct DoctorCheck {
  enum class State {
    kGood,
    kWarning,  ///< Works, but something is missing that a report would want.
    kBad,
    kSkipped,  ///< Not configured, or could not be tried because of an earlier check.
  };
  std::string subject;  ///< `credentials`, `log group /ecs/orders`, `bucket logs`
  State state = State::kGood;
  std::string finding;  ///< What was seen.
  std::string fix;      ///< What to do; empty for good ones.
};

/// An IAM action that collecting needs, and for what.
struct NeededAction {
  std::string_view action;  ///< `logs:FilterLogEvents`
  std::string_view source;  ///< `logs`, `s3`, `metrics`, `xray`, `cloudtrail`, `athena`, `alarm`, `findings`
};
/// All of them: what docs/ops/iam-policy.json allows, and no more.
std::span<const NeededAction> needed_actions();

/// Tries everything a collection with this request would need, with calls that read next to nothing (a query over one
/// second, an object's listing, one metric), for every target. Never fails: what cannot be tried is a check. Costs less
/// than 0.01 USD.
std::vector<DoctorCheck> examine_aws(const AwsRequest& request, const AwsWorldAccess& world, const Context& context);

}  // namespace fa
