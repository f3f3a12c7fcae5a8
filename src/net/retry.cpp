#include "net/retry.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "net/http_date.h"

namespace fa {
namespace {

/// min(longest, first * 2^doublings), without overflow.
Nanoseconds upper_end(Nanoseconds first, int doublings, Nanoseconds longest) {
  Nanoseconds end = first;
  for (int i = 0; i < doublings && end < longest; ++i) end = end > longest / 2 ? longest : end * 2;
  return std::min(end, longest);
}

bool ends_before_deadline(Nanoseconds wait, const Context& context) {
  return !context.deadline || wait <= *context.deadline - std::chrono::steady_clock::now();
}

/// A number of units; above a year, a year, which is for ever here.
std::optional<Nanoseconds> read_wait(std::string_view text, Nanoseconds unit) {
  constexpr Nanoseconds kYear = std::chrono::hours(24 * 365);
  text = trim(text);
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count > kYear / unit) return kYear;
  return count * unit;
}

}  // namespace

Retrier::Retrier(Sleeper& sleeper, Random& random, RetrySettings settings)
    : sleeper_(sleeper), random_(random), settings_(settings) {}

RetryCounters Retrier::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

Retrier::Outcome Retrier::run(const std::string& host, const std::function<Outcome(int)>& attempt,
                              const std::function<RetryDecision(const Outcome&)>& decide, const Context& context) {
  using Kind = RetryDecision::Kind;
  int transient_waits = 0;
  int throttled_waits = 0;
  bool was_at_once = false;
  for (int number = 1;; ++number) {
    Outcome outcome = attempt(number);
    const RetryDecision decision = decide(outcome);
    {
      const std::lock_guard lock(mutex_);
      ++counters_.attempts;
      if (decision.kind == Kind::kThrottled) ++counters_.throttled;
      // Any answer that needs no repetition, an error of the caller's included, shows that the host is well.
      if (decision.kind == Kind::kDone && number == 1 && outcome) {
        double& tokens = tokens_.try_emplace(host, settings_.budget).first->second;
        tokens = std::min(settings_.budget, tokens + settings_.success_refill);
      }
    }
    if (decision.kind == Kind::kDone || number >= settings_.max_attempts || context.stopped()) return outcome;

    if (decision.kind == Kind::kAtOnce) {
      // Mended twice and still refused: mending does not help. No token, since it is the request that was wrong.
      if (was_at_once) return outcome;
      was_at_once = true;
      const std::lock_guard lock(mutex_);
      ++counters_.retries;
      continue;
    }
    was_at_once = false;

    const bool throttled = decision.kind == Kind::kThrottled;
    const Nanoseconds end = throttled
                                ? upper_end(settings_.first_throttled_wait, throttled_waits++, settings_.longest_wait)
                                : upper_end(settings_.first_wait, transient_waits++, settings_.longest_wait);
    auto wait = Nanoseconds(static_cast<std::int64_t>(random_.uniform() * static_cast<double>(end.count())));
    if (decision.retry_after) wait = std::max(wait, std::min(*decision.retry_after, settings_.longest_wait));
    if (!ends_before_deadline(wait, context)) return outcome;
    {
      const std::lock_guard lock(mutex_);
      double& tokens = tokens_.try_emplace(host, settings_.budget).first->second;
      if (tokens < settings_.retry_cost) {
        ++counters_.given_up;
        return outcome;
      }
      tokens -= settings_.retry_cost;
      ++counters_.retries;
    }
    if (!sleeper_.sleep(wait, context)) return outcome;
  }
}

std::optional<Nanoseconds> retry_after_of(const HttpHeaders& headers, TimePoint now) {
  // The finer one wins where a service sends both.
  if (const auto amz = find_header(headers, "x-amz-retry-after")) {
    if (const auto wait = read_wait(*amz, std::chrono::milliseconds(1))) return wait;
  }
  const auto value = find_header(headers, "Retry-After");
  if (!value) return std::nullopt;
  if (const auto wait = read_wait(*value, std::chrono::seconds(1))) return wait;
  const auto until = parse_http_date(*value);
  if (!until) return std::nullopt;
  return *until > now ? *until - now : Nanoseconds(0);
}

}  // namespace fa
