#include "redact/key_meaning.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "redact/rules.h"

namespace fa {
namespace {

struct KeyEnding {
  std::string_view ending;
  NameMeaning meaning;
};

/// Of keys in lower case without `-`, `_`, `.` and blanks; the first that fits decides.
constexpr std::array kEndings{
    KeyEnding{"secretaccesskey", NameMeaning::kAwsSecret},
    KeyEnding{"password", NameMeaning::kPassword},
    KeyEnding{"passwd", NameMeaning::kPassword},
    KeyEnding{"passphrase", NameMeaning::kPassword},
    KeyEnding{"passcode", NameMeaning::kPassword},
    KeyEnding{"userpass", NameMeaning::kPassword},
    KeyEnding{"dbpass", NameMeaning::kPassword},
    KeyEnding{"pwd", NameMeaning::kPassword},
    KeyEnding{"secret", NameMeaning::kSecret},
    KeyEnding{"secretkey", NameMeaning::kSecret},
    KeyEnding{"signingkey", NameMeaning::kSecret},
    KeyEnding{"encryptionkey", NameMeaning::kSecret},
    KeyEnding{"masterkey", NameMeaning::kSecret},
    KeyEnding{"secretkeybase", NameMeaning::kSecret},
    KeyEnding{"authkey", NameMeaning::kApiKey},
    KeyEnding{"apikey", NameMeaning::kApiKey},
    KeyEnding{"accesskey", NameMeaning::kApiKey},
    KeyEnding{"subscriptionkey", NameMeaning::kApiKey},
    KeyEnding{"accountkey", NameMeaning::kAzureKey},
    KeyEnding{"privatekey", NameMeaning::kPrivateKey},
    KeyEnding{"token", NameMeaning::kToken},
    KeyEnding{"jwt", NameMeaning::kToken},
    KeyEnding{"authorization", NameMeaning::kAuthorization},
    KeyEnding{"signature", NameMeaning::kSignature},
    KeyEnding{"credential", NameMeaning::kCredential},
    KeyEnding{"setcookie", NameMeaning::kSetCookie},
    KeyEnding{"cookie", NameMeaning::kCookie},
};

/// Tokens that open nothing: places in a list, marks of a request.
constexpr std::array<std::string_view, 12> kHarmlessTokens{
    "nexttoken",        "pagetoken",         "continuationtoken", "clienttoken", "clientrequesttoken", "maxtoken",
    "idempotencytoken", "cancellationtoken", "nextforwardtoken",  "stoptoken",   "nextbackwardtoken",  "synctoken"};

/// Which last letters of a key are worth a look.
constexpr bool may_end_key(char c) {
  switch (c | 0x20) {
    case 'd':
    case 't':
    case 'n':
    case 'y':
    case 'e':
    case 's':
    case 'l':
    case 'g':
    case 'w':
      return true;
    default:
      return static_cast<unsigned char>(c) >= 0x80;
  }
}

constexpr bool is_key_char(char c) {
  return is_word(c) || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}
}  // namespace

SecretKind kind_of(NameMeaning meaning) {
  switch (meaning) {
    case NameMeaning::kSecret:
      return SecretKind::kSecret;
    case NameMeaning::kToken:
      return SecretKind::kToken;
    case NameMeaning::kApiKey:
      return SecretKind::kApiKey;
    case NameMeaning::kAwsSecret:
      return SecretKind::kAwsSecret;
    case NameMeaning::kAzureKey:
      return SecretKind::kAzureKey;
    case NameMeaning::kPrivateKey:
      return SecretKind::kPrivateKey;
    case NameMeaning::kSignature:
      return SecretKind::kSignature;
    case NameMeaning::kCredential:
      return SecretKind::kCredential;
    case NameMeaning::kAuthorization:
      return SecretKind::kAuthorization;
    case NameMeaning::kCookie:
    case NameMeaning::kSetCookie:
      return SecretKind::kCookie;
    default:
      return SecretKind::kPassword;
  }
}
NameMeaning name_meaning(std::string_view key) {
  static constexpr std::array<std::string_view, 6> kJapaneseKeys{"パスワード",   "暗証番号", "パスフレーズ",
                                                                 "アクセスキー", "トークン", "秘密鍵"};
  if (key.empty() || !may_end_key(key.back())) return NameMeaning::kNothing;
  if (static_cast<unsigned char>(key.back()) >= 0x80) {
    const bool known = std::any_of(kJapaneseKeys.begin(), kJapaneseKeys.end(),
                                   [key](std::string_view word) { return key.ends_with(word); });
    return known ? NameMeaning::kJapanese : NameMeaning::kNothing;
  }
  std::array<char, kLongestKey> letters{};
  std::size_t size = 0;
  for (const char c : key.substr(key.size() - std::min(key.size(), kLongestKey))) {
    if (c == '-' || c == '_' || c == '.' || c == ' ') continue;
    letters.at(size++) = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  const std::string_view plain(letters.data(), size);
  if (plain == "pwd" || plain == "oldpwd") return NameMeaning::kWorkingDirectory;
  if (plain == "value" || plain == "parametervalue") return NameMeaning::kValue;
  if (plain == "sig") return NameMeaning::kSignature;
  for (const KeyEnding& entry : kEndings) {
    if (!plain.ends_with(entry.ending)) continue;
    if (entry.meaning == NameMeaning::kToken &&
        std::any_of(kHarmlessTokens.begin(), kHarmlessTokens.end(),
                    [plain](std::string_view token) { return plain.ends_with(token); })) {
      return NameMeaning::kNothing;
    }
    return entry.meaning;
  }
  // `pass` and `pw` are words of their own, or the last of several: DB_PASS, smtpPass; not bypass, compass.
  for (const std::string_view word : {std::string_view("pass"), std::string_view("pw")}) {
    if (!plain.ends_with(word)) continue;
    const std::size_t from = key.size() - std::min(key.size(), word.size());
    const bool alone = from == 0 || !is_alnum(key[from - 1]);
    const bool camel = from > 0 && key[from] == 'P' && key[from - 1] >= 'a' && key[from - 1] <= 'z';
    if (alone || camel) return NameMeaning::kShortPassword;
  }
  return NameMeaning::kNothing;
}

SettingKey key_before(std::string_view text, std::size_t at) {
  SettingKey key;
  std::size_t end = at;
  while (end > 0 && at - end < 8 && is_blank(text[end - 1])) --end;
  if (end > 1 && text[end - 1] == ']' && is_quote(text[end - 2])) --end;  // settings["password"] = ...
  if (end > 0 && is_quote(text[end - 1])) {
    key.quoted = true;
    --end;
  }
  if (end == 0 || !may_end_key(text[end - 1])) return key;
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestKey && is_key_char(text[begin - 1])) --begin;
  key.text = text.substr(begin, end - begin);
  key.begin = begin;
  key.meaning = name_meaning(key.text);
  // `API key: ...`
  if (key.meaning == NameMeaning::kNothing && iequals(key.text, "key") && begin > 1 && text[begin - 1] == ' ') {
    std::size_t first = begin - 1;
    while (first > 0 && begin - first < 16 && is_alpha(text[first - 1])) --first;
    const NameMeaning both = name_meaning(text.substr(first, end - first));
    if (both != NameMeaning::kNothing) {
      key.text = text.substr(first, end - first);
      key.begin = first;
      key.meaning = both;
    }
  }
  return key;
}

NameMeaning named_beside(std::string_view text, std::size_t at) {
  const auto is_between = [](char c) {
    return is_white(c) || is_quote(c) || c == ',' || c == '{' || c == '-' || c == ';' || c == '\\';
  };
  std::size_t end = at;
  while (end > 0 && at - end < 48 && is_between(text[end - 1])) --end;
  if (end == at) return NameMeaning::kNothing;
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestKey && is_key_char(text[begin - 1])) --begin;
  const NameMeaning meaning = name_meaning(text.substr(begin, end - begin));
  if (meaning == NameMeaning::kNothing || meaning == NameMeaning::kValue) return NameMeaning::kNothing;
  std::size_t before = begin;
  while (before > 0 && begin - before < 8 && (is_blank(text[before - 1]) || is_quote(text[before - 1]))) --before;
  if (before == 0 || (text[before - 1] != ':' && text[before - 1] != '=')) return NameMeaning::kNothing;
  --before;
  while (before > 0 && is_quote(text[before - 1])) --before;
  std::size_t name = before;
  while (name > 0 && before - name < 20 && is_alpha(text[name - 1])) --name;
  const std::string_view label = text.substr(name, before - name);
  for (const std::string_view known : {"name", "key", "parameterkey", "field", "parametername", "variable"}) {
    if (iequals(label, known)) return meaning;
  }
  return NameMeaning::kNothing;
}

bool is_parsers_token(std::string_view text, const SettingKey& key) {
  static constexpr std::array<std::string_view, 9> kBefore{
      "unexpected", "illegal", "unrecognized", "near", "unknown", "expected", "syntax", "next", "offending"};
  if (key.quoted || !iequals(key.text, "token")) return false;
  std::size_t end = key.begin;
  while (end > 0 && key.begin - end < 3 && is_blank(text[end - 1])) --end;
  if (end == key.begin) return false;
  std::size_t begin = end;
  while (begin > 0 && end - begin < 16 && is_alpha(text[begin - 1])) --begin;
  const std::string_view word = text.substr(begin, end - begin);
  return std::any_of(kBefore.begin(), kBefore.end(), [word](std::string_view b) { return iequals(b, word); });
}

}  // namespace fa
