#include "base/untrusted_json.h"

#include <fmt/core.h>

#include <limits>
#include <vector>

#include "base/text.h"

namespace fa {
namespace {

/// Why a text is nested too deep or an object in it too wide; empty when it is neither. The text need not be JSON.
std::string_view shape_problem(std::string_view text, const JsonLimits& limits) {
  std::vector<std::size_t> members;  // of the objects and arrays that are open
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (members.size() == limits.depth) return "is nested too deep";
      members.push_back(0);
    } else if ((c == '}' || c == ']') && !members.empty()) {
      members.pop_back();
    } else if (c == ':' && !members.empty() && ++members.back() > limits.members) {
      return "has an object with too many members";
    }
  }
  return {};
}

}  // namespace

bool json_nests_within(std::string_view text, std::size_t limit) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  return shape_problem(text, {kAny, limit, kAny}).empty();
}

Result<Json> read_untrusted_json(std::string_view text, const JsonLimits& limits, std::string_view what) {
  if (text.size() > limits.bytes) {
    return fail(ErrorCode::kLimit, fmt::format("{} is larger than {}.", what, format_bytes(limits.bytes)));
  }
  if (const auto problem = shape_problem(text, limits); !problem.empty()) {
    return fail(ErrorCode::kLimit, fmt::format("{} {}.", what, problem));
  }
  Json document = is_valid_utf8(text) ? parse_json(text) : parse_json(sanitize_utf8(text));
  if (document.is_discarded()) return fail(ErrorCode::kInvalidInput, fmt::format("{} is no JSON.", what));
  return document;
}

const Json* member_at(const Json& from, JsonPath path) {
  const Json* at = &from;
  for (const char* name : path) {
    if (!at->is_object()) return nullptr;
    const auto it = at->find(name);
    if (it == at->end()) return nullptr;
    at = &*it;
  }
  return at->is_null() ? nullptr : at;
}

const Json& object_at(const Json& from, JsonPath path) {
  static const Json kNothing = Json::object();
  const Json* found = member_at(from, path);
  return found != nullptr && found->is_object() ? *found : kNothing;
}

const Json& array_at(const Json& from, JsonPath path) {
  static const Json kNothing = Json::array();
  const Json* found = member_at(from, path);
  return found != nullptr && found->is_array() ? *found : kNothing;
}

std::string text_at(const Json& from, JsonPath path) {
  const Json* found = member_at(from, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace fa
