#pragma once

#include <memory>

#include "sources/aws/aws_request.h"
#include "sources/aws/source.h"

namespace fa {

/// Load balancers and changes through tables in Athena, for those who have such tables, or logs too many to fetch: the
/// query counts and selects, and its rows are kept as CSV files that are read like any log (docs/ops/athena.md).
std::unique_ptr<AwsSource> make_athena_source(const AwsScope& scope, AthenaSettings settings);

}  // namespace fa
