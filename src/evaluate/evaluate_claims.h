#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"

namespace fa {

/// How many sentences of one kind, and how many were struck out.
struct ClaimCount {
  std::uint64_t claims = 0;
  std::uint64_t struck = 0;
};

/// What checking made of sentences whose truth is known.
struct ClaimEvaluation {
  std::uint64_t incidents = 0;
  std::map<std::string, ClaimCount> true_claims;  ///< By language: en, ja.
  /// By (kind, language, `fields` or `text`): false in the fields too, or in the text alone.
  std::map<std::string, ClaimCount> false_claims;
  struct Miss {
    std::string incident;
    std::string kind;  ///< `true` for a true sentence that was struck out.
    std::string text;
    std::string reason;
  };
  std::vector<Miss> misses;           ///< Every wrong decision.
  std::vector<std::string> left_out;  ///< Incidents that could not be investigated, with the reason.

  [[nodiscard]] ClaimCount all_true() const;
  [[nodiscard]] ClaimCount all_false() const;
  [[nodiscard]] ClaimCount free_text() const;
};

/// Makes true and false sentences over every incident below `root` in both languages and has them checked.
Result<ClaimEvaluation> evaluate_claims(const std::filesystem::path& root, const Clock& clock, const Context& context);

std::string render_claims_text(const ClaimEvaluation& evaluation, bool misses);

}  // namespace fa
