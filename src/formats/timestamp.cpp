#include "formats/timestamp.h"

#include <array>
#include <cstdlib>

#include "formats/log_text.h"
#include "formats/timestamp_parts.h"

namespace fa {
namespace {

using namespace stamp;

constexpr std::size_t kPrefixBytes = 64;
constexpr int kPrefixTokens = 4;

struct Attempt {
  Fields fields;
  bool has_date = true;
  bool date_only = false;
  DateOrder order = DateOrder::kUnknown;
  bool ambiguous = false;
  std::optional<TimePoint> epoch;
};

/// The clock after a date; a date alone is remembered as such.
bool take_rest(Cursor& c, Attempt& a) {
  const Cursor after_date = c;
  if (take_date_time_gap(c) && take_clock(c, a.fields, ClockPlace::kAfterDate)) return true;
  c = after_date;
  a.date_only = true;
  a.fields = {a.fields.year, a.fields.month, a.fields.day};
  return true;
}

bool valid_day(int month, int day) { return month >= 1 && month <= 12 && day >= 1 && day <= 31; }

bool year_first(Cursor& c, Attempt& a) {
  Fields& f = a.fields;
  f.year = c.number(4);
  if (c.take("年")) {
    const auto part = [&](int& value, std::string_view unit) {
      const std::size_t n = c.digits();
      if (n < 1 || n > 2) return false;
      value = c.number(n);
      return c.take(unit);
    };
    if (!part(f.month, "月") || !part(f.day, "日")) return false;
    c.take(' ');
    const Cursor after_date = c;
    if (part(f.hour, "時") && part(f.minute, "分")) {
      if (c.digits() > 0) part(f.second, "秒");
      return f.hour < 24 && f.minute < 60 && f.second <= 60;
    }
    c = after_date;
    f.hour = f.minute = f.second = 0;
    if (take_clock(c, f, ClockPlace::kAfterDate)) return true;
    c = after_date;
    a.date_only = true;
    return true;
  }
  const char separator = c.at();
  if (separator == ' ') {  // 2026 Mar 14 17:30:00
    ++c.p;
    f.month = take_month(c);
    if (f.month == 0 || !c.take(' ')) return false;
    c.take(' ');
    const std::size_t n = c.digits();
    if (n < 1 || n > 2) return false;
    f.day = c.number(n);
    return take_rest(c, a) && !a.date_only;
  }
  if (separator != '-' && separator != '/' && separator != '.' && separator != '_' && separator != ':') return false;
  ++c.p;
  std::size_t n = c.digits();
  if (n == 0) {
    f.month = take_month(c);  // 2026-Mar-14
    if (f.month == 0) return false;
  } else {
    if (n > 2) return false;
    f.month = c.number(n);
  }
  if (!c.take(separator)) return false;
  n = c.digits();
  if (n < 1 || n > 2) return false;
  f.day = c.number(n);
  if (c.at() == '(') {  // 2026/03/14(Sat) 17:30:00, with the weekday in any script
    const auto close = c.s.substr(c.p, 16).find(')');
    if (close != std::string_view::npos) c.p += close + 1;
  }
  return valid_day(f.month, f.day) && take_rest(c, a);
}

int full_year(int two_digits) { return two_digits + (two_digits < 70 ? 2000 : 1900); }

/// a/b/c with one or two digits each or a four-digit year last: all readings that are dates, then the best of them.
bool numeric_date(Cursor& c, Attempt& a, const TimestampContext& context, int first, int second, int last,
                  std::size_t last_digits, char separator) {
  const Cursor date_end = c;
  if (!take_rest(c, a)) return false;
  if (a.date_only) c = date_end;
  struct Reading {
    int year, month, day;
    DateOrder order;
  };
  const int year = last_digits == 4 ? last : full_year(last);
  const Reading month_first{year, first, second, DateOrder::kMonthFirst};
  const Reading day_first{year, second, first, DateOrder::kDayFirst};
  const Reading spark{full_year(first), second, last, DateOrder::kUnknown};  // yy/MM/dd
  std::array<Reading, 3> readings{};
  std::size_t count = 0;
  const bool dotted = separator == '.';
  const auto add = [&](const Reading& r) {
    if (valid_day(r.month, r.day)) readings[count++] = r;
  };
  add(dotted ? day_first : month_first);
  if (last_digits == 2) add(spark);
  add(dotted ? month_first : day_first);
  if (count == 0) return false;
  if (count == 1 && last_digits == 4) a.order = readings[0].order;
  std::size_t best = 0;
  bool decided = count == 1;
  a.ambiguous = !decided;
  // With a two-digit year the first number may be the year: what the file taught about days and months says less then.
  const bool taught = context.date_order != DateOrder::kUnknown && (last_digits == 4 || !context.reference_time);
  for (std::size_t i = 0; i < count && !decided && taught; ++i) {
    if (readings[i].order == context.date_order) {
      best = i;
      decided = true;
    }
  }
  if (!decided && context.reference_time) {
    std::uint64_t best_distance = ~std::uint64_t{0};
    for (std::size_t i = 0; i < count; ++i) {
      Fields f = a.fields;
      f.year = readings[i].year;
      f.month = readings[i].month;
      f.day = readings[i].day;
      const auto t = time_of(f);
      if (t && distance(*t, *context.reference_time) < best_distance) {
        best = i;
        best_distance = distance(*t, *context.reference_time);
      }
    }
  }
  a.fields.year = readings[best].year;
  a.fields.month = readings[best].month;
  a.fields.day = readings[best].day;
  return true;
}

/// Starts with one or two digits: a day, a month or an hour.
bool short_number_first(Cursor& c, Attempt& a, std::size_t n, const TimestampContext& context) {
  Fields& f = a.fields;
  if (c.at(n) == ':') {
    a.has_date = false;
    return take_clock(c, f, ClockPlace::kAlone);
  }
  const int first = c.number(n);
  const char separator = c.at();
  if (separator != '/' && separator != '-' && separator != '.' && separator != ' ') return false;
  ++c.p;
  if (separator == ' ') c.take(' ');
  if (const int month = take_month(c); month != 0) {  // 14/Mar/2026:17:30:00, 14 Mar 2026 17:30:00, 14 Mar 17:30:00
    f.month = month;
    f.day = first;
    if (c.at() == separator || c.at() == ' ' || c.at() == ',') ++c.p;
    const std::size_t year_digits = c.digits();
    if (year_digits == 4) f.year = c.number(4);
    if (year_digits == 2 && c.at(2) != ':') f.year = full_year(c.number(2));
    if (f.year < 0) return take_clock(c, f, ClockPlace::kAfterDate);
    if (c.at() == ':' || c.at() == ' ' || c.at() == ',' || c.at() == 'T') return take_rest(c, a);
    a.date_only = true;
    return true;
  }
  if (separator == ' ') return false;
  const std::size_t second_digits = c.digits();
  if (second_digits < 1 || second_digits > 2) return false;
  const int second = c.number(second_digits);
  if (c.at() == ' ' && separator != '.') {  // 03-17 16:13:38.811
    ++c.p;
    f.month = first;
    f.day = second;
    if (first > 12 || (context.date_order == DateOrder::kDayFirst && second <= 12)) std::swap(f.month, f.day);
    const std::size_t before = c.p;
    return valid_day(f.month, f.day) && take_clock(c, f, ClockPlace::kAlone) && c.p > before;
  }
  if (!c.take(separator)) return false;
  const std::size_t last_digits = c.digits();
  if (last_digits != 2 && last_digits != 4) return false;
  const int last = c.number(last_digits);
  return numeric_date(c, a, context, first, second, last, last_digits, separator);
}

bool name_first(Cursor& c, Attempt& a, const TimestampContext& context) {
  Fields& f = a.fields;
  if (take_weekday(c) && is_digit(c.at())) {  // Sun, 04 Dec 2005 04:47:44 GMT
    const std::size_t n = c.digits();
    return n <= 2 && short_number_first(c, a, n, context) && a.has_date;
  }
  f.month = take_month(c);
  if (f.month == 0 || (c.at() != ' ' && c.at() != '-')) return false;
  ++c.p;
  c.take(' ');
  std::size_t n = c.digits();
  if (n < 1 || n > 2) return false;
  f.day = c.number(n);
  c.take(',');
  if (c.at() == '-') ++c.p;
  while (c.at() == ' ') ++c.p;
  if (c.digits() == 4 && c.at(4) != ':') {  // Mar 14, 2026 5:30:00 PM
    f.year = c.number(4);
    return take_rest(c, a);
  }
  if (!take_clock(c, f, ClockPlace::kAlone)) return false;
  if (c.at() == ' ' && is_digit(c.at(1))) {  // ctime: the year comes last
    Cursor after = c;
    ++after.p;
    if (after.digits() == 4) {
      const int year = after.number(4);
      const char next = after.at();
      if (year >= kFirstYear && year <= 2199 && (next == '\0' || next == ' ' || next == ']' || next == ',')) {
        f.year = year;
        c = after;
      }
    }
  }
  return true;
}

/// YYYYMMDD and the clock behind it, or all of it in one run of digits.
bool compact_date(Cursor& c, Attempt& a, std::size_t n) {
  Fields& f = a.fields;
  f.year = c.number(4);
  f.month = c.number(2);
  f.day = c.number(2);
  if (!valid_day(f.month, f.day)) return false;
  if (n == 8) return take_rest(c, a);
  f.hour = c.number(2);
  f.minute = c.number(2);
  f.second = c.number(2);
  if (n == 17) f.nanos = std::int64_t{c.number(3)} * 1'000'000;
  if (n == 14) take_fraction(c, f);
  take_zone(c, f);
  return f.hour < 24 && f.minute < 60 && f.second <= 60;
}

bool epoch_ends_here(char c) {
  return c == '\0' || c == ' ' || c == '\t' || c == ']' || c == ')' || c == ',' || c == ':' || c == ';' || c == '|' ||
         c == '"' || c == '\'';
}

bool digits_first(Cursor& c, Attempt& a, const TimestampContext& context) {
  const std::size_t n = c.digits();
  switch (n) {
    case 1:
    case 2:
      return short_number_first(c, a, n, context);
    case 4:
      return year_first(c, a);
    case 6: {  // yymmdd HHMMSS, yymmdd HH:MM:SS
      const char gap = c.at(6);
      if (gap != ' ' && gap != '_' && gap != '-') return false;
      a.fields.year = full_year(c.number(2));
      a.fields.month = c.number(2);
      a.fields.day = c.number(2);
      ++c.p;
      if (c.at() == ' ') ++c.p;
      return valid_day(a.fields.month, a.fields.day) && take_clock(c, a.fields, ClockPlace::kAfterDate);
    }
    case 8:
    case 14:
    case 17:
      return compact_date(c, a, n);
    case 10:
    case 13:
    case 16:
    case 19: {
      std::size_t length = n;
      if (c.at(length) == '.' && is_digit(c.at(length + 1))) {
        ++length;
        while (is_digit(c.at(length))) ++length;
      }
      if (!epoch_ends_here(c.at(length))) return false;
      const auto text = c.s.substr(c.p, length);
      if (text[0] == '0') return false;
      a.epoch = parse_epoch_number(text);
      c.p += length;
      return a.epoch.has_value();
    }
    default:
      return false;
  }
}

/// klog and glog: Lmmdd hh:mm:ss.uuuuuu, or with the year Lyyyymmdd. The letter is not part of the timestamp.
bool klog_date(Cursor& c, Attempt& a) {
  const std::size_t n = c.digits();
  if (n == 8) a.fields.year = c.number(4);
  a.fields.month = c.number(2);
  a.fields.day = c.number(2);
  return c.take(' ') && valid_day(a.fields.month, a.fields.day) && take_clock(c, a.fields, ClockPlace::kAlone);
}

bool is_klog(std::string_view text, std::size_t begin) {
  if (begin == 0) return false;
  const char letter = text[begin - 1];
  if (letter != 'I' && letter != 'W' && letter != 'E' && letter != 'F' && letter != 'D') return false;
  const Cursor c{text, begin};
  const std::size_t n = c.digits();
  return (n == 4 || n == 8) && c.at(n) == ' ' && is_digit(c.at(n + 1)) && is_digit(c.at(n + 2)) && c.at(n + 3) == ':';
}

/// Tokens that may stand before a timestamp. `words` counts plain words, of which there may be one (a host); `data`
/// tells that the token is none of the labels and levels behind which a bare clock may stand.
bool is_prefix_token(std::string_view token, int& words, bool& data) {
  if (token.size() > 40) return false;
  if (severity_of_word(strip_brackets(token)) != Severity::kUnknown) return true;
  if (token.size() == 2 && token[1] == ',' && is_upper(token[0])) return true;  // Ruby: `I, [2026-...`
  bool has_lower = false;
  bool has_digit_or_dot = false;
  for (const char ch : token) {
    if (ch >= 'a' && ch <= 'z') has_lower = true;
    if (is_digit(ch) || ch == '.') has_digit_or_dot = true;
    if (ch == '=' || ch == '"' || ch == '{' || ch == '}' || ch == ',' || static_cast<unsigned char>(ch) >= 0x80) {
      return false;
    }
  }
  if (token.front() == '[' || token.front() == '<' || token.front() == '(') return true;
  if (token.back() == ':') return false;
  if (has_digit_or_dot) return data = true;
  if (!has_lower) return true;
  data = true;
  return ++words <= 1;
}

}  // namespace

std::optional<TimePoint> parse_epoch_number(std::string_view text) {
  std::size_t i = 0;
  std::uint64_t whole = 0;
  while (i < text.size() && is_digit(text[i])) {
    if (whole > (~std::uint64_t{0} - 9) / 10) return {};
    whole = whole * 10 + static_cast<std::uint64_t>(text[i] - '0');
    ++i;
  }
  if (i == 0) return {};
  std::uint64_t fraction = 0;  // Nine digits.
  if (i < text.size() && text[i] == '.') {
    std::size_t n = 0;
    for (++i; i < text.size() && is_digit(text[i]); ++i, ++n) {
      if (n < 9) fraction = fraction * 10 + static_cast<std::uint64_t>(text[i] - '0');
    }
    for (; n < 9; ++n) fraction *= 10;
  }
  if (i < text.size()) {  // An exponent: JSON writers of doubles use one; precision is theirs.
    if (text[i] != 'e' && text[i] != 'E') return {};
    std::array<char, 40> buffer{};
    if (text.size() >= buffer.size()) return {};
    text.copy(buffer.data(), text.size());
    char* end = nullptr;
    const double value = std::strtod(buffer.data(), &end);
    if (end != buffer.data() + text.size() || !(value >= 0) || value >= 1e19) return {};
    whole = static_cast<std::uint64_t>(value);
    fraction = static_cast<std::uint64_t>((value - static_cast<double>(whole)) * 1e9);
  }
  std::uint64_t unit = 1;
  if (whole < 100'000'000'000) {
    unit = 1'000'000'000;
  } else if (whole < 100'000'000'000'000) {
    unit = 1'000'000;
  } else if (whole < 100'000'000'000'000'000) {
    unit = 1'000;
  }
  constexpr std::uint64_t kMax = 9'214'646'400'000'000'000;  // 2262-01-01
  if (whole > kMax / unit) return {};
  const std::uint64_t nanos = whole * unit + fraction / (1'000'000'000 / unit);
  if (nanos >= kMax) return {};
  return from_unix_nanos(static_cast<std::int64_t>(nanos));
}

std::optional<ParsedTimestamp> parse_timestamp_at(std::string_view text, std::size_t begin,
                                                  const TimestampContext& context) {
  if (begin >= text.size()) return {};
  Cursor c{text, begin};
  Attempt a;
  const char first = c.at();
  bool found = false;
  if (is_digit(first)) {
    found = is_klog(text, begin) ? klog_date(c, a) : digits_first(c, a, context);
  } else if (is_alpha(first)) {
    found = name_first(c, a, context);
  }
  if (!found || is_alnum(c.at()) || (a.date_only && !context.allow_date_only)) return {};
  ParsedTimestamp result;
  result.begin = begin;
  result.end = c.p;
  result.has_date = a.has_date;
  result.has_year = a.epoch || a.fields.year >= 0;
  result.has_zone = a.epoch || a.fields.has_zone;
  result.date_order = a.order;
  result.ambiguous = a.ambiguous;
  result.fraction_begin = a.fields.fraction_begin;
  result.fraction_digits = a.fields.fraction_digits;
  if (a.epoch) {
    result.time = *a.epoch;
  } else if (a.fields.year >= 0) {
    const auto t = time_of(a.fields);
    if (!t) return {};
    result.time = *t;
  } else if (a.has_date) {
    Fields leap = a.fields;  // Refuses 31 April even when no reference places it.
    leap.year = 2000;
    if (!time_of(leap)) return {};
    if (context.reference_time) result.time = place_year(a.fields, *context.reference_time);
  } else if (context.reference_time) {
    result.time = place_day(a.fields, *context.reference_time);
  }
  return result;
}

std::optional<ParsedTimestamp> parse_timestamp_text(std::string_view text, const TimestampContext& context) {
  std::size_t begin = 0;
  while (begin < text.size() && is_space(text[begin])) ++begin;
  auto found = parse_timestamp_at(text, begin, context);
  if (!found) return {};
  for (std::size_t i = found->end; i < text.size(); ++i) {
    if (!is_space(text[i])) return {};
  }
  return found;
}

std::optional<ParsedTimestamp> scan_timestamp(std::string_view line, const TimestampContext& context) {
  const std::string_view head = line.substr(0, kPrefixBytes + 64);
  std::size_t p = 0;
  while (p < head.size() && is_space(head[p])) ++p;
  const bool indented = p > 0;
  int words = 0;
  bool data = false;
  for (int token = 0; token <= kPrefixTokens && p < std::min(head.size(), kPrefixBytes); ++token) {
    std::size_t start = p;
    while (start < head.size() && (head[start] == '[' || head[start] == '(' || head[start] == '<')) ++start;
    if (start < head.size() && (is_digit(head[start]) || is_alpha(head[start]))) {
      // klog's letter and the level letter of `[I 2026-...]` are handled by looking one step on.
      if (is_klog(head, start + 1)) {
        if (auto found = parse_timestamp_at(line, start + 1, context)) return found;
      }
      if (auto found = parse_timestamp_at(line, start, context)) {
        // A bare clock behind words or numbers is prose or data, not the record's time.
        if (found->has_date ? (found->has_year || words == 0) : !data) return found;
      }
    }
    if (indented) return {};
    // Not here: the token must be one that may precede a timestamp.
    std::size_t end = start;
    while (end < head.size() && !is_space(head[end])) ++end;
    if (end >= head.size() || !is_prefix_token(head.substr(p, end - p), words, data)) return {};
    // `[level][2026-...]`, `<30>Mar 14`: the next bracket or the text behind `>` may follow without a space.
    const auto glued = head.substr(p, end - p).find_first_of("]>");
    if (glued != std::string_view::npos && p + glued + 1 < end) end = p + glued + 1;
    p = end;
    while (p < head.size() && is_space(head[p])) ++p;
  }
  return {};
}

}  // namespace fa
