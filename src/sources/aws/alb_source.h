#pragma once

#include <memory>

#include "sources/aws/aws_request.h"
#include "sources/aws/source.h"

namespace fa {

/// Access logs of Application Load Balancers, read straight from their bucket. Window and baseline are found in one
/// pass over the listing; the objects are kept as they are.
std::unique_ptr<AwsSource> make_alb_source(const AwsScope& scope, S3LogsSettings settings);

}  // namespace fa
