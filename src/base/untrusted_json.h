#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

/// JSON from somebody who may mean harm: what others post to us, in which any member may be missing, null or of another
/// type, and counts as absent then.
namespace fa {

/// More is nothing that the sender sends. Depth and width are judged before anything is parsed: members are searched
/// and inserted one by one, so wide objects cost their square.
struct JsonLimits {
  std::size_t bytes = 0;
  std::size_t depth = 0;
  std::size_t members = 0;  ///< Of one object.
};

/// The document in `text`, whose invalid UTF-8 becomes U+FFFD first. kInvalidInput where it is none, kLimit where it is
/// too long, too deep or too wide; messages begin with `what`.
[[nodiscard]] Result<Json> read_untrusted_json(std::string_view text, const JsonLimits& limits, std::string_view what);

/// Whether no bracket in the text, outside of JSON strings, stands deeper than `limit`; the text need not be JSON.
/// Documents of unknown origin are checked before they become trees, whose writing recurses.
[[nodiscard]] bool json_nests_within(std::string_view text, std::size_t limit);

using JsonPath = std::initializer_list<const char*>;

/// The value at the end of a path of members; nullptr where there is none.
[[nodiscard]] const Json* member_at(const Json& from, JsonPath path);
/// The object or array there; an empty one where there is none.
[[nodiscard]] const Json& object_at(const Json& from, JsonPath path);
[[nodiscard]] const Json& array_at(const Json& from, JsonPath path);
/// The string there; empty where there is none.
[[nodiscard]] std::string text_at(const Json& from, JsonPath path);

}  // namespace fa
