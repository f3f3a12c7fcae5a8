#include "store/blob_key.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace fa {
namespace {

bool is_key_part(std::string_view part, bool first) {
  const auto allowed = [first](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           (c == '.' && !first);
  };
  return !part.empty() && part.size() <= kLongestBlobKeyPart && part != "." &&
         part.find("..") == std::string_view::npos && std::all_of(part.begin(), part.end(), allowed);
}

bool is_key(std::string_view key) {
  bool first = true;
  for (const std::string_view part : split(key, '/')) {
    if (!is_key_part(part, first)) return false;
    first = false;
  }
  return key.size() <= kLongestBlobKey;
}

}  // namespace

Result<void> check_blob_key(const std::string& key) {
  if (is_key(key)) return {};
  return fail(ErrorCode::kInvalidInput,
              fmt::format("{} is no key of a blob: parts of letters, digits, '.', '_' and '-' between slashes, no "
                          "dot in the first one",
                          visible(utf8_prefix(key, kLongestBlobKeyPart))));
}

}  // namespace fa
