#include "aws/credential_sso.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/credential_call.h"
#include "aws/uri.h"
#include "base/json.h"
#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::chrono::minutes kRenewBefore(5);

std::string log_in_again(const std::string& profile) {
  return fmt::format("log in with: aws sso login --profile {}", visible(profile));
}

Result<std::string> url_of(std::string_view service, const std::string& region, const SsoPlaces& places,
                           const std::string& override_url) {
  EndpointRequest where;
  where.service = std::string(service);
  where.region = region;
  where.use_fips = places.use_fips;
  where.use_dual_stack = places.use_dual_stack;
  where.override_url = override_url;
  auto endpoint = resolve_endpoint(where);
  if (!endpoint) return tl::unexpected(endpoint.error());
  return std::move(endpoint->url);
}

CredentialCall call_of(std::string what, std::string url) {
  CredentialCall call;
  call.what = std::move(what);
  call.request.url = std::move(url);
  call.request.max_response_bytes = std::uint64_t{1} << 20;
  call.request.timeout = std::chrono::seconds(30);
  return call;
}

Result<SsoToken> renewed(const ChainWorld& world, const SsoSource& sso, const SsoPlaces& places,
                         const std::string& profile, const SsoToken& old, const Context& context) {
  const auto url = url_of("sso-oidc", sso.region, places, places.oidc_url);
  if (!url) return tl::unexpected(url.error());
  CredentialCall call = call_of("SSO OIDC CreateToken in " + visible(sso.region), *url + "/token");
  call.secrets = {old.access_token.reveal(), old.refresh_token.reveal(), old.client_secret.reveal()};
  call.request.method = "POST";
  call.request.headers = {{"Content-Type", "application/json"}};
  Json body;
  body["clientId"] = old.client_id;
  body["clientSecret"] = old.client_secret.reveal();
  body["grantType"] = "refresh_token";
  body["refreshToken"] = old.refresh_token.reveal();
  call.request.body = json_text(body);
  const auto answer = send_for_credentials(world, call, context);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status / 100 != 2) return tl::unexpected(refusal_of(call, *answer, "To go on, " + log_in_again(profile)));
  auto token = parse_created_token(answer->body, old, world.clock.now());
  if (!token) return tl::unexpected(bad_answer_of(call, token.error().message));
  return token;
}

class SsoProvider final : public CredentialsProvider {
 public:
  SsoProvider(const ChainWorld& world, SsoSource sso, SsoPlaces places, std::string profile)
      : world_(world), sso_(std::move(sso)), places_(std::move(places)), profile_(std::move(profile)) {}

  Result<Credentials> get(const Context& context) override {
    const auto token = valid_sso_token(world_, sso_, places_, profile_, context);
    if (!token) return tl::unexpected(token.error());
    const auto url = url_of("sso", sso_.region, places_, places_.portal_url);
    if (!url) return tl::unexpected(url.error());
    const std::string query = query_string({{"role_name", sso_.role_name}, {"account_id", sso_.account_id}});
    CredentialCall call = call_of(fmt::format("SSO GetRoleCredentials (account {}, role {}) in {}",
                                              visible(sso_.account_id), visible(sso_.role_name), visible(sso_.region)),
                                  *url + "/federation/credentials?" + query);
    call.request.headers = {{"x-amz-sso_bearer_token", token->access_token.reveal()}};
    call.secrets = {token->access_token.reveal()};
    const auto answer = send_for_credentials(world_, call, context);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status == 401) return tl::unexpected(refusal_of(call, *answer, "To go on, " + log_in_again(profile_)));
    if (answer->status / 100 != 2) {
      return tl::unexpected(refusal_of(call, *answer, "See whether you are assigned this role in this account"));
    }
    return read(call, answer->body);
  }

 private:
  Result<Credentials> read(const CredentialCall& call, const std::string& body) const {
    const Json document = parse_json(body);
    const auto given = document.is_object() ? document.find("roleCredentials") : document.end();
    if (!document.is_object() || given == document.end() || !given->is_object()) {
      return tl::unexpected(bad_answer_of(call, "the answer lacks roleCredentials"));
    }
    const auto text = [&](const char* key) {
      const auto found = given->find(key);
      return found != given->end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    Credentials credentials;
    credentials.access_key_id = text("accessKeyId");
    credentials.secret_access_key = Secret(text("secretAccessKey"));
    credentials.session_token = Secret(text("sessionToken"));
    credentials.account_id = sso_.account_id;
    credentials.origin = "single sign-on, profile " + visible(profile_);
    const auto expiration = given->find("expiration");
    constexpr std::int64_t kFarthest = 7'000'000'000'000;  // milliseconds: year 2191, still within nanoseconds
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() ||
        credentials.session_token.empty() || expiration == given->end() || !expiration->is_number_integer()) {
      return tl::unexpected(bad_answer_of(call, "the answer lacks a key, the session token or the expiration"));
    }
    const auto milliseconds = std::clamp<std::int64_t>(expiration->get<std::int64_t>(), 0, kFarthest);
    credentials.expiry = TimePoint{std::chrono::milliseconds(milliseconds)};
    return credentials;
  }

  ChainWorld world_;
  SsoSource sso_;
  SsoPlaces places_;
  std::string profile_;
};

}  // namespace

SsoPlaces sso_places(const SharedSettings& settings) {
  return {settings.endpoint_url("sso"), settings.endpoint_url("sso_oidc"), settings.use_fips, settings.use_dual_stack};
}

Result<SsoToken> valid_sso_token(const ChainWorld& world, const SsoSource& sso, const SsoPlaces& places,
                                 const std::string& profile, const Context& context) {
  const std::string home = home_directory(world.environment);
  if (home.empty())
    return fail(ErrorCode::kDenied, "single sign-on: HOME is not set, so there is no token to be found");
  const std::string path = sso_token_path(home, sso);
  const auto json = world.environment.read_file(path);
  if (!json) {
    return fail(ErrorCode::kDenied, fmt::format("single sign-on: {}; {}", json.error().message, log_in_again(profile)));
  }
  auto token = parse_sso_token(*json);
  if (!token) {
    return fail(ErrorCode::kDenied, fmt::format("single sign-on: the token file {} cannot be used: {}; {}", path,
                                                token.error().message, log_in_again(profile)));
  }
  const TimePoint now = world.clock.now();
  if (now + kRenewBefore < token->expiry) return token;
  const bool still_valid = now < token->expiry;
  // Without an sso-session the log-in has no registration of ours to renew.
  if (sso.session.empty() || !token->refreshable(now)) {
    if (still_valid) return token;
    return fail(ErrorCode::kDenied,
                fmt::format("single sign-on: the token of profile {} expired at {}; {}", visible(profile),
                            format_rfc3339(token->expiry), log_in_again(profile)));
  }
  auto fresh = renewed(world, sso, places, profile, *token, context);
  if (!fresh) return still_valid ? token : fresh;
  // A file that cannot be written costs another renewal next time, or a log-in; this run goes on.
  if (const std::string text = rewrite_sso_token(*json, *fresh); !text.empty()) {
    static_cast<void>(world.environment.write_file(path, text));
  }
  return fresh;
}

std::unique_ptr<CredentialsProvider> make_sso(const ChainWorld& world, SsoSource sso, SsoPlaces places,
                                              std::string profile) {
  return std::make_unique<SsoProvider>(world, std::move(sso), std::move(places), std::move(profile));
}

}  // namespace fa::aws
