#pragma once

#include <string>

#include "aws/client.h"

/// AWS Security Token Service. Contract: service model sts 2011-06-15 (query protocol).
namespace fa::aws::sts {

extern const Service kService;

struct CallerIdentity {
  std::string account;
  std::string arn;
};
Result<CallerIdentity> get_caller_identity(Client& client, const Context& context);

}  // namespace fa::aws::sts
