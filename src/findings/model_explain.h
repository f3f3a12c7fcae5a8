#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "findings/explanation.h"
#include "findings/group.h"
#include "llm/chat.h"

namespace fa::findings {

/// What a model made of causes that no text of ours explains.
struct ModelExplanations {
  std::vector<std::optional<Explanation>> explanations;  ///< As many as were asked for; nullopt: none that holds.
  std::string problem;  ///< Why the model told nothing, or less than was asked; empty when all is well.
};

/// Asks the model to explain the groups (most pressing first; kMostAsked at the most), a few in each call, and checks
/// every answer by why_refused; what does not hold is sent back once and then dropped. What stands in a finding goes to
/// the model as data. Never fails. `model` must redact and meter by itself.
ModelExplanations explain_by_model(const std::vector<const Group*>& groups, Language language, llm::ChatModel& model,
                                   const Context& context);
inline constexpr std::size_t kMostAsked = 24;

/// Why an explanation of the group must not be shown; empty when it may. An explanation names no id, address, number or
/// quoted name that does not stand in the finding (a short list of service names and small numbers aside), holds no
/// address of the web, nothing of a shell's or markup's language, and is not too long.
std::string why_refused(const Explanation& explanation, const Group& group);

}  // namespace fa::findings
