#include "formats/json_slices.h"

#include <array>
#include <cstdint>

namespace fa {
namespace {

enum Class : std::uint8_t { kOther = 0, kSpace, kQuote, kOpen, kClose, kComma };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (const char c : {' ', '\t', '\r', '\n'}) classes[static_cast<unsigned char>(c)] = kSpace;
  classes['"'] = kQuote;
  classes['{'] = classes['['] = kOpen;
  classes['}'] = classes[']'] = kClose;
  classes[','] = kComma;
  return classes;
}
constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

std::uint8_t class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

/// One past the closing quote of the string that begins at `at`. A line break ends it too; `complete` turns false
/// only when the text ends first.
std::size_t skip_string(std::string_view text, std::size_t at, bool& complete) {
  for (++at; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') return at + 1;
    if (c == '\n') return at;
    if (c == '\\') ++at;
  }
  complete = false;
  return text.size();
}

/// The value that begins at `at` (no space there). Never empty unless a comma or closing bracket stands there.
JsonSlice slice_value(std::string_view text, std::size_t at) {
  std::size_t end = at;
  bool complete = true;
  if (const std::uint8_t first = class_of(text[at]); first == kQuote) {
    end = skip_string(text, at, complete);
  } else if (first == kOpen) {
    std::size_t depth = 0;
    do {
      if (end == text.size()) {
        complete = false;
        break;
      }
      switch (class_of(text[end])) {
        case kQuote:
          end = skip_string(text, end, complete);
          break;
        case kOpen:
          ++depth;
          ++end;
          break;
        case kClose:
          --depth;
          ++end;
          break;
        default:
          ++end;
      }
    } while (depth > 0);
  } else {
    while (end < text.size() && (class_of(text[end]) == kOther || class_of(text[end]) == kOpen)) ++end;
  }
  return {text.substr(at, end - at), complete};
}

/// Position of the next byte that is neither space nor comma.
std::size_t skip_separators(std::string_view text, std::size_t at) {
  while (at < text.size() && (class_of(text[at]) == kSpace || class_of(text[at]) == kComma)) ++at;
  return at;
}

}  // namespace

JsonMembers::JsonMembers(std::string_view object)
    : text_(object), at_(object.starts_with('{') ? std::size_t{1} : object.size()) {}

bool JsonMembers::next(std::string_view& key, JsonSlice& value) {
  while (true) {
    at_ = skip_separators(text_, at_);
    if (at_ == text_.size() || class_of(text_[at_]) == kClose) return false;
    const JsonSlice name = slice_value(text_, at_);
    at_ += name.text.size();
    const std::size_t colon = skip_separators(text_, at_);
    if (colon == text_.size()) return false;
    if (text_[colon] != ':') continue;  // Not a member; what stands there is looked at next.
    const std::size_t begin = skip_separators(text_, colon + 1);
    at_ = begin;
    if (begin == text_.size()) return false;
    if (class_of(text_[begin]) == kClose) continue;
    value = slice_value(text_, begin);
    at_ += value.text.size();
    if (!name.text.starts_with('"') || name.text.size() < 2) continue;
    key = name.text.substr(1, name.text.size() - 2);
    return true;
  }
}

JsonElements::JsonElements(std::string_view array)
    : text_(array), at_(array.starts_with('[') ? std::size_t{1} : array.size()) {}

bool JsonElements::next(JsonSlice& value) {
  at_ = skip_separators(text_, at_);
  if (at_ == text_.size() || class_of(text_[at_]) == kClose) return false;
  value = slice_value(text_, at_);
  at_ += value.text.size();
  return true;
}

}  // namespace fa
