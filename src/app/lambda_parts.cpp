#include "app/lambda_parts.h"

#include "app/secret_reference.h"
#include "app/service_metrics.h"
#include "aws/services/lambda.h"
#include "aws_store/aws_store.h"

namespace fa {

Result<std::unique_ptr<LambdaParts>> LambdaParts::open(const LambdaSettings& settings, const Config& config,
                                                       const std::vector<std::pair<std::string, std::string>>& secrets,
                                                       std::function<void(std::string_view)> log) {
  auto parts = std::make_unique<LambdaParts>(settings, config, std::move(log));
  LambdaParts& p = *parts;
  describe_service_metrics(p.metrics);
  const AwsConfig aws = config.aws.value_or(AwsConfig{});
  auto world = AwsWorld::open(aws);
  if (!world) return tl::unexpected(world.error());
  p.world = std::move(*world);
  auto session = AwsSession::open(aws.request.profile, p.world->access());
  if (!session) return tl::unexpected(session.error());
  p.session = std::move(*session);
  AwsTarget home;
  home.region = aws.region;
  auto identity = p.session->identity(home);
  if (!identity) return tl::unexpected(identity.error());
  p.identity = std::move(*identity);

  constexpr auto kReadAgain = std::chrono::minutes(5);
  p.secrets = std::make_unique<SecretKeeper>(
      [&p](const std::string& reference, std::string_view setting) {
        return read_secret(reference, setting, &p.identity->client());
      },
      [&p](const std::string& setting, const Error& error) {
        p.log.error("secret_not_read", {{"setting", setting}, {"error", error.message}});
      },
      p.clock, kReadAgain);
  for (const auto& [setting, reference] : secrets) {
    if (auto ok = p.secrets->add(setting, reference); !ok) return tl::unexpected(ok.error());
  }
  slack::WebApiOptions api;
  api.base_url = config.serve.slack_api;
  api.bot_token = [&p] { return p.secrets->current(kBotTokenSetting); };
  p.slack = slack::make_web_api(std::move(api), p.world->access().http, p.clock, p.sleeper, p.random);

  DynamoJobOptions jobs;
  jobs.table = settings.job_table;
  jobs.limits.queued_analyses = config.serve.settings.max_queued;
  jobs.keep = config.serve.keep;
  jobs.keep_audit = config.serve.keep_audit;
  // Slack waits three seconds for the edge, and comes again; the worker has time.
  if (settings.role == LambdaRole::kEdge) jobs.call_patience = std::chrono::milliseconds(1500);
  p.jobs = make_dynamo_job_store(p.identity->client(), p.sleeper, p.random, std::move(jobs));
  return parts;
}

void LambdaParts::start_worker(const std::string& payload, const Context& context) {
  const auto started = aws::lambda::invoke_later(identity->client(), settings.worker_function, payload, context);
  if (!started) log.error("worker_not_started", {{"error", started.error().message}});
}

Result<std::unique_ptr<LambdaFunction>> open_lambda_function(const LambdaSettings& settings, const Config& config,
                                                             const ModelOptions& options,
                                                             std::function<void(std::string_view)> log) {
  switch (settings.role) {
    case LambdaRole::kEdge:
      return open_lambda_edge(settings, config, std::move(log));
    case LambdaRole::kWorker:
      return open_lambda_worker(settings, config, options, std::move(log));
    case LambdaRole::kFindings:
      break;
  }
  return open_lambda_findings(settings, config, std::move(log));
}

}  // namespace fa
