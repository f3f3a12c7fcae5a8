#include "aws/credential_chain.h"

#include <fmt/core.h>

#include "aws/credential_container.h"
#include "aws/credential_imds.h"
#include "aws/credential_plan.h"
#include "aws/credential_process.h"
#include "aws/credential_sso.h"
#include "aws/credential_sts.h"
#include "base/text.h"

namespace fa::aws {
namespace {

using Provider = std::unique_ptr<CredentialsProvider>;

/// Credentials that stand somewhere in full.
class FixedProvider final : public CredentialsProvider {
 public:
  explicit FixedProvider(Credentials credentials) : credentials_(std::move(credentials)) {}
  Result<Credentials> get(const Context&) override { return credentials_; }

 private:
  Credentials credentials_;
};

/// nullptr without AWS_ACCESS_KEY_ID. A key without its secret is an error: passing it over would end in credentials
/// of somebody else.
Result<Provider> environment_keys(const Environment& environment) {
  Credentials keys;
  keys.access_key_id = environment.trimmed_variable("AWS_ACCESS_KEY_ID");
  if (keys.access_key_id.empty()) return nullptr;
  keys.secret_access_key = Secret(environment.trimmed_variable("AWS_SECRET_ACCESS_KEY"));
  if (keys.secret_access_key.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY; set both or neither");
  }
  keys.session_token = Secret(environment.trimmed_variable("AWS_SESSION_TOKEN"));
  keys.account_id = environment.trimmed_variable("AWS_ACCOUNT_ID");
  keys.origin = "environment variables";
  return std::make_unique<FixedProvider>(std::move(keys));
}

Result<Provider> web_identity_of_environment(const ChainWorld& world, const StsPlace& place) {
  WebIdentitySource source;
  source.token_file = world.environment.trimmed_variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (source.token_file.empty()) return nullptr;
  source.role_arn = world.environment.trimmed_variable("AWS_ROLE_ARN");
  if (source.role_arn.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN; set both or neither");
  }
  source.session_name = world.environment.trimmed_variable("AWS_ROLE_SESSION_NAME");
  return make_web_identity(world, std::move(source), place);
}

Result<Provider> container_if_set(const ChainWorld& world) {
  auto url = container_endpoint(world.environment);
  if (!url) return tl::unexpected(url.error());
  if (!*url) return nullptr;
  return make_container(world, std::move(**url));
}

Result<Provider> instance(const ChainWorld& world, const ProfileFiles& files) {
  auto endpoint = imds_endpoint(world.environment, files);
  if (!endpoint) return tl::unexpected(endpoint.error());
  return make_imds(world, std::move(*endpoint));
}

Result<Provider> provider_of(const ChainWorld& world, const ProfileFiles& files, const std::string& profile,
                             NamedSource named) {
  const auto missing = [&](std::string_view source, std::string_view what) {
    return fail(ErrorCode::kDenied,
                fmt::format("AWS profile {} takes its credentials from {}, but {}", visible(profile), source, what));
  };
  switch (named) {
    case NamedSource::kEnvironment: {
      auto keys = environment_keys(world.environment);
      if (keys && *keys == nullptr) {
        return missing("the environment", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
      }
      return keys;
    }
    case NamedSource::kContainer: {
      auto container = container_if_set(world);
      if (container && *container == nullptr) {
        return missing("the container", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set");
      }
      return container;
    }
    case NamedSource::kInstance:
      break;
  }
  if (imds_disabled(world.environment)) return missing("the EC2 instance", "AWS_EC2_METADATA_DISABLED is true");
  return instance(world, files);
}

Result<Provider> provider_of(const ChainWorld& world, const std::string& profile, SsoSource sso,
                             const SharedSettings& settings) {
  if (sso.account_id.empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("AWS profile {} gives an access token (sso_session) but no credentials: sso_account_id and "
                            "sso_role_name are missing; run aws configure sso",
                            visible(profile)));
  }
  return make_sso(world, std::move(sso), sso_places(settings), profile);
}

Result<Provider> provider_of(const ChainWorld& world, const ProfileFiles& files, CredentialPlan plan) {
  const SharedSettings settings = shared_settings(world.environment, files);
  const StsPlace place = sts_place(settings);
  const std::string& profile = plan.source_profile;
  Result<Provider> provider = nullptr;
  if (auto* keys = std::get_if<Credentials>(&plan.source)) {
    provider = std::make_unique<FixedProvider>(std::move(*keys));
  } else if (const auto* named = std::get_if<NamedSource>(&plan.source)) {
    provider = provider_of(world, files, profile, *named);
  } else if (auto* web = std::get_if<WebIdentitySource>(&plan.source)) {
    provider = make_web_identity(world, std::move(*web), place);
  } else if (auto* sso = std::get_if<SsoSource>(&plan.source)) {
    provider = provider_of(world, profile, std::move(*sso), settings);
  } else if (auto* process = std::get_if<ProcessSource>(&plan.source)) {
    provider = make_process(world, std::move(*process), profile);
  }
  for (RoleStep& step : plan.roles) {
    if (!provider) return provider;
    AssumeRole role;
    role.role_arn = std::move(step.role_arn);
    role.external_id = std::move(step.external_id);
    role.session_name = std::move(step.session_name);
    role.duration_seconds = std::move(step.duration_seconds);
    role.region = place.region;
    role.endpoint_url = place.endpoint_url;
    role.use_fips = place.use_fips;
    role.use_dual_stack = place.use_dual_stack;
    role.use_global_endpoint = place.use_global_endpoint;
    provider = make_assume_role_over(world, std::move(*provider), std::move(role));
  }
  return provider;
}

/// What was looked at in vain, for a person who has to set something up.
std::string nothing_found(const Environment& environment, const ProfileFiles& files) {
  return fmt::format(
      "no AWS credentials were found. Looked at: {}; profile {} in {} and {}; AWS_WEB_IDENTITY_TOKEN_FILE; "
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI",
      files.chosen_by == ProfileChoice::kCaller ? "not the environment's keys, since a profile was named"
                                                : "AWS_ACCESS_KEY_ID",
      visible(files.selected), config_file_path(environment), credentials_file_path(environment));
}

constexpr std::string_view kSetUp =
    "Set them up with aws configure sso (or aws configure), then name the profile with --profile or AWS_PROFILE";

/// The instance's role, when nothing else was configured: on a laptop there is no such service, and that it does not
/// answer is not what the person needs to hear first.
class LastResort final : public CredentialsProvider {
 public:
  LastResort(Provider instance, std::string nothing_found)
      : instance_(std::move(instance)), nothing_found_(std::move(nothing_found)) {}

  Result<Credentials> get(const Context& context) override {
    auto credentials = instance_->get(context);
    if (credentials || credentials.error().code == ErrorCode::kCancelled) return credentials;
    Error error = std::move(credentials.error());
    const bool nobody_there =
        error.reason == "ConnectFailed" || error.reason == "Timeout" || error.reason == "ResolveFailed";
    if (nobody_there) error.code = ErrorCode::kDenied;
    error.message = fmt::format("{}; last, {}. {}", nothing_found_, error.message, kSetUp);
    return tl::unexpected(std::move(error));
  }

 private:
  Provider instance_;
  std::string nothing_found_;
};

Result<Provider> profile_provider_if_any(const ChainWorld& world, const ProfileFiles& files) {
  auto plan = plan_credentials(files);
  if (!plan) return tl::unexpected(plan.error());
  if (!*plan) return nullptr;
  return provider_of(world, files, std::move(**plan));
}

}  // namespace

Result<std::unique_ptr<CredentialsProvider>> make_profile_provider(const ChainWorld& world, const ProfileFiles& files) {
  auto provider = profile_provider_if_any(world, files);
  if (!provider || *provider != nullptr) return provider;
  return fail(ErrorCode::kDenied,
              fmt::format("AWS profile {} says nothing about credentials", visible(files.selected)));
}

Result<std::unique_ptr<CredentialsProvider>> make_default_chain(const ChainWorld& world, const ProfileFiles& files) {
  if (files.chosen_by != ProfileChoice::kCaller) {
    auto keys = environment_keys(world.environment);
    if (!keys || *keys != nullptr) return keys;
  }
  auto profile = profile_provider_if_any(world, files);
  if (!profile || *profile != nullptr) return profile;
  auto web = web_identity_of_environment(world, sts_place(shared_settings(world.environment, files)));
  if (!web || *web != nullptr) return web;
  auto container = container_if_set(world);
  if (!container || *container != nullptr) return container;

  const std::string looked_at = nothing_found(world.environment, files);
  if (imds_disabled(world.environment)) {
    return fail(ErrorCode::kDenied,
                fmt::format("{}; EC2 instance metadata is off (AWS_EC2_METADATA_DISABLED). {}", looked_at, kSetUp));
  }
  auto last = instance(world, files);
  if (!last) return last;
  return std::make_unique<LastResort>(std::move(*last), looked_at);
}

}  // namespace fa::aws
