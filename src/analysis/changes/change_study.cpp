#include "analysis/changes/change_study.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <tuple>

#include "base/text.h"

namespace fa {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// How far back a change is looked for. Most incidents that a change causes begin within the hour; slow leaks do not,
/// and are found by their own growth.
constexpr auto kHorizon = hours(24);
constexpr auto kClockDifference = minutes(2);
constexpr double kHalfLifeSeconds = 15 * 60;

/// What is left of the weight of a change that was refused, or that changes nothing which could break (a tag, a log
/// stream).
constexpr double kWithoutEffect = 0.3;

Mechanism mechanism_of(const ChangeEvent& event) {
  if (event.kind == "deployment") return Mechanism::kDeployment;
  if (event.kind == "network") return Mechanism::kNetworkPartition;
  if (event.kind == "permission") return Mechanism::kAuthentication;
  return Mechanism::kConfigChange;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

std::string service_named_in(std::string_view resource, std::span<const std::string> services) {
  std::string best;
  const std::string text = to_lower(resource);
  for (const std::string& service : services) {
    if (service.size() <= best.size()) continue;
    const std::string name = to_lower(service);
    for (std::size_t at = text.find(name); at != std::string::npos && !name.empty(); at = text.find(name, at + 1)) {
      const bool starts = at == 0 || !is_word(text[at - 1]);
      const bool ends = at + name.size() == text.size() || !is_word(text[at + name.size()]);
      if (starts && ends) {
        best = service;
        break;
      }
    }
  }
  return best;
}

std::vector<Finding> find_changes(std::span<const RecordedChange> changes, TimePoint onset,
                                  std::span<const std::string> services) {
  std::vector<Finding> findings;
  for (const RecordedChange& c : changes) {
    const ChangeEvent& e = c.event;
    if (onset == kNoTime || e.time == kNoTime) continue;
    if (e.time > onset + kClockDifference || e.time < onset - kHorizon) continue;
    const double seconds = std::max(0.0, static_cast<double>((onset - e.time).count()) * 1e-9);
    Finding f;
    f.kind = FindingKind::kChange;
    f.evidence = EvidenceKind::kChange;
    f.subject.service = !e.service.empty() ? service_named_in(e.service, services) : std::string();
    if (f.subject.service.empty()) f.subject.service = service_named_in(e.resource, services);
    if (f.subject.service.empty()) f.subject.service = service_named_in(e.after, services);
    f.subject.component = e.resource;
    f.peer = e.actor;
    f.key = format_count(c.file) + "/" + format_count(e.position.offset);
    f.label = e.action.empty() ? e.kind : e.action;
    f.hint = mechanism_of(e);
    f.onset = e.time;
    const bool harmless = !e.error.empty() || e.kind == "other";
    f.effect = std::exp2(-seconds / kHalfLifeSeconds) * (harmless ? kWithoutEffect : 1.0);
    f.strength = 2;
    f.window = seconds;
    f.unit = "s before onset";
    f.facts = {{"seconds_before_onset", seconds, "s"}};
    f.quotes.push_back({c.file, e.position, e.time, {}});
    findings.push_back(std::move(f));
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.onset, a.key) < std::tie(b.onset, b.key);
  });
  return findings;
}

}  // namespace fa
