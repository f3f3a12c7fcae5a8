#pragma once

// How values of the model become JSON. Private to this folder: only its .cpp files include it.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/report.h"

namespace fa::json_write {

inline constexpr double kExactIntegers = 9007199254740992.0;  // 2^53: every integer below is a double.

inline Json text(std::string_view value) { return sanitize_utf8(value); }

inline Json text_or_null(std::string_view value) { return value.empty() ? Json(nullptr) : text(value); }

/// Six significant digits, through decimal text: the only rounding that gives equal bytes for equal digits.
inline double rounded(double value) {
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific, 5);
  double result = value;
  std::from_chars(buffer, written.ptr, result);
  return result;
}

inline Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  // Counts stay exact, and 3.0000000001 is written as 3 is.
  const double shown = std::trunc(value) == value ? value : rounded(value);
  if (std::trunc(shown) == shown && std::abs(shown) < kExactIntegers) return static_cast<std::int64_t>(shown);
  return shown;
}

inline Json number_or_zero(double value) { return number(std::isfinite(value) ? value : 0.0); }

inline Json time(TimePoint t) {
  static const TimePoint kFirst{Nanoseconds{0}};
  static const TimePoint kEnd{std::chrono::sys_days{std::chrono::year{2262} / 1 / 1}};
  if (t < kFirst || t >= kEnd) return nullptr;
  return format_rfc3339(t);
}

inline Json time(const std::optional<TimePoint>& t) { return t ? time(*t) : Json(nullptr); }

inline Json range(const TimeRange& r) {
  Json from = time(r.begin);
  Json to = time(r.end);
  if (from.is_null() && to.is_null()) return nullptr;
  return {{"from", std::move(from)}, {"to", std::move(to)}};
}

template <class Items, class Convert>
Json list(const Items& items, Convert convert) {
  Json result = Json::array();
  for (const auto& item : items) result.push_back(convert(item));
  return result;
}

inline Json texts(const std::vector<std::string>& items) {
  return list(items, [](const std::string& item) { return text(item); });
}

inline Json gap(const Gap& g) {
  return {{"source", text(g.source)}, {"range", range(g.range)}, {"error", text(g.error)}, {"impact", text(g.impact)}};
}

inline Json note(const Note& n) { return {{"source", text(n.source)}, {"text", text(n.text)}}; }

inline Json usage(const Usage& u) {
  return {{"bytes_read", u.bytes_read},
          {"records_read", u.records_read},
          {"model_input_tokens", u.model_input_tokens},
          {"model_output_tokens", u.model_output_tokens},
          {"cost_usd", number_or_zero(u.cost_usd)},
          {"api_calls", u.api_calls},
          {"prices_of", text_or_null(u.prices_of)},
          {"sources", list(u.sources, [](const SourceUsage& s) {
             return Json{{"source", text(s.source)},
                         {"calls", s.calls},
                         {"scanned_bytes", s.scanned_bytes},
                         {"fetched_bytes", s.fetched_bytes},
                         {"cost_usd", number_or_zero(s.cost_usd)}};
           })}};
}

/// Characters that a terminal or editor acts on and that JSON itself lets stand: DEL, C1 controls, the line and
/// paragraph separators, zero-width and bidirectional controls.
inline bool must_escape(char32_t c) {
  return (c >= 0x7f && c <= 0x9f) || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/// Escapes within the strings of a JSON text without changing what it means (none of these occur outside strings).
inline std::string inert(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const Utf8Char c = decode_utf8(json.substr(i));
    const bool opens_markup = c.code == '<' && i + 1 < json.size() && (json[i + 1] == '/' || json[i + 1] == '!');
    if (opens_markup || must_escape(c.code)) {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u";
      for (unsigned shift = 16; shift > 0; shift -= 4) out += kHex[(c.code >> (shift - 4)) & 15U];
    } else {
      out += json.substr(i, c.size);
    }
    i += c.size;
  }
  return out;
}

}  // namespace fa::json_write
