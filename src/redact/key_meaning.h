#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "redact/secret_span.h"

/// What the name of a setting, a header or a flag says of its value. Pure; looks at a fixed number of bytes around the
/// place it is asked for, and survives any bytes.
namespace fa {

/// The most bytes of a key that are looked at.
inline constexpr std::size_t kLongestKey = 80;

/// What a key says of its value.
enum class NameMeaning : std::uint8_t {
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

/// What a secret under such a name is called. Those whose name says no more are passwords.
[[nodiscard]] SecretKind kind_of(NameMeaning meaning);

/// By how the name ends, whatever its case and however its words are joined: `DB_PASSWORD`, `smtpPass`, `API key`.
[[nodiscard]] NameMeaning name_meaning(std::string_view key);

/// A name where it stands in a text.
struct SettingKey {
  std::string_view text;
  std::size_t begin = 0;
  NameMeaning meaning = NameMeaning::kNothing;
  bool quoted = false;
};

/// The key that ends before `at`, blanks and one quotation mark aside.
[[nodiscard]] SettingKey key_before(std::string_view text, std::size_t at);

/// What the name beside a `value` says: `name: DB_PASSWORD`, `value: ...`; `"Key":"x","Value":...`; the `value` begins
/// at `at`.
[[nodiscard]] NameMeaning named_beside(std::string_view text, std::size_t at);

/// `Invalid token: "x"`, `unexpected token: x` are parsers' words.
[[nodiscard]] bool is_parsers_token(std::string_view text, const SettingKey& key);

}  // namespace fa
