#pragma once

#include <string_view>

#include "model/telemetry.h"

namespace fa {

/// Hands over the metrics of a log line in CloudWatch Embedded Metric Format (an `_aws` object with
/// `CloudWatchMetrics` directives, whose metric and dimension values are members of the same object). One series of
/// one time per metric and dimension set; values without a number are left out. `record` gives time, service and
/// position. Bounded: at most 100 metrics and 30 dimension sets per directive, as the specification allows.
void emit_embedded_metrics(std::string_view json, const LogRecord& record, TelemetrySink& sink);

}  // namespace fa
