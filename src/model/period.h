#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace fa {

/// Which part of the study an instant belongs to. The window wins where window and baseline overlap.
enum class Period : std::uint8_t { kBaseline, kWindow, kOther };
inline constexpr std::size_t kPeriodCount = 3;

/// Sorts instants into baseline, window and the rest, and window and baseline into equal buckets.
/// Immutable, thread-safe.
class PeriodClock {
 public:
  static constexpr std::size_t kBuckets = 60;  ///< Buckets over the window, and over the baseline.

  PeriodClock() = default;
  constexpr PeriodClock(TimeRange window, TimeRange baseline) : window_(window), baseline_(baseline) {}

  [[nodiscard]] Period period(TimePoint t) const {
    if (t == kNoTime || window_.contains(t)) return Period::kWindow;
    if (baseline_.contains(t)) return Period::kBaseline;
    return Period::kOther;
  }
  /// Bucket of an instant inside the range of its period; 0 for undated ones.
  [[nodiscard]] std::size_t bucket(TimePoint t) const {
    const TimeRange& range = period(t) == Period::kBaseline ? baseline_ : window_;
    if (t == kNoTime || !range.contains(t)) return 0;
    const double share = static_cast<double>((t - range.begin).count()) / static_cast<double>(range.length().count());
    const auto index = static_cast<std::size_t>(share * static_cast<double>(kBuckets));
    return index < kBuckets ? index : kBuckets - 1;
  }
  [[nodiscard]] const TimeRange& window() const { return window_; }
  [[nodiscard]] const TimeRange& baseline() const { return baseline_; }
  [[nodiscard]] double window_seconds() const { return seconds(window_); }
  /// Of the baseline outside of the window: how long what counts as baseline was watched.
  [[nodiscard]] double baseline_seconds() const {
    const TimeRange shared{std::max(window_.begin, baseline_.begin), std::min(window_.end, baseline_.end)};
    return seconds(baseline_) - (shared.begin < shared.end ? seconds(shared) : 0);
  }
  /// Whether the middle of a bucket of the baseline lies outside of the window.
  [[nodiscard]] bool is_baseline_bucket(std::size_t bucket) const {
    const auto half_buckets = static_cast<std::int64_t>(2 * bucket + 1);
    return period(baseline_.begin + baseline_.length() * half_buckets / static_cast<std::int64_t>(2 * kBuckets)) ==
           Period::kBaseline;
  }

 private:
  static double seconds(const TimeRange& range) { return static_cast<double>(range.length().count()) * 1e-9; }

  TimeRange window_;
  TimeRange baseline_;
};

}  // namespace fa
