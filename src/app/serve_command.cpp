// fa2 serve: the Slack app and its server.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <stop_token>
#include <string>

#include "app/commands.h"
#include "app/config.h"
#include "app/output.h"
#include "app/service.h"
#include "app/supervisor.h"

namespace fa {
namespace {

struct ServeOptions {
  std::string config;
  ModelOptions model;
};

int run_serve(const ServeOptions& o, const Context& context) {
  const auto config = command_config(o.config, o.model);
  if (!config) return report_failure(config.error());
  const auto to_standard_error = [](std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
  };
  const auto service = Service::start(*config, o.model, to_standard_error);
  if (!service) return report_failure(service.error());
  notify_supervisor("READY=1");
  // Told as soon as the end begins: what follows may take a while.
  const std::stop_callback stopping(context.stop, [] { notify_supervisor("STOPPING=1"); });
  (*service)->run(context);
  return kExitOk;
}

}  // namespace

void add_serve_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "Run the Slack app and its server");
  command->add_option("--config", options->config, "Configuration file (TOML)")->required();
  add_model_options(*command, options->model);
  command->callback([options, &context, &status] { status = run_serve(*options, context); });
}

}  // namespace fa
