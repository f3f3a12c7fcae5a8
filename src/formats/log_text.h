#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "formats/text_arena.h"
#include "model/telemetry.h"

/// Words and characters that log headers are made of.
namespace fa {

constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }
constexpr bool is_space(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

/// The level a word names, in any case and all usual spellings (`WARN`, `warning`, `Wrn`, `severe`, `crit`, ...);
/// kUnknown for any other word. Single letters are not words.
Severity severity_of_word(std::string_view word);

/// E, W, I, D, V, T, F (and C) as logcat, klog and short formats use them.
Severity severity_of_letter(char letter);

/// Numeric levels: 0..7 are syslog's (RFC 5424), 10..60 Bunyan's and pino's.
Severity severity_of_number(std::int64_t number);

/// Levels of Python's logging (10 DEBUG .. 50 CRITICAL), which clash with Bunyan's.
Severity severity_of_python_number(std::int64_t number);

/// OpenTelemetry SeverityNumber 1..24.
Severity severity_of_otel_number(std::int64_t number);

/// `[ INFO ]` -> `INFO`, `<warn>` -> `warn`, `ERROR:` -> `ERROR`.
std::string_view strip_brackets(std::string_view token);

/// 16 to 32 hexadecimal digits that are not all zero, or an X-Ray id `1-5759e988-bd862e3fe1be46a994272793`.
bool is_trace_id(std::string_view text);

struct TraceIds {
  std::string_view trace_id;
  std::string_view span_id;
};

/// Ids given by key in text (`trace_id=...`, `TraceID: ...`, `"traceId":"..."`, `Root=1-...`), in its first KiB.
TraceIds find_trace_ids(std::string_view text);

/// Takes ANSI colour and cursor sequences (ECMA-48 CSI) out; a text without any is given back as it is.
std::string_view strip_ansi(std::string_view text, TextArena& arena);

}  // namespace fa
