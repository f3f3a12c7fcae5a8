#include "chatops/errands.h"

namespace fa::chatops {

Errands::Errands(std::size_t threads, std::size_t most_waiting, Nanoseconds deadline)
    : most_waiting_(most_waiting), deadline_(deadline) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(stop_.get_token()); });
}

Errands::~Errands() {
  stop_.request_stop();
  threads_.clear();
}

bool Errands::run(std::function<void(const Context&)> errand) {
  const std::scoped_lock lock(mutex_);
  if (waiting_.size() >= most_waiting_ || stop_.stop_requested()) return false;
  waiting_.push_back({Context{stop_.get_token(), std::nullopt}.within(deadline_), std::move(errand)});
  changed_.notify_all();
  return true;
}

void Errands::finish_all() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.empty() && running_ == 0; });
}

void Errands::serve(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); })) {
    if (stop.stop_requested()) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    ++running_;
    lock.unlock();
    if (!next.context.stopped()) next.work(next.context);
    lock.lock();
    --running_;
    changed_.notify_all();
  }
}

}  // namespace fa::chatops
