#pragma once

#include "server/metrics.h"

namespace fa {

/// Describes all metrics that the Slack app counts, which must be done before it counts any.
void describe_service_metrics(server::Metrics& metrics);

}  // namespace fa
