#pragma once

#include <string>
#include <vector>

#include "investigate/claim.h"
#include "investigate/claim_check.h"

/// Sentences with known truth, made from an incident's evidence: what the checker is measured by.
namespace fa {

/// A generated sentence.
struct LabelledClaim {
  Claim claim;
  bool holds = true;
  /// Of false ones: wrong_id, altered_quote, number_off, wrong_entity, wrong_time, absence_not_observed,
  /// reversed_cause, invented_resource, wrong_direction, overstated.
  std::string kind;
  bool free_text = false;  ///< False words beside fields that are true.
  std::string implied;     ///< Subject it stands under.
};

/// True sentences over every evidence item of the report in its language, and false ones made of them by one change
/// each. Deterministic. Written independently of the checker's rules: only ClaimContext's data is looked at.
std::vector<LabelledClaim> make_claims(const ClaimContext& context);

}  // namespace fa
