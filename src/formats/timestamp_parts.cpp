#include "formats/timestamp_parts.h"

#include <array>

namespace fa::stamp {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::optional<std::int64_t> seconds_of(const Fields& f) {
  using namespace std::chrono;
  if (f.year < kFirstYear || f.year > kLastYear || f.month < 1 || f.month > 12 || f.day < 1 || f.day > 31) return {};
  const year_month_day date{year{f.year}, month{static_cast<unsigned>(f.month)}, day{static_cast<unsigned>(f.day)}};
  if (!date.ok()) return {};
  const std::int64_t days = sys_days{date}.time_since_epoch().count();
  return days * 86400 + f.hour * 3600 + f.minute * 60 + f.second - f.offset_seconds;
}

}  // namespace

std::optional<TimePoint> time_of(const Fields& f) {
  const auto seconds = seconds_of(f);
  if (!seconds || *seconds < 0) return {};
  return from_unix_nanos(*seconds * kNanosPerSecond + f.nanos);
}

std::uint64_t distance(TimePoint a, TimePoint b) {
  const auto x = static_cast<std::uint64_t>(to_unix_nanos(a));
  const auto y = static_cast<std::uint64_t>(to_unix_nanos(b));
  return to_unix_nanos(a) > to_unix_nanos(b) ? x - y : y - x;
}

namespace {

int year_of(TimePoint t) {
  const auto days = std::chrono::floor<std::chrono::days>(t);
  return static_cast<int>(std::chrono::year_month_day{days}.year());
}

}  // namespace

TimePoint place_year(Fields f, TimePoint reference) {
  TimePoint best = kNoTime;
  const int middle = year_of(reference);
  for (int year = middle - 4; year <= middle + 4; ++year) {  // Four: 29 February exists every four years.
    f.year = year;
    const auto t = time_of(f);
    if (t && (best == kNoTime || distance(*t, reference) < distance(best, reference))) best = *t;
  }
  return best;
}

TimePoint place_day(Fields f, TimePoint reference) {
  TimePoint best = kNoTime;
  const auto today = std::chrono::floor<std::chrono::days>(reference);
  for (int shift = -1; shift <= 1; ++shift) {
    const std::chrono::year_month_day date{today + std::chrono::days{shift}};
    f.year = static_cast<int>(date.year());
    f.month = static_cast<int>(static_cast<unsigned>(date.month()));
    f.day = static_cast<int>(static_cast<unsigned>(date.day()));
    const auto t = time_of(f);
    if (t && (best == kNoTime || distance(*t, reference) < distance(best, reference))) best = *t;
  }
  return best;
}

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

/// The first three letters as one number, in lower case. No two months and no two days share them.
constexpr std::uint32_t name_start(std::string_view text) {
  if (text.size() < 3) return 0;
  std::uint32_t start = 0;
  for (const char c : text.substr(0, 3)) start = start << 8U | static_cast<unsigned char>(c | 0x20);
  return start;
}

/// Which of the names has these first three letters; the number of names where none has.
template <std::size_t N>
std::size_t name_of_start(const std::array<std::string_view, N>& names, std::uint32_t start) {
  std::size_t i = 0;
  while (i < N && name_start(names[i]) != start) ++i;
  return i;
}

std::size_t letters(const Cursor& c) {
  std::size_t n = 0;
  while (n < 10 && is_alpha(c.at(n))) ++n;
  return n;
}

bool has_name(const Cursor& c, std::size_t letters, std::string_view name) {
  for (std::size_t i = 0; i < letters; ++i) {
    if (lower(c.at(i)) != name[i]) return false;
  }
  return true;
}

}  // namespace

bool may_begin_name(std::string_view text) {
  const std::uint32_t start = name_start(text);
  return name_of_start(kMonths, start) < kMonths.size() || name_of_start(kDays, start) < kDays.size();
}

int take_month(Cursor& c) {
  const std::size_t m = name_of_start(kMonths, name_start(c.s.substr(std::min(c.p, c.s.size()))));
  if (m == kMonths.size()) return 0;
  const std::size_t n = letters(c);
  if (n < 3 || n > kMonths[m].size() || (n > 4 && n != kMonths[m].size()) || !has_name(c, n, kMonths[m])) return 0;
  c.p += n;
  c.take('.');
  return static_cast<int>(m) + 1;
}

bool take_weekday(Cursor& c) {
  const std::size_t d = name_of_start(kDays, name_start(c.s.substr(std::min(c.p, c.s.size()))));
  if (d == kDays.size()) return false;
  const std::size_t n = letters(c);
  if ((n != 3 && n != kDays[d].size()) || !has_name(c, n, kDays[d])) return false;
  std::size_t after = n;
  if (c.at(after) == ',' || c.at(after) == '.') ++after;
  if (c.at(after) != ' ') return false;
  while (c.at(after) == ' ') ++after;
  c.p += after;
  return true;
}

std::int64_t fraction_nanos(std::string_view digits) {
  std::int64_t nanos = 0;
  for (std::size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return nanos;
}

void take_fraction(Cursor& c, Fields& f) {
  const char mark = c.at();
  if (mark != '.' && mark != ',' && mark != ':') return;
  std::size_t n = 0;
  while (is_digit(c.at(1 + n))) ++n;
  if (n == 0) return;
  // A colon starts a fraction only in the log4j style HH:mm:ss:SSS.
  if (mark == ':' && ((n != 3 && n != 6 && n != 9) || c.at(1 + n) == ':')) return;
  f.nanos = fraction_nanos(c.s.substr(c.p + 1, n));
  f.fraction_begin = c.p + 1;
  f.fraction_digits = n;
  c.p += 1 + n;
}

namespace {

/// Hours east of Greenwich times 60 for names that mean one offset; kAmbiguousZone for names that mean several.
constexpr int kNoZone = 100000;
constexpr int kAmbiguousZone = 100001;
int zone_minutes(std::string_view name) {
  struct Zone {
    std::string_view name;
    int minutes;
  };
  static constexpr std::array<Zone, 32> kZones = {{{"UTC", 0},
                                                   {"GMT", 0},
                                                   {"UT", 0},
                                                   {"Z", 0},
                                                   {"JST", 540},
                                                   {"KST", 540},
                                                   {"HKT", 480},
                                                   {"SGT", 480},
                                                   {"CET", 60},
                                                   {"CEST", 120},
                                                   {"MEZ", 60},
                                                   {"MESZ", 120},
                                                   {"EET", 120},
                                                   {"EEST", 180},
                                                   {"WEST", 60},
                                                   {"MSK", 180},
                                                   {"EDT", -240},
                                                   {"CDT", -300},
                                                   {"MDT", -360},
                                                   {"PDT", -420},
                                                   {"PST", -480},
                                                   {"AKDT", -480},
                                                   {"HST", -600},
                                                   {"AEST", 600},
                                                   {"AEDT", 660},
                                                   {"NZST", 720},
                                                   {"NZDT", 780},
                                                   {"EST", -300},
                                                   {"MST", -420},
                                                   {"CST", kAmbiguousZone},
                                                   {"IST", kAmbiguousZone},
                                                   {"BST", kAmbiguousZone}}};
  for (const auto& zone : kZones) {
    if (zone.name == name) return zone.minutes;
  }
  return kNoZone;
}

/// `+09:00`, `+0900`, `+09`; after a space only the forms that cannot be something else.
bool take_offset(Cursor& c, Fields& f, bool after_space) {
  const char sign = c.at();
  if (sign != '+' && sign != '-') return false;
  std::size_t n = 0;
  while (is_digit(c.at(1 + n))) ++n;
  int hours = 0;
  int minutes = 0;
  std::size_t length = 0;
  const auto pair = [&](std::size_t i) { return (c.at(i) - '0') * 10 + (c.at(i + 1) - '0'); };
  if (n == 4) {
    hours = pair(1);
    minutes = pair(3);
    length = 5;
  } else if (n == 2 && c.at(3) == ':' && is_digit(c.at(4)) && is_digit(c.at(5)) && !is_digit(c.at(6))) {
    hours = pair(1);
    minutes = pair(4);
    length = 6;
  } else if (n == 2 && !(after_space && sign == '-')) {
    hours = pair(1);
    length = 3;
  } else if (n == 1 && !after_space) {
    hours = c.at(1) - '0';
    length = 2;
  } else {
    return false;
  }
  if (hours > 14 || minutes % 15 != 0 || minutes > 45 || is_alnum(c.at(length))) return false;
  f.offset_seconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
  f.has_zone = true;
  c.p += length;
  return true;
}

}  // namespace

void take_zone(Cursor& c, Fields& f) {
  const Cursor start = c;
  const bool after_space = c.take(' ');
  if (take_offset(c, f, after_space)) {
    // RFC 9557 suffix: 2026-03-14T17:30:00+09:00[Asia/Tokyo]
    if (c.at() == '[') {
      const auto close = c.s.substr(c.p, 48).find(']');
      if (close != std::string_view::npos && c.s.substr(c.p, close).find('/') != std::string_view::npos) {
        c.p += close + 1;
      }
    }
    return;
  }
  std::size_t n = 0;
  while (n < 6 && c.at(n) >= 'A' && c.at(n) <= 'Z') ++n;
  if (n == 0 && c.at() == 'z' && !after_space) n = 1;
  const auto name = c.s.substr(std::min(c.p, c.s.size()), n);
  const int minutes = name == "z" ? 0 : zone_minutes(name);
  if (minutes == kNoZone || is_alnum(c.at(n)) || c.at(n) == '_' || (name == "Z" && after_space)) {
    c = start;
    return;
  }
  c.p += n;
  if (minutes == kAmbiguousZone) return;  // Said, but of no use: read as if no zone were there.
  f.offset_seconds = minutes * 60;
  f.has_zone = true;
  if (minutes == 0 && name != "Z") take_offset(c, f, false);  // UTC+9
}

namespace {

void take_am_pm(Cursor& c, Fields& f, bool& valid) {
  std::size_t skip = c.at() == ' ' ? 1 : 0;
  const char half = lower(c.at(skip));
  if ((half != 'a' && half != 'p') || lower(c.at(skip + 1)) != 'm' || is_alnum(c.at(skip + 2))) return;
  valid = f.hour >= 1 && f.hour <= 12;
  f.hour = f.hour % 12 + (half == 'p' ? 12 : 0);
  c.p += skip + 2;
}

}  // namespace

bool take_clock(Cursor& c, Fields& f, ClockPlace where) {
  const std::size_t n = c.digits();
  if (n == 6 && where == ClockPlace::kAfterDate) {  // HHMMSS
    f.hour = c.number(2);
    f.minute = c.number(2);
    f.second = c.number(2);
    if (c.at() != ':') take_fraction(c, f);
  } else {
    if (n < 1 || n > 2) return false;
    const char separator = c.at(n);
    const bool loose = separator == '.' || separator == '-';
    if (separator != ':' && !(loose && where == ClockPlace::kAfterDate && n == 2)) return false;
    if (!is_digit(c.at(n + 1)) || !is_digit(c.at(n + 2)) || is_digit(c.at(n + 3))) return false;
    f.hour = c.number(n);
    ++c.p;
    f.minute = c.number(2);
    if (c.at() == separator && is_digit(c.at(1)) && is_digit(c.at(2)) && !is_digit(c.at(3))) {
      ++c.p;
      f.second = c.number(2);
      take_fraction(c, f);
    } else if (loose || where == ClockPlace::kAlone) {
      return false;
    }
  }
  bool valid = true;
  take_am_pm(c, f, valid);
  take_zone(c, f);
  return valid && f.hour < 24 && f.minute < 60 && f.second <= 60;
}

bool take_date_time_gap(Cursor& c) {
  const char gap = c.at();
  if (gap == ' ' || gap == ',') {
    ++c.p;
    while (c.at() == ' ') ++c.p;
    return true;
  }
  if (gap == 'T' || gap == 't' || gap == '_' || gap == '-' || gap == ':' || gap == '.' || gap == '\t') {
    ++c.p;
    return true;
  }
  return false;
}

}  // namespace fa::stamp
