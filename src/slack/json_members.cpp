#include "slack/json_members.h"

#include <algorithm>

#include "base/text.h"

namespace fa::slack {
namespace {

bool is_word_byte(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-' ||
         c == ':';
}

}  // namespace

Result<Json> read_json(std::string_view text, std::size_t most_bytes, std::string_view what) {
  return read_untrusted_json(text, {most_bytes, kMostDepth, kMostMembers}, what);
}

std::string id_at(const Json& from, JsonPath path) {
  std::string text = text_at(from, path);
  return is_id(text) ? text : std::string();
}

std::string first_id(const Json& from, std::initializer_list<JsonPath> paths) {
  for (const JsonPath path : paths) {
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
