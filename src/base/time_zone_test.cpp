#include "base/time_zone.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

TimePoint at(const char* text) { return *parse_rfc3339(text); }

TEST(TimeZone, shows_times_as_its_clocks_do) {
  struct Case {
    const char* zone;
    const char* utc;
    const char* shown;
    const char* abbreviation;
  };
  const Case kCases[] = {
      {"UTC", "2026-03-14T08:30:00Z", "2026-03-14 08:30:00", "UTC"},
      {"Asia/Tokyo", "2026-03-14T08:30:00.5Z", "2026-03-14 17:30:00", "JST"},
      {"Asia/Tokyo", "2026-03-14T15:00:00Z", "2026-03-15 00:00:00", "JST"},
      {"America/New_York", "2026-03-08T06:59:59Z", "2026-03-08 01:59:59", "EST"},
      {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08 03:00:00", "EDT"},
      {"Asia/Kathmandu", "2026-03-14T08:30:00Z", "2026-03-14 14:15:00", "UTC+05:45"},
      {"America/Sao_Paulo", "2026-03-14T08:30:00Z", "2026-03-14 05:30:00", "UTC-03:00"},
  };
  for (const Case& c : kCases) {
    const auto zone = TimeZone::find(c.zone);
    ASSERT_TRUE(zone) << c.zone;
    EXPECT_EQ(format_local(at(c.utc), *zone), c.shown);
    EXPECT_EQ(zone->abbreviation_at(at(c.utc)), c.abbreviation);
  }
}

TEST(TimeZone, finds_the_instant_behind_a_clock) {
  const TimeZone tokyo = TimeZone::find_or_utc("Asia/Tokyo");
  EXPECT_EQ(tokyo.from_local(tokyo.local(at("2026-03-14T08:30:00Z"))), at("2026-03-14T08:30:00Z"));
  const TimeZone new_york = TimeZone::find_or_utc("America/New_York");
  const auto clock = [](const char* text) { return at(text).time_since_epoch(); };
  EXPECT_EQ(new_york.from_local(clock("2026-03-08T02:30:00Z")), at("2026-03-08T07:00:00Z")) << "does not exist";
  EXPECT_EQ(new_york.from_local(clock("2026-11-01T01:30:00Z")), at("2026-11-01T05:30:00Z")) << "exists twice";
}

TEST(TimeZone, an_unknown_name_is_known_as_such) {
  for (const char* name : {"", "Mars/Olympus", "../../etc/passwd", "asia/tokyo\n"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
    EXPECT_TRUE(TimeZone::find_or_utc(name).is_utc());
  }
}

TEST(TimeZone, survives_the_ends_of_time) {
  const TimeZone tokyo = TimeZone::find_or_utc("Asia/Tokyo");
  for (const TimePoint t : {TimePoint::min(), TimePoint::min() + Nanoseconds(1), TimePoint::max()}) {
    EXPECT_EQ(tokyo.offset_at(t).count(), 0);
    EXPECT_EQ(tokyo.from_local(tokyo.local(t)), t);
  }
  EXPECT_EQ(format_local(kNoTime, tokyo), "");
}

}  // namespace
}  // namespace fa
