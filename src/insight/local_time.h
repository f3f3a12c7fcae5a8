#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "base/time_zone.h"

namespace fa::insight {

/// A time zone as people live in it: days begin at its midnight, however long they are. Values; thread-safe.
class LocalTime {
 public:
  /// By its IANA name; `UTC` is always known. kInvalidInput for names this machine does not know.
  static Result<LocalTime> of_zone(const std::string& name);

  /// A wall clock's reading. `day` counts from 1970-01-01.
  struct Reading {
    std::int64_t day = 0;
    int hour = 0;
    int minute = 0;
  };
  [[nodiscard]] Reading read(TimePoint t) const;
  /// When the clock shows `minutes` after midnight of that day. A time that exists twice is the first, one that does
  /// not exist the moment of the change.
  [[nodiscard]] TimePoint at(std::int64_t day, std::int64_t minutes = 0) const;
  [[nodiscard]] const std::string& name() const { return zone_.name(); }

  /// 0 is Monday.
  [[nodiscard]] static int weekday(std::int64_t day);
  /// Day of a date of the Gregorian calendar; nullopt where there is none (February 30).
  [[nodiscard]] static std::optional<std::int64_t> day_of(int year, int month, int day);
  struct Date {
    int year = 1970;
    int month = 1;
    int day = 1;
  };
  [[nodiscard]] static Date date_of(std::int64_t day);

 private:
  explicit LocalTime(TimeZone zone) : zone_(std::move(zone)) {}
  TimeZone zone_;
};

}  // namespace fa::insight
