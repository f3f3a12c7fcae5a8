#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fa {

/// A decoded form of a text that knows where each of its bytes came from. Linear to make; memory grows with the number
/// of escapes, not with the text twice over.
class DecodedText {
 public:
  /// Undoes one level of JSON escapes (`\n`, `\"`, `\u0041`, `\x41`), percent-encoding (`%3D`) and the five entities of
  /// XML.
  static DecodedText unescape(std::string_view text);
  /// Without the bytes of `which`.
  static DecodedText without(std::string_view text, std::string_view which);

  [[nodiscard]] const std::string& text() const { return text_; }
  /// False when the text was the same already.
  [[nodiscard]] bool changed() const { return !breaks_.empty(); }
  /// Where the byte at `at` began; `at` may be the length of the text.
  [[nodiscard]] std::size_t begin_of(std::size_t at) const;
  /// Where what ends before `at` ended.
  [[nodiscard]] std::size_t end_of(std::size_t at) const;

 private:
  struct Break {
    std::size_t here;
    std::size_t there;
  };
  void note(std::size_t there, std::size_t length, std::string_view decoded);
  void copy(std::string_view text, std::size_t from, std::size_t to);

  std::string text_;
  std::vector<Break> breaks_;
};

/// Whether unescape() would find anything. Quick.
[[nodiscard]] bool may_hold_escapes(std::string_view text);

}  // namespace fa
