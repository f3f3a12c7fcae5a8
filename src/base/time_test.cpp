#include "base/time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

using namespace std::chrono_literals;

class FixedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return from_unix_nanos(1'773'477'000'500'000'000); }
};

std::string parsed(std::string_view text) {
  const auto t = parse_rfc3339(text);
  return t ? format_rfc3339(*t) : "none";
}

TEST(Rfc3339, ReadsTheFormsInUse) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2026-03-14T08:30:00Z", "2026-03-14T08:30:00Z"},
      {"2026-03-14t08:30:00z", "2026-03-14T08:30:00Z"},
      {"2026-03-14 08:30:00", "2026-03-14T08:30:00Z"},
      {"2026-03-14T08:30Z", "2026-03-14T08:30:00Z"},
      {"2026-03-14T17:30:00+09:00", "2026-03-14T08:30:00Z"},
      {"2026-03-14T17:30:00+0900", "2026-03-14T08:30:00Z"},
      {"2026-03-14T17:30:00+09", "2026-03-14T08:30:00Z"},
      {"2026-03-13T23:00:00.5-09:30", "2026-03-14T08:30:00.500Z"},
      {"2026-03-14T08:30:00,123Z", "2026-03-14T08:30:00.123Z"},
      {"2026-03-14T08:30:00.1234567891234Z", "2026-03-14T08:30:00.123456789Z"},
      {"2026-03-14T08:30:00.000001Z", "2026-03-14T08:30:00.000001Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
      {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
      {"1970-01-01T00:00:00.5+09:00", "1969-12-31T15:00:00.500Z"},
      {"2261-12-31T23:59:59.999999999Z", "2261-12-31T23:59:59.999999999Z"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(parsed(text), expected) << text;
  }
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-03-14",
                                      "2026-03-14T",
                                      "2026-03-14T08",
                                      "2026-3-14T08:30:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-01-00T00:00:00Z",
                                      "2026-03-14T24:00:00Z",
                                      "2026-03-14T08:60:00Z",
                                      "2026-03-14T08:30:61Z",
                                      "2026-03-14T08:30:00.Z",
                                      "2026-03-14T08:30:00Zx",
                                      "2026-03-14T08:30:00+9",
                                      "2026-03-14T08:30:00+24:00",
                                      "2026-03-14T08:30:00+09:60",
                                      "2026-03-14T08:30:00+09:",
                                      "2026-03-14x08:30:00Z",
                                      " 2026-03-14T08:30:00Z",
                                      "1969-12-31T23:59:59Z",
                                      "0001-01-01T00:00:00Z",
                                      "2262-01-01T00:00:00Z",
                                      "9999-12-31T23:59:59Z",
                                      "2026-03-14T08:30:00 Asia/Tokyo",
                                      "-026-03-14T08:30:00Z"}) {
    EXPECT_EQ(parsed(text), "none") << text;
  }
}

TEST(Rfc3339, FormattingLosesNothing) {
  EXPECT_EQ(format_rfc3339(from_unix_nanos(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(from_unix_nanos(-1)), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(format_rfc3339(from_unix_nanos(1)), "1970-01-01T00:00:00.000000001Z");
  EXPECT_EQ(format_rfc3339(TimePoint::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(format_rfc3339(TimePoint::min() + 1ns), "1677-09-21T00:12:43.145224193Z");
  EXPECT_EQ(format_rfc3339(kNoTime), "");
  EXPECT_EQ(format_time_of_day(from_unix_nanos(1'773'477'000'500'000'000)), "08:30:00");
  EXPECT_EQ(format_time_of_day(kNoTime), "");
}

std::string user_time(std::string_view text) {
  const auto t = parse_user_time(text, FixedClock{});
  return t ? format_rfc3339(*t) : "error";
}

TEST(UserTime, ReadsWhatPeopleType) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"2026-03-14T08:30:00Z", "2026-03-14T08:30:00Z"},
      {" 2026-03-14 17:30 Asia/Tokyo ", "2026-03-14T08:30:00Z"},
      {"2026-03-14 17:30:00.25 Asia/Tokyo", "2026-03-14T08:30:00.250Z"},
      {"2026-03-14 17:30 +09:00", "2026-03-14T08:30:00Z"},
      {"2026-03-14 08:30", "2026-03-14T08:30:00Z"},
      {"2026-03-14 08:30 UTC", "2026-03-14T08:30:00Z"},
      {"2026-07-01 12:00 America/New_York", "2026-07-01T16:00:00Z"},
      {"2026-03-08 02:30 America/New_York", "2026-03-08T07:00:00Z"},  // does not exist: the moment of the change
      {"2026-11-01 01:30 America/New_York", "2026-11-01T05:30:00Z"},  // exists twice: the first
      {"now", "2026-03-14T08:30:00Z"},
      {"NOW", "2026-03-14T08:30:00Z"},
      {"now-30m", "2026-03-14T08:00:00Z"},
      {"now - 90s", "2026-03-14T08:28:30Z"},
      {"now+1h", "2026-03-14T09:30:00Z"},
      {"now-2d", "2026-03-12T08:30:00Z"},
      {"now-1w", "2026-03-07T08:30:00Z"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(user_time(text), expected) << text;
  }
}

TEST(UserTime, ErrorsNameTheTextAndTheForms) {
  for (const std::string_view text :
       {"", "yesterday", "now-", "now-5", "now-5y", "now5m", "now-99999999999999999999w", "2026-03-14",
        "2026-03-14 17:30 Mars/Olympus", "2026-03-14 17:30 ../../etc/passwd", "2026-03-14 17:30 +99:00", "now-5mm"}) {
    const auto t = parse_user_time(text, FixedClock{});
    ASSERT_FALSE(t) << text;
    EXPECT_EQ(t.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(t.error().message, testing::AllOf(testing::HasSubstr("'" + std::string(text) + "'"),
                                                  testing::HasSubstr("now-30m"), testing::HasSubstr("Asia/Tokyo")));
  }
}

TEST(Duration, ReadsWell) {
  const std::pair<Nanoseconds, std::string_view> cases[] = {
      {0ns, "0 s"},        {1ns, "1 ns"},     {999ns, "999 ns"},
      {1500ns, "1.5 µs"},  {350ms, "350 ms"}, {999'999us, "1 s"},
      {1s, "1 s"},         {1500ms, "1.5 s"}, {42s, "42 s"},
      {59'999ms, "1m"},    {60s, "1m"},       {250s, "4m 10s"},
      {3599s, "59m 59s"},  {3600s, "1h"},     {3900s, "1h 5m"},
      {3'599'600ms, "1h"}, {86'399s, "1d"},   {86'400s, "1d"},
      {90'000s, "1d 1h"},  {-90s, "-1m 30s"}, {Nanoseconds::min(), "-106752d"}};
  for (const auto& [duration, text] : cases) {
    EXPECT_EQ(format_duration(duration), text);
  }
}

}  // namespace
}  // namespace fa
