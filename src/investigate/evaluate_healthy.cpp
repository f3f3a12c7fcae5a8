#include "investigate/evaluate_healthy.h"

#include <algorithm>
#include <array>

#include "investigate/investigate.h"
#include "sources/file/discover.h"
#include "sources/file/incident_file.h"

namespace fa {
namespace {

/// Shorter windows than this hold too little to alarm anybody.
constexpr auto kShortestWindow = std::chrono::seconds(20);

}  // namespace

void HealthyWindows::add(const std::string& set, const std::filesystem::path& folder) {
  const std::array<std::string, 1> arguments{folder.string()};
  const InputSet inputs = discover_inputs(arguments, {}, context_);
  if (!inputs.incident_file) return;
  const auto incident = read_incident_file(*inputs.incident_file);
  if (!incident || !incident->baseline_given || incident->baseline.empty() || !incident->window_given) return;
  const TimeRange baseline = incident->baseline;
  if (!seen_.emplace(set, baseline.begin, baseline.end).second) return;
  const auto length = std::min(incident->window.length(), baseline.length() / 2);
  if (length < kShortestWindow) return;
  std::vector<std::string> files;  // without the incident file: its alarm is none of a healthy window
  for (const InputFile& f : inputs.files) files.push_back(f.path.string());
  for (TimePoint begin = baseline.begin; begin + length <= baseline.end; begin += length) {
    if (context_.stopped()) return;
    investigate_window(set, files, {begin, begin + length}, baseline);
  }
}

void HealthyWindows::investigate_window(const std::string& set, const std::vector<std::string>& files, TimeRange window,
                                        TimeRange baseline) {
  InvestigateRequest request;
  request.paths = files;
  request.window = window;
  request.baseline = baseline;
  const auto report = investigate(request, clock_, nullptr, context_);
  // Nothing to see in it, so nothing was told either way.
  if (!report || report->verdict == Verdict::kCannotTell) return;
  HealthyWindow w;
  w.set = set;
  w.window = window;
  if (report->verdict == Verdict::kIncident && !report->hypotheses.empty()) {
    const Hypothesis& best = report->hypotheses.front();
    w.said = best.subject.service;
    w.said_mechanism = mechanism_name(best.mechanism);
    w.confidence = best.confidence;
    const Evidence* e = best.supports.empty() ? nullptr : report->find_evidence(best.supports.front());
    if (e != nullptr) w.why = e->claim;
  }
  windows_.push_back(std::move(w));
}

std::vector<HealthyWindow> HealthyWindows::take() {
  std::stable_sort(windows_.begin(), windows_.end(), [](const HealthyWindow& a, const HealthyWindow& b) {
    return std::tie(a.set, a.window.begin) < std::tie(b.set, b.window.begin);
  });
  return std::move(windows_);
}

}  // namespace fa
