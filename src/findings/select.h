#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "findings/finding.h"

namespace fa::findings {

/// Which findings a report is about. Findings without a check's result (Inspector, Macie, GuardDuty) are never left out
/// for having none, nor those without a workflow for having none.
struct Filter {
  Severity least = Severity::kMedium;
  std::vector<std::string> workflows = {"NEW", "NOTIFIED"};
  bool archived = false;  ///< Also what its service archived.
  bool passed = false;    ///< Also checks that passed.
  bool samples = false;   ///< Also sample findings.
  /// Seen or updated within so many days; nullopt: 30 for GuardDuty's, which nobody closes, and any age for others,
  /// which stay active for as long as they are true.
  std::optional<int> days = {};
};
inline constexpr int kGuardDutyDays = 30;

/// Why a finding is not in the report; in the order in which it is asked.
enum class LeftOut { kSample, kArchived, kPassed, kWorkflow, kOld, kSeverity };
inline constexpr std::size_t kLeftOutCount = static_cast<std::size_t>(LeftOut::kSeverity) + 1;
using LeftOutCounts = std::array<std::uint64_t, kLeftOutCount>;

std::optional<LeftOut> why_left_out(const SecurityFinding& finding, const Filter& filter, TimePoint now);

/// Brings findings together as they come, each once: what both services tell of, what two regions tell of, and the
/// later versions of the same. The newest version counts; workflow and compliance are Security Hub's and the type is
/// GuardDuty's, whoever told last; what only one of them knows is kept. The order they come in does not matter.
class FindingPool {
 public:
  explicit FindingPool(std::size_t most) : most_(most) {}

  void add(SecurityFinding&& finding);
  /// Findings that came when the pool was full already: counted, not kept.
  [[nodiscard]] std::uint64_t beyond() const { return beyond_; }
  /// Findings that another service, region or page had told of before.
  [[nodiscard]] std::uint64_t merged() const { return merged_; }
  /// All of them, by id. Leaves the pool empty.
  [[nodiscard]] std::vector<SecurityFinding> take();

 private:
  using ById = std::map<std::string, SecurityFinding>;

  std::size_t most_;
  std::uint64_t beyond_ = 0;
  std::uint64_t merged_ = 0;
  std::size_t ids_ = 0;
  ById hub_;  ///< The newest version of each, per service.
  ById guardduty_;
};

}  // namespace fa::findings
