#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fa {

/// Whose metric it is, as its dimensions tell.
struct MetricEntity {
  std::string service;   ///< The most specific part a user would call a service; empty without dimensions.
  std::string instance;  ///< Pod, task, host; empty when the metric is of the whole service.
  std::vector<std::pair<std::string, std::string>> dimensions;  ///< The others, sorted by name.
};

/// Pure. Whoever names the entity of a CloudWatch metric (reader, alarm) takes it from here, so that the names agree.
MetricEntity entity_of_metric(std::vector<std::pair<std::string, std::string>> dimensions);

/// The unit CloudWatch publishes a metric in, where it is a duration or a share (`Milliseconds`, `Percent`); empty for
/// others and for those not known. GetMetricData does not tell units, and a query that names one loses whatever was
/// published in another.
std::string_view unit_of_metric(std::string_view metric_namespace, std::string_view name, std::string_view statistic);

}  // namespace fa
