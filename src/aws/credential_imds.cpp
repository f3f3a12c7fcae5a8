#include "aws/credential_imds.h"

#include <fmt/core.h>

#include <algorithm>

#include "aws/credential_call.h"
#include "aws/credential_document.h"
#include "aws/uri.h"
#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::string_view kRolesPath = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view kTokenSeconds = "21600";  // the longest there is

/// Environment before profile; blank is unset.
std::string setting(const Environment& environment, const ProfileFiles& files, std::string_view variable,
                    std::string_view key) {
  const std::string value = environment.variable(variable).value_or("");
  const std::string_view text = trim(value);
  return text.empty() ? files.find(key).value_or("") : std::string(text);
}

/// Role names as IAM allows them; anything else must not become part of a URL.
bool is_role_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+=,.@_-").find(c) != std::string_view::npos;
  });
}

class ImdsProvider final : public CredentialsProvider {
 public:
  ImdsProvider(const ChainWorld& world, std::string endpoint) : world_(world), endpoint_(std::move(endpoint)) {}

  Result<Credentials> get(const Context& context) override {
    const auto token = session_token(context);
    if (!token) return tl::unexpected(token.error());
    const auto role = role_name(*token, context);
    if (!role) return tl::unexpected(role.error());
    return role_credentials(*token, *role, context);
  }

 private:
  [[nodiscard]] CredentialCall call_for(std::string what, std::string_view path) const {
    CredentialCall call;
    call.what = std::move(what);
    call.may_be_absent = true;
    call.request.url = endpoint_ + std::string(path);
    call.request.direct = true;
    call.request.max_response_bytes = std::uint64_t{1} << 20;
    call.request.connect_timeout = std::chrono::seconds(1);
    call.request.timeout = std::chrono::seconds(2);
    return call;
  }

  Result<std::string> session_token(const Context& context) {
    CredentialCall call = call_for("EC2 instance metadata (IMDSv2 token)", "/latest/api/token");
    call.request.method = "PUT";
    call.request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", std::string(kTokenSeconds)}};
    auto answer = send_for_credentials(world_, call, context);
    if (!answer) {
      Error error = std::move(answer.error());
      // Answers to PUT travel `hop limit` hops: inside a container, one too few when it is 1.
      if (error.reason == "Timeout") {
        error.message +=
            ". In a container on EC2 the instance's metadata hop limit must be 2 (aws ec2 "
            "modify-instance-metadata-options --http-put-response-hop-limit 2)";
      }
      return tl::unexpected(std::move(error));
    }
    if (answer->status == 403) {
      return tl::unexpected(refusal_of(call, *answer,
                                       "The metadata service is disabled on this instance, or a proxy "
                                       "or firewall refuses"));
    }
    if (answer->status / 100 != 2) {
      return tl::unexpected(refusal_of(call, *answer, "Version 1 of the service is not used; version 2 must answer"));
    }
    const std::string token(trim(answer->body));
    const bool fits = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (token.empty() || !fits) return tl::unexpected(bad_answer_of(call, "the answer is no token"));
    return token;
  }

  Result<HttpResponse> get_path(CredentialCall& call, const std::string& token, const Context& context) {
    call.request.headers = {{"X-aws-ec2-metadata-token", token}};
    call.secrets = {token};
    return send_for_credentials(world_, call, context);
  }

  Result<std::string> role_name(const std::string& token, const Context& context) {
    CredentialCall call = call_for("EC2 instance metadata (role)", kRolesPath);
    const auto answer = get_path(call, token, context);
    if (!answer) return tl::unexpected(answer.error());
    const std::string_view first_line = trim(split(answer->body, '\n').front());
    if (answer->status == 404 || (answer->status / 100 == 2 && first_line.empty())) {
      return fail(ErrorCode::kDenied, call.what + ": the instance has no role; attach an instance profile to it");
    }
    if (answer->status / 100 != 2) return tl::unexpected(refusal_of(call, *answer, ""));
    if (!is_role_name(first_line)) return tl::unexpected(bad_answer_of(call, "the answer is no role name"));
    return std::string(first_line);
  }

  Result<Credentials> role_credentials(const std::string& token, const std::string& role, const Context& context) {
    CredentialCall call =
        call_for(fmt::format("EC2 instance metadata (credentials of role {})", role), std::string(kRolesPath) + role);
    const auto answer = get_path(call, token, context);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status / 100 != 2) return tl::unexpected(refusal_of(call, *answer, ""));
    auto credentials = parse_credential_document(answer->body, "Token");
    if (!credentials) {
      // { "Code": "AssumeRoleUnauthorizedAccess", "Message": "..." } comes with status 200.
      const ServiceError said = parse_service_error(Protocol::kRestJson, *answer);
      if (!said.code.empty() && said.code != "Success") {
        Error error = refusal_of(call, *answer, "The instance may not use its role; see the role's trust policy");
        error.code = ErrorCode::kDenied;
        return tl::unexpected(std::move(error));
      }
      return tl::unexpected(bad_answer_of(call, credentials.error().message));
    }
    credentials->origin = "EC2 instance role " + role;
    return credentials;
  }

  ChainWorld world_;
  std::string endpoint_;
};

}  // namespace

Result<std::string> imds_endpoint(const Environment& environment, const ProfileFiles& files,
                                  const ImdsOverrides& overrides) {
  std::string endpoint = overrides.endpoint;
  if (endpoint.empty()) {
    endpoint = setting(environment, files, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
  }
  if (endpoint.empty()) {
    const std::string mode = overrides.mode.empty()
                                 ? setting(environment, files, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                           "ec2_metadata_service_endpoint_mode")
                                 : overrides.mode;
    if (mode.empty() || iequals(mode, "IPv4")) return "http://169.254.169.254";
    if (iequals(mode, "IPv6")) return "http://[fd00:ec2::254]";
    return fail(ErrorCode::kInvalidInput,
                fmt::format("`{}` is not a valid endpoint mode of the EC2 metadata service; use IPv4 or IPv6",
                            visible(utf8_prefix(mode, 60))));
  }
  if (const auto url = parse_url(endpoint); !url) {
    return fail(ErrorCode::kInvalidInput, "the endpoint of the EC2 metadata service: " + url.error().message);
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint;
}

bool imds_disabled(const Environment& environment) {
  return iequals(trim(environment.variable("AWS_EC2_METADATA_DISABLED").value_or("")), "true");
}

std::unique_ptr<CredentialsProvider> make_imds(const ChainWorld& world, std::string endpoint) {
  return std::make_unique<ImdsProvider>(world, std::move(endpoint));
}

}  // namespace fa::aws
