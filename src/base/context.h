#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>

namespace fa {

/// Passed to every call that may block or run long: who may stop it and when it must end.
/// Copyable and thread-safe (both members are).
struct Context {
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> deadline;

  /// True once the work should end; loops ask once per block of work, not per record.
  [[nodiscard]] bool stopped() const {
    return stop.stop_requested() || (deadline && std::chrono::steady_clock::now() >= *deadline);
  }

  /// The same with a deadline `after` from now, or the present one where that is earlier.
  [[nodiscard]] Context within(std::chrono::nanoseconds after) const {
    const auto until = std::chrono::steady_clock::now() + after;
    return {stop, deadline && *deadline < until ? *deadline : until};
  }
};

}  // namespace fa
