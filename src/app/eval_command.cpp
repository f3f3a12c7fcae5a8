#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/output.h"
#include "evaluate/evaluate_claims.h"
#include "evaluate/evaluate_hostile.h"
#include "evaluate/evaluate_model.h"
#include "investigate/evaluate.h"

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
};

int report_failure(const Error& error) {
  complain(error.message);
  return kExitUsage;
}

int print(const std::string& out) {
  if (const auto written = write_output(out, std::nullopt); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

int run_eval_claims(const EvalOptions& o, const Context& context) {
  const auto evaluation = evaluate_claims(o.folder, SystemClock(), context);
  if (!evaluation) return report_failure(evaluation.error());
  return print(render_claims_text(*evaluation, o.misses));
}

int run_eval_first_prompts(const EvalOptions& o, const Context& context) {
  const auto prompts = evaluate_first_prompts(o.folder, SystemClock(), context);
  if (!prompts) return report_failure(prompts.error());
  return print(render_first_prompts_text(*prompts));
}

int run_eval_recurrence(const EvalOptions& o, const Context& context) {
  const auto result = evaluate_recurrence(o.folder, SystemClock(), context);
  if (!result) return report_failure(result.error());
  return print(render_recurrence_text(*result));
}

/// Nothing to read from: these make their incidents themselves.
int run_eval_hostile(const Result<HostileResult>& result) {
  if (!result) return report_failure(result.error());
  const int printed = print(render_hostile_text(*result));
  return printed != kExitOk || result->clean() ? printed : kExitInternal;
}

int run_eval(const EvalOptions& o, const Context& context) {
  if (o.redaction) return run_eval_hostile(evaluate_redaction(SystemClock(), context));
  if (o.injection) return run_eval_hostile(evaluate_injection(SystemClock(), context));
  if (o.folder.empty()) {
    complain("Give DIR, a folder with labels.jsonl and incident folders.");
    return kExitUsage;
  }
  if (o.verify) return run_eval_claims(o, context);
  if (o.first_prompt) return run_eval_first_prompts(o, context);
  if (o.recurrence) return run_eval_recurrence(o, context);
  std::optional<std::filesystem::path> labels;
  if (!o.labels.empty()) labels = o.labels;
  const auto evaluation = evaluate(o.folder, labels, SystemClock(), context);
  if (context.stop.stop_requested()) {
    complain("Interrupted; nothing was written.");
    return kExitInterrupted;
  }
  if (!evaluation) {
    complain(evaluation.error().message);
    return kExitUsage;
  }
  const std::string out =
      o.format == "json" ? render_evaluation_json(*evaluation) : render_evaluation_text(*evaluation);
  if (const auto written = write_output(out, std::nullopt); !written) {
    complain(written.error().message);
    return kExitInternal;
  }
  return kExitOk;
}

}  // namespace

void add_eval_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "Investigate incidents with known causes and count the right answers");
  command->add_option("DIR", options->folder, "Folder with labels.jsonl and incident folders, or folders of such");
  command->add_option("--labels", options->labels, "Labels file, when it is not DIR/labels.jsonl");
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
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
