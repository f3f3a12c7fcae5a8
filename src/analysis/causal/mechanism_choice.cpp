#include "analysis/causal/mechanism_choice.h"

#include <algorithm>
#include <map>

namespace fa {
namespace {

/// Salience from which a saturated resource is taken to explain the waiting of its service.
constexpr double kTellingSaturation = 0.4;
/// Weights that findings have for the mechanism they name, where they only show a place: others may name it better.
constexpr double kOwnTime = 0.6;
constexpr double kCallTime = 0.8;
constexpr double kLatencyOnly = 0.5;
constexpr double kPlaceOfErrors = 0.3;
/// What failed somewhere in a request names the fault of a missing step less surely than what came right in its place.
constexpr double kElsewhereInRequest = 0.5;
/// Effect that a change keeps when it came a few minutes before the trouble (it halves every quarter of an hour).
constexpr double kShortlyBefore = 0.75;

Mechanism code_fault(const Finding& f) { return f.hint == Mechanism::kUnknown ? Mechanism::kWrongResult : f.hint; }

class MechanismVotes {
 public:
  MechanismVotes(const std::string& service, std::span<const RoleVote> votes, std::span<const Finding> findings)
      : service_(service), votes_(votes), findings_(findings) {
    for (const RoleVote& v : votes) {
      if (v.role == FindingRole::kWaiting) waiting_ = std::max(waiting_, v.weight);
      // Where its own requests are recorded as failing, and how, the course of work only follows from that.
      if (v.role == FindingRole::kFailing && findings[v.finding].hint != Mechanism::kUnknown) flow_ = kPlaceOfErrors;
    }
  }

  Mechanism heaviest() {
    for (const RoleVote& v : votes_) add(v);
    Mechanism mechanism = Mechanism::kUnknown;
    double best = 0;
    for (const auto& [m, w] : weight_) {
      if (w > best) {
        best = w;
        mechanism = m;
      }
    }
    return mechanism;
  }

 private:
  void say(Mechanism m, double weight) {
    if (m != Mechanism::kUnknown) weight_[m] = std::max(weight_[m], weight);
  }

  void add(const RoleVote& v) {
    const Finding& f = findings_[v.finding];
    // That callers are refused says that it is down, not why.
    if (f.accused == service_ && f.hint == Mechanism::kDependencyError) return;
    switch (f.kind) {
      case FindingKind::kOwnTimeRise:
        return say(Mechanism::kSlowProcessing, kOwnTime * v.weight);
      case FindingKind::kCallTimeRise:
        if (f.hint != Mechanism::kUnknown) return say(f.hint, kCallTime * v.weight);
        return say(f.subject.component.empty() ? Mechanism::kNetworkDelay : Mechanism::kDependencySlow,
                   kCallTime * v.weight);
      case FindingKind::kLatencyRise:
      case FindingKind::kAccessLatency:
        return say(Mechanism::kSlowProcessing, kLatencyOnly * v.weight);
      case FindingKind::kErrorOrigin:
      case FindingKind::kErrorRise:
      case FindingKind::kAccessErrors:
        return f.hint == Mechanism::kUnknown ? say(Mechanism::kDependencyError, kPlaceOfErrors * v.weight)
                                             : say(f.hint, v.weight);
      case FindingKind::kMissingCalls:
        return say(Mechanism::kWrongResult, kPlaceOfErrors * v.weight);
      case FindingKind::kFlowBreak:
        return say(code_fault(f), flow_ * v.weight);
      case FindingKind::kStepMissing:
        return say(code_fault(f), kElsewhereInRequest * flow_ * v.weight);
      case FindingKind::kResourceSaturation:
        return add_saturation(f, v.weight);
      case FindingKind::kChange:
        return;  // says what was changed, not what went wrong: see changed_into()
      default:
        // A complaint is no proof of guilt, but of the guilty it tells as well as any words what happened to them.
        return say(named_failure(f), is_complaint(f) ? v.weight / kComplaint : v.weight);
    }
  }

  /// Where a resource ran out, the waiting is its doing. Of the resources that have a bound, only too little of the
  /// processor makes work slow without making it fail: that is what an unnamed one is, where work got slow.
  void add_saturation(const Finding& f, double weight) {
    const bool telling = f.salience() >= kTellingSaturation;
    if (f.hint == Mechanism::kCpuSaturation && waiting_ <= 0) return say(f.hint, kPlaceOfErrors * weight);
    if (f.hint != Mechanism::kUnknown) return say(f.hint, telling ? std::max(weight, waiting_) : weight);
    if (telling && waiting_ > 0) say(Mechanism::kCpuSaturation, std::max(weight, waiting_));
  }

  const std::string& service_;
  std::span<const RoleVote> votes_;
  std::span<const Finding> findings_;
  double waiting_ = 0;
  double flow_ = 1;  ///< What a broken flow weighs.
  std::map<Mechanism, double> weight_;
};

/// What a new version or setting may have done to the very service that got it: what is wrong there is its own doing,
/// and there is nothing that says what else made it so.
bool may_come_of_change(Mechanism m) {
  return m == Mechanism::kUnknown || m == Mechanism::kCodeException || m == Mechanism::kWrongResult ||
         m == Mechanism::kSlowProcessing;
}

/// The change that explains such a fault: of the service itself, and so shortly before that it keeps most of its
/// effect.
Mechanism changed_into(Mechanism fault, const Candidate& candidate, std::span<const RoleVote> votes,
                       std::span<const Finding> findings) {
  if (candidate.trouble <= 0 || !may_come_of_change(fault)) return fault;
  for (const RoleVote& v : votes) {
    const Finding& f = findings[v.finding];
    const bool names_itself = f.hint == Mechanism::kDeployment || f.hint == Mechanism::kConfigChange;
    if (f.kind == FindingKind::kChange && names_itself && f.effect >= kShortlyBefore &&
        f.subject.service == candidate.subject.service) {
      return f.hint;
    }
  }
  return fault;
}

bool tells_place(const Finding& f) {
  return (f.kind == FindingKind::kFlowBreak || f.kind == FindingKind::kStepMissing) && f.location.known();
}

}  // namespace

void choose_mechanism(Candidate& candidate, std::span<const RoleVote> votes, std::span<const Finding> findings) {
  candidate.mechanism =
      changed_into(MechanismVotes(candidate.subject.service, votes, findings).heaviest(), candidate, votes, findings);
  for (const RoleVote& v : votes) {
    if (!tells_place(findings[v.finding])) continue;
    candidate.location = findings[v.finding].location;
    return;
  }
}

}  // namespace fa
