#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/model_setup.h"
#include "app/output.h"
#include "evaluate/evaluate_claims.h"
#include "evaluate/evaluate_first_prompts.h"
#include "evaluate/evaluate_hostile.h"
#include "evaluate/evaluate_model.h"
#include "evaluate/evaluate_recurrence.h"
#include "investigate/evaluate.h"
#include "investigate/evaluate_templates.h"

namespace fa {
namespace {

struct EvalOptions {
  std::string folder;
  std::string labels;
  std::string format = "text";
  bool verify = false;
  bool misses = false;
  bool first_prompt = false;
  bool recurrence = false;
  bool redaction = false;
  bool injection = false;
  bool no_healthy = false;
  bool rename = false;
  std::uint64_t seed = 1;
  ModelOptions model;
  std::string config;
  std::string language = "en";
};

int interrupted() {
  complain("Interrupted; nothing was written.");
  return kExitInterrupted;
}

int print(const std::string& out) {
  if (const auto written = write_output(out, std::nullopt); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

/// The measurement as text, or why there is none.
template <typename Measured, typename Render>
int print_measured(const Result<Measured>& measured, Render render, const Context& context) {
  if (context.stop.stop_requested()) return interrupted();
  if (!measured) return report_failure(measured.error());
  return print(render(*measured));
}

/// Nothing to read from: these make their incidents themselves.
int run_eval_hostile(const Result<HostileResult>& result) {
  if (!result) return report_failure(result.error());
  const int printed = print(render_hostile_text(*result));
  return printed != kExitOk || result->clean() ? printed : kExitInternal;
}

/// A setup for each incident: limits are an incident's.
Result<ModelEvaluation> ask_model_of_all(const EvalOptions& o, const Config& config, const Context& context) {
  const Language language = language_from_name(o.language).value_or(Language::kEnglish);
  const NarrateIncident narrate_incident = [&](Report& report, const Study& study) -> Result<double> {
    auto model = ModelSetup::open(config, o.model, language, nullptr);
    if (!model) return tl::unexpected(model.error());
    narrate_with(**model, report, study, std::nullopt, context);
    return (*model)->spent().usd;
  };
  return evaluate_model(o.folder, language, narrate_incident, SystemClock(), context);
}

/// The answers themselves: causes of incidents, and templates of logs whose true ones are known.
int run_eval_answers(const EvalOptions& o, const Context& context) {
  const auto templates = evaluate_templates(o.folder);
  if (!templates) return report_failure(templates.error());
  EvaluateOptions options;
  if (!o.labels.empty()) options.labels = o.labels;
  options.healthy_windows = !o.no_healthy;
  if (o.rename) options.rename_seed = o.seed;
  const auto evaluation = evaluate(o.folder, options, SystemClock(), context);
  if (!evaluation && evaluation.error().code == ErrorCode::kNotFound && !templates->empty()) {
    return print(render_templates_text(*templates));
  }
  return print_measured(
      evaluation,
      [&](const Evaluation& e) {
        if (o.format == "json") return render_evaluation_json(e);
        return render_evaluation_text(e) + (templates->empty() ? "" : "\n" + render_templates_text(*templates));
      },
      context);
}

int run_eval(const EvalOptions& o, const Context& context) {
  if (o.redaction) return run_eval_hostile(evaluate_redaction(SystemClock(), context));
  if (o.injection) return run_eval_hostile(evaluate_injection(SystemClock(), context));
  if (o.folder.empty()) {
    complain("Give DIR, a folder with labels.jsonl and incident folders.");
    return kExitUsage;
  }
  const auto with_options = command_config(o.config, o.model);
  if (!with_options) return report_failure(with_options.error());
  const Config& config = *with_options;
  if (o.verify) {
    return print_measured(
        evaluate_claims(o.folder, SystemClock(), context),
        [&](const ClaimEvaluation& e) { return render_claims_text(e, o.misses); }, context);
  }
  if (o.first_prompt) {
    return print_measured(evaluate_first_prompts(o.folder, SystemClock(), context), render_first_prompts_text, context);
  }
  if (o.recurrence) {
    return print_measured(evaluate_recurrence(o.folder, SystemClock(), context), render_recurrence_text, context);
  }
  if (config.model) {
    return print_measured(ask_model_of_all(o, config, context), render_model_text, context);
  }
  return run_eval_answers(o, context);
}

}  // namespace

void add_eval_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "Investigate incidents with known causes and count the right answers");
  command->add_option("DIR", options->folder,
                      "Folder with labels.jsonl and incident folders, or logs with true templates, or folders of such");
  command->add_option("--labels", options->labels, "Labels file, when it is not DIR/labels.jsonl");
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  add_model_options(*command, options->model);
  command->add_option("--config", options->config, "Configuration file (TOML) whose [model] is meant");
  command->add_option("--lang", options->language, "Language a model is asked in")->check(CLI::IsMember({"en", "ja"}));
  command->add_flag("--no-healthy", options->no_healthy, "Leave out the healthy stretches of the baselines");
  command->add_flag("--rename", options->rename,
                    "Replace the names of all services, instances and metrics by random words first");
  command->add_option("--seed", options->seed, "With --rename: other words")->needs("--rename");
  command->add_flag("--verify", options->verify,
                    "Measure how many generated false claims are caught, and true ones lost");
  command->add_flag("--first-prompt", options->first_prompt, "Measure what a model would see first, asking nobody");
  command->add_flag("--recurrence", options->recurrence, "Measure whether past incidents of the same fault are found");
  command->add_flag("--redaction", options->redaction, "Measure whether planted secrets leave; needs no DIR");
  command->add_flag("--injection", options->injection, "Measure what hostile log lines achieve; needs no DIR");
  command->add_flag("--misses", options->misses, "With --verify: show every wrong decision");
  command->callback([options, &context, &status] { status = run_eval(*options, context); });
}

}  // namespace fa
