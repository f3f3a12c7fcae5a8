#pragma once

#include <vector>

#include "analysis/causal/rank.h"
#include "investigate/collected.h"
#include "investigate/digest.h"
#include "investigate/plan.h"
#include "sources/file/discover.h"

namespace fa {

/// Everything an investigation knows once the deterministic part is done: what tools and checks work on.
struct Study {
  InputSet inputs;
  Plan plan;
  Digest digest;
  Findings findings;
  std::vector<Candidate> candidates;
  CollectedInputs collected;
  std::string architecture = {};  ///< The request's.
};

}  // namespace fa
