#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "alarms/notice_text.h"
#include "base/untrusted_json.h"

/// Reading notices, in which any member may be missing, null or of another type: it counts as absent then.
namespace fa::alarms {

/// The object in `text`, whose invalid UTF-8 becomes U+FFFD first. kInvalidInput where there is none, kLimit where it
/// is too large, too deep or too wide for a notice; messages begin with `what`.
[[nodiscard]] Result<Json> read_notice(std::string_view text, std::string_view what);

/// The string there as one line; empty where there is none.
[[nodiscard]] std::string line_at(const Json& from, JsonPath path, std::size_t most_bytes = kLongestName);
/// The string there with its lines; empty where there is none.
[[nodiscard]] std::string paragraph_at(const Json& from, JsonPath path, std::size_t most_bytes = kLongestDescription);
/// The whole number there, also one written as text or as 300.0; nullopt where there is none in the range.
[[nodiscard]] std::optional<std::int64_t> whole_at(const Json& from, JsonPath path, std::int64_t least,
                                                   std::int64_t most);

}  // namespace fa::alarms
