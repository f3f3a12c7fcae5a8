// make_caching: credentials kept until shortly before they expire.
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "aws/credential_chain.h"

namespace fa::aws {
namespace {

constexpr std::chrono::minutes kRefreshBefore(5);
/// After a failed refresh, and for credentials that arrive as good as expired.
constexpr std::chrono::seconds kPause(10);

bool same(const Credentials& a, const Credentials& b) {
  return a.access_key_id == b.access_key_id && a.secret_access_key.reveal() == b.secret_access_key.reveal() &&
         a.session_token.reveal() == b.session_token.reveal();
}

class CachingProvider final : public CredentialsProvider {
 public:
  CachingProvider(std::unique_ptr<CredentialsProvider> inner, const Clock& clock)
      : inner_(std::move(inner)), clock_(clock) {}

  Result<Credentials> get(const Context& context) override {
    std::unique_lock lock(mutex_);
    for (;;) {
      const TimePoint now = clock_.now();
      const bool usable = kept_ && (!usable_until_ || now < *usable_until_);
      if (usable && (!refresh_at_ || now < *refresh_at_ || refreshing_)) return *kept_;
      if (!refreshing_) return refresh(lock, context);
      if (auto ended = wait(lock, context)) return std::move(*ended);
    }
  }

  void invalidate(const Credentials& refused) override {
    {
      const std::lock_guard lock(mutex_);
      // Others may have found that out before, and the kept ones be new.
      if (kept_ && same(*kept_, refused)) kept_.reset();
    }
    inner_->invalidate(refused);
  }

 private:
  /// Waits for the thread that refreshes. Its error, when it failed for everybody; ours, when our time is up; nullopt
  /// to look again.
  std::optional<Result<Credentials>> wait(std::unique_lock<std::mutex>& lock, const Context& context) {
    const std::uint64_t round = round_;
    const auto ended = [&] { return round_ != round; };
    const bool ok = context.deadline ? changed_.wait_until(lock, context.stop, *context.deadline, ended)
                                     : changed_.wait(lock, context.stop, ended);
    if (!ok) {
      return Result<Credentials>(
          fail(ErrorCode::kCancelled, "stopped while waiting for AWS credentials of another thread"));
    }
    // A thread whose own time was up says nothing about ours: then the next one asks.
    if (failure_ && failure_->code != ErrorCode::kCancelled) return Result<Credentials>(tl::unexpected(*failure_));
    return std::nullopt;
  }

  /// Asks `inner` without holding the lock.
  Result<Credentials> refresh(std::unique_lock<std::mutex>& lock, const Context& context) {
    /// Ends the round whatever happens, an exception (no memory) included: others wait for it.
    struct Round {
      CachingProvider& provider;
      std::unique_lock<std::mutex>& lock;
      ~Round() {
        if (!lock.owns_lock()) lock.lock();
        provider.refreshing_ = false;
        ++provider.round_;
        provider.changed_.notify_all();
      }
    };
    refreshing_ = true;
    failure_.reset();
    const Round round{*this, lock};
    lock.unlock();
    auto fresh = inner_->get(context);
    lock.lock();

    const TimePoint now = clock_.now();
    if (fresh) {
      keep(*fresh, now);
      return fresh;
    }
    const bool cancelled = fresh.error().code == ErrorCode::kCancelled;
    if (kept_ && (!usable_until_ || now < *usable_until_)) {
      if (!cancelled) refresh_at_ = now + kPause;
      return *kept_;
    }
    failure_ = fresh.error();
    return fresh;
  }

  void keep(const Credentials& fresh, TimePoint now) {
    kept_ = fresh;
    refresh_at_.reset();
    usable_until_ = fresh.expiry;
    if (!fresh.expiry) return;
    const TimePoint soon = now + kPause;
    // Sums of sane times only: an expiry may stand anywhere.
    refresh_at_ = *fresh.expiry > soon + kRefreshBefore ? *fresh.expiry - kRefreshBefore : soon;
    if (*fresh.expiry < soon) usable_until_ = soon;
  }

  const std::unique_ptr<CredentialsProvider> inner_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Credentials> kept_;
  std::optional<TimePoint> refresh_at_;
  std::optional<TimePoint> usable_until_;
  bool refreshing_ = false;
  std::uint64_t round_ = 0;
  std::optional<Error> failure_;  ///< Of the last round.
};

}  // namespace

std::unique_ptr<CredentialsProvider> make_caching(std::unique_ptr<CredentialsProvider> inner, const Clock& clock) {
  return std::make_unique<CachingProvider>(std::move(inner), clock);
}

}  // namespace fa::aws
