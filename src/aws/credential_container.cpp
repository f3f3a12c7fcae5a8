#include "aws/credential_container.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "aws/credential_call.h"
#include "aws/credential_document.h"
#include "aws/uri.h"
#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::string_view kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// 127.0.0.0/8 in dotted form.
bool is_loopback_v4(std::string_view host) {
  const auto parts = split(host, '.');
  if (parts.size() != 4) return false;
  return parts.front() == "127" && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           unsigned value = 0;
           const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
           return error == std::errc() && end == part.data() + part.size() && value <= 255;
         });
}

bool may_be_plain(std::string_view host) {
  // Link-local addresses of the agents: ECS; EKS Pod Identity, IPv4 and IPv6.
  return host == "169.254.170.2" || host == "169.254.170.23" || iequals(host, "[fd00:ec2::23]") || host == "[::1]" ||
         iequals(host, "localhost") || is_loopback_v4(host);
}

class ContainerProvider final : public CredentialsProvider {
 public:
  ContainerProvider(const ChainWorld& world, std::string url) : world_(world), url_(std::move(url)) {}

  Result<Credentials> get(const Context& context) override {
    const auto token = authorization();
    if (!token) return tl::unexpected(token.error());
    CredentialCall call;
    call.what = "container credentials endpoint";
    call.request.url = url_;
    call.request.headers = {{"Accept", "application/json"}};
    if (!token->empty()) call.request.headers.emplace_back("Authorization", *token);
    call.request.direct = url_.starts_with("http://");  // plain ones are on this machine, where no proxy leads
    call.request.max_response_bytes = std::uint64_t{1} << 20;
    call.request.connect_timeout = std::chrono::seconds(1);
    call.request.timeout = std::chrono::seconds(5);
    call.secrets = {*token};
    const auto answer = send_for_credentials(world_, call, context);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status / 100 != 2) {
      return tl::unexpected(refusal_of(call, *answer, "See whether the task or pod has a role"));
    }
    auto credentials = parse_credential_document(answer->body, "Token");
    if (!credentials) return tl::unexpected(bad_answer_of(call, credentials.error().message));
    credentials->origin = "container credentials endpoint";
    return credentials;
  }

 private:
  Result<std::string> authorization() const {
    const std::string path = world_.environment.trimmed_variable(kTokenFile);
    std::string token = world_.environment.trimmed_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!path.empty()) {
      const auto text = world_.environment.read_file(path);
      if (!text) return fail(ErrorCode::kDenied, fmt::format("{}: {}", kTokenFile, text.error().message));
      token = std::string(trim(*text));
    }
    const bool fits = std::all_of(token.begin(), token.end(), [](char c) { return c >= ' ' && c != 0x7f; });
    if (!fits) {
      return fail(ErrorCode::kInvalidInput,
                  "the container authorization token holds characters that no header may hold (it is not shown)");
    }
    return token;
  }

  ChainWorld world_;
  std::string url_;
};

}  // namespace

Result<std::optional<std::string>> container_endpoint(const Environment& environment) {
  const std::string relative = environment.trimmed_variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) {
    // Without the '/' it could name another host: 169.254.170.2.example.com
    if (relative.front() != '/') {
      return fail(ErrorCode::kInvalidInput, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with '/'");
    }
    std::string url = "http://169.254.170.2" + relative;
    if (const auto parts = parse_url(url); !parts) return tl::unexpected(parts.error());
    return url;
  }
  const std::string full = environment.trimmed_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (full.empty()) return std::nullopt;
  const auto parts = parse_url(full);
  if (!parts) {
    return fail(ErrorCode::kInvalidInput, "AWS_CONTAINER_CREDENTIALS_FULL_URI: " + parts.error().message);
  }
  if (parts->scheme == "http" && !may_be_plain(parts->host)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI names {} over plain http, which is allowed for this "
                            "machine and the agents of ECS and EKS only; use https",
                            visible(parts->host)));
  }
  return full;
}

std::unique_ptr<CredentialsProvider> make_container(const ChainWorld& world, std::string url) {
  return std::make_unique<ContainerProvider>(world, std::move(url));
}

}  // namespace fa::aws
