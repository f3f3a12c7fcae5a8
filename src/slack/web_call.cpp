#include "slack/web_call.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "net/url_parts.h"
#include "slack/json_members.h"

namespace fa::slack {
namespace {

/// A thread's page holds 200 messages with all their blocks.
constexpr std::uint64_t kMostResponseBytes = std::uint64_t{16} << 20;
/// Longer than Slack ever asks for; a caller's deadline is shorter.
constexpr Nanoseconds kLongestPause = std::chrono::minutes(10);
/// Others may lengthen a pause while one waits for its end; that often, and it is given up.
constexpr int kMostPauses = 10;

RetrySettings retry_settings() {
  RetrySettings settings;
  settings.longest_wait = kLongestPause;
  return settings;
}

std::string tried(int attempts) { return attempts <= 1 ? "" : fmt::format(" (tried {} times)", attempts); }

std::string_view trim_slashes(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

std::string origin_of(std::string_view url) {
  const auto parts = split_url(url);
  return parts ? parts->origin : std::string();
}

}  // namespace

/// One call on its way.
struct WebCaller::Exchange {
  std::string_view name;
  HttpRequest request;
  AnswerForm form = AnswerForm::kApi;
  Repeat repeat = Repeat::kFreely;
  int attempts = 0;
  Verdict verdict;  ///< Of the last attempt.
};

WebCall json_call(std::string_view method, const Json& arguments, Repeat repeat) {
  return {method, "application/json; charset=utf-8", json_text(arguments), repeat, TokenKind::kBot};
}

WebCall form_call(std::string_view method, const FormFields& arguments) {
  return {method, "application/x-www-form-urlencoded", encode_form(arguments), Repeat::kFreely, TokenKind::kBot};
}

WebCaller::WebCaller(WebApiOptions options, HttpClient& http, const Clock& clock, Sleeper& sleeper, Random& random)
    : options_(std::move(options)),
      http_(http),
      clock_(clock),
      sleeper_(sleeper),
      retrier_(sleeper, random, retry_settings()) {
  options_.base_url = trim_slashes(trim(options_.base_url));
}

bool WebCaller::speaks_plain() const { return options_.base_url.starts_with("http://"); }

std::map<std::string, MethodCounts> WebCaller::counts() const {
  const std::scoped_lock lock(mutex_);
  return {counts_.begin(), counts_.end()};
}

Result<Json> WebCaller::call(const WebCall& call, const Context& context) {
  const bool bot = call.token == TokenKind::kBot;
  const auto& ask_token = bot ? options_.bot_token : options_.app_token;
  const Secret token = ask_token ? ask_token() : Secret();
  const std::string_view bytes = trim(token.reveal());
  if (bytes.empty()) {
    return tl::unexpected(
        count_failure(call.method, {ErrorCode::kDenied,
                                    fmt::format("Slack's {} needs the {}, and none is configured.", call.method,
                                                bot ? "bot token (xoxb-...)" : "app token (xapp-...)"),
                                    "not_authed"}));
  }
  Exchange exchange;
  exchange.name = call.method;
  exchange.repeat = call.repeat;
  HttpRequest& request = exchange.request;
  request.method = "POST";
  request.url = fmt::format("{}/{}", options_.base_url, call.method);
  request.headers = {{"Content-Type", call.content_type}, {"Authorization", fmt::format("Bearer {}", bytes)}};
  request.body = call.body;
  return run(exchange, context);
}

bool WebCaller::may_be_called(const AddressCall& call) const {
  const std::string origin = origin_of(call.url);
  if (origin.empty()) return false;
  const bool slack =
      origin == fmt::format("https://{}.slack.com:443", call.host) || (call.bare && origin == "https://slack.com:443");
  return slack || origin == origin_of(options_.base_url);
}

Result<void> WebCaller::post_to(const AddressCall& call, const Context& context) {
  if (!may_be_called(call)) {
    return tl::unexpected(count_failure(
        call.name, {ErrorCode::kDenied, fmt::format("The {} is no address of Slack's, and was not called.", call.name),
                    "foreign_address"}));
  }
  Exchange exchange;
  exchange.name = call.name;
  exchange.form = AnswerForm::kPlain;
  exchange.repeat = call.repeat;
  exchange.request.method = "POST";
  exchange.request.url = call.url;
  exchange.request.headers = {{"Content-Type", call.content_type}};
  exchange.request.body = call.body;
  const auto answer = run(exchange, context);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

Result<Json> WebCaller::run(Exchange& exchange, const Context& context) {
  using Kind = Verdict::Kind;
  HttpRequest& request = exchange.request;
  request.headers.emplace_back("User-Agent", "fa2/" FA_VERSION);
  request.max_response_bytes = kMostResponseBytes;
  request.timeout = options_.timeout;
  request.stall_timeout = options_.timeout;
  const auto decide = [&](const Retrier::Outcome&) -> RetryDecision {
    const Verdict& verdict = exchange.verdict;
    if (verdict.kind == Kind::kThrottled) return {RetryDecision::Kind::kThrottled, verdict.pause};
    const bool certain = !verdict.may_have_worked || exchange.repeat == Repeat::kFreely;
    const bool again = verdict.kind == Kind::kFailed && verdict.worth_repeating && certain;
    return {again ? RetryDecision::Kind::kTransient : RetryDecision::Kind::kDone, {}};
  };
  const auto outcome = retrier_.run(
      origin_of(request.url), [&](int) { return attempt(exchange, context); }, decide, context);
  Verdict& verdict = exchange.verdict;
  if (verdict.kind == Kind::kDone) return std::move(verdict.answer);
  Error error{verdict.error.code,
              fmt::format("Slack's {} {}{}.", exchange.name, verdict.error.message, tried(exchange.attempts)),
              verdict.error.reason};
  if (verdict.kind != Kind::kRefused && context.stopped()) error.code = ErrorCode::kCancelled;
  if (verdict.kind == Kind::kFailed && verdict.may_have_worked && exchange.repeat == Repeat::kOnlyUnsent) {
    error.reason = kMaybeSent;
  }
  return tl::unexpected(count_failure(exchange.name, std::move(error)));
}

Result<HttpResponse> WebCaller::attempt(Exchange& exchange, const Context& context) {
  exchange.verdict = Verdict();
  if (auto waited = wait_for_pause(exchange.name, context); !waited) {
    exchange.verdict.worth_repeating = false;
    exchange.verdict.error = waited.error();
    return tl::unexpected(waited.error());
  }
  ++exchange.attempts;
  auto outcome = http_.send(exchange.request, context);
  exchange.verdict = judge(exchange.form, outcome, clock_.now());
  const bool throttled = exchange.verdict.kind == Verdict::Kind::kThrottled;
  if (throttled) pause(exchange.name, exchange.verdict.pause);
  const std::scoped_lock lock(mutex_);
  MethodCounts& counted = counts_[std::string(exchange.name)];
  ++counted.calls;
  if (throttled) ++counted.throttled;
  return outcome;
}

Result<void> WebCaller::wait_for_pause(std::string_view method, const Context& context) {
  for (int i = 0; i < kMostPauses; ++i) {
    if (context.stopped()) break;
    const Nanoseconds left = pause_left(method);
    if (left <= Nanoseconds{0}) return {};
    if (!sleeper_.sleep(left, context)) break;
  }
  if (context.stopped()) return fail(ErrorCode::kCancelled, "was stopped, or ran out of time, before it was called");
  return tl::unexpected(
      Error{ErrorCode::kUnavailable,
            fmt::format("was called too often; Slack asks to wait another {}", format_duration(pause_left(method))),
            "ratelimited"});
}

Nanoseconds WebCaller::pause_left(std::string_view method) const {
  const TimePoint now = clock_.now();
  const std::scoped_lock lock(mutex_);
  const auto it = pauses_.find(method);
  // Before its beginning: the clock was set back, and nobody knows how much of it is left.
  if (it == pauses_.end() || now < it->second.begin || now >= it->second.end) return Nanoseconds{0};
  return it->second.end - now;
}

void WebCaller::pause(std::string_view method, Nanoseconds how_long) {
  const TimePoint now = clock_.now();
  const TimePoint end = now + std::min(how_long, kLongestPause);
  const std::scoped_lock lock(mutex_);
  Pause& kept = pauses_[std::string(method)];
  const bool running = now >= kept.begin && now < kept.end;
  kept = {running ? kept.begin : now, running ? std::max(kept.end, end) : end};
}

Error WebCaller::incomplete(const WebCall& call) {
  Error error{ErrorCode::kUnavailable,
              fmt::format("Slack's {} gave an answer that lacks what it must have.", call.method), "BadAnswer"};
  if (call.repeat == Repeat::kOnlyUnsent) error.reason = kMaybeSent;
  return count_failure(call.method, std::move(error));
}

Error WebCaller::count_failure(std::string_view method, Error error) {
  const std::scoped_lock lock(mutex_);
  ++counts_[std::string(method)].failed;
  return error;
}

}  // namespace fa::slack
