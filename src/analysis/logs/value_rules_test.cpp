#include "analysis/logs/value_rules.h"

#include <gtest/gtest.h>

namespace fa::rules {
namespace {

TEST(ValueRules, dates_end_where_their_last_part_ends) {
  const auto rest = [](std::string_view text) { return std::string(text.substr(date_end(text, 0))); };
  EXPECT_EQ(rest("Fri Jun 17 07:07:00 2005 x"), " x");
  EXPECT_EQ(rest("Sat May 04 07:16:00 CST 2013]"), "]");
  EXPECT_EQ(rest("Sun, 29 Jan 2023 08:42:15 GMT"), "");
  EXPECT_EQ(rest("Jun 17 07:07:00.123 host"), " host");
  EXPECT_EQ(rest("29 Jan 2023 08:42"), "");
  for (const char* text : {"May 4 times", "Sunday", "Sun rises", "Mar", "Jan 123", "Fri", "", "12 Jan"}) {
    EXPECT_EQ(date_end(text, 0), 0U) << text;
  }
}

TEST(ValueRules, addresses_of_hex_groups) {
  for (const char* text : {"5c:50:15:4c:18:13", "fe80::1", "FF:F2:9F:16:E2:23:00:0D:60:E9:1D:DC", "0:0:0:0:0:0:0:1",
                           "::1:2", "2001:db8::10.0.0.1"}) {
    EXPECT_EQ(hex_groups_end(text, 0), std::string_view(text).size()) << text;
  }
  for (const char* text : {"12:30:00", "face:book", "add", "a:b", ""}) EXPECT_EQ(hex_groups_end(text, 0), 0U) << text;
}

TEST(ValueRules, kinds_of_numeric_values) {
  EXPECT_EQ(numeric_kind("-12.5"), ValueKind::kNumber);
  EXPECT_EQ(numeric_kind("12.5ms"), ValueKind::kDuration);
  EXPECT_EQ(numeric_kind("64MB"), ValueKind::kSize);
  EXPECT_EQ(numeric_kind("0x1f"), ValueKind::kHex);
  EXPECT_EQ(numeric_kind("10.0.0.1:80"), ValueKind::kAddress);
  EXPECT_EQ(numeric_kind("07:16:00"), ValueKind::kTime);
  EXPECT_EQ(numeric_kind("2013-05-04"), ValueKind::kTime);
  EXPECT_EQ(numeric_kind("92708982-77af"), ValueKind::kIdentifier);
}

TEST(ValueRules, leading_numbers) {
  const auto number = [](std::string_view text) {
    const auto found = leading_number(text);
    return found ? std::to_string(found->value) + "|" + std::string(found->rest) : std::string("none");
  };
  EXPECT_EQ(number("12.5ms"), "12.500000|ms");
  EXPECT_EQ(number("-1,234,567"), "-1234567.000000|");
  EXPECT_EQ(number("0x1F"), "31.000000|");
  EXPECT_EQ(number("2e3s"), "2000.000000|s");
  EXPECT_EQ(number("5e"), "5.000000|e");
  for (const char* text : {"", "-", ".", "ms", "0x", "+x"})
    EXPECT_TRUE(number(text) == "none" || text[0] == '0') << text;
  EXPECT_TRUE(number(std::string(400, '9')).size() > 1);
  EXPECT_EQ(number("1e999999999999"), "none");
}

TEST(ValueRules, units) {
  EXPECT_DOUBLE_EQ(*duration_unit("ms"), 1e-3);
  EXPECT_DOUBLE_EQ(*duration_unit("Seconds"), 1);
  EXPECT_FALSE(duration_unit("bytes"));
  EXPECT_DOUBLE_EQ(*size_unit("KiB"), 1024);
  EXPECT_DOUBLE_EQ(*size_unit("k"), 1000);
  EXPECT_FALSE(size_unit("kx"));
}

}  // namespace
}  // namespace fa::rules
