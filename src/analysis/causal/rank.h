#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/report.h"
#include "model/telemetry.h"

namespace fa {

/// A finding that speaks for or against a candidate, and how much.
struct Vote {
  std::size_t finding = 0;  ///< Index into the findings given.
  double weight = 0;        ///< 0..1
};

/// A service that may be at fault.
struct Candidate {
  Subject subject;
  Mechanism mechanism = Mechanism::kUnknown;
  BreakLocation location;
  double score = 0;  ///< 0..1, noisy-or of the votes for it; what the ranking orders by.
  /// The part of the score that shows trouble by itself, without symptoms and changes, which any busy system has.
  double trouble = 0;
  double confidence = 0;          ///< 0..1: that this service is the one.
  std::vector<Vote> supports;     ///< Heaviest first.
  std::vector<Vote> contradicts;  ///< Heaviest first.
  std::string explained_by;       ///< Callee whose trouble explains (part of) this one's; empty when none.
};

/// What kind of harm the alarm is about, where there is one and its metric tells.
enum class AlarmSignal { kUnknown, kLatency, kErrors };

/// Origin of edges whose caller only passes requests on (load balancers, content delivery networks).
inline constexpr std::string_view kProxyOrigin = "alb";

struct RankInput {
  std::span<const Finding> findings;
  std::span<const TopologyEdge> topology;
  std::span<const std::string> services;  ///< All services seen, sorted: those without findings rank last.
  AlarmSignal alarm_signal = AlarmSignal::kUnknown;
  /// Somebody or something has said that there is trouble; without, findings must also show that it is noticeable, and
  /// that it is not the strangest of many ordinary things.
  bool alarmed = false;
};

/// Orders the services by how well their being at fault explains what was found; docs/ranking.md describes the model.
/// Strict order, ties broken by name. Candidates without any vote follow with score 0, at most up to `minimum` of them.
std::vector<Candidate> rank_candidates(const RankInput& input, std::size_t minimum = 5);

/// When the trouble of the first candidate began: the earliest onset among its heavier votes (at least half of the
/// heaviest). kNoTime without candidates or onsets.
TimePoint onset_of(std::span<const Candidate> candidates, std::span<const Finding> findings);

}  // namespace fa
