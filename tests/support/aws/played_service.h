#pragma once

#include <memory>
#include <string>

#include "support/aws/stand_in.h"
#include "support/aws/wire.h"

namespace fa::test {

/// One AWS service of the stand-in. Thread-safe.
class PlayedService {
 public:
  virtual ~PlayedService() = default;

  /// The operation a request asks for; empty when the service has none such.
  [[nodiscard]] virtual std::string operation_of(const wire::Call& call) const = 0;
  virtual wire::Outcome answer(const wire::Call& call) = 0;
  /// A well-formed answer with nothing in it; nullopt for operations that always have something to say.
  [[nodiscard]] virtual std::optional<std::string> empty_answer(const wire::Call& call) const = 0;
};

std::unique_ptr<PlayedService> play_logs(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_cloudwatch(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_s3(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_xray(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_athena(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_cloudtrail(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_secrets_manager(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_security_hub(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_guardduty(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_dynamodb(const AwsStandIn& settings);
std::unique_ptr<PlayedService> play_lambda(const AwsStandIn& settings);

/// Credentials that the stand-in knows besides the world's own: those that STS gave away. Thread-safe.
class IssuedCredentials;
struct IssuedCredential {
  std::string secret;
  std::string token;
  TimePoint expiry;
  const AwsWorld* world = nullptr;
  std::string arn;
  std::string id;
};
std::unique_ptr<PlayedService> play_sts(const AwsStandIn& settings, IssuedCredentials& issued);

/// The operation behind the dot of X-Amz-Target where the prefix is the given one; empty otherwise.
std::string target_operation(const wire::Call& call, std::string_view prefix);

}  // namespace fa::test
