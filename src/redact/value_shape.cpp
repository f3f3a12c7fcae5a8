#include "redact/value_shape.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "redact/rules.h"

namespace fa {
namespace {

/// Full-width and Japanese punctuation that ends a value in running text.
bool is_japanese_stop(std::string_view rest) {
  static constexpr std::array<std::string_view, 10> kStops{"、", "。", "」", "』", "）", "　", "，", "；", "】", "＆"};
  return std::any_of(kStops.begin(), kStops.end(), [rest](std::string_view stop) { return rest.starts_with(stop); });
}

/// `config.get(...)`, `process.env.DB_PASSWORD`: source code.
bool is_expression(std::string_view value) {
  static constexpr std::array<std::string_view, 7> kBeginnings{"process.env", "os.environ", "System.getenv", "env.",
                                                               "secrets.",    "vars.",      "config."};
  if (std::any_of(kBeginnings.begin(), kBeginnings.end(),
                  [value](std::string_view b) { return value.starts_with(b); })) {
    return true;
  }
  std::size_t at = 0;
  while (at < value.size() && (is_word(value[at]) || value[at] == '.')) ++at;
  return at > 1 && at < value.size() && value[at] == '(' && is_alpha(value[0]) &&
         (value.back() == '(' || value.back() == ')');
}

}  // namespace

bool field_begins(std::string_view text, std::size_t at) {
  std::size_t from = at;
  while (from < text.size() && from - at < 4 && is_white(text[from])) ++from;
  std::size_t end = from;
  while (end < text.size() && end - from < 40 &&
         (is_word(text[end]) || text[end] == '-' || text[end] == '.' || is_quote(text[end]) ||
          (text[end] == ' ' && end > from))) {
    ++end;
  }
  return end > from && end < text.size() && (text[end] == '=' || text[end] == ':');
}

std::size_t end_of_bare(std::string_view text, std::size_t from, bool stop_at_japanese) {
  std::size_t at = from;
  // `${NAME}`, `{{ .Values.x }}`: to the end of the template.
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"${", "}"}, {"$(", ")"}, {"{{", "}}"}}) {
    if (!text.substr(from).starts_with(open)) continue;
    const std::string_view near = text.substr(from, 128);
    const std::size_t stop = near.find(close);
    if (stop != std::string_view::npos && near.find('\n') > stop) at = from + stop + close.size();
    break;
  }
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_white(c) || c == '"' || c == '\'' || c == '`') break;
    if (static_cast<unsigned char>(c) >= 0x80) {
      if (stop_at_japanese || is_japanese_stop(text.substr(at))) break;
      continue;
    }
    if (c == '\\' && at + 1 < text.size() &&
        (text[at + 1] == '"' || text[at + 1] == '\'' || text[at + 1] == 'n' || text[at + 1] == 'r' ||
         text[at + 1] == '\\')) {
      break;  // an escape of the text around, which another view undoes
    }
    if (c == '<' && at > from && at + 1 < text.size() && text[at + 1] == '/') break;
    if (c == ',' || c == ';' || c == '&' || c == ')' || c == '}' || c == ']' || c == '|') {
      const char next = at + 1 < text.size() ? text[at + 1] : ' ';
      if (is_white(next) || is_quote(next) || next == ')' || next == '}' || next == ']' || next == ',' || next == ';' ||
          next == '\\' || field_begins(text, at + 1)) {
        break;
      }
    }
  }
  while (at > from && at - from > 1 && (text[at - 1] == '.' || text[at - 1] == ',' || text[at - 1] == ':') &&
         (at >= text.size() || is_white(text[at]))) {
    --at;
  }
  return at;
}

std::size_t end_of_quoted(std::string_view text, std::size_t from, char quote) {
  std::size_t at = from;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      ++at;
    } else if (text[at] == quote || (text[at] == '\n' && quote != '`')) {
      break;
    }
  }
  return std::min(at, text.size());
}

bool all_letters(std::string_view text) { return std::all_of(text.begin(), text.end(), is_alpha); }

bool is_ordinary_word(std::string_view value) {
  static constexpr std::array<std::string_view, 78> kWords{
      "null",     "nil",      "none",      "undefined", "true",       "false",
      "yes",      "no",       "n/a",       "na",        "empty",      "blank",
      "unset",    "set",      "hidden",    "masked",    "redacted",   "removed",
      "filtered", "omitted",  "protected", "encrypted", "incorrect",  "invalid",
      "expired",  "missing",  "required",  "wrong",     "failed",     "failure",
      "rejected", "denied",   "unknown",   "not",       "is",         "was",
      "has",      "the",      "a",         "an",        "must",       "for",
      "in",       "on",       "of",        "to",        "from",       "and",
      "or",       "with",     "error",     "string",    "str",        "text",
      "varchar",  "char",     "bytes",     "object",    "optional",   "changed",
      "revoked",  "mismatch", "malformed", "ok",        "success",    "valid",
      "verified", "present",  "absent",    "provided",  "unexpected", "expected",
      "refresh",  "updated",  "rotated",   "cannot",    "could",      "authentication"};
  return std::any_of(kWords.begin(), kWords.end(), [value](std::string_view word) { return iequals(word, value); });
}

bool is_secret_name(std::string_view value) {
  std::size_t digits = 0;
  std::size_t marks = 0;
  for (const char c : value) {
    if (is_digit(c)) {
      ++digits;
    } else if (c == '-' || c == '/' || c == '.') {
      ++marks;
    } else if (c < 'a' || c > 'z') {
      return false;
    }
  }
  return marks > 0 && digits * 5 < value.size();
}

bool is_printed_object(std::string_view value) {
  std::size_t at = 0;
  while (at < value.size() && (is_word(value[at]) || value[at] == '.' || value[at] == '$')) ++at;
  if (at < 3 || at >= value.size() || !is_alpha(value[0])) return false;
  const std::string_view name = value.substr(0, at);
  const bool is_class = std::none_of(name.begin(), name.end(), is_digit);
  if (value[at] == '{' || value[at] == '[') return is_class && name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") < at;
  if (value[at] != '@' || !is_class || name.find('.') == std::string_view::npos) return false;
  std::size_t hex = at + 1;
  while (hex < value.size() && is_hex(value[hex])) ++hex;
  return hex > at + 1 && (hex == value.size() || value[hex] == ',' || value[hex] == ')');
}

bool says_nothing(std::string_view value) {
  value = trim(value);
  if (value.empty()) return true;
  if (value.size() > kDecidingBytes) return false;
  if (is_ordinary_word(value)) return true;
  // A mask: one character again and again (`***`, `xxxx`, full-width stars, bullets).
  const std::size_t unit = static_cast<unsigned char>(value[0]) < 0x80 ? 1 : 3;
  if (value.size() % unit == 0 &&
      (unit == 3 || std::string_view("*xX.-#?_•").find(value[0]) != std::string_view::npos)) {
    bool same = value.size() > unit || unit == 3 || value[0] == '*' || value[0] == '?' || value[0] == '-';
    for (std::size_t at = unit; same && at < value.size(); at += unit)
      same = value.substr(at, unit) == value.substr(0, unit);
    if (same) return true;
  }
  if (value.find("***") != std::string_view::npos && value.size() <= 12) return true;  // `a****z`
  const char first = value.front();
  const char last = value.back();
  if (first == '<' && last == '>') return true;
  if (first == '[' && last == ']' &&
      value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.: abcdefghijklmnopqrstuvwxyz", 1) ==
          value.size() - 1) {
    return true;
  }
  if (first == '{' && (last == '}' || value.starts_with("{{"))) return true;
  if (first == '(' && last == ')') return true;
  if (first == '$' && value.size() > 1) {
    if (value[1] == '{' || value[1] == '(') return last == '}' || last == ')';
    return std::all_of(value.begin() + 1, value.end(),
                       [](char c) { return is_digit(c) || c == '_' || (c >= 'A' && c <= 'Z'); }) ||
           (value.size() == 2 && is_digit(value[1]));
  }
  if (first == '%' && value.size() <= 3) return true;                // %s, %v
  if (first == '%' && last == '%' && value.size() > 2) return true;  // %DB_PASSWORD%
  if (value.starts_with("%(") || value.starts_with("#{") || value.starts_with("@@")) return true;
  if (value == "|" || value == ">" || value == "|-" || value == ">-" || value == "|+") return true;
  if (value.starts_with("arn:aws") || value.starts_with("vault:") || value.starts_with("ref+")) return true;
  if (value.starts_with("projects/") && value.find("/secrets/") != std::string_view::npos) return true;
  return is_expression(value);
}

bool is_secret_in_prose(std::string_view value, NameMeaning meaning, ValueForm form, bool whole_line) {
  if (value.size() >= kDecidingBytes) return true;
  if (value.size() < 3) return false;
  const bool digits_only = std::all_of(value.begin(), value.end(), is_digit);
  if (digits_only) return value.size() >= (meaning == NameMeaning::kJapanese ? 4U : 6U);
  if (value[0] == '/' || value.find("://") != std::string_view::npos) return false;
  if ((meaning == NameMeaning::kSecret || meaning == NameMeaning::kToken) && is_secret_name(value)) return false;
  std::string_view core = value;
  while (!core.empty() && (core.back() == '.' || core.back() == ',' || core.back() == ';' || core.back() == '!' ||
                           core.back() == '?' || core.back() == ')' || core.back() == ':' || core.back() == '}')) {
    core.remove_suffix(1);
  }
  while (!core.empty() && (core.front() == '(' || core.front() == '{' || core.front() == '-')) core.remove_prefix(1);
  if (core.empty() || is_ordinary_word(core)) return false;
  if (all_letters(core)) return whole_line && form == ValueForm::kProse;
  const bool has_number = std::any_of(core.begin(), core.end(), is_digit);
  const bool has_mark = core.find_first_of("!@#$%^&*+~=?") != std::string_view::npos;
  if (has_number || has_mark) return true;
  // Words joined by dashes, dots or underscores: a name, but the only thing on its line it may be a password.
  const bool ascii = std::all_of(core.begin(), core.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii && whole_line && form == ValueForm::kProse && meaning == NameMeaning::kPassword;
}

void add_span(std::vector<SecretSpan>& spans, std::size_t begin, std::size_t end, SecretKind kind) {
  if (end > begin) spans.push_back({begin, end, kind, false});
}

void add_value(std::string_view text, std::size_t begin, std::size_t end, SecretKind kind,
               std::vector<SecretSpan>& spans) {
  std::size_t word_end = begin;
  while (word_end < end && is_word(text[word_end])) ++word_end;
  SecretSpan shape;
  if (word_end > begin && token_at(text.substr(0, end), begin, word_end, shape) && shape.begin == begin &&
      shape.end == end) {
    spans.push_back(shape);
    return;
  }
  if (text[begin] == '-' && private_key_at(text.substr(0, end), begin, shape)) {
    spans.push_back({begin, end, SecretKind::kPrivateKey, true});
    return;
  }
  add_span(spans, begin, end, kind);
}

}  // namespace fa
