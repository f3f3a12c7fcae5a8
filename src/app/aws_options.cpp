#include "app/aws_options.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

namespace fa {

void add_aws_identity_options(CLI::App& command, AwsOptions& o, const std::string& group) {
  command.add_option("--profile", o.profile, "Profile of ~/.aws/config; else AWS_PROFILE, else the default chain")
      ->group(group);
  command.add_option("--role-arn", o.role_arn, "Role to assume in another account")->group(group);
  command.add_option("--external-id", o.external_id, "External id that the role asks for")->group(group);
}

void add_aws_options(CLI::App& command, AwsOptions& o) {
  const std::string group = "AWS (collect from a live account)";
  add_aws_identity_options(command, o, group);
  command.add_option("--region", o.region, "AWS region; else AWS_REGION or the profile's")->group(group);
  command.add_option("--log-group", o.log_groups, "CloudWatch log group, by name or ARN; may be repeated")
      ->group(group);
  command.add_option("--log-group-prefix", o.log_group_prefixes, "All log groups whose name begins so")->group(group);
  command.add_option("--log-group-tag", o.log_group_tags, "All log groups with this tag: key=value")->group(group);
  command.add_option("--alb-logs", o.alb_logs, "ALB access logs: s3://bucket or s3://bucket/prefix")->group(group);
  command
      .add_option("--cloudtrail-logs", o.cloudtrail_logs,
                  "CloudTrail logs: s3://bucket/prefix; without it the event history is asked")
      ->group(group);
  command.add_flag("--no-metrics", o.no_metrics, "Leave CloudWatch metrics out")->group(group);
  command.add_flag("--no-xray", o.no_xray, "Leave X-Ray out")->group(group);
  command.add_option("--max-usd", o.max_usd, "Stop before AWS charges more than this")
      ->check(CLI::NonNegativeNumber)
      ->group(group);
}

bool wants_aws(const AwsOptions& o, const Config& config, bool has_paths) {
  const bool asked = o.aws || !o.alarm_arn.empty() || !o.log_groups.empty() || !o.log_group_prefixes.empty() ||
                     !o.log_group_tags.empty() || !o.alb_logs.empty() || !o.cloudtrail_logs.empty();
  return asked || (config.aws && !has_paths);
}

Result<AwsConfig> aws_config_of(const AwsOptions& o, const Config& config) {
  AwsConfig aws = config.aws.value_or(AwsConfig{});
  AwsRequest& request = aws.request;
  if (!o.profile.empty()) request.profile = o.profile;
  if (!o.region.empty()) aws.region = o.region;
  request.alarm_arn = o.alarm_arn;
  if (!o.role_arn.empty()) {
    request.targets = {{aws.region, o.role_arn, o.external_id}};
  } else if (!o.external_id.empty()) {
    return fail(ErrorCode::kInvalidInput, "--external-id goes with --role-arn: name the role that asks for it.");
  } else if (!o.region.empty()) {
    // An option names one region: that one alone, with the identities the configuration has for it.
    std::erase_if(request.targets, [&](const AwsTarget& t) { return !t.region.empty() && t.region != o.region; });
  }
  if (request.targets.empty()) request.targets.push_back({});
  for (AwsTarget& target : request.targets) {
    if (target.region.empty()) target.region = aws.region;
  }
  if (!o.log_groups.empty()) request.logs.groups = o.log_groups;
  if (!o.log_group_prefixes.empty()) request.logs.prefixes = o.log_group_prefixes;
  for (const std::string& tag : o.log_group_tags) {
    const std::size_t equals = tag.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorCode::kInvalidInput, fmt::format("--log-group-tag {}: expected key=value.", tag));
    }
    request.logs.tags[tag.substr(0, equals)] = tag.substr(equals + 1);
  }
  const auto buckets = [](const std::vector<std::string>& urls, std::string_view option,
                          std::vector<S3LogsSettings>& to) -> Result<void> {
    if (!urls.empty()) to.clear();
    for (const std::string& url : urls) {
      if (!url.starts_with("s3://") || url.size() < 8) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("{} {}: expected s3://bucket or s3://bucket/prefix.", option, url));
      }
      to.emplace_back().url = url;
    }
    return {};
  };
  if (auto ok = buckets(o.alb_logs, "--alb-logs", request.alb); !ok) return tl::unexpected(ok.error());
  if (auto ok = buckets(o.cloudtrail_logs, "--cloudtrail-logs", request.cloudtrail.buckets); !ok) {
    return tl::unexpected(ok.error());
  }
  if (o.no_metrics) request.metrics.enabled = false;
  if (o.no_xray) request.xray.enabled = false;
  if (o.max_usd) request.limits.max_usd = *o.max_usd;
  return aws;
}

}  // namespace fa
