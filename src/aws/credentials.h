#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

namespace fa::aws {

struct Credentials {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;             ///< Empty for long-term keys.
  std::string account_id;           ///< Empty when the provider does not tell.
  std::optional<TimePoint> expiry;  ///< nullopt: they do not expire.
  std::string origin;  ///< Which provider and profile they came from, for people: "profile ops (assume role ...)".
};

/// Gives credentials that are valid now. Thread-safe.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;

  /// Errors: kDenied when there are none or they were refused (the message says what was tried and what to do),
  /// kUnavailable when the provider did not answer.
  virtual Result<Credentials> get(const Context& context) = 0;
  /// The service refused these as expired or invalid: the next get() must not return them again if it can help it.
  virtual void invalidate(const Credentials& refused) { static_cast<void>(refused); }
};

}  // namespace fa::aws
