#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/wait.h"
#include "net/http.h"

namespace fa {

/// What to do about the outcome of one attempt.
struct RetryDecision {
  enum class Kind {
    kDone,       ///< The answer, or an error that asking again cannot mend.
    kAtOnce,     ///< Ask again now, once: the request was mended (clock skew, renewed credentials).
    kTransient,  ///< Server error or lost connection: back off.
    kThrottled,  ///< Asked too fast: back off for longer.
  };
  Kind kind = Kind::kDone;
  /// What the server asked for: the wait is no shorter, but capped by RetrySettings::longest_wait.
  std::optional<Nanoseconds> retry_after;
};

struct RetrySettings {
  int max_attempts = 5;
  Nanoseconds first_wait = std::chrono::milliseconds(100);  ///< Upper end of the first wait; doubles.
  Nanoseconds first_throttled_wait = std::chrono::milliseconds(500);
  Nanoseconds longest_wait = std::chrono::seconds(20);
  double budget = 500;        ///< Tokens a host has at first and at most.
  double retry_cost = 5;      ///< Tokens one retry takes; none left: no retry.
  double success_refill = 1;  ///< Tokens an attempt that needed no retry brings back.
};

struct RetryCounters {
  std::uint64_t attempts = 0;
  std::uint64_t retries = 0;
  std::uint64_t throttled = 0;
  std::uint64_t given_up = 0;  ///< Retries refused by the budget.
};

/// Repeats attempts with exponential backoff and full jitter (uniform in [0, min(longest, first * 2^n)], after
/// "Exponential Backoff and Jitter", AWS Architecture Blog, 2015) and a token bucket per host, so that a host that is
/// down is not asked again by everybody. Thread-safe; shared by all calls.
class Retrier {
 public:
  using Outcome = Result<HttpResponse>;

  Retrier(Sleeper& sleeper, Random& random, RetrySettings settings = {});

  /// Calls `attempt` (given its number from 1) until `decide` says kDone, attempts or the host's budget are used up, or
  /// the context stops; returns the last outcome. A wait that cannot end before the deadline is not begun. kAtOnce
  /// twice in a row is the end; it costs no token, for it was the request that was wrong and not the host.
  Outcome run(const std::string& host, const std::function<Outcome(int)>& attempt,
              const std::function<RetryDecision(const Outcome&)>& decide, const Context& context);

  [[nodiscard]] RetryCounters counters() const;

 private:
  Sleeper& sleeper_;
  Random& random_;
  RetrySettings settings_;
  mutable std::mutex mutex_;
  std::map<std::string, double> tokens_;
  RetryCounters counters_;
};

/// Seconds or an HTTP date (RFC 9110, 10.2.3) of a Retry-After header, or milliseconds of x-amz-retry-after.
std::optional<Nanoseconds> retry_after_of(const HttpHeaders& headers, TimePoint now);

}  // namespace fa
