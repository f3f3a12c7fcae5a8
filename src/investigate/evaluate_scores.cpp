#include "investigate/evaluate_scores.h"

#include <algorithm>
#include <cmath>

namespace fa {
namespace {

constexpr double kConfident = 0.8;

void add_case(Score& s, const EvaluatedCase& c) {
  const bool first = c.rank == 1;
  const bool mechanism = first && c.expected_mechanism == c.said_mechanism;
  const bool place = first && c.place_right;
  ++s.cases;
  s.top1 += first ? 1 : 0;
  s.top3 += c.rank >= 1 && c.rank <= 3 ? 1 : 0;
  s.top5 += c.rank >= 1 && c.rank <= 5 ? 1 : 0;
  s.failed += c.error.empty() ? 0 : 1;
  if (c.expected_place.known()) {
    ++s.places;
    s.place_right += place ? 1 : 0;
  }
  if (c.expected_mechanism.empty()) return;
  ++s.mechanisms;
  s.mechanism_right += mechanism ? 1 : 0;
  s.all_right += mechanism && (place || !c.expected_place.code.known()) ? 1 : 0;
}

}  // namespace

std::map<std::string, Score> scores_of(const Evaluation& evaluation) {
  std::map<std::string, Score> scores;
  for (const EvaluatedCase& c : evaluation.cases) add_case(scores[c.set], c);
  for (const HealthyWindow& w : evaluation.healthy) {
    ++scores[w.set].healthy;
    scores[w.set].false_alarms += w.said.empty() ? 0 : 1;
  }
  return scores;
}

Calibration calibration_of(const Evaluation& evaluation) {
  Calibration result;
  const auto add = [&](double confidence, bool right) {
    const auto bin = static_cast<std::size_t>(std::clamp(confidence * 10, 0.0, 9.0));
    ++result.bins[bin].said;
    result.bins[bin].right += right ? 1 : 0;
    result.bins[bin].confidence += confidence;
    result.brier += (confidence - (right ? 1 : 0)) * (confidence - (right ? 1 : 0));
    ++result.said;
    result.confident += confidence >= kConfident ? 1 : 0;
    result.confident_right += confidence >= kConfident && right ? 1 : 0;
  };
  for (const EvaluatedCase& c : evaluation.cases) {
    if (!c.said.empty()) add(c.confidence, c.expected == c.said);
  }
  for (const HealthyWindow& w : evaluation.healthy) {
    if (!w.said.empty()) add(w.confidence, false);
  }
  if (result.said == 0) return result;
  for (const Calibration::Bin& b : result.bins) result.error += std::abs(b.confidence - b.right) / result.said;
  result.brier /= result.said;
  return result;
}

}  // namespace fa
