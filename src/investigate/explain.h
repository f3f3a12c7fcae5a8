#pragma once

#include <span>

#include "analysis/causal/rank.h"
#include "investigate/collected.h"
#include "investigate/digest.h"
#include "model/report.h"
#include "sources/file/discover.h"

namespace fa {

struct ExplainInput {
  const IncidentInfo& incident;
  const Digest& digest;
  const Findings& findings;
  std::span<const Candidate> candidates;
  const InputSet& inputs;
  const CollectedInputs& collected;
  Language language = Language::kEnglish;
  std::string_view architecture = {};  ///< InvestigateRequest's.
};

/// Words the ranking from templates, in one language throughout: verdict, headline, impact, hypotheses with their
/// evidence, timeline, actions, prevention, open questions. Evidence carries locators; its excerpts are filled from the
/// stored bytes by quote_evidence.
Report explain(const ExplainInput& input);

/// Name of the finding kind's evidence id prefix: L, M, T, C, G.
char evidence_prefix(EvidenceKind kind);

}  // namespace fa
