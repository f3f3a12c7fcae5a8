#include "analysis/logs/first_causes.h"

namespace fa {
namespace {

/// Effect from which a finding of logs is taken to name a cause (see failure_weight).
constexpr double kNamesCause = 0.75;

bool names_cause(const Finding& f) {
  const bool appears = f.kind == FindingKind::kLogNew || f.kind == FindingKind::kException;
  return appears && f.onset != kNoTime && f.effect >= kNamesCause && f.hint != Mechanism::kUnknown;
}

}  // namespace

void prefer_first_causes(std::vector<Finding>& findings) {
  const Finding* first = nullptr;
  for (const Finding& f : findings) {
    if (names_cause(f) && (first == nullptr || f.onset < first->onset)) first = &f;
  }
  if (first == nullptr) return;
  const std::string service = first->subject.service;
  const TimePoint onset = first->onset;
  for (Finding& f : findings) {
    if (names_cause(f) && f.onset > onset && f.subject.service != service) f.effect *= kLaterCauseShare;
  }
}

}  // namespace fa
