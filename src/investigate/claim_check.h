#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "investigate/claim.h"
#include "investigate/evidence_book.h"
#include "investigate/study.h"
#include "model/report.h"

namespace fa {

/// What claims are held against. Borrowed; outlives the checker.
struct ClaimContext {
  const Study& study;
  const EvidenceBook& book;
  const Report& report;                                ///< The deterministic one: window, gaps, impact, description.
  const std::map<std::string, std::string>& passages;  ///< Documents and past incidents by id: K1, P1.
};

/// Checks sentences against the stored bytes, mechanically; docs/model.md lists the rules and their measured rates. A
/// claim holds when all it says that can be checked is so, in its text and in the fields beside it, and it says
/// something that can be checked. What the rules cannot read they reject: a true sentence that is struck out costs
/// less than a false one that is not. Not thread-safe (keeps bytes it has read).
class ClaimChecker {
 public:
  explicit ClaimChecker(const ClaimContext& context);
  ~ClaimChecker();

  /// Empty when the claim holds, else why it does not, in the report's language. `implied_entity` is what a sentence
  /// without a name is about (the subject of the hypothesis it stands under); may be empty.
  std::string check(const Claim& claim, std::string_view implied_entity);
  /// The same for advice, which states no facts: only that nothing in it is invented.
  std::string check_advice(const Claim& claim);
  /// No markup, links or mentions in it.
  bool is_inert(const Claim& claim) const;
  /// All ids a claim cites, in its fields or in its text; sorted.
  static std::vector<std::string> cited(const Claim& claim);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa
