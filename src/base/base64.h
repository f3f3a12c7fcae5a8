#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fa {

/// The bytes that a text in base64 (RFC 4648 section 4, with padding, without line breaks) stands for; nullopt where it
/// is none, also where its last bits say something that no encoder writes.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace fa
