#pragma once

#include <span>

#include "analysis/causal/finding_role.h"
#include "analysis/causal/rank.h"
#include "model/finding.h"

namespace fa {

/// A vote of a finding for the service it is about.
struct RoleVote {
  std::size_t finding = 0;  ///< Index into the findings given.
  FindingRole role = FindingRole::kSymptom;
  double weight = 0;
};

/// Says what went wrong at a candidate and where, from the votes for it (heaviest first): the mechanism that the
/// heaviest of them name, except that a resource that ran out explains slowness, and words that name a specific failure
/// explain errors better than the place where they show.
void choose_mechanism(Candidate& candidate, std::span<const RoleVote> votes, std::span<const Finding> findings);

}  // namespace fa
