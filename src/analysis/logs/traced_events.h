#pragma once

#include <cstdint>
#include <vector>

#include "analysis/logs/log_digest.h"

namespace fa {

/// New numbers of what events refer to, indexed by the old ones.
struct EventNumbers {
  std::vector<ShapeId> shapes;
  std::vector<std::uint32_t> services;
  std::vector<std::uint32_t> loggers;
};

/// The records of traces, bounded: beyond the limit whole traces are given up, those of the highest hashes, so that
/// what stays depends only on what was seen.
class TracedEvents {
 public:
  static constexpr std::size_t kMaxEvents = 4'000'000;

  explicit TracedEvents(std::size_t limit = kMaxEvents) : limit_(limit) {}

  void add(const TracedLogEvent& event);
  void merge(TracedEvents&& other, const EventNumbers& numbers);
  [[nodiscard]] std::uint64_t dropped() const { return seen_ - events_.size(); }
  /// Moves the events out, renumbered and ordered by (trace, time, file, offset).
  [[nodiscard]] std::vector<TracedLogEvent> take(const EventNumbers& numbers);

 private:
  void shrink();

  std::size_t limit_;
  std::uint64_t seen_ = 0;
  std::uint64_t highest_trace_ = ~std::uint64_t{0};
  std::vector<TracedLogEvent> events_;
};

}  // namespace fa
