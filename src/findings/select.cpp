#include "findings/select.h"

#include <algorithm>
#include <tuple>

namespace fa::findings {
namespace {

bool is_threat(const SecurityFinding& finding) { return finding.product == "GuardDuty"; }

/// Which of two versions is the one that counts: the newer, and among equals one chosen by content, so that the order
/// of pages does not show.
bool newer(const SecurityFinding& a, const SecurityFinding& b) {
  const auto rank = [](const SecurityFinding& f) {
    return std::tuple(f.updated.value_or(kNoTime), f.severity, std::string_view(f.workflow),
                      std::string_view(f.record_state), std::string_view(f.title), std::string_view(f.description));
  };
  return rank(a) > rank(b);
}

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  return a && b ? std::min(a, b) : (a ? a : b);
}

void widen(SecurityFinding& kept, const SecurityFinding& other) {
  kept.first_seen = earlier(kept.first_seen, other.first_seen);
  kept.last_seen = std::max(kept.last_seen, other.last_seen);
  kept.count = std::max(kept.count, other.count);
  kept.sample = kept.sample || other.sample;
}

template <class T>
void keep_if_empty(T& to, const T& from) {
  if (to.empty()) to = from;
}

/// One finding of what the two services told.
SecurityFinding joined(const SecurityFinding& hub, const SecurityFinding& guardduty) {
  const bool hub_counts = hub.updated.value_or(kNoTime) > guardduty.updated.value_or(kNoTime);
  SecurityFinding all = hub_counts ? hub : guardduty;
  const SecurityFinding& other = hub_counts ? guardduty : hub;
  widen(all, other);
  all.from_security_hub = true;
  all.from_guardduty = true;
  all.type = guardduty.type;
  all.workflow = hub.workflow;
  all.compliance = hub.compliance;
  keep_if_empty(all.resources, other.resources);
  keep_if_empty(all.vulnerabilities, other.vulnerabilities);
  keep_if_empty(all.exposure, other.exposure);
  keep_if_empty(all.remedy_text, other.remedy_text);
  keep_if_empty(all.remedy_url, other.remedy_url);
  return all;
}

}  // namespace

std::optional<LeftOut> why_left_out(const SecurityFinding& f, const Filter& filter, TimePoint now) {
  if (f.sample && !filter.samples) return LeftOut::kSample;
  if (f.record_state == "ARCHIVED" && !filter.archived) return LeftOut::kArchived;
  if (f.compliance == "PASSED" && !filter.passed) return LeftOut::kPassed;
  if (!f.workflow.empty() && !filter.workflows.empty() &&
      std::find(filter.workflows.begin(), filter.workflows.end(), f.workflow) == filter.workflows.end()) {
    return LeftOut::kWorkflow;
  }
  const std::optional<int> days =
      filter.days ? filter.days : (is_threat(f) ? std::optional(kGuardDutyDays) : std::nullopt);
  // Without any time nothing says that it is old.
  const std::optional<TimePoint> newest = std::max(f.updated, f.last_seen);
  if (days && newest && *newest < now - std::chrono::hours(24) * *days) return LeftOut::kOld;
  if (f.severity < filter.least) return LeftOut::kSeverity;
  return std::nullopt;
}

void FindingPool::add(SecurityFinding&& finding) {
  ById& own = finding.from_guardduty ? guardduty_ : hub_;
  const ById& other = finding.from_guardduty ? hub_ : guardduty_;
  const auto found = own.find(finding.id);
  if (found != own.end()) {
    ++merged_;
    if (newer(finding, found->second)) std::swap(finding, found->second);
    widen(found->second, finding);
    return;
  }
  if (other.contains(finding.id)) {
    ++merged_;
  } else if (ids_ >= most_) {
    ++beyond_;
    return;
  } else {
    ++ids_;
  }
  std::string id = finding.id;
  own.emplace(std::move(id), std::move(finding));
}

std::vector<SecurityFinding> FindingPool::take() {
  for (auto& [id, finding] : guardduty_) {
    const auto hub = hub_.find(id);
    if (hub == hub_.end()) {
      hub_.emplace(id, std::move(finding));
    } else {
      hub->second = joined(hub->second, finding);
    }
  }
  std::vector<SecurityFinding> all;
  all.reserve(hub_.size());
  for (auto& [id, finding] : hub_) all.push_back(std::move(finding));
  hub_.clear();
  guardduty_.clear();
  ids_ = 0;
  return all;
}

}  // namespace fa::findings
