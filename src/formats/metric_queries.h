#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/reader.h"

namespace fa {

/// Reads the MetricDataQueries of a GetMetricData request (the array itself, `{"MetricDataQueries":[...]}`, or a whole
/// answer file that carries them beside the results). Entries that are not metric queries (expressions) keep only
/// their label. Broken JSON gives an error naming the byte.
Result<std::map<std::string, MetricQuery>> read_metric_queries(std::string_view json);

}  // namespace fa
