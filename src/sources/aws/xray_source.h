#pragma once

#include <memory>

#include "sources/aws/aws_request.h"
#include "sources/aws/source.h"

namespace fa {

/// X-Ray traces of one account and region: service graphs, trace summaries with their root causes, and whole traces, of
/// window and baseline. Files: `xray-<account>-<region>/graph-window-1.json`, `summaries-...`, `traces-...`.
std::unique_ptr<AwsSource> make_xray_source(const AwsScope& scope, XRaySettings settings);

}  // namespace fa
