#include "chatops/messages_time.h"

#include <date/tz.h>
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>

#include "chatops/messages.h"

namespace fa::chatops {
namespace {

constexpr std::string_view kNoTimeText = "–";
constexpr std::size_t kDateLength = std::string_view("2026-03-14").size();

/// nullptr where the machine does not know it.
const date::time_zone* find_zone(const std::string& name) {
  if (name.empty()) return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

/// How far the zone's clocks are ahead of UTC at that time.
std::chrono::seconds offset_at(TimePoint t, const std::string& time_zone) {
  // Zones had local solar times before; and sums must not leave the range of TimePoint.
  if (t < from_unix_nanos(0) || t > TimePoint::max() - std::chrono::hours(48)) return {};
  const date::time_zone* zone = find_zone(time_zone);
  if (zone == nullptr) return {};
  try {
    return zone->get_info(std::chrono::floor<std::chrono::seconds>(t)).offset;
  } catch (const std::exception&) {
    return {};
  }
}

/// `2026-03-14 17:30:00`
std::string clock_text(TimePoint t, const std::string& time_zone) {
  if (t == kNoTime) return std::string(kNoTimeText);
  std::string text = format_rfc3339(t + offset_at(t, time_zone));
  const std::size_t separator = text.find('T');
  if (separator == std::string::npos) return text;
  return text.substr(0, separator) + " " + text.substr(separator + 1, 8);
}

std::string without_zero_seconds(std::string text) {
  if (text.ends_with(":00") && text.size() > kDateLength + 6) text.resize(text.size() - 3);
  return text;
}

std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::abs(std::chrono::duration_cast<std::chrono::minutes>(offset).count());
  return fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

std::string zone_shown(const std::string& time_zone) {
  return find_zone(time_zone) == nullptr ? std::string("UTC") : time_zone;
}

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
    const auto before = offset_at(window.begin, time_zone);
    const auto after = offset_at(window.end, time_zone);
    const bool same_day = begin.substr(0, kDateLength) == end.substr(0, kDateLength);
    if (same_day) end = end.substr(kDateLength + 1);
    // Clocks are changed in between: 01:30 may come after 01:50.
    if (before != after) {
      begin += " " + offset_text(before);
      end += " " + offset_text(after);
    }
  }
  return fmt::format("{} – {} ({})", begin, end, zone_shown(time_zone));
}

}  // namespace fa::chatops
