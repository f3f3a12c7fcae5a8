// Secrets that something else than an assignment announces: a flag, the user of a URL, a word, a tag.
#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "redact/key_meaning.h"
#include "redact/rules.h"
#include "redact/value_shape.h"

namespace fa {
namespace {

/// Where the line `at` stands in begins, no further back than `most`.
std::string_view line_before(std::string_view text, std::size_t at, std::size_t most) {
  const std::string_view before = text.substr(at - std::min(at, most), std::min(at, most));
  const std::size_t line = before.rfind('\n');
  return line == std::string_view::npos ? before : before.substr(line + 1);
}

}  // namespace

bool flag_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& spans) {
  if (at > 0 && !is_white(text[at - 1]) && !is_quote(text[at - 1]) && text[at - 1] != '[' && text[at - 1] != ',')
    return false;
  const std::size_t begin = at + 2;
  std::size_t end = begin;
  while (end < text.size() && end - begin < kLongestKey && (is_word(text[end]) || text[end] == '-')) ++end;
  if (end == begin || end >= text.size()) return false;
  const std::string_view name = text.substr(begin, end - begin);
  NameMeaning meaning = name_meaning(name);
  const bool user = iequals(name, "user") || iequals(name, "proxy-user");
  if ((meaning == NameMeaning::kNothing || meaning == NameMeaning::kValue) && !user) return false;
  std::size_t value = end;
  while (value < text.size() && value - end < 6 &&
         (is_blank(text[value]) || is_quote(text[value]) || text[value] == ',')) {
    ++value;
  }
  if (value == end || value >= text.size() || text[value] == '-' || is_white(text[value])) return false;
  const char quote = is_quote(text[value - 1]) ? text[value - 1] : '\0';
  const std::size_t value_end = quote != '\0' ? end_of_quoted(text, value, quote) : end_of_bare(text, value, false);
  const std::string_view word = text.substr(value, value_end - value);
  if (user) {  // curl --user name:password
    const std::size_t colon = word.substr(0, kDecidingBytes).find(':');
    if (colon == std::string_view::npos || colon + 1 >= word.size() || says_nothing(word.substr(colon + 1)))
      return false;
    add_span(spans, value + colon + 1, value_end, SecretKind::kPassword);
    return true;
  }
  static constexpr std::array<std::string_view, 9> kOfSentences{"flag", "option",  "options", "argument", "arg",
                                                                "as",   "instead", "when",    "if"};
  if (says_nothing(word) ||
      std::any_of(kOfSentences.begin(), kOfSentences.end(), [word](std::string_view w) { return iequals(w, word); })) {
    return false;
  }
  if (word[0] == '/' && meaning != NameMeaning::kPassword) return false;
  add_value(text, value, value_end, kind_of(meaning), spans);
  return true;
}

bool short_flag_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& spans) {
  constexpr std::size_t kCommandBytes = 200;
  if (at == 0 || !is_blank(text[at - 1]) || at + 3 >= text.size() || text[at + 1] != 'u' || !is_blank(text[at + 2]))
    return false;
  if (line_before(text, at, kCommandBytes).find("curl ") == std::string_view::npos) return false;
  std::size_t begin = at + 3;
  const char quote = is_quote(text[begin]) ? text[begin] : '\0';
  if (quote != '\0') ++begin;
  const std::size_t end = quote != '\0' ? end_of_quoted(text, begin, quote) : end_of_bare(text, begin, false);
  const std::size_t colon = text.substr(begin, std::min(end - begin, kDecidingBytes)).find(':');
  if (colon == std::string_view::npos || says_nothing(text.substr(begin + colon + 1, end - begin - colon - 1)))
    return false;
  add_span(spans, begin + colon + 1, end, SecretKind::kPassword);
  return begin + colon + 1 < end;
}

bool url_password_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& spans) {
  constexpr std::size_t kLongestUser = 4096;
  constexpr std::size_t kLookBeyondSlash = 256;
  if (!text.substr(at).starts_with("://") || at == 0 || !is_alnum(text[at - 1])) return false;
  const std::size_t begin = at + 3;
  std::size_t end = begin;
  std::optional<std::size_t> mark;
  const std::size_t limit = std::min(text.size(), begin + kLongestUser);
  bool beyond = false;
  std::optional<std::size_t> colon;
  for (; end < limit; ++end) {
    const char c = text[end];
    if (is_white(c) || c == '"' || c == '`' || c == '<' || c == '>' || (c == '\'' && !beyond && mark)) break;
    if (c == ':' && !colon) colon = end;
    if (c == '@') mark = end;
    if ((c == '/' || c == '?' || c == '#') && !beyond) {
      // `/` in a password ought to be %2F; whoever wrote it plainly has no `@` before it, and no port.
      if (mark || !colon) break;
      const std::string_view port = text.substr(*colon + 1, end - *colon - 1);
      if (std::all_of(port.begin(), port.end(), is_digit) || end - begin > kLookBeyondSlash) break;
      beyond = true;
    }
    if (beyond && (mark || end - begin > kLookBeyondSlash)) break;
  }
  if (!mark) return false;
  if (!colon || *colon >= *mark) {
    // https://TOKEN@host
    const std::string_view user = text.substr(begin, *mark - begin);
    const bool number = std::any_of(user.begin(), user.end(), is_digit);
    if (user.size() < 20 || !number || says_nothing(user)) return false;
    add_value(text, begin, *mark, SecretKind::kToken, spans);
    return true;
  }
  const std::string_view password = text.substr(*colon + 1, *mark - *colon - 1);
  if (password.empty() || says_nothing(password)) return false;
  add_value(text, *colon + 1, *mark, SecretKind::kPassword, spans);
  return true;
}

bool keyword_at(std::string_view text, std::size_t begin, std::size_t end, std::vector<SecretSpan>& spans) {
  const std::string_view word = text.substr(begin, end - begin);
  std::size_t value = end;
  while (value < text.size() && (is_blank(text[value]) || text[value] == '+') && value - end < 4) ++value;
  if (value >= text.size()) return false;

  const bool bearer = iequals(word, "bearer");
  if (bearer || iequals(word, "basic")) {
    if (value == end) return false;
    std::size_t value_end = value;
    while (value_end < text.size() && is_token68(text[value_end])) ++value_end;
    while (value_end > value && (text[value_end - 1] == '.' || text[value_end - 1] == ':')) --value_end;
    const std::string_view credentials = text.substr(value, value_end - value);
    if (credentials.size() < 8 || says_nothing(credentials)) return false;
    const bool number = std::any_of(credentials.begin(), credentials.end(), is_digit);
    const bool base64 = credentials.size() % 4 == 0 &&
                        credentials.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1) != std::string_view::npos;
    if (bearer ? !number && credentials.size() < 20 : !(base64 && (number || credentials.back() == '='))) return false;
    add_value(text, value, value_end, SecretKind::kAuthorization, spans);
    return true;
  }

  // <password>X</password>
  if (begin > 0 && text[begin - 1] == '<' && text[end] == '>') {
    const NameMeaning meaning = name_meaning(word);
    if (meaning == NameMeaning::kNothing || meaning == NameMeaning::kValue) return false;
    const std::size_t close = std::min(text.find_first_of("<\n", end + 1), text.size());
    if (close >= text.size() || text[close] != '<' || says_nothing(text.substr(end + 1, close - end - 1))) return false;
    add_value(text, end + 1, close, kind_of(meaning), spans);
    return true;
  }
  // the password is X
  if (value > end && text.substr(value).starts_with("is ") && name_meaning(word) == NameMeaning::kPassword) {
    const std::size_t from = value + 3;
    if (from >= text.size()) return false;
    const bool quoted = is_quote(text[from]);
    const std::size_t inside = quoted ? from + 1 : from;
    const std::size_t close = quoted ? end_of_quoted(text, inside, text[from]) : end_of_bare(text, inside, true);
    const std::string_view said = text.substr(inside, close - inside);
    const bool mixed =
        std::any_of(said.begin(), said.end(), is_digit) && std::any_of(said.begin(), said.end(), is_alpha);
    if (says_nothing(said) || (!quoted && (said.size() < 6 || !mixed))) return false;
    add_value(text, inside, close, SecretKind::kPassword, spans);
    return true;
  }
  // jdbc:oracle:thin:user/X@host
  if (iequals(word, "thin") && text[end] == ':') {
    std::size_t slash = end + 1;
    while (slash < text.size() && slash - end < 64 && is_word(text[slash])) ++slash;
    if (slash == end + 1 || slash >= text.size() || text[slash] != '/') return false;
    const std::string_view rest = text.substr(slash + 1, 128);
    const std::size_t mark = rest.find('@');
    if (mark == 0 || mark == std::string_view::npos || rest.find_first_of(" \t\r\n\"'/") < mark) return false;
    add_value(text, slash + 1, slash + 1 + mark, SecretKind::kPassword, spans);
    return true;
  }
  // SQL: PASSWORD 'X', IDENTIFIED BY 'X'
  if (value > end && (text[value] == '\'' || text[value] == '"')) {
    bool announces = iequals(word, "password");
    if (iequals(word, "by")) {
      constexpr std::string_view kIdentified = "identified ";
      announces = begin >= kIdentified.size() &&
                  iequals(text.substr(begin - kIdentified.size(), kIdentified.size()), kIdentified);
    }
    if (!announces) return false;
    const std::size_t close = end_of_quoted(text, value + 1, text[value]);
    const std::string_view inside = text.substr(value + 1, close - value - 1);
    if (close >= text.size() || text[close] != text[value] || says_nothing(inside)) return false;
    add_value(text, value + 1, close, SecretKind::kPassword, spans);
    return true;
  }
  return false;
}

}  // namespace fa
