#pragma once

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <vector>

#include "analysis/logs/log_digest.h"

namespace fa {

/// Longest text of a sample.
inline constexpr std::size_t kMaxSampleBytes = 4096;
/// The same where more than kManyActivities things have samples, so that hostile input cannot fill the memory.
inline constexpr std::size_t kShortSampleBytes = 512;
inline constexpr std::size_t kManyActivities = 20'000;

/// Order of places: by time, file, position in the file.
inline bool earlier(const LogSample& a, const LogSample& b) {
  return std::tie(a.time, a.file, a.position.offset, a.position.line) <
         std::tie(b.time, b.file, b.position.offset, b.position.line);
}

/// True when `sample` (its text need not be set) may be among the `limit` earliest of `kept` and itself.
inline bool belongs(const std::vector<LogSample>& kept, const LogSample& sample, std::size_t limit) {
  return kept.size() < limit || !earlier(kept.back(), sample);
}

/// Puts a sample that belongs in its place.
inline void keep(std::vector<LogSample>& kept, LogSample sample, std::size_t limit) {
  // Records of one document may share its place: their texts decide.
  const auto before = [](const LogSample& a, const LogSample& b) {
    return earlier(a, b) || (!earlier(b, a) && a.text < b.text);
  };
  const auto place = std::upper_bound(kept.begin(), kept.end(), sample, before);
  if (kept.size() == limit && place == kept.end()) return;
  kept.insert(place, std::move(sample));
  if (kept.size() > limit) kept.pop_back();
}

}  // namespace fa
