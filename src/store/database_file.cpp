#include "store/database_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/time.h"

namespace fa {
namespace {

/// What brings a file from format i to i + 1. Never changed once released; new formats are appended.
constexpr std::array<const char*, 1> kStoreMigrations{R"sql(
  CREATE TABLE documents (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, passages INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL REFERENCES documents(path) ON DELETE CASCADE,
    position INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL, first_line INTEGER NOT NULL);
  CREATE INDEX passages_of_document ON passages(document, position);
  CREATE VIRTUAL TABLE passage_words USING fts5(words, tokenize = "ascii tokenchars '_'", detail = 'none');
  CREATE TABLE incidents (
    id TEXT PRIMARY KEY, kept_at INTEGER NOT NULL, description TEXT NOT NULL,
    window_begin INTEGER NOT NULL, window_end INTEGER NOT NULL,
    headline TEXT NOT NULL, subject TEXT NOT NULL, mechanism TEXT NOT NULL,
    request TEXT NOT NULL, report TEXT NOT NULL,
    outcome INTEGER NOT NULL, cause TEXT NOT NULL, fix TEXT NOT NULL, decided_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE features (
    incident TEXT NOT NULL REFERENCES incidents(id) ON DELETE CASCADE,
    name TEXT NOT NULL, weight REAL NOT NULL, PRIMARY KEY (incident, name)) WITHOUT ROWID;
  CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT NOT NULL REFERENCES incidents(id) ON DELETE CASCADE,
    question TEXT NOT NULL, answer TEXT NOT NULL);
  CREATE INDEX turns_of_incident ON turns(incident, id);
  CREATE TABLE spending (month TEXT PRIMARY KEY, nano_usd INTEGER NOT NULL) WITHOUT ROWID;
)sql"};

/// How many of the migrations the file has, if it is ours; within a transaction.
Result<std::size_t> format_of_file(SQLite::Database& database, const std::string& path, const DatabaseKind& kind) {
  const int version = database.execAndGet("PRAGMA user_version").getInt();
  const int application = database.execAndGet("PRAGMA application_id").getInt();
  const bool empty = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
  if (application != kind.application_id && !(application == 0 && version == 0 && empty)) {
    return fail(
        ErrorCode::kUnreadable,
        fmt::format("{} is an SQLite file of another program; give another path for the {} of fa2", path, kind.name));
  }
  if (version < 0 || static_cast<std::size_t>(version) > kind.migrations.size()) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("{} was written by a newer fa2 (format {}, this one knows up to {}); update fa2, or give "
                            "another path",
                            path, version, kind.migrations.size()));
  }
  return static_cast<std::size_t>(version);
}

/// Whoever changes the journal needs the file for itself, and SQLite does not wait for that by its busy handler.
void use_write_ahead_log(SQLite::Database& database, int busy_milliseconds) {
  constexpr int kRetryMilliseconds = 5;
  for (int waited = 0;; waited += kRetryMilliseconds) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (const SQLite::Exception& error) {
      if ((error.getErrorCode() & 0xFF) != SQLITE_BUSY || waited >= busy_milliseconds) throw;
    }
    sqlite3_sleep(kRetryMilliseconds);
  }
}

/// Settings of the connection, and the tables in their newest form.
Result<void> prepare_database(SQLite::Database& database, const std::string& path, const DatabaseKind& kind) {
  database.exec("PRAGMA foreign_keys = ON");
  database.exec("PRAGMA synchronous = FULL");
  auto format = [&] {
    const SQLite::Transaction snapshot(database);  // another process may be making the tables just now
    return format_of_file(database, path, kind);
  }();
  if (!format) return tl::unexpected<Error>(format.error());
  use_write_ahead_log(database, kind.busy_milliseconds);
  if (*format == kind.migrations.size()) return {};

  WriteTransaction transaction(database);
  format = format_of_file(database, path, kind);
  if (!format) return tl::unexpected<Error>(format.error());
  for (std::size_t i = *format; i < kind.migrations.size(); ++i) database.exec(kind.migrations[i]);
  database.exec(fmt::format("PRAGMA application_id = {}", kind.application_id));
  database.exec(fmt::format("PRAGMA user_version = {}", kind.migrations.size()));
  transaction.commit();
  return {};
}

}  // namespace

const DatabaseKind kStoreDatabase{0x46413253 /* FA2S */, "store", "move it away and add the documents again",
                                  kStoreMigrations};

tl::unexpected<Error> sqlite_failure(const std::string& path, const DatabaseKind& kind,
                                     const SQLite::Exception& error) {
  switch (error.getErrorCode() & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(ErrorCode::kUnavailable,
                  fmt::format("{} is locked by another program for more than {}; try again when that has ended", path,
                              format_duration(std::chrono::milliseconds(kind.busy_milliseconds))));
    case SQLITE_NOTADB:
      return fail(
          ErrorCode::kUnreadable,
          fmt::format("{} is not a {} of fa2 (no SQLite file); give another path, or move it away", path, kind.name));
    case SQLITE_CORRUPT:
      return fail(ErrorCode::kUnreadable, fmt::format("{} is damaged ({}); restore it from a backup, or {}", path,
                                                      error.what(), kind.when_lost));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return fail(ErrorCode::kUnreadable,
                  fmt::format("{} cannot be written ({}); make the file and its folder writable, or give another path",
                              path, error.what()));
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_FULL:
      return fail(ErrorCode::kUnreadable,
                  fmt::format("{} cannot be read or written ({}); check the disk and the rights of its folder", path,
                              error.what()));
    default:
      return fail(ErrorCode::kInternal, fmt::format("{}: {}", path, error.what()));
  }
}

Result<std::unique_ptr<SQLite::Database>> open_database(const std::filesystem::path& path, const DatabaseKind& kind) {
  const std::string name = path.string();
  if (name != ":memory:") {
    // Made by us before SQLite sees it, so that no one else can ever read it; SQLite gives its helpers the same rights.
    if (std::error_code error; path.has_parent_path() && !std::filesystem::exists(path.parent_path(), error)) {
      std::filesystem::create_directories(path.parent_path(), error);
    }
    const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
      return fail(ErrorCode::kUnreadable,
                  fmt::format("cannot open or make {}: {}; make its folder writable, or give another path", name,
                              std::generic_category().message(errno)));
    }
    ::close(file);
  }
  return guard_sqlite(name, kind, [&]() -> Result<std::unique_ptr<SQLite::Database>> {
    auto database =
        std::make_unique<SQLite::Database>(name, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kind.busy_milliseconds);
    if (auto prepared = prepare_database(*database, name, kind); !prepared)
      return tl::unexpected<Error>(prepared.error());
    return database;
  });
}

}  // namespace fa
