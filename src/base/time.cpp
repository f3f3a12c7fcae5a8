#include "base/time.h"

#include <date/tz.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "base/text.h"

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;
// Years whose every instant fits into 64-bit nanoseconds, offsets included.
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2261;

/// Reads fixed-width decimal fields from the front of a text; `ok` stays false after the first mismatch.
struct Scanner {
  std::string_view text;
  bool ok = true;

  [[nodiscard]] bool at_end() const { return text.empty(); }
  [[nodiscard]] char peek() const { return text.empty() ? '\0' : text.front(); }
  [[nodiscard]] bool at_digit() const { return peek() >= '0' && peek() <= '9'; }

  int digits(std::size_t count) {
    if (text.size() < count) {
      ok = false;
      return 0;
    }
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = text[i];
      ok = ok && c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
  }

  bool accept(char c) {
    if (text.empty() || text.front() != c) {
      return false;
    }
    text.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok = accept(c) && ok; }
};

/// A date and time of day as written, before any zone.
struct WallTime {
  std::int64_t seconds = 0;  ///< Since 1970-01-01T00:00:00 on that clock.
  std::int64_t nanos = 0;
};

std::optional<WallTime> scan_wall_time(Scanner& in) {
  const int year = in.digits(4);
  in.expect('-');
  const int month = in.digits(2);
  in.expect('-');
  const int day = in.digits(2);
  if (!in.accept('T') && !in.accept('t')) {
    in.expect(' ');
  }
  const int hour = in.digits(2);
  in.expect(':');
  const int minute = in.digits(2);
  int second = 0;
  WallTime out;
  if (in.ok && in.accept(':')) {
    second = in.digits(2);
    if (in.ok && (in.accept('.') || in.accept(','))) {
      if (!in.at_digit()) {
        return std::nullopt;
      }
      // Digits beyond nanoseconds are read and dropped.
      std::int64_t unit = kNanosPerSecond / 10;
      for (; in.at_digit(); in.text.remove_prefix(1)) {
        out.nanos += (in.peek() - '0') * unit;
        unit /= 10;
      }
    }
  }
  // 60 is a leap second: POSIX time, and so ours, gives it to the next minute.
  if (!in.ok || year < kFirstYear || year > kLastYear || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  out.seconds = sys_days{date}.time_since_epoch().count() * kSecondsPerDay + hour * 3600 + minute * 60 + second;
  return out;
}

/// `Z`, `+hh:mm`, `+hhmm`, `+hh` to seconds east of UTC; the whole rest of the text must be the zone.
std::optional<std::int64_t> scan_offset(Scanner& in) {
  if (in.at_end()) {
    return 0;
  }
  if (in.accept('Z') || in.accept('z')) {
    return in.at_end() ? std::optional<std::int64_t>{0} : std::nullopt;
  }
  const bool west = in.peek() == '-';
  if (!in.accept('+') && !in.accept('-')) {
    return std::nullopt;
  }
  const int hours = in.digits(2);
  int minutes = 0;
  if (!in.at_end()) {
    in.accept(':');
    minutes = in.digits(2);
  }
  if (!in.ok || !in.at_end() || hours > 23 || minutes > 59) {
    return std::nullopt;
  }
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

TimePoint to_time_point(const WallTime& wall, std::int64_t offset_seconds) {
  return from_unix_nanos((wall.seconds - offset_seconds) * kNanosPerSecond + wall.nanos);
}

tl::unexpected<Error> not_a_time(std::string_view text, std::string_view why) {
  return fail(ErrorCode::kInvalidInput,
              fmt::format("'{}' is not a time ({}). Accepted: 2026-03-14T08:30:00Z or with an offset such as +09:00, "
                          "'2026-03-14 17:30 Asia/Tokyo' (no zone means UTC), now, now-30m, now+1h (units s, m, h, d, "
                          "w); years {} to {}.",
                          visible(utf8_prefix(text, 80)), why, kFirstYear, kLastYear));
}

/// `now`, in whole seconds, with an optional signed distance; `rest` is what follows the word.
Result<TimePoint> relative_time(std::string_view text, std::string_view rest, const Clock& clock) {
  rest = trim(rest);
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(clock.now());
  if (rest.empty()) {
    return now;
  }
  Scanner in{rest};
  const bool back = in.peek() == '-';
  if (!in.accept('-') && !in.accept('+')) {
    return not_a_time(text, "after 'now' a + or - was expected");
  }
  in.text = trim(in.text);
  std::int64_t count = 0;
  std::size_t digit_count = 0;
  for (; in.at_digit(); in.text.remove_prefix(1), ++digit_count) {
    count = std::min<std::int64_t>(count * 10 + (in.peek() - '0'), std::int64_t{1} << 40);
  }
  std::int64_t unit = 0;
  switch (in.text.size() == 1 ? in.peek() : '\0') {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = kSecondsPerDay;
      break;
    case 'w':
      unit = 7 * kSecondsPerDay;
      break;
    default:
      break;
  }
  if (digit_count == 0 || unit == 0) {
    return not_a_time(text, "after 'now' a number and one unit of s, m, h, d, w were expected");
  }
  const std::int64_t now_seconds = to_unix_nanos(now) / kNanosPerSecond;
  const std::int64_t target = now_seconds + (back ? -count : count) * unit;
  if (target < 0 || target >= (std::int64_t{kLastYear} - kFirstYear) * 365 * kSecondsPerDay) {
    return not_a_time(text, "it lies too far away");
  }
  return now + std::chrono::seconds{(back ? -count : count) * unit};
}

/// Local time of an IANA zone to UTC. A time that exists twice (clocks set back) means the first; one that does not
/// exist (clocks set forward) means the moment of the change.
Result<TimePoint> zoned_time(std::string_view text, const WallTime& wall, std::string_view zone) {
  try {
    const date::local_seconds local{std::chrono::seconds{wall.seconds}};
    const auto utc = date::locate_zone(std::string(zone))->to_sys(local, date::choose::earliest);
    return TimePoint{utc.time_since_epoch()} + Nanoseconds{wall.nanos};
  } catch (const std::exception&) {
    return not_a_time(text, fmt::format("the time zone '{}' is not known on this machine", visible(zone)));
  }
}

}  // namespace

TimePoint SystemClock::now() const {
  return std::chrono::time_point_cast<Nanoseconds>(std::chrono::system_clock::now());
}

std::optional<TimePoint> parse_rfc3339(std::string_view text) {
  Scanner in{text};
  const auto wall = scan_wall_time(in);
  if (!wall) {
    return std::nullopt;
  }
  const auto offset = scan_offset(in);
  if (!offset) {
    return std::nullopt;
  }
  return to_time_point(*wall, *offset);
}

Result<TimePoint> parse_user_time(std::string_view text, const Clock& clock) {
  const std::string_view trimmed = trim(text);
  if (iequals(trimmed.substr(0, 3), "now")) {
    return relative_time(text, trimmed.substr(3), clock);
  }
  Scanner in{trimmed};
  const auto wall = scan_wall_time(in);
  if (!wall) {
    return not_a_time(text, "a date and a time of day were expected");
  }
  const std::string_view zone = trim(in.text);
  Scanner offset_text{zone};
  if (const auto offset = scan_offset(offset_text)) {
    return to_time_point(*wall, *offset);
  }
  return zoned_time(text, *wall, zone);
}

std::string format_rfc3339(TimePoint t) {
  if (t == kNoTime) {
    return {};
  }
  // Integer arithmetic: chrono's floor<days> leaves the range of 64-bit nanoseconds near its ends.
  const std::int64_t nanos = to_unix_nanos(t);
  const std::int64_t fraction = (nanos % kNanosPerSecond + kNanosPerSecond) % kNanosPerSecond;
  const std::int64_t seconds = nanos / kNanosPerSecond - (nanos % kNanosPerSecond < 0 ? 1 : 0);
  const std::int64_t second_of_day = (seconds % kSecondsPerDay + kSecondsPerDay) % kSecondsPerDay;
  const std::chrono::year_month_day date{sys_days{days{static_cast<int>((seconds - second_of_day) / kSecondsPerDay)}}};
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
  if (fraction % 1'000'000 == 0) {
    if (fraction != 0) {
      out += fmt::format(".{:03}", fraction / 1'000'000);
    }
  } else if (fraction % 1000 == 0) {
    out += fmt::format(".{:06}", fraction / 1000);
  } else {
    out += fmt::format(".{:09}", fraction);
  }
  out += 'Z';
  return out;
}

std::string format_time_of_day(TimePoint t) {
  if (t == kNoTime) {
    return {};
  }
  const std::string full = format_rfc3339(t);
  return full.substr(full.find('T') + 1, 8);
}

std::string format_duration(Nanoseconds d) {
  const std::int64_t count = d.count();
  // Unsigned, so that the most negative value has a size too.
  const std::uint64_t size = count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
  const std::string sign = count < 0 ? "-" : "";
  const double nanos = static_cast<double>(size);
  // Limits lie half a shown unit below the next one, so that rounding never prints `60 s` or `1000 ms`.
  if (nanos < 999.5) {
    return fmt::format("{}{} {}", sign, size, size == 0 ? "s" : "ns");
  }
  const auto in_unit = [&](double unit, std::string_view name) {
    const double value = nanos / unit;
    return fmt::format("{}{} {}", sign, format_number(value >= 100 ? std::round(value) : value), name);
  };
  if (nanos < 999.5e3) {
    return in_unit(1e3, "µs");
  }
  if (nanos < 999.5e6) {
    return in_unit(1e6, "ms");
  }
  if (nanos < 59.995e9) {
    return in_unit(1e9, "s");
  }
  const std::uint64_t seconds = (size + kNanosPerSecond / 2) / kNanosPerSecond;
  struct Unit {
    std::uint64_t seconds;
    std::string_view name;
  };
  constexpr std::array<Unit, 4> kUnits = {{{1, "s"}, {60, "m"}, {3600, "h"}, {86'400, "d"}}};
  const auto rounded_to = [&](std::size_t unit) {
    return (seconds + kUnits[unit].seconds / 2) / kUnits[unit].seconds * kUnits[unit].seconds;
  };
  // The large unit is the biggest one reached after rounding to the unit shown beside it.
  std::size_t large = 1;
  while (large + 1 < kUnits.size() && rounded_to(large - 1) >= kUnits[large + 1].seconds) {
    ++large;
  }
  const std::uint64_t rounded = rounded_to(large - 1);
  const std::uint64_t rest = rounded % kUnits[large].seconds / kUnits[large - 1].seconds;
  std::string out = fmt::format("{}{}{}", sign, rounded / kUnits[large].seconds, kUnits[large].name);
  if (rest != 0) {
    out += fmt::format(" {}{}", rest, kUnits[large - 1].name);
  }
  return out;
}

}  // namespace fa
