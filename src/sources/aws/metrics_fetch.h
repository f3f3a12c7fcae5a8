#pragma once

#include <string>
#include <vector>

#include "sources/aws/metrics_request.h"
#include "sources/aws/source.h"

namespace fa {

/// What a gap of metrics means for an answer.
inline constexpr const char* kMetricsMissing = "These metrics are missing: a service may look healthy that was not.";

/// Reserves the cost of the batches in their order (the first that the limits do not allow cuts it and all behind it),
/// asks for them in parallel, all pages of each, and writes the answers as they came with the queries beside them:
/// `cloudwatch-<account>-<region>/metrics-0001.json` and `queries-0001.json`. What could not be had is a gap of the
/// folder under `source`'s name; `whole` is the time such a gap is about. Never throws.
void fetch_metric_batches(const AwsScope& scope, std::vector<MetricBatch> batches, TimeRange whole,
                          const std::string& source, CollectedFolder& folder, const Context& context);

}  // namespace fa
