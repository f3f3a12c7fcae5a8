#include "sources/aws/metrics_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace fa {
namespace {

using testing::Contains;
using testing::ElementsAre;
using Statistics = std::vector<std::string>;

const Statistics kSum{"Sum"};
const Statistics kLatency{"p99", "Average", "p50", "p90", "Maximum"};
const Statistics kUse{"Average", "Maximum"};
const Statistics kLow{"Minimum"};
const Statistics kHigh{"Maximum"};
const Statistics kMean{"Average"};

TEST(MetricRules, the_right_statistics_for_what_is_measured) {
  struct Case {
    const char* metric_namespace;
    const char* name;
    Statistics statistics;
    int tier;
  };
  const Case cases[] = {
      {"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", kSum, 0},
      {"AWS/ApplicationELB", "TargetResponseTime", kLatency, 0},
      {"AWS/ApplicationELB", "HealthyHostCount", kLow, 0},
      {"AWS/ApplicationELB", "UnHealthyHostCount", kHigh, 0},
      {"AWS/ApplicationELB", "ConsumedLCUs", {"Average", "Sum"}, 2},
      {"AWS/NetworkELB", "TCP_Target_Reset_Count", kSum, 0},
      {"AWS/ECS", "CPUUtilization", kUse, 0},
      {"ECS/ContainerInsights", "RunningTaskCount", kLow, 0},
      {"ContainerInsights", "pod_memory_utilization", kUse, 0},
      {"AWS/Lambda", "Duration", kLatency, 0},
      {"AWS/Lambda", "Errors", kSum, 0},
      {"AWS/Lambda", "IteratorAge", kHigh, 0},
      {"AWS/DynamoDB", "ThrottledRequests", kSum, 0},
      {"AWS/DynamoDB", "SuccessfulRequestLatency", kLatency, 0},
      {"AWS/RDS", "FreeStorageSpace", kLow, 0},
      {"AWS/RDS", "DatabaseConnections", kUse, 0},
      {"AWS/ElastiCache", "Evictions", kSum, 0},
      {"AWS/SQS", "ApproximateAgeOfOldestMessage", kHigh, 0},
      {"AWS/SNS", "NumberOfNotificationsFailed", kSum, 0},
      {"AWS/ApiGateway", "Latency", kLatency, 0},
      {"AWS/EC2", "StatusCheckFailed", kHigh, 0},
      {"AWS/AutoScaling", "GroupInServiceInstances", kLow, 0},
      {"AWS/EBS", "BurstBalance", kLow, 0},
      {"AWS/EFS", "PercentIOLimit", kUse, 0},
      {"AWS/S3", "5xxErrors", kSum, 0},
      {"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", kHigh, 0},
      {"AWS/States", "ExecutionTime", kLatency, 0},
      {"AWS/NATGateway", "ErrorPortAllocation", kSum, 0},
      {"AWS/CloudFront", "5xxErrorRate", kMean, 0},
      {"AWS/Route53", "HealthCheckStatus", kLow, 0},
      {"AWS/Firehose", "DeliveryToS3.DataFreshness", kHigh, 0},
      {"AWS/Events", "FailedInvocations", kSum, 0},
      {"AWS/Usage", "ThrottleCount", kSum, 0},
      {"CWAgent", "mem_used_percent", kUse, 0},
      // A user's own, by the words of the name.
      {"Shop", "CheckoutLatency", kLatency, 0},
      {"Shop", "order_duration_ms", kLatency, 0},
      {"Shop", "payment.failures", kSum, 0},
      {"Shop", "ErrorRate", kMean, 0},
      {"Shop", "CacheHitPercent", kUse, 1},
      {"Shop", "OrderCount", kSum, 1},
      {"Shop", "FreeSlots", kLow, 1},
      {"Shop", "PaymentAvailability", kLow, 0},
      {"Shop", "QueueDepth", kHigh, 0},
      {"Shop", "HeapUsed", kUse, 1},
      {"Shop", "Carrots", {"Average", "Sum"}, 1},
      // Of AWS, but not in the table: the same words, less weight.
      {"AWS/Polly", "ResponseLatency", kLatency, 1},
      {"AWS/Polly", "5XXCount", kSum, 1},
      {"", "", {"Average", "Sum"}, 1},
  };
  for (const Case& c : cases) {
    const MetricRule rule = rule_for_metric(c.metric_namespace, c.name);
    EXPECT_EQ(rule.statistics, c.statistics) << c.metric_namespace << " " << c.name;
    EXPECT_EQ(rule.tier, c.tier) << c.metric_namespace << " " << c.name;
  }
}

TEST(MetricRules, a_users_own_metrics_come_before_and_unknown_ones_of_aws_behind_the_table) {
  EXPECT_LT(namespace_rank("Shop"), namespace_rank("AWS/ApplicationELB"));
  EXPECT_LT(namespace_rank("AWS/ApplicationELB"), namespace_rank("AWS/Lambda"));
  EXPECT_LT(namespace_rank("AWS/Lambda"), namespace_rank("AWS/EC2"));
  EXPECT_LT(namespace_rank("AWS/EC2"), namespace_rank("AWS/EBS"));
  EXPECT_LT(namespace_rank("AWS/EBS"), namespace_rank("AWS/Polly"));
}

TEST(MetricRules, what_says_nothing_of_an_incident) {
  EXPECT_TRUE(is_pointless({"AWS/Billing", "EstimatedCharges", {}}));
  EXPECT_TRUE(is_pointless({"AWS/Usage", "CallCount", {}}));
  EXPECT_FALSE(is_pointless({"AWS/Usage", "ThrottleCount", {}}));
  EXPECT_TRUE(is_pointless({"AWS/EC2", "CPUUtilization", {{"ImageId", "ami-1"}}}));
  EXPECT_TRUE(is_pointless({"AWS/EC2", "CPUUtilization", {{"InstanceType", "m5.large"}}}));
  EXPECT_FALSE(is_pointless({"AWS/EC2", "CPUUtilization", {{"InstanceId", "i-1"}}}));
  EXPECT_TRUE(is_pointless({"AWS/S3", "BucketSizeBytes", {{"BucketName", "b"}}}));
}

TEST(MetricRules, a_namespace_without_its_prefix_is_meant_all_the_same) {
  EXPECT_EQ(full_namespace("ApplicationELB"), "AWS/ApplicationELB");
  EXPECT_EQ(full_namespace("aws/rds"), "AWS/RDS");
  EXPECT_EQ(full_namespace("CWAgent"), "CWAgent");
  EXPECT_EQ(full_namespace("Shop"), "Shop");
}

TEST(MetricRules, each_namespace_of_the_table_stands_in_one_place) {
  const std::vector<std::string> names = known_namespaces();
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  EXPECT_GE(names.size(), 30U);
  EXPECT_THAT(names, Contains("AWS/Firehose"));
}

}  // namespace
}  // namespace fa
