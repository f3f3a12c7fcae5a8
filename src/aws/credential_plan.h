#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aws/credentials.h"
#include "aws/profile.h"

/// What a profile says about credentials, before anybody is asked for them.
namespace fa::aws {

/// `credential_source`.
enum class NamedSource { kEnvironment, kContainer, kInstance };

struct WebIdentitySource {
  std::string role_arn;
  std::string token_file;
  std::string session_name;  ///< Empty: one of ours.
};

struct SsoSource {
  std::string session;  ///< Name of the sso-session; empty for the older form, whose token cannot be refreshed.
  std::string region;
  std::string start_url;
  std::string account_id;
  std::string role_name;
};

struct ProcessSource {
  std::string command;
  std::string account_id;  ///< Of the profile, for processes that tell none.
};

using CredentialSource = std::variant<Credentials, NamedSource, WebIdentitySource, SsoSource, ProcessSource>;

/// A role to assume with what the step before gave.
struct RoleStep {
  std::string role_arn;
  std::string external_id;
  std::string session_name;
  std::string duration_seconds;
};

/// The source first, then one role after the other.
struct CredentialPlan {
  CredentialSource source;
  std::string source_profile;  ///< The profile that names the source.
  std::vector<RoleStep> roles;
};

/// Follows source_profile from the selected profile to where credentials come from. nullopt when the profile says
/// nothing about credentials, or is `default`, chosen by nobody, and missing. Errors (kInvalidInput): a profile that
/// is missing, incomplete, contradictory, or its own source in a circle; mfa_serial (kDenied), since nobody is there to
/// type a code. Pure.
Result<std::optional<CredentialPlan>> plan_credentials(const ProfileFiles& files);

}  // namespace fa::aws
