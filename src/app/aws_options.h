#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/config.h"

namespace CLI {
class App;
}

namespace fa {

/// Options of the commands that talk to AWS; they win over the configuration's [aws].
struct AwsOptions {
  bool aws = false;
  std::string profile;
  std::string region;
  std::string role_arn;
  std::string external_id;
  std::vector<std::string> log_groups;
  std::vector<std::string> log_group_prefixes;
  std::vector<std::string> log_group_tags;  ///< key=value
  std::vector<std::string> alb_logs;
  std::vector<std::string> cloudtrail_logs;
  std::string alarm_arn;
  std::optional<double> max_usd;
  bool no_metrics = false;
  bool no_xray = false;
};

void add_aws_options(CLI::App& command, AwsOptions& options);
/// Only who asks, which every command has in common: --profile, --role-arn, --external-id.
void add_aws_identity_options(CLI::App& command, AwsOptions& options, const std::string& group);

/// True when the options ask for AWS, or the configuration does and no PATH was given.
bool wants_aws(const AwsOptions& options, const Config& config, bool has_paths);

/// Configuration and options together, complete with one target at least. Errors name the option.
Result<AwsConfig> aws_config_of(const AwsOptions& options, const Config& config);

}  // namespace fa
