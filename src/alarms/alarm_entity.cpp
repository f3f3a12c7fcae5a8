#include "alarms/alarm_entity.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "formats/metric_entity.h"

namespace fa::alarms {
namespace {

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

}  // namespace

std::string entity_of_dimensions(const std::map<std::string, std::string>& dimensions) {
  return entity_of_metric({dimensions.begin(), dimensions.end()}).service;
}

std::string entity_of_labels(const std::map<std::string, std::string>& labels) {
  for (const std::string_view name : kLabelsThatName) {
    const auto found = labels.find(std::string(name));
    if (found != labels.end() && !found->second.empty() && !is_messenger(found->second)) return found->second;
  }
  return {};
}

}  // namespace fa::alarms
