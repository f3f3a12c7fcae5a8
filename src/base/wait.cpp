#include "base/wait.h"

#include <condition_variable>
#include <mutex>
#include <random>

namespace fa {

bool SystemSleeper::sleep(Nanoseconds duration, const Context& context) {
  if (context.stopped()) return false;
  const auto now = std::chrono::steady_clock::now();
  // A wait beyond the end of time is for ever.
  const auto until = duration > std::chrono::steady_clock::time_point::max() - now
                         ? std::chrono::steady_clock::time_point::max()
                         : now + duration;
  if (context.deadline && until > *context.deadline) return false;
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  // Only a stop request ends the wait early: nobody else knows this condition.
  wake.wait_until(lock, context.stop, until, [] { return false; });
  return !context.stop.stop_requested();
}

double SystemRandom::uniform() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
}

}  // namespace fa
