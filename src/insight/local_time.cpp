#include "insight/local_time.h"

#include <date/date.h>
#include <fmt/core.h>

#include <chrono>

#include "base/text.h"

namespace fa::insight {
namespace {

using std::chrono::minutes;

constexpr std::int64_t kMinutesOfDay = 24 * 60;

}  // namespace

Result<LocalTime> LocalTime::of_zone(const std::string& name) {
  if (auto zone = TimeZone::find(name)) return LocalTime(std::move(*zone));
  return fail(ErrorCode::kInvalidInput,
              fmt::format("The time zone '{}' is not known on this machine: give an IANA name such as Asia/Tokyo.",
                          visible(name)));
}

LocalTime::Reading LocalTime::read(TimePoint t) const {
  const std::int64_t all = std::chrono::floor<minutes>(zone_.local(t)).count();
  const std::int64_t day = all / kMinutesOfDay - (all % kMinutesOfDay < 0 ? 1 : 0);
  const std::int64_t of_day = all - day * kMinutesOfDay;
  return {day, static_cast<int>(of_day / 60), static_cast<int>(of_day % 60)};
}

TimePoint LocalTime::at(std::int64_t day, std::int64_t minutes_of_day) const {
  return zone_.from_local(minutes(day * kMinutesOfDay + minutes_of_day));
}

int LocalTime::weekday(std::int64_t day) { return static_cast<int>(((day + 3) % 7 + 7) % 7); }

std::optional<std::int64_t> LocalTime::day_of(int year, int month, int day) {
  if (year < 1970 || year > 2200 || month < 1 || day < 1) return std::nullopt;
  const date::year_month_day date{date::year{year}, date::month{static_cast<unsigned>(month)},
                                  date::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return date::sys_days(date).time_since_epoch().count();
}

LocalTime::Date LocalTime::date_of(std::int64_t day) {
  const date::year_month_day date{date::sys_days{date::days{day}}};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

}  // namespace fa::insight
