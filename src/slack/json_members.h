#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/untrusted_json.h"

/// Reading JSON of Slack's (the seam to the JSON library for this folder), in which any member may be missing, null or
/// of another type: it counts as absent then.
namespace fa::slack {

/// Deeper nesting, or more members in one object, is nothing that Slack sends. (Members are searched one by one.)
inline constexpr std::size_t kMostDepth = 64;
inline constexpr std::size_t kMostMembers = 4096;

/// The document in `text`, whose invalid UTF-8 becomes U+FFFD first. kInvalidInput where it is none, kLimit where it is
/// longer than `most_bytes`, too deep or too wide; messages begin with `what`.
Result<Json> read_json(std::string_view text, std::size_t most_bytes, std::string_view what);

/// The string there, where it is an id, a time or an address: printable ASCII without spaces, at most 1,024 bytes;
/// anything else is absent.
std::string id_at(const Json& from, JsonPath path);
/// The first of several paths that leads to an id.
std::string first_id(const Json& from, std::initializer_list<JsonPath> paths);

[[nodiscard]] bool is_id(std::string_view text);
/// A word of Slack's for errors, logs and counters: letters, digits, `_`, `.`, `-` and `:`, at most 80; anything else
/// is "unknown".
std::string known_word(std::string_view word);

}  // namespace fa::slack
