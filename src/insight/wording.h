#pragma once

#include <string>
#include <vector>

#include "insight/insight_types.h"
#include "investigate/prompts.h"
#include "llm/chat.h"

namespace fa::insight {

/// One sentence that somebody (a model) says, with the facts it is said to rest on. Nothing in it is trusted.
struct Sentence {
  std::string text;
  std::vector<std::string> facts;
};

/// Why the sentence does not hold against the facts it cites; empty where it does. It holds when it cites facts that
/// exist, every number in it is one of theirs (as written, in percent, or in a larger unit of time or size) or of the
/// question, every name is one of theirs, every time of day lies at one of their ranges, and it says neither that
/// something rose where all of them fell nor what the cause is: that, facts of measurements cannot bear out. What
/// cannot be read is rejected. (The checker of an investigation's claims rests on its study and cannot serve here.)
[[nodiscard]] std::string objection_to(const Sentence& sentence, const InsightResult& result);

/// The result with a narrative in it: the model is given question, facts and advice, its answer must be a call of the
/// tool, and sentences that do not hold are left out. Without any that do the result stays as it is, with a note that
/// says so. What is asked must be metered and redacted by the model.
[[nodiscard]] InsightResult with_narrative(InsightResult result, llm::ChatModel& model, const Prompts& prompts,
                                           const Context& context);

}  // namespace fa::insight
