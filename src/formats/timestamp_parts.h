#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "formats/log_text.h"

/// The parts timestamps are made of. Inside of timestamp.cpp. A `take_` function moves the cursor behind what it read;
/// one that returns false may leave it anywhere.
namespace fa::stamp {

inline constexpr int kFirstYear = 1970;
inline constexpr int kLastYear = 2261;  // sys_time<nanoseconds> ends in April 2262.

struct Fields {
  int year = -1;
  int month = -1;
  int day = -1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::int64_t nanos = 0;
  std::size_t fraction_begin = 0;
  std::size_t fraction_digits = 0;
  int offset_seconds = 0;
  bool has_zone = false;
};

/// Read position in the text; every helper checks the end itself.
struct Cursor {
  std::string_view s;
  std::size_t p = 0;

  [[nodiscard]] char at(std::size_t ahead = 0) const { return p + ahead < s.size() ? s[p + ahead] : '\0'; }
  [[nodiscard]] std::size_t digits() const {
    std::size_t n = 0;
    while (n < 20 && is_digit(at(n))) ++n;
    return n;
  }
  /// Takes `n` digits as a number; the caller has counted them.
  int number(std::size_t n) {
    int value = 0;
    for (std::size_t i = 0; i < n; ++i) value = value * 10 + (s[p + i] - '0');
    p += n;
    return value;
  }
  bool take(char c) {
    if (at() != c) return false;
    ++p;
    return true;
  }
  bool take(std::string_view word) {
    if (s.substr(std::min(p, s.size()), word.size()) != word) return false;
    p += word.size();
    return true;
  }
};

/// nullopt when the fields are no date or lie outside kFirstYear..kLastYear.
std::optional<TimePoint> time_of(const Fields& f);

/// How far apart, in nanoseconds.
std::uint64_t distance(TimePoint a, TimePoint b);

/// The year that brings a date without one closest to the reference; kNoTime when there is none.
TimePoint place_year(Fields f, TimePoint reference);
/// The same for a time of day without a date.
TimePoint place_day(Fields f, TimePoint reference);

/// Index 1..12 of the month name at the cursor (three letters or the whole name, any case), which it takes; 0 if none.
/// Whether the text begins with letters that may begin the name of a month or a weekday: no other word does.
bool may_begin_name(std::string_view text);
int take_month(Cursor& c);
/// A weekday's name with the spaces behind it.
bool take_weekday(Cursor& c);
/// Digits behind the decimal point of a second, as nanoseconds; those beyond the ninth are dropped.
std::int64_t fraction_nanos(std::string_view digits);
/// `.123`, `,123456789`, `:123`; nothing there is fine.
void take_fraction(Cursor& c, Fields& f);
/// `Z`, `+09:00`, ` +0900`, ` JST`; nothing there is fine.
void take_zone(Cursor& c, Fields& f);

enum class ClockPlace { kAfterDate, kAlone };
/// HH:MM:SS with fraction, AM/PM and zone. After a date the seconds may lack and `.` or `-` may separate.
bool take_clock(Cursor& c, Fields& f, ClockPlace where);
/// What stands between date and time: T, spaces, `_`, `-`, `:`, `,`, `.`.
bool take_date_time_gap(Cursor& c);

}  // namespace fa::stamp
