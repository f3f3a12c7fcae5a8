#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "app/model_setup.h"
#include "investigate/investigate.h"
#include "investigate/live.h"
#include "store/store.h"

/// What the command line and the server do alike around an investigation: memory, model, and keeping the incident.
namespace fa {

/// Memory and model, opened before anything is collected; what cannot be opened is said in the report.
struct Assistants {
  std::unique_ptr<Store> store;
  std::optional<Error> no_store;
  std::unique_ptr<ModelSetup> model;
  std::optional<Error> no_model;
};
[[nodiscard]] Assistants open_assistants(const Config& config, const ModelOptions& options, Language language);

/// What an investigation left behind: the report, and what a model may look further into.
struct Investigated {
  Study study;
  Report report;
  InvestigateRequest request;             ///< How to investigate it again.
  std::optional<TemporaryFolder> folder;  ///< Where live data is kept for as long as it is looked at.
};

/// Adds what memory, documents and the model know to the report, and keeps the incident in memory. What could not be
/// kept comes back.
[[nodiscard]] Result<void> assist(Investigated& done, const Assistants& assistants, const Config& config,
                                  const Context& context);

/// Lets the model answer a question on an incident that was investigated before: earlier questions are known to it, and
/// this one is added to them. The narrative of `report` is the answer; secrets are replaced in what is returned.
/// `store` may be null. What could not be kept of the conversation comes back in `not_kept`.
[[nodiscard]] Report answer_question(Report report, const Study& study, ModelSetup& model, Store* store,
                                     const std::string& question, const Config& config, const Context& context,
                                     std::optional<Error>& not_kept);

}  // namespace fa
