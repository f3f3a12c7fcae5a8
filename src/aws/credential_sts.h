#pragma once

#include "aws/credential_call.h"
#include "aws/credential_plan.h"

namespace fa::aws {

/// Which STS is asked, whatever the role.
struct StsPlace {
  std::string region;
  std::string endpoint_url;
  bool use_fips = false;
  bool use_dual_stack = false;
  bool use_global_endpoint = false;
};

/// What the settings of the machine say about it.
StsPlace sts_place(const SharedSettings& settings);

/// The same as make_assume_role() for a base that is owned.
std::unique_ptr<CredentialsProvider> make_assume_role_over(const ChainWorld& world,
                                                           std::unique_ptr<CredentialsProvider> base, AssumeRole role);

/// STS AssumeRoleWithWebIdentity; the token file is read at every get(), since it is renewed by others.
std::unique_ptr<CredentialsProvider> make_web_identity(const ChainWorld& world, WebIdentitySource source,
                                                       StsPlace place);

}  // namespace fa::aws
