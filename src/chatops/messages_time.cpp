#include "chatops/messages_time.h"

#include <fmt/core.h>

#include "base/time_zone.h"
#include "chatops/messages.h"

namespace fa::chatops {
namespace {

constexpr std::string_view kNoTimeText = "–";
constexpr std::size_t kDateLength = std::string_view("2026-03-14").size();

/// `2026-03-14 17:30:00`
std::string clock_text(TimePoint t, const std::string& time_zone) {
  return t == kNoTime ? std::string(kNoTimeText) : format_local(t, TimeZone::find_or_utc(time_zone));
}

std::string without_zero_seconds(std::string text) {
  if (text.ends_with(":00") && text.size() > kDateLength + 6) text.resize(text.size() - 3);
  return text;
}

}  // namespace

std::string zone_shown(const std::string& time_zone) { return TimeZone::find_or_utc(time_zone).name(); }

std::string local_time(TimePoint t, const std::string& time_zone) {
  return without_zero_seconds(clock_text(t, time_zone));
}

std::string local_time_and_zone(TimePoint t, const std::string& time_zone) {
  return fmt::format("{} ({})", local_time(t, time_zone), zone_shown(time_zone));
}

std::string local_time_near(TimePoint t, TimePoint reference, const std::string& time_zone) {
  const std::string text = clock_text(t, time_zone);
  const bool same_day =
      t != kNoTime && text.substr(0, kDateLength) == clock_text(reference, time_zone).substr(0, kDateLength);
  return same_day ? text.substr(kDateLength + 1) : text;
}

std::string window_text(const TimeRange& window, const std::string& time_zone) {
  std::string begin = local_time(window.begin, time_zone);
  std::string end = local_time(window.end, time_zone);
  if (window.begin != kNoTime && window.end != kNoTime) {
    const TimeZone zone = TimeZone::find_or_utc(time_zone);
    const auto before = zone.offset_at(window.begin);
    const auto after = zone.offset_at(window.end);
    const bool same_day = begin.substr(0, kDateLength) == end.substr(0, kDateLength);
    if (same_day) end = end.substr(kDateLength + 1);
    // Clocks are changed in between: 01:30 may come after 01:50.
    if (before != after) {
      begin += " " + format_offset(before);
      end += " " + format_offset(after);
    }
  }
  return fmt::format("{} – {} ({})", begin, end, zone_shown(time_zone));
}

}  // namespace fa::chatops
