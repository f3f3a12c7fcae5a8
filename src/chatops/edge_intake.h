#pragma once

#include <string>
#include <vector>

#include "chatops/edge.h"

namespace fa::chatops {

/// Stores requests for Edge and words what could not be stored. Private to the edge.
class Intake {
 public:
  enum class Outcome { kStored, kSeenBefore, kTooMany, kBroken };

  explicit Intake(const Edge::Parts& parts) : parts_(parts) {}

  /// Stores the jobs under these keys; an analysis is refused while too many wait. Counts, logs and audits it.
  Outcome store(const std::vector<std::string>& keys, const std::vector<NewJob>& jobs, const AuditEntry& who,
                bool is_analysis);
  /// Refused by the allow-lists: counted and audited.
  void refused(const AuditEntry& who);
  /// What a person is told who could not be served; empty when all is well.
  [[nodiscard]] std::string complaint(Outcome outcome, Language language) const;

 private:
  void audit(AuditEntry entry);
  const Edge::Parts& parts_;
};

}  // namespace fa::chatops
