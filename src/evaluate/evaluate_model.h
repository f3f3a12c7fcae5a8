#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"
#include "investigate/investigate.h"

namespace fa {

/// What a model made of one incident.
struct ModelCase {
  std::string set;
  std::string incident;
  std::string expected;  ///< Service at fault; empty: nothing is wrong.
  std::string ranked;    ///< Service that the ranking puts first.
  std::string said;      ///< Service of the model's first cause; empty: none.
  std::string outcome;   ///< Of the narrative.
  std::string note;
  std::uint64_t checked = 0;
  std::uint64_t verified = 0;
  std::uint64_t sent_back = 0;
  double usd = 0;
};

struct ModelEvaluation {
  std::vector<ModelCase> cases;
  std::vector<std::string> left_out;  ///< Incidents that could not be investigated, with the reason.
};

/// Has a model narrate the report (it sets `report.narrative`) and gives the cost in USD. An error ends the evaluation.
using NarrateIncident = std::function<Result<double>(Report& report, const Study& study)>;

/// What a model adds over all incidents below `root`: whether its first cause is right, and how many of its sentences
/// hold.
Result<ModelEvaluation> evaluate_model(const std::filesystem::path& root, Language language,
                                       const NarrateIncident& narrate, const Clock& clock, const Context& context);
std::string render_model_text(const ModelEvaluation& evaluation);

}  // namespace fa
