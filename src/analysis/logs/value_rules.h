#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "analysis/logs/message_scan.h"

/// The forms in which systems write values, as functions of a text and a position in it. Pure; never read outside
/// the text; each looks at no more than the value and one byte after.
namespace fa::rules {

/// `Fri Jun 17 07:07:00 2005`, `Sat May 04 07:16:00 CST 2013`, `Jun 17 07:07:00`, `29 Jan 2023 08:42:15 GMT`: its end;
/// 0 when no date stands at `begin`. A month alone with a day (`May 4`) is not enough.
std::size_t date_end(std::string_view text, std::size_t begin);

/// End of a path or URL that begins at `begin`: up to white space, quotes, brackets, `,`, `;` or a final `:`.
std::size_t path_end(std::string_view text, std::size_t begin);

/// End of a MAC or IPv6 address at `begin` (groups of up to four hex digits, at least four of them or a `::`); 0 when
/// there is none.
std::size_t hex_groups_end(std::string_view text, std::size_t begin);

/// End of the run of word bytes from `begin`, without trailing dots, dashes, `@` and `~`, and before any `..`.
std::size_t word_end(std::string_view text, std::size_t begin);

/// What a value that begins with a digit or a sign is.
ValueKind numeric_kind(std::string_view value);

/// Seconds per unit (`ms`, `us`, `sec`, `minutes`, ...); nullopt for anything else.
std::optional<double> duration_unit(std::string_view unit);
/// Bytes per unit (`k`, `MB`, `GiB`, ...); nullopt for anything else.
std::optional<double> size_unit(std::string_view unit);

/// The number in front of a value: `12.5ms` is 12.5 with rest `ms`, `0x1f` is 31, `1,234` is 1234. nullopt when it is
/// no number; never infinite.
struct LeadingNumber {
  double value = 0;
  std::string_view rest;
};
std::optional<LeadingNumber> leading_number(std::string_view value);

/// True for the plain number: digits with at most a sign and one dot.
bool is_plain_number(std::string_view value);

/// True for type names of errors: `SocketTimeoutException`, `java.lang.OutOfMemoryError`.
bool names_exception(std::string_view word);

/// True for file names of source code (`Foo.java`, `main.go`), which tell statements apart.
bool names_source_file(std::string_view word);

}  // namespace fa::rules
