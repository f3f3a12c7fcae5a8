#include "report/time_axis.h"

#include <array>
#include <chrono>

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<seconds, 17> kSteps = {seconds(1), seconds(2), seconds(5), seconds(10), seconds(15), seconds(30),
                                            minutes(1), minutes(2), minutes(5), minutes(10), minutes(15), minutes(30),
                                            hours(1),   hours(2),   hours(3),   hours(6),    hours(12)};
constexpr std::array<int, 3> kDays = {1, 2, 7};
constexpr std::array<int, 11> kMonths = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200};

std::int64_t floor_to(std::int64_t value, std::int64_t step) {
  const std::int64_t rest = value % step;
  return value - (rest < 0 ? rest + step : rest);
}

/// Reading of a clock after `local` that is a multiple of `step`, or `local` itself.
Nanoseconds ceil_to(Nanoseconds local, Nanoseconds step) {
  const Nanoseconds floor(floor_to(local.count(), step.count()));
  return floor == local ? local : floor + step;
}

using Ticks = std::vector<TimePoint>;

/// One more than `most` when there are more.
Ticks clock_ticks(const TimeRange& range, const TimeZone& zone, Nanoseconds step, std::size_t most) {
  Ticks ticks;
  for (TimePoint from = range.begin; ticks.size() <= most;) {
    TimePoint tick = TimePoint(ceil_to(zone.local(from), step) - zone.offset_at(from));
    // The clocks were changed in between: round is what the new ones show.
    if (zone.offset_at(tick) != zone.offset_at(from)) {
      tick = TimePoint(ceil_to(zone.local(tick), step) - zone.offset_at(tick));
    }
    if (tick > range.end) break;
    ticks.push_back(tick);
    from = tick + seconds(1);
  }
  return ticks;
}

/// Midnights; those of Mondays for weeks.
Ticks day_ticks(const TimeRange& range, const TimeZone& zone, int step, std::size_t most) {
  constexpr std::int64_t kToMonday = 3;  // 1970-01-01 was a Thursday.
  Ticks ticks;
  std::int64_t day = floor_to(std::chrono::floor<days>(zone.local(range.begin)).count() + kToMonday, step) - kToMonday;
  for (; ticks.size() <= most; day += step) {
    const TimePoint tick = zone.from_local(days(day));
    if (tick > range.end) break;
    if (tick >= range.begin) ticks.push_back(tick);
  }
  return ticks;
}

Ticks month_ticks(const TimeRange& range, const TimeZone& zone, int step, std::size_t most) {
  const std::chrono::year_month_day first(std::chrono::sys_days(std::chrono::floor<days>(zone.local(range.begin))));
  const std::int64_t month =
      static_cast<int>(first.year()) * 12 + static_cast<int>(static_cast<unsigned>(first.month())) - 1;
  Ticks ticks;
  for (std::int64_t m = floor_to(month, step); ticks.size() <= most; m += step) {
    const std::chrono::year year(static_cast<int>(m / 12));
    const std::chrono::sys_days day(year / std::chrono::month(static_cast<unsigned>(m % 12 + 1)) / 1);
    const TimePoint tick = zone.from_local(day.time_since_epoch());
    if (tick > range.end) break;
    if (tick >= range.begin) ticks.push_back(tick);
  }
  return ticks;
}

/// Where in `2026-03-14 08:30:00` the label stands, and the date that goes with it.
struct Cut {
  std::size_t label_from;
  std::size_t label_size;
  std::size_t date_size;
};

std::vector<TimeTick> labelled(const Ticks& times, const TimeZone& zone, const Cut& cut) {
  std::vector<TimeTick> ticks;
  std::string date_before;
  for (const TimePoint time : times) {
    const std::string text = format_local(time, zone);
    std::string date = text.substr(0, cut.date_size);
    ticks.push_back({time, text.substr(cut.label_from, cut.label_size), date == date_before ? std::string() : date});
    date_before = std::move(date);
  }
  return ticks;
}

}  // namespace

std::vector<TimeTick> time_ticks(const TimeRange& range, const TimeZone& zone, std::size_t most) {
  // Outside of these years sums could leave the range of TimePoint, and nobody has records.
  constexpr TimePoint kFirst = from_unix_nanos(0);
  constexpr TimePoint kLast = TimePoint::max() - hours(24 * 366 * 101);
  if (range.empty() || most == 0 || range.begin < kFirst || range.end > kLast) return {};
  for (const seconds step : kSteps) {
    // So many that making them would only take time.
    if (range.length() / step > static_cast<std::int64_t>(2 * most + 2)) continue;
    const Ticks ticks = clock_ticks(range, zone, step, most);
    if (ticks.size() <= most) return labelled(ticks, zone, step < minutes(1) ? Cut{11, 8, 10} : Cut{11, 5, 10});
  }
  for (const int step : kDays) {
    const Ticks ticks = day_ticks(range, zone, step, most);
    if (ticks.size() <= most) return labelled(ticks, zone, {5, 5, 4});
  }
  for (const int step : kMonths) {
    const Ticks ticks = month_ticks(range, zone, step, most);
    if (ticks.size() <= most) return labelled(ticks, zone, {0, 7, 0});
  }
  return {};
}

}  // namespace fa
