#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

#include "base/time.h"

namespace fa::server {

class Connection;
using Instant = std::chrono::steady_clock::time_point;

/// What a connection is at. It is in exactly one phase.
enum class Phase {
  kLingering,  ///< All was said; the other side has not closed yet.
  kIdle,       ///< Between requests.
  kHeader,     ///< From the accept, or a request's first byte, until its header is complete.
  kBody,       ///< Until the request is complete.
  kHandling,   ///< Until its handler has answered.
  kWriting,    ///< Until the system took the answer.
};
inline constexpr std::size_t kPhases = 6;

/// Where a connection stands in the table: a member of every connection, for the table only.
struct TablePlace {
  Phase phase = Phase::kHeader;
  Instant since;
  std::list<std::shared_ptr<Connection>>::iterator at;
};

/// All connections, by phase, those that entered it first in front: since a phase has one time limit, its first
/// connection is the next that is overdue, and all operations take constant time. For one thread.
class ConnectionTable {
 public:
  /// `limits`: of each phase, by its number; Nanoseconds::max() for none.
  explicit ConnectionTable(const std::array<Nanoseconds, kPhases>& limits) : limits_(limits) {}

  void add(const std::shared_ptr<Connection>& connection, Instant now);  ///< In kHeader.
  void move(Connection& connection, Phase phase, Instant now);
  void remove(Connection& connection);  ///< May end its life.

  [[nodiscard]] std::size_t size() const { return size_; }
  /// One whose time is up; nullptr when there is none.
  [[nodiscard]] std::shared_ptr<Connection> overdue(Instant now) const;
  [[nodiscard]] Instant next_deadline() const;  ///< Instant::max() when there is none.
  /// The one to close when there is no room: whose client keeps us waiting for longest, those first that owe us least.
  /// Never one whose request is complete. nullptr when there is none.
  [[nodiscard]] std::shared_ptr<Connection> most_dispensable() const;
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all() const;

 private:
  using List = std::list<std::shared_ptr<Connection>>;
  [[nodiscard]] List& list(Phase phase) { return lists_[static_cast<std::size_t>(phase)]; }
  [[nodiscard]] Instant deadline(std::size_t phase) const;
  std::array<Nanoseconds, kPhases> limits_;
  std::array<List, kPhases> lists_;
  std::size_t size_ = 0;
};

}  // namespace fa::server
