// Secrets in the values of HTTP headers: credentials and cookies.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "redact/rules.h"
#include "redact/value_shape.h"

namespace fa {
namespace {

/// End of `name="value", name=value, ...` (the quotation marks perhaps escaped), or of one word.
std::size_t end_of_parameters(std::string_view text, std::size_t from) {
  std::size_t end = from;
  for (std::size_t at = from; at < text.size();) {
    std::size_t value = at;
    while (value < text.size() && (is_word(text[value]) || text[value] == '-')) ++value;
    if (value == at || value >= text.size() || text[value] != '=') break;
    ++value;
    while (value < text.size() && text[value] == '\\') ++value;
    if (value < text.size() && is_quote(text[value])) {
      value = std::min(text.find_first_of(text.substr(value, 1), value + 1), text.size());
      value = std::min(value + 1, text.size());
    } else {
      while (value < text.size() && !is_white(text[value]) && !is_quote(text[value]) && text[value] != ',' &&
             text[value] != '\\') {
        ++value;
      }
    }
    end = value;
    if (value >= text.size() || text[value] != ',') break;
    at = value + 1;
    while (at < text.size() && is_blank(text[at])) ++at;
  }
  if (end == from) {
    while (end < text.size() && !is_white(text[end]) && !is_quote(text[end]) && text[end] != '\\') ++end;
  }
  return end;
}

}  // namespace

bool authorization_value(std::string_view text, std::size_t from, char quote, std::vector<SecretSpan>& spans) {
  static constexpr std::array<std::string_view, 6> kOneWord{"basic", "bearer", "token", "apikey", "negotiate", "ntlm"};
  static constexpr std::array<std::string_view, 11> kManyWords{
      "digest", "aws4-hmac-sha256", "aws4-ecdsa-p256-sha256", "hmac",  "hawk", "signature",
      "oauth",  "sharedkey",        "sharedkeylite",          "vapid", "mac"};
  std::size_t word_end = from;
  while (word_end < text.size() && (is_word(text[word_end]) || text[word_end] == '-')) ++word_end;
  const std::string_view scheme = text.substr(from, word_end - from);
  const auto is_scheme = [scheme](std::string_view known) { return iequals(scheme, known); };
  std::size_t value = word_end;
  while (value < text.size() && (is_blank(text[value]) || text[value] == '+')) ++value;
  if (value > word_end && std::any_of(kManyWords.begin(), kManyWords.end(), is_scheme)) {
    const std::size_t end = quote == '\0' ? end_of_parameters(text, value) : end_of_quoted(text, value, quote);
    add_span(spans, value, end, SecretKind::kAuthorization);
    return end > value;
  }
  const bool known = value > word_end && std::any_of(kOneWord.begin(), kOneWord.end(), is_scheme);
  const std::size_t begin = known ? value : from;
  std::size_t end = begin;
  if (quote != '\0') {
    end = end_of_quoted(text, begin, quote);
  } else {
    while (end < text.size() && is_token68(text[end])) ++end;
  }
  const std::string_view credentials = text.substr(begin, end - begin);
  if (credentials.empty() || says_nothing(credentials)) return false;
  if (!known && quote == '\0') {
    const bool number = std::any_of(credentials.begin(), credentials.end(), is_digit);
    if (credentials.size() < 8 || (!number && credentials.size() < 24)) {
      // `Custom 0a1b...`: a scheme nobody knows.
      std::size_t next = end;
      while (next < text.size() && is_blank(text[next])) ++next;
      std::size_t next_end = next;
      while (next_end < text.size() && is_token68(text[next_end])) ++next_end;
      const std::string_view second = text.substr(next, next_end - next);
      if (next == end || second.size() < 12 || second.find('=') < 8 ||
          std::none_of(second.begin(), second.end(), is_digit)) {
        return false;
      }
      add_span(spans, next, next_end, SecretKind::kAuthorization);
      return true;
    }
  }
  if (known && quote == '\0' && (is_ordinary_word(credentials) || iequals(credentials, "token"))) return false;
  add_value(text, begin, end, SecretKind::kAuthorization, spans);
  return true;
}

bool cookie_value(std::string_view text, std::size_t from, char quote, bool only_first,
                  std::vector<SecretSpan>& spans) {
  const auto ends = [&](std::size_t at) {
    if (at >= text.size() || text[at] == '\n' || text[at] == '\r') return true;
    if (quote != '\0') return text[at] == quote;
    return is_quote(text[at]) || (text[at] == '\\' && at + 1 < text.size() &&
                                  (text[at + 1] == 'n' || text[at + 1] == 'r' || text[at + 1] == '"'));
  };
  bool found = false;
  for (std::size_t at = from; !ends(at);) {
    std::size_t name_end = at;
    while (!ends(name_end) && (is_word(text[name_end]) || text[name_end] == '-' || text[name_end] == '.' ||
                               text[name_end] == '%' || text[name_end] == '[' || text[name_end] == ']')) {
      ++name_end;
    }
    if (name_end == at || ends(name_end) || text[name_end] != '=') {
      // A value without a name is all of a quoted header, and no cookie in running text.
      if (!found && quote != '\0' && name_end > at) {
        const std::size_t end = end_of_quoted(text, at, quote);
        if (says_nothing(text.substr(at, end - at))) return false;
        add_span(spans, at, end, SecretKind::kCookie);
        return true;
      }
      break;
    }
    const std::size_t value = name_end + 1;
    std::size_t value_end = value;
    while (!ends(value_end) && text[value_end] != ';' && !is_white(text[value_end])) ++value_end;
    std::size_t cut = value_end;
    while (cut > value && text[cut - 1] == ',') --cut;
    if (cut > value && !says_nothing(text.substr(value, cut - value))) {
      add_value(text, value, cut, SecretKind::kCookie, spans);
      found = true;
    }
    if (only_first || ends(value_end) || text[value_end] != ';') break;
    at = value_end + 1;
    while (!ends(at) && is_blank(text[at])) ++at;
  }
  return found;
}

}  // namespace fa
