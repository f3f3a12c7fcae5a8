#pragma once

// JSON documents of a few megabytes at most: settings, answers of services, reports. (Bulk input is simdjson's.)
// Parsing and writing are compiled here once; with the library's templates in every file they were a third of the
// build.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace fa {

/// Members keep the order they came in, so that what is written is the same every time.
using Json = nlohmann::ordered_json;

/// The document in `text` (RFC 8259, UTF-8), or a value whose is_discarded() is true where it is none. Never throws.
Json parse_json(std::string_view text);

/// The same for those who tell the reader where a mistake is. Throws Json::parse_error.
Json parse_json_or_throw(std::string_view text);

/// `value` as text, on one line or indented by `indent` spaces a level; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const Json& value, int indent = -1);

}  // namespace fa
