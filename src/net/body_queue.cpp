#include "net/body_queue.h"

namespace fa {
namespace {

/// Waking a thread costs about as much as copying some ten thousand bytes.
constexpr std::size_t kWorthWaking = std::size_t{128} << 10;

}  // namespace

void BodyQueue::open() {
  {
    const std::lock_guard lock(mutex_);
    opened_ = true;
  }
  changed_.notify_one();
}

bool BodyQueue::offer(std::string_view bytes) {
  bool taken = true;
  {
    const std::lock_guard lock(mutex_);
    // A single piece above the limit still passes, alone.
    if (!bytes_.empty() && bytes_.size() + bytes.size() > kLimit) {
      refused_ = true;
      taken = false;
    } else {
      bytes_.append(bytes);
      unannounced_ = true;
      if (bytes_.size() < kWorthWaking) return true;
      unannounced_ = false;
    }
  }
  changed_.notify_one();
  return taken;
}

void BodyQueue::flush() {
  {
    const std::lock_guard lock(mutex_);
    if (!unannounced_) return;
    unannounced_ = false;
  }
  changed_.notify_one();
}

void BodyQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
}

BodyQueue::Taken BodyQueue::take(std::string& bytes) {
  bytes.clear();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !bytes_.empty() || closed_ || (opened_ && !told_opened_); });
  bytes.swap(bytes_);
  told_opened_ = opened_;
  const Taken taken{opened_, refused_, closed_};
  refused_ = false;
  return taken;
}

}  // namespace fa
