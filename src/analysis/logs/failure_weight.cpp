#include "analysis/logs/failure_weight.h"

#include <algorithm>

#include "analysis/text/named_subject.h"

namespace fa {
namespace {

/// What follows from a failure before, and what only says that something failed, against a cause. The ranking takes
/// half of what complains of another service; what names nothing tells less than that.
constexpr double kEffectShare = 0.65;
constexpr double kFailureShare = 0.49;
/// What is no failure by its level, and what nobody graded.
constexpr double kInformationShare = 0.25;
constexpr double kUngradedShare = 0.6;
constexpr double kObserverShare = 0.8;
/// Bytes of an excerpt in the report.
constexpr std::size_t kShownBytes = 600;
constexpr std::size_t kFewestConstant = 8;

bool complains_of_another(Mechanism m) {
  return m == Mechanism::kDependencyTimeout || m == Mechanism::kDependencyError || m == Mechanism::kNetworkPartition;
}

/// How telling a line of this level is, whatever it says.
double weight_of_level(Severity severity, bool failure) {
  if (severity >= Severity::kError) return 1;
  if (severity == Severity::kWarn) return 0.7;
  if (severity == Severity::kUnknown) return failure ? 0.8 : 0.3;
  return failure ? 0.4 : kInformationShare;
}

}  // namespace

LineWeight weight_of(const FailureReading& reading, Severity severity, std::string_view service, Beside beside) {
  const bool error = severity >= Severity::kError;
  LineWeight weight;
  if (reading.mechanism != Mechanism::kUnknown && reading.telling >= Telling::kEffect) weight.strength += 2;
  if (error) weight.strength += 1.5;
  if (reading.telling != Telling::kNothing) weight.strength += 1;
  if (beside == Beside::kMeasurements) {
    weight.effect = weight_of_level(severity, reading.telling != Telling::kNothing);
    return weight;
  }
  switch (reading.telling) {
    case Telling::kCause:
      weight.effect = 1;
      break;
    case Telling::kEffect:
      weight.effect = complains_of_another(reading.mechanism) ? 1 : kEffectShare;
      break;
    case Telling::kFailure:
      weight.effect = kFailureShare;
      break;
    case Telling::kNothing:
      weight.effect = error ? kFailureShare : kInformationShare;
  }
  const bool cause = reading.telling == Telling::kCause;
  if (severity == Severity::kUnknown && !cause) weight.effect *= kUngradedShare;
  if (severity == Severity::kWarn && !cause) weight.effect *= kUngradedShare;
  const bool information = severity != Severity::kUnknown && severity < Severity::kWarn;
  if (information) weight.effect = std::min(weight.effect, kInformationShare);
  if (is_observer(service)) weight.effect *= kObserverShare;
  return weight;
}

bool is_constant(const TemplateActivity& activity) {
  const std::vector<std::uint32_t>& buckets = activity.window_buckets;
  const std::size_t half = buckets.size() / 2;
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) (i < half ? first : second) += buckets[i];
  if (first + second < kFewestConstant || 3 * first < second) return false;
  // Quiet for no longer than a fifth of the time at the beginning.
  const auto begun = std::find_if(buckets.begin(), buckets.end(), [](std::uint32_t n) { return n > 0; });
  return static_cast<std::size_t>(begun - buckets.begin()) * 5 <= buckets.size();
}

std::string telling_part(const std::string& text) {
  if (text.size() <= kShownBytes) return text;
  const FailureReading reading = read_failure(text);
  if (reading.line.empty()) return text;
  const auto begin = static_cast<std::size_t>(reading.line.data() - text.data());
  return begin + reading.line.size() <= kShownBytes ? text : text.substr(begin);
}

}  // namespace fa
