#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/reader.h"

namespace fa {

/// Reads the MetricDataQueries of a GetMetricData request (the array itself, `{"MetricDataQueries":[...]}`, or a whole
/// answer file that carries them beside the results). Of expressions,
/// metric math is about what all metrics in it have in common (namespace, dimensions), named by its label, and a label
/// that ends in `(%)` gives the unit; a SEARCH for one metric name by one schema,
/// `SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors"', 'Sum', 300)`, within SORT and SLICE or not, gives
/// namespace, name, statistic and the dimensions searched for; others keep only their label. Broken JSON gives an error
/// naming the byte.
Result<std::map<std::string, MetricQuery>> read_metric_queries(std::string_view json);

}  // namespace fa
