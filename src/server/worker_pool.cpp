#include "server/worker_pool.h"

#include <pthread.h>

#include <csignal>
#include <utility>

#include "server/connection.h"

namespace fa::server {

void block_signals_in_this_thread() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

WorkerPool::WorkerPool(std::size_t threads, std::size_t max_waiting, std::function<void(Job&&)> run)
    : max_waiting_(max_waiting), run_(std::move(run)) {
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (...) {
    stop();
    throw;
  }
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::submit(Job&& job) {
  {
    const std::lock_guard lock(mutex_);
    // What a free thread is about to take does not wait.
    if (waiting_.size() >= max_waiting_ + free_) return false;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::work() {
  block_signals_in_this_thread();
  std::unique_lock lock(mutex_);
  for (;;) {
    ++free_;
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    --free_;
    if (stopping_) return;
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    run_(std::move(job));
    job = {};  // Not under the lock.
    lock.lock();
  }
}

}  // namespace fa::server
