#pragma once

#include <cstddef>
#include <string_view>

namespace fa {

/// A value inside JSON text, found by matching quotes and brackets alone: what is inside need not be valid.
struct JsonSlice {
  std::string_view text;  ///< From the value's first to its last byte, inside the text scanned.
  bool complete = true;   ///< False when the text ended inside the value.

  [[nodiscard]] bool is_object() const { return text.starts_with('{'); }
  [[nodiscard]] bool is_array() const { return text.starts_with('['); }
};

/// Walks the members of an object without parsing their values, so that one broken record of a large answer does not
/// cost its neighbours, and a truncated answer keeps what came before the cut. Linear in the text, no recursion, no
/// memory. A quote left open ends with its line (valid JSON has no raw line break in strings).
class JsonMembers {
 public:
  /// `object` begins with `{`; anything else has no members.
  explicit JsonMembers(std::string_view object);

  /// The next member, in text order; `key` as written, without its quotes and with its escapes.
  bool next(std::string_view& key, JsonSlice& value);

 private:
  std::string_view text_;
  std::size_t at_;
};

/// Walks the elements of an array in the same way.
class JsonElements {
 public:
  /// `array` begins with `[`; anything else has no elements.
  explicit JsonElements(std::string_view array);

  bool next(JsonSlice& value);

 private:
  std::string_view text_;
  std::size_t at_;
};

}  // namespace fa
