#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fa::slack {

/// Names and values of `application/x-www-form-urlencoded` (https://url.spec.whatwg.org/#urlencoded-parsing).
using FormFields = std::vector<std::pair<std::string, std::string>>;

/// `+` is a space, %XX a byte, a `%` that begins no code stays; invalid UTF-8 becomes U+FFFD. kLimit above 200 fields.
[[nodiscard]] Result<FormFields> decode_form(std::string_view body);
[[nodiscard]] std::string encode_form(const FormFields& fields);

/// Value of the first field of that name; empty where there is none.
[[nodiscard]] std::string_view field_of(const FormFields& fields, std::string_view name);

}  // namespace fa::slack
