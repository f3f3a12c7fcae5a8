#pragma once

#include <map>
#include <optional>

#include "base/context.h"
#include "investigate/collect.h"
#include "model/telemetry.h"

namespace fa {

/// A first look at the inputs over time: where there is data, and where it goes wrong. Needed when the user names no
/// window or no baseline.
class Survey {
 public:
  struct Bucket {
    std::uint64_t records = 0;
    std::uint64_t failures = 0;  ///< Error logs, failed spans and requests.
    double seconds = 0;          ///< Durations of root spans and requests.
    std::uint64_t timed = 0;
  };

  /// `count` alike records; `seconds` (negative: none) is the duration of one.
  void add(TimePoint time, bool failure, double seconds, std::uint64_t count = 1);
  void merge(const Survey& other);

  [[nodiscard]] bool empty() const { return buckets_.empty(); }
  /// First to last instant seen (end exclusive, to the width of a bucket).
  [[nodiscard]] TimeRange range() const;
  /// Where failures or durations rise for good inside `range`: the split of the buckets that a likelihood ratio test
  /// finds most telling; nullopt when no split is (p > 1e-4).
  [[nodiscard]] std::optional<TimePoint> onset(TimeRange range) const;

 private:
  void coarsen();

  /// Buckets double in width when there are too many: 10 s at first.
  static constexpr std::size_t kMaxBuckets = 20'000;
  std::int64_t width_ = 10'000'000'000;
  std::map<std::int64_t, Bucket> buckets_;
};

/// Reads all inputs once for their times.
Survey survey_inputs(const InputSet& inputs, const CollectOptions& options, const Context& context);

}  // namespace fa
