#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/stats/statistics.h"
#include "model/finding.h"
#include "model/period.h"
#include "model/telemetry.h"

namespace fa {

/// Requests of one proxy to one target group (or target, where groups are not named).
struct AccessRow {
  std::array<std::uint64_t, kPeriodCount> requests{};
  std::array<std::uint64_t, kPeriodCount> failed{};  ///< Answered to the client with 5xx.
  std::array<std::uint64_t, kPeriodCount>
      unanswered{};  ///< Of those, without an answer of the target (timeout, refused).
  std::array<stats::LogHistogram, kPeriodCount> seconds;
  std::array<std::uint32_t, PeriodClock::kBuckets> window_failed{};
  std::array<std::uint32_t, PeriodClock::kBuckets> window_requests{};
  std::array<std::uint32_t, PeriodClock::kBuckets> baseline_failed{};
  FindingQuote first_failed;  ///< Earliest failed request of the window.
  FindingQuote slowest;       ///< Slowest request of the window.
  double slowest_seconds = -1;
  std::map<int, std::uint64_t> window_statuses;
  std::map<std::string, std::uint64_t> window_failed_paths;  ///< At most kMaxPaths distinct ones; the rest under "".
};

/// Counts of access logs; one thread per digester; merge in any order gives the same digest.
class AccessDigest {
 public:
  static constexpr std::size_t kMaxPaths = 1000;
  static constexpr std::size_t kMaxRows = 10'000;

  explicit AccessDigest(PeriodClock periods) : periods_(periods) {}
  void add(std::uint32_t file, std::span<const AccessRecord> records);
  void merge(const AccessDigest& other);

  /// (proxy, target group or target) -> counts, sorted.
  [[nodiscard]] const std::map<std::pair<std::string, std::string>, AccessRow>& rows() const { return rows_; }

 private:
  PeriodClock periods_;
  std::map<std::pair<std::string, std::string>, AccessRow> rows_;
};

/// Failing and slow requests per target against the baseline: kAccessErrors and kAccessLatency, subject = the target
/// group (or the proxy where none is named), peer = the proxy. `excess` counts failed requests, or seconds of waiting.
std::vector<Finding> find_access_changes(const AccessDigest& digest, const PeriodClock& periods);

}  // namespace fa
