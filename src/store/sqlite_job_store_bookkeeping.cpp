// Who asked, what may be forgotten, and whether anything can be stored.
#include <algorithm>
#include <array>

#include "store/sqlite_job_store.h"

namespace fa {

Result<void> SqliteJobStore::audit(const AuditEntry& entry) {
  return calls_.write([&]() -> Result<void> {
    Query(statement("INSERT INTO audit (time, team, channel, user, action, subject) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"))
        .with(entry.time, entry.team, entry.channel, entry.user, entry.action, entry.subject)
        .run();
    return {};
  });
}

Result<std::vector<AuditEntry>> SqliteJobStore::audit_log(std::size_t limit) {
  return calls_.read([&]() -> Result<std::vector<AuditEntry>> {
    constexpr std::size_t kMost = 1'000'000;
    std::vector<AuditEntry> entries;
    Query row(statement("SELECT time, team, channel, user, action, subject FROM audit ORDER BY number DESC LIMIT ?1"));
    row.with(static_cast<std::int64_t>(std::min(limit, kMost)));
    while (row.step()) {
      entries.push_back({row.time(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)});
    }
    return entries;
  });
}

Result<std::vector<std::string>> SqliteJobStore::forget_jobs(TimePoint before) {
  return calls_.write([&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> ids;
    std::vector<std::int64_t> numbers;
    {
      Query old(statement(
          "SELECT number, id FROM jobs WHERE state > 3 AND finished < ?1 ORDER BY finished, number LIMIT ?2"));
      old.with(before, kPrunePortion);
      while (old.step()) {
        numbers.push_back(old.number(0));
        ids.push_back(old.text(1));
      }
    }
    for (const std::int64_t number : numbers) Query(statement("DELETE FROM jobs WHERE number = ?1")).with(number).run();
    return ids;
  });
}

Result<void> SqliteJobStore::forget_rows(const char* sql, TimePoint before) {
  while (true) {
    const auto gone =
        calls_.write([&]() -> Result<int> { return Query(statement(sql)).with(before, kPrunePortion).run(); });
    if (!gone) return tl::unexpected(gone.error());
    if (*gone < kPrunePortion) return {};
  }
}

Result<std::vector<std::string>> SqliteJobStore::prune(TimePoint before, TimePoint audit_before) {
  const std::array<std::pair<const char*, TimePoint>, 3> others{{
      {"DELETE FROM requests WHERE key IN (SELECT key FROM requests WHERE time < ?1 LIMIT ?2)", before},
      {"DELETE FROM alarm_threads WHERE number IN (SELECT number FROM alarm_threads WHERE last < ?1 LIMIT ?2)", before},
      {"DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE time < ?1 LIMIT ?2)", audit_before},
  }};
  for (const auto& [sql, limit] : others) {
    if (auto forgotten = forget_rows(sql, limit); !forgotten) return tl::unexpected(forgotten.error());
  }
  // Last, since their ids must not get lost when something fails behind them.
  std::vector<std::string> ids;
  while (true) {
    auto portion = forget_jobs(before);
    if (!portion && ids.empty()) return portion;
    if (!portion || portion->empty()) return ids;
    ids.insert(ids.end(), portion->begin(), portion->end());
  }
}

Result<void> SqliteJobStore::check(TimePoint now) {
  return calls_.write([&]() -> Result<void> {
    // The new row needs pages before the old one gives its own back, as a new job would.
    Query(statement("INSERT INTO checks (time, filler) VALUES (?1, zeroblob(16384))")).with(now).run();
    Query(statement("DELETE FROM checks WHERE number <> last_insert_rowid()")).run();
    return {};
  });
}

}  // namespace fa
