#include "formats/prometheus_labels.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fa {
namespace {

/// Labels that name the service, best first.
constexpr std::array<std::string_view, 11> kServiceLabels{
    "service_name", "service",    "app",      "app_kubernetes_io_name",
    "application",  "deployment", "workload", "statefulset",
    "daemonset",    "container",  "job"};
/// Labels that name one instance of it, best first.
constexpr std::array<std::string_view, 7> kInstanceLabels{"pod",      "pod_name", "instance",    "host",
                                                          "hostname", "node",     "container_id"};

template <std::size_t N>
std::string take_label(PrometheusLabels& labels, const std::array<std::string_view, N>& wanted) {
  for (const std::string_view name : wanted) {
    const auto found = std::find_if(labels.begin(), labels.end(),
                                    [&](const auto& label) { return label.first == name && !label.second.empty(); });
    if (found == labels.end()) continue;
    std::string text = std::move(found->second);
    labels.erase(found);
    return text;
  }
  return {};
}

}  // namespace

void name_prometheus_series(PrometheusLabels labels, MetricSeries& series) {
  series.service = take_label(labels, kServiceLabels);
  series.instance = take_label(labels, kInstanceLabels);
  std::sort(labels.begin(), labels.end());
  series.dimensions = std::move(labels);
}

bool is_prometheus_counter(const std::string& name) {
  constexpr std::array<std::string_view, 4> kSuffixes{"_total", "_count", "_sum", "_bucket"};
  return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [&](std::string_view suffix) { return name.ends_with(suffix); });
}

}  // namespace fa
