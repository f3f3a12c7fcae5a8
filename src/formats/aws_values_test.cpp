#include "formats/aws_values.h"

#include <gtest/gtest.h>

#include <string>

namespace fa {
namespace {

TEST(AwsValues, ReadsDecimalSecondsExactly) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"0", 0},
      {"1478293361", 1478293361'000000000},
      {"1478293361.271", 1478293361'271000000},
      {"1.478293361271E9", 1478293361'271000000},
      {"1.478293361271e+9", 1478293361'271000000},
      {"1773477000.123456789", 1773477000'123456789},
      {"1773477000.1234567899", 1773477000'123456789},
      {"17734770001234567.89E-7", 1773477000'123456789},
      {"0.5", 500000000},
      {".5", 500000000},
      {"5E-9", 5},
      {"5E-10", 0},
      {"0e40", 0},
      {"9214646399.999999999", 9214646399'999999999},
  };
  for (const auto& [text, nanos] : cases) {
    const auto time = parse_epoch_seconds(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_unix_nanos(*time), nanos) << text;
  }
  for (const char* text : {"", ".", "-1", "+1", "1e", "1e99999999999", "1E50", "1e-100", "1.2.3", "abc", "1x", "NaN",
                           "9214646400", "99999999999999999999999999999999999999999999999999999999999999"}) {
    EXPECT_FALSE(parse_epoch_seconds(text)) << text;
  }
}

TEST(AwsValues, RefusesTimesOutsideTheRange) {
  EXPECT_EQ(format_rfc3339(*time_from_millis(1773477000123)), "2026-03-14T08:30:00.123Z");
  EXPECT_FALSE(time_from_millis(-1));
  EXPECT_FALSE(time_from_millis(std::numeric_limits<std::int64_t>::max()));
  EXPECT_FALSE(time_from_millis(9214646400'000));
  EXPECT_TRUE(parse_aws_time("\"2026-03-14T08:30:00+09:00\""));
  EXPECT_FALSE(parse_aws_time("\"1960-03-14T08:30:00Z\""));
  EXPECT_FALSE(parse_aws_time("\""));
  EXPECT_EQ(format_rfc3339(*time_of_trace_id("1-5759e988-bd862e3fe1be46a994272793")), "2016-06-09T22:11:20Z");
  for (const char* text : {"", "1-", "1-5759e98z-bd862e3f", "2-5759e988-bd862e3f", "1-5759e988bd862e3f"}) {
    EXPECT_FALSE(time_of_trace_id(text)) << text;
  }
}

TEST(AwsValues, NamesServicesByTheirLogGroup) {
  const std::pair<const char*, const char*> cases[] = {
      {"/ecs/orders", "orders"},
      {"/aws/lambda/orders-fn", "orders-fn"},
      {"123456789012:/ecs/orders", "orders"},
      {"arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/orders:*", "orders"},
      {"orders", "orders"},
      {"/ecs/orders/", "orders"},
      {"/aws/rds/instance/orders-db/error", "orders-db"},
      {"/aws/rds/cluster/orders-db/postgresql", "orders-db"},
      {"/aws/eks/prod/cluster", "prod"},
      {"a:b", "a:b"},
      {"", ""},
      {"/", ""},
  };
  for (const auto& [group, service] : cases) EXPECT_EQ(service_of_log_group(group), service) << group;
}

TEST(AwsValues, SplitsArns) {
  const Arn arn = parse_arn("arn:aws:lambda:eu-west-1:123456789012:function:orders:live");
  EXPECT_EQ(arn.service, "lambda");
  EXPECT_EQ(arn.region, "eu-west-1");
  EXPECT_EQ(arn.account, "123456789012");
  EXPECT_EQ(arn.resource, "function:orders:live");
  for (const char* text : {"", "arn:", "arn:aws:ecs", "service/x", "arn:a:b:c:d"}) {
    EXPECT_EQ(parse_arn(text).resource, "") << text;
  }
}

}  // namespace
}  // namespace fa
