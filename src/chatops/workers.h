#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/wait.h"
#include "chatops/work.h"
#include "server/log.h"
#include "server/metrics.h"
#include "store/job_store.h"

namespace fa::chatops {

struct WorkersOptions {
  std::string owner;  ///< Different for each process.
  std::size_t quick_threads = 2;
  std::size_t analysis_threads = 2;
  int max_attempts = 3;            ///< Of an analysis or answer that fails or is interrupted before it has a result.
  int max_delivery_attempts = 30;  ///< Of all that only waits for Slack: two hours with the pauses below.
  Nanoseconds lease = std::chrono::minutes(2);
  Nanoseconds poll = std::chrono::seconds(1);         ///< How often to look without being woken.
  Nanoseconds first_pause = std::chrono::seconds(2);  ///< Before a second attempt; doubles, with full jitter.
  Nanoseconds longest_pause = std::chrono::minutes(5);
};

/// Takes jobs and does them, until it is drained. Borrows everything; thread-safe.
class Workers {
 public:
  Workers(WorkersOptions options, JobStore& jobs, Work& work, const Clock& clock, Sleeper& sleeper, Random& random,
          server::Log& log, server::Metrics& metrics);
  /// As drain() without patience.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// There is something new to do.
  void wake();
  /// Takes no more jobs; lets those that run finish for as long as `patience`, then stops them: they are put back and
  /// done again by whoever comes next.
  void drain(Nanoseconds patience);
  [[nodiscard]] std::size_t running() const;
  /// Blocks until there is nothing that may run now (what waits for its time does not count) or the context is stopped.
  /// True: there is nothing.
  bool wait_until_idle(const Context& context);

 private:
  struct Running {
    JobClaim claim;
    std::stop_source stop;
  };
  void serve(std::size_t thread, JobLane lane, const std::stop_token& stop);
  void keep_leases(const std::stop_token& stop);
  void do_job(const Job& job);
  void settle(const Job& job, const JobEnd& end);
  [[nodiscard]] int most_attempts(const Job& job) const;
  [[nodiscard]] int attempts_with_delivery() const;
  [[nodiscard]] bool worth_another(const Job& job, const JobEnd& end) const;
  [[nodiscard]] Nanoseconds pause_after(int attempts);
  Result<void> write_end(const Job& job, const JobEnd& end);

  WorkersOptions options_;
  JobStore& jobs_;
  Work& work_;
  const Clock& clock_;
  Sleeper& sleeper_;
  Random& random_;
  server::Log& log_;
  server::Metrics& metrics_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t wakes_ = 0;
  /// By thread: how often it had been woken when it last found nothing to do; nullopt before.
  std::vector<std::optional<std::uint64_t>> idle_since_;
  std::map<std::string, Running> running_;
  std::stop_source taking_;  ///< Stopped: no more jobs.
  std::stop_source all_;     ///< Stopped: also what runs.
  std::vector<std::jthread> threads_;
  std::jthread leases_;
};

}  // namespace fa::chatops
