#pragma once

#include <string>

#include "aws/client.h"

namespace fa::aws {

/// What is known about a call that did not succeed.
struct FailedCall {
  const Operation& operation;
  std::string region;
  int attempts = 1;
  std::string identity;  ///< Credentials::origin of the last attempt.
  Nanoseconds skew{0};   ///< What signing added to our clock.
};

/// The error of a refusal (any status but 2xx), by the table at aws::Client.
Error refusal_error(const FailedCall& call, int http_status, const ServiceError& said);

/// The error of a call without a complete answer: the same code and reason, in the words of a call.
Error unanswered_error(const FailedCall& call, const Error& error);

}  // namespace fa::aws
