#include "formats/metric_entity.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fa {
namespace {

using Dimensions = std::vector<std::pair<std::string, std::string>>;

TEST(MetricEntity, is_the_most_specific_part_a_user_would_call_a_service) {
  struct Case {
    Dimensions dimensions;
    const char* service;
    const char* instance;
    Dimensions rest;
  };
  const Case cases[] = {
      {{}, "", "", {}},
      {{{"ClusterName", "shop"}, {"ServiceName", "orders"}}, "orders", "", {{"ClusterName", "shop"}}},
      {{{"FunctionName", "orders"}, {"Resource", "orders:live"}}, "orders", "", {{"Resource", "orders:live"}}},
      {{{"TargetGroup", "targetgroup/web/1"}, {"LoadBalancer", "app/web/2"}},
       "app/web/2",
       "",
       {{"TargetGroup", "targetgroup/web/1"}}},
      {{{"TableName", "orders"}, {"Operation", "PutItem"}}, "orders", "", {{"Operation", "PutItem"}}},
      {{{"StateMachineArn", "arn:aws:states:ap-northeast-1:123456789012:stateMachine:orders"}}, "orders", "", {}},
      {{{"ClusterName", "shop"}, {"Namespace", "default"}, {"PodName", "orders"}, {"FullPodName", "orders-7f-x"}},
       "orders",
       "orders-7f-x",
       {{"ClusterName", "shop"}, {"Namespace", "default"}}},
      {{{"Service", "orders"}, {"ClusterName", "shop"}, {"PodName", "orders-7f"}},
       "orders",
       "orders-7f",
       {{"ClusterName", "shop"}}},
      {{{"AutoScalingGroupName", "web"}}, "web", "", {}},
      {{{"AutoScalingGroupName", "web"}, {"InstanceId", "i-1"}}, "web", "i-1", {}},
      {{{"InstanceId", "i-1"}}, "i-1", "", {}},
      {{{"NatGatewayId", "nat-1"}}, "nat-1", "", {}},
      {{{"service", "orders"}, {"function_name", "f"}}, "orders", "", {{"function_name", "f"}}},
      {{{"shelf", "b"}, {"aisle", "a"}}, "b", "", {{"aisle", "a"}}},
      {{{"x", "arn:"}}, "arn:", "", {}},
  };
  for (const Case& c : cases) {
    const MetricEntity got = entity_of_metric(c.dimensions);
    EXPECT_EQ(got.service, c.service);
    EXPECT_EQ(got.instance, c.instance) << c.service;
    EXPECT_EQ(got.dimensions, c.rest) << c.service;
  }
}

TEST(MetricUnit, is_known_for_durations_and_shares_of_aws) {
  struct Case {
    const char* metric_namespace;
    const char* name;
    const char* statistic;
    const char* unit;
  };
  const Case cases[] = {
      {"AWS/ApplicationELB", "TargetResponseTime", "p99", "Seconds"},
      {"AWS/Lambda", "Duration", "Average", "Milliseconds"},
      {"AWS/Lambda", "Duration", "SampleCount", "Count"},
      {"AWS/Lambda", "Errors", "Sum", ""},
      {"AWS/RDS", "ReadLatency", "Average", "Seconds"},
      {"AWS/RDS", "CommitLatency", "Average", "Milliseconds"},
      {"AWS/ElastiCache", "GetTypeCmdsLatency", "Average", "Microseconds"},
      {"AWS/EC2", "CPUUtilization", "Average", "Percent"},
      {"CWAgent", "mem_used_percent", "Average", "Percent"},
      {"ContainerInsights", "pod_cpu_utilization", "Average", "Percent"},
      {"AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "Average", "Percent"},
      {"Shop", "CartUtilization", "Average", ""},
      {"Shop", "Duration", "Average", ""},
      {"", "", "", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(unit_of_metric(c.metric_namespace, c.name, c.statistic), c.unit) << c.name;
}

}  // namespace
}  // namespace fa
