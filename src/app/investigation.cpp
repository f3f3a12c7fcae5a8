#include "app/investigation.h"

#include "investigate/memory.h"
#include "report/narrative_lines.h"

namespace fa {
namespace {

/// What the model said, for the thread of the conversation.
std::string said(const Report& report) {
  std::string out;
  const auto sections = narrative_sections(report);
  if (sections.empty()) return out;
  for (const NarrativeLine& line : sections.front().lines) {
    if (line.kind == NarrativeLine::Kind::kVerified) out += "✓ ";
    if (line.kind == NarrativeLine::Kind::kUnverified) out += "✗ ";
    out += line.text + "\n";
  }
  return out;
}

}  // namespace

Assistants open_assistants(const Config& config, const ModelOptions& options, Language language) {
  Assistants a;
  if (!config.memory.empty()) {
    if (auto opened = Store::open(config.memory)) {
      a.store = std::move(*opened);
    } else {
      a.no_store = opened.error();
    }
  }
  // No key, no credentials, no cassette: the report goes out all the same, and says so.
  if (auto model = ModelSetup::open(config, options, language, a.store.get())) {
    a.model = std::move(*model);
  } else {
    a.no_model = model.error();
  }
  return a;
}

Result<void> assist(Investigated& done, const Assistants& assistants, const Config& config, const Context& context) {
  Store* store = assistants.store.get();
  if (store != nullptr) {
    give_id(done.report);
    remember(done.report, done.study, *store);
  } else if (assistants.no_store) {
    memory_missing(done.report, *assistants.no_store);
  }
  if (assistants.model) {
    narrate_with(*assistants.model, done.report, done.study, std::nullopt, context);
  } else if (assistants.no_model) {
    narrator_missing(done.report, config.model->provider + " " + config.model->id, *assistants.no_model);
  }
  // Live data that was not saved is gone afterwards: there is nothing to investigate again.
  if (store == nullptr || done.folder || context.stop.stop_requested()) return {};
  InvestigateRequest again = done.request;
  for (std::string& path : again.paths) {
    std::error_code ec;
    if (path != "-") path = std::filesystem::absolute(path, ec).string();
  }
  return store->put_incident(to_past_incident(done.report, done.study, again, SystemClock().now()));
}

Report answer_question(Report report, const Study& study, ModelSetup& model, Store* store, const std::string& question,
                       const Config& config, const Context& context, std::optional<Error>& not_kept) {
  const std::string incident = report.incident.id;
  FollowUp follow_up;
  follow_up.question = question;
  if (store != nullptr) {
    if (const auto turns = store->turns(incident)) {
      for (const ConversationTurn& t : *turns) follow_up.earlier.push_back({t.question, t.answer});
    }
  }
  narrate_with(model, report, study, follow_up, context);
  Report shown = redacted(std::move(report), config);
  if (store != nullptr && !context.stop.stop_requested()) {
    if (auto kept = store->add_turn(incident, {question, said(shown)}); !kept) not_kept = kept.error();
  }
  return shown;
}

}  // namespace fa
