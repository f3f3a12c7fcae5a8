#include "analysis/causal/rank.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "analysis/causal/finding_role.h"
#include "analysis/causal/mechanism_choice.h"

namespace fa {
namespace {

using Role = FindingRole;

/// Findings of an entity that its callees' failures bring about as well are discounted by up to this share.
constexpr double kExplainedAway = 0.75;

/// Users begin to notice when this share of their waiting is new.
constexpr double kNoticeable = 0.05;
/// Failures are noticed sooner: at one request in a hundred.
constexpr double kNoticeableFailures = 0.01;
constexpr double kEvidencePower = 3.1;
constexpr double kUnseenEvidence = 0.31;
constexpr double kSurest = 0.99;
/// Latency and failures: what is looked at of every service.
constexpr std::size_t kSignals = 2;
/// What resources and changes count where their service is well.
constexpr double kAlone = 0.25;
/// Weight of harm of the other kind when an alarm says which kind (slow or failing) is the matter.
constexpr double kOtherSignal = 0.4;

/// Findings that a callee's failure would also cause in its caller.
bool can_be_passed_on(Role role) { return role == Role::kFlow || role == Role::kWords || role == Role::kFailing; }

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
  bool is_origin(const std::string& service) const {
    return std::any_of(input_.findings.begin(), input_.findings.end(), [&](const Finding& f) {
      return f.kind == FindingKind::kErrorOrigin && f.subject.service == service && f.accused.empty() &&
             !troubled_.contains(f.peer);
    });
  }

  [[nodiscard]] bool calls_others(const std::string& service) const {
    return input_.topology.empty() || std::any_of(input_.topology.begin(), input_.topology.end(),
                                                  [&](const TopologyEdge& e) { return e.caller == service; });
  }

  /// Of so many services watched by metrics, some are strange by chance alone: unless an alarm chose, strengths are
  /// corrected for the choice (Bonferroni). The other engines do so for what they choose from.
  [[nodiscard]] double salience(Finding f) const {
    const auto looks = static_cast<double>(kSignals * std::max<std::size_t>(1, input_.services.size()));
    if (!input_.alarmed && f.evidence == EvidenceKind::kMetric && f.excess > 0) {
      f.strength = std::max(0.0, f.strength - std::log10(looks));
    }
    return f.salience();
  }

  void weigh() {
    sum_up_harm();
    for (std::size_t i = 0; i < input_.findings.size(); ++i) {
      const Finding& f = input_.findings[i];
      const Role role = role_of(f);
      const double weight = f.subject.service.empty() ? 0 : vote_of(f, role);
      if (weight <= 0) continue;
      // Who is accused answers for what happened; who tells of it may still have brought it about.
      if (!f.accused.empty()) votes_[f.accused].push_back({i, role, weight});
      votes_[f.subject.service].push_back({i, role, f.accused.empty() ? weight : weight * kComplaint});
    }
    for (auto& [service, votes] : votes_) {
      weigh_as_far_as(votes, Role::kResource, got_worse(votes));
      weigh_as_far_as(votes, Role::kChange, trouble_of(votes));
    }
  }

  void sum_up_harm() {
    for (const Finding& f : input_.findings) {
      const Role role = role_of(f);
      if (role == Role::kWaiting) waiting_ += f.excess;
      if (role == Role::kFailing) failing_ += f.excess;
      if (role == Role::kWaiting || role == Role::kFailing) troubled_.insert(f.subject.service);
    }
  }

  [[nodiscard]] double vote_of(const Finding& f, Role role) const {
    double weight = role_weight(role) * salience(f);
    // Where its own calls are where requests begin to fail, it tells what it saw there itself.
    if (is_complaint(f) && calls_others(f.subject.service) && !is_origin(f.subject.service)) weight *= kComplaint;
    // The square root lets a service that causes a tenth of the waiting still speak up: shares depend on traffic.
    if (role == Role::kWaiting) {
      weight *= waiting_ > 0 ? std::sqrt(f.excess / waiting_) : 0;
      weight *= f.materiality / (f.materiality + kNoticeable);
    }
    if (role == Role::kFailing) {
      weight *= failing_ > 0 ? std::sqrt(f.excess / failing_) : 0;
      if (!input_.alarmed) weight *= f.materiality / (f.materiality + kNoticeableFailures);
    }
    if (input_.alarm_signal == AlarmSignal::kErrors && role == Role::kWaiting) weight *= kOtherSignal;
    if (input_.alarm_signal == AlarmSignal::kLatency && role == Role::kFailing) weight *= kOtherSignal;
    return weight;
  }

  /// How much worse a service got at its work: busy is not broken.
  [[nodiscard]] double got_worse(const std::vector<RoleVote>& votes) const {
    double worse = 0;
    for (const RoleVote& v : votes) {
      const Finding& f = input_.findings[v.finding];
      const bool slower = f.kind == FindingKind::kLatencyRise && f.materiality > 0;
      if (slower || v.role == Role::kWaiting || v.role == Role::kFailing || v.role == Role::kFlow) {
        worse = std::max(worse, f.salience());
      }
    }
    return worse;
  }

  /// How much trouble a service shows at all: systems are changed all the time.
  static double trouble_of(const std::vector<RoleVote>& votes) {
    double trouble = 0;
    for (const RoleVote& v : votes) {
      if (!is_circumstance(v.role)) trouble = std::max(trouble, v.weight / role_weight(v.role));
    }
    return trouble;
  }

  /// Votes of a role that means little by itself: a quarter, and fully only as far as `share` says.
  static void weigh_as_far_as(std::vector<RoleVote>& votes, Role role, double share) {
    for (RoleVote& v : votes) {
      if (v.role == role) v.weight *= kAlone + (1 - kAlone) * share;
    }
  }

  /// Roles that accompany every trouble and arise without it as well.
  static bool is_circumstance(Role role) { return role == Role::kChange || role == Role::kSymptom; }

  /// Strength of the evidence of one service, each role counted once by its heaviest vote.
  static double combined(const std::vector<RoleVote>& votes, bool with_circumstances = true) {
    std::array<double, kFindingRoles> best{};
    for (const RoleVote& v : votes) {
      if (!with_circumstances && is_circumstance(v.role)) continue;
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
      for (const RoleVote& v : votes) {
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
      for (RoleVote& v : votes) {
        if (proxies.contains(service) && v.role != Role::kResource && v.role != Role::kChange) {
          // A proxy does no work of its own: where a target is in trouble, what its clients feel is the target's.
          v.weight *= (1 - kExplainedAway) * (1 - worst);
          discounted = true;
          continue;
        }
        // What a proxy measured of a target holds all that the target waited for.
        const FindingKind kind = input_.findings[v.finding].kind;
        const bool from_outside =
            (kind == FindingKind::kAccessLatency || kind == FindingKind::kAccessErrors) && !is_circumstance(v.role);
        if (!can_be_passed_on(v.role) && !from_outside) continue;
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

  Candidate candidate(const std::string& service, std::vector<RoleVote> votes) const {
    std::stable_sort(votes.begin(), votes.end(),
                     [](const RoleVote& a, const RoleVote& b) { return a.weight > b.weight; });
    Candidate c;
    c.subject.service = service;
    c.score = combined(votes);
    c.trouble = combined(votes, false);
    for (const RoleVote& v : votes) c.supports.push_back({v.finding, v.weight});
    const auto it = explained_by_.find(service);
    if (it != explained_by_.end()) c.explained_by = it->second;
    choose_mechanism(c, votes, input_.findings);
    for (const RoleVote& v : votes) {
      const Finding& f = input_.findings[v.finding];
      if (f.subject.service != service) continue;
      if (c.subject.instance.empty()) c.subject.instance = f.subject.instance;
      if (c.subject.component.empty() && v.role != Role::kChange && v.role != Role::kSymptom) {
        c.subject.component = f.subject.component;
      }
    }
    if (is_about_dependency(c.mechanism)) {  // which one, where a span says so
      for (const RoleVote& v : votes) {
        const Finding& f = input_.findings[v.finding];
        if (f.subject.component.empty() || f.subject.component != f.peer || f.subject.service != service) continue;
        c.subject.component = f.subject.component;
        break;
      }
    }
    return c;
  }

  /// The probability that a candidate is the one: its evidence (odds of the score) to a power, against that of the
  /// others and of something that no evidence speaks for. docs/quality.md says how the two numbers were chosen.
  static void set_confidence(std::vector<Candidate>& candidates) {
    const auto evidence = [](const Candidate& c) {
      const double score = std::min(c.score, kSurest);
      return std::pow(score / (1 - score), kEvidencePower);
    };
    double total = std::pow(kUnseenEvidence, kEvidencePower);
    for (const Candidate& c : candidates) total += evidence(c);
    for (Candidate& c : candidates) c.confidence = std::min(kSurest, evidence(c) / total);
  }

  const RankInput& input_;
  std::map<std::string, std::vector<RoleVote>> votes_;
  double waiting_ = 0;              ///< Seconds of all findings.
  double failing_ = 0;              ///< Requests.
  std::set<std::string> troubled_;  ///< Services that make others wait or fail.
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
