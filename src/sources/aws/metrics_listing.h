#pragma once

#include <string>
#include <vector>

#include "sources/aws/metrics_select.h"

namespace fa {

/// What an account publishes.
struct MetricsListing {
  std::vector<ListedMetric> metrics;
  std::vector<Gap> gaps;  ///< Regions or namespaces that could not be listed, or not to their end.
  bool recently_active = false;
};

/// Lists the metrics of the scope's region (all namespaces, or those of the settings), and those of global services in
/// the regions they report to: CloudFront, Route 53, Shield and web ACLs of CloudFront in us-east-1 (in China
/// cn-northwest-1), Global Accelerator in us-west-2. Only recently active ones where the whole study lies within the
/// last three hours, since a metric that stopped because of the incident must be seen too. Each call is reserved first.
MetricsListing list_all_metrics(const AwsScope& scope, const MetricsSettings& settings, bool global,
                                const std::string& source, const Context& context);

}  // namespace fa
