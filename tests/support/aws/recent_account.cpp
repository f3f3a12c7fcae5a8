#include "support/aws/recent_account.h"

#include <string>
#include <utility>
#include <vector>

namespace fa::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

using Dimensions = std::vector<std::pair<std::string, std::string>>;

/// How a statistic was before the step and is after it.
struct Level {
  const char* statistic;
  double before;
  double after;
};

AwsWorld::Metric metric_with_step(const char* metric_namespace, const char* name, Dimensions dimensions,
                                  const std::vector<Level>& levels, TimePoint now) {
  AwsWorld::Metric metric;
  metric.metric_namespace = metric_namespace;
  metric.name = name;
  metric.dimensions = std::move(dimensions);
  const TimePoint end = std::chrono::floor<minutes>(now);
  for (const Level& level : levels) {
    auto& points = metric.points[level.statistic];
    int i = 0;
    for (TimePoint t = end - hours(48); t < end; t += minutes(5), ++i) {
      const double usual = t < now - kRecentStepAge ? level.before : level.after;
      // No two points alike, as measured ones are: up to 7 % more, in a fixed order.
      points.emplace_back(t, usual * (1 + 0.01 * (i * 5 % 8)));
    }
  }
  return metric;
}

void add_findings(AwsWorld& world, const std::string& seen) {
  world.security_findings->push_back(
      R"({"SchemaVersion":"2018-10-08","Id":"arn:s/1","ProductArn":"arn:x","ProductName":"Security Hub",
      "AwsAccountId":"123456789012","Region":"ap-northeast-1","Title":"Buckets should block public access",
      "UpdatedAt":")" +
      seen + R"(","RecordState":"ACTIVE","Workflow":{"Status":"NEW"},"Severity":{"Label":"HIGH"},
      "Compliance":{"Status":"FAILED","SecurityControlId":"S3.8"},"Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::b"}]})");
  AwsWorld::Detector& detector = world.detectors.emplace_back();
  detector.id = "12abc";
  detector.findings.push_back(
      R"({"id":"f1","arn":"arn:g/1","type":"Recon:EC2/Portscan","title":"A port scan","accountId":"123456789012",
      "region":"ap-northeast-1","severity":5,"service":{"archived":false},"resource":{},"updatedAt":")" +
      seen + "\"}");
}

}  // namespace

AwsWorld recent_account(TimePoint now) {
  AwsWorld world;
  const Dimensions balancer = {{"LoadBalancer", "app/shop/50dc6c495c0c9188"}};
  const Dimensions service = {{"ClusterName", "shop"}, {"ServiceName", "checkout"}};
  const auto add = [&](const char* metric_namespace, const char* name, const Dimensions& dimensions,
                       const std::vector<Level>& levels) {
    world.metrics.push_back(metric_with_step(metric_namespace, name, dimensions, levels, now));
  };
  add("AWS/ApplicationELB", "RequestCount", balancer, {{"Sum", 6000, 6000}});
  add("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", balancer, {{"Sum", 6, 300}});
  add("AWS/ApplicationELB", "TargetResponseTime", balancer,
      {{"p50", 0.04, 0.4}, {"p90", 0.09, 0.9}, {"p99", 0.2, 2}, {"Average", 0.05, 0.5}});
  add("AWS/ECS", "CPUUtilization", service, {{"Average", 30, 70}, {"Maximum", 45, 88}});
  add_findings(world, format_rfc3339(std::chrono::floor<std::chrono::seconds>(now) - hours(1)));
  return world;
}

}  // namespace fa::test
