// fa2 ask: a follow-up question on a finished incident.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/config.h"
#include "app/investigation.h"
#include "app/output.h"
#include "app/terminal.h"
#include "base/text.h"
#include "investigate/memory.h"
#include "redact/redact.h"
#include "report/render.h"

namespace fa {
namespace {

struct AskOptions {
  std::string incident;
  std::string question;
  std::string config;
  std::string language;
  ModelOptions model;
};

/// Without a model: the evidence and the documents that the question's words find.
std::string answer_from_evidence(const Report& report, const std::string& question, Store& store) {
  const bool japanese = report.language == Language::kJapanese;
  std::string out = japanese ? "言語モデルが設定されていないため、質問の語に合う証拠とドキュメントを示します。\n"
                             : "No language model is configured; this is what the words of the question find.\n";
  std::vector<std::string> words;
  for (const std::string_view word : split(question, ' ')) {
    if (word.size() >= 3) words.emplace_back(word);
  }
  Redactor redactor({false, RedactionPolicy::Addresses::kKeep});
  std::size_t shown = 0;
  for (const Evidence& e : report.evidence) {
    const std::string all = e.entity + " " + e.claim + " " + e.excerpt + " " + e.key;
    for (const std::string& word : words) {
      if (!icontains(all, word)) continue;
      out += fmt::format("\n{} {}\n", e.id, visible(e.claim));
      if (!e.excerpt.empty()) out += "    " + visible(utf8_prefix(e.excerpt, 300)) + "\n";
      ++shown;
      break;
    }
    if (shown >= 6) break;
  }
  if (const auto passages = store.search_passages(question, 3)) {
    for (const Passage& p : *passages) {
      out += fmt::format("\n{}:{} {}\n    {}\n", visible(p.document), p.first_line, visible(p.heading),
                         visible(utf8_prefix(redactor.redact(p.text), 400)));
      ++shown;
    }
  }
  if (shown == 0) out += japanese ? "\n該当するものはありませんでした。\n" : "\nNothing was found.\n";
  return out;
}

int run_ask(const AskOptions& o, const Context& context) {
  const auto with_options = command_config(o.config, o.model);
  if (!with_options) return report_failure(with_options.error());
  const Config& config = *with_options;
  if (config.memory.empty()) {
    complain("fa2 ask needs the memory that kept the incident: give --memory FILE, or [memory] path in --config.");
    return kExitUsage;
  }
  auto store = Store::open(config.memory);
  if (!store) return report_failure(store.error());
  const auto past = (*store)->incident(o.incident);
  if (!past) return report_failure(past.error());
  auto request = request_from_json(past->request);
  if (!request) return report_failure(request.error());
  request->language = language_from_name(o.language).value_or(request->language);
  request->architecture = config.architecture;
  const auto study = study_incident(*request, SystemClock(), nullptr, context);
  if (!study) return report_failure(study.error());
  Report report = report_of(*study, request->language);
  report.incident.id = past->id;
  remember(report, *study, **store);
  auto model = ModelSetup::open(config, o.model, report.language, store->get());
  if (!model) return report_failure(model.error());
  std::string out;
  std::optional<Error> not_kept;
  if (*model) {
    const Report shown =
        answer_question(std::move(report), *study, **model, store->get(), o.question, config, context, not_kept);
    if (context.stop.stop_requested()) return kExitInterrupted;
    out = render_answer_text(shown, {wants_color(), terminal_width(), config.time_zone});
  } else {
    out = answer_from_evidence(redacted(std::move(report), config), o.question, **store);
    if (auto kept = (*store)->add_turn(past->id, {o.question, out}); !kept) not_kept = kept.error();
  }
  if (not_kept) complain("The conversation was not kept: " + not_kept->message);
  if (const auto written = write_output(out, std::nullopt); !written) return report_failure(written.error());
  return kExitOk;
}

}  // namespace

void add_ask_command(CLI::App& app, const Context& context, int& status) {
  auto options = std::make_shared<AskOptions>();
  CLI::App* command = app.add_subcommand("ask", "Ask a question about a finished incident");
  command->add_option("INCIDENT", options->incident, "Id, as the report and fa2 incidents show it")->required();
  command->add_option("QUESTION", options->question, "What you want to know")->required();
  command->add_option("--config", options->config, "Configuration file (TOML)");
  command->add_option("--lang", options->language, "Language of the answer")->check(CLI::IsMember({"en", "ja"}));
  add_model_options(*command, options->model);
  command->callback([options, &context, &status] { status = run_ask(*options, context); });
}

}  // namespace fa
