#include "chatops/workers.h"

#include <algorithm>

namespace fa::chatops {

Workers::Workers(WorkersOptions options, JobStore& jobs, Work& work, const Clock& clock, Sleeper& sleeper,
                 Random& random, server::Log& log, server::Metrics& metrics)
    : options_(std::move(options)),
      jobs_(jobs),
      work_(work),
      clock_(clock),
      sleeper_(sleeper),
      random_(random),
      log_(log),
      metrics_(metrics),
      idle_since_(options_.quick_threads + options_.analysis_threads) {
  for (std::size_t i = 0; i < idle_since_.size(); ++i) {
    const JobLane lane = i < options_.quick_threads ? JobLane::kQuick : JobLane::kAnalysis;
    threads_.emplace_back([this, i, lane] { serve(i, lane, taking_.get_token()); });
  }
  leases_ = std::jthread([this](const std::stop_token& stop) { keep_leases(stop); });
}

Workers::~Workers() { drain(Nanoseconds{0}); }

void Workers::wake() {
  const std::scoped_lock lock(mutex_);
  ++wakes_;
  changed_.notify_all();
}

std::size_t Workers::running() const {
  const std::scoped_lock lock(mutex_);
  return running_.size();
}

bool Workers::wait_until_idle(const Context& context) {
  constexpr auto kLookAgain = std::chrono::milliseconds(100);  // For the context's deadline.
  const auto idle = [&] {
    return running_.empty() &&
           std::all_of(idle_since_.begin(), idle_since_.end(), [&](const auto& since) { return since == wakes_; });
  };
  std::unique_lock lock(mutex_);
  while (!idle() && !context.stopped()) changed_.wait_for(lock, kLookAgain, idle);
  return idle();
}

void Workers::drain(Nanoseconds patience) {
  taking_.request_stop();
  {
    std::unique_lock lock(mutex_);
    changed_.notify_all();
    changed_.wait_for(lock, patience, [&] { return running_.empty(); });
    for (auto& [id, running] : running_) running.stop.request_stop();
  }
  all_.request_stop();
  threads_.clear();
  leases_.request_stop();
  changed_.notify_all();
  if (leases_.joinable()) leases_.join();
}

void Workers::serve(std::size_t thread, JobLane lane, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::uint64_t seen = 0;
    {
      const std::scoped_lock lock(mutex_);
      seen = wakes_;
      idle_since_[thread].reset();
    }
    const auto job = jobs_.claim(lane, options_.owner, options_.lease, clock_.now());
    if (!job) log_.error("claim_failed", {{"error", job.error().message}});
    if (job && *job) {
      do_job(**job);
      continue;
    }
    std::unique_lock lock(mutex_);
    if (job) {  // What cannot be asked for may be there.
      idle_since_[thread] = seen;
      changed_.notify_all();
    }
    changed_.wait_for(lock, stop, options_.poll, [&] { return wakes_ != seen; });
  }
}

void Workers::do_job(const Job& job) {
  const auto started = clock_.now();
  std::stop_source stop;
  {
    const std::scoped_lock lock(mutex_);
    running_[job.id] = {{job.id, job.fence}, stop};
    // A drain that has lost its patience already does not see this job any more.
    if (all_.stop_requested()) stop.request_stop();
  }
  log_.info("job_started", {{"job", job.id}, {"kind", job.kind}, {"attempt", std::int64_t{job.attempts}}});
  const bool too_often = job.attempts > most_attempts(job);
  const JobEnd end = too_often ? work_.interrupted(job) : work_.run(job, Context{stop.get_token(), std::nullopt});
  settle(job, end);
  const double seconds = std::chrono::duration<double>(clock_.now() - started).count();
  metrics_.observe("fa2_job_seconds", seconds, {{"kind", job.kind}});
  const std::scoped_lock lock(mutex_);
  running_.erase(job.id);
  ++wakes_;  // What it made may be claimed now.
  changed_.notify_all();
}

int Workers::most_attempts(const Job& job) const {
  // In the quick lane, or with its result behind it, only Slack is waited for.
  if (job.lane == JobLane::kQuick) return options_.max_delivery_attempts;
  return job.stage == kReportedStage ? attempts_with_delivery() : options_.max_attempts;
}

int Workers::attempts_with_delivery() const {
  // A job counts all of its attempts: those it took to get the result are none of its delivery.
  return options_.max_attempts + options_.max_delivery_attempts;
}

bool Workers::worth_another(const Job& job, const JobEnd& end) const {
  if (end.kind != JobEnd::Kind::kAgain) return false;
  // What we interrupt ourselves is put back, however often.
  if (taking_.stop_requested()) return true;
  return job.attempts < (end.delivering ? attempts_with_delivery() : most_attempts(job));
}

Nanoseconds Workers::pause_after(int attempts) {
  const int doublings = std::min(attempts - 1, 20);
  const Nanoseconds longest = std::min(options_.longest_pause, options_.first_pause * (std::int64_t{1} << doublings));
  return std::chrono::duration_cast<Nanoseconds>(longest * random_.uniform());
}

Result<void> Workers::write_end(const Job& job, const JobEnd& end) {
  const JobClaim claim{job.id, job.fence};
  if (end.kind == JobEnd::Kind::kDone) return jobs_.finish(claim, end.next, clock_.now());
  if (worth_another(job, end)) return jobs_.put_back(claim, end.error, clock_.now() + pause_after(job.attempts));
  return jobs_.give_up(claim, end.error, end.next, clock_.now());
}

void Workers::settle(const Job& job, const JobEnd& end) {
  const char* outcome = end.kind == JobEnd::Kind::kDone ? "done" : worth_another(job, end) ? "again" : "failed";
  metrics_.add("fa2_jobs_ended_total", 1, {{"kind", job.kind}, {"outcome", outcome}});
  if (end.kind == JobEnd::Kind::kDone) {
    log_.info("job_done", {{"job", job.id}, {"kind", job.kind}});
  } else {
    log_.warning("job_not_done", {{"job", job.id},
                                  {"kind", job.kind},
                                  {"outcome", std::string(outcome)},
                                  {"attempt", std::int64_t{job.attempts}},
                                  {"error", end.error}});
  }
  // Where it cannot be written down (a full disk) we stay its owner and try on, for nobody else would.
  const Context until_drained{all_.get_token(), std::nullopt};
  Nanoseconds pause = std::chrono::milliseconds(200);
  while (true) {
    const auto written = write_end(job, end);
    if (written || written.error().code == ErrorCode::kCancelled || written.error().code == ErrorCode::kNotFound)
      return;
    log_.error("job_end_not_written", {{"job", job.id}, {"error", written.error().message}});
    if (!sleeper_.sleep(pause, until_drained)) return;
    pause = std::min<Nanoseconds>(pause * 2, std::chrono::seconds(30));
  }
}

void Workers::keep_leases(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    changed_.wait_for(lock, stop, options_.lease / 3, [] { return false; });
    if (stop.stop_requested()) return;
    std::vector<JobClaim> claims;
    for (const auto& [id, running] : running_) claims.push_back(running.claim);
    lock.unlock();
    std::vector<std::string> lost;
    for (const JobClaim& claim : claims) {
      const auto kept = jobs_.extend(claim, options_.lease, clock_.now());
      if (!kept && kept.error().code == ErrorCode::kCancelled) lost.push_back(claim.job);
    }
    lock.lock();
    for (const std::string& id : lost) {
      if (const auto it = running_.find(id); it != running_.end()) it->second.stop.request_stop();
    }
  }
}

}  // namespace fa::chatops
