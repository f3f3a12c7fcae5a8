#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "formats/byte_blocks.h"
#include "formats/text_arena.h"

namespace fa {

/// Pull parser over one JSON value of a log line. Not simdjson: lines come without padding, cut off or with invalid
/// UTF-8, and values are wanted as views of the line itself. It checks the structure it walks through (keys, colons,
/// quotes, closing braces); what is skipped is only balanced. Never recurses, never allocates.
class JsonCursor {
 public:
  enum class Kind { kString, kNumber, kLiteral, kObject, kArray, kBroken };
  enum class Step { kField, kEnd, kBroken };

  /// Strings come without quotes, escapes unresolved.
  struct Token {
    std::string_view text;
    bool escaped = false;
  };

  explicit JsonCursor(std::string_view text) : p_(text.data()), end_(text.data() + text.size()) {}

  /// Steps over exactly these bytes.
  bool take(std::string_view bytes) {
    if (bytes.size() > static_cast<std::size_t>(end_ - p_) || !same_bytes(p_, bytes.data(), bytes.size())) return false;
    p_ += bytes.size();
    return true;
  }
  /// Takes a string whose opening quote was stepped over.
  bool string_rest(Token& token) {
    token.escaped = false;
    if (end_ - p_ >= 16) {  // Most are short.
      const Bytes16 bytes(p_);
      const std::uint32_t quotes = bytes.equal('"');
      if (quotes != 0 && bytes.equal('\\') == 0) return take_string(token, p_, p_ + lowest_bit(quotes));
    }
    return long_string_rest(token);
  }
  /// Takes a number, or else a literal; false where the other stands.
  bool scalar_of(Token& token, bool number);
  /// Steps over `{` or `[`.
  bool enter(char open);
  /// Next key of the entered object, the cursor then standing at its value; kEnd once its `}` is taken.
  Step next_field(Token& key);
  /// Next element of the entered array; kEnd once its `]` is taken.
  Step next_element();
  /// Kind of the value at the cursor.
  [[nodiscard]] Kind kind();
  /// Takes a string, number or literal.
  bool scalar(Token& token);
  /// Takes any value without looking into it.
  bool skip();
  /// The value at the cursor up to its end, taken as it stands.
  bool raw(std::string_view& text);
  /// Nothing but white space left.
  [[nodiscard]] bool at_end();
  /// True when the text ended inside a value: cut rather than malformed.
  [[nodiscard]] bool ran_out() const { return ran_out_; }

 private:
  void skip_space();
  bool string(Token& token);
  bool long_string_rest(Token& token);
  bool take_string(Token& token, const char* start, const char* quote) {
    token.text = {start, static_cast<std::size_t>(quote - start)};
    p_ = quote + 1;
    return true;
  }

  const char* p_;
  const char* end_;
  bool ran_out_ = false;
};

/// Resolves escapes into the arena; lone surrogates become U+FFFD, unknown escapes stay as they are.
std::string_view unescape_json(std::string_view raw, TextArena& arena);

}  // namespace fa
