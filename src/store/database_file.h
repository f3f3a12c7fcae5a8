#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>

#include <exception>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

/// The SQLite file of a store: made, known for one of ours, brought to the newest form of its tables. Private to this
/// folder.
namespace fa {

/// Opens the file, or makes it, readable for its owner only; `:memory:` is none. Not thread-safe, one connection each.
/// Errors: kUnreadable (another program's, a newer FA2's, damaged, cannot be written), kUnavailable (locked for too
/// long), kInternal.
[[nodiscard]] Result<std::unique_ptr<SQLite::Database>> open_database(const std::filesystem::path& path);

/// What SQLite threw over the file at `path`, in words that say what to do. Errors: kUnavailable, kUnreadable,
/// kInternal.
[[nodiscard]] tl::unexpected<Error> sqlite_failure(const std::string& path, const SQLite::Exception& error);

/// Runs `work`, and words what SQLite throws; anything else thrown is kInternal.
template <class Work>
auto guard_sqlite(const std::string& path, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    return sqlite_failure(path, error);
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInternal, fmt::format("{}: {}", path, error.what()));
  }
}

/// BEGIN IMMEDIATE: whoever writes takes the lock at once, so that two never read the same and both write.
class WriteTransaction {
 public:
  explicit WriteTransaction(SQLite::Database& database) : database_(database) { database_.exec("BEGIN IMMEDIATE"); }
  ~WriteTransaction() {
    if (!done_) database_.tryExec("ROLLBACK");
  }
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  void commit() {
    database_.exec("COMMIT");
    done_ = true;
  }

 private:
  SQLite::Database& database_;
  bool done_ = false;
};

}  // namespace fa
