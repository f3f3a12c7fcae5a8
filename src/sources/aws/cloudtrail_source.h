#pragma once

#include <memory>

#include "sources/aws/aws_request.h"
#include "sources/aws/source.h"

namespace fa {

/// Who changed what: the files of trails in S3, and where no bucket is given (or none can be read) the event history.
/// Every caller is kept, people, pipelines and services; reads are told from writes by the reader of the files, not
/// here.
std::unique_ptr<AwsSource> make_cloudtrail_source(const AwsScope& scope, CloudTrailSettings settings);

}  // namespace fa
