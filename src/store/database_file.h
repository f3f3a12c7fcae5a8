#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>

#include <exception>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

/// The SQLite file of a store: made, known for one of ours, brought to the newest form of its tables. Private to this
/// folder.
namespace fa {

/// What one of our files holds. All of it is constant for the life of the program.
struct DatabaseKind {
  int application_id = 0;                   ///< Tells it from other programs' files (SQLite's header, byte 68).
  std::string_view name;                    ///< "store"
  std::string_view when_lost;               ///< What to do where no backup of a damaged one exists.
  std::span<const char* const> migrations;  ///< What brings a file from format i to i + 1.
  int busy_milliseconds = 10'000;           ///< How long to wait for another connection that writes.
};

/// Documents, incidents, spending: store.h.
extern const DatabaseKind kStoreDatabase;

/// Opens the file, or makes it, readable for its owner only; `:memory:` is none. Not thread-safe, one connection each.
/// Errors: kUnreadable (another program's, a newer FA2's, damaged, cannot be written), kUnavailable (locked for too
/// long), kInternal.
[[nodiscard]] Result<std::unique_ptr<SQLite::Database>> open_database(const std::filesystem::path& path,
                                                                      const DatabaseKind& kind);

/// What SQLite threw over the file at `path`, in words that say what to do. Errors: kUnavailable, kUnreadable,
/// kInternal.
[[nodiscard]] tl::unexpected<Error> sqlite_failure(const std::string& path, const DatabaseKind& kind,
                                                   const SQLite::Exception& error);

/// Runs `work`, and words what SQLite throws; anything else thrown is kInternal.
template <class Work>
auto guard_sqlite(const std::string& path, const DatabaseKind& kind, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    return sqlite_failure(path, kind, error);
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
