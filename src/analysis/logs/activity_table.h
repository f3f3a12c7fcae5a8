#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analysis/logs/log_digest.h"

namespace fa {

/// Lines of each level, indexed by Severity.
using SeverityCounts = std::array<std::uint64_t, 7>;

/// What was counted of one shape (or template) from one source.
struct ActivityCounts {
  std::array<std::uint64_t, kPeriodCount> counts{};
  SeverityCounts window_severities{};
  SeverityCounts other_severities{};  ///< Outside of the window.
  TimePoint first_in_window = kNoTime;
  TimePoint last_in_window = kNoTime;
  std::vector<std::uint32_t> window_buckets;  ///< Empty until needed.
  std::vector<std::uint32_t> baseline_buckets;
  std::vector<LogSample> window_samples;
  std::vector<LogSample> baseline_samples;

  static constexpr std::size_t kWindowSamples = 3;
  static constexpr std::size_t kBaselineSamples = 1;

  /// `sample_bytes`: longest text of a new sample.
  void add(const PeriodClock& clock, std::uint32_t file, const LogRecord& record, Period period,
           std::size_t sample_bytes);
  void merge(const ActivityCounts& other);
  /// The most frequent stated severity in the window, or where the window holds none of it, elsewhere; of equally
  /// frequent ones the gravest.
  [[nodiscard]] Severity severity() const;
};

/// ActivityCounts by shape and source (a service and instance, numbered by the caller). Open addressing; entries keep
/// their index.
class ActivityTable {
 public:
  struct Entry {
    ShapeId shape = 0;
    std::uint32_t source = 0;
    ActivityCounts counts;
  };

  ActivityTable();
  /// The entry of a shape and source; nullptr when there is none and the table holds `limit` entries.
  ActivityCounts* find_or_add(ShapeId shape, std::uint32_t source, std::size_t limit);
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  void grow();

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  ///< Entry number + 1; 0 is free.
};

}  // namespace fa
