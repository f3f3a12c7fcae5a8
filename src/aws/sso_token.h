#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/credential_plan.h"
#include "base/secret.h"
#include "base/time.h"

/// The token that `aws sso login` leaves in ~/.aws/sso/cache. Format: as the AWS CLI and SDKs write it ("SSO token
/// provider configuration", AWS SDKs and Tools Reference Guide).
namespace fa::aws {

struct SsoToken {
  Secret access_token;
  TimePoint expiry = kNoTime;
  // What a refresh takes; empty in the older form.
  Secret refresh_token;
  std::string client_id;
  Secret client_secret;
  std::optional<TimePoint> registration_expiry;

  [[nodiscard]] bool refreshable(TimePoint now) const {
    return !refresh_token.empty() && !client_id.empty() && !client_secret.empty() && registration_expiry &&
           now < *registration_expiry;
  }
};

/// `<home>/.aws/sso/cache/<SHA-1 of the session's name, or of the start URL without a session>.json`.
std::string sso_token_path(const std::string& home, const SsoSource& sso);

/// kInvalidInput names what is missing, never a value.
Result<SsoToken> parse_sso_token(std::string_view json);

/// What CreateToken of sso-oidc answered: accessToken, expiresIn (seconds), refreshToken (or none: the old one stays).
Result<SsoToken> parse_created_token(std::string_view json, const SsoToken& old, TimePoint now);

/// The file with the new token in it; whatever else stands there stays. Empty when `old_json` is no JSON object.
std::string rewrite_sso_token(std::string_view old_json, const SsoToken& token);

}  // namespace fa::aws
