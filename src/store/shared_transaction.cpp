#include "store/shared_transaction.h"

#include <sqlite3.h>

#include <utility>

namespace fa {

void SharedTransaction::await_turn() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = next_++;
  turn_.wait(lock, [&] { return served_ == mine; });
}

std::uint64_t SharedTransaction::waiting() {
  const std::lock_guard lock(mutex_);
  return next_ - served_ > 1 ? next_ - served_ - 1 : 0;
}

void SharedTransaction::begin_call() {
  if (!batch_) {
    database_.exec("BEGIN IMMEDIATE");
    batch_ = std::make_shared<Batch>();
  }
  database_.exec("SAVEPOINT call");
}

std::shared_ptr<SharedTransaction::Batch> SharedTransaction::end_call(bool begun, const std::optional<Error>& failure) {
  std::shared_ptr<Batch> batch = batch_;
  if (begun) keep_or_undo(failure);
  if (batch_ && waiting() == 0) end_batch(std::nullopt);
  const std::lock_guard lock(mutex_);
  ++served_;
  turn_.notify_all();
  return batch;
}

void SharedTransaction::keep_or_undo(const std::optional<Error>& failure) {
  // A full disk and the like can end a whole transaction, not only the statement that met it.
  if (sqlite3_get_autocommit(database_.getHandle()) != 0) return end_batch(failure);
  const auto kept = guard_sqlite(path_, kind_, [&]() -> Result<void> {
    if (failure) database_.exec("ROLLBACK TO call");
    database_.exec("RELEASE call");
    return {};
  });
  if (!kept) return end_batch(kept.error());
  batch_->wrote = batch_->wrote || !failure;
}

void SharedTransaction::end_batch(const std::optional<Error>& lost) {
  std::optional<Error> failure = lost;
  if (!failure && batch_->wrote) {
    const auto committed = guard_sqlite(path_, kind_, [&]() -> Result<void> {
      database_.exec("COMMIT");
      return {};
    });
    if (!committed) failure = committed.error();
  }
  if (failure || !batch_->wrote) database_.tryExec("ROLLBACK");
  const std::lock_guard lock(mutex_);
  batch_->ended = true;
  batch_->failure = std::move(failure);
  batch_.reset();
  batch_ended_.notify_all();
}

std::optional<Error> SharedTransaction::await_end(const std::shared_ptr<Batch>& batch) {
  if (!batch) return std::nullopt;
  std::unique_lock lock(mutex_);
  batch_ended_.wait(lock, [&] { return batch->ended; });
  return batch->failure;
}

}  // namespace fa
