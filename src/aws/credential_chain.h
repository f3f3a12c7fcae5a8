#pragma once

#include <memory>
#include <string>

#include "aws/credentials.h"
#include "aws/environment.h"
#include "aws/profile.h"
#include "base/wait.h"
#include "net/retry.h"

namespace fa::aws {

/// What providers need of the world. All borrowed; must outlive the providers.
struct ChainWorld {
  const Environment& environment;
  HttpClient& http;
  Retrier& retrier;
  const Clock& clock;
};

/// The default chain of the AWS SDKs: environment, shared config and credentials files (static keys, source_profile,
/// credential_source, role_arn, web identity, SSO, credential_process), web identity from the environment, container
/// (ECS, EKS) endpoint, IMDSv2. The first that is configured decides; what it then says, errors included, counts.
/// A profile named by the caller or AWS_PROFILE is not passed over in silence when it does not exist; with one named by
/// the caller the environment's keys do not count. Fails (kInvalidInput, kDenied) when that is contradictory or
/// incomplete; asks nobody yet. `files` are copied from; what they name (tokens, commands) is read at every get(). Not
/// cached: wrap it.
Result<std::unique_ptr<CredentialsProvider>> make_default_chain(const ChainWorld& world, const ProfileFiles& files);

struct AssumeRole {
  std::string role_arn;
  std::string external_id;       ///< Empty: none.
  std::string session_name;      ///< Empty: `fa2-<seconds>`.
  std::string region;            ///< Of the STS endpoint; empty: where the role's partition is global (us-east-1).
  std::string endpoint_url;      ///< Override; empty: the region's.
  std::string duration_seconds;  ///< Empty: the service's one hour.
  bool use_fips = false;
  bool use_dual_stack = false;
  bool use_global_endpoint = false;  ///< sts.amazonaws.com, for those who still ask for it.
};

/// STS AssumeRole with the credentials of `base` (borrowed). Base credentials that STS refuses as expired or invalid
/// are invalidated and asked for once more. Not cached: wrap it.
std::unique_ptr<CredentialsProvider> make_assume_role(const ChainWorld& world, CredentialsProvider& base,
                                                      AssumeRole role);

/// The part of it that a profile decides, and it alone. kDenied when the profile says nothing about credentials.
Result<std::unique_ptr<CredentialsProvider>> make_profile_provider(const ChainWorld& world, const ProfileFiles& files);

/// Keeps what `inner` gave until 5 minutes before its expiry (10 s after a failed refresh, at most to the expiry
/// itself); one thread refreshes while the others go on with what is still valid or wait. Credentials that arrive
/// within 5 minutes of their expiry, or behind it, are good for 10 s: the service decides about them (metadata services
/// hand out the old ones while they cannot get new ones). Threads that waited for a refresh that failed get its error.
std::unique_ptr<CredentialsProvider> make_caching(std::unique_ptr<CredentialsProvider> inner, const Clock& clock);

}  // namespace fa::aws
