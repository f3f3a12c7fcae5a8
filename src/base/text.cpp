#include "base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/utf8.h"

namespace fa {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool same_letter(char a, char b) { return lower(a) == lower(b); }

/// Length of the leading run of ASCII bytes, eight at a time.
std::size_t ascii_run(std::string_view text, std::size_t from) {
  std::size_t i = from;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080U) != 0) {
      break;
    }
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) {
    ++i;
  }
  return i;
}

/// `1.500` -> `1.5`, `2.000` -> `2`; digits without a point stay.
void strip_trailing_zeros(std::string& digits) {
  if (digits.find('.') == std::string::npos) {
    return;
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') {
    digits.pop_back();
  }
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_letter);
}

bool icontains(std::string_view haystack, std::string_view needle) {
  return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end(), same_letter) != haystack.end() ||
         needle.empty();
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) {
      return parts;
    }
    begin = end + 1;
  }
}

std::string sanitize_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t run = ascii_run(bytes, i);
    out.append(bytes.substr(i, run - i));
    i = run;
    if (i == bytes.size()) {
      break;
    }
    const Utf8Char c = decode_utf8(bytes.substr(i));
    out.append(c.valid ? bytes.substr(i, c.size) : kReplacement);
    i += c.size;
  }
  return out;
}

bool is_valid_utf8(std::string_view bytes) {
  for (std::size_t i = 0;;) {
    i = ascii_run(bytes, i);
    if (i == bytes.size()) {
      return true;
    }
    const Utf8Char c = decode_utf8(bytes.substr(i));
    if (!c.valid) {
      return false;
    }
    i += c.size;
  }
}

std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) {
    return text;
  }
  // A sequence has at most three continuation bytes; more of them are garbage that may be cut anywhere.
  std::size_t cut = max_bytes;
  while (cut > 0 && max_bytes - cut < 3 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) {
    --cut;
  }
  const Utf8Char c = decode_utf8(text.substr(cut));
  return text.substr(0, c.valid && cut + c.size > max_bytes ? cut : max_bytes);
}

std::string_view whole_words_prefix(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  const auto ends_word = [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view(" \t\r\n\"'<>(){}[],;|").find(c) != std::string_view::npos;
  };
  std::string_view prefix = utf8_prefix(text, max_bytes);
  if (!ends_word(text[prefix.size()])) {
    while (!prefix.empty() && !ends_word(prefix.back())) prefix.remove_suffix(1);
  }
  // Groups of digits (card numbers) belong together.
  std::string_view rest = prefix;
  while (!rest.empty() && (is_digit(rest.back()) || rest.back() == ' ' || rest.back() == '-')) rest.remove_suffix(1);
  const bool digits = std::any_of(prefix.begin() + static_cast<std::ptrdiff_t>(rest.size()), prefix.end(), is_digit);
  return digits ? rest : prefix;
}

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char byte = text[i];
    if ((byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\t') {
      out += byte;
      ++i;
      continue;
    }
    const Utf8Char c = decode_utf8(text.substr(i));
    if (!c.valid) {
      out += kReplacement;
    } else if (!is_hazard(c.code)) {
      out += text.substr(i, c.size);
    } else if (c.code < 0x80) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c.code));
    } else {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c.code));
    }
    i += c.size;
  }
  return out;
}

std::string format_number(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "inf" : "-inf";
  }
  if (value == 0) {
    return "0";
  }
  const double size = std::abs(value);
  if (size >= 1e-4 && size < 1e9) {
    // Four significant digits, but digits before the point are never rounded away: 123456 stays 123456.
    const int magnitude = static_cast<int>(std::floor(std::log10(size)));
    std::string out = fmt::format("{:.{}f}", value, std::clamp(3 - magnitude, 0, 8));
    strip_trailing_zeros(out);
    return out;
  }
  const std::string text = fmt::format("{:.3e}", value);
  const std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  strip_trailing_zeros(mantissa);
  // `e-05`, `e+12` -> `e-5`, `e12`
  std::string_view exponent = std::string_view(text).substr(e + 1);
  const bool negative = exponent.front() == '-';
  exponent.remove_prefix(std::min(exponent.find_first_not_of("+-0"), exponent.size() - 1));
  return fmt::format("{}e{}{}", mantissa, negative ? "-" : "", exponent);
}

std::string format_count(std::uint64_t value) {
  std::string out = std::to_string(value);
  for (std::size_t i = out.size(); i > 3;) {
    i -= 3;
    out.insert(i, 1, ',');
  }
  return out;
}

std::string format_bytes(std::uint64_t value) {
  constexpr std::array<std::string_view, 7> kUnits = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  double amount = static_cast<double>(value);
  std::size_t unit = 0;
  // 999.95 would print as 1000.0: it belongs to the next unit.
  while (amount >= (unit == 0 ? 1000.0 : 999.95) && unit + 1 < kUnits.size()) {
    amount /= 1000;
    ++unit;
  }
  std::string digits = fmt::format("{:.1f}", amount);
  strip_trailing_zeros(digits);
  return fmt::format("{} {}", digits, kUnits[unit]);
}

}  // namespace fa
