#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/model_setup.h"
#include "app/output.h"
#include "base/text.h"
#include "evaluate/evaluate_claims.h"
#include "evaluate/evaluate_hostile.h"
#include "evaluate/evaluate_model.h"
#include "investigate/evaluate.h"
#include "investigate/investigate.h"

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
  ModelOptions model;
  std::string config;
  std::string language = "en";
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

/// What a model adds over all incidents: whether its first cause is right, and how many of its sentences hold.
int run_eval_model(const EvalOptions& o, const Config& config, const Context& context) {
  const auto folders = incident_folders(o.folder);
  if (!folders) return report_failure(folders.error());
  std::string out;
  std::size_t cases = 0, ranked_right = 0, model_right = 0, answered = 0;
  std::uint64_t checked = 0, verified = 0, sent_back = 0;
  double usd = 0;
  for (const IncidentFolder& folder : *folders) {
    InvestigateRequest request;
    request.paths = {folder.path.string()};
    request.language = o.language == "ja" ? Language::kJapanese : Language::kEnglish;
    const auto study = study_incident(request, SystemClock(), nullptr, context);
    if (!study) continue;
    Report report = report_of(*study, request.language);
    // A setup for each: limits are an incident's.
    auto model = ModelSetup::open(config, o.model, request.language, nullptr);
    if (!model) return report_failure(model.error());
    narrate_with(**model, report, *study, std::nullopt, context);
    if (context.stop.stop_requested()) return kExitInterrupted;
    const Narrative& n = *report.narrative;
    const std::string first = n.hypotheses.empty() ? "" : n.hypotheses.front().service;
    const std::string ranked = report.hypotheses.empty() ? "" : report.hypotheses.front().subject.service;
    ++cases;
    answered += n.outcome == "answered" ? 1U : 0U;
    ranked_right += ranked == folder.subject ? 1U : 0U;
    model_right += first == folder.subject ? 1U : 0U;
    checked += n.checked;
    verified += n.verified;
    sent_back += n.sent_back;
    usd += (*model)->spent().usd;
    out += fmt::format("  {}/{}: {}; expected {}; ranked first {}; model says {}; {} of {} statements verified\n",
                       folder.set, folder.name, n.outcome, folder.subject, ranked, first.empty() ? "nothing" : first,
                       n.verified, n.checked);
    if (n.outcome != "answered") out += "      " + visible(n.note) + "\n";
  }
  out += fmt::format(
      "\n{} incidents, answered {}; first cause right: ranking {}, model {}; statements verified {} of {}, sent back "
      "{}; {} USD\n",
      cases, answered, ranked_right, model_right, verified, checked, sent_back, format_number(usd));
  return print(out);
}

int run_eval(const EvalOptions& o, const Context& context) {
  if (o.redaction) return run_eval_hostile(evaluate_redaction(SystemClock(), context));
  if (o.injection) return run_eval_hostile(evaluate_injection(SystemClock(), context));
  if (o.folder.empty()) {
    complain("Give DIR, a folder with labels.jsonl and incident folders.");
    return kExitUsage;
  }
  Config config;
  if (!o.config.empty()) {
    auto read = read_config(o.config);
    if (!read) return report_failure(read.error());
    config = std::move(*read);
  }
  auto with_model = with_model_options(o.model, std::move(config));
  if (!with_model) return report_failure(with_model.error());
  if (with_model->model && !o.verify && !o.first_prompt && !o.recurrence)
    return run_eval_model(o, *with_model, context);
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
  add_model_options(*command, options->model);
  command->add_option("--config", options->config, "Configuration file (TOML) whose [model] is meant");
  command->add_option("--lang", options->language, "Language a model is asked in")->check(CLI::IsMember({"en", "ja"}));
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
