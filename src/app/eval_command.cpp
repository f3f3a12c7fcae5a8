#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/output.h"
#include "investigate/evaluate.h"

namespace fa {
namespace {

struct EvalOptions {
  std::string folder;
  std::string labels;
  std::string format = "text";
};

int run_eval(const EvalOptions& o, const Context& context) {
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
  command->add_option("DIR", options->folder, "Folder with labels.jsonl and incident folders, or folders of such")
      ->required();
  command->add_option("--labels", options->labels, "Labels file, when it is not DIR/labels.jsonl");
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->callback([options, &context, &status] { status = run_eval(*options, context); });
}

}  // namespace fa
