#include "analysis/flow/flow_break.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "analysis/flow/request_flow.h"
#include "analysis/stats/statistics.h"
#include "analysis/text/failure_words.h"
#include "base/text.h"

namespace fa {
namespace {

constexpr double kReportStrength = 3.0;  // p < 0.001
/// Failures that a service never wrote before are rare enough by themselves.
constexpr double kReportNewFailure = 2.0;
constexpr std::uint64_t kMinVisits = 3;
/// Another branch than before may as well be another mix of requests.
constexpr double kOtherBranch = 0.5;
/// So is, all the more, more of what the baseline knows as well: a branch that was taken already, or a better outcome.
constexpr double kOrdinary = 0.25;
/// Steps of this share of requests are straight-line code: nothing decides about them.
constexpr double kStraightLine = 0.9;
/// Gains of less than this share of requests replace nothing.
constexpr double kSmallestGain = 0.05;
/// With one caller only, a course that breaks off after a call is as likely the caller's fault as that of the answer.
constexpr double kOneCaller = 0.5;

constexpr std::uint32_t kEnd = RequestFlow::kEnd;

class FlowBreaks {
 public:
  explicit FlowBreaks(const RequestFlow& flow) : flow_(flow) {
    for (const auto& [key, kind] : flow_.kinds) {
      if (kind.total[0] >= kMinVisits && kind.total[1] >= kMinVisits) ++looks_;
      for (const auto& [statement, presence] : kind.statements) {
        if (!flow_.is_failure(statement)) continue;
        auto& counts = failures_[flow_.text_of(statement)];
        counts[0] += presence.requests[0];
        counts[1] += presence.requests[1];
      }
    }
  }

  std::vector<Finding> run() {
    std::vector<Finding> findings;
    for (const auto& [statement, successors] : flow_.successors) {
      if (auto f = judge(statement, successors)) findings.push_back(std::move(*f));
    }
    for (const auto& [key, kind] : flow_.kinds) judge_presence(kind, findings);
    judge_answers(findings);
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.subject.service, a.key) < std::tie(b.subject.service, b.key);
    });
    return findings;
  }

 private:
  /// Share of its occurrences in the window by which a failure has become more frequent in the whole system: the same
  /// words are written everywhere, and what was always written somewhere is no news.
  [[nodiscard]] double growth(std::uint32_t failure) const {
    const auto& counts = failures_.at(flow_.text_of(failure));
    const double before = static_cast<double>(counts[0]) / std::max(1.0, static_cast<double>(flow_.requests[0]));
    const double now = static_cast<double>(counts[1]) / std::max(1.0, static_cast<double>(flow_.requests[1]));
    return now > before ? 1 - before / now : 0;
  }

  /// How much of a break it is that this comes instead.
  [[nodiscard]] double weight_of(std::uint32_t instead, bool known) const {
    if (instead == kEnd) return 1;
    if (flow_.is_failure(instead)) return growth(instead);
    return known ? kOrdinary : kOtherBranch;
  }

  /// -log10 p, corrected for the kinds of requests that were looked at.
  [[nodiscard]] double corrected(double strength) const {
    return std::max(0.0, strength - std::log10(std::max(1.0, looks_)));
  }

  /// What kind of code fault it is when `instead` comes where something came in `before` of the requests. A failure
  /// that the code itself reports, or another branch, is a decision it took. Straight-line code that stops, or goes on
  /// at some later step that these requests always took, was left by an exception, unless the requests are known to end
  /// well.
  [[nodiscard]] Mechanism mechanism_of(std::uint32_t instead, double before, const RequestFlow::Kind* kind) const {
    if (!flow_.is_failure(instead)) {
      const bool usual = instead == kEnd || (kind != nullptr && usual_share(*kind, instead) >= kStraightLine);
      return usual && before >= kStraightLine && !ends_well(kind) ? Mechanism::kCodeException : Mechanism::kWrongResult;
    }
    const FlowStatement& s = flow_.statements[instead];
    const Mechanism words = mechanism_in_words(s.text);
    if (words != Mechanism::kUnknown) return words;
    return !s.log || to_lower(s.text).find("exception") != std::string::npos ? Mechanism::kCodeException
                                                                             : Mechanism::kWrongResult;
  }

  static bool ends_well(const RequestFlow::Kind* kind) {
    return kind != nullptr &&
           static_cast<double>(kind->succeeded[1]) >= kStraightLine * static_cast<double>(kind->total[1]);
  }

  /// Share of the baseline's requests of a kind with this statement.
  static double usual_share(const RequestFlow::Kind& kind, std::uint32_t statement) {
    const auto it = kind.statements.find(statement);
    return it == kind.statements.end() || kind.total[0] == 0 ? 0 : share(kind, it->second, 0);
  }

  [[nodiscard]] const RequestFlow::Kind* kind_of(const FlowStatement& s) const {
    const auto it = flow_.kinds.find({s.service, s.request});
    return it == flow_.kinds.end() ? nullptr : &it->second;
  }

  [[nodiscard]] bool new_failure(std::uint32_t statement) const {
    if (!flow_.is_failure(statement)) return false;
    const RequestFlow::Kind* kind = kind_of(flow_.statements[statement]);
    return kind != nullptr && kind->statements.at(statement).requests[0] == 0;
  }

  static void set_counts(Finding& f, const char* of, const char* all, const std::array<std::uint64_t, 2>& part,
                         const std::array<std::uint64_t, 2>& whole) {
    const auto part_b = static_cast<double>(part[0]);
    const auto whole_b = static_cast<double>(whole[0]);
    const auto part_w = static_cast<double>(part[1]);
    const auto whole_w = static_cast<double>(whole[1]);
    f.baseline = part_b / whole_b;
    f.window = part_w / whole_w;
    f.unit = "share";
    f.excess = (f.baseline - f.window) * whole_w;
    f.facts = {{std::string(of) + "_baseline", part_b, ""},
               {std::string(all) + "_baseline", whole_b, ""},
               {std::string(of) + "_window", part_w, ""},
               {std::string(all) + "_window", whole_w, ""}};
  }

  static void quote(Finding& f, const FlowEvent* e) {
    if (e == nullptr) return;
    f.onset = from_unix_nanos(e->time);
    f.quotes.push_back({e->file, e->position, f.onset, {}});
  }

  [[nodiscard]] Finding base_finding(FindingKind kind, const FlowStatement& s) const {
    Finding f;
    f.kind = kind;
    f.evidence = s.log ? EvidenceKind::kLog : EvidenceKind::kTrace;
    f.subject.service = s.service;
    f.subject.component = s.component;
    f.key = s.request + " | " + s.text;
    return f;
  }

  /// How a statement's successors moved.
  struct Move {
    double g = 0;       ///< Likelihood ratio statistic.
    double effect = 0;  ///< Share of visits that went elsewhere, each by what it means.
    std::uint32_t lost = kEnd;
    std::uint32_t gained = kEnd;
  };
  [[nodiscard]] Move compare(const RequestFlow::Successors& s) const {
    const auto total_b = static_cast<double>(s.visits[0]);
    const auto total_w = static_cast<double>(s.visits[1]);
    Move move;
    double most_lost = 0;
    double most_gained = 0;
    for (const auto& [next, counts] : s.next) {
      const auto b = static_cast<double>(counts[0]);
      const auto w = static_cast<double>(counts[1]);
      const double pooled = (b + w) / (total_b + total_w);
      if (b > 0) move.g += 2 * b * std::log(b / (total_b * pooled));
      if (w > 0) move.g += 2 * w * std::log(w / (total_w * pooled));
      const double gain = w / total_w - b / total_b;
      if (gain > 0) move.effect += gain * weight_of(next, counts[0] > 0);
      if (-gain > most_lost) {
        most_lost = -gain;
        move.lost = next;
      }
      if (gain > most_gained) {
        most_gained = gain;
        move.gained = next;
      }
    }
    return move;
  }

  [[nodiscard]] std::optional<Finding> judge(std::uint32_t statement, const RequestFlow::Successors& s) {
    const FlowStatement& from = flow_.statements[statement];
    if (s.visits[0] == 0 || s.visits[1] < kMinVisits) return std::nullopt;
    if (!from.callee.empty()) callers_[{from.callee, from.operation}].try_emplace(from.service);
    if (s.next.size() < 2) return std::nullopt;
    const Move move = compare(s);
    const bool failure = new_failure(move.gained);
    if (s.visits[0] < kMinVisits && !failure) return std::nullopt;
    // A failure that no longer follows is a recovery.
    if (flow_.is_failure(move.lost)) return std::nullopt;
    const double strength = stats::chi_square_strength(move.g, static_cast<double>(s.next.size() - 1));
    if (strength < (failure ? kReportNewFailure : kReportStrength)) return std::nullopt;
    Finding f = base_finding(FindingKind::kFlowBreak, from);
    f.label = flow_.text_of(move.gained);
    f.location = {from.text, flow_.text_of(move.lost)};
    f.strength = corrected(strength);
    const RequestFlow::Kind* kind = kind_of(from);
    f.effect = move.effect * (kind != nullptr && flow_.healed(*kind) ? kOrdinary : 1.0);
    f.severity = flow_.is_failure(move.gained) ? Severity::kError : Severity::kUnknown;
    const auto& usual = s.next.at(move.lost);
    set_counts(f, "followed", "visits", usual, s.visits);
    f.hint = mechanism_of(move.gained, f.baseline, kind);
    const auto it = s.first_event.find(move.gained);
    if (it != s.first_event.end()) quote(f, it->second);
    if (!from.callee.empty() && (move.gained == kEnd || flow_.is_failure(move.gained))) {
      Finding& worst = callers_[{from.callee, from.operation}][from.service];
      if (f.salience() > worst.salience()) worst = f;
    }
    return f;
  }

  /// What occurs in a kind of request instead of what no longer does.
  struct Instead {
    std::uint32_t failure = kEnd;  ///< The failure that became most frequent.
    std::uint32_t other = kEnd;    ///< The ordinary step that did.
    double failure_gain = 0;
    double other_gain = 0;
    bool other_known = false;
  };
  [[nodiscard]] Instead instead_of(const RequestFlow::Kind& kind, bool log) const {
    Instead result;
    result.failure_gain = result.other_gain = kSmallestGain;
    for (const auto& [statement, presence] : kind.statements) {
      const double gain = share(kind, presence, 1) - share(kind, presence, 0);
      if (gain <= kSmallestGain) continue;
      if (flow_.is_failure(statement)) {
        // Of failures, the one written where the missing step would be written says best what happened to it.
        const bool nearer = flow_.statements[statement].log == log;
        const bool held = result.failure != kEnd && flow_.statements[result.failure].log == log;
        if (nearer < held || (nearer == held && gain <= result.failure_gain)) continue;
        result.failure = statement;
        result.failure_gain = gain;
      } else if (gain > result.other_gain) {
        result.other = statement;
        result.other_gain = gain;
        result.other_known = presence.requests[0] > 0;
      }
    }
    return result;
  }

  static double share(const RequestFlow::Kind& kind, const RequestFlow::Presence& p, std::size_t period) {
    return static_cast<double>(p.requests[period]) / static_cast<double>(kind.total[period]);
  }

  /// Statements that used to occur in a kind of request and now often do not.
  void judge_presence(const RequestFlow::Kind& kind, std::vector<Finding>& out) const {
    if (kind.total[0] < kMinVisits || kind.total[1] < kMinVisits) return;
    for (const auto& [statement, presence] : kind.statements) {
      if (flow_.is_failure(statement) || share(kind, presence, 1) >= share(kind, presence, 0)) continue;
      const double strength =
          stats::proportion_strength(static_cast<double>(presence.requests[0]), static_cast<double>(kind.total[0]),
                                     static_cast<double>(presence.requests[1]), static_cast<double>(kind.total[1]));
      if (strength >= kReportStrength) out.push_back(missing_step(kind, statement, presence, strength));
    }
  }

  [[nodiscard]] Finding missing_step(const RequestFlow::Kind& kind, std::uint32_t statement,
                                     const RequestFlow::Presence& presence, double strength) const {
    const FlowStatement& step = flow_.statements[statement];
    const Instead instead = instead_of(kind, step.log);
    const bool failure = instead.failure != kEnd;
    const std::uint32_t gained = failure ? instead.failure : instead.other;
    Finding f = base_finding(FindingKind::kStepMissing, step);
    f.peer = step.request;
    f.label = flow_.text_of(gained);
    f.location = {place_before(presence, step), step.text};
    f.strength = corrected(strength);
    f.severity = failure ? Severity::kError : Severity::kUnknown;
    set_counts(f, "happened", "requests", presence.requests, kind.total);
    const double lost = f.baseline - f.window;
    const double failed = failure ? std::min(1.0, instead.failure_gain / lost) : 0;
    const double replaced = instead.other != kEnd ? std::min(1.0, instead.other_gain / lost) : 0;
    const double rest = 1 - replaced * (1 - weight_of(instead.other, instead.other_known));
    f.effect = (1 - f.window / f.baseline) * (flow_.healed(kind) ? kOrdinary : 1.0) *
               (failed * (failure ? growth(instead.failure) : 0) + (1 - failed) * rest);
    f.hint = mechanism_of(gained, f.baseline, &kind);
    const FlowEvent* example = failure ? kind.statements.at(instead.failure).first_window : nullptr;
    for (const auto& [first, present] : kind.window) {
      const bool has = std::binary_search(present.begin(), present.end(), statement);
      if (!failure && !has && (example == nullptr || first->time < example->time)) example = first;
    }
    quote(f, example);
    return f;
  }

  /// What usually comes before a step: a statement, or for the first of a log, the span it is written in.
  [[nodiscard]] std::string place_before(const RequestFlow::Presence& presence, const FlowStatement& step) const {
    const std::uint32_t before = usual_predecessor(presence);
    if (before != kEnd) return flow_.text_of(before);
    return step.log && !step.operation.empty() ? step.operation + " start" : std::string();
  }

  static std::uint32_t usual_predecessor(const RequestFlow::Presence& presence) {
    std::uint32_t best = kEnd;
    std::uint64_t most = 0;
    for (const auto& [statement, count] : presence.before) {
      if (count > most) {
        most = count;
        best = statement;
      }
    }
    return best;
  }

  /// Where those who call the same thing stop or fail right after it, the answer is at fault, though nobody recorded
  /// it.
  void judge_answers(std::vector<Finding>& out) const {
    for (const auto& [called, callers] : callers_) {
      double effect = 0;
      double doubt = 1;
      const Finding* worst = nullptr;
      for (const auto& [caller, f] : callers) {
        if (f.effect <= 0) continue;
        effect += f.effect / static_cast<double>(callers.size());
        doubt *= kOneCaller;
        if (worst == nullptr || f.salience() > worst->salience()) worst = &f;
      }
      if (worst == nullptr) continue;
      Finding f = *worst;
      f.subject = {called.first, {}, {}};
      f.peer = worst->subject.service;
      f.key = f.peer + " | " + worst->key;
      f.effect = effect * (1 - doubt);
      f.hint = Mechanism::kCodeException;
      f.location = {};
      f.label = called.second;
      out.push_back(std::move(f));
    }
  }

  const RequestFlow& flow_;
  double looks_ = 0;
  std::map<std::string, std::array<std::uint64_t, 2>> failures_;  ///< Requests with them, by text, in all services.
  /// By what is called: its callers, each with its worst break after the call (effect 0: none).
  std::map<std::pair<std::string, std::string>, std::map<std::string, Finding>> callers_;
};

}  // namespace

std::vector<Finding> find_flow_breaks(const LogDigest& logs, const TraceDigest& traces) {
  const RequestFlow flow = follow_requests(logs, traces);
  return FlowBreaks(flow).run();
}

}  // namespace fa
