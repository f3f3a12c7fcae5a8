#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "investigate/metric_choice.h"
#include "investigate/narrate.h"
#include "llm/budget.h"
#include "store/store.h"

namespace CLI {
class App;
}

namespace fa {

/// Options of the commands that may ask a model or look into memory; they win over [model] and [memory].
struct ModelOptions {
  bool none = false;          ///< --no-model
  std::string model;          ///< --model bedrock:ID or openai:ID
  std::string url;            ///< --model-url
  std::string cassette;       ///< --model-cassette: answers come from this recording
  std::string record;         ///< --record-cassette
  std::string prompts;        ///< --prompts
  std::string memory;         ///< --memory
  bool show_secrets = false;  ///< --show-secrets
};

void add_model_options(CLI::App& command, ModelOptions& options);

/// A command's configuration: what `file` says (empty: nothing), with the options put over it. Errors name the file and
/// the line, or the option.
Result<Config> command_config(const std::string& file, const ModelOptions& options);

/// Everything a model needs, wired together: provider, recording, limits, redaction, prompts. Nothing is asked yet.
class ModelSetup {
 public:
  /// nullptr when no model is configured. `store` keeps the account of the month and the documents; may be null.
  static Result<std::unique_ptr<ModelSetup>> open(const Config& config, const ModelOptions& options, Language language,
                                                  Store* store);
  /// The same for those who do as well without: one that cannot be set up is said on standard error, and nullptr.
  static std::unique_ptr<ModelSetup> open_or_complain(const Config& config, const ModelOptions& options,
                                                      Language language);
  ~ModelSetup();

  [[nodiscard]] Narrator narrator();
  /// Lets the model say which metrics of a live account to fetch first. Borrows this setup.
  [[nodiscard]] MetricChooser metric_chooser(const IncidentInfo& incident);
  [[nodiscard]] llm::Spending spent() const;
  /// Replaces in what the model said and asked the secrets that were kept from it, unless they are to be shown.
  void hide_secrets(Narrative& narrative) const;

 private:
  ModelSetup();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The model's part of an investigation, and its account in the report's usage.
void narrate_with(ModelSetup& setup, Report& report, const Study& study, const std::optional<FollowUp>& follow_up,
                  const Context& context);

/// The report with secrets replaced, unless the configuration shows them.
Report redacted(Report report, const Config& config);

}  // namespace fa
