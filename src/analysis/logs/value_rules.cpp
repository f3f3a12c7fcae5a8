#include "analysis/logs/value_rules.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/logs/byte_class.h"
#include "base/text.h"

namespace fa::rules {
namespace {

using bytes::flags_of;
using bytes::is_alnum;
using bytes::is_blank;
using bytes::is_digit;
using bytes::is_hex;
using bytes::is_letter;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

template <std::size_t N>
bool stands_at(const std::array<std::string_view, N>& words, std::string_view text, std::size_t at) {
  if (at + 3 > text.size() || (at + 3 < text.size() && is_alnum(text[at + 3]))) return false;
  return std::find(words.begin(), words.end(), text.substr(at, 3)) != words.end();
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

/// End of a run of `least` to `most` digits that no further word byte follows; 0 when there is none.
std::size_t digits_end(std::string_view text, std::size_t at, std::size_t least, std::size_t most) {
  const std::size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  const std::size_t count = at - begin;
  if (count < least || count > most || (at < text.size() && (is_letter(text[at]) || text[at] == ':'))) return 0;
  return at;
}

/// `07:07`, `07:07:00`, `07:07:00.123`; 0 when there is none.
std::size_t clock_end(std::string_view text, std::size_t at) {
  std::size_t groups = 0;
  std::size_t end = 0;
  while (at + 1 < text.size() && is_digit(text[at]) && is_digit(text[at + 1])) {
    at += 2;
    end = at;
    if (++groups == 3 || at >= text.size() || text[at] != ':') break;
    ++at;
  }
  if (groups < 2) return 0;
  if (groups == 3 && end + 1 < text.size() && (text[end] == '.' || text[end] == ',') && is_digit(text[end + 1])) {
    ++end;
    while (end < text.size() && is_digit(text[end])) ++end;
  }
  return end < text.size() && is_alnum(text[end]) && text[end] != 'Z' ? 0 : end;
}

/// `GMT`, `CST`, `+0800`; 0 when there is none.
std::size_t zone_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  if (end < text.size() && (text[end] == '+' || text[end] == '-')) {
    return digits_end(text, end + 1, 4, 4);
  }
  while (end < text.size() && text[end] >= 'A' && text[end] <= 'Z') ++end;
  const bool ends_there = end >= text.size() || !is_alnum(text[end]);
  return ends_there && end - at >= 2 && end - at <= 4 ? end : 0;
}

struct Unit {
  std::string_view name;
  double factor;
};

constexpr Unit kDurationUnits[] = {{"ns", 1e-9},
                                   {"us", 1e-6},
                                   {"\xC2\xB5s", 1e-6},
                                   {"ms", 1e-3},
                                   {"msec", 1e-3},
                                   {"msecs", 1e-3},
                                   {"millis", 1e-3},
                                   {"s", 1},
                                   {"sec", 1},
                                   {"secs", 1},
                                   {"second", 1},
                                   {"seconds", 1},
                                   {"m", 60},
                                   {"min", 60},
                                   {"mins", 60},
                                   {"minute", 60},
                                   {"minutes", 60},
                                   {"h", 3600},
                                   {"hr", 3600},
                                   {"hrs", 3600},
                                   {"hour", 3600},
                                   {"hours", 3600},
                                   {"d", 86400},
                                   {"day", 86400},
                                   {"days", 86400},
                                   {"usec", 1e-6},
                                   {"usecs", 1e-6},
                                   {"nanos", 1e-9},
                                   {"milliseconds", 1e-3},
                                   {"micros", 1e-6},
                                   {"nsec", 1e-9},
                                   {"nanoseconds", 1e-9},
                                   {"microseconds", 1e-6},
                                   {"millisecond", 1e-3}};

}  // namespace

std::size_t word_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && flags_of(text[end]) != 0) {
    if (text[end] == '.' && end + 1 < text.size() && text[end + 1] == '.') break;
    ++end;
  }
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-' || (flags_of(text[end - 1]) & bytes::kAt) != 0)) {
    --end;
  }
  return end;
}

std::size_t date_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  const bool weekday = stands_at(kWeekdays, text, at);
  if (weekday) {
    at += 3;
    if (at < text.size() && text[at] == ',') ++at;
    const std::size_t next = skip_blanks(text, at);
    if (next == at) return 0;
    at = next;
  }
  std::size_t end = 0;
  bool exact = weekday;
  if (stands_at(kMonths, text, at)) {
    const std::size_t day = skip_blanks(text, at + 3);
    end = day > at + 3 ? digits_end(text, day, 1, 2) : 0;
  } else if (const std::size_t day_end = digits_end(text, at, 1, 2); day_end != 0) {
    const std::size_t month = skip_blanks(text, day_end);
    if (month > day_end && stands_at(kMonths, text, month)) end = month + 3;
  }
  if (end == 0) return 0;
  bool year = false;
  bool time = false;
  bool zone = false;
  while (true) {
    const std::size_t next = skip_blanks(text, end + (end < text.size() && text[end] == ',' ? 1 : 0));
    if (next == end || next >= text.size()) break;
    std::size_t stop = 0;
    if (!time && (stop = clock_end(text, next)) != 0) {
      time = exact = true;
    } else if (!year && (stop = digits_end(text, next, 4, 4)) != 0) {
      year = exact = true;
    } else if (time && !zone && (stop = zone_end(text, next)) != 0) {
      zone = true;
    } else {
      break;
    }
    end = stop;
  }
  return exact ? end : 0;
}

std::size_t path_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size() && !is_blank(text[end])) {
    switch (text[end]) {
      case ',':
      case ';':
      case '"':
      case '\'':
      case '<':
      case '>':
      case '|':
      case '(':
      case ')':
      case '[':
      case ']':
      case '{':
      case '}':
      case '`':
        return end;
      case ':':
        if (end + 1 >= text.size() || is_blank(text[end + 1])) return end;
        break;
      default:
        break;
    }
    ++end;
  }
  // A full stop that ends the message ends the sentence.
  while (end == text.size() && end > begin + 1 &&
         (text[end - 1] == '.' || text[end - 1] == '!' || text[end - 1] == '?')) {
    --end;
  }
  return end;
}

std::size_t hex_groups_end(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  std::size_t groups = 0;
  bool gap = false;
  while (at < text.size()) {
    const std::size_t group = at;
    while (at < text.size() && is_hex(text[at])) ++at;
    if (at - group > 4 || (at < text.size() && is_letter(text[at]))) return 0;
    groups += at > group ? 1U : 0U;
    if (at + 1 >= text.size() || text[at] != ':') break;
    if (text[at + 1] == ':' && !gap) {
      gap = true;
      at += 2;
      continue;
    }
    if (!is_hex(text[at + 1])) break;
    ++at;
  }
  if (groups < (gap ? 2U : 4U)) return 0;
  // An IPv4 tail or a port may follow.
  while (at < text.size() && (is_digit(text[at]) || ((text[at] == '.' || text[at] == ':') && at + 1 < text.size() &&
                                                     is_digit(text[at + 1])))) {
    ++at;
  }
  return at < text.size() && is_alnum(text[at]) ? 0 : at;
}

bool is_plain_number(std::string_view value) {
  std::size_t digits = 0;
  std::size_t dots = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (is_digit(value[i])) {
      ++digits;
    } else if (value[i] == '.') {
      ++dots;
    } else if (i != 0 || (value[i] != '-' && value[i] != '+')) {
      return false;
    }
  }
  return digits > 0 && dots <= 1;
}

std::optional<double> duration_unit(std::string_view unit) {
  for (const Unit& known : kDurationUnits) {
    if (iequals(known.name, unit)) return known.factor;
  }
  return std::nullopt;
}

std::optional<double> size_unit(std::string_view unit) {
  if (unit.empty() || unit.size() > 3) return std::nullopt;
  if (unit == "B" || unit == "b") return 1;
  constexpr std::string_view kPrefixes = "kmgtp";
  const std::string lower = to_lower(unit);
  const std::size_t prefix = kPrefixes.find(lower[0]);
  const std::string_view tail = std::string_view(lower).substr(1);
  if (prefix == std::string_view::npos || (!tail.empty() && tail != "b" && tail != "ib")) return std::nullopt;
  return std::pow(tail == "ib" ? 1024.0 : 1000.0, static_cast<double>(prefix + 1));
}

std::optional<LeadingNumber> leading_number(std::string_view value) {
  std::size_t at = 0;
  const bool negative = !value.empty() && value[0] == '-';
  if (negative || (!value.empty() && (value[0] == '+' || value[0] == '#'))) at = 1;
  double number = 0;
  if (at + 2 < value.size() && value[at] == '0' && (value[at + 1] == 'x' || value[at + 1] == 'X')) {
    std::size_t digits = 0;
    for (at += 2; at < value.size() && is_hex(value[at]) && digits < 16; ++at, ++digits) {
      const char c = value[at];
      number = number * 16 + (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return digits > 0 ? std::optional<LeadingNumber>({negative ? -number : number, value.substr(at)}) : std::nullopt;
  }
  std::size_t digits = 0;
  for (; at < value.size() && digits < 300; ++at) {
    if (is_digit(value[at])) {
      number = number * 10 + (value[at] - '0');
      ++digits;
    } else if (value[at] != ',' || digits == 0 || at + 3 >= value.size() || !is_digit(value[at + 1]) ||
               !is_digit(value[at + 2]) || !is_digit(value[at + 3])) {
      break;
    }
  }
  if (at < value.size() && value[at] == '.') {
    double scale = 1;
    for (++at; at < value.size() && is_digit(value[at]); ++at) {
      scale /= 10;
      number += scale * (value[at] - '0');
      ++digits;
    }
  }
  if (digits == 0) return std::nullopt;
  if (at + 1 < value.size() && (value[at] | 0x20) == 'e') {
    const bool down = value[at + 1] == '-';
    std::size_t i = at + (down || value[at + 1] == '+' ? 2 : 1);
    int exponent = 0;
    const std::size_t first = i;
    for (; i < value.size() && is_digit(value[i]) && exponent < 300; ++i) exponent = exponent * 10 + (value[i] - '0');
    if (i > first) {
      number *= std::pow(10.0, down ? -exponent : exponent);
      at = i;
    }
  }
  if (!std::isfinite(number)) return std::nullopt;
  return LeadingNumber{negative ? -number : number, value.substr(at)};
}

ValueKind numeric_kind(std::string_view value) {
  if (is_plain_number(value)) return ValueKind::kNumber;
  if (value.size() > 2 && value[0] == '0' && (value[1] | 0x20) == 'x') return ValueKind::kHex;
  std::size_t dots = 0;
  std::size_t colons = 0;
  std::size_t letters = 0;
  std::size_t dashes = 0;
  bool other = false;
  for (const char c : value) {
    dots += c == '.' ? 1U : 0U;
    colons += c == ':' ? 1U : 0U;
    dashes += c == '-' ? 1U : 0U;
    letters += is_letter(c) ? 1U : 0U;
    other = other || !(is_alnum(c) || c == '.' || c == ':' || c == '-' || c == ',');
  }
  if (dots == 3 && letters == 0 && dashes == 0) return ValueKind::kAddress;
  if (letters == 0 && colons >= 1 && !other) return ValueKind::kTime;
  if (dashes == 2 && value.size() >= 10 && value[4] == '-' && value[7] == '-') return ValueKind::kTime;
  if (const auto number = leading_number(value); number && !number->rest.empty()) {
    if (duration_unit(number->rest)) return ValueKind::kDuration;
    if (size_unit(number->rest)) return ValueKind::kSize;
  } else if (number) {
    return ValueKind::kNumber;
  }
  return ValueKind::kIdentifier;
}

bool names_exception(std::string_view word) {
  const auto ends = [&](std::string_view suffix) {
    return word.size() > suffix.size() && word.ends_with(suffix) && word[0] != '.';
  };
  return ends("Exception") || (ends("Error") && word.size() > 6);
}

bool names_source_file(std::string_view word) {
  const std::size_t dot = word.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  constexpr std::string_view kExtensions[] = {"java", "py", "go", "js", "ts",    "cpp", "cc",  "c",   "h",    "hpp",
                                              "rb",   "rs", "cs", "kt", "scala", "php", "mjs", "tsx", "swift"};
  return std::find(std::begin(kExtensions), std::end(kExtensions), word.substr(dot + 1)) != std::end(kExtensions);
}

}  // namespace fa::rules
