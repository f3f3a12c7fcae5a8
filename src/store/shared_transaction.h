#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "store/database_file.h"

namespace fa {

/// One connection for many threads: calls run one after the other in the order they came (a request that waits to be
/// acknowledged is not overtaken by threads that come back again and again), and those that wait for each other share a
/// transaction, since most of what a durable write costs is the wait for the disk, which takes as long for ten writes
/// as for one. A call that fails is undone alone. A call returns when the transaction it took part in is durable; where
/// that fails, all of its calls fail, also those that only read: they may have seen what never came to be. No
/// transaction has more calls than there are threads. Thread-safe.
class SharedTransaction {
 public:
  SharedTransaction(SQLite::Database& database, std::string path, const DatabaseKind& kind)
      : database_(database), path_(std::move(path)), kind_(kind) {}

  /// `work` gives a Result and only reads.
  template <class Work>
  auto read(Work work) -> decltype(work()) {
    return take_part(false, work);
  }
  /// `work` gives a Result; what it wrote is kept when that is a value.
  template <class Work>
  auto write(Work work) -> decltype(work()) {
    return take_part(true, work);
  }
  /// Calls that wait for their turn.
  [[nodiscard]] std::uint64_t waiting();

 private:
  /// Of one transaction, for all that took part.
  struct Batch {
    bool wrote = false;  ///< There is something to keep.
    bool ended = false;
    std::optional<Error> failure;
  };

  template <class Work>
  auto take_part(bool writes, Work& work) -> decltype(work()) {
    await_turn();
    bool begun = false;
    auto result = guard_sqlite(path_, kind_, [&] {
      if (writes) begin_call();
      begun = writes;
      return work();
    });
    const std::shared_ptr<Batch> batch = end_call(begun, result ? std::nullopt : std::optional(result.error()));
    if (const std::optional<Error> failure = await_end(batch)) return tl::unexpected(*failure);
    return result;
  }

  void await_turn();
  /// Throws SQLite::Exception; then nothing has begun.
  void begin_call();
  /// Keeps or undoes what the call wrote, ends the transaction where nobody waits to join, and lets the next one in.
  /// Gives the transaction this call took part in, if any.
  std::shared_ptr<Batch> end_call(bool begun, const std::optional<Error>& failure);
  std::optional<Error> await_end(const std::shared_ptr<Batch>& batch);
  void keep_or_undo(const std::optional<Error>& failure);
  void end_batch(const std::optional<Error>& lost);

  SQLite::Database& database_;
  const std::string path_;
  const DatabaseKind kind_;

  // Only touched by the one whose turn it is.
  std::shared_ptr<Batch> batch_;  ///< None: no transaction is open.

  std::mutex mutex_;
  std::condition_variable turn_;
  std::condition_variable batch_ended_;
  std::uint64_t next_ = 0;    ///< Number of whoever comes next.
  std::uint64_t served_ = 0;  ///< Number of the one whose turn it is.
};

}  // namespace fa
