#include "alarms/alarm_entity.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fa::alarms {
namespace {

/// Best first, as in src/formats/metric_entity.cpp. Source: the "metrics and dimensions" page of each AWS service.
constexpr auto kDimensionsThatName = std::to_array<std::string_view>({
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

/// Best first: what people call a service, then workloads of Kubernetes, then what was scraped. Sources: the labels of
/// kube-state-metrics, of the Prometheus Operator's monitors, and Datadog's unified service tags.
constexpr auto kLabelsThatName = std::to_array<std::string_view>({
    "service",
    "service_name",
    "app",
    "app_kubernetes_io_name",
    "application",
    "deployment",
    "statefulset",
    "daemonset",
    "cronjob",
    "job_name",
    "job",
    "container",
    "pod",
    "instance",
    "host",
    "node",
});

/// Programs that report on others: as `job` or `service` they say who was asked, not who failed.
bool is_messenger(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"kube-state-metrics", "kubelet", "cadvisor", "kubernetes-cadvisor", "pushgateway", "prometheus-pushgateway",
       "otel-collector", "opentelemetry-collector", "blackbox", "cloudwatch"});
  return name.ends_with("exporter") || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// `arn:aws:states:ap-northeast-1:123456789012:stateMachine:orders` is `orders` to whoever runs it.
std::string last_of_arn(const std::string& text) {
  if (!text.starts_with("arn:")) return text;
  const std::size_t cut = text.find_last_of(":/");
  return cut + 1 < text.size() ? text.substr(cut + 1) : text;
}

}  // namespace

std::string entity_of_dimensions(const std::map<std::string, std::string>& dimensions) {
  for (const std::string_view name : kDimensionsThatName) {
    const auto found = dimensions.find(std::string(name));
    if (found != dimensions.end() && !found->second.empty()) return last_of_arn(found->second);
  }
  return dimensions.empty() ? std::string() : last_of_arn(dimensions.begin()->second);
}

std::string entity_of_labels(const std::map<std::string, std::string>& labels) {
  for (const std::string_view name : kLabelsThatName) {
    const auto found = labels.find(std::string(name));
    if (found != labels.end() && !found->second.empty() && !is_messenger(found->second)) return found->second;
  }
  return {};
}

}  // namespace fa::alarms
