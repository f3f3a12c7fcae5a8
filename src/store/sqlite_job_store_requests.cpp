// What was asked for, and how far it is.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "store/sqlite_job_store.h"

namespace fa {
namespace {

JobState state_of(std::int64_t row) {
  switch (static_cast<JobRow>(row)) {
    case JobRow::kRunning:
      return JobState::kRunning;
    case JobRow::kDone:
      return JobState::kDone;
    case JobRow::kFailed:
      return JobState::kFailed;
    default:
      return JobState::kQueued;
  }
}

Job read_job(const Query& row) {
  Job job;
  job.id = row.text(0);
  job.kind = row.text(1);
  job.lane = row.number(2) == 0 ? JobLane::kQuick : JobLane::kAnalysis;
  job.group = row.text(3);
  job.thread = row.text(4);
  job.after = row.text(5);
  job.payload = row.text(6);
  job.state = state_of(row.number(7));
  job.attempts = static_cast<int>(row.number(8));
  job.fence = row.number(9);
  job.stage = row.text(10);
  job.stage_data = row.text(11);
  job.error = row.text(12);
  job.created = row.time(13);
  job.finished = row.time(14);
  return job;
}

AlarmThread read_alarm_thread(const Query& row, const std::string& job) {
  AlarmThread thread;
  thread.first_job = row.text(1);
  thread.is_new = thread.first_job == job;
  thread.notices = row.count(2);
  thread.first = row.time(3);
  thread.last = row.time(4);
  return thread;
}

tl::unexpected<Error> unknown_job(const std::string& path, const std::string& id) {
  return fail(ErrorCode::kNotFound, fmt::format("{} holds no job {}", path, id));
}

tl::unexpected<Error> lane_is_full(JobLane lane, std::size_t limit) {
  return fail(ErrorCode::kLimit, fmt::format("{} jobs of the lane {} wait already, which is the most that may; nothing "
                                             "was stored, ask again later",
                                             limit, job_lane_name(lane)));
}

}  // namespace

bool SqliteJobStore::add_job(const NewJob& job, TimePoint now) {
  const auto wait_for = [&] {
    Query unended(statement("SELECT 1 FROM jobs WHERE id = ?1 AND state < 4"));
    return !job.after.empty() && unended.with(job.after).step();
  };
  return Query(
             statement("INSERT INTO jobs (id, kind, lane, fair_group, thread, after_job, payload, state, until, owner, "
                       "attempts, fence, stage, stage_data, error, created, finished) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, '', 0, 0, '', '', '', ?9, ?10) "
                       "ON CONFLICT (id) DO NOTHING"))
             .with(job.id, job.kind, job.lane, job.group, job.thread, job.after, job.payload,
                   wait_for() ? JobRow::kBlocked : JobRow::kReady, now, kNoTime)
             .run() > 0;
}

std::uint64_t SqliteJobStore::queued(JobLane lane) {
  Query row(statement("SELECT sum(jobs) FROM job_counts WHERE lane = ?1 AND state < 3"));
  return row.with(lane).step() ? row.count(0) : 0;
}

Result<Accepted> SqliteJobStore::accept(const std::vector<std::string>& keys, const std::vector<NewJob>& jobs,
                                        TimePoint now) {
  return calls_.write([&]() -> Result<Accepted> {
    for (const std::string& key : keys) {
      if (Query(statement("SELECT 1 FROM requests WHERE key = ?1")).with(key).step()) return Accepted{false};
    }
    for (const std::string& key : keys) {
      Query(statement("INSERT INTO requests (key, time) VALUES (?1, ?2) ON CONFLICT DO NOTHING")).with(key, now).run();
    }
    std::array<std::uint64_t, 2> added{};
    for (const NewJob& job : jobs) added.at(job.lane == JobLane::kQuick ? 0 : 1) += add_job(job, now) ? 1U : 0U;
    if (added[0] > 0 && queued(JobLane::kQuick) > limits_.queued_quick) {
      return lane_is_full(JobLane::kQuick, limits_.queued_quick);
    }
    if (added[1] > 0 && queued(JobLane::kAnalysis) > limits_.queued_analyses) {
      return lane_is_full(JobLane::kAnalysis, limits_.queued_analyses);
    }
    return Accepted{true};
  });
}

Result<AlarmThread> SqliteJobStore::join_alarm(const std::string& key, const std::string& job, Nanoseconds window,
                                               TimePoint now) {
  return calls_.write([&]() -> Result<AlarmThread> {
    Query seen(
        statement("SELECT t.number, t.first_job, t.notices, t.first, t.last FROM alarm_notices n "
                  "JOIN alarm_threads t ON t.number = n.thread WHERE n.job = ?1"));
    if (seen.with(job).step()) return read_alarm_thread(seen, job);

    // Within the window in either direction: notices may come out of order, and clocks are set back.
    Query last(
        statement("SELECT number, first_job, notices, first, last FROM alarm_threads WHERE key = ?1 "
                  "ORDER BY number DESC LIMIT 1"));
    const bool joins =
        last.with(key).step() && last.time(4) >= later(now, -window) && last.time(4) <= later(now, window);
    AlarmThread thread{true, job, 1, now, now};
    std::int64_t number = 0;
    if (joins) {
      number = last.number(0);
      thread = read_alarm_thread(last, job);
      thread.notices += 1;
      thread.last = std::max(thread.last, now);
      Query(statement("UPDATE alarm_threads SET notices = ?2, last = ?3 WHERE number = ?1"))
          .with(number, static_cast<std::int64_t>(thread.notices), thread.last)
          .run();
    } else {
      Query(statement("INSERT INTO alarm_threads (key, first_job, notices, first, last) VALUES (?1, ?2, 1, ?3, ?3)"))
          .with(key, job, now)
          .run();
      number = database_.getLastInsertRowid();
    }
    Query(statement("INSERT INTO alarm_notices (job, thread) VALUES (?1, ?2)")).with(job, number).run();
    return thread;
  });
}

Job SqliteJobStore::job_at(std::int64_t number) {
  Query row(
      statement("SELECT id, kind, lane, fair_group, thread, after_job, payload, state, attempts, fence, stage, "
                "stage_data, error, created, finished FROM jobs WHERE number = ?1"));
  row.with(number).step();
  return read_job(row);
}

Result<Job> SqliteJobStore::job(const std::string& id) {
  return calls_.read([&]() -> Result<Job> {
    Query row(statement("SELECT number FROM jobs WHERE id = ?1"));
    if (!row.with(id).step()) return unknown_job(path_, id);
    return job_at(row.number(0));
  });
}

Result<std::optional<Job>> SqliteJobStore::latest_in_thread(const std::string& thread, const std::string& kind) {
  return calls_.read([&]() -> Result<std::optional<Job>> {
    Query row(statement("SELECT max(number) FROM jobs WHERE thread = ?1 AND thread <> '' AND kind = ?2"));
    if (!row.with(thread, kind).step() || row.null(0)) return std::nullopt;
    return job_at(row.number(0));
  });
}

Result<std::size_t> SqliteJobStore::ahead_of(const std::string& id) {
  return calls_.read([&]() -> Result<std::size_t> {
    Query job(statement("SELECT state, lane, fair_group, number FROM jobs WHERE id = ?1"));
    if (!job.with(id).step()) return unknown_job(path_, id);
    if (job.number(0) >= static_cast<int>(JobRow::kRunning)) return std::size_t{0};
    // Groups take turns in the order of `served`: of one that is before ours one job more than we wait for in our own.
    Query ahead(
        statement("WITH own AS (SELECT count(*) AS before FROM jobs WHERE lane = ?1 AND fair_group = ?2 AND state = 0 "
                  "AND number < ?3), us AS (SELECT served FROM job_groups WHERE lane = ?1 AND name = ?2) "
                  "SELECT own.before + (SELECT jobs FROM job_counts WHERE lane = ?1 AND state = 3) + "
                  "coalesce((SELECT sum(min(g.ready, own.before + (g.served < us.served))) FROM job_groups g "
                  "WHERE g.lane = ?1 AND g.ready > 0 AND g.name <> ?2), 0) FROM own, us"));
    ahead.with(job.number(1), job.text(2), job.number(3));
    return ahead.step() ? static_cast<std::size_t>(ahead.count(0)) : std::size_t{0};
  });
}

Result<JobCounts> SqliteJobStore::counts(JobLane lane) {
  return calls_.read([&]() -> Result<JobCounts> {
    JobCounts counts;
    Query row(statement("SELECT state, jobs FROM job_counts WHERE lane = ?1"));
    row.with(lane);
    while (row.step()) {
      const JobState state = state_of(row.number(0));
      std::uint64_t& count = state == JobState::kQueued    ? counts.queued
                             : state == JobState::kRunning ? counts.running
                             : state == JobState::kDone    ? counts.done
                                                           : counts.failed;
      count += row.count(1);
    }
    Query oldest(statement("SELECT min(created) FROM jobs WHERE lane = ?1 AND state < 3"));
    if (oldest.with(lane).step() && !oldest.null(0)) counts.oldest_queued = oldest.time(0);
    return counts;
  });
}

}  // namespace fa
