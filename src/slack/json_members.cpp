#include "slack/json_members.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace fa::slack {
namespace {

/// Why a text is nested too deep or an object too wide, judged before it is parsed; empty when it is neither. The text
/// need not be JSON.
std::string_view shape_problem(std::string_view text) {
  std::vector<std::size_t> members;  // of the objects and arrays that are open
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (members.size() == kMostDepth) return "is nested too deep";
      members.push_back(0);
    } else if ((c == '}' || c == ']') && !members.empty()) {
      members.pop_back();
    } else if (c == ':' && !members.empty() && ++members.back() > kMostMembers) {
      return "has an object with too many members";
    }
  }
  return {};
}

bool is_word_byte(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-' ||
         c == ':';
}

}  // namespace

Result<Json> read_json(std::string_view text, std::size_t most_bytes, std::string_view what) {
  if (text.size() > most_bytes) {
    return fail(ErrorCode::kLimit, fmt::format("{} is larger than {}.", what, format_bytes(most_bytes)));
  }
  if (const auto problem = shape_problem(text); !problem.empty()) {
    return fail(ErrorCode::kLimit, fmt::format("{} {}.", what, problem));
  }
  Json document = is_valid_utf8(text) ? parse_json(text) : parse_json(sanitize_utf8(text));
  if (document.is_discarded()) return fail(ErrorCode::kInvalidInput, fmt::format("{} is no JSON.", what));
  return document;
}

const Json* find_at(const Json& from, Path path) {
  const Json* at = &from;
  for (const char* key : path) {
    if (!at->is_object()) return nullptr;
    const auto it = at->find(key);
    if (it == at->end()) return nullptr;
    at = &*it;
  }
  return at->is_null() ? nullptr : at;
}

const Json& list_at(const Json& from, Path path) {
  static const Json kEmpty = Json::array();
  const Json* found = find_at(from, path);
  return found != nullptr && found->is_array() ? *found : kEmpty;
}

std::string text_at(const Json& from, Path path) {
  const Json* found = find_at(from, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::string id_at(const Json& from, Path path) {
  std::string text = text_at(from, path);
  return is_id(text) ? text : std::string();
}

std::string first_id(const Json& from, std::initializer_list<Path> paths) {
  for (const Path path : paths) {
    if (std::string id = id_at(from, path); !id.empty()) return id;
  }
  return {};
}

bool is_id(std::string_view text) {
  constexpr std::size_t kLongest = 1024;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string known_word(std::string_view word) {
  constexpr std::size_t kLongest = 80;
  const bool known = !word.empty() && word.size() <= kLongest && std::all_of(word.begin(), word.end(), is_word_byte);
  return known ? std::string(word) : "unknown";
}

}  // namespace fa::slack
