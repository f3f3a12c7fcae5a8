#pragma once

#include "model/finding.h"

namespace fa {

/// What a finding says about its subject.
enum class FindingRole {
  kWaiting,   ///< Seconds of waiting this subject causes by itself: weighed by its share of all waiting.
  kFailing,   ///< Requests this subject fails by itself: weighed by its share of all failures.
  kFlow,      ///< Its flow of work changed course: may also follow from a failing callee.
  kResource,  ///< A resource ran out: a cause if the subject also got worse at its work.
  kWords,     ///< Its logs name trouble.
  kChange,    ///< It was changed before.
  kSymptom,   ///< Shows that it was hit, not that it caused it.
};
inline constexpr std::size_t kFindingRoles = 7;

FindingRole role_of(const Finding& finding);

/// How far one finding of a role may carry a candidate alone, 0 to 1.
double role_weight(FindingRole role);

/// Mechanisms by which a service suffers from what it calls.
bool is_about_dependency(Mechanism mechanism);

/// Share of its weight that a complaint about a dependency keeps: who complains is a witness, seldom the culprit.
inline constexpr double kComplaint = 0.5;
bool is_complaint(const Finding& finding);

/// What kind of failure a finding of words names: its hint, or an exception where only that is said.
Mechanism named_failure(const Finding& finding);

}  // namespace fa
