#include "aws/sso_token.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/json.h"

namespace fa::aws {
namespace {

std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

std::string text_of(const Json& document, std::string_view key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// RFC 3339; older AWS CLIs wrote `UTC` for `Z`.
std::optional<TimePoint> time_of(const Json& document, std::string_view key) {
  std::string text = text_of(document, key);
  if (text.ends_with("UTC")) text.replace(text.size() - 3, 3, "Z");
  return parse_rfc3339(text);
}

}  // namespace

std::string sso_token_path(const std::string& home, const SsoSource& sso) {
  return fmt::format("{}/.aws/sso/cache/{}.json", home, sha1_hex(sso.session.empty() ? sso.start_url : sso.session));
}

Result<SsoToken> parse_sso_token(std::string_view json) {
  const Json document = parse_json(json);
  if (!document.is_object()) return fail(ErrorCode::kInvalidInput, "it is not a JSON object");
  SsoToken token;
  token.access_token = Secret(text_of(document, "accessToken"));
  if (token.access_token.empty()) return fail(ErrorCode::kInvalidInput, "accessToken is missing");
  const auto expiry = time_of(document, "expiresAt");
  if (!expiry) return fail(ErrorCode::kInvalidInput, "expiresAt is missing or not a time");
  token.expiry = *expiry;
  token.refresh_token = Secret(text_of(document, "refreshToken"));
  token.client_id = text_of(document, "clientId");
  token.client_secret = Secret(text_of(document, "clientSecret"));
  token.registration_expiry = time_of(document, "registrationExpiresAt");
  return token;
}

Result<SsoToken> parse_created_token(std::string_view json, const SsoToken& old, TimePoint now) {
  const Json document = parse_json(json);
  if (!document.is_object()) return fail(ErrorCode::kInvalidInput, "it is not a JSON object");
  SsoToken token = old;
  token.access_token = Secret(text_of(document, "accessToken"));
  const auto seconds = document.find("expiresIn");
  if (token.access_token.empty()) return fail(ErrorCode::kInvalidInput, "accessToken is missing");
  if (seconds == document.end() || !seconds->is_number_integer()) {
    return fail(ErrorCode::kInvalidInput, "expiresIn is missing or not a number");
  }
  constexpr std::int64_t kLongest = 365 * 24 * 3600;  // tokens live for hours; more would overflow at some point
  token.expiry = now + std::chrono::seconds(std::clamp<std::int64_t>(seconds->get<std::int64_t>(), 0, kLongest));
  if (std::string refresh = text_of(document, "refreshToken"); !refresh.empty()) {
    token.refresh_token = Secret(std::move(refresh));
  }
  return token;
}

std::string rewrite_sso_token(std::string_view old_json, const SsoToken& token) {
  Json document = parse_json(old_json);
  if (!document.is_object()) return {};
  document["accessToken"] = token.access_token.reveal();
  // Whole seconds: the AWS CLI reads nothing finer.
  document["expiresAt"] = format_rfc3339(std::chrono::floor<std::chrono::seconds>(token.expiry));
  document["refreshToken"] = token.refresh_token.reveal();
  return json_text(document, 2) + "\n";
}

}  // namespace fa::aws
