// fa2 lambda: the Slack app as AWS Lambda functions.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "app/commands.h"
#include "app/lambda_functions.h"
#include "app/output.h"
#include "base/version.h"
#include "net/curl_client.h"

namespace fa {
namespace {

void to_standard_error_of_lambda(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

/// Everything before the first invocation. `config` must outlive the function.
Result<std::unique_ptr<LambdaFunction>> set_up(const Result<LambdaSettings>& settings, const ModelOptions& options,
                                               Config& config) {
  if (!settings) return tl::unexpected(settings.error());
  auto read = command_config(settings->config, options);
  if (!read) return tl::unexpected(read.error());
  config = std::move(*read);
  config.serve.data = settings->scratch + "/fa2";
  if (auto ok = check_serve_config(config.serve); !ok) return tl::unexpected(ok.error());
  return open_lambda_function(*settings, config, options, to_standard_error_of_lambda);
}

int run_lambda(const Context& context) {
  const aws::SystemEnvironment environment;
  const auto address = environment.variable("AWS_LAMBDA_RUNTIME_API");
  if (!address || address->empty()) {
    return report_failure(
        {ErrorCode::kInvalidInput,
         "AWS_LAMBDA_RUNTIME_API is not set: fa2 lambda is run by AWS Lambda. docs/ops/lambda.md says "
         "how; fa2 serve is the same app on a machine of yours."});
  }
  auto http = CurlClient::open({});
  if (!http) return report_failure(http.error());
  lambda::RuntimeApi api(**http, *address);
  SystemClock clock;
  SystemSleeper sleeper;
  server::Log log(clock, to_standard_error_of_lambda);
  const ModelOptions options;
  Config config;
  const auto settings = lambda_settings(environment);
  const auto function = set_up(settings, options, config);
  if (!function) {
    log.error("not_started", {{"error", function.error().message}});
    // Told once; Lambda decides when to try again.
    (void)api.fail_init(lambda::function_error(function.error()), context.within(std::chrono::seconds(5)));
    return report_failure(function.error());
  }
  log.info("started", {{"version", std::string(kVersion)}});
  const auto served = lambda::serve_invocations(
      api,
      [&](const lambda::Invocation& invocation, const Context& until) {
        return (*function)->handle(invocation, until);
      },
      log, clock, sleeper, context);
  return served ? kExitOk : report_failure(served.error());
}

}  // namespace

void add_lambda_command(CLI::App& app, const Context& context, int& status) {
  CLI::App* command = app.add_subcommand("lambda", "Run as an AWS Lambda function; settings are in its environment");
  command->callback([&context, &status] { status = run_lambda(context); });
}

}  // namespace fa
