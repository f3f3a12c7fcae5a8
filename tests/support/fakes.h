#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/wait.h"
#include "net/http.h"

namespace fa::test {

/// A clock that stands still unless told otherwise. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimePoint start) : now_(start) {}
  [[nodiscard]] TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void advance(Nanoseconds by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  TimePoint now_;
};

/// Waits by moving the clock (when it has one); remembers how long. Thread-safe.
class FakeSleeper final : public Sleeper {
 public:
  explicit FakeSleeper(FakeClock* clock = nullptr) : clock_(clock) {}
  bool sleep(Nanoseconds duration, const Context& context) override {
    if (context.stopped()) return false;
    const std::lock_guard lock(mutex_);
    slept_.push_back(duration);
    if (clock_ != nullptr) clock_->advance(duration);
    return slept_.size() < 100'000;  // a loop that never ends by itself ends here, with a failing test
  }
  [[nodiscard]] std::vector<Nanoseconds> slept() const {
    const std::lock_guard lock(mutex_);
    return slept_;
  }

 private:
  mutable std::mutex mutex_;
  FakeClock* clock_;
  std::vector<Nanoseconds> slept_;
};

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(double value = 0.5) : value_(value) {}
  double uniform() override { return value_; }

 private:
  double value_;
};

/// Answers requests by a function and remembers them. Thread-safe if the function is.
class ScriptedHttp final : public HttpClient {
 public:
  using Script = std::function<Result<HttpResponse>(const HttpRequest&)>;
  explicit ScriptedHttp(Script script) : script_(std::move(script)) {}

  Result<HttpResponse> send(const HttpRequest& request, const Context& context, BodySink* sink = nullptr) override {
    if (context.stopped()) return fail(ErrorCode::kCancelled, "stopped");
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    auto response = script_(request);
    if (!response || sink == nullptr || response->status / 100 != 2) return response;
    if (auto ok = sink->restart(); !ok) return tl::unexpected(ok.error());
    if (auto ok = sink->write(response->body); !ok) return tl::unexpected(ok.error());
    response->body.clear();
    return response;
  }
  [[nodiscard]] std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  Script script_;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
};

}  // namespace fa::test
