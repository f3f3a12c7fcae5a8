#pragma once

#include <string>

#include "aws/client.h"
#include "base/secret.h"

/// AWS Secrets Manager. Contract: service model secretsmanager 2017-10-17.
namespace fa::aws::secrets_manager {

extern const Service kService;

/// SecretString, or SecretBinary decoded. `id` is a name or an ARN (whose region is then asked).
Result<Secret> get_secret_value(Client& client, const std::string& id, const Context& context);

}  // namespace fa::aws::secrets_manager
