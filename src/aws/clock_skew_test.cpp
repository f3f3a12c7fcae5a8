#include "aws/clock_skew.h"

#include <gtest/gtest.h>

namespace fa::aws {
namespace {

TEST(ClockSkew, is_learned_from_a_date_more_than_four_minutes_off) {
  const TimePoint now = *parse_rfc3339("2026-03-14T08:30:00Z");
  struct Case {
    const char* date;
    std::chrono::seconds used;
    std::optional<std::chrono::seconds> learned;
  };
  using std::chrono::seconds;
  const Case kCases[] = {
      {"Sat, 14 Mar 2026 08:40:00 GMT", seconds(0), seconds(600)},
      {"Sat, 14 Mar 2026 08:20:00 GMT", seconds(0), seconds(-600)},
      {"Sat, 14 Mar 2026 08:34:00 GMT", seconds(0), std::nullopt},
      {"Sat, 14 Mar 2026 08:34:01 GMT", seconds(0), seconds(241)},
      {"Sat, 14 Mar 2026 08:40:00 GMT", seconds(590), std::nullopt},
      {"Sat, 14 Mar 2026 08:30:00 GMT", seconds(600), seconds(0)},
      {"yesterday", seconds(0), std::nullopt},
  };
  for (const Case& c : kCases) {
    const auto learned = learned_skew({{"Date", c.date}}, now, c.used);
    const auto wanted = c.learned ? std::optional<Nanoseconds>(*c.learned) : std::nullopt;
    EXPECT_EQ(learned, wanted) << c.date;
  }
  EXPECT_FALSE(learned_skew({}, now, Nanoseconds{0}));
}

TEST(ClockSkew, is_asked_only_about_refusals_that_a_clock_can_cause) {
  for (const char* code : {"RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException",
                           "RequestExpired", "AuthFailure", "RequestInTheFuture"}) {
    EXPECT_TRUE(may_be_clock_skew(400, code)) << code;
  }
  EXPECT_TRUE(may_be_clock_skew(403, ""));
  EXPECT_FALSE(may_be_clock_skew(404, ""));
  EXPECT_FALSE(may_be_clock_skew(403, "AccessDenied"));
  EXPECT_FALSE(may_be_clock_skew(400, "ThrottlingException"));
}

}  // namespace
}  // namespace fa::aws
