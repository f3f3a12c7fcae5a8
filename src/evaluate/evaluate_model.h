#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"

namespace fa {

/// What a model would see first of one incident.
struct FirstPrompt {
  std::string incident;
  std::string language;
  std::uint64_t tokens = 0;         ///< Of the whole first request, by llm::token_bound.
  std::uint64_t digest_tokens = 0;  ///< Of the digest in it.
  std::uint64_t left_out = 0;       ///< Evidence items of the report that did not fit.
  bool decided = false;             ///< Evidence about the service at fault is in it.
};

/// Builds the first request of every incident below `root`, in both languages, and asks nobody.
Result<std::vector<FirstPrompt>> evaluate_first_prompts(const std::filesystem::path& root, const Clock& clock,
                                                        const Context& context);
std::string render_first_prompts_text(const std::vector<FirstPrompt>& prompts);

/// Whether past incidents of the same fault are found again.
struct RecurrenceResult {
  struct Case {
    std::string set;
    std::string incident;
    std::string fault;  ///< Service and kind of fault.
    std::string found;  ///< Fault of the most similar other incident; empty: none similar enough.
    double similarity = 0;
  };
  std::vector<Case> cases;  ///< Incidents of whose fault there is another one.
};
/// Keeps every incident of a set in a memory of its own and asks for each which of the others is most like it.
Result<RecurrenceResult> evaluate_recurrence(const std::filesystem::path& root, const Clock& clock,
                                             const Context& context);
std::string render_recurrence_text(const RecurrenceResult& result);

}  // namespace fa
