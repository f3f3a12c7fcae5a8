#include "sources/aws/metrics_select.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace fa {
namespace {

using aws::cloudwatch::Metric;
using testing::HasSubstr;
using Dimensions = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kRegion = "ap-northeast-1";

void add(std::vector<ListedMetric>& listed, std::string space, const Dimensions& dimensions,
         std::initializer_list<const char*> names) {
  for (const char* name : names) listed.push_back({kRegion, {space, name, dimensions}});
}

/// An account of some size: more than 2,000 metrics in more than 12 namespaces, most of them of no interest.
std::vector<ListedMetric> large_account() {
  std::vector<ListedMetric> all;
  for (const char* lb : {"app/web/50dc6c495c0c9188", "app/admin/60dc6c495c0c9188"}) {
    for (const char* zone : {"", "ap-northeast-1a", "ap-northeast-1c"}) {
      Dimensions d{{"LoadBalancer", lb}};
      if (zone[0] != 0) d.emplace_back("AvailabilityZone", zone);
      add(all, "AWS/ApplicationELB", d,
          {"RequestCount", "TargetResponseTime", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count",
           "ConsumedLCUs"});
      d.emplace_back("TargetGroup", std::string("targetgroup/") + (lb[4] == 'w' ? "web" : "admin") + "/1");
      add(all, "AWS/ApplicationELB", d, {"HealthyHostCount", "UnHealthyHostCount", "TargetResponseTime"});
    }
  }
  for (int i = 0; i < 120; ++i) {
    const std::string name = i == 7 ? "orders" : "function-" + std::to_string(i);
    add(all, "AWS/Lambda", {{"FunctionName", name}}, {"Errors", "Duration", "Invocations", "Throttles"});
    add(all, "AWS/Lambda", {{"FunctionName", name}, {"Resource", name}}, {"Errors", "Duration"});
  }
  add(all, "AWS/Lambda", {}, {"Errors", "Duration", "Invocations"});
  for (int i = 0; i < 20; ++i) {
    const std::string table = i == 3 ? "orders-table" : "table-" + std::to_string(i);
    add(all, "AWS/DynamoDB", {{"TableName", table}}, {"ConsumedReadCapacityUnits", "ReadThrottleEvents", "UserErrors"});
    for (const char* operation : {"GetItem", "PutItem"}) {
      add(all, "AWS/DynamoDB", {{"Operation", operation}, {"TableName", table}},
          {"SuccessfulRequestLatency", "ThrottledRequests", "SystemErrors"});
    }
  }
  for (int i = 0; i < 100; ++i) {
    add(all, "AWS/EC2", {{"InstanceId", "i-" + std::to_string(i)}},
        {"CPUUtilization", "NetworkIn", "StatusCheckFailed"});
    add(all, "AWS/EBS", {{"VolumeId", "vol-" + std::to_string(i)}},
        {"BurstBalance", "VolumeReadOps", "VolumeWriteOps"});
  }
  add(all, "AWS/EC2", {{"ImageId", "ami-1"}}, {"CPUUtilization"});
  for (int i = 0; i < 30; ++i) {
    add(all, "AWS/SQS", {{"QueueName", "queue-" + std::to_string(i)}},
        {"ApproximateAgeOfOldestMessage", "NumberOfMessagesSent"});
  }
  add(all, "AWS/RDS", {{"DBInstanceIdentifier", "main"}},
      {"CPUUtilization", "FreeableMemory", "DatabaseConnections", "ReadLatency"});
  add(all, "AWS/ECS", {{"ClusterName", "shop"}, {"ServiceName", "cart"}}, {"CPUUtilization", "MemoryUtilization"});
  add(all, "AWS/ElastiCache", {{"CacheClusterId", "sessions"}}, {"EngineCPUUtilization", "Evictions"});
  add(all, "AWS/SNS", {{"TopicName", "alerts"}}, {"NumberOfNotificationsFailed"});
  add(all, "AWS/States", {{"StateMachineArn", "arn:aws:states:ap-northeast-1:123456789012:stateMachine:refund"}},
      {"ExecutionsFailed"});
  add(all, "AWS/NATGateway", {{"NatGatewayId", "nat-1"}}, {"ErrorPortAllocation"});
  add(all, "AWS/Billing", {{"Currency", "USD"}}, {"EstimatedCharges"});
  add(all, "Shop/Checkout", {{"Step", "payment"}}, {"CheckoutLatency", "CheckoutFailures"});
  for (int i = 0; i < 400; ++i) add(all, "AWS/Usage", {{"Resource", std::to_string(i)}}, {"CallCount"});
  return all;
}

MetricsFocus about(std::vector<std::string> entities, std::string description = "") {
  MetricsFocus focus;
  focus.entities = std::move(entities);
  focus.description = std::move(description);
  return focus;
}

std::vector<ChosenSeries> of(const MetricsSelection& selection, const std::string& name, const Dimensions& dimensions) {
  std::vector<ChosenSeries> found;
  for (const ChosenSeries& s : selection.series) {
    if (s.metric.name == name && s.metric.dimensions == dimensions) found.push_back(s);
  }
  return found;
}

std::map<std::string, std::size_t> by_namespace(const MetricsSelection& selection) {
  std::map<std::string, std::size_t> counts;
  for (const ChosenSeries& s : selection.series) ++counts[s.metric.metric_namespace];
  return counts;
}

TEST(SelectMetrics, in_a_large_account_the_alarm_goes_first_and_then_what_the_incident_names) {
  const std::vector<ListedMetric> account = large_account();
  std::set<std::string> spaces;
  for (const ListedMetric& m : account) spaces.insert(m.metric.metric_namespace);
  ASSERT_GE(account.size(), 2000U);
  ASSERT_GE(spaces.size(), 12U);
  MetricsFocus focus = about({"/aws/lambda/orders", "shop/cart"}, "checkout is slow since the release");
  focus.alarm =
      Metric{"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", {{"LoadBalancer", "app/web/50dc6c495c0c9188"}}};
  focus.alarm_statistic = "SampleCount";
  MetricsSettings settings;
  settings.max_metrics = 300;
  const MetricsSelection selection = select_metrics(account, focus, settings, kRegion);
  ASSERT_EQ(selection.series.size(), 300U);
  EXPECT_EQ(selection.series[0].metric, *focus.alarm);
  EXPECT_EQ(selection.series[0].statistic, "SampleCount") << "the alarm's own statistic, beside the right one";
  EXPECT_EQ(selection.series[1].metric, *focus.alarm);
  EXPECT_EQ(selection.series[1].statistic, "Sum");

  EXPECT_EQ(of(selection, "Duration", {{"FunctionName", "orders"}}).size(), 5U);
  EXPECT_EQ(of(selection, "CPUUtilization", {{"ClusterName", "shop"}, {"ServiceName", "cart"}}).size(), 2U);
  EXPECT_EQ(of(selection, "UserErrors", {{"TableName", "orders-table"}}).size(), 1U);
  // Core metrics of every namespace, although Lambda alone would fill the budget.
  const auto counts = by_namespace(selection);
  for (const char* space : {"AWS/RDS", "AWS/ElastiCache", "AWS/SNS", "AWS/States", "AWS/NATGateway", "AWS/SQS",
                            "AWS/DynamoDB", "AWS/EC2", "Shop/Checkout"}) {
    EXPECT_TRUE(counts.contains(space)) << space;
  }
  EXPECT_FALSE(counts.contains("AWS/Billing"));
  EXPECT_FALSE(counts.contains("AWS/Usage"));
  for (const ChosenSeries& s : selection.series) {
    for (const auto& [name, value] : s.metric.dimensions) {
      EXPECT_NE(name, "AvailabilityZone") << "the whole load balancer is listed too";
      EXPECT_NE(name, "ImageId");
    }
  }
  EXPECT_GT(selection.left_out, 0U);
  std::uint64_t left = 0;
  for (const auto& [space, count] : selection.left_by_namespace) left += count;
  EXPECT_EQ(left, selection.left_out);
  EXPECT_GE(selection.left_by_namespace.front().second, selection.left_by_namespace.back().second);
  EXPECT_GT(selection.of_incident, 20U);
}

TEST(SelectMetrics, does_not_depend_on_the_order_of_the_listing_nor_on_doubles) {
  std::vector<ListedMetric> account = large_account();
  const MetricsFocus focus = about({"orders"}, "checkout");
  MetricsSettings settings;
  settings.max_metrics = 500;
  const MetricsSelection first = select_metrics(account, focus, settings, kRegion);
  std::mt19937 random(7);
  for (int round = 0; round < 3; ++round) {
    const std::vector<ListedMetric> doubles(account.begin(), account.begin() + 100);
    account.insert(account.end(), doubles.begin(), doubles.end());
    std::shuffle(account.begin(), account.end(), random);
    const MetricsSelection again = select_metrics(account, focus, settings, kRegion);
    EXPECT_EQ(again.series, first.series);
    EXPECT_EQ(again.listed, first.listed);
    EXPECT_EQ(again.left_by_namespace, first.left_by_namespace);
  }
}

TEST(SelectMetrics, dimensions_are_asked_for_in_the_order_they_are_listed_in_and_mean_the_same_in_any) {
  std::vector<ListedMetric> listed;
  add(listed, "AWS/ECS", {{"ServiceName", "orders"}, {"ClusterName", "shop"}}, {"CPUUtilization"});
  const MetricsSelection one = select_metrics(listed, {}, {}, kRegion);
  ASSERT_FALSE(one.series.empty());
  EXPECT_EQ(one.series[0].metric.dimensions, (Dimensions{{"ServiceName", "orders"}, {"ClusterName", "shop"}}));
  add(listed, "AWS/ECS", {{"ClusterName", "shop"}, {"ServiceName", "orders"}}, {"CPUUtilization"});
  EXPECT_EQ(select_metrics(listed, {}, {}, kRegion).listed, 1U);
}

TEST(SelectMetrics, the_alarms_metric_is_asked_for_listed_or_not_and_in_its_region) {
  MetricsFocus focus;
  focus.alarm = Metric{"AWS/Billing", "EstimatedCharges", {{"b", "2"}, {"a", "1"}}};
  focus.alarm_metrics = {{"Shop", "Orders", {}}};
  const MetricsSelection selection = select_metrics({}, focus, {}, "eu-west-1");
  ASSERT_EQ(selection.series.size(), 4U);
  EXPECT_EQ(selection.series[0].region, "eu-west-1");
  EXPECT_EQ(selection.series[0].metric.dimensions, (Dimensions{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(selection.series[2].metric.name, "Orders");
  focus.alarm_region = "us-east-1";
  EXPECT_EQ(select_metrics({}, focus, {}, "eu-west-1").series[0].region, "us-east-1");
  EXPECT_TRUE(select_metrics({}, {}, {}, kRegion).series.empty());
}

TEST(SelectMetrics, a_part_comes_after_its_whole) {
  std::vector<ListedMetric> listed;
  add(listed, "AWS/ApplicationELB", {{"LoadBalancer", "app/web/1"}, {"TargetGroup", "tg/a"}}, {"TargetResponseTime"});
  add(listed, "AWS/ApplicationELB", {{"LoadBalancer", "app/web/1"}}, {"TargetResponseTime"});
  add(listed, "AWS/ApplicationELB", {{"AvailabilityZone", "a"}, {"TargetGroup", "tg/z"}}, {"HealthyHostCount"});
  add(listed, "AWS/Lambda", {}, {"Errors"});
  add(listed, "AWS/Lambda", {{"FunctionName", "f"}}, {"Errors"});
  const MetricsSelection selection = select_metrics(listed, {}, {}, kRegion);
  std::vector<std::string> order;
  for (const ChosenSeries& s : selection.series) {
    const std::string text = s.metric.name + std::to_string(s.metric.dimensions.size());
    if (order.empty() || order.back() != text) order.push_back(text);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"TargetResponseTime1", "Errors1", "HealthyHostCount2",
                                             "TargetResponseTime2", "Errors0"}))
      << "a zone is kept where there is no whole; what is summed over the account comes last";
}

TEST(SelectMetrics, only_namespaces_given_when_some_are) {
  MetricsSettings settings;
  settings.namespaces = {"rds", "Shop/Checkout"};
  const MetricsSelection selection = select_metrics(large_account(), {}, settings, kRegion);
  const auto counts = by_namespace(selection);
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_TRUE(counts.contains("AWS/RDS"));
  EXPECT_TRUE(counts.contains("Shop/Checkout"));
}

TEST(SelectMetrics, max_metrics_is_kept_to_the_series) {
  for (const std::uint64_t most : {0U, 1U, 3U, 499U}) {
    MetricsSettings settings;
    settings.max_metrics = most;
    EXPECT_EQ(select_metrics(large_account(), {}, settings, kRegion).series.size(), most);
  }
}

TEST(EntityMatcher, knows_names_in_dimensions) {
  MetricsFocus focus = about({"/ecs/orders",
                              "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/"
                              "web/50dc6c495c0c9188",
                              "ab"},
                             "The payment-api was slow in prod; error rate 12.5 since 08:30");
  focus.alarm = Metric{"Shop", "x", {{"Step", "basket"}, {"AvailabilityZone", "ap-northeast-1a"}}};
  const EntityMatcher matcher(focus);
  struct Case {
    Dimensions dimensions;
    int score;
  };
  const Case cases[] = {
      {{{"ServiceName", "orders"}}, 3},
      {{{"ServiceName", "Orders"}}, 3},
      {{{"ServiceName", "prod-orders-v2"}}, 2},
      {{{"ServiceName", "reorders"}}, 0},
      {{{"LoadBalancer", "app/web/50dc6c495c0c9188"}}, 3},
      {{{"LoadBalancer", "app/admin/60dc6c495c0c9188"}}, 0},
      {{{"StateMachineArn", "arn:aws:states:x:1:stateMachine:orders"}}, 3},
      {{{"Step", "basket"}}, 3},
      {{{"Zone", "ap-northeast-1a"}}, 0},
      {{{"ApiName", "payment-api"}}, 2},
      {{{"ApiName", "prod-payment-api"}}, 1},
      {{{"QueueName", "prod"}}, 0},
      {{{"QueueName", "error"}}, 0},
      {{{"QueueName", "12.5"}}, 0},
      {{{"QueueName", "ab"}}, 0},
      {{}, 0},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(matcher.score({"n", "m", c.dimensions}), c.score)
        << (c.dimensions.empty() ? "" : c.dimensions.front().second);
  }
}

}  // namespace
}  // namespace fa
