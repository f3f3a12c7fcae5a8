#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "sources/aws/aws_request.h"
#include "sources/aws/metrics_chooser.h"
#include "sources/aws/source.h"

namespace fa {

/// What the incident is about, as far as that decides which metrics to look at.
struct MetricsFocus {
  std::optional<aws::cloudwatch::Metric> alarm;          ///< The alarm's own metric; asked for first, listed or not.
  std::string alarm_region{};                            ///< Where it is published; empty: the scope's region.
  std::string alarm_statistic{};                         ///< Asked for beside the usual ones of that metric.
  std::vector<aws::cloudwatch::Metric> alarm_metrics{};  ///< The others of a metric math alarm.
  std::vector<std::string> entities{};  ///< Log groups, services, load balancers, tables, ...: names or ARNs.
  std::string description{};            ///< Its words count where they are names in a dimension.
  /// Metrics of global services too, whose home is one region (CloudFront, Route 53, ...). To be false for all but one
  /// scope of an account.
  bool global = true;
};

/// Metrics of one account and region (and those of global services): lists what there is, chooses by namespace and
/// focus, and fetches window and baseline; what `chooser`, where there is one, names of the first series first, so that
/// limits cut the others. Files: `cloudwatch-<account>-<region>/metrics-0001.json` with
/// `queries-0001.json` beside it.
std::unique_ptr<AwsSource> make_metrics_source(const AwsScope& scope, MetricsSettings settings, MetricsFocus focus,
                                               MetricChooser chooser = {});

}  // namespace fa
