/// The part of the message scanner for words that hold digits, dots, slashes or marks: which of them are values, and
/// where such a value ends. Letter-only words never come here.
#include <algorithm>

#include "analysis/logs/byte_class.h"
#include "analysis/logs/message_scan.h"
#include "analysis/logs/value_rules.h"
#include "base/text.h"

namespace fa {
namespace {

using bytes::flags_of;
using bytes::is_alnum;
using bytes::is_blank;
using bytes::is_digit;
using bytes::is_letter;

/// What a word is made of.
struct Makeup {
  std::size_t digits = 0;
  std::size_t digit_runs = 0;
  std::size_t dots = 0;
  std::size_t dashes = 0;
  std::size_t slashes = 0;
  std::size_t ats = 0;
  std::size_t underscores = 0;
};

Makeup makeup_of(std::string_view word) {
  Makeup makeup;
  bool digit = false;
  for (const char c : word) {
    const std::uint8_t flags = flags_of(c);
    const bool now = flags == bytes::kDigit;
    makeup.digits += now ? 1U : 0U;
    makeup.digit_runs += now && !digit ? 1U : 0U;
    makeup.dots += flags == bytes::kDot ? 1U : 0U;
    makeup.dashes += flags == bytes::kDash ? 1U : 0U;
    makeup.slashes += flags == bytes::kSlash ? 1U : 0U;
    makeup.ats += flags == bytes::kAt ? 1U : 0U;
    makeup.underscores += flags == bytes::kUnderscore ? 1U : 0U;
    digit = now;
  }
  return makeup;
}

bool is_hex_id(std::string_view word) {
  return word.size() >= 6 && std::all_of(word.begin(), word.end(), bytes::is_hex) &&
         std::any_of(word.begin(), word.end(), is_digit);
}

bool is_version(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == '.'; });
}

bool is_name(std::string_view word) {
  return word.size() >= 2 && word.back() != '_' && std::all_of(word.begin(), word.end(), [](char c) {
           return (flags_of(c) & (bytes::kLetter | bytes::kUnderscore)) != 0;
         });
}

/// `:8080` behind a host: its end; 0 when there is none.
std::size_t port_end(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at] != ':' || !is_digit(text[at + 1])) return 0;
  std::size_t end = at + 1;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at > 6 || (end < text.size() && (is_letter(text[end]) || text[end] == '_' || text[end] == ':')) ? 0
                                                                                                               : end;
}

/// `example.com`, unlike `state.clipTopAmount`.
bool has_top_level_domain(std::string_view word) {
  const std::string_view last = word.substr(word.rfind('.') + 1);
  return last.size() >= 2 && last.size() <= 5 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c < 'A' || c > 'Z'; });
}

/// `dquot_6.5.1`: a dotted name with a part that is a bare number.
bool has_numeric_part(std::string_view word) {
  for (std::size_t dot = word.find('.'); dot != std::string_view::npos; dot = word.find('.', dot + 1)) {
    std::size_t end = dot + 1;
    while (end < word.size() && is_digit(word[end])) ++end;
    if (end > dot + 1 && (end == word.size() || word[end] == '.')) return true;
  }
  return false;
}

}  // namespace

/// A word byte that is neither letter, digit nor underscore opens the word: a sign, a path, or just punctuation.
void MessageScanner::scan_mark(std::size_t begin) {
  const std::size_t size = text_.size();
  const char c = text_[begin];
  const char next = begin + 1 < size ? text_[begin + 1] : ' ';
  const bool fresh = begin == 0 || !is_alnum(text_[begin - 1]);
  if ((c == '-' || c == '.') && is_digit(next) && fresh && !before_is(')') && !before_is(']')) {
    return scan_numeric(begin, std::max(rules::word_end(text_, begin), begin + 2));
  }
  const bool path = (c == '/' && (is_alnum(next) || next == '.' || next == '_' || next == '-' || next == '*')) ||
                    (c == '/' && is_blank(next) && fresh) || (c == '~' && next == '/') ||
                    (c == '\\' && (next == '\\' || is_alnum(next)) && fresh) || (c == '.' && next == '/') ||
                    (c == '.' && next == '.' && begin + 2 < size && text_[begin + 2] == '/');
  if (path && fresh) {
    const std::size_t end = rules::path_end(text_, begin);
    if (end > begin) return push_value(begin, end, ValueKind::kPath);
  }
  std::size_t end = begin + 1;
  while (end < size && text_[end] == c) ++end;
  push(TokenKind::kDelimiter, begin, end, ValueKind::kText, false);
}

/// A value that begins with a digit or a sign: number, time, address, identifier.
void MessageScanner::scan_numeric(std::size_t begin, std::size_t end) {
  const std::size_t size = text_.size();
  const std::string_view word = text_.substr(begin, end - begin);
  if (end - begin <= 2 && end < size && is_blank(text_[end])) {
    if (const std::size_t date = rules::date_end(text_, begin); date != 0) {
      return push_value(begin, date, ValueKind::kTime);
    }
  }
  // `8086/2410`: two numbers.
  if (const std::size_t slash = word.find('/'); slash != std::string_view::npos && end < size + 1) {
    const std::string_view left = word.substr(0, slash);
    const std::string_view right = word.substr(slash + 1);
    if (right.find('/') == std::string_view::npos && rules::leading_number(right) && rules::is_plain_number(left) &&
        rules::is_plain_number(right)) {
      push_value(begin, begin + slash, ValueKind::kNumber);
      if (!full_) push(TokenKind::kDelimiter, begin + slash, begin + slash + 1, ValueKind::kText, false);
      if (!full_) push_value(begin + slash + 1, end, ValueKind::kNumber);
      return;
    }
  }
  // `1,234,567`: only where no list can be meant.
  if (word.size() <= 3 && end + 3 < size && text_[end] == ',' && (begin == 0 || is_blank(text_[begin - 1]))) {
    std::size_t stop = end;
    while (stop + 3 < size && text_[stop] == ',' && is_digit(text_[stop + 1]) && is_digit(text_[stop + 2]) &&
           is_digit(text_[stop + 3]) && (stop + 4 >= size || !is_digit(text_[stop + 4]))) {
      stop += 4;
    }
    if (stop > end && (stop >= size || is_blank(text_[stop]))) return push_value(begin, stop, ValueKind::kNumber);
  }
  while (end + 1 < size && text_[end] == ':') {
    const char next = text_[end + 1];
    if (next == ':' || bytes::is_hex(next)) {
      if (const std::size_t address = rules::hex_groups_end(text_, begin); address > end) {
        return push_value(begin, address, ValueKind::kAddress);
      }
    }
    const std::size_t stop = rules::word_end(text_, end + 1);
    if (stop == end + 1) break;
    if (!is_digit(next)) {  // `2227:com.android.systemui/u0a37`
      const Makeup makeup = makeup_of(text_.substr(end + 1, stop - end - 1));
      if (!is_letter(next) || makeup.digits + makeup.dots + makeup.slashes == 0) break;
    }
    end = stop;
  }
  ValueKind kind = rules::numeric_kind(text_.substr(begin, end - begin));
  if (kind == ValueKind::kTime) {
    // `2013-05-04 07:00:00`, and a comma before the fraction.
    if (end - begin == 10 && end + 5 < size && text_[end] == ' ' && is_digit(text_[end + 1]) &&
        is_digit(text_[end + 2]) && text_[end + 3] == ':' && is_digit(text_[end + 4])) {
      end = rules::word_end(text_, end + 1);
      while (end + 1 < size && text_[end] == ':' && is_digit(text_[end + 1])) end = rules::word_end(text_, end + 1);
    }
    if (end + 3 < size && text_[end] == ',' && is_digit(text_[end + 1]) && is_digit(text_[end + 2]) &&
        is_digit(text_[end + 3]) && (end + 4 == size || !is_alnum(text_[end + 4]))) {
      end += 4;
    }
  }
  push_value(begin, end, kind);
}

/// Words that join a name and a value: `core.2275`, `node-41`, `CPU/2`, `Server@33557fe4`.
bool MessageScanner::scan_joined(std::size_t begin, std::size_t end) {
  const std::string_view word = text_.substr(begin, end - begin);
  const std::size_t mark = word.find_first_of("-./@");
  if (mark == std::string_view::npos || mark == 0) return false;
  const std::string_view left = word.substr(0, mark);
  const std::string_view right = word.substr(mark + 1);
  const bool at = word.rfind('@') != std::string_view::npos && !right.empty();
  if (at) {
    const std::size_t last = word.rfind('@');
    const std::string_view object = word.substr(last + 1);
    if (!is_hex_id(object) && !is_version(object) &&
        !(object.size() > 6 && object.size() <= 8 && std::all_of(object.begin(), object.end(), bytes::is_hex))) {
      return false;
    }
    const std::string_view type = word.substr(0, last);
    const bool dotted = std::count(type.begin(), type.end(), '.') >= 2;
    if (dotted) {
      push_value(begin, begin + last, ValueKind::kText, true);
    } else {
      push_word(begin, begin + last);
    }
    if (!full_) push(TokenKind::kDelimiter, begin + last, begin + last + 1, ValueKind::kText, false);
    if (!full_) push_value(begin + last + 1, end, ValueKind::kIdentifier);
    return true;
  }
  const bool counted = !right.empty() && is_digit(right[0]) && std::all_of(right.begin(), right.end(), is_alnum);
  if (!is_name(left) || !(is_version(right) || is_hex_id(right) || counted)) return false;
  const Key key = key_;
  push(TokenKind::kWord, begin, begin + mark, ValueKind::kText, false);
  if (key != Key::kNone && !full_) {  // The value of a key is one value.
    Token& whole = tokens_[count_ - 1];
    whole.kind = TokenKind::kValue;
    whole.length = static_cast<std::uint32_t>(word.size());
    whole.value = ValueKind::kIdentifier;
    at_ = end;
    return true;
  }
  while (end + 1 < text_.size() && text_[end] == ':' && is_digit(text_[end + 1])) end = rules::word_end(text_, end + 1);
  if (!full_) push(TokenKind::kDelimiter, begin + mark, begin + mark + 1, ValueKind::kText, false);
  if (!full_) push_value(begin + mark + 1, end, ValueKind::kIdentifier);
  return true;
}

void MessageScanner::scan_mixed(std::size_t begin, std::size_t end, std::uint8_t flags) {
  const std::string_view word = text_.substr(begin, end - begin);
  const Makeup makeup = makeup_of(word);
  const std::size_t port =
      makeup.dots == 1 && makeup.digits == 0 && !has_top_level_domain(word) ? 0 : port_end(text_, end);
  if (rules::names_source_file(word) && makeup.slashes == 0) return push_word(begin, end);
  if (port != 0 && (makeup.dots + makeup.digits > 0)) return push_value(begin, port, ValueKind::kHost);
  if (makeup.digits > 0 && end + 1 < text_.size() && text_[end] == ':') {
    if (const std::size_t address = rules::hex_groups_end(text_, begin); address != 0) {
      return push_value(begin, address, ValueKind::kAddress);
    }
  }
  if ((flags & bytes::kDigit) != 0 || makeup.ats > 0) {
    if (scan_joined(begin, end)) return;
  }
  if (makeup.ats > 0) {
    const std::size_t at = word.find_first_of("@~");
    const bool address = word.find('.', at) != std::string_view::npos || makeup.digits > 0;
    return push_value(begin, end, ValueKind::kIdentifier, !address);
  }
  const bool namelike = makeup.digits <= 2 && makeup.digit_runs <= 1;
  if (makeup.slashes > 0) {
    if (makeup.slashes >= 2 || makeup.digits > 2) {
      return push_value(begin, rules::path_end(text_, begin), ValueKind::kPath, makeup.digits == 0 && makeup.dots == 0);
    }
    if (makeup.dots >= 2 || makeup.digits > 0) return push_value(begin, end, ValueKind::kText, namelike);
    return push_word(begin, end);
  }
  if (makeup.dots >= 2) {
    // A dotted name that opens the message names the speaker, one that ends in Exception the event.
    if (makeup.digits == 0 && ((count_ == 0 && key_ == Key::kNone) || rules::names_exception(word))) {
      return push_word(begin, end);
    }
    return push_value(begin, end, ValueKind::kHost, makeup.digits <= 3 && !has_numeric_part(word));
  }
  if (makeup.digits == 0) return push_word(begin, end);
  if (word.size() > 2 && word[0] == '0' && (word[1] | 0x20) == 'x') {
    return push_value(begin, end, ValueKind::kHex);
  }
  const bool version = (word[0] == 'v' || word[0] == 'V') && is_version(word.substr(1));
  const bool hex = is_hex_id(word);
  const std::size_t marks = makeup.dots + makeup.dashes;
  const bool soft = namelike && marks <= 1 && !version;
  std::size_t whole = end;
  while (!soft && whole + 1 < text_.size() && text_[whole] == ':' && is_alnum(text_[whole + 1])) {
    const std::size_t stop = rules::word_end(text_, whole + 1);
    if (makeup_of(text_.substr(whole + 1, stop - whole - 1)).digits == 0) break;
    whole = stop;
  }
  push_value(begin, whole, hex && whole == end ? ValueKind::kHex : ValueKind::kIdentifier, soft);
}

}  // namespace fa
