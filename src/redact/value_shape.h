#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "redact/key_meaning.h"
#include "redact/secret_span.h"

/// Where a value ends, whether it is a secret at all, and what it is called. Pure; looks no further than the value
/// goes (or a fixed number of bytes), and survives any bytes.
namespace fa {

/// As much of an unquoted value is looked at to decide whether it is one; what is longer is no word of a sentence.
inline constexpr std::size_t kDecidingBytes = 512;

/// Whether a field begins at `at`: `user=`, `Server:`, behind blanks.
[[nodiscard]] bool field_begins(std::string_view text, std::size_t at);
/// End of an unquoted value. Characters that end a field in some notation and stand in passwords all the same end it
/// only where the text goes on like that notation. With `stop_at_japanese` any character beyond ASCII ends it.
[[nodiscard]] std::size_t end_of_bare(std::string_view text, std::size_t from, bool stop_at_japanese);
/// End of what stands in quotation marks that were opened before `from`.
[[nodiscard]] std::size_t end_of_quoted(std::string_view text, std::size_t from, char quote);

[[nodiscard]] bool all_letters(std::string_view text);
/// Words behind `password:` in sentences, and values that are none.
[[nodiscard]] bool is_ordinary_word(std::string_view value);
/// `my-namespace/my-secret`, `db-credentials`: the name of a secret, as Kubernetes writes it.
[[nodiscard]] bool is_secret_name(std::string_view value);
/// `Token{3f2a ...}`, `android.os.BinderProxy@3f2a`: how Java prints an object.
[[nodiscard]] bool is_printed_object(std::string_view value);
/// Values that stand for a secret without being one: masks, `null`, `${DB_PASSWORD}`, `<redacted>`, `%s`, words such as
/// `expired`.
[[nodiscard]] bool says_nothing(std::string_view value);

/// How a value stands behind its key.
enum class ValueForm : std::uint8_t {
  kSure,   ///< `key=value`, `"key":"value"`
  kGlued,  ///< `key:value`
  kProse,  ///< `key: value`, `key = value`
};

/// Whether a bare value in a form that sentences have as well is a secret.
[[nodiscard]] bool is_secret_in_prose(std::string_view value, NameMeaning meaning, ValueForm form, bool whole_line);

/// Appends [begin, end), unless it is empty.
void add_span(std::vector<SecretSpan>& spans, std::size_t begin, std::size_t end, SecretKind kind);
/// The same, called what its own shape says where the whole of it has one.
void add_value(std::string_view text, std::size_t begin, std::size_t end, SecretKind kind,
               std::vector<SecretSpan>& spans);

}  // namespace fa
