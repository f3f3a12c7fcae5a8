#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/aws/logs_common.h"

namespace fa::logs {

/// The log groups that the settings name, and what of them could not be found.
struct GroupChoice {
  std::vector<Group> groups;  ///< Sorted by name and ARN, each once.
  std::vector<Gap> gaps;
};

/// Finds log groups by name or ARN, prefix and tags (DescribeLogGroups with all pages; ListTagsForResource). A named
/// group that does not exist is a gap.
GroupChoice choose_groups(const AwsScope& scope, const LogsSettings& settings, const Context& context);

/// Account, region and name of `arn:aws:logs:region:account:log-group:name`, with or without `:*` behind; nullopt when
/// it is no ARN of a log group.
struct GroupArn {
  std::string region;
  std::string account;
  std::string name;
};
std::optional<GroupArn> parse_group_arn(std::string_view text);

}  // namespace fa::logs
