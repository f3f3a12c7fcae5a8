#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/aws_world.h"
#include "app/lambda_functions.h"
#include "app/secret_keeper.h"
#include "server/log.h"
#include "server/metrics.h"
#include "slack/web_api.h"
#include "sources/aws/aws_session.h"
#include "store/job_store.h"

namespace fa {

/// What the Lambda functions have in common: one identity, the secrets that a role needs and no others, Slack, the
/// jobs.
struct LambdaParts {
  /// `secrets`: setting and reference. Borrows settings and configuration.
  static Result<std::unique_ptr<LambdaParts>> open(const LambdaSettings& settings, const Config& config,
                                                   const std::vector<std::pair<std::string, std::string>>& secrets,
                                                   std::function<void(std::string_view)> log);

  /// Asks for a run of the worker. Failing is no loss: it is run every minute for what was left.
  void start_worker(const std::string& payload, const Context& context);

  LambdaParts(const LambdaSettings& s, const Config& c, std::function<void(std::string_view)> write)
      : settings(s), config(c), log(clock, std::move(write)) {}

  const LambdaSettings& settings;
  const Config& config;
  SystemClock clock;
  SystemSleeper sleeper;
  SystemRandom random;
  server::Log log;
  server::Metrics metrics;
  std::unique_ptr<AwsWorld> world;
  std::unique_ptr<AwsSession> session;
  std::unique_ptr<AwsIdentity> identity;
  std::unique_ptr<SecretKeeper> secrets;
  std::unique_ptr<slack::SlackApi> slack;
  std::unique_ptr<JobStore> jobs;
};

inline constexpr const char* kSigningSecretSetting = "slack.signing_secret";
inline constexpr const char* kBotTokenSetting = "slack.bot_token";
inline constexpr const char* kWebhookSecretSetting = "webhook.secret";
inline constexpr const char* kAlertmanagerTokenSetting = "alertmanager.token";

// One file each.
Result<std::unique_ptr<LambdaFunction>> open_lambda_edge(const LambdaSettings& settings, const Config& config,
                                                         std::function<void(std::string_view)> log);
Result<std::unique_ptr<LambdaFunction>> open_lambda_worker(const LambdaSettings& settings, const Config& config,
                                                           const ModelOptions& options,
                                                           std::function<void(std::string_view)> log);
Result<std::unique_ptr<LambdaFunction>> open_lambda_findings(const LambdaSettings& settings, const Config& config,
                                                             std::function<void(std::string_view)> log);

}  // namespace fa
