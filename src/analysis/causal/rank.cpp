#include "analysis/causal/rank.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"

namespace fa {
namespace {

/// What a kind of finding says about its subject.
enum class Role {
  kWaiting,   ///< Seconds of waiting this subject causes by itself: weighed by its share of all waiting.
  kFailing,   ///< Requests this subject fails by itself: weighed by its share of all failures.
  kFlow,      ///< Its flow of work changed course: may also follow from a failing callee.
  kResource,  ///< A resource ran out: a cause if the subject also got worse at its work.
  kWords,     ///< Its logs name trouble.
  kChange,    ///< It was changed before.
  kSymptom,   ///< Shows that it was hit, not that it caused it.
};

/// Prior weight of each role: how far one finding of it may carry a candidate alone. Measured harm and broken flow are
/// direct; words name a failure but often somebody else's; a change is circumstantial.
constexpr std::array<double, 7> kRoleWeight = {0.95, 0.95, 0.9, 0.8, 0.6, 0.4, 0.1};

/// Findings of an entity that its callees' failures bring about as well are discounted by up to this share.
constexpr double kExplainedAway = 0.75;

/// Users begin to notice when this share of their waiting is new.
constexpr double kNoticeable = 0.05;
/// Salience from which a saturated resource is taken to explain the waiting of its service.
constexpr double kTellingSaturation = 0.4;
/// Weight from which an exception of its own names what cut a service's work short.
constexpr double kTellingException = 0.1;
/// Weight of harm of the other kind when an alarm says which kind (slow or failing) is the matter.
constexpr double kOtherSignal = 0.4;

Role role_of(const Finding& f) {
  switch (f.kind) {
    case FindingKind::kOwnTimeRise:
    case FindingKind::kCallTimeRise:
      return Role::kWaiting;
    case FindingKind::kLatencyRise:
    case FindingKind::kAccessLatency:
      return f.excess > 0 ? Role::kWaiting : Role::kSymptom;
    case FindingKind::kErrorOrigin:
    case FindingKind::kCallTimeout:
      return Role::kFailing;
    case FindingKind::kErrorRise:
    case FindingKind::kAccessErrors:
      return f.excess > 0 ? Role::kFailing : Role::kSymptom;
    case FindingKind::kMissingCalls:
    case FindingKind::kFlowBreak:
    case FindingKind::kStepMissing:
      return Role::kFlow;
    case FindingKind::kResourceSaturation:
      return Role::kResource;
    case FindingKind::kException:
    case FindingKind::kLogNew:
    case FindingKind::kLogSurge:
      return Role::kWords;
    case FindingKind::kChange:
      return Role::kChange;
    default:
      return Role::kSymptom;
  }
}

bool about_dependency(Mechanism m) {
  return m == Mechanism::kDependencyTimeout || m == Mechanism::kDependencyError || m == Mechanism::kDependencySlow ||
         m == Mechanism::kConnectionPoolExhausted || m == Mechanism::kNetworkPartition || m == Mechanism::kDns;
}

/// Findings that a callee's failure would also cause in its caller.
bool can_be_passed_on(Role role) { return role == Role::kFlow || role == Role::kWords || role == Role::kFailing; }

struct Weighed {
  std::size_t finding;
  Role role;
  double weight;
};

class Ranking {
 public:
  explicit Ranking(const RankInput& input) : input_(input) {}

  std::vector<Candidate> run(std::size_t minimum) {
    weigh();
    explain_away();
    std::vector<Candidate> candidates;
    for (const auto& [service, votes] : votes_) candidates.push_back(candidate(service, votes));
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return a.score != b.score ? a.score > b.score : a.subject.service < b.subject.service;
    });
    for (const std::string& service : input_.services) {
      if (candidates.size() >= minimum) break;
      if (!service.empty() && !votes_.contains(service)) {
        Candidate c;
        c.subject.service = service;
        candidates.push_back(std::move(c));
      }
    }
    set_confidence(candidates);
    return candidates;
  }

 private:
  void weigh() {
    double waiting = 0;
    double failing = 0;
    for (const Finding& f : input_.findings) {
      const Role role = role_of(f);
      if (role == Role::kWaiting) waiting += f.excess;
      if (role == Role::kFailing) failing += f.excess;
    }
    for (std::size_t i = 0; i < input_.findings.size(); ++i) {
      const Finding& f = input_.findings[i];
      if (f.subject.service.empty()) continue;
      const Role role = role_of(f);
      double weight = kRoleWeight[static_cast<std::size_t>(role)] * f.salience();
      // The square root lets a service that causes a tenth of the waiting still speak up: shares depend on traffic.
      if (role == Role::kWaiting) {
        weight *= waiting > 0 ? std::sqrt(f.excess / waiting) : 0;
        weight *= f.materiality / (f.materiality + kNoticeable);
      }
      if (role == Role::kFailing) weight *= failing > 0 ? std::sqrt(f.excess / failing) : 0;
      if (input_.alarm_signal == AlarmSignal::kErrors && role == Role::kWaiting) weight *= kOtherSignal;
      if (input_.alarm_signal == AlarmSignal::kLatency && role == Role::kFailing) weight *= kOtherSignal;
      if (weight > 0) votes_[f.subject.service].push_back({i, role, weight});
    }
    for (auto& [service, votes] : votes_) {
      double worse = 0;
      for (const Weighed& v : votes) {
        const bool slower = input_.findings[v.finding].kind == FindingKind::kLatencyRise;
        if (slower || v.role == Role::kWaiting || v.role == Role::kFailing || v.role == Role::kFlow) {
          worse = std::max(worse, input_.findings[v.finding].salience());
        }
      }
      for (Weighed& v : votes) {
        if (v.role == Role::kResource) v.weight *= 0.25 + 0.75 * worse;
      }
    }
  }

  /// Strength of the evidence of one service, each role counted once by its heaviest vote.
  static double combined(const std::vector<Weighed>& votes) {
    std::array<double, 7> best{};
    for (const Weighed& v : votes) {
      double& b = best[static_cast<std::size_t>(v.role)];
      b = std::max(b, v.weight);
    }
    double doubt = 1;
    for (const double b : best) doubt *= 1 - b;
    return 1 - doubt;
  }

  void explain_away() {
    std::map<std::string, std::set<std::string>> callees;
    std::set<std::string> proxies;
    for (const TopologyEdge& e : input_.topology) {
      callees[e.caller].insert(e.callee);
      if (e.origin == kProxyOrigin) proxies.insert(e.caller);
    }
    std::map<std::string, double> trouble;  // evidence of a service that its callers would feel
    for (const auto& [service, votes] : votes_) {
      double doubt = 1;
      for (const Weighed& v : votes) {
        if (v.role == Role::kFlow || v.role == Role::kFailing) doubt = std::min(doubt, 1 - v.weight);
        if (v.role == Role::kWords && input_.findings[v.finding].severity >= Severity::kError) {
          doubt = std::min(doubt, 1 - v.weight);
        }
      }
      trouble[service] = 1 - doubt;
    }
    std::map<std::string, double> evidence;  // of any kind, before anything is explained away
    for (const auto& [service, votes] : votes_) evidence[service] = combined(votes);
    for (auto& [service, votes] : votes_) {
      double worst = 0;
      std::string by;
      for (const std::string& callee : reachable(callees, service)) {
        const double explains = (proxies.contains(service) ? evidence : trouble)[callee];
        if (explains > worst) {
          worst = explains;
          by = callee;
        }
      }
      if (worst <= 0) continue;
      bool discounted = false;
      for (Weighed& v : votes) {
        if (proxies.contains(service) && v.role != Role::kResource && v.role != Role::kChange) {
          // A proxy does no work of its own: where a target is in trouble, what its clients feel is the target's.
          v.weight *= (1 - kExplainedAway) * (1 - worst);
          discounted = true;
          continue;
        }
        if (!can_be_passed_on(v.role)) continue;
        v.weight *= 1 - kExplainedAway * worst;
        discounted = true;
      }
      if (discounted) explained_by_[service] = by;
    }
  }

  /// All services called by `from`, directly or not, without itself.
  static std::set<std::string> reachable(const std::map<std::string, std::set<std::string>>& callees,
                                         const std::string& from) {
    std::set<std::string> seen;
    std::vector<std::string> next{from};
    while (!next.empty()) {
      const std::string current = std::move(next.back());
      next.pop_back();
      const auto it = callees.find(current);
      if (it == callees.end()) continue;
      for (const std::string& callee : it->second) {
        if (callee != from && seen.insert(callee).second) next.push_back(callee);
      }
    }
    return seen;
  }

  Candidate candidate(const std::string& service, std::vector<Weighed> votes) const {
    std::stable_sort(votes.begin(), votes.end(),
                     [](const Weighed& a, const Weighed& b) { return a.weight > b.weight; });
    Candidate c;
    c.subject.service = service;
    c.score = combined(votes);
    for (const Weighed& v : votes) c.supports.push_back({v.finding, v.weight});
    const auto it = explained_by_.find(service);
    if (it != explained_by_.end()) c.explained_by = it->second;
    name_mechanism(c, votes);
    for (const Weighed& v : votes) {
      const Finding& f = input_.findings[v.finding];
      if (c.subject.instance.empty()) c.subject.instance = f.subject.instance;
      if (c.subject.component.empty() && v.role != Role::kChange && v.role != Role::kSymptom) {
        c.subject.component = f.subject.component;
      }
    }
    if (about_dependency(c.mechanism)) {  // which one, where a span says so
      for (const Weighed& v : votes) {
        const Finding& f = input_.findings[v.finding];
        if (f.subject.component.empty() || f.subject.component != f.peer) continue;
        c.subject.component = f.subject.component;
        break;
      }
    }
    return c;
  }

  /// The mechanism is what the heaviest votes name, except that a resource that ran out explains slowness, and words
  /// that name a specific failure explain errors better than the place where they show.
  void name_mechanism(Candidate& c, const std::vector<Weighed>& votes) const {
    std::map<Mechanism, double> weight;
    double waiting = 0;
    bool raised = false;  // an exception of its own, which would explain a course cut short
    for (const Weighed& v : votes) {
      if (v.role == Role::kWaiting) waiting = std::max(waiting, v.weight);
      raised = raised || (input_.findings[v.finding].kind == FindingKind::kException && v.weight > kTellingException);
    }
    const auto say = [&](Mechanism m, double w) {
      if (m != Mechanism::kUnknown) weight[m] = std::max(weight[m], w);
    };
    for (const Weighed& v : votes) {
      const Finding& f = input_.findings[v.finding];
      switch (f.kind) {
        case FindingKind::kOwnTimeRise:
          say(Mechanism::kSlowProcessing, 0.6 * v.weight);
          break;
        case FindingKind::kCallTimeRise:
          say(f.subject.component.empty() ? Mechanism::kNetworkDelay : Mechanism::kDependencySlow, 0.8 * v.weight);
          break;
        case FindingKind::kLatencyRise:
        case FindingKind::kAccessLatency:
          say(Mechanism::kSlowProcessing, 0.5 * v.weight);
          break;
        case FindingKind::kErrorOrigin:
        case FindingKind::kErrorRise:
        case FindingKind::kAccessErrors:
          say(f.hint == Mechanism::kUnknown ? Mechanism::kDependencyError : f.hint,
              v.weight * (f.hint == Mechanism::kUnknown ? 0.3 : 1.0));
          break;
        case FindingKind::kMissingCalls:
        case FindingKind::kFlowBreak:
        case FindingKind::kStepMissing:
          // Where a failure is logged instead, its words know better what went wrong.
          say(Mechanism::kWrongResult, (raised || f.severity >= Severity::kError ? 0.3 : 0.7) * v.weight);
          if (!c.location.known() && f.location.known()) c.location = f.location;
          break;
        case FindingKind::kResourceSaturation:
          // Where a resource ran out, the waiting is its doing.
          say(f.hint, f.salience() >= kTellingSaturation ? std::max(v.weight, waiting) : v.weight);
          break;
        case FindingKind::kChange:
          break;  // says what was changed, not what went wrong
        default:
          say(f.hint, v.weight);
      }
    }
    double best = 0;
    for (const auto& [mechanism, w] : weight) {
      if (w > best) {
        best = w;
        c.mechanism = mechanism;
      }
    }
  }

  static void set_confidence(std::vector<Candidate>& candidates) {
    // The probability that a candidate is the one: its odds against the others', times how much it explains at all.
    double total = 0;
    for (const Candidate& c : candidates) total += c.score * c.score;
    for (Candidate& c : candidates) c.confidence = total > 0 ? std::min(0.99, c.score * c.score * c.score / total) : 0;
  }

  const RankInput& input_;
  std::map<std::string, std::vector<Weighed>> votes_;
  std::map<std::string, std::string> explained_by_;
};

}  // namespace

std::vector<Candidate> rank_candidates(const RankInput& input, std::size_t minimum) {
  return Ranking(input).run(minimum);
}

TimePoint onset_of(std::span<const Candidate> candidates, std::span<const Finding> findings) {
  TimePoint onset = kNoTime;
  if (candidates.empty()) return onset;
  for (const Vote& v : candidates.front().supports) {
    const TimePoint t = findings[v.finding].onset;
    if (t == kNoTime || v.weight < candidates.front().supports.front().weight / 2) continue;
    if (onset == kNoTime || t < onset) onset = t;
  }
  return onset;
}

}  // namespace fa
