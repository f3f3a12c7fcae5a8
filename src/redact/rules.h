#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "redact/redact.h"
#include "redact/secret_span.h"

/// One function per way a secret is recognised. Each looks at one place of the text and no further than the secret goes
/// (or a fixed number of bytes), so that a scan over all places stays linear.
namespace fa {

constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_alpha(c) || (c >= '0' && c <= '9'); }
constexpr bool is_word(char c) { return is_alnum(c) || c == '_'; }
constexpr bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_white(char c) { return is_blank(c) || c == '\n' || c == '\r' || c == '\v' || c == '\f' || c == '\0'; }
constexpr bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
constexpr bool is_base64url(char c) { return is_word(c) || c == '-'; }
/// What credentials of HTTP are made of, and what stands in them all the same.
constexpr bool is_token68(char c) {
  return is_word(c) || c == '-' || c == '.' || c == '~' || c == '+' || c == '/' || c == '=' || c == '%' || c == ':' ||
         c == '|' || c == '!' || c == '*' || c == '@' || c == '$' || c == '#';
}

/// A token with a prefix of its own (`ghp_...`), a JWT or a web hook that begins at `begin`; the run of [A-Za-z0-9_]
/// there ends at `word_end`.
bool token_at(std::string_view text, std::size_t begin, std::size_t word_end, SecretSpan& span);
/// The 40 characters of an AWS secret key behind the key id that ends at `at`.
bool aws_secret_after(std::string_view text, std::size_t at, SecretSpan& span);
/// A PEM private key whose `-----BEGIN` starts at `begin`; one cut off before its end as well.
bool private_key_at(std::string_view text, std::size_t begin, SecretSpan& span);

bool card_at(std::string_view text, std::size_t begin, SecretSpan& span);
bool ipv4_at(std::string_view text, std::size_t begin, const RedactionPolicy& policy, SecretSpan& span);
bool ipv6_at(std::string_view text, std::size_t begin, const RedactionPolicy& policy, SecretSpan& span);
/// `at` is where the `@` stands.
bool email_at(std::string_view text, std::size_t at, SecretSpan& span);

/// What stands behind the separator (`=`, `:`, or their full-width forms) of `length` bytes at `at`, if the key before
/// it names a secret. Appends spans in order; false when there is nothing.
bool assignment_at(std::string_view text, std::size_t at, std::size_t length, std::vector<SecretSpan>& spans);
/// The value of an `Authorization` header that begins at `from`, within quotation marks `quote` or none (NUL):
/// `Basic X`, `Digest a="b", ...`, or a bare value. The scheme stays.
bool authorization_value(std::string_view text, std::size_t from, char quote, std::vector<SecretSpan>& spans);
/// The same of a `Cookie`, `a=b; c=d`: each value by itself, the names stay. Of a `Set-Cookie`, only the first.
bool cookie_value(std::string_view text, std::size_t from, char quote, bool only_first, std::vector<SecretSpan>& spans);

/// `--password X`, `"--token", "X"`; the first dash is at `at`.
bool flag_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& spans);
/// `curl ... -u user:X`; the dash is at `at`.
bool short_flag_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& spans);
/// `scheme://user:PASS@host`; the colon is at `at`.
bool url_password_at(std::string_view text, std::size_t at, std::vector<SecretSpan>& spans);
/// Words that announce a secret without a separator: `Bearer X`, `PASSWORD 'X'`, `<password>X</password>`.
bool keyword_at(std::string_view text, std::size_t begin, std::size_t end, std::vector<SecretSpan>& spans);

}  // namespace fa
