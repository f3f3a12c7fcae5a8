// Secrets that are assigned to a name: `key=value`, `"key": "value"`, `key: value`.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "redact/key_meaning.h"
#include "redact/rules.h"
#include "redact/value_shape.h"

namespace fa {
namespace {

/// Whether the key is the first thing on its line, but for the marks of a list.
bool begins_line(std::string_view text, std::size_t at) {
  std::size_t from = at;
  while (from > 0 && at - from < 64 &&
         (is_blank(text[from - 1]) || text[from - 1] == '-' || is_quote(text[from - 1]))) {
    --from;
  }
  return from == 0 || text[from - 1] == '\n' || text[from - 1] == '\r';
}

bool ends_line(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at >= text.size() || text[at] == '\n' || text[at] == '\r' || text[at] == '#';
}

/// Skips what may stand between a key and its value: blanks, the bracket of a list, the prefix of a Python literal.
/// A line break only where a quoted value follows, as in indented JSON.
std::size_t value_begin(std::string_view text, std::size_t at) {
  std::size_t from = at;
  while (from < text.size() && is_blank(text[from])) ++from;
  std::size_t quoted = from;
  while (quoted < text.size() && quoted - from < 64 && (is_white(text[quoted]) || text[quoted] == '[')) ++quoted;
  if (quoted > from && quoted < text.size() && is_quote(text[quoted])) return quoted;
  if (from + 1 < text.size() && is_quote(text[from + 1]) &&
      (text[from] == 'b' || text[from] == 'u' || text[from] == 'r' || text[from] == '@' || text[from] == '$')) {
    return from + 1;
  }
  return from;
}

}  // namespace

bool assignment_at(std::string_view text, std::size_t at, std::size_t length, std::vector<SecretSpan>& spans) {
  std::size_t from = at + length;
  if (length == 1) {
    const char before = at > 0 ? text[at - 1] : '\0';
    const char after = from < text.size() ? text[from] : '\0';
    if (text[at] == '=') {
      if (before == '!' || before == '<' || before == '>' || before == '=' || before == ':' || after == '=')
        return false;
      if (after == '>') ++from;  // Ruby, PHP
    } else {
      if (after == ':' || before == ':') return false;
      if (after == '=') ++from;
    }
  }
  SettingKey key = key_before(text, at);
  if (key.meaning == NameMeaning::kValue) key.meaning = named_beside(text, key.begin - (key.quoted ? 1U : 0U));
  if (key.meaning == NameMeaning::kNothing || key.meaning == NameMeaning::kValue) return false;

  const std::size_t begin = value_begin(text, from);
  if (begin >= text.size()) return false;
  const bool spaced = begin > from && is_blank(text[from]);
  const bool equals = text[at] == '=' || length > 1;
  if (is_quote(text[begin])) {
    const char quote = text[begin];
    const std::size_t end = end_of_quoted(text, begin + 1, quote);
    const std::string_view value = text.substr(begin + 1, end - begin - 1);
    switch (key.meaning) {
      case NameMeaning::kAuthorization:
        return authorization_value(text, begin + 1, quote, spans);
      case NameMeaning::kCookie:
      case NameMeaning::kSetCookie:
        return cookie_value(text, begin + 1, quote, key.meaning == NameMeaning::kSetCookie, spans);
      default:
        break;
    }
    if (says_nothing(value) || is_parsers_token(text, key)) return false;
    if (key.meaning == NameMeaning::kWorkingDirectory && value[0] == '/') return false;
    if ((key.meaning == NameMeaning::kSignature || key.meaning == NameMeaning::kCredential) && value.size() < 16)
      return false;
    if (key.meaning == NameMeaning::kShortPassword && !key.quoted && value.size() < 4) return false;
    if (key.meaning == NameMeaning::kSecret && value.size() < 64 && value.find('/') != std::string_view::npos &&
        is_secret_name(value)) {
      return false;
    }
    add_value(text, begin + 1, end, kind_of(key.meaning), spans);
    return true;
  }

  switch (key.meaning) {
    case NameMeaning::kAuthorization:
      return authorization_value(text, begin, '\0', spans);
    case NameMeaning::kCookie:
    case NameMeaning::kSetCookie:
      return cookie_value(text, begin, '\0', key.meaning == NameMeaning::kSetCookie, spans);
    default:
      break;
  }
  if (is_white(text[begin]) || text[begin] == '[') return false;
  if (text[begin] == '{' && (!equals || spaced || key.quoted)) return false;
  if (is_parsers_token(text, key)) return false;

  const bool ascii_only = key.meaning == NameMeaning::kJapanese && static_cast<unsigned char>(text[begin]) < 0x80;
  if (key.meaning == NameMeaning::kJapanese && !ascii_only) {
    static constexpr std::array<std::string_view, 2> kOpening{"「", "『"};
    for (const std::string_view open : kOpening) {
      if (!text.substr(begin).starts_with(open)) continue;
      const std::size_t inside = begin + open.size();
      const std::size_t end = end_of_bare(text, inside, false);
      if (says_nothing(text.substr(inside, end - inside))) return false;
      add_span(spans, inside, end, SecretKind::kPassword);
      return end > inside;
    }
    return false;
  }
  // A value this long is none of a sentence; where it is shorter its end is near.
  std::size_t end = end_of_bare(text, begin, ascii_only);
  const std::string_view value = text.substr(begin, end - begin);
  if (value.empty() || says_nothing(value)) return false;
  if (key.meaning == NameMeaning::kToken && is_printed_object(value)) return false;
  const ValueForm form = key.quoted || (equals && !spaced) ? ValueForm::kSure
                         : !spaced && !equals              ? ValueForm::kGlued
                                                           : ValueForm::kProse;
  const bool first = begins_line(text, key.begin);
  switch (key.meaning) {
    case NameMeaning::kWorkingDirectory:
      if (value[0] == '/' || value[0] == '~' || (value.size() > 2 && value[1] == ':' && value[2] == '\\')) return false;
      break;
    case NameMeaning::kSignature:
    case NameMeaning::kCredential:
      if (value.size() < 16 || form == ValueForm::kProse || is_secret_name(value)) return false;
      break;
    case NameMeaning::kShortPassword:
      if (value.size() < 4 || std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || c == '.'; }))
        return false;
      break;
    case NameMeaning::kSecret:
      if (value.find('/') != std::string_view::npos && is_secret_name(value)) return false;
      break;
    case NameMeaning::kToken:
      if (value.size() < 2) return false;
      break;
    default:
      break;
  }
  if (key.quoted && text[at] == ':' && spaced && !first && !ends_line(text, end) && all_letters(value)) return false;
  if (form != ValueForm::kSure) {
    const bool whole_line = first && ends_line(text, end);
    const bool structure = form == ValueForm::kGlued && key.meaning == NameMeaning::kPassword &&
                           (field_begins(text, end) || (end < text.size() && text[end] == '}'));  // Go's %+v
    if (equals && spaced && first) {
      // `password = swordfish` of a settings file
    } else if (!structure && !is_secret_in_prose(value, key.meaning, form, whole_line)) {
      return false;
    }
    // A passphrase has several words.
    if (first && form == ValueForm::kProse && (key.text.ends_with("phrase") || key.text.ends_with("PHRASE"))) {
      end = std::min(text.find_first_of("\r\n", end), text.size());
    }
  }
  add_value(text, begin, end, kind_of(key.meaning), spans);
  return true;
}

}  // namespace fa
