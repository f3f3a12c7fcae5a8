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

struct FirstPrompts {
  std::vector<FirstPrompt> prompts;
  std::vector<std::string> left_out;  ///< Incidents that could not be investigated, with the reason.
};

/// Builds the first request of every incident below `root`, in both languages, and asks nobody.
Result<FirstPrompts> evaluate_first_prompts(const std::filesystem::path& root, const Clock& clock,
                                            const Context& context);
std::string render_first_prompts_text(const FirstPrompts& result);

}  // namespace fa
