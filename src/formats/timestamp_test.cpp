#include "formats/timestamp.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

std::string shown(const std::optional<ParsedTimestamp>& found) {
  if (!found) return "none";
  return found->time == kNoTime ? "unplaced" : format_rfc3339(found->time);
}

TimestampContext near(std::string_view reference) {
  TimestampContext context;
  context.reference_time = parse_rfc3339(reference);
  return context;
}

struct Case {
  std::string_view line;
  std::string_view time;
  std::string_view rest = {};  ///< What must follow the timestamp.
};

void PrintTo(const Case& c, std::ostream* os) { *os << c.line; }

class ScanTimestamp : public testing::TestWithParam<Case> {};

TEST_P(ScanTimestamp, FindsTimeAndEnd) {
  const auto& c = GetParam();
  const auto found = scan_timestamp(c.line, near("2026-03-20T00:00:00Z"));
  EXPECT_EQ(shown(found), c.time);
  if (found && !c.rest.empty()) {
    EXPECT_EQ(c.line.substr(found->end), c.rest);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Iso8601, ScanTimestamp,
    testing::Values(Case{"2026-03-14T17:30:00Z x", "2026-03-14T17:30:00Z", " x"},
                    Case{"2026-03-14T17:30:00.123456789+09:00 x", "2026-03-14T08:30:00.123456789Z", " x"},
                    Case{"2026-03-14 17:30:00,123 x", "2026-03-14T17:30:00.123Z", " x"},
                    Case{"2026-03-14 17:30:00.1 +0900 x", "2026-03-14T08:30:00.100Z", " x"},
                    Case{"2026-03-14 17:30:00-07 x", "2026-03-15T00:30:00Z", " x"},
                    Case{"2026-03-14 17:30:00 JST [1]", "2026-03-14T08:30:00Z", " [1]"},
                    Case{"2026-03-14 17:30:00 UTC [1]", "2026-03-14T17:30:00Z", " [1]"},
                    Case{"2026-03-14 17:30:00 CST x", "2026-03-14T17:30:00Z", " x"},
                    Case{"2026-03-14 17:30:00 - x", "2026-03-14T17:30:00Z", " - x"},
                    Case{"2026-03-14 17:30:00 GET /", "2026-03-14T17:30:00Z", " GET /"},
                    Case{"2026-03-14_17:30:00 x", "2026-03-14T17:30:00Z"},
                    Case{"2026/03/14 17:30:00 x", "2026-03-14T17:30:00Z"},
                    Case{"2026.03.14 17:30:00 x", "2026-03-14T17:30:00Z"},
                    Case{"2026-03-14-17.30.00.675872 x", "2026-03-14T17:30:00.675872Z", " x"},
                    Case{"2026-03-14 17:30:00:123 x", "2026-03-14T17:30:00.123Z", " x"},
                    Case{"2026-03-14 17:30 x", "2026-03-14T17:30:00Z", " x"},
                    Case{"20260314T173000Z x", "2026-03-14T17:30:00Z", " x"},
                    Case{"20260314 17:30:00.5 x", "2026-03-14T17:30:00.500Z"},
                    Case{"20260314173000 x", "2026-03-14T17:30:00Z"},
                    Case{"2026-03-14T17:30:00+09:00[Asia/Tokyo] x", "2026-03-14T08:30:00Z", " x"},
                    Case{"2026-03-14T17:30:00.1234567890123Z x", "2026-03-14T17:30:00.123456789Z", " x"},
                    Case{"2026年03月14日 17時30分05秒 x", "2026-03-14T17:30:05Z", " x"},
                    Case{"2026/03/14(土) 17:30:05 x", "2026-03-14T17:30:05Z", " x"}));

INSTANTIATE_TEST_SUITE_P(
    Names, ScanTimestamp,
    testing::Values(Case{"[14/Mar/2026:17:30:00 +0900] x", "2026-03-14T08:30:00Z", "] x"},
                    Case{"[Sun Dec 04 04:47:44 2005] [error]", "2005-12-04T04:47:44Z", "] [error]"},
                    Case{"[Fri Sep 09 10:42:29.902022 2011] [core:error]", "2011-09-09T10:42:29.902022Z"},
                    Case{"Sat May 04 07:16:00 UTC 2013 x", "2013-05-04T07:16:00Z", " x"},
                    Case{"Sun, 04 Dec 2005 04:47:44 GMT x", "2005-12-04T04:47:44Z", " x"},
                    Case{"Mar 14, 2026 5:30:00 PM com.x.Y run", "2026-03-14T17:30:00Z", " com.x.Y run"},
                    Case{"March 14, 2026 12:30:00 am x", "2026-03-14T00:30:00Z", " x"},
                    Case{"14 Mar 2026 17:30:00,123 INFO", "2026-03-14T17:30:00.123Z"},
                    Case{"14-Mar-2026 17:30:00.123 x", "2026-03-14T17:30:00.123Z"},
                    Case{"2026 Mar 14 17:30:00 x", "2026-03-14T17:30:00Z"},
                    Case{"Mar 14 17:30:00 host x: y", "2026-03-14T17:30:00Z", " host x: y"},
                    Case{"Mar  4 17:30:00 host", "2026-03-04T17:30:00Z"},
                    Case{"Dec 31 23:59:59 host", "2025-12-31T23:59:59Z"},
                    Case{"1:M 14 Mar 2026 17:30:00.123 * Ready", "2026-03-14T17:30:00.123Z"}));

INSTANTIATE_TEST_SUITE_P(Numbers, ScanTimestamp,
                         testing::Values(Case{"03/14/2026 05:30:00 PM x", "2026-03-14T17:30:00Z"},
                                         Case{"14/03/2026 17:30:00 x", "2026-03-14T17:30:00Z"},
                                         Case{"14.03.2026 17:30:00 x", "2026-03-14T17:30:00Z"},
                                         Case{"03/04/2026 17:30:00 closest to the reference", "2026-04-03T17:30:00Z"},
                                         Case{"26/03/14 17:30:00 INFO SparkContext", "2026-03-14T17:30:00Z"},
                                         Case{"081109 203615 148 INFO", "2008-11-09T20:36:15Z", " 148 INFO"},
                                         Case{"140314 17:30:00 [Warning]", "2014-03-14T17:30:00Z"},
                                         Case{"03-17 16:13:38.811  1702", "2026-03-17T16:13:38.811Z"},
                                         Case{"I0314 08:30:00.123456       1 file.go:12] x",
                                              "2026-03-14T08:30:00.123456Z"},
                                         Case{"E20260314 08:30:00.123456 1 f.cc:12] x", "2026-03-14T08:30:00.123456Z"},
                                         Case{"16:42:22.382 INFO", "2026-03-19T16:42:22.382Z"},
                                         Case{"[01:02:03 INF] x", "2026-03-20T01:02:03Z"},
                                         Case{"1773477000 x", "2026-03-14T08:30:00Z", " x"},
                                         Case{"[1773477000123] x", "2026-03-14T08:30:00.123Z", "] x"},
                                         Case{"1773477000.5 x", "2026-03-14T08:30:00.500Z", " x"},
                                         Case{"1773477000123456789 x", "2026-03-14T08:30:00.123456789Z"},
                                         Case{"- 1117838570 2005.06.03 R02", "2005-06-03T22:42:50Z"}));

INSTANTIATE_TEST_SUITE_P(
    Prefixes, ScanTimestamp,
    testing::Values(Case{"INFO 2026-03-14 17:30:00 x", "2026-03-14T17:30:00Z"},
                    Case{"[ERROR][2026-03-14 17:30:00] x", "2026-03-14T17:30:00Z"},
                    Case{"web01 2026-03-14 17:30:00 x", "2026-03-14T17:30:00Z"},
                    Case{"10.0.0.1 - bob [14/Mar/2026:17:30:00 +0000] \"GET", "2026-03-14T17:30:00Z"},
                    Case{"<34>Mar 14 17:30:00 host su: x", "2026-03-14T17:30:00Z"},
                    Case{"I, [2026-03-14T17:30:00.5 #12]  INFO -- : x", "2026-03-14T17:30:00.500Z"}));

INSTANTIATE_TEST_SUITE_P(NotATimestamp, ScanTimestamp,
                         testing::Values(Case{"", "none"}, Case{"hello world", "none"},
                                         Case{"Start Time:   Wed, 14 Mar 2026 17:30:00", "none"},
                                         Case{"    Started:   2026-03-14 17:30:00", "none"},
                                         Case{"\"time\": \"2026-03-14T17:30:00Z\"", "none"},
                                         Case{"backup finished at 2026-03-14 17:30:00", "none"},
                                         Case{"took 10:00:00 in all", "none"}, Case{"2026-13-14 17:30:00", "none"},
                                         Case{"2026-02-30 17:30:00", "none"}, Case{"2026-03-14 24:30:00", "none"},
                                         Case{"1969-12-31 23:59:59", "none"}, Case{"2262-01-01 00:00:00", "none"},
                                         Case{"9999-12-31T23:59:59Z", "none"},
                                         Case{"1970-01-01T00:00:00+09:00", "none"},
                                         Case{"2026-03-14 only a date", "none"}, Case{"10.20.30.40 is a host", "none"},
                                         Case{"99999999999999999999 x", "none"}, Case{"9999999999999999999 x", "none"},
                                         Case{"Mar", "none"}, Case{"2026-", "none"}));

TEST(Timestamp, WithoutReferenceAYearlessDateIsFoundButNotPlaced) {
  const auto found = scan_timestamp("Mar 14 17:30:00 host", {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->time, kNoTime);
  EXPECT_TRUE(found->has_date);
  EXPECT_FALSE(found->has_year);
}

TEST(Timestamp, LearnedOrderDecidesAmbiguousDates) {
  TimestampContext context;
  EXPECT_EQ(shown(scan_timestamp("03/04/2026 10:00:00", context)), "2026-03-04T10:00:00Z");
  context.date_order = scan_timestamp("31/12/2025 10:00:00", context)->date_order;
  EXPECT_EQ(shown(scan_timestamp("03/04/2026 10:00:00", context)), "2026-04-03T10:00:00Z");
}

TEST(Timestamp, DateAloneOnlyWhereAllowed) {
  TimestampContext context;
  EXPECT_FALSE(parse_timestamp_text("2026-03-14", context));
  context.allow_date_only = true;
  EXPECT_EQ(shown(parse_timestamp_text("2026-03-14", context)), "2026-03-14T00:00:00Z");
  EXPECT_EQ(shown(parse_timestamp_text(" 14/03/2026 ", context)), "2026-03-14T00:00:00Z");
}

TEST(Timestamp, ZoneIsKnownOnlyWhenItMeansOneOffset) {
  EXPECT_TRUE(scan_timestamp("2026-03-14 17:30:00 JST", {})->has_zone);
  EXPECT_FALSE(scan_timestamp("2026-03-14 17:30:00 IST", {})->has_zone);
  EXPECT_FALSE(scan_timestamp("2026-03-14 17:30:00", {})->has_zone);
}

TEST(Timestamp, EpochNumbersOfAnyUnitAreExact) {
  const auto at = [](std::string_view text) {
    const auto t = parse_epoch_number(text);
    return t ? format_rfc3339(*t) : "none";
  };
  EXPECT_EQ(at("1773477000"), "2026-03-14T08:30:00Z");
  EXPECT_EQ(at("1773477000.123456789"), "2026-03-14T08:30:00.123456789Z");
  EXPECT_EQ(at("1773477000123"), "2026-03-14T08:30:00.123Z");
  EXPECT_EQ(at("1773477000123456"), "2026-03-14T08:30:00.123456Z");
  EXPECT_EQ(at("1773477000123456789"), "2026-03-14T08:30:00.123456789Z");
  EXPECT_EQ(at("1.773477e9"), "2026-03-14T08:30:00Z");
  EXPECT_EQ(at("0"), "1970-01-01T00:00:00Z");
  for (const auto* bad : {"", "-1", "x", "12x", "18446744073709551615", "99999999999999999999999", "1e400", "1e"}) {
    EXPECT_EQ(at(bad), "none") << bad;
  }
}

}  // namespace
}  // namespace fa
