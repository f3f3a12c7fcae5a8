#include "store/sqlite_job_store.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "store/process_lock.h"

namespace fa {
namespace {

/// What brings a file from format i to i + 1. Never changed once released; new formats are appended.
/// The numbers in `state` are those of JobRow. Triggers count jobs by lane, state and group, so that neither the
/// queue's limit nor the choice of the next job has to look at all that waits. A group that was never served comes
/// before all that were (its `served` is negative), and such groups among themselves in the order of their first jobs.
constexpr std::array<const char*, 1> kJobMigrations{R"sql(
  CREATE TABLE requests (key TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX requests_by_time ON requests(time);

  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, lane INTEGER NOT NULL, fair_group TEXT NOT NULL,
    thread TEXT NOT NULL, after_job TEXT NOT NULL, payload TEXT NOT NULL,
    state INTEGER NOT NULL, until INTEGER NOT NULL, owner TEXT NOT NULL,
    attempts INTEGER NOT NULL, fence INTEGER NOT NULL,
    stage TEXT NOT NULL, stage_data TEXT NOT NULL, error TEXT NOT NULL,
    created INTEGER NOT NULL, finished INTEGER NOT NULL);
  CREATE INDEX jobs_ready ON jobs(lane, fair_group, number) WHERE state = 0;
  CREATE INDEX jobs_paused ON jobs(lane, until) WHERE state = 1;
  CREATE INDEX jobs_blocked ON jobs(after_job) WHERE state = 2;
  CREATE INDEX jobs_running ON jobs(lane) WHERE state = 3;
  CREATE INDEX jobs_queued ON jobs(lane, created) WHERE state < 3;
  CREATE INDEX jobs_ended ON jobs(finished) WHERE state > 3;
  CREATE INDEX jobs_of_thread ON jobs(thread, kind, number) WHERE thread <> '';

  CREATE TABLE lanes (lane INTEGER PRIMARY KEY, claims INTEGER NOT NULL);
  INSERT INTO lanes VALUES (0, 0), (1, 0);
  CREATE TABLE job_counts (
    lane INTEGER NOT NULL, state INTEGER NOT NULL, jobs INTEGER NOT NULL, PRIMARY KEY (lane, state)) WITHOUT ROWID;
  INSERT INTO job_counts SELECT lane, column1, 0 FROM lanes, (VALUES (0), (1), (2), (3), (4), (5));
  CREATE TABLE job_groups (
    lane INTEGER NOT NULL, name TEXT NOT NULL, served INTEGER NOT NULL, ready INTEGER NOT NULL, jobs INTEGER NOT NULL,
    PRIMARY KEY (lane, name)) WITHOUT ROWID;
  CREATE INDEX job_groups_in_turn ON job_groups(lane, served) WHERE ready > 0;

  CREATE TRIGGER count_new_job AFTER INSERT ON jobs BEGIN
    UPDATE job_counts SET jobs = jobs + 1 WHERE lane = NEW.lane AND state = NEW.state;
    INSERT INTO job_groups SELECT NEW.lane, NEW.fair_group, NEW.number - 4611686018427387904, 0, 0
      WHERE NOT EXISTS (SELECT 1 FROM job_groups WHERE lane = NEW.lane AND name = NEW.fair_group);
    UPDATE job_groups SET ready = ready + (NEW.state = 0), jobs = jobs + 1
      WHERE lane = NEW.lane AND name = NEW.fair_group;
  END;
  CREATE TRIGGER count_changed_job AFTER UPDATE OF state ON jobs WHEN OLD.state <> NEW.state BEGIN
    UPDATE job_counts SET jobs = jobs - 1 WHERE lane = OLD.lane AND state = OLD.state;
    UPDATE job_counts SET jobs = jobs + 1 WHERE lane = NEW.lane AND state = NEW.state;
    UPDATE job_groups SET ready = ready + (NEW.state = 0) - (OLD.state = 0)
      WHERE lane = NEW.lane AND name = NEW.fair_group;
  END;
  CREATE TRIGGER count_forgotten_job AFTER DELETE ON jobs BEGIN
    UPDATE job_counts SET jobs = jobs - 1 WHERE lane = OLD.lane AND state = OLD.state;
    UPDATE job_groups SET ready = ready - (OLD.state = 0), jobs = jobs - 1
      WHERE lane = OLD.lane AND name = OLD.fair_group;
    DELETE FROM job_groups WHERE lane = OLD.lane AND name = OLD.fair_group AND jobs = 0;
  END;

  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY, job TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
    sent INTEGER NOT NULL, receipt TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX deliveries_of_job ON deliveries(job);

  CREATE TABLE alarm_threads (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, first_job TEXT NOT NULL,
    notices INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
  CREATE INDEX alarm_threads_of_key ON alarm_threads(key, number);
  CREATE INDEX alarm_threads_by_time ON alarm_threads(last);
  CREATE TABLE alarm_notices (
    job TEXT PRIMARY KEY, thread INTEGER NOT NULL REFERENCES alarm_threads(number) ON DELETE CASCADE) WITHOUT ROWID;
  CREATE INDEX alarm_notices_of_thread ON alarm_notices(thread);

  CREATE TABLE audit (
    number INTEGER PRIMARY KEY, time INTEGER NOT NULL, team TEXT NOT NULL, channel TEXT NOT NULL, user TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL);
  CREATE INDEX audit_by_time ON audit(time);
  CREATE TABLE checks (number INTEGER PRIMARY KEY, time INTEGER NOT NULL, filler BLOB NOT NULL);
)sql"};

DatabaseKind job_database(const SqliteJobOptions& options) {
  return {kJobStoreApplication, "job store", "move it away; jobs that were not done are lost then", kJobMigrations,
          options.busy_milliseconds};
}

/// The file behind all links, so that whatever way leads there, there is one lock.
std::filesystem::path real_path(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real;
}

/// Damage is found now, and not by the job that happens to meet it.
Result<void> check_whole(SQLite::Database& database, const std::string& path, const DatabaseKind& kind) {
  const std::string found = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (found == "ok") return {};
  return fail(ErrorCode::kUnreadable,
              fmt::format("{} is damaged ({}); restore it from a backup, or {}", path, found, kind.when_lost));
}

}  // namespace

const std::size_t kJobStoreFormat = kJobMigrations.size();

Result<std::unique_ptr<JobStore>> open_job_store(const std::filesystem::path& path, JobLimits limits) {
  return open_sqlite_job_store(path, limits, {});
}

Result<std::unique_ptr<JobStore>> open_sqlite_job_store(const std::filesystem::path& path, JobLimits limits,
                                                        SqliteJobOptions options) {
  const DatabaseKind kind = job_database(options);
  const std::filesystem::path file = real_path(path);
  const std::string name = file.string();
  if (std::error_code error; file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  auto lock = lock_for_this_process(name + ".lock");
  if (!lock) return tl::unexpected(lock.error());
  auto database = open_database(file, kind);
  if (!database) return tl::unexpected(database.error());
  auto prepared = guard_sqlite(name, kind, [&]() -> Result<void> {
    if (options.max_pages > 0) (*database)->exec(fmt::format("PRAGMA max_page_count = {}", options.max_pages));
    return check_whole(**database, name, kind);
  });
  if (!prepared) return tl::unexpected(prepared.error());
  return std::make_unique<SqliteJobStore>(name, kind, limits, std::move(*lock), std::move(*database));
}

SQLite::Statement& SqliteJobStore::statement(const char* sql) {
  std::unique_ptr<SQLite::Statement>& prepared = statements_[sql];
  if (!prepared) prepared = std::make_unique<SQLite::Statement>(database_, sql);
  return *prepared;
}

tl::unexpected<Error> lost_claim(const JobClaim& claim) {
  return fail(ErrorCode::kCancelled, fmt::format("the claim {} on job {} is not held any more: it ended, was put back "
                                                 "or belongs to another worker now",
                                                 claim.fence, claim.job));
}

TimePoint later(TimePoint t, Nanoseconds by) {
  if (by.count() > 0 && t > TimePoint::max() - by) return TimePoint::max();
  if (by.count() < 0 && t < TimePoint::min() - by) return TimePoint::min();
  return t + by;
}

std::string_view job_lane_name(JobLane lane) { return lane == JobLane::kAnalysis ? "analysis" : "quick"; }

std::string_view job_state_name(JobState state) {
  switch (state) {
    case JobState::kRunning:
      return "running";
    case JobState::kDone:
      return "done";
    case JobState::kFailed:
      return "failed";
    default:
      return "queued";
  }
}

}  // namespace fa
