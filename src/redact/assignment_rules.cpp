// Secrets that are known by what stands before them: the name of a setting, a header, a flag, a scheme.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/text.h"
#include "redact/rules.h"

namespace fa {
namespace {

constexpr std::size_t kLongestKey = 80;
/// As much of an unquoted value is looked at to decide whether it is one; what is longer is no word of a sentence.
constexpr std::size_t kDecidingBytes = 512;

/// What a key says of its value.
enum class KeyMeaning : std::uint8_t {
  kNothing,
  kPassword,
  kShortPassword,     ///< `pass`, `pw`: words that mean other things, too.
  kWorkingDirectory,  ///< `PWD`: a password in a connection string, a folder in an environment.
  kSecret,
  kToken,
  kApiKey,
  kAwsSecret,
  kAzureKey,
  kPrivateKey,
  kSignature,
  kCredential,
  kAuthorization,
  kCookie,
  kSetCookie,
  kValue,  ///< `value`: its secret's name stands beside it.
  kJapanese,
};

SecretKind kind_of(KeyMeaning meaning) {
  switch (meaning) {
    case KeyMeaning::kSecret:
      return SecretKind::kSecret;
    case KeyMeaning::kToken:
      return SecretKind::kToken;
    case KeyMeaning::kApiKey:
      return SecretKind::kApiKey;
    case KeyMeaning::kAwsSecret:
      return SecretKind::kAwsSecret;
    case KeyMeaning::kAzureKey:
      return SecretKind::kAzureKey;
    case KeyMeaning::kPrivateKey:
      return SecretKind::kPrivateKey;
    case KeyMeaning::kSignature:
      return SecretKind::kSignature;
    case KeyMeaning::kCredential:
      return SecretKind::kCredential;
    case KeyMeaning::kAuthorization:
      return SecretKind::kAuthorization;
    case KeyMeaning::kCookie:
    case KeyMeaning::kSetCookie:
      return SecretKind::kCookie;
    default:
      return SecretKind::kPassword;
  }
}

struct KeyEnding {
  std::string_view ending;
  KeyMeaning meaning;
};

/// Of keys in lower case without `-`, `_`, `.` and blanks; the first that fits decides.
constexpr std::array kEndings{
    KeyEnding{"secretaccesskey", KeyMeaning::kAwsSecret},
    KeyEnding{"password", KeyMeaning::kPassword},
    KeyEnding{"passwd", KeyMeaning::kPassword},
    KeyEnding{"passphrase", KeyMeaning::kPassword},
    KeyEnding{"passcode", KeyMeaning::kPassword},
    KeyEnding{"userpass", KeyMeaning::kPassword},
    KeyEnding{"dbpass", KeyMeaning::kPassword},
    KeyEnding{"pwd", KeyMeaning::kPassword},
    KeyEnding{"secret", KeyMeaning::kSecret},
    KeyEnding{"secretkey", KeyMeaning::kSecret},
    KeyEnding{"signingkey", KeyMeaning::kSecret},
    KeyEnding{"encryptionkey", KeyMeaning::kSecret},
    KeyEnding{"masterkey", KeyMeaning::kSecret},
    KeyEnding{"secretkeybase", KeyMeaning::kSecret},
    KeyEnding{"authkey", KeyMeaning::kApiKey},
    KeyEnding{"apikey", KeyMeaning::kApiKey},
    KeyEnding{"accesskey", KeyMeaning::kApiKey},
    KeyEnding{"subscriptionkey", KeyMeaning::kApiKey},
    KeyEnding{"accountkey", KeyMeaning::kAzureKey},
    KeyEnding{"privatekey", KeyMeaning::kPrivateKey},
    KeyEnding{"token", KeyMeaning::kToken},
    KeyEnding{"jwt", KeyMeaning::kToken},
    KeyEnding{"authorization", KeyMeaning::kAuthorization},
    KeyEnding{"signature", KeyMeaning::kSignature},
    KeyEnding{"credential", KeyMeaning::kCredential},
    KeyEnding{"setcookie", KeyMeaning::kSetCookie},
    KeyEnding{"cookie", KeyMeaning::kCookie},
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

KeyMeaning meaning_of(std::string_view key) {
  static constexpr std::array<std::string_view, 6> kJapaneseKeys{"パスワード",   "暗証番号", "パスフレーズ",
                                                                 "アクセスキー", "トークン", "秘密鍵"};
  if (key.empty() || !may_end_key(key.back())) return KeyMeaning::kNothing;
  if (static_cast<unsigned char>(key.back()) >= 0x80) {
    const bool known = std::any_of(kJapaneseKeys.begin(), kJapaneseKeys.end(),
                                   [key](std::string_view word) { return key.ends_with(word); });
    return known ? KeyMeaning::kJapanese : KeyMeaning::kNothing;
  }
  std::array<char, kLongestKey> letters{};
  std::size_t size = 0;
  for (const char c : key.substr(key.size() - std::min(key.size(), kLongestKey))) {
    if (c == '-' || c == '_' || c == '.' || c == ' ') continue;
    letters.at(size++) = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  const std::string_view plain(letters.data(), size);
  if (plain == "pwd" || plain == "oldpwd") return KeyMeaning::kWorkingDirectory;
  if (plain == "value" || plain == "parametervalue") return KeyMeaning::kValue;
  if (plain == "sig") return KeyMeaning::kSignature;
  for (const KeyEnding& entry : kEndings) {
    if (!plain.ends_with(entry.ending)) continue;
    if (entry.meaning == KeyMeaning::kToken &&
        std::any_of(kHarmlessTokens.begin(), kHarmlessTokens.end(),
                    [plain](std::string_view token) { return plain.ends_with(token); })) {
      return KeyMeaning::kNothing;
    }
    return entry.meaning;
  }
  // `pass` and `pw` are words of their own, or the last of several: DB_PASS, smtpPass; not bypass, compass.
  for (const std::string_view word : {std::string_view("pass"), std::string_view("pw")}) {
    if (!plain.ends_with(word)) continue;
    const std::size_t from = key.size() - std::min(key.size(), word.size());
    const bool alone = from == 0 || !is_alnum(key[from - 1]);
    const bool camel = from > 0 && key[from] == 'P' && key[from - 1] >= 'a' && key[from - 1] <= 'z';
    if (alone || camel) return KeyMeaning::kShortPassword;
  }
  return KeyMeaning::kNothing;
}

struct Key {
  std::string_view text;
  std::size_t begin = 0;
  KeyMeaning meaning = KeyMeaning::kNothing;
  bool quoted = false;
};

/// The key that ends before `at`, blanks and one quotation mark aside.
Key key_before(std::string_view text, std::size_t at) {
  Key key;
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
  key.meaning = meaning_of(key.text);
  // `API key: ...`
  if (key.meaning == KeyMeaning::kNothing && iequals(key.text, "key") && begin > 1 && text[begin - 1] == ' ') {
    std::size_t first = begin - 1;
    while (first > 0 && begin - first < 16 && is_alpha(text[first - 1])) --first;
    const KeyMeaning both = meaning_of(text.substr(first, end - first));
    if (both != KeyMeaning::kNothing) {
      key.text = text.substr(first, end - first);
      key.begin = first;
      key.meaning = both;
    }
  }
  return key;
}

/// What the name beside a `value` says: `name: DB_PASSWORD`, `value: ...`; `"Key":"x","Value":...`; the `value` begins
/// at `at`.
KeyMeaning named_beside(std::string_view text, std::size_t at) {
  const auto is_between = [](char c) {
    return is_white(c) || is_quote(c) || c == ',' || c == '{' || c == '-' || c == ';' || c == '\\';
  };
  std::size_t end = at;
  while (end > 0 && at - end < 48 && is_between(text[end - 1])) --end;
  if (end == at) return KeyMeaning::kNothing;
  std::size_t begin = end;
  while (begin > 0 && end - begin < kLongestKey && is_key_char(text[begin - 1])) --begin;
  const KeyMeaning meaning = meaning_of(text.substr(begin, end - begin));
  if (meaning == KeyMeaning::kNothing || meaning == KeyMeaning::kValue) return KeyMeaning::kNothing;
  std::size_t before = begin;
  while (before > 0 && begin - before < 8 && (is_blank(text[before - 1]) || is_quote(text[before - 1]))) --before;
  if (before == 0 || (text[before - 1] != ':' && text[before - 1] != '=')) return KeyMeaning::kNothing;
  --before;
  while (before > 0 && is_quote(text[before - 1])) --before;
  std::size_t name = before;
  while (name > 0 && before - name < 20 && is_alpha(text[name - 1])) --name;
  const std::string_view label = text.substr(name, before - name);
  for (const std::string_view known : {"name", "key", "parameterkey", "field", "parametername", "variable"}) {
    if (iequals(label, known)) return meaning;
  }
  return KeyMeaning::kNothing;
}

/// Whether a field begins at `at`: `user=`, `Server:`, behind blanks.
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

/// Full-width and Japanese punctuation that ends a value in running text.
bool is_japanese_stop(std::string_view rest) {
  static constexpr std::array<std::string_view, 10> kStops{"、", "。", "」", "』", "）", "　", "，", "；", "】", "＆"};
  return std::any_of(kStops.begin(), kStops.end(), [rest](std::string_view stop) { return rest.starts_with(stop); });
}

/// End of an unquoted value. Characters that end a field in some notation and stand in passwords all the same end it
/// only where the text goes on like that notation.
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

/// End of what stands in quotation marks that were opened before `from`.
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

/// Words behind `password:` in sentences, and values that are none.
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

/// `my-namespace/my-secret`, `db-credentials`: the name of a secret, as Kubernetes writes it.
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

/// `Token{3f2a ...}`, `android.os.BinderProxy@3f2a`: how Java prints an object.
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

enum class Form : std::uint8_t {
  kSure,   ///< `key=value`, `"key":"value"`
  kGlued,  ///< `key:value`
  kProse,  ///< `key: value`, `key = value`
};

/// Whether a bare value in a form that sentences have as well is a secret.
bool is_secret_in_prose(std::string_view value, KeyMeaning meaning, Form form, bool whole_line) {
  if (value.size() >= kDecidingBytes) return true;
  if (value.size() < 3) return false;
  const bool digits_only = std::all_of(value.begin(), value.end(), is_digit);
  if (digits_only) return value.size() >= (meaning == KeyMeaning::kJapanese ? 4U : 6U);
  if (value[0] == '/' || value.find("://") != std::string_view::npos) return false;
  if ((meaning == KeyMeaning::kSecret || meaning == KeyMeaning::kToken) && is_secret_name(value)) return false;
  std::string_view core = value;
  while (!core.empty() && (core.back() == '.' || core.back() == ',' || core.back() == ';' || core.back() == '!' ||
                           core.back() == '?' || core.back() == ')' || core.back() == ':' || core.back() == '}')) {
    core.remove_suffix(1);
  }
  while (!core.empty() && (core.front() == '(' || core.front() == '{' || core.front() == '-')) core.remove_prefix(1);
  if (core.empty() || is_ordinary_word(core)) return false;
  if (all_letters(core)) return whole_line && form == Form::kProse;
  const bool has_number = std::any_of(core.begin(), core.end(), is_digit);
  const bool has_mark = core.find_first_of("!@#$%^&*+~=?") != std::string_view::npos;
  if (has_number || has_mark) return true;
  // Words joined by dashes, dots or underscores: a name, but the only thing on its line it may be a password.
  const bool ascii = std::all_of(core.begin(), core.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii && whole_line && form == Form::kProse && meaning == KeyMeaning::kPassword;
}

/// `Invalid token: "x"`, `unexpected token: x` are parsers' words.
bool is_parsers_token(std::string_view text, const Key& key) {
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

void add_span(std::vector<SecretSpan>& spans, std::size_t begin, std::size_t end, SecretKind kind) {
  if (end > begin) spans.push_back({begin, end, kind, false});
}

/// The same, called what its own shape says where the whole of it has one.
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

constexpr bool is_token68(char c) {
  return is_word(c) || c == '-' || c == '.' || c == '~' || c == '+' || c == '/' || c == '=' || c == '%' || c == ':' ||
         c == '|' || c == '!' || c == '*' || c == '@' || c == '$' || c == '#';
}

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

/// `Authorization: Basic X`, `Digest a="b", ...`, or a bare value. The scheme stays.
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

/// `a=b; c=d`: each value by itself, the names stay. Of a Set-Cookie, only the first.
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
  Key key = key_before(text, at);
  if (key.meaning == KeyMeaning::kValue) key.meaning = named_beside(text, key.begin - (key.quoted ? 1U : 0U));
  if (key.meaning == KeyMeaning::kNothing || key.meaning == KeyMeaning::kValue) return false;

  const std::size_t begin = value_begin(text, from);
  if (begin >= text.size()) return false;
  const bool spaced = begin > from && is_blank(text[from]);
  const bool equals = text[at] == '=' || length > 1;
  if (is_quote(text[begin])) {
    const char quote = text[begin];
    const std::size_t end = end_of_quoted(text, begin + 1, quote);
    const std::string_view value = text.substr(begin + 1, end - begin - 1);
    switch (key.meaning) {
      case KeyMeaning::kAuthorization:
        return authorization_value(text, begin + 1, quote, spans);
      case KeyMeaning::kCookie:
      case KeyMeaning::kSetCookie:
        return cookie_value(text, begin + 1, quote, key.meaning == KeyMeaning::kSetCookie, spans);
      default:
        break;
    }
    if (says_nothing(value) || is_parsers_token(text, key)) return false;
    if (key.meaning == KeyMeaning::kWorkingDirectory && value[0] == '/') return false;
    if ((key.meaning == KeyMeaning::kSignature || key.meaning == KeyMeaning::kCredential) && value.size() < 16)
      return false;
    if (key.meaning == KeyMeaning::kShortPassword && !key.quoted && value.size() < 4) return false;
    if (key.meaning == KeyMeaning::kSecret && value.size() < 64 && value.find('/') != std::string_view::npos &&
        is_secret_name(value)) {
      return false;
    }
    add_value(text, begin + 1, end, kind_of(key.meaning), spans);
    return true;
  }

  switch (key.meaning) {
    case KeyMeaning::kAuthorization:
      return authorization_value(text, begin, '\0', spans);
    case KeyMeaning::kCookie:
    case KeyMeaning::kSetCookie:
      return cookie_value(text, begin, '\0', key.meaning == KeyMeaning::kSetCookie, spans);
    default:
      break;
  }
  if (is_white(text[begin]) || text[begin] == '[') return false;
  if (text[begin] == '{' && (!equals || spaced || key.quoted)) return false;
  if (is_parsers_token(text, key)) return false;

  const bool ascii_only = key.meaning == KeyMeaning::kJapanese && static_cast<unsigned char>(text[begin]) < 0x80;
  if (key.meaning == KeyMeaning::kJapanese && !ascii_only) {
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
  if (key.meaning == KeyMeaning::kToken && is_printed_object(value)) return false;
  const Form form = key.quoted || (equals && !spaced) ? Form::kSure : !spaced && !equals ? Form::kGlued : Form::kProse;
  const bool first = begins_line(text, key.begin);
  switch (key.meaning) {
    case KeyMeaning::kWorkingDirectory:
      if (value[0] == '/' || value[0] == '~' || (value.size() > 2 && value[1] == ':' && value[2] == '\\')) return false;
      break;
    case KeyMeaning::kSignature:
    case KeyMeaning::kCredential:
      if (value.size() < 16 || form == Form::kProse || is_secret_name(value)) return false;
      break;
    case KeyMeaning::kShortPassword:
      if (value.size() < 4 || std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || c == '.'; }))
        return false;
      break;
    case KeyMeaning::kSecret:
      if (value.find('/') != std::string_view::npos && is_secret_name(value)) return false;
      break;
    case KeyMeaning::kToken:
      if (value.size() < 2) return false;
      break;
    default:
      break;
  }
  if (key.quoted && text[at] == ':' && spaced && !first && !ends_line(text, end) && all_letters(value)) return false;
  if (form != Form::kSure) {
    const bool whole_line = first && ends_line(text, end);
    const bool structure = form == Form::kGlued && key.meaning == KeyMeaning::kPassword &&
                           (field_begins(text, end) || (end < text.size() && text[end] == '}'));  // Go's %+v
    if (equals && spaced && first) {
      // `password = swordfish` of a settings file
    } else if (!structure && !is_secret_in_prose(value, key.meaning, form, whole_line)) {
      return false;
    }
    // A passphrase has several words.
    if (first && form == Form::kProse && (key.text.ends_with("phrase") || key.text.ends_with("PHRASE"))) {
      end = std::min(text.find_first_of("\r\n", end), text.size());
    }
  }
  add_value(text, begin, end, kind_of(key.meaning), spans);
  return true;
}

bool flag_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& spans) {
  if (at > 0 && !is_white(text[at - 1]) && !is_quote(text[at - 1]) && text[at - 1] != '[' && text[at - 1] != ',')
    return false;
  const std::size_t begin = at + 2;
  std::size_t end = begin;
  while (end < text.size() && end - begin < kLongestKey && (is_word(text[end]) || text[end] == '-')) ++end;
  if (end == begin || end >= text.size()) return false;
  const std::string_view name = text.substr(begin, end - begin);
  KeyMeaning meaning = meaning_of(name);
  const bool user = iequals(name, "user") || iequals(name, "proxy-user");
  if ((meaning == KeyMeaning::kNothing || meaning == KeyMeaning::kValue) && !user) return false;
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
  if (word[0] == '/' && meaning != KeyMeaning::kPassword) return false;
  add_value(text, value, value_end, kind_of(meaning), spans);
  return true;
}

/// Where the line `at` stands in begins, no further back than `most`.
std::string_view line_before(std::string_view text, std::size_t at, std::size_t most) {
  const std::string_view before = text.substr(at - std::min(at, most), std::min(at, most));
  const std::size_t line = before.rfind('\n');
  return line == std::string_view::npos ? before : before.substr(line + 1);
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
    const KeyMeaning meaning = meaning_of(word);
    if (meaning == KeyMeaning::kNothing || meaning == KeyMeaning::kValue) return false;
    const std::size_t close = std::min(text.find_first_of("<\n", end + 1), text.size());
    if (close >= text.size() || text[close] != '<' || says_nothing(text.substr(end + 1, close - end - 1))) return false;
    add_value(text, end + 1, close, kind_of(meaning), spans);
    return true;
  }
  // the password is X
  if (value > end && text.substr(value).starts_with("is ") && meaning_of(word) == KeyMeaning::kPassword) {
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
