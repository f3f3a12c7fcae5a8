#include "slack/web_verdict.h"

#include <fmt/core.h>

#include "net/retry.h"
#include "slack/json_members.h"
#include "slack/web_refusal.h"

namespace fa::slack {
namespace {

constexpr std::size_t kMostAnswerBytes = std::size_t{64} << 20;  // the HTTP client's limit is lower
/// Where Slack does not say for how long.
constexpr Nanoseconds kUsualPause = std::chrono::seconds(1);

Verdict failed(std::string what, std::string reason, bool may_have_worked) {
  Verdict verdict;
  verdict.may_have_worked = may_have_worked;
  verdict.error = {ErrorCode::kUnavailable, std::move(what), std::move(reason)};
  return verdict;
}

Verdict refused(Error error) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::kRefused;
  verdict.error = std::move(error);
  return verdict;
}

Verdict throttled(const HttpHeaders& headers, TimePoint now) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::kThrottled;
  verdict.pause = retry_after_of(headers, now).value_or(kUsualPause);
  verdict.error = {ErrorCode::kUnavailable,
                   fmt::format("was called too often; Slack asks to wait {}", format_duration(verdict.pause)),
                   "ratelimited"};
  return verdict;
}

/// The client's own words hold the address, which for uploads and response_urls is a secret: they are not repeated.
Verdict judge_unanswered(const Error& error) {
  if (error.code == ErrorCode::kCancelled) {
    Verdict verdict = failed("was stopped, or ran out of time", {}, true);
    verdict.error.code = ErrorCode::kCancelled;
    verdict.worth_repeating = false;
    return verdict;
  }
  if (error.code == ErrorCode::kInvalidInput) {
    return refused({ErrorCode::kInvalidInput,
                    "cannot be called: the address or the token has characters that no request can have",
                    {}});
  }
  if (error.code == ErrorCode::kLimit) {
    Verdict verdict = failed("answered with more than can be read", "TooLarge", true);
    verdict.worth_repeating = false;
    return verdict;
  }
  if (error.reason == "ConnectFailed" || error.reason == "ResolveFailed") {
    return failed("could not be reached; check network, DNS, firewall and proxy", error.reason, false);
  }
  if (error.reason == "Tls") {
    Verdict verdict = failed(
        "could not be reached over a trusted TLS connection; if a proxy of your own inspects TLS, its certificate must "
        "be trusted",
        error.reason, false);
    verdict.worth_repeating = false;
    return verdict;
  }
  if (error.reason == "Timeout") return failed("did not answer in time", error.reason, true);
  if (error.reason == "BadAnswer") return failed("answered with what is no HTTP", error.reason, true);
  return failed("lost the connection before the answer was complete", error.reason, true);
}

/// An answer without Slack's JSON: by its status.
Verdict judge_status(int status) {
  const std::string reason = fmt::format("HTTP {}", status);
  if (status / 100 == 2) return failed("gave an answer that is none of Slack's", "BadAnswer", true);
  if (status >= 500) return failed(fmt::format("failed on the other side with {}", reason), reason, true);
  if (status == 408 || status == 425) return failed(fmt::format("was not taken, with {}", reason), reason, false);
  if (status == 401 || status == 403) {
    return refused({ErrorCode::kDenied,
                    fmt::format("was denied with {}; check the token, and what stands between "
                                "this machine and Slack",
                                reason),
                    reason});
  }
  if (status == 404 || status == 410) {
    return refused({ErrorCode::kNotFound,
                    fmt::format("was not found ({}): it was used up, or the address is wrong", reason), reason});
  }
  return refused({ErrorCode::kInvalidInput, fmt::format("was refused with {}", reason), reason});
}

Verdict judge_refusal(const Json& answer, const HttpResponse& response, TimePoint now) {
  Refusal refusal = read_refusal(answer);
  switch (refusal.kind) {
    case RefusalKind::kThrottled:
      return throttled(response.headers, now);
    case RefusalKind::kUnsure:
      return failed(std::move(refusal.error.message), std::move(refusal.error.reason), true);
    case RefusalKind::kNotNow:
      return failed(std::move(refusal.error.message), std::move(refusal.error.reason), false);
    case RefusalKind::kFinal:
      break;
  }
  if (response.status >= 500) return judge_status(response.status);
  return refused(std::move(refusal.error));
}

Verdict done(Json answer) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::kDone;
  verdict.answer = std::move(answer);
  return verdict;
}

}  // namespace

Verdict judge(AnswerForm form, const Result<HttpResponse>& outcome, TimePoint now) {
  if (!outcome) return judge_unanswered(outcome.error());
  const HttpResponse& response = *outcome;
  if (response.status == 429) return throttled(response.headers, now);
  const bool good = response.status / 100 == 2;
  if (form == AnswerForm::kPlain && good && !response.body.starts_with('{')) return done({});
  auto answer = read_json(response.body, kMostAnswerBytes, "The answer");
  const Json* ok = answer ? member_at(*answer, {"ok"}) : nullptr;
  if (ok == nullptr || !ok->is_boolean()) {
    return form == AnswerForm::kPlain && good ? done({}) : judge_status(response.status);
  }
  if (!ok->get<bool>()) return judge_refusal(*answer, response, now);
  return good ? done(std::move(*answer)) : judge_status(response.status);
}

}  // namespace fa::slack
