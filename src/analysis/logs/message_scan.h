#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fa {

enum class TokenKind : std::uint8_t {
  kWord,       ///< Text of the log statement.
  kDelimiter,  ///< A punctuation mark, or a run of the same one.
  kValue,      ///< A variable.
};

enum class ValueKind : std::uint8_t {
  kNumber,
  kDuration,
  kSize,
  kHex,
  kAddress,  ///< IPv4, IPv6, MAC; with or without port.
  kHost,     ///< Host name with port.
  kPath,
  kUrl,
  kTime,
  kBoolean,
  kIdentifier,
  kText,  ///< Everything else: quoted text, lists, names.
};

/// One token of a message; `begin` counts in MessageScanner::text().
struct Token {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  std::uint64_t hash = 0;  ///< Of the text; not computed for values that are never constants.
  TokenKind kind = TokenKind::kWord;
  ValueKind value = ValueKind::kText;
  bool space = false;  ///< White space stands before it.
  /// A value that may turn out to be a constant of its statement (`ssh2`, `tty=ssh`): put back where it never varies.
  bool soft = false;
};

/// Cuts a message into the words of its log statement and the variables in between, by one set of rules for all
/// systems: numbers, hex, addresses, paths, URLs, times, identifiers, values of `key=`, quoted text, lists.
/// Looks at the first line that is not blank, at most 4 KiB and 256 tokens of it; what lies beyond becomes one
/// variable. Any bytes are fine. No allocation; one thread per scanner.
class MessageScanner {
 public:
  static constexpr std::size_t kMaxBytes = 4096;
  static constexpr std::size_t kMaxTokens = 256;

  /// `message` must outlive the use of the results.
  void scan(std::string_view message);

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::span<const Token> tokens() const { return {tokens_.data(), count_}; }
  [[nodiscard]] std::string_view text(const Token& token) const { return text_.substr(token.begin, token.length); }
  /// True when the message goes on after the line that was scanned.
  [[nodiscard]] bool more_lines() const { return more_lines_; }
  /// Hash of words, delimiters and where values stand; equal for messages of one shape.
  [[nodiscard]] std::uint64_t shape_hash() const;

 private:
  void scan_word(std::size_t begin);
  void scan_mark(std::size_t begin);
  void scan_numeric(std::size_t begin, std::size_t end);
  void scan_mixed(std::size_t begin, std::size_t end, std::uint8_t flags);
  bool scan_joined(std::size_t begin, std::size_t end);
  void scan_quoted(std::size_t begin);
  bool scan_keyed_list(std::size_t begin);
  void scan_delimiter(std::size_t begin);
  void close_list();
  void push(TokenKind kind, std::size_t begin, std::size_t end, ValueKind value, bool soft);
  void push_word(std::size_t begin, std::size_t end);
  void push_value(std::size_t begin, std::size_t end, ValueKind value, bool soft = false);
  [[nodiscard]] bool key_names_outcome(std::size_t token) const;
  [[nodiscard]] std::size_t extend_keyed_value(std::size_t end) const;
  [[nodiscard]] std::size_t extend_listed_value(std::size_t end) const;
  [[nodiscard]] bool before_is(char c) const;

  enum class Key : std::uint8_t { kNone, kEquals, kColon };

  std::string_view text_;
  std::array<Token, kMaxTokens> tokens_;
  std::size_t count_ = 0;
  std::size_t at_ = 0;  ///< Next byte to look at.
  std::size_t depth_ = 0;
  bool space_ = false;          ///< White space was passed since the last token.
  Key key_ = Key::kNone;        ///< What stands just before `at_` makes the next token a value.
  bool keyed_in_list_ = false;  ///< The pending key opens an item of `(a=1, b=2)`.
  bool full_ = false;
  bool more_lines_ = false;
};

/// The message's decisive line with every variable as `<*>`, at most `max_bytes` of valid UTF-8.
[[nodiscard]] std::string masked_text(std::string_view message, std::size_t max_bytes);

}  // namespace fa
