#include "base/time_zone.h"

#include <date/tz.h>
#include <fmt/core.h>

#include <cstdlib>
#include <exception>

namespace fa {
namespace {

constexpr std::chrono::hours kMargin{48};  // No zone is further from UTC.

/// nullptr where the machine does not know it.
const date::time_zone* zone_named(const std::string& name) {
  if (name.empty()) return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::optional<date::sys_info> info_at(TimePoint t, const std::string& name) {
  if (name == "UTC" || t < from_unix_nanos(0) || t > TimePoint::max() - kMargin) return std::nullopt;
  const date::time_zone* zone = zone_named(name);
  if (zone == nullptr) return std::nullopt;
  try {
    return zone->get_info(std::chrono::floor<std::chrono::seconds>(t));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<TimeZone> TimeZone::find(const std::string& name) {
  if (name == "UTC") return TimeZone();
  const date::time_zone* zone = zone_named(name);
  return zone == nullptr ? std::nullopt : std::optional(TimeZone(name));
}

TimeZone TimeZone::find_or_utc(const std::string& name) { return find(name).value_or(TimeZone()); }

std::chrono::seconds TimeZone::offset_at(TimePoint t) const {
  const auto info = info_at(t, name_);
  return info ? info->offset : std::chrono::seconds(0);
}

std::string TimeZone::abbreviation_at(TimePoint t) const {
  const auto info = info_at(t, name_);
  if (!info) return "UTC";
  // The database writes `+0545` where people have no name for it.
  const bool named = !info->abbrev.empty() && info->abbrev.front() != '+' && info->abbrev.front() != '-';
  return named ? info->abbrev : "UTC" + format_offset(info->offset);
}

TimePoint TimeZone::from_local(LocalNanoseconds local) const {
  const TimePoint as_utc(local);
  if (is_utc() || as_utc < from_unix_nanos(0) + kMargin || as_utc > TimePoint::max() - 2 * kMargin) return as_utc;
  const date::time_zone* zone = zone_named(name_);
  if (zone == nullptr) return as_utc;
  try {
    return TimePoint(zone->to_sys(date::local_time<Nanoseconds>(local), date::choose::earliest).time_since_epoch());
  } catch (const std::exception&) {
    return as_utc;
  }
}

std::string format_local(TimePoint t, const TimeZone& zone) {
  if (t == kNoTime) return {};
  std::string text = format_rfc3339(TimePoint(zone.local(t)));
  const std::size_t separator = text.find('T');
  if (separator == std::string::npos) return text;
  return text.substr(0, separator) + " " + text.substr(separator + 1, 8);
}

std::string format_offset(std::chrono::seconds offset) {
  const auto minutes = std::abs(std::chrono::duration_cast<std::chrono::minutes>(offset).count());
  return fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace fa
