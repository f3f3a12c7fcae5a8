#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/report.h"

namespace fa {

/// What a model sees of an incident first.
struct ModelDigest {
  std::string text;                ///< JSON lines between <data> and </data>.
  std::set<std::string> included;  ///< Ids of evidence, past incidents and passages in it.
  std::uint64_t tokens = 0;        ///< llm::token_bound of the text.
  std::uint64_t left_out = 0;      ///< Evidence items that did not fit.
};

/// The incident, suspects, evidence, calls, coverage, gaps, past incidents and passages, within `budget` tokens (by
/// llm::token_bound): the head always, then items by value per token, so that what decides comes before what only adds.
/// Every word from the data stands in a JSON string, `</` written as `<\/`, so that nothing in it can end the fence.
/// `architecture` is the team's description of the system; may be empty. Deterministic.
ModelDigest write_model_digest(const Report& report, const std::string& architecture, std::uint64_t budget);

/// One further line for inside the fence: `{"name":{...}}`, texts only.
std::string fenced_line(const std::string& name, const std::vector<std::pair<std::string, std::string>>& texts);

}  // namespace fa
