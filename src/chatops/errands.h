#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/context.h"
#include "base/time.h"

namespace fa::chatops {

/// Short calls that must be made right after a request was answered (a trigger_id dies after three seconds): a few
/// threads and a bounded queue. What is lost with the process was not promised to anybody. Thread-safe.
class Errands {
 public:
  Errands(std::size_t threads, std::size_t most_waiting, Nanoseconds deadline);
  /// Stops what runs, forgets what waits.
  ~Errands();
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  /// False when too many wait. `errand` gets a context whose deadline counts from now.
  bool run(std::function<void(const Context&)> errand);
  /// Blocks until nothing waits or runs.
  void finish_all();

 private:
  struct Waiting {
    Context context;
    std::function<void(const Context&)> work;
  };
  void serve(const std::stop_token& stop);

  std::size_t most_waiting_;
  Nanoseconds deadline_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Waiting> waiting_;
  std::size_t running_ = 0;
  std::stop_source stop_;
  std::vector<std::jthread> threads_;
};

}  // namespace fa::chatops
