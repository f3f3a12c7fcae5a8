#pragma once

#include "aws/credential_chain.h"
#include "aws/credential_plan.h"
#include "aws/sso_token.h"

namespace fa::aws {

struct SsoPlaces {
  std::string portal_url;  ///< Overrides; empty: the sso_region's.
  std::string oidc_url;
  bool use_fips = false;
  bool use_dual_stack = false;
};
SsoPlaces sso_places(const SharedSettings& settings);

/// The valid token of a log-in. One that ends within 5 minutes is renewed (sso-oidc CreateToken) if the log-in is of an
/// sso-session and can be, and the cache file rewritten, as the AWS CLI does. While it is valid, a failed renewal does
/// not matter. kDenied says to log in again.
Result<SsoToken> valid_sso_token(const ChainWorld& world, const SsoSource& sso, const SsoPlaces& places,
                                 const std::string& profile, const Context& context);

/// IAM Identity Center: GetRoleCredentials with the token.
std::unique_ptr<CredentialsProvider> make_sso(const ChainWorld& world, SsoSource sso, SsoPlaces places,
                                              std::string profile);

}  // namespace fa::aws
