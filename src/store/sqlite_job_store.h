#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/file_descriptor.h"
#include "store/database_file.h"
#include "store/job_store.h"
#include "store/shared_transaction.h"

/// The job store as one SQLite file (docs/formats/jobs.md). Private to this folder.
namespace fa {

/// As it stands in the column `state`. What waits has three states, so that what may run is found by an index however
/// much waits for something else.
enum class JobRow : int { kReady = 0, kPaused = 1, kBlocked = 2, kRunning = 3, kDone = 4, kFailed = 5 };

constexpr std::uint32_t kJobStoreApplication = 0x4641324A;  ///< "FA2J": tells the file from other programs'.
extern const std::size_t kJobStoreFormat;                   ///< The newest format, docs/formats/jobs.md.

/// What only tests set otherwise.
struct SqliteJobOptions {
  /// Short of Slack's three seconds: who waits for an acknowledgement is told in time that there is none.
  int busy_milliseconds = 1000;
  int max_pages = 0;  ///< A disk of this many pages; 0: no limit but the disk's.
};

[[nodiscard]] Result<std::unique_ptr<JobStore>> open_sqlite_job_store(const std::filesystem::path& path,
                                                                      JobLimits limits, SqliteJobOptions options);

/// One use of a prepared statement; the statement is free again when this ends. Throws SQLite::Exception.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) : statement_(statement) {}
  ~Query() { statement_.tryReset(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Values of `?1`, `?2`, ...
  template <class... Values>
  Query& with(const Values&... values) {
    int at = 0;
    (bind(++at, values), ...);
    return *this;
  }
  bool step() { return statement_.executeStep(); }
  int run() { return statement_.exec(); }  ///< Rows changed.

  [[nodiscard]] std::int64_t number(int column) const { return statement_.getColumn(column).getInt64(); }
  [[nodiscard]] std::uint64_t count(int column) const { return static_cast<std::uint64_t>(number(column)); }
  [[nodiscard]] std::string text(int column) const { return statement_.getColumn(column).getString(); }
  [[nodiscard]] TimePoint time(int column) const { return from_unix_nanos(number(column)); }
  [[nodiscard]] bool null(int column) const { return statement_.getColumn(column).isNull(); }

 private:
  void bind(int at, const std::string& value) { statement_.bind(at, value); }
  void bind(int at, std::int64_t value) { statement_.bind(at, value); }
  void bind(int at, int value) { statement_.bind(at, value); }
  void bind(int at, TimePoint value) { statement_.bind(at, std::int64_t{to_unix_nanos(value)}); }
  void bind(int at, JobLane lane) { statement_.bind(at, static_cast<int>(lane)); }
  void bind(int at, JobRow state) { statement_.bind(at, static_cast<int>(state)); }
  SQLite::Statement& statement_;
};

/// All calls go through one connection, one after the other, and share transactions (SharedTransaction): a reader waits
/// for one fsync at the most, and no call ever sees half of another. Statements are prepared once.
class SqliteJobStore final : public JobStore {
 public:
  SqliteJobStore(std::string path, const DatabaseKind& kind, JobLimits limits, FileDescriptor lock,
                 std::unique_ptr<SQLite::Database> database)
      : path_(std::move(path)),
        limits_(limits),
        lock_(std::move(lock)),
        opened_(std::move(database)),
        database_(*opened_),
        calls_(database_, path_, kind) {}

  // sqlite_job_store_requests.cpp
  Result<Accepted> accept(const std::vector<std::string>& keys, const std::vector<NewJob>& jobs,
                          TimePoint now) override;
  Result<AlarmThread> join_alarm(const std::string& key, const std::string& job, Nanoseconds window,
                                 TimePoint now) override;
  Result<Job> job(const std::string& id) override;
  Result<std::optional<Job>> latest_in_thread(const std::string& thread, const std::string& kind) override;
  Result<std::size_t> ahead_of(const std::string& id) override;
  Result<JobCounts> counts(JobLane lane) override;

  // sqlite_job_store_work.cpp
  Result<std::optional<Job>> claim(JobLane lane, const std::string& owner, Nanoseconds lease, TimePoint now) override;
  Result<void> extend(const JobClaim& claim, Nanoseconds lease, TimePoint now) override;
  Result<void> save_stage(const JobClaim& claim, const std::string& stage, const std::string& data) override;
  Result<void> finish(const JobClaim& claim, const std::vector<NewJob>& next, TimePoint now) override;
  Result<void> put_back(const JobClaim& claim, const std::string& error, TimePoint not_before) override;
  Result<void> give_up(const JobClaim& claim, const std::string& error, const std::vector<NewJob>& next,
                       TimePoint now) override;
  Result<std::uint64_t> release_all() override;

  // sqlite_job_store_deliveries.cpp
  Result<Delivery> begin_delivery(const JobClaim& claim, const std::string& id) override;
  Result<void> note_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) override;
  Result<void> finish_delivery(const JobClaim& claim, const std::string& id, const std::string& receipt) override;
  Result<void> forget_delivery(const JobClaim& claim, const std::string& id) override;
  Result<std::optional<std::string>> delivered(const std::string& id) override;

  // sqlite_job_store_bookkeeping.cpp
  Result<void> audit(const AuditEntry& entry) override;
  Result<std::vector<AuditEntry>> audit_log(std::size_t limit) override;
  Result<std::vector<std::string>> prune(TimePoint before, TimePoint audit_before) override;
  Result<void> check(TimePoint now) override;

 private:
  /// `sql` must be a literal; it is prepared on its first use.
  SQLite::Statement& statement(const char* sql);

  // Within a call of calls_.
  bool add_job(const NewJob& job, TimePoint now);  ///< False: known already.
  [[nodiscard]] std::uint64_t queued(JobLane lane);
  [[nodiscard]] Job job_at(std::int64_t number);
  [[nodiscard]] bool held(const JobClaim& claim);
  /// Gives the job to an owner, and its group the last turn.
  void take(std::int64_t number, JobLane lane, const std::string& owner, TimePoint until);
  /// Ends a job, adds what follows from it, and frees what waits for it.
  Result<void> end_job(const JobClaim& claim, JobRow state, const std::string& error, const std::vector<NewJob>& next,
                       TimePoint now);

  /// A portion of the jobs that ended before; a portion at a time, so that nobody waits long for a turn.
  Result<std::vector<std::string>> forget_jobs(TimePoint before);
  Result<void> forget_rows(const char* sql, TimePoint before);
  static constexpr int kPrunePortion = 500;

  std::string path_;
  JobLimits limits_;
  FileDescriptor lock_;  ///< Held until the connection is closed.
  std::unique_ptr<SQLite::Database> opened_;
  SQLite::Database& database_;
  SharedTransaction calls_;
  std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

/// That a claim is not (or no longer) held.
[[nodiscard]] tl::unexpected<Error> lost_claim(const JobClaim& claim);

/// `t + by` without leaving the range of times.
[[nodiscard]] TimePoint later(TimePoint t, Nanoseconds by);

}  // namespace fa
