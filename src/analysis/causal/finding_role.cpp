#include "analysis/causal/finding_role.h"

#include <array>

#include "analysis/text/failure_words.h"
#include "base/text.h"

namespace fa {
namespace {

/// Measured harm and broken flow are direct; words name a failure but often somebody else's; a change is
/// circumstantial.
constexpr std::array<double, kFindingRoles> kRoleWeight = {0.95, 0.95, 0.9, 0.8, 0.6, 0.4, 0.1};

bool names_trouble(const Finding& f) {
  return f.severity >= Severity::kError || f.hint != Mechanism::kUnknown || speaks_of_failure(f.label);
}

}  // namespace

FindingRole role_of(const Finding& f) {
  switch (f.kind) {
    case FindingKind::kOwnTimeRise:
    case FindingKind::kCallTimeRise:
      return FindingRole::kWaiting;
    case FindingKind::kLatencyRise:
    case FindingKind::kAccessLatency:
      return f.excess > 0 ? FindingRole::kWaiting : FindingRole::kSymptom;
    case FindingKind::kErrorOrigin:
    case FindingKind::kCallTimeout:
      return FindingRole::kFailing;
    case FindingKind::kErrorRise:
    case FindingKind::kAccessErrors:
      return f.excess > 0 ? FindingRole::kFailing : FindingRole::kSymptom;
    case FindingKind::kMissingCalls:
    case FindingKind::kFlowBreak:
    case FindingKind::kStepMissing:
      return FindingRole::kFlow;
    case FindingKind::kResourceSaturation:
      return FindingRole::kResource;
    case FindingKind::kException:
      return FindingRole::kWords;
    case FindingKind::kLogNew:
    case FindingKind::kLogBefore:
    case FindingKind::kLogSurge:
      // Ordinary lines come and go with the mix of requests.
      return names_trouble(f) ? FindingRole::kWords : FindingRole::kSymptom;
    case FindingKind::kChange:
      return FindingRole::kChange;
    default:
      return FindingRole::kSymptom;
  }
}

double role_weight(FindingRole role) { return kRoleWeight[static_cast<std::size_t>(role)]; }

bool is_about_dependency(Mechanism m) {
  return m == Mechanism::kDependencyTimeout || m == Mechanism::kDependencyError || m == Mechanism::kDependencySlow ||
         m == Mechanism::kConnectionPoolExhausted || m == Mechanism::kNetworkPartition || m == Mechanism::kDns;
}

bool is_complaint(const Finding& f) { return role_of(f) == FindingRole::kWords && is_about_dependency(f.hint); }

Mechanism named_failure(const Finding& f) {
  if (f.hint != Mechanism::kUnknown || role_of(f) != FindingRole::kWords) return f.hint;
  const bool exception = f.severity >= Severity::kError && to_lower(f.label).find("exception") != std::string::npos;
  return exception ? Mechanism::kCodeException : Mechanism::kUnknown;
}

}  // namespace fa
