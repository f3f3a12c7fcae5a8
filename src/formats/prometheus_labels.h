#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/telemetry.h"

namespace fa {

using PrometheusLabels = std::vector<std::pair<std::string, std::string>>;

/// Whose series it is: takes the labels that name a service and one instance of it out of `labels` and leaves the
/// others as dimensions, sorted. By the conventions of exporters and of Kubernetes; `job` names a service only where
/// nothing else does, since it often stands for many.
void name_prometheus_series(PrometheusLabels labels, MetricSeries& series);

/// The naming convention (_total, _count, _sum, _bucket) says that a counter is cumulative.
[[nodiscard]] bool is_prometheus_counter(const std::string& name);

}  // namespace fa
