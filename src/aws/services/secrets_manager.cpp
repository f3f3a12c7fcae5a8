#include "aws/services/secrets_manager.h"

#include <openssl/evp.h>

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"
#include "base/text.h"

namespace fa::aws::secrets_manager {

const Service kService{.name = "secretsmanager",
                       .shown_name = "Secrets Manager",
                       .settings_id = "secrets_manager",
                       .iam_prefix = "secretsmanager",
                       .protocol = Protocol::kJson11,
                       .target_prefix = "secretsmanager",
                       .api_version = "2017-10-17"};

namespace {

std::optional<std::string> decode_base64(const std::string& text) {
  // OpenSSL takes padding anywhere.
  if (text.size() % 4 != 0 || (text.find('=') != std::string::npos && text.find('=') + 2 < text.size())) {
    return std::nullopt;
  }
  std::string out(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  // OpenSSL counts the zero bytes that padding stands for.
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

}  // namespace

Result<Secret> get_secret_value(Client& client, const std::string& id, const Context& context) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // the service's limit of a secret is 64 KiB
  JsonBody body;
  body.text("SecretId", id);
  Operation operation = json_operation(kService, "GetSecretValue", "secret " + id, body);
  operation.max_response_bytes = kMostBytes;
  // arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME
  if (const auto parts = split(id, ':'); parts.size() >= 6 && parts[0] == "arn")
    operation.region = std::string(parts[3]);

  std::optional<std::string> text;
  std::optional<std::string> binary;
  const auto raw = call_json(client, operation, context, [&](std::string_view key, JsonValue& value) {
    if (key == "SecretString") value.read(text);
    if (key == "SecretBinary") value.read(binary);
    return key == "SecretString" || key == "SecretBinary";
  });
  if (!raw) return tl::unexpected(raw.error());
  if (text) return Secret(std::move(*text));
  if (!binary) return tl::unexpected(not_understood(client, operation, "it holds no secret"));
  auto bytes = decode_base64(*binary);
  if (!bytes) return tl::unexpected(not_understood(client, operation, "SecretBinary is no base64"));
  return Secret(std::move(*bytes));
}

}  // namespace fa::aws::secrets_manager
