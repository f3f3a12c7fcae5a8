// Roles assumed through STS. Contract: service model sts 2011-06-15 (query protocol, XML answers).
#include "aws/credential_sts.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <utility>

#include "aws/sigv4.h"
#include "aws/uri.h"
#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::uint64_t kMaxAnswer = std::uint64_t{1} << 20;

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// `aws-cn` of `arn:aws-cn:iam::1:role/x`.
std::string_view arn_partition(std::string_view arn) {
  const auto parts = split(arn, ':');
  return parts.size() > 1 ? parts[1] : std::string_view();
}

/// Without a region STS is asked where every account of the partition is known.
std::string region_or_default(const std::string& region, std::string_view role_arn) {
  if (!region.empty()) return region;
  const std::string_view partition = arn_partition(role_arn);
  if (partition == "aws-cn") return "cn-north-1";
  if (partition == "aws-us-gov") return "us-gov-west-1";
  return "us-east-1";
}

std::string session_name_or_default(const std::string& name, TimePoint now) {
  if (!name.empty()) return name;
  return fmt::format("fa2-{}", std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
}

std::string shown_arn(const std::string& arn) { return visible(utf8_prefix(arn, 200)); }

/// One STS call; `sign_with` nullptr: not signed.
struct StsCall {
  const ChainWorld& world;
  StsPlace place;
  std::string action = {};
  std::string role_arn = {};
  Parameters parameters = {};
  const Credentials* sign_with = nullptr;
  std::vector<std::string> secrets = {};
  std::string advice = {};
};

Result<Credentials> parse_sts_answer(const CredentialCall& call, const std::string& action, const std::string& body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) {
    return tl::unexpected(bad_answer_of(call, "the answer is not XML"));
  }
  const pugi::xml_node result = document.child((action + "Response").c_str()).child((action + "Result").c_str());
  const pugi::xml_node given = result.child("Credentials");
  Credentials credentials;
  credentials.access_key_id = given.child_value("AccessKeyId");
  credentials.secret_access_key = Secret(given.child_value("SecretAccessKey"));
  credentials.session_token = Secret(given.child_value("SessionToken"));
  credentials.expiry = parse_rfc3339(given.child_value("Expiration"));
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() || credentials.session_token.empty() ||
      !credentials.expiry) {
    return tl::unexpected(bad_answer_of(call, "the answer lacks a key, the session token or the expiration"));
  }
  const std::string arn = result.child("AssumedRoleUser").child_value("Arn");
  const auto parts = split(arn, ':');  // arn:aws:sts::123456789012:assumed-role/name/session
  if (parts.size() > 4) credentials.account_id = std::string(parts[4]);
  return credentials;
}

Result<Credentials> ask_sts(StsCall sts, const Context& context) {
  EndpointRequest where;
  where.service = "sts";
  where.region = region_or_default(sts.place.region, sts.role_arn);
  where.use_fips = sts.place.use_fips;
  where.use_dual_stack = sts.place.use_dual_stack;
  where.use_global_endpoint = sts.place.use_global_endpoint;
  where.override_url = sts.place.endpoint_url;
  const auto endpoint = resolve_endpoint(where);
  if (!endpoint) return tl::unexpected(endpoint.error());

  CredentialCall call;
  call.what = fmt::format("STS {} of {} in {}", sts.action, shown_arn(sts.role_arn), where.region);
  call.protocol = Protocol::kQuery;
  call.secrets = std::move(sts.secrets);
  call.request.method = "POST";
  call.request.url = endpoint->url + "/";
  call.request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  call.request.max_response_bytes = kMaxAnswer;
  call.request.timeout = std::chrono::seconds(30);
  Parameters parameters{{"Action", sts.action}, {"Version", "2011-06-15"}};
  parameters.insert(parameters.end(), sts.parameters.begin(), sts.parameters.end());
  call.request.body = query_string(parameters);
  if (sts.sign_with != nullptr) {
    SigningScope scope;
    scope.region = endpoint->signing_region;
    scope.service = endpoint->signing_name;
    const Credentials& keys = *sts.sign_with;
    const Clock& clock = sts.world.clock;
    call.sign = [scope, &keys, &clock](HttpRequest& request, Nanoseconds skew) -> Result<void> {
      if (auto parts = sign_request(request, scope, keys, clock.now() + skew); !parts) {
        return tl::unexpected(parts.error());
      }
      return {};
    };
    call.secrets.push_back(keys.secret_access_key.reveal());
    call.secrets.push_back(keys.session_token.reveal());
  }
  const auto answer = send_for_credentials(sts.world, call, context);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status / 100 != 2) return tl::unexpected(refusal_of(call, *answer, sts.advice));
  return parse_sts_answer(call, sts.action, answer->body);
}

bool base_was_refused(const Error& error) {
  constexpr std::array<std::string_view, 4> kCodes = {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId",
                                                      "UnrecognizedClientException"};
  return std::find(kCodes.begin(), kCodes.end(), error.reason) != kCodes.end();
}

class AssumeRoleProvider final : public CredentialsProvider {
 public:
  AssumeRoleProvider(const ChainWorld& world, std::unique_ptr<CredentialsProvider> owned, CredentialsProvider& base,
                     AssumeRole role)
      : world_(world), owned_(std::move(owned)), base_(base), role_(std::move(role)) {}

  Result<Credentials> get(const Context& context) override {
    const auto keys = base_.get(context);
    if (!keys) return tl::unexpected(keys.error());
    auto assumed = assume(*keys, context);
    if (assumed || !base_was_refused(assumed.error())) return assumed;
    base_.invalidate(*keys);
    const auto renewed = base_.get(context);
    if (!renewed || renewed->access_key_id == keys->access_key_id) return assumed;
    return assume(*renewed, context);
  }

 private:
  Result<Credentials> assume(const Credentials& keys, const Context& context) {
    StsCall sts{world_,
                {role_.region, role_.endpoint_url, role_.use_fips, role_.use_dual_stack, role_.use_global_endpoint}};
    sts.action = "AssumeRole";
    sts.role_arn = role_.role_arn;
    sts.parameters = {{"RoleArn", role_.role_arn},
                      {"RoleSessionName", session_name_or_default(role_.session_name, world_.clock.now())}};
    if (!role_.duration_seconds.empty()) sts.parameters.emplace_back("DurationSeconds", role_.duration_seconds);
    if (!role_.external_id.empty()) sts.parameters.emplace_back("ExternalId", role_.external_id);
    sts.sign_with = &keys;
    sts.advice = fmt::format(
        "Asked with credentials of {}: these must be valid and allowed sts:AssumeRole on the role, the role's trust "
        "policy must name them{}",
        keys.origin, role_.external_id.empty() ? ", and an external id may be wanted" : " with this external id");
    auto assumed = ask_sts(std::move(sts), context);
    if (assumed) assumed->origin = fmt::format("role {} (assumed by {})", shown_arn(role_.role_arn), keys.origin);
    return assumed;
  }

  ChainWorld world_;
  std::unique_ptr<CredentialsProvider> owned_;
  CredentialsProvider& base_;
  AssumeRole role_;
};

class WebIdentityProvider final : public CredentialsProvider {
 public:
  WebIdentityProvider(const ChainWorld& world, WebIdentitySource source, StsPlace place)
      : world_(world), source_(std::move(source)), place_(std::move(place)) {}

  Result<Credentials> get(const Context& context) override {
    const auto text = world_.environment.read_file(source_.token_file);
    if (!text) {
      return fail(ErrorCode::kDenied,
                  fmt::format("the web identity token of {}: {}", shown_arn(source_.role_arn), text.error().message));
    }
    const std::string token(trim(*text));
    if (token.empty()) {
      return fail(ErrorCode::kDenied, fmt::format("the web identity token file {} is empty", source_.token_file));
    }
    StsCall sts{world_, place_};
    sts.action = "AssumeRoleWithWebIdentity";
    sts.role_arn = source_.role_arn;
    sts.parameters = {{"RoleArn", source_.role_arn},
                      {"RoleSessionName", session_name_or_default(source_.session_name, world_.clock.now())},
                      {"WebIdentityToken", token}};
    sts.secrets = {token};
    sts.advice = "The token must be one of an identity provider that the role's trust policy names";
    auto assumed = ask_sts(std::move(sts), context);
    if (assumed) assumed->origin = fmt::format("role {} (web identity)", shown_arn(source_.role_arn));
    return assumed;
  }

 private:
  ChainWorld world_;
  WebIdentitySource source_;
  StsPlace place_;
};

}  // namespace

StsPlace sts_place(const SharedSettings& settings) {
  return {settings.region, settings.endpoint_url("sts"), settings.use_fips, settings.use_dual_stack,
          settings.use_global_sts};
}

std::unique_ptr<CredentialsProvider> make_assume_role_over(const ChainWorld& world,
                                                           std::unique_ptr<CredentialsProvider> base, AssumeRole role) {
  CredentialsProvider& below = *base;
  return std::make_unique<AssumeRoleProvider>(world, std::move(base), below, std::move(role));
}

std::unique_ptr<CredentialsProvider> make_assume_role(const ChainWorld& world, CredentialsProvider& base,
                                                      AssumeRole role) {
  return std::make_unique<AssumeRoleProvider>(world, nullptr, base, std::move(role));
}

std::unique_ptr<CredentialsProvider> make_web_identity(const ChainWorld& world, WebIdentitySource source,
                                                       StsPlace place) {
  return std::make_unique<WebIdentityProvider>(world, std::move(source), std::move(place));
}

}  // namespace fa::aws
