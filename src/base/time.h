#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fa {

using Nanoseconds = std::chrono::nanoseconds;
/// A UTC instant with nanosecond resolution; the only time type that crosses a module border.
using TimePoint = std::chrono::sys_time<Nanoseconds>;

/// "This record carries no time." Ordered before every real instant.
inline constexpr TimePoint kNoTime = TimePoint::min();

/// Half-open [begin, end) in UTC.
struct TimeRange {
  TimePoint begin = kNoTime;
  TimePoint end = kNoTime;

  [[nodiscard]] bool contains(TimePoint t) const { return t >= begin && t < end; }
  [[nodiscard]] bool empty() const { return end <= begin; }
  [[nodiscard]] Nanoseconds length() const { return empty() ? Nanoseconds{0} : end - begin; }
  bool operator==(const TimeRange&) const = default;
};

/// Source of "now"; injected so that results never depend on the wall clock of a test.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
};

/// The machine's real-time clock. Thread-safe.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
};

/// Parses what a user types: RFC 3339 (`2026-03-14T08:30:00Z`, any offset, fraction), the same with a space and
/// an IANA zone (`2026-03-14 17:30 Asia/Tokyo`; no zone means UTC), `now`, `now-30m`, `now+1h`
/// (units s, m, h, d, w). The error names the text and the forms accepted.
Result<TimePoint> parse_user_time(std::string_view text, const Clock& clock);

/// Parses RFC 3339 / ISO 8601 date-times with `T`, `t` or space, `.` or `,` fraction (any digits), `Z`, `+hh:mm`,
/// `+hhmm`, `+hh`; no zone means UTC. nullopt when the text is anything else.
std::optional<TimePoint> parse_rfc3339(std::string_view text);

/// `2026-03-14T08:30:00.123Z`: UTC; as many fraction digits (0, 3, 6, 9) as needed to lose nothing. kNoTime gives an
/// empty text.
std::string format_rfc3339(TimePoint t);

/// `08:30:00` in UTC, for tables where the date is given elsewhere.
std::string format_time_of_day(TimePoint t);

/// `1h 5m`, `4m 10s`, `350 ms`: at most two units, for people.
std::string format_duration(Nanoseconds d);

inline std::int64_t to_unix_nanos(TimePoint t) { return t.time_since_epoch().count(); }
constexpr TimePoint from_unix_nanos(std::int64_t ns) { return TimePoint{Nanoseconds{ns}}; }

}  // namespace fa
