#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/aws_options.h"
#include "app/aws_world.h"
#include "app/commands.h"
#include "app/doctor_checks.h"
#include "app/model_setup.h"
#include "app/output.h"
#include "base/text.h"
#include "sources/aws/doctor.h"

namespace fa {
namespace {

struct DoctorOptions {
  AwsOptions aws;
  std::string config;
  bool offline = false;
};

std::string_view mark(DoctorCheck::State state) {
  switch (state) {
    case DoctorCheck::State::kGood:
      return "ok  ";
    case DoctorCheck::State::kWarning:
      return "warn";
    case DoctorCheck::State::kBad:
      return "BAD ";
    case DoctorCheck::State::kSkipped:
      return "-   ";
  }
  return "";
}

/// Asks the configured model for one word: whether it can be reached, is allowed, and answers.
DoctorCheck examine_model(const Config& config, const Context& context) {
  DoctorCheck check;
  check.subject = "model " + config.model->provider + " " + config.model->id;
  const auto setup = ModelSetup::open(config, {}, Language::kEnglish, nullptr);
  if (!setup) {
    check.state = DoctorCheck::State::kBad;
    check.finding = setup.error().message;
    return check;
  }
  llm::ChatRequest request;
  request.messages = {{llm::Role::kUser, {llm::Text{"Answer with the single word: ready"}}}};
  request.max_output_tokens = 256;
  const auto answer = (*setup)->narrator().model.ask(request, context.within(config.model->deadline));
  if (!answer) {
    check.state = DoctorCheck::State::kBad;
    check.finding = answer.error().message;
    return check;
  }
  check.state = DoctorCheck::State::kGood;
  check.finding = fmt::format("answers ({} tokens in, {} out)", answer->usage.input, answer->usage.output);
  return check;
}

/// What has to be asked of others.
Result<std::vector<DoctorCheck>> examine_outside(const DoctorOptions& o, const Config& config, const Context& context) {
  const auto aws = aws_config_of(o.aws, config);
  if (!aws) return tl::unexpected(aws.error());
  auto world = AwsWorld::open(*aws);
  if (!world) return tl::unexpected(world.error());
  std::vector<DoctorCheck> checks;
  // A configuration that names no account asks for none; without one, options and environment may.
  const bool asks_aws = o.config.empty() || config.aws || wants_aws(o.aws, config, true) || !o.aws.region.empty() ||
                        !o.aws.profile.empty();
  if (asks_aws) checks = examine_aws(aws->request, (*world)->access(), context.within(aws->request.deadline));
  if (config.model) checks.push_back(examine_model(config, context));
  for (DoctorCheck& check : examine_slack(config, (*world)->access().http, context)) checks.push_back(std::move(check));
  return checks;
}

int run_doctor(const DoctorOptions& o, const Context& context) {
  Config config;
  if (!o.config.empty()) {
    auto read = read_config(o.config);
    if (!read) {
      complain(read.error().message);
      return kExitUsage;
    }
    config = std::move(*read);
  }
  std::vector<DoctorCheck> checks = examine_machine(config, context);
  for (DoctorCheck& check : examine_service(config)) checks.push_back(std::move(check));
  if (!o.offline) {
    auto outside = examine_outside(o, config, context);
    if (!outside) return report_failure(outside.error());
    for (DoctorCheck& check : *outside) checks.push_back(std::move(check));
  }
  std::string out;
  std::size_t bad = 0;
  for (const DoctorCheck& check : checks) {
    out += fmt::format("{}  {}: {}\n", mark(check.state), visible(check.subject), visible(check.finding));
    if (!check.fix.empty()) out += fmt::format("      -> {}\n", visible(check.fix));
    if (check.state == DoctorCheck::State::kBad) ++bad;
  }
  out += bad == 0 ? "\nEverything that is configured works.\n"
                  : fmt::format("\n{} of {} checks failed: see the lines that begin with BAD.\n", bad, checks.size());
  if (const auto written = write_output(out, std::nullopt); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return bad == 0 ? kExitOk : kExitUsage;
}

}  // namespace

void add_doctor_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App* command = app.add_subcommand(
      "doctor", "Check what would fail: this machine, the server's settings and secrets, AWS, the model, Slack");
  command->add_option("--config", options->config, "Configuration file (TOML)");
  command->add_flag("--offline", options->offline, "Ask nobody outside: no AWS, no model, no Slack");
  add_aws_options(*command, options->aws);
  command->callback([options, &context, &status] { status = run_doctor(*options, context); });
}

}  // namespace fa
