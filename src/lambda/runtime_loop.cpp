#include "lambda/runtime_loop.h"

#include <algorithm>
#include <exception>

namespace fa::lambda {
namespace {

/// Kept back from what Lambda allows, to tell of a deadline that passed.
constexpr Nanoseconds kTimeToAnswer = std::chrono::milliseconds(200);
/// Where Lambda tells no deadline: the longest there is.
constexpr Nanoseconds kLongestRun = std::chrono::minutes(15);
constexpr int kMostFailures = 3;

Context context_of(const Invocation& invocation, const Clock& clock, const Context& context) {
  if (invocation.deadline == kNoTime) return context.within(kLongestRun);
  const Nanoseconds left = invocation.deadline - clock.now() - kTimeToAnswer;
  return context.within(std::clamp<Nanoseconds>(left, Nanoseconds{0}, kLongestRun));
}

Result<std::string> handled(const Handler& handler, const Invocation& invocation, const Context& context) {
  try {
    return handler(invocation, context);
  } catch (const std::exception& e) {
    return fail(ErrorCode::kInternal, std::string("Internal error: ") + e.what());
  } catch (...) {
    return fail(ErrorCode::kInternal, "Internal error of an unknown kind");
  }
}

/// Tells the outcome; an answer that cannot be told is told as an error.
Result<void> tell(RuntimeApi& api, const Invocation& invocation, Result<std::string> outcome, server::Log& log,
                  const Context& context) {
  Result<void> told;
  if (outcome) {
    told = api.respond(invocation, std::move(*outcome), context);
    if (told || told.error().code != ErrorCode::kLimit) return told;
    outcome = tl::unexpected(told.error());
  }
  log.error("invocation_failed", {{"request", invocation.id}, {"error", outcome.error().message}});
  return api.fail(invocation, function_error(outcome.error()), context);
}

}  // namespace

Result<void> serve_invocations(RuntimeApi& api, const Handler& handler, server::Log& log, const Clock& clock,
                               Sleeper& sleeper, const Context& context) {
  int failures = 0;
  while (!context.stopped()) {
    const auto invocation = api.next(context);
    Result<void> told;
    if (!invocation) {
      told = tl::unexpected(invocation.error());
    } else {
      told = tell(api, *invocation, handled(handler, *invocation, context_of(*invocation, clock, context)), log,
                  context.within(std::chrono::seconds(10)));
    }
    if (told || (invocation && told.error().code == ErrorCode::kInvalidInput)) {
      // An answer that is refused came too late, or is none: the next invocation has nothing to do with it.
      if (!told) log.error("answer_refused", {{"request", invocation->id}, {"error", told.error().message}});
      failures = 0;
      continue;
    }
    if (context.stopped()) break;
    log.error("runtime_api_failed", {{"error", told.error().message}});
    if (++failures >= kMostFailures) return told;
    sleeper.sleep(std::chrono::milliseconds(100) * failures, context);
  }
  return {};
}

}  // namespace fa::lambda
