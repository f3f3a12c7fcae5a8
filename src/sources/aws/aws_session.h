#pragma once

#include <memory>
#include <string>

#include "aws/client.h"
#include "aws/credential_chain.h"
#include "sources/aws/aws_request.h"
#include "sources/aws/collect_aws.h"

namespace fa {

/// One identity in one account and region.
class AwsIdentity {
 public:
  AwsIdentity(std::unique_ptr<aws::CredentialsProvider> owned, aws::CredentialsProvider& credentials,
              const AwsWorldAccess& world, aws::ClientSettings settings);

  [[nodiscard]] aws::Client& client() { return client_; }
  std::string account;  ///< Filled by who asks STS; empty when it does not tell.
  std::string arn;

 private:
  std::unique_ptr<aws::CredentialsProvider> owned_;  ///< Null when the session's own are used.
  aws::Client client_;
};

/// The caller's profile, credentials and settings, and the identities of its targets. Thread-safe once opened.
class AwsSession {
 public:
  /// Reads the shared files; asks nothing. Fails on broken files, an unknown profile, or when there are no credentials
  /// anywhere.
  static Result<std::unique_ptr<AwsSession>> open(const std::string& profile, const AwsWorldAccess& world);

  /// A client for a target. An empty region is the profile's; none anywhere is an error that says how to name one.
  Result<std::unique_ptr<AwsIdentity>> identity(const AwsTarget& target);

  [[nodiscard]] aws::CredentialsProvider& credentials() { return *credentials_; }
  [[nodiscard]] const aws::SharedSettings& settings() const { return settings_; }

 private:
  explicit AwsSession(const AwsWorldAccess& world) : world_(world) {}

  AwsWorldAccess world_;
  aws::ProfileFiles files_;
  aws::SharedSettings settings_;
  std::unique_ptr<aws::CredentialsProvider> credentials_;
};

}  // namespace fa
