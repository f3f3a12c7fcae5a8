#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/stats/statistics.h"
#include "model/telemetry.h"

namespace fa {

/// What failed, and how long requests took: counts of access logs without a window. Not thread-safe; one per file,
/// merged in the order of the files. Owns its names.
class AccessTable {
 public:
  /// Distinct targets and paths kept; requests of further ones are counted under `other_name()`.
  static constexpr std::size_t kMaxNames = 10'000;
  /// Distinct failures kept; further ones are counted in `unlisted_failures`.
  static constexpr std::size_t kMaxFailures = 200'000;

  /// Requests that a target (group) failed to answer properly within a minute.
  struct Failure {
    std::string target;  ///< Target group, or target where groups are not named; empty when neither is known.
    TimePoint minute = kNoTime;
    int status = 0;  ///< 500 and above, as the client got it.
    std::uint64_t requests = 0;
  };
  struct Path {
    std::string path;
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    stats::LogHistogram seconds;  ///< In all, as the client saw it; only requests whose times are known.
  };

  void add(std::span<const AccessRecord> records);
  void merge(const AccessTable& other);

  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  [[nodiscard]] std::uint64_t unlisted_failures() const { return unlisted_failures_; }
  /// Sorted by target, minute, status.
  [[nodiscard]] std::vector<Failure> failures() const;
  /// Sorted by path.
  [[nodiscard]] std::vector<Path> paths() const;
  /// Stands for all names beyond the limit. No path and no target of a real log is called so.
  static std::string_view other_name() { return "(others)"; }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  /// Numbers names in the order of their coming; the last number is that of all beyond the limit.
  class Names {
   public:
    std::uint32_t number(std::string_view name);
    [[nodiscard]] const std::string& name(std::uint32_t number) const { return *names_[number]; }

   private:
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> numbers_;
    std::vector<const std::string*> names_;  ///< Keys of `numbers_`, which never move.
    std::uint32_t last_ = 0;                 ///< Most requests ask for what the one before asked for, or near it.
  };
  struct FailureKey {
    std::uint32_t target;
    int status;
    TimePoint minute;
    auto operator<=>(const FailureKey&) const = default;
  };
  struct Latency {
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    stats::LogHistogram seconds;
  };

  void count_failure(const FailureKey& key, std::uint64_t requests);
  Latency& latency(std::string_view path);

  Names targets_;
  Names paths_;
  std::map<FailureKey, std::uint64_t> failures_;
  std::vector<Latency> latencies_;  ///< By the number of the path.
  std::uint64_t requests_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t unlisted_failures_ = 0;
};

}  // namespace fa
