#pragma once

#include <string>
#include <vector>

#include "insight/catalogue.h"
#include "insight/question.h"
#include "insight/select.h"
#include "investigate/prompts.h"
#include "llm/chat.h"

namespace fa::insight {

struct Refinement {
  std::vector<std::size_t> metrics;  ///< Indexes into the catalogue; the shortlist where nothing better came back.
  bool refined = false;              ///< False: the shortlist stands as it was.
  std::size_t ignored = 0;           ///< Entries of the answer that are not in the list.
  std::string why_not;               ///< Why it stands, for people, in English; empty where it was refined.
};

/// Lets the model choose from the shortlist and add metrics of the catalogue, which it sees by groups. Asked once; its
/// answer must be a call of the tool as its schema says. Every id, namespace, name and dimension is looked up in the
/// catalogue, and what is not there is ignored and counted. No answer, a broken one, or one that keeps nothing: the
/// shortlist stands. What is asked must be metered and redacted by the model.
[[nodiscard]] Refinement refine_selection(llm::ChatModel& model, const Prompts& prompts, const Catalogue& catalogue,
                                          const Question& question, const Selection& shortlist, const Context& context);

/// Reads the input of that tool against what was shown: `groups` are indexes of the catalogue's groups, g1 the first.
/// Public for fuzzing.
[[nodiscard]] Refinement read_refinement(std::string_view json, const Catalogue& catalogue, const Selection& shortlist,
                                         const std::vector<std::size_t>& groups);

}  // namespace fa::insight
