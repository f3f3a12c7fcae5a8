#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.h"

namespace fa {

/// A time as a clock of some zone shows it, which is no instant: some do not exist, some exist twice.
using LocalNanoseconds = std::chrono::nanoseconds;  ///< Since 1970-01-01 00:00:00 on that clock.

/// Where a reader lives, by IANA name, from the system's time zone database. A value; thread-safe. Times before 1970
/// and at the very end of the range of TimePoint are shown in UTC: zones had local solar times before, and sums must
/// not leave the range.
class TimeZone {
 public:
  TimeZone() = default;  ///< UTC.

  /// nullopt for a name that this machine does not know; `UTC` is always known.
  [[nodiscard]] static std::optional<TimeZone> find(const std::string& name);
  /// UTC for a name that this machine does not know: for showing, where a wrong name was refused before.
  [[nodiscard]] static TimeZone find_or_utc(const std::string& name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_utc() const { return name_ == "UTC"; }

  /// How far the zone's clocks are ahead of UTC at that time.
  [[nodiscard]] std::chrono::seconds offset_at(TimePoint t) const;
  /// What the zone's clocks are called at that time: `JST`, `CEST`, `UTC`; `UTC+05:45` where they have no name.
  [[nodiscard]] std::string abbreviation_at(TimePoint t) const;

  /// Since 1970-01-01 00:00:00 on the zone's clock.
  [[nodiscard]] LocalNanoseconds local(TimePoint t) const { return t.time_since_epoch() + offset_at(t); }
  /// When the clock shows that. A time that exists twice is the first, one that does not exist the moment of the
  /// change.
  [[nodiscard]] TimePoint from_local(LocalNanoseconds local) const;

 private:
  explicit TimeZone(std::string name) : name_(std::move(name)) {}
  std::string name_ = "UTC";
};

/// `2026-03-14 17:30:00` on the zone's clock; empty for kNoTime.
[[nodiscard]] std::string format_local(TimePoint t, const TimeZone& zone);

/// `+09:00`
[[nodiscard]] std::string format_offset(std::chrono::seconds offset);

}  // namespace fa
