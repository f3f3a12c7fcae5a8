#pragma once

#include <string>
#include <string_view>

#include "aws/credentials.h"

namespace fa::aws {

/// Reads the JSON object with AccessKeyId, SecretAccessKey, the session token under `token_key`, Expiration (RFC 3339)
/// and AccountId that metadata services and credential processes give. The error says which key is missing or broken
/// and shows no value. Origin is left to the caller.
Result<Credentials> parse_credential_document(std::string_view json, std::string_view token_key);

}  // namespace fa::aws
