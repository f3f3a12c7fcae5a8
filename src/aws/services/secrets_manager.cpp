#include "aws/services/secrets_manager.h"

#include "aws/services/json_answer.h"
#include "aws/services/json_body.h"
#include "base/base64.h"
#include "base/text.h"

namespace fa::aws::secrets_manager {

const Service kService{.name = "secretsmanager",
                       .shown_name = "Secrets Manager",
                       .settings_id = "secrets_manager",
                       .iam_prefix = "secretsmanager",
                       .protocol = Protocol::kJson11,
                       .target_prefix = "secretsmanager",
                       .api_version = "2017-10-17"};

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
  auto bytes = base64_decode(*binary);
  if (!bytes) return tl::unexpected(not_understood(client, operation, "SecretBinary is no base64"));
  return Secret(std::move(*bytes));
}

}  // namespace fa::aws::secrets_manager
