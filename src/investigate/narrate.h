#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "investigate/model_tools.h"
#include "investigate/prompts.h"
#include "investigate/study.h"
#include "llm/chat.h"
#include "model/report.h"

namespace fa {

/// What a model works with. Borrowed; outlives the call.
struct Narrator {
  llm::ChatModel& model;  ///< Whatever it is asked must already be redacted and metered by it.
  const Prompts& prompts;
  std::string architecture = {};   ///< The team's description of its system.
  KnowledgeSearch knowledge = {};  ///< Documents to look things up in.
  int max_cycles = 5;              ///< Turns in which tools may be used.
  std::uint32_t max_output_tokens = 4096;
  std::uint64_t first_call_tokens = 8000;            ///< Of the whole first request, by llm::token_bound.
  Nanoseconds deadline = std::chrono::seconds(120);  ///< Of everything together.
};

/// A follow-up question on an incident, and what was said before.
struct FollowUp {
  struct Turn {
    std::string question;
    std::string answer;
  };
  std::string question;
  std::vector<Turn> earlier;
};

/// Lets the model investigate, checks every sentence of its answer, sends back once what does not hold, and puts the
/// rest into `report.narrative`, with the records it found and cited into `report.evidence`. The ranking is not
/// touched. Never fails: a model that does not answer leaves a narrative that says so. Blocks until the narrator's
/// deadline at the latest.
void narrate(Report& report, const Study& study, const Narrator& narrator, const std::optional<FollowUp>& follow_up,
             const Context& context);

/// The same for a model that could not even be set up.
void narrator_missing(Report& report, const std::string& name, const Error& error);

}  // namespace fa
