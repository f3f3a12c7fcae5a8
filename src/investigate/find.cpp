#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/causal/golden_signals.h"
#include "analysis/flow/flow_break.h"
#include "analysis/logs/first_causes.h"
#include "analysis/logs/log_change.h"
#include "analysis/metrics/metric_change.h"
#include "analysis/traces/trace_change.h"
#include "base/workload_name.h"
#include "investigate/digest.h"
#include "investigate/familiar_failures.h"

namespace fa {
namespace {

void append(std::vector<Finding>& to, std::vector<Finding>&& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// Calls that are missing are missing steps as well, and the study of the flow has seen what these requests did
/// instead.
void limit_missing_calls(std::vector<Finding>& calls, const std::vector<Finding>& flow) {
  std::map<std::pair<std::string, std::string>, double> most;  // by service and kind of request
  for (const Finding& f : flow) {
    if (f.kind != FindingKind::kStepMissing) continue;
    double& effect = most[{f.subject.service, f.peer}];
    effect = std::max(effect, f.effect);
  }
  for (Finding& f : calls) {
    if (f.kind != FindingKind::kMissingCalls) continue;
    const auto it = most.find({f.subject.service, f.label});
    if (it != most.end()) f.effect = std::min(f.effect, it->second);
  }
}

/// `GET http://cart.internal:8080/items: connection refused`, written by another, is about cart.
void accuse_whom_complaints_name(std::vector<Finding>& logs, const std::vector<std::string>& services) {
  for (Finding& f : logs) {
    if (f.hint != Mechanism::kDependencyError && f.hint != Mechanism::kCertificate) continue;
    if (f.quotes.empty()) continue;
    const std::string& text = f.quotes.front().text;
    for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
      const std::string workload(workload_of_host(authority_at(text, at + 3)));
      if (workload == f.subject.service || !std::binary_search(services.begin(), services.end(), workload)) continue;
      f.accused = workload;
      break;
    }
  }
}

}  // namespace

std::vector<Finding> find_all(const Digest& digest) {
  std::vector<Finding> found;
  const std::vector<std::string> speaking = speaking_services(digest.logs, digest.metrics);
  std::set<std::string> traced;
  for (const CompactSpan& s : digest.traces.spans) traced.insert(digest.traces.name(s.service));
  std::vector<Finding> golden = find_golden_signals(digest.metrics, digest.topology, digest.periods, traced);
  std::set<std::pair<std::string, std::string>> told;  // series that the call graph has judged already
  for (const Finding& f : golden) told.emplace(f.subject.service, f.key);
  const bool measured = !digest.traces.spans.empty() || !golden.empty();

  std::vector<Finding> flow = find_flow_breaks(digest.logs, digest.traces);
  append(found, find_trace_changes(digest.traces, digest.periods, speaking));
  limit_missing_calls(found, flow);
  append(found, std::move(flow));
  const Beside beside = measured || !digest.metrics.series.empty() ? Beside::kMeasurements : Beside::kNothing;
  std::vector<Finding> logs = find_log_changes(digest.logs, digest.periods, beside);
  accuse_whom_complaints_name(logs, speaking);
  if (beside == Beside::kNothing) prefer_first_causes(logs);
  append(found, std::move(logs));
  append(found, std::move(golden));
  for (Finding& f : find_metric_changes(digest.metrics, digest.periods)) {
    const bool single = f.kind == FindingKind::kLatencyRise || f.kind == FindingKind::kErrorRise;
    if (single && f.subject.instance.empty() && told.contains({f.subject.service, f.key})) continue;
    // Of many series one is always odd; how much anybody waited, spans say better.
    if (f.kind == FindingKind::kLatencyRise && traced.contains(f.subject.service)) f.materiality = 0;
    found.push_back(std::move(f));
  }
  for (Finding& f : find_access_changes(digest.access, digest.periods)) {
    // What a proxy sees is where trouble surfaces; it is a measure of causes only where nothing looks deeper.
    if (measured) f.excess = 0;
    found.push_back(std::move(f));
  }
  discount_familiar_failures(found, digest);
  return found;
}

}  // namespace fa
