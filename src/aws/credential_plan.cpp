#include "aws/credential_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace fa::aws {
namespace {

/// Non-empty value of a key.
std::optional<std::string> set_key(const ProfileSection& profile, std::string_view key) {
  auto value = profile.find(key);
  if (value && value->empty()) return std::nullopt;
  return value;
}

std::string key_or_empty(const ProfileSection& profile, std::string_view key) { return profile.find(key).value_or(""); }

tl::unexpected<Error> broken(const std::string& profile, std::string_view what) {
  return fail(ErrorCode::kInvalidInput, fmt::format("AWS profile {}: {}", visible(profile), what));
}

using MaybeSource = std::optional<CredentialSource>;

bool has_static_keys(const ProfileSection& profile) {
  return set_key(profile, "aws_access_key_id") && set_key(profile, "aws_secret_access_key");
}

Result<MaybeSource> static_keys(const std::string& name, const ProfileSection& profile) {
  const auto id = set_key(profile, "aws_access_key_id");
  const auto secret = set_key(profile, "aws_secret_access_key");
  if (!id && !secret) return MaybeSource();
  if (!secret) return broken(name, "aws_access_key_id stands there without aws_secret_access_key; add it");
  if (!id) return broken(name, "aws_secret_access_key stands there without aws_access_key_id; add it");
  Credentials keys;
  keys.access_key_id = *id;
  keys.secret_access_key = Secret(*secret);
  keys.session_token = Secret(key_or_empty(profile, "aws_session_token"));
  keys.account_id = key_or_empty(profile, "aws_account_id");
  keys.origin = "profile " + name;
  return MaybeSource(std::move(keys));
}

Result<MaybeSource> named_source(const std::string& name, const ProfileSection& profile) {
  const auto source = set_key(profile, "credential_source");
  if (!source) return MaybeSource();
  if (iequals(*source, "Environment")) return MaybeSource(NamedSource::kEnvironment);
  if (iequals(*source, "EcsContainer")) return MaybeSource(NamedSource::kContainer);
  if (iequals(*source, "Ec2InstanceMetadata")) return MaybeSource(NamedSource::kInstance);
  return broken(name, fmt::format("credential_source {} is none of Environment, EcsContainer, Ec2InstanceMetadata",
                                  visible(utf8_prefix(*source, 60))));
}

Result<MaybeSource> web_identity(const std::string& name, const ProfileSection& profile) {
  const auto file = set_key(profile, "web_identity_token_file");
  if (!file) return MaybeSource();
  const auto role = set_key(profile, "role_arn");
  if (!role) return broken(name, "web_identity_token_file is there, but role_arn is missing; add it");
  return MaybeSource(WebIdentitySource{*role, *file, key_or_empty(profile, "role_session_name")});
}

Result<MaybeSource> single_sign_on(const ProfileFiles& files, const std::string& name, const ProfileSection& profile) {
  SsoSource sso;
  sso.session = key_or_empty(profile, "sso_session");
  sso.account_id = key_or_empty(profile, "sso_account_id");
  sso.role_name = key_or_empty(profile, "sso_role_name");
  if (sso.session.empty() && sso.account_id.empty() && sso.role_name.empty()) return MaybeSource();
  if (sso.account_id.empty() != sso.role_name.empty()) {
    return broken(name, sso.account_id.empty() ? "sso_role_name stands there without sso_account_id; add it"
                                               : "sso_account_id stands there without sso_role_name; add it");
  }
  const ProfileSection* from = &profile;
  if (!sso.session.empty()) {
    const auto session = files.sso_sessions.find(sso.session);
    if (session == files.sso_sessions.end()) {
      return broken(name, fmt::format("there is no section [sso-session {}] in the AWS config file",
                                      visible(utf8_prefix(sso.session, 100))));
    }
    from = &session->second;
    for (const std::string_view key : {"sso_region", "sso_start_url"}) {
      // The same value in both places is how older tools are kept working.
      const auto own = set_key(profile, key);
      if (own && own != set_key(*from, key)) {
        return broken(name, fmt::format("{} belongs into the [sso-session {}] section and says something else there",
                                        key, visible(sso.session)));
      }
    }
  }
  sso.region = key_or_empty(*from, "sso_region");
  sso.start_url = key_or_empty(*from, "sso_start_url");
  if (sso.region.empty() || sso.start_url.empty()) {
    return broken(
        name, fmt::format("{} is missing; run aws configure sso", sso.region.empty() ? "sso_region" : "sso_start_url"));
  }
  return MaybeSource(std::move(sso));
}

/// Where a profile's own credentials come from, its role apart. The order is that of the SDKs where they agree (single
/// sign-on before keys); keys stand before a process, as in most of them.
Result<MaybeSource> own_source(const ProfileFiles& files, const std::string& name, const ProfileSection& profile) {
  for (auto source : {named_source(name, profile), web_identity(name, profile), single_sign_on(files, name, profile),
                      static_keys(name, profile)}) {
    if (!source || *source) return source;
  }
  const auto command = set_key(profile, "credential_process");
  if (!command) return MaybeSource();
  return MaybeSource(ProcessSource{*command, key_or_empty(profile, "aws_account_id")});
}

Result<RoleStep> role_step(const std::string& name, const ProfileSection& profile, const std::string& role_arn) {
  if (set_key(profile, "mfa_serial")) {
    return fail(ErrorCode::kDenied,
                fmt::format("AWS profile {} needs an MFA code (mfa_serial), which cannot be typed here: log in with a "
                            "tool that asks for it and hand over its session keys (aws configure export-credentials "
                            "--profile {} --format env), or use a credential_process or single sign-on",
                            visible(name), visible(name)));
  }
  RoleStep step{role_arn, key_or_empty(profile, "external_id"), key_or_empty(profile, "role_session_name"),
                key_or_empty(profile, "duration_seconds")};
  if (!std::all_of(step.duration_seconds.begin(), step.duration_seconds.end(),
                   [](char c) { return c >= '0' && c <= '9'; })) {
    return broken(name, "duration_seconds must be a number of seconds");
  }
  return step;
}

}  // namespace

Result<std::optional<CredentialPlan>> plan_credentials(const ProfileFiles& files) {
  CredentialPlan plan;
  std::string name = files.selected;
  std::string parent;
  std::set<std::string> visited;
  for (;;) {
    const ProfileSection* profile = files.profile(name);
    if (profile == nullptr) {
      if (!parent.empty()) {
        return broken(parent, fmt::format("its source_profile {} does not exist", visible(utf8_prefix(name, 100))));
      }
      if (files.chosen_by == ProfileChoice::kDefault) return std::nullopt;
      return broken(name, fmt::format("there is no such profile in the AWS config and credentials files{}",
                                      files.chosen_by == ProfileChoice::kEnvironment ? " (AWS_PROFILE names it)" : ""));
    }
    if (!visited.insert(name).second) return broken(name, "source_profile leads back to it: an infinite loop");
    plan.source_profile = name;

    // Keys of a profile that is somebody's source are its credentials; its own role does not count then.
    const bool keys_decide = !parent.empty() && has_static_keys(*profile);
    const auto role = set_key(*profile, "role_arn");
    const auto next = set_key(*profile, "source_profile");
    if (!keys_decide && role && !set_key(*profile, "web_identity_token_file")) {
      const auto source = set_key(*profile, "credential_source");
      if (next && source) return broken(name, "both source_profile and credential_source stand there; remove one");
      if (!next && !source) {
        return broken(name, "role_arn needs source_profile, credential_source or web_identity_token_file");
      }
      auto step = role_step(name, *profile, *role);
      if (!step) return tl::unexpected(step.error());
      plan.roles.insert(plan.roles.begin(), std::move(*step));
      if (next && *next != name) {
        parent = name;
        name = *next;
        continue;
      }
    }
    auto source = keys_decide ? static_keys(name, *profile) : own_source(files, name, *profile);
    if (!source) return tl::unexpected(source.error());
    if (*source) {
      plan.source = std::move(**source);
      return plan;
    }
    if (plan.roles.empty()) return std::nullopt;
    return broken(name, "it is the source_profile of a role, but says nothing about credentials");
  }
}

}  // namespace fa::aws
