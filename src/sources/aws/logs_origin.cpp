#include "sources/aws/logs_origin.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "aws/services/request_times.h"
#include "base/hash.h"
#include "base/shell_quote.h"

namespace fa::logs {
namespace {

constexpr std::size_t kShownGroups = 3;

std::string region_option(const AwsScope& scope) {
  return scope.region.empty() ? std::string() : " --region " + shell_word(scope.region);
}

std::string compact_time(TimePoint t) {
  std::string text = format_rfc3339(t);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace

std::string impact_of_missing(const Period& period) {
  return period.window ? "What these lines tell of the incident is not part of the answer; a service that seems quiet "
                         "here may not have been."
                       : "Without them normal lines of the incident's time may look new or more frequent than usual.";
}

Origin events_origin(const AwsScope& scope, const Group& group, TimeRange range) {
  Origin origin;
  origin.source = "cloudwatch_logs";
  origin.account = group.account;
  origin.region = scope.region;
  origin.resource = group.info.name;
  origin.range = range;
  // The API takes both ends as inclusive milliseconds.
  origin.reproduce =
      fmt::format("aws logs filter-log-events{} {} {} --start-time {} --end-time {}", region_option(scope),
                  group.linked ? "--log-group-identifier" : "--log-group-name", shell_word(group.identifier()),
                  aws::milliseconds_from(range.begin), aws::milliseconds_from(range.end) - 1);
  return origin;
}

Origin query_origin(const AwsScope& scope, const std::vector<const Group*>& groups, TimeRange range,
                    const std::string& query, int limit) {
  Origin origin;
  origin.source = "cloudwatch_logs";
  origin.account = groups.empty() ? scope.account : groups.front()->account;
  origin.region = scope.region;
  bool linked = false;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    linked = linked || groups[i]->linked;
    if (i < kShownGroups) origin.resource += (i == 0 ? "" : ", ") + groups[i]->info.name;
  }
  if (groups.size() > kShownGroups) origin.resource += fmt::format(" and {} more", groups.size() - kShownGroups);
  origin.query = query;
  origin.range = range;
  std::string names;
  for (const Group* group : groups) names += " " + shell_word(linked ? group->info.arn : group->info.name);
  origin.reproduce = fmt::format(
      "aws logs start-query{} {}{} --start-time {} --end-time {} --limit {} --query-string {}", region_option(scope),
      linked ? "--log-group-identifiers" : "--log-group-names", names, aws::whole_seconds_before(range.begin),
      aws::whole_seconds_after(range.end) - 1, limit, shell_word(query));
  return origin;
}

std::string range_name(TimeRange range) { return compact_time(range.begin) + "_" + compact_time(range.end); }

void name_directories(std::vector<Group>& groups) {
  const auto plain_name = [](const Group& group) {
    std::string_view name = group.info.name;
    while (name.starts_with('/')) name.remove_prefix(1);
    return safe_name(name);
  };
  std::map<std::string, std::size_t> takers;
  for (const Group& group : groups) ++takers[plain_name(group)];
  for (Group& group : groups) {
    group.directory = plain_name(group);
    if (takers[group.directory] > 1) {
      group.directory = safe_name(fmt::format("{}-{:016x}", group.directory, stable_hash(group.info.arn)));
    }
  }
}

}  // namespace fa::logs
