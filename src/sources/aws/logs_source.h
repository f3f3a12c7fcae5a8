#pragma once

#include <memory>

#include "sources/aws/aws_request.h"
#include "sources/aws/source.h"

namespace fa {

/// The lines that log groups of CloudWatch Logs hold of window and baseline. The volume decides how, group by group,
/// and a note says so: small groups are fetched line by line (FilterLogEvents) until settings.fetch_all_bytes are used
/// up; the rest is mined by the service (Logs Insights), and only patterns that stand out are fetched: rare ones line
/// by line, frequent ones as exact counts with an example.
///
/// Groups given as ARNs belong to the region they name: one of another region is a gap, so whoever opens several
/// regions gives each scope its own.
std::unique_ptr<AwsSource> make_logs_source(const AwsScope& scope, LogsSettings settings);

}  // namespace fa
