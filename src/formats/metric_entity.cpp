#include "formats/metric_entity.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fa {
namespace {

using Dimensions = std::vector<std::pair<std::string, std::string>>;

/// Dimensions that name what a metric belongs to, best first: the most specific part a user would call a service.
/// Without any of them the first dimension is taken. Source: the "metrics and dimensions" page of each AWS service; the
/// lower-case ones are what OpenTelemetry and Lambda Powertools write.
constexpr std::array kServiceDimensions = std::to_array<std::string_view>({
    "ServiceName",
    "Service",
    "service",
    "service.name",
    "service_name",
    "FunctionName",
    "TableName",
    "LoadBalancer",
    "LoadBalancerName",
    "TargetGroup",
    "DBInstanceIdentifier",
    "DBClusterIdentifier",
    "ProxyName",
    "CacheClusterId",
    "ReplicationGroupId",
    "QueueName",
    "TopicName",
    "StreamName",
    "DeliveryStreamName",
    "StateMachineArn",
    "ApiName",
    "ApiId",
    "GraphQLAPIId",
    "BucketName",
    "DomainName",
    "DistributionId",
    "HealthCheckId",
    "Accelerator",
    "WebACL",
    "FileSystemId",
    "NatGatewayId",
    "RuleName",
    "EventBusName",
    "Broker",
    "Cluster Name",
    "ClusterIdentifier",
    "EndpointName",
    "JobName",
    "UserPool",
    "TaskDefinitionFamily",
    "PodName",
    "ClusterName",
    "AutoScalingGroupName",
    "VolumeId",
    "InstanceId",
    "host",
});
constexpr std::array kInstanceDimensions =
    std::to_array<std::string_view>({"FullPodName", "PodName", "TaskId", "InstanceId", "CacheNodeId", "host"});

template <std::size_t N>
std::string take_dimension(Dimensions& dimensions, const std::array<std::string_view, N>& wanted) {
  for (const std::string_view name : wanted) {
    const auto found = std::find_if(dimensions.begin(), dimensions.end(),
                                    [&](const auto& dimension) { return dimension.first == name; });
    if (found == dimensions.end()) continue;
    std::string text = std::move(found->second);
    dimensions.erase(found);
    return text;
  }
  return {};
}

/// `arn:aws:states:ap-northeast-1:123456789012:stateMachine:orders` is `orders` to whoever runs it.
std::string without_arn(std::string text) {
  if (!text.starts_with("arn:")) return text;
  const std::size_t cut = text.find_last_of(":/");
  return cut + 1 < text.size() ? text.substr(cut + 1) : text;
}

struct Unit {
  std::string_view metric_namespace;
  std::string_view name;
  std::string_view unit;
};

/// Durations whose unit their name does not tell, and shares without `Percent` or `Utilization` at their end. Source:
/// the "metrics and dimensions" page of each AWS service.
constexpr std::array kUnits = std::to_array<Unit>({
    {"AWS/ApplicationELB", "TargetResponseTime", "Seconds"},
    {"AWS/AppSync", "Latency", "Milliseconds"},
    {"AWS/ApiGateway", "IntegrationLatency", "Milliseconds"},
    {"AWS/ApiGateway", "Latency", "Milliseconds"},
    {"AWS/Bedrock", "InvocationLatency", "Milliseconds"},
    {"AWS/CloudFront", "4xxErrorRate", "Percent"},
    {"AWS/CloudFront", "5xxErrorRate", "Percent"},
    {"AWS/CloudFront", "CacheHitRate", "Percent"},
    {"AWS/CloudFront", "OriginLatency", "Milliseconds"},
    {"AWS/CloudFront", "TotalErrorRate", "Percent"},
    {"AWS/DocDB", "ReadLatency", "Seconds"},
    {"AWS/DocDB", "WriteLatency", "Seconds"},
    {"AWS/DynamoDB", "ReplicationLatency", "Milliseconds"},
    {"AWS/DynamoDB", "SuccessfulRequestLatency", "Milliseconds"},
    {"AWS/EBS", "BurstBalance", "Percent"},
    {"AWS/EBS", "VolumeTotalReadTime", "Seconds"},
    {"AWS/EBS", "VolumeTotalWriteTime", "Seconds"},
    {"AWS/ECS", "TargetResponseTime", "Milliseconds"},
    {"AWS/EFS", "PercentIOLimit", "Percent"},
    {"AWS/ELB", "Latency", "Seconds"},
    {"AWS/ES", "IndexingLatency", "Milliseconds"},
    {"AWS/ES", "JVMMemoryPressure", "Percent"},
    {"AWS/ES", "SearchLatency", "Milliseconds"},
    {"AWS/ElastiCache", "ReplicationLag", "Seconds"},
    {"AWS/ElastiCache", "SuccessfulReadRequestLatency", "Microseconds"},
    {"AWS/ElastiCache", "SuccessfulWriteRequestLatency", "Microseconds"},
    {"AWS/Events", "IngestionToInvocationCompleteLatency", "Milliseconds"},
    {"AWS/Events", "IngestionToInvocationStartLatency", "Milliseconds"},
    {"AWS/Firehose", "DeliveryToS3.DataFreshness", "Seconds"},
    {"AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "Milliseconds"},
    {"AWS/Kinesis", "GetRecords.Latency", "Milliseconds"},
    {"AWS/Kinesis", "PutRecord.Latency", "Milliseconds"},
    {"AWS/Kinesis", "PutRecords.Latency", "Milliseconds"},
    {"AWS/Lambda", "AsyncEventAge", "Milliseconds"},
    {"AWS/Lambda", "Duration", "Milliseconds"},
    {"AWS/Lambda", "IteratorAge", "Milliseconds"},
    {"AWS/Lambda", "PostRuntimeExtensionsDuration", "Milliseconds"},
    {"AWS/RDS", "AuroraReplicaLag", "Milliseconds"},
    {"AWS/RDS", "BufferCacheHitRatio", "Percent"},
    {"AWS/RDS", "BurstBalance", "Percent"},
    {"AWS/RDS", "CommitLatency", "Milliseconds"},
    {"AWS/RDS", "DDLLatency", "Milliseconds"},
    {"AWS/RDS", "DMLLatency", "Milliseconds"},
    {"AWS/RDS", "DeleteLatency", "Milliseconds"},
    {"AWS/RDS", "InsertLatency", "Milliseconds"},
    {"AWS/RDS", "ReadLatency", "Seconds"},
    {"AWS/RDS", "ReplicaLag", "Seconds"},
    {"AWS/RDS", "SelectLatency", "Milliseconds"},
    {"AWS/RDS", "UpdateLatency", "Milliseconds"},
    {"AWS/RDS", "WriteLatency", "Seconds"},
    {"AWS/Route53", "ConnectionTime", "Milliseconds"},
    {"AWS/Route53", "HealthCheckPercentageHealthy", "Percent"},
    {"AWS/Route53", "SSLHandshakeTime", "Milliseconds"},
    {"AWS/Route53", "TimeToFirstByte", "Milliseconds"},
    {"AWS/S3", "FirstByteLatency", "Milliseconds"},
    {"AWS/S3", "TotalRequestLatency", "Milliseconds"},
    {"AWS/SQS", "ApproximateAgeOfOldestMessage", "Seconds"},
    {"AWS/SageMaker", "ModelLatency", "Microseconds"},
    {"AWS/SageMaker", "OverheadLatency", "Microseconds"},
    {"AWS/States", "ActivityRunTime", "Milliseconds"},
    {"AWS/States", "ActivityTime", "Milliseconds"},
    {"AWS/States", "ExecutionTime", "Milliseconds"},
    {"AWS/States", "LambdaFunctionRunTime", "Milliseconds"},
    {"AWS/States", "LambdaFunctionTime", "Milliseconds"},
});

/// Namespaces of AWS's own, where a name's ending says how it is published.
bool is_of_aws(std::string_view metric_namespace) {
  return metric_namespace.starts_with("AWS/") || metric_namespace.starts_with("ECS/") ||
         metric_namespace.starts_with("ContainerInsights") || metric_namespace == "LambdaInsights" ||
         metric_namespace == "CWAgent";
}

}  // namespace

MetricEntity entity_of_metric(Dimensions dimensions) {
  MetricEntity entity;
  entity.service = without_arn(take_dimension(dimensions, kServiceDimensions));
  if (entity.service.empty() && !dimensions.empty()) {
    entity.service = without_arn(std::move(dimensions.front().second));
    dimensions.erase(dimensions.begin());
  }
  entity.instance = take_dimension(dimensions, kInstanceDimensions);
  std::sort(dimensions.begin(), dimensions.end());
  entity.dimensions = std::move(dimensions);
  return entity;
}

std::string_view unit_of_metric(std::string_view metric_namespace, std::string_view name, std::string_view statistic) {
  if (iequals(statistic, "SampleCount")) return "Count";
  const auto known = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& unit) {
    return unit.metric_namespace == metric_namespace && unit.name == name;
  });
  if (known != kUnits.end()) return known->unit;
  if (!is_of_aws(metric_namespace)) return {};
  if (metric_namespace == "AWS/ElastiCache" && name.ends_with("CmdsLatency")) return "Microseconds";
  for (const std::string_view ending : {"Utilization", "Percent", "Percentage", "_percent", "_utilization"}) {
    if (name.ends_with(ending)) return "Percent";
  }
  return {};
}

}  // namespace fa
