// Claiming jobs, and what their holders write.
#include <fmt/core.h>

#include <algorithm>

#include "store/sqlite_job_store.h"

namespace fa {
namespace {

/// A job that may be claimed, with what decides whose turn it is.
struct Candidate {
  std::int64_t served = 0;
  std::int64_t number = 0;
  auto operator<=>(const Candidate&) const = default;
};

/// No lease is longer than the longest pause: one that ends later was made before the clock was set back.
TimePoint end_of_lease(Nanoseconds lease, TimePoint now) {
  return later(now, std::min(lease, JobStore::kLongestPause));
}

Result<void> written_if(bool changed, const JobClaim& claim) {
  if (!changed) return lost_claim(claim);
  return {};
}

}  // namespace

Result<std::optional<Job>> SqliteJobStore::claim(JobLane lane, const std::string& owner, Nanoseconds lease,
                                                 TimePoint now) {
  const TimePoint farthest = later(now, kLongestPause);
  return calls_.write([&]() -> Result<std::optional<Job>> {
    Query(statement("UPDATE jobs SET state = 0 WHERE lane = ?1 AND state = 1 AND (until <= ?2 OR until > ?3)"))
        .with(lane, now, farthest)
        .run();
    std::optional<Candidate> next;
    Query ready(
        statement("SELECT g.served, (SELECT min(j.number) FROM jobs j WHERE j.lane = g.lane AND j.fair_group = g.name "
                  "AND j.state = 0) FROM job_groups g WHERE g.lane = ?1 AND g.ready > 0 ORDER BY g.served LIMIT 1"));
    if (ready.with(lane).step()) next = Candidate{ready.number(0), ready.number(1)};
    Query abandoned(statement(
        "SELECT g.served, j.number FROM jobs j JOIN job_groups g ON g.lane = j.lane AND g.name = j.fair_group "
        "WHERE j.lane = ?1 AND j.state = 3 AND j.owner <> ?2 AND (j.until <= ?3 OR j.until > ?4) "
        "ORDER BY g.served, j.number LIMIT 1"));
    if (abandoned.with(lane, owner, now, farthest).step()) {
      const Candidate candidate{abandoned.number(0), abandoned.number(1)};
      next = next ? std::min(*next, candidate) : candidate;
    }
    if (!next) return std::nullopt;
    take(next->number, lane, owner, end_of_lease(lease, now));
    return job_at(next->number);
  });
}

void SqliteJobStore::take(std::int64_t number, JobLane lane, const std::string& owner, TimePoint until) {
  Query(statement("UPDATE lanes SET claims = claims + 1 WHERE lane = ?1")).with(lane).run();
  Query claims(statement("SELECT claims FROM lanes WHERE lane = ?1"));
  claims.with(lane).step();
  const std::int64_t fence = claims.number(0);
  Query(statement("UPDATE jobs SET state = 3, owner = ?2, until = ?3, attempts = attempts + 1, fence = ?4 "
                  "WHERE number = ?1"))
      .with(number, owner, until, fence)
      .run();
  Query(statement("UPDATE job_groups SET served = ?3 WHERE lane = ?2 "
                  "AND name = (SELECT fair_group FROM jobs WHERE number = ?1)"))
      .with(number, lane, fence)
      .run();
}

bool SqliteJobStore::held(const JobClaim& claim) {
  return Query(statement("SELECT 1 FROM jobs WHERE id = ?1 AND fence = ?2 AND state = 3"))
      .with(claim.job, claim.fence)
      .step();
}

Result<void> SqliteJobStore::extend(const JobClaim& claim, Nanoseconds lease, TimePoint now) {
  return calls_.write([&] {
    Query query(statement("UPDATE jobs SET until = ?3 WHERE id = ?1 AND fence = ?2 AND state = 3"));
    return written_if(query.with(claim.job, claim.fence, end_of_lease(lease, now)).run() > 0, claim);
  });
}

Result<void> SqliteJobStore::save_stage(const JobClaim& claim, const std::string& stage, const std::string& data) {
  return calls_.write([&] {
    Query query(statement("UPDATE jobs SET stage = ?3, stage_data = ?4 WHERE id = ?1 AND fence = ?2 AND state = 3"));
    return written_if(query.with(claim.job, claim.fence, stage, data).run() > 0, claim);
  });
}

Result<void> SqliteJobStore::finish(const JobClaim& claim, const std::vector<NewJob>& next, TimePoint now) {
  return calls_.write([&] { return end_job(claim, JobRow::kDone, "", next, now); });
}

Result<void> SqliteJobStore::put_back(const JobClaim& claim, const std::string& error, TimePoint not_before) {
  return calls_.write([&] {
    Query query(
        statement("UPDATE jobs SET state = 1, owner = '', error = ?3, until = ?4 "
                  "WHERE id = ?1 AND fence = ?2 AND state = 3"));
    return written_if(query.with(claim.job, claim.fence, error, not_before).run() > 0, claim);
  });
}

Result<void> SqliteJobStore::give_up(const JobClaim& claim, const std::string& error, const std::vector<NewJob>& next,
                                     TimePoint now) {
  return calls_.write([&] { return end_job(claim, JobRow::kFailed, error, next, now); });
}

Result<void> SqliteJobStore::end_job(const JobClaim& claim, JobRow state, const std::string& error,
                                     const std::vector<NewJob>& next, TimePoint now) {
  Query end(
      statement("UPDATE jobs SET state = ?3, owner = '', error = CASE ?3 WHEN 5 THEN ?4 ELSE error END, finished = ?5 "
                "WHERE id = ?1 AND fence = ?2 AND state = 3"));
  if (end.with(claim.job, claim.fence, state, error, now).run() == 0) return lost_claim(claim);
  Query(statement("UPDATE jobs SET state = 0 WHERE after_job = ?1 AND state = 2")).with(claim.job).run();
  for (const NewJob& job : next) add_job(job, now);
  return {};
}

Result<std::uint64_t> SqliteJobStore::release_all() {
  return calls_.write([&]() -> Result<std::uint64_t> {
    return static_cast<std::uint64_t>(Query(statement("UPDATE jobs SET state = 0, owner = '' WHERE state = 3")).run());
  });
}

}  // namespace fa
