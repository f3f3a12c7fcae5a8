#include "sources/aws/cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

TEST(PriceList, built_in_has_a_date_and_a_price_for_what_is_dear) {
  const PriceList& prices = PriceList::built_in();
  EXPECT_EQ(prices.date().size(), 10U);
  for (const CostItem item : {CostItem::kLogsInsightsBytes, CostItem::kAthenaBytes, CostItem::kMetricsRequested,
                              CostItem::kXRayTraces, CostItem::kS3Get}) {
    EXPECT_GT(prices.price(item, "ap-northeast-1"), 0) << cost_item_name(item);
    EXPECT_GT(prices.price(item, "a-region-nobody-listed"), 0) << cost_item_name(item);
  }
  EXPECT_LT(prices.price(CostItem::kAthenaBytes, "us-east-1"), prices.price(CostItem::kAthenaBytes, "elsewhere"));
}

TEST(PriceList, says_what_is_wrong_and_where) {
  struct Case {
    const char* toml;
    const char* told;
  };
  const Case kCases[] = {
      {"", "expected date"},
      {"date = \"2026-01-01\"", "[usd.default]"},
      {"date = \"2026-01-01\"\n[usd.default]\nlunch = 1", "p.toml:3: unknown price \"lunch\""},
      {"date = \"2026-01-01\"\n[usd.default]\ns3_get = -1", "p.toml:3: expected US dollars"},
      {"date = \"2026-01-01\"\n[usd.default]\ns3_get = \"x\"", "p.toml:3: expected US dollars"},
      {"date = ", "p.toml:1"},
  };
  for (const Case& c : kCases) {
    const auto list = PriceList::parse(c.toml, "p.toml");
    ASSERT_FALSE(list) << c.toml;
    EXPECT_THAT(list.error().message, testing::HasSubstr(c.told)) << c.toml;
  }
}

PriceList one_dollar_a_byte() {
  return *PriceList::parse("date = \"2026-01-01\"\n[usd.default]\nathena_bytes = 1\n[usd.cheap]\nathena_bytes = 0.1",
                           "p");
}

TEST(CostMeter, stops_before_a_limit_is_passed_and_says_which) {
  const PriceList prices = one_dollar_a_byte();
  CostMeter meter(prices, {.max_usd = 10, .max_scan_bytes = 50, .max_fetch_bytes = 100, .max_calls = 2});
  EXPECT_TRUE(meter.reserve(CostItem::kAthenaBytes, 9, "here", "Athena"));
  const auto dear = meter.reserve(CostItem::kAthenaBytes, 2, "here", "Athena");
  ASSERT_FALSE(dear);
  EXPECT_EQ(dear.error().code, ErrorCode::kLimit);
  EXPECT_THAT(dear.error().message, testing::HasSubstr("aws.limits.max_usd"));
  EXPECT_TRUE(meter.reserve(CostItem::kAthenaBytes, 9, "cheap", "Athena")) << "a refusal must not have counted";
  meter.settle(CostItem::kAthenaBytes, 9, 1, "here", "Athena");
  EXPECT_NEAR(meter.spent_usd(), 1.9, 1e-9);
  const auto wide = meter.reserve(CostItem::kLogsInsightsBytes, 41, "here", "Logs");
  ASSERT_FALSE(wide);
  EXPECT_THAT(wide.error().message, testing::HasSubstr("aws.limits.max_scan_bytes"));
  EXPECT_TRUE(meter.reserve(CostItem::kLogsInsightsBytes, 40, "here", "Logs"));
  const auto large = meter.reserve(CostItem::kS3BytesOut, 101, "here", "S3");
  ASSERT_FALSE(large);
  EXPECT_THAT(large.error().message, testing::HasSubstr("aws.limits.max_fetch_bytes"));
  EXPECT_TRUE(meter.reserve(CostItem::kS3Get, 2, "here", "S3"));
  const auto many = meter.reserve(CostItem::kLogsApiCall, 1, "here", "Logs");
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().message, testing::HasSubstr("aws.limits.max_calls"));
  const auto usage = meter.usage();
  ASSERT_EQ(usage.size(), 3U);
  EXPECT_EQ(usage[0].source, "Athena");
  EXPECT_EQ(usage[0].scanned_bytes, 10U);
  EXPECT_NEAR(usage[0].cost_usd, 1.9, 1e-9);
  EXPECT_EQ(usage[2].calls, 2U);
  EXPECT_EQ(meter.by_source().at("Athena").at(CostItem::kAthenaBytes), 10);
}

}  // namespace
}  // namespace fa
