#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "server/web_server.h"

namespace fa::server {

class Connection;

/// A request that waits for its answer, and where that goes.
struct Job {
  std::shared_ptr<Connection> connection;
  ServerRequest request;
};

/// Threads that run one function on jobs, first come, first served. Thread-safe.
class WorkerPool {
 public:
  /// `run` must not throw. Throws std::system_error when the system gives no threads.
  WorkerPool(std::size_t threads, std::size_t max_waiting, std::function<void(Job&&)> run);
  /// Waits for the jobs that run; those that wait are dropped.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False: as many as may wait do so already; the job is left as it was.
  bool submit(Job&& job);

 private:
  void work();
  void stop();
  const std::size_t max_waiting_;
  const std::function<void(Job&&)> run_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;  // guarded by mutex_, as all below
  std::size_t free_ = 0;     ///< Threads that wait for a job.
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/// Signals are for the threads of the program; and writing to a lost connection must not end it.
void block_signals_in_this_thread();

}  // namespace fa::server
