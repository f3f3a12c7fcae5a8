#include "app/secret_keeper.h"

namespace fa {
namespace {

constexpr Nanoseconds kOldStaysValid = std::chrono::minutes(10);
constexpr Nanoseconds kLeastPause = std::chrono::seconds(5);

}  // namespace

SecretKeeper::SecretKeeper(Read read, OnFailure on_failure, const Clock& clock, Nanoseconds every)
    : read_(std::move(read)), on_failure_(std::move(on_failure)), clock_(clock), every_(every) {
  thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

Result<void> SecretKeeper::add(const std::string& setting, const std::string& reference) {
  auto secret = read_(reference, setting);
  if (!secret) return tl::unexpected(secret.error());
  const std::scoped_lock lock(mutex_);
  secrets_[setting] = {reference, std::move(*secret), Secret(), kNoTime};
  return {};
}

Secret SecretKeeper::current(const std::string& setting) const {
  const std::scoped_lock lock(mutex_);
  const auto it = secrets_.find(setting);
  return it == secrets_.end() ? Secret() : it->second.current;
}

std::vector<Secret> SecretKeeper::valid(const std::string& setting) const {
  const TimePoint now = clock_.now();
  const std::scoped_lock lock(mutex_);
  std::vector<Secret> all;
  const auto it = secrets_.find(setting);
  if (it == secrets_.end()) return all;
  if (!it->second.current.empty()) all.push_back(it->second.current);
  if (!it->second.previous.empty() && now - it->second.replaced < kOldStaysValid) all.push_back(it->second.previous);
  return all;
}

void SecretKeeper::look_again() {
  const std::scoped_lock lock(mutex_);
  look_ = true;
  changed_.notify_all();
}

void SecretKeeper::read_all() {
  std::map<std::string, std::string> references;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [setting, kept] : secrets_) references[setting] = kept.reference;
  }
  for (const auto& [setting, reference] : references) {
    auto secret = read_(reference, setting);
    if (!secret) {
      on_failure_(setting, secret.error());
      continue;
    }
    const std::scoped_lock lock(mutex_);
    Kept& kept = secrets_[setting];
    if (secret->reveal() == kept.current.reveal()) continue;
    kept.previous = std::move(kept.current);
    kept.current = std::move(*secret);
    kept.replaced = clock_.now();
  }
}

void SecretKeeper::serve(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    changed_.wait_for(lock, stop, every_, [&] { return look_; });
    if (stop.stop_requested()) return;
    look_ = false;
    lock.unlock();
    read_all();
    lock.lock();
    // Whoever sends wrong signatures must not make us read all the time.
    changed_.wait_for(lock, stop, kLeastPause, [] { return false; });
  }
}

}  // namespace fa
