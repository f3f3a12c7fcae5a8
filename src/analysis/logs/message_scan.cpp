#include "analysis/logs/message_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "analysis/logs/byte_class.h"
#include "analysis/logs/value_rules.h"
#include "base/text.h"

namespace fa {
namespace {

using bytes::flags_of;
using bytes::is_alnum;
using bytes::is_blank;
using bytes::is_digit;
using bytes::is_high;
using bytes::is_letter;

constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15U;
constexpr std::uint64_t kValueHash = 0x51ed270b0a1f8d35U;
constexpr std::size_t kMaxSoftBytes = 128;  ///< Longer values are never put back as constants.
constexpr std::size_t kMaxQuoted = 256;

std::uint64_t mix_words(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * kSpread;
  return hash ^ (hash >> 29);
}

/// Hash of a short text for the table of shapes only: it names nothing and orders nothing.
std::uint64_t text_hash(const char* at, std::size_t size) {
  std::uint64_t hash = size * kSpread;
  for (; size >= 8; at += 8, size -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    hash = mix_words(hash, word);
  }
  if (size >= 4) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + size - 4, 4);
    return mix_words(hash, (std::uint64_t{high} << 32) | low);
  }
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    word = (word << 8) | static_cast<unsigned char>(at[i]);
  }
  return mix_words(hash, word);
}

/// The line that decides: the first one with something in it, cut to what is looked at.
std::string_view decisive_line(std::string_view message, bool& cut, bool& more) {
  constexpr std::size_t kMaxBlank = 65536;  // Blank lines passed before giving up.
  std::size_t begin = 0;
  while (begin < message.size() && begin < kMaxBlank && is_blank(message[begin])) ++begin;
  message.remove_prefix(begin);
  more = false;
  cut = message.size() > MessageScanner::kMaxBytes;
  if (cut) message = message.substr(0, MessageScanner::kMaxBytes);
  if (const std::size_t end = message.find('\n'); end != std::string_view::npos) {
    more = end + 1 < message.size() || cut;
    message = message.substr(0, end);
    cut = false;
  }
  while (!message.empty() && is_blank(message.back())) message.remove_suffix(1);
  return message;
}

/// Words that are values wherever they stand: truth values, the missing value, the account every system has.
bool is_value_word(std::string_view word) {
  switch (word.size()) {
    case 4:
      return iequals(word, "true") || word == "null" || word == "NULL" || word == "root";
    case 5:
      return iequals(word, "false") || word == "admin";
    default:
      return false;
  }
}

}  // namespace

void MessageScanner::push(TokenKind kind, std::size_t begin, std::size_t end, ValueKind value, bool soft) {
  if (count_ == kMaxTokens) {
    // The last token becomes a variable that stands for all the rest.
    Token& last = tokens_[kMaxTokens - 1];
    last.length = static_cast<std::uint32_t>(text_.size() - last.begin);
    last.kind = TokenKind::kValue;
    last.value = ValueKind::kText;
    last.soft = false;
    full_ = true;
    at_ = text_.size();
    return;
  }
  if (kind == TokenKind::kValue && count_ > 0 && !space_) {
    Token& last = tokens_[count_ - 1];
    if (last.kind == TokenKind::kValue) {  // Values that touch are one.
      last.length = static_cast<std::uint32_t>(end - last.begin);
      last.value = ValueKind::kIdentifier;
      last.soft = false;
      at_ = end;
      key_ = Key::kNone;
      return;
    }
  }
  Token& token = tokens_[count_++];
  token.begin = static_cast<std::uint32_t>(begin);
  token.length = static_cast<std::uint32_t>(end - begin);
  token.kind = kind;
  token.value = value;
  token.space = space_;
  token.soft = soft && end - begin <= kMaxSoftBytes;
  if (kind != TokenKind::kValue || token.soft) {
    token.hash = text_hash(text_.data() + begin, end - begin);
  }
  space_ = false;
  at_ = end;
  key_ = Key::kNone;
}

void MessageScanner::push_value(std::size_t begin, std::size_t end, ValueKind value, bool soft) {
  if (key_ == Key::kEquals) {
    const std::size_t whole = extend_keyed_value(end);
    if (whole != end) {
      end = whole;
      value = ValueKind::kText;
    }
    soft = soft && std::none_of(text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                text_.begin() + static_cast<std::ptrdiff_t>(end), is_digit);
  }
  push(TokenKind::kValue, begin, end, value, soft);
}

void MessageScanner::push_word(std::size_t begin, std::size_t end) {
  if (key_ != Key::kNone && count_ >= 2 && !key_names_outcome(count_ - 2)) {
    const std::size_t whole = key_ == Key::kEquals ? extend_keyed_value(end) : end;
    const bool next_key = space_ && whole < text_.size() && text_[whole] == '=';  // `name= next=1`
    if (key_ == Key::kEquals && !next_key) {
      end = keyed_in_list_ && whole == end ? extend_listed_value(end) : whole;
      return push_value(begin, end, ValueKind::kText, true);
    }
    // `[Name: value]`: a single word that the bracket or the next item ends.
    if (end < text_.size() && (text_[end] == ']' || text_[end] == ',' || text_[end] == ')' || text_[end] == '}')) {
      return push_value(begin, end, ValueKind::kText, true);
    }
  }
  push(TokenKind::kWord, begin, end, ValueKind::kText, false);
}

bool MessageScanner::before_is(char c) const {
  return count_ > 0 && tokens_[count_ - 1].kind == TokenKind::kDelimiter && text_[tokens_[count_ - 1].begin] == c;
}

/// Keys whose words tell events apart, such as `status=SUCCESS` and `status=FAILED`, or that hold the message itself.
bool MessageScanner::key_names_outcome(std::size_t token) const {
  std::string_view key = text(tokens_[token]);
  if (key.size() >= 2 && (key.back() == '"' || key.back() == '\'')) key = key.substr(1, key.size() - 2);
  constexpr std::string_view kEndings[] = {"msg",    "message", "error",  "reason",   "cause",
                                           "status", "state",   "result", "severity", "exception"};
  constexpr std::string_view kNames[] = {"err",  "outcome", "level",  "action", "event",
                                         "type", "phase",   "method", "kind"};
  const auto ends_key = [&](std::string_view ending) {
    return key.size() >= ending.size() && iequals(key.substr(key.size() - ending.size()), ending);
  };
  return std::any_of(std::begin(kEndings), std::end(kEndings), ends_key) ||
         std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view name) { return iequals(key, name); });
}

/// `dat=tel:123`, `class=Outer$Inner`, `ws=WorkSource{10113}`: what touches the value of a key belongs to it.
std::size_t MessageScanner::extend_keyed_value(std::size_t end) const {
  while (end + 1 < text_.size() && std::string_view(":#%+*").find(text_[end]) != std::string_view::npos &&
         is_alnum(text_[end + 1])) {
    end = rules::word_end(text_, end + 1);
  }
  if (end >= text_.size() || (text_[end] != '{' && text_[end] != '(')) return end;
  const char close = text_[end] == '{' ? '}' : ')';
  const std::size_t limit = std::min(text_.size(), end + kMaxSoftBytes);
  for (std::size_t i = end + 1; i < limit; ++i) {
    if (text_[i] == close) return i + 1;
    if (flags_of(text_[i]) == 0 && !is_high(text_[i])) break;
  }
  return end;
}

/// `(name=Contacts One, id=7)`: the value goes on to the end of its item when that is near and plain text.
std::size_t MessageScanner::extend_listed_value(std::size_t end) const {
  const std::size_t limit = std::min(text_.size(), end + 64);
  for (std::size_t i = end; i < limit; ++i) {
    const char c = text_[i];
    if (c == ',' || c == ')' || c == ']' || c == '}') {
      while (i > end && is_blank(text_[i - 1])) --i;
      return i;
    }
    if (!is_blank(c) && flags_of(c) == 0 && !is_high(c)) return end;
  }
  return end;
}

void MessageScanner::scan(std::string_view message) {
  bool cut = false;
  text_ = decisive_line(message, cut, more_lines_);
  count_ = at_ = depth_ = 0;
  space_ = full_ = keyed_in_list_ = false;
  key_ = Key::kNone;
  const std::size_t size = text_.size();
  while (at_ < size && !full_) {
    const char c = text_[at_];
    if (is_blank(c)) {
      space_ = true;
      ++at_;
    } else if (flags_of(c) != 0) {
      scan_word(at_);
    } else if (is_high(c)) {
      std::size_t end = at_ + 1;
      while (end < size && is_high(text_[end])) ++end;
      push_word(at_, end);
    } else {
      scan_delimiter(at_);
    }
  }
  if (cut && !full_) {
    space_ = true;
    push_value(size, size, ValueKind::kText);
  }
  if (count_ > 0) tokens_[0].space = false;
}

void MessageScanner::scan_word(std::size_t begin) {
  const std::size_t size = text_.size();
  std::size_t end = begin;
  std::uint8_t flags = 0;
  for (std::uint8_t f = 0; end < size && (f = flags_of(text_[end])) != 0; ++end) {
    flags = static_cast<std::uint8_t>(flags | f);
  }
  const bool opens_word = (flags_of(text_[begin]) & (bytes::kAlnum | bytes::kUnderscore)) != 0;
  if (!opens_word || (text_[begin] == '$' && (end == begin + 1 || !is_letter(text_[begin + 1]))))
    return scan_mark(begin);
  if ((flags & ~(bytes::kLetter | bytes::kUnderscore)) != 0) {
    end = rules::word_end(text_, begin);
    if (is_digit(text_[begin])) return scan_numeric(begin, end);
    flags = 0;
    for (std::size_t i = begin; i < end; ++i) flags = static_cast<std::uint8_t>(flags | flags_of(text_[i]));
    if ((flags & ~(bytes::kLetter | bytes::kUnderscore | bytes::kDash)) != 0) return scan_mixed(begin, end, flags);
  }
  const std::size_t length = end - begin;
  if (flags == bytes::kHexLetter && length >= 8) return push_value(begin, end, ValueKind::kHex);
  if (length <= 5) {
    const std::string_view word = text_.substr(begin, length);
    if (length >= 4 && is_value_word(word) && !(word == "root" && text_.substr(end).starts_with(" cause")))
      return push_value(begin, end, ValueKind::kBoolean);
    if (length == 3 && word[0] <= 'Z') {
      if (const std::size_t date = rules::date_end(text_, begin); date != 0) {
        return push_value(begin, date, ValueKind::kTime);
      }
    }
  }
  if (end < size && text_[end] == ':' && end + 1 < size) {
    const char next = text_[end + 1];
    const bool url = next == '/' && end + 2 < size && text_[end + 2] == '/';
    if (url || (length == 1 && (next == '\\' || next == '/'))) {
      return push_value(begin, rules::path_end(text_, begin), url ? ValueKind::kUrl : ValueKind::kPath);
    }
    if (flags == bytes::kHexLetter && length <= 4) {
      if (const std::size_t address = rules::hex_groups_end(text_, begin); address != 0) {
        return push_value(begin, address, ValueKind::kAddress);
      }
    }
  }
  push_word(begin, end);
}

void MessageScanner::scan_delimiter(std::size_t begin) {
  const char c = text_[begin];
  if ((c == '"' || c == '\'' || c == '`') && !(begin > 0 && c == '\'' && is_alnum(text_[begin - 1]))) {
    return scan_quoted(begin);
  }
  if (c == '[' && scan_keyed_list(begin)) return;
  const bool space = space_;
  std::size_t end = begin + 1;
  const bool bracket = c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}';
  if (c == '<' && end < text_.size() && is_digit(text_[end])) {
    // `<1 sec`: less than a duration is a duration.
    std::size_t digits = end;
    while (digits < text_.size() && is_digit(text_[digits])) ++digits;
    std::size_t unit = digits;
    while (unit < text_.size() && text_[unit] == ' ') ++unit;
    std::size_t stop = unit;
    while (stop < text_.size() && is_letter(text_[stop])) ++stop;
    if (rules::duration_unit(text_.substr(unit, stop - unit))) return push_value(begin, stop, ValueKind::kDuration);
  }
  if (!bracket) {
    while (end < text_.size() && text_[end] == c) ++end;
  }
  if (c == '*' && end - begin >= 2 && space && (end >= text_.size() || is_blank(text_[end]))) {
    // `( 3552 **** 3515 )`: where a number should be.
    std::size_t next = end;
    while (next < text_.size() && is_blank(text_[next])) ++next;
    const bool before =
        before_is('(') || before_is('=') || (count_ > 0 && tokens_[count_ - 1].kind == TokenKind::kValue);
    const bool after = next < text_.size() && (is_digit(text_[next]) || text_[next] == '*' || text_[next] == ')');
    if (before && after) return push_value(begin, end, ValueKind::kNumber);
  }
  const bool follows_name =
      count_ > 0 && (tokens_[count_ - 1].kind != TokenKind::kDelimiter || before_is(']') || before_is(')'));
  const bool quoted_key = count_ > 0 && tokens_[count_ - 1].kind == TokenKind::kWord && !space &&
                          (text(tokens_[count_ - 1]).back() == '"' || text(tokens_[count_ - 1]).back() == '\'');
  push(TokenKind::kDelimiter, begin, end, ValueKind::kText, false);
  if (full_) return;
  switch (c) {
    case '(':
    case '[':
    case '{':
      ++depth_;
      if (space && end < text_.size() && text_[end] == (c == '(' ? ')' : c == '[' ? ']' : '}') && c == '(') {
        push_value(end, end, ValueKind::kText, true);  // ` ()`: nothing where other messages have something.
      }
      break;
    case ')':
    case '}':
    case ']':
      depth_ -= depth_ > 0 ? 1U : 0U;
      if (c == ']') close_list();
      break;
    case '=':
      if (end - begin == 1 && follows_name && (end >= text_.size() || text_[end] != '>')) {
        key_ = Key::kEquals;
        const std::size_t before = count_ >= 3 ? count_ - 3 : kMaxTokens;
        keyed_in_list_ = before != kMaxTokens && tokens_[before].kind == TokenKind::kDelimiter &&
                         std::string_view("({[,").find(text_[tokens_[before].begin]) != std::string_view::npos;
      }
      break;
    case ':':
      if (end - begin == 1 && follows_name && (depth_ > 0 || quoted_key)) {
        key_ = quoted_key ? Key::kEquals : Key::kColon;
        keyed_in_list_ = false;
      }
      break;
    default:
      break;
  }
}

void MessageScanner::scan_quoted(std::size_t begin) {
  const char quote = text_[begin];
  const std::size_t limit = std::min(text_.size(), begin + kMaxQuoted);
  std::size_t close = begin + 1;
  std::uint8_t flags = 0;
  bool blank = false;
  bool other = false;
  for (; close < limit; ++close) {
    const char c = text_[close];
    if (c == '\\' && close + 1 < limit) {
      ++close;
      continue;
    }
    if (c == quote && (quote != '\'' || close + 1 >= text_.size() || !is_alnum(text_[close + 1]))) break;
    flags = static_cast<std::uint8_t>(flags | flags_of(c));
    blank = blank || is_blank(c);
    other = other || (flags_of(c) == 0 && !is_high(c));
  }
  if (close >= limit) return push(TokenKind::kDelimiter, begin, begin + 1, ValueKind::kText, false);
  std::size_t next = close + 1;
  while (next < text_.size() && text_[next] == ' ') ++next;
  if (next < text_.size() && text_[next] == ':' && close > begin + 1 &&
      (before_is('{') || before_is(',') || before_is('('))) {
    return push(TokenKind::kWord, begin, close + 1, ValueKind::kText, false);  // A key of JSON or alike.
  }
  const bool keyed = key_ == Key::kEquals && count_ >= 2;
  const bool value = keyed ? !key_names_outcome(count_ - 2) : close > begin + 1 && !blank && !other;
  if (!value) return push(TokenKind::kDelimiter, begin, begin + 1, ValueKind::kText, false);
  push(TokenKind::kDelimiter, begin, begin + 1, ValueKind::kText, false);
  if (full_) return;
  const bool soft = (flags & bytes::kDigit) == 0 && !(text_[begin + 1] == '/');
  push_value(begin + 1, close, ValueKind::kText, soft);
  if (!full_) push(TokenKind::kDelimiter, close, close + 1, ValueKind::kText, false);
}

/// `key=[...]` and `key: [Item(...), ...]` hold any number of things: one variable between the brackets.
bool MessageScanner::scan_keyed_list(std::size_t begin) {
  if (key_ != Key::kEquals) {
    if (!before_is(':')) return false;
    std::size_t item = begin + 1;
    while (item < text_.size() && is_blank(text_[item])) ++item;
    const std::size_t word = item;
    while (item < text_.size() && (is_alnum(text_[item]) || text_[item] == '.' || text_[item] == '_')) ++item;
    const char opens = item < text_.size() ? text_[item] : '\0';
    const bool objects = opens == '{' || (opens == '[' && item == word) || (opens == '(' && item > word);
    if (!objects) return false;
  }
  std::size_t nested = 0;
  std::size_t end = begin;
  std::uint8_t flags = 0;
  bool several = false;
  for (; end < text_.size(); ++end) {
    const char c = text_[end];
    nested += c == '[' ? 1U : 0U;
    flags = static_cast<std::uint8_t>(flags | flags_of(c));
    if (c != ']' || --nested != 0) continue;
    if (end + 1 >= text_.size() || text_[end + 1] != '[') break;
    several = true;  // `bnds=[264,444][920,908]`
  }
  if (several) {
    push_value(begin, std::min(end + 1, text_.size()), ValueKind::kText);
    return true;
  }
  push(TokenKind::kDelimiter, begin, begin + 1, ValueKind::kText, false);
  if (full_) return true;
  push_value(begin + 1, end, ValueKind::kText, (flags & bytes::kDigit) == 0);
  if (!full_ && end < text_.size()) push(TokenKind::kDelimiter, end, end + 1, ValueKind::kText, false);
  return true;
}

/// `[shanghai, suzhou]`, `[7, 8, 9]`, `[id:name, id:name]`: plain items between commas are one variable. The closing
/// bracket is the last token.
void MessageScanner::close_list() {
  std::size_t commas = 0;
  bool soft = true;
  bool item = false;  // A token of the current item was seen (from behind).
  std::size_t i = count_ - 1;
  while (i > 0) {
    const Token& token = tokens_[--i];
    if (token.kind != TokenKind::kDelimiter) {
      if (item) return;
      item = true;
      soft = soft && (token.kind == TokenKind::kWord || token.soft);
      continue;
    }
    const char c = text_[token.begin];
    if (c == '[') break;
    if (c == ',' && token.length == 1 && item) {
      ++commas;
      item = false;
    } else if (c == ':' && item && i > 0 && tokens_[i - 1].kind == TokenKind::kValue) {
      item = false;
    } else {
      return;
    }
  }
  const bool pair = commas == 0 && count_ - i == 5 && tokens_[i + 1].kind == TokenKind::kValue;  // `[id:name]`
  if ((commas == 0 && !pair) || !item || !(tokens_[i].kind == TokenKind::kDelimiter && text_[tokens_[i].begin] == '['))
    return;
  const Token close = tokens_[count_ - 1];
  const std::size_t begin = tokens_[i + 1].begin;
  const Token& last = tokens_[count_ - 2];
  const std::size_t end = last.begin + last.length;
  count_ = i + 1;
  space_ = false;
  push_value(begin, end, ValueKind::kText, soft);
  tokens_[count_++] = close;
  tokens_[count_ - 1].space = false;
  at_ = close.begin + close.length;
}

std::uint64_t MessageScanner::shape_hash() const {
  std::uint64_t hash = count_;
  for (std::size_t i = 0; i < count_; ++i) {
    const Token& token = tokens_[i];
    hash = mix_words(hash, (token.kind == TokenKind::kValue ? kValueHash : token.hash) + (token.space ? 1 : 0));
  }
  return hash ^ (hash >> 32);
}

std::string masked_text(std::string_view message, std::size_t max_bytes) {
  MessageScanner scanner;
  scanner.scan(message);
  std::string out;
  for (const Token& token : scanner.tokens()) {
    if (out.size() > max_bytes) break;
    if (token.space) out += ' ';
    out += token.kind == TokenKind::kValue ? std::string_view("<*>") : scanner.text(token);
  }
  return sanitize_utf8(utf8_prefix(out, max_bytes));
}

}  // namespace fa
