#pragma once

#include <string>
#include <string_view>

#include "aws/client.h"
#include "base/result.h"
#include "base/secret.h"

namespace fa {

/// Whether a setting refers to a secret (`env:NAME`, `file:PATH`, `credential:NAME`, `secretsmanager:ID`) instead of
/// holding it.
[[nodiscard]] bool is_secret_reference(std::string_view text);

/// The secret behind a reference, without white space around it; an empty reference is an empty secret. `setting` is
/// named in errors. `client` is asked for `secretsmanager:` ones (15 s at most) and may be null where there is none.
/// `credential:` is a file that systemd hands to the unit (LoadCredential=fa2:/etc/fa2/credentials), or, outside of a
/// unit with credentials, that folder's own file. Errors: kInvalidInput (variable not set, no name), kUnreadable
/// (file), and those of Secrets Manager.
[[nodiscard]] Result<Secret> read_secret(const std::string& reference, std::string_view setting, aws::Client* client);

}  // namespace fa
