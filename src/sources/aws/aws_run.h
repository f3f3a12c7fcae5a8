#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sources/aws/aws_session.h"
#include "sources/aws/collect_aws.h"
#include "sources/aws/source.h"

namespace fa {

/// Accounts and regions that are ready to be asked, with one account of the cost: what every source of a run borrows.
/// Movable: what the scopes refer to stays where it is.
class AwsRun {
 public:
  /// Opens session, prices and targets and asks each target who it is. A target whose credentials do not work is a gap.
  /// Errors: no credentials, no region, prices that cannot be read.
  static Result<AwsRun> open(const AwsRequest& request, TimeRange window, TimeRange baseline,
                             const AwsWorldAccess& world, const Context& context);

  [[nodiscard]] const PriceList& prices() const { return own_prices_ ? *own_prices_ : PriceList::built_in(); }
  /// Calls made and money reserved so far.
  [[nodiscard]] Usage usage() const;

  std::unique_ptr<AwsSession> session;
  std::unique_ptr<CostMeter> cost;
  std::vector<std::unique_ptr<AwsIdentity>> identities;
  std::vector<std::unique_ptr<AwsScope>> scopes;  ///< One a target, in the request's order.
  std::vector<Gap> gaps;                          ///< Targets that cannot be asked.
  std::string identity;                           ///< ARN of the first that said who it is.

 private:
  std::unique_ptr<PriceList> own_prices_;
};

}  // namespace fa
