#include "aws/credential_document.h"

#include <fmt/core.h>

#include "base/json.h"

namespace fa::aws {
namespace {

/// Missing and null are nullopt; other types are an error.
Result<std::optional<std::string>> text_of(const Json& document, std::string_view key) {
  const auto found = document.find(key);
  if (found == document.end() || found->is_null()) return std::nullopt;
  if (!found->is_string()) return fail(ErrorCode::kInvalidInput, fmt::format("{} is no text", key));
  return found->get<std::string>();
}

}  // namespace

Result<Credentials> parse_credential_document(std::string_view json, std::string_view token_key) {
  const Json document = parse_json(json);
  if (document.is_discarded()) return fail(ErrorCode::kInvalidInput, "it is not JSON");
  if (!document.is_object()) return fail(ErrorCode::kInvalidInput, "it is not a JSON object");

  Credentials credentials;
  std::string secret;
  std::string token;
  std::string expiration;
  const std::pair<std::string_view, std::string*> fields[] = {{"AccessKeyId", &credentials.access_key_id},
                                                              {"SecretAccessKey", &secret},
                                                              {token_key, &token},
                                                              {"Expiration", &expiration},
                                                              {"AccountId", &credentials.account_id}};
  for (const auto& [key, into] : fields) {
    auto value = text_of(document, key);
    if (!value) return tl::unexpected(value.error());
    *into = std::move(*value).value_or("");
  }
  if (credentials.access_key_id.empty()) return fail(ErrorCode::kInvalidInput, "AccessKeyId is missing");
  if (secret.empty()) return fail(ErrorCode::kInvalidInput, "SecretAccessKey is missing");
  credentials.secret_access_key = Secret(std::move(secret));
  credentials.session_token = Secret(std::move(token));
  if (!expiration.empty()) {
    credentials.expiry = parse_rfc3339(expiration);
    if (!credentials.expiry) return fail(ErrorCode::kInvalidInput, "Expiration is not a time (RFC 3339)");
  }
  return credentials;
}

}  // namespace fa::aws
