#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/collection.h"
#include "sources/aws/logs_common.h"

namespace fa::logs {

/// Origin of the events of a group.
Origin events_origin(const AwsScope& scope, const Group& group, TimeRange range);

/// Origin of the answer of a Logs Insights query. The command starts it; `aws logs get-query-results` then fetches it.
Origin query_origin(const AwsScope& scope, const std::vector<const Group*>& groups, TimeRange range,
                    const std::string& query, int limit);

/// `20260314T083000Z_20260314T084000Z`: a range as part of a file name.
std::string range_name(TimeRange range);

/// Gives every group a folder name of its own, the same in every run.
void name_directories(std::vector<Group>& groups);

}  // namespace fa::logs
