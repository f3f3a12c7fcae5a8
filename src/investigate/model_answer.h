#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "investigate/claim.h"
#include "investigate/prompts.h"
#include "llm/chat.h"
#include "model/report.h"

namespace fa {

/// What a model answers with, not checked yet.
struct ModelAnswer {
  struct Cause {
    std::string subject;
    std::string component;
    Mechanism mechanism = Mechanism::kUnknown;
    std::vector<Claim> statements;
  };
  std::vector<Claim> summary;
  std::vector<Cause> hypotheses;
  std::vector<Claim> impact;
  std::vector<Claim> actions;
  std::vector<Claim> prevention;
  std::vector<std::string> missing;
  /// Instead of all of the above, once sentences were sent back: what replaces them, by their number in the objection.
  struct Correction {
    std::size_t number = 0;  ///< From 1.
    Claim claim;
  };
  std::vector<Correction> corrections;
};

/// The tool by whose call a model answers: its schema, described in the prompts' language.
llm::ToolSpec answer_tool(const Prompts& prompts);

/// Reads the input of that tool, strictly: what is of the wrong kind is an error that says where (kInvalidInput).
/// Fields that the schema does not have are errors, too; lists longer than the schema allows are cut.
Result<ModelAnswer> parse_answer(std::string_view json);

}  // namespace fa
