// fa2 ask: a follow-up question on a finished incident.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/config.h"
#include "app/model_setup.h"
#include "app/output.h"
#include "base/text.h"
#include "investigate/investigate.h"
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

int ask_trouble(const Error& error) {
  complain(error.message);
  return error.code == ErrorCode::kInternal ? kExitInternal : kExitUsage;
}

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

/// The answer alone: what the model says, with its evidence and what did not hold.
std::string answer_text(const Report& report) {
  const Narrative& n = *report.narrative;
  const bool japanese = report.language == Language::kJapanese;
  std::string out;
  const auto add = [&](const std::vector<Statement>& statements) {
    for (const Statement& s : statements) {
      out += fmt::format("{} {}\n", s.verified ? "✓" : "✗", visible(s.text));
      if (!s.verified) out += fmt::format("    {}: {}\n", japanese ? "未検証" : "not verified", visible(s.reason));
    }
  };
  add(n.summary);
  for (const NarrativeHypothesis& h : n.hypotheses) add(h.statements);
  add(n.impact);
  add(n.actions);
  for (const std::string& m : n.missing) out += "? " + visible(m) + "\n";
  if (!n.note.empty()) out += visible(n.note) + "\n";
  out += fmt::format(fmt::runtime(japanese ? "\n{1} 件中 {0} 件の記述を元データと照合済み\n"
                                           : "\n{0} of {1} statements verified against the stored bytes\n"),
                     n.verified, n.checked);
  for (const Evidence& e : report.evidence) {
    bool cited = false;
    for (const auto* list : {&n.summary, &n.impact, &n.actions}) {
      for (const Statement& s : *list) {
        cited = cited || std::find(s.evidence.begin(), s.evidence.end(), e.id) != s.evidence.end();
      }
    }
    if (cited) out += fmt::format("{} {} {}\n", e.id, visible(e.locator.resource), visible(e.reproduce));
  }
  return out;
}

int run_ask(const AskOptions& o, const Context& context) {
  Config config;
  if (!o.config.empty()) {
    auto read = read_config(o.config);
    if (!read) return ask_trouble(read.error());
    config = std::move(*read);
  }
  auto with = with_model_options(o.model, std::move(config));
  if (!with) return ask_trouble(with.error());
  config = std::move(*with);
  if (config.memory.empty()) {
    complain("fa2 ask needs the memory that kept the incident: give --memory FILE, or [memory] path in --config.");
    return kExitUsage;
  }
  auto store = Store::open(config.memory);
  if (!store) return ask_trouble(store.error());
  const auto past = (*store)->incident(o.incident);
  if (!past) return ask_trouble(past.error());
  auto request = request_from_json(past->request);
  if (!request) return ask_trouble(request.error());
  if (o.language == "ja") request->language = Language::kJapanese;
  if (o.language == "en") request->language = Language::kEnglish;
  const auto study = study_incident(*request, SystemClock(), nullptr, context);
  if (!study) return ask_trouble(study.error());
  Report report = report_of(*study, request->language);
  report.incident.id = past->id;
  remember(report, *study, **store);
  auto model = ModelSetup::open(config, o.model, report.language, store->get());
  if (!model) return ask_trouble(model.error());
  std::string out;
  if (*model) {
    FollowUp follow_up;
    follow_up.question = o.question;
    if (const auto turns = (*store)->turns(past->id)) {
      for (const ConversationTurn& t : *turns) follow_up.earlier.push_back({t.question, t.answer});
    }
    narrate_with(**model, report, *study, follow_up, context);
    if (context.stop.stop_requested()) return kExitInterrupted;
    out = answer_text(redacted(std::move(report), config));
  } else {
    out = answer_from_evidence(redacted(std::move(report), config), o.question, **store);
  }
  if (auto kept = (*store)->add_turn(past->id, {o.question, out}); !kept) {
    complain("The conversation was not kept: " + kept.error().message);
  }
  if (const auto written = write_output(out, std::nullopt); !written) return ask_trouble(written.error());
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
