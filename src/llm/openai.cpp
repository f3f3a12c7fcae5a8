#include "llm/openai.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "base/text.h"
#include "llm/openai_answer.h"
#include "llm/openai_request.h"
#include "llm/text_protocol.h"
#include "llm/tool_wire.h"
#include "net/url_parts.h"

namespace fa::llm {
namespace {

/// Answers begun and not ended, for one question; each is paid for, or has taken the whole timeout.
constexpr int kMostBrokenCompletions = 3;

class CompletionSink final : public BodySink {
 public:
  Result<void> restart() override {
    reader_ = CompletionReader();
    return {};
  }
  Result<void> write(std::string_view bytes) override { return reader_.feed(bytes); }
  Result<ChatAnswer> finish() { return reader_.finish(); }

 private:
  CompletionReader reader_;
};

/// One question on its way.
struct Exchange {
  const OpenAiSettings& settings;
  HttpRequest request;
  std::string host;
  int broken = 0;
  int attempts = 0;
  std::optional<ChatAnswer> answer;
};

/// Servers repeat what they were sent, and keys of the wrong length are among it.
std::string without_key(std::string text, const Secret& secret) {
  const std::string key(trim(secret.reveal()));
  constexpr std::size_t kShortestKey = 6;  // shorter ones are placeholders that local servers want, and words
  if (key.size() < kShortestKey) return text;
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at)) text.replace(at, key.size(), "***");
  return text;
}

bool is_out_of_quota(const CompletionError& said) {
  return said.code == "insufficient_quota" || said.code == "billing_hard_limit_reached" ||
         said.code == "billing_not_active";
}

RetryDecision::Kind completion_retry(int status, const CompletionError& said) {
  using Kind = RetryDecision::Kind;
  if (status == 429) return is_out_of_quota(said) ? Kind::kDone : Kind::kThrottled;
  // 409: OpenAI's own clients repeat it; 425 and 408 ask for it (RFC 8470, RFC 9110).
  if (status == 408 || status == 409 || status == 425 || status >= 500) return Kind::kTransient;
  return Kind::kDone;
}

std::string asked_of(const Exchange& exchange) {
  return fmt::format("the model {} at {}", visible(exchange.settings.model), exchange.host);
}

std::string times(int attempts) { return attempts == 1 ? "once" : fmt::format("{} times", attempts); }

Error refused_completion(const Exchange& exchange, const HttpResponse& response) {
  const CompletionError said = read_completion_error(response.body);
  const std::string words = without_key(said.message, exchange.settings.key);
  const std::string what =
      fmt::format("{} [{}HTTP {}]", words.empty() ? "no reason was given" : words,
                  said.code.empty() ? "" : without_key(said.code, exchange.settings.key) + ", ", response.status);
  const auto made = [&](ErrorCode code, std::string_view verb, std::string_view advice) {
    return Error{code, fmt::format("Asking {} {}: {}. {}.", asked_of(exchange), verb, what, advice), said.code};
  };
  const int status = response.status;
  if (status == 429 && is_out_of_quota(said)) {
    return made(ErrorCode::kDenied, "was refused", "The account's quota is used up: raise it, or add credit");
  }
  if (status == 429) {
    return made(ErrorCode::kUnavailable, fmt::format("was throttled, {}", times(exchange.attempts)),
                "Try again later, or raise the account's rate limits");
  }
  if (completion_retry(status, said) != RetryDecision::Kind::kDone) {
    return made(ErrorCode::kUnavailable, fmt::format("failed on the server's side, {}", times(exchange.attempts)),
                "Try again later, or look into the server's log");
  }
  if (status == 401 || status == 403) {
    return made(ErrorCode::kDenied, "was denied",
                exchange.settings.key.empty() ? "No key was sent: name one in the configuration"
                                              : "Check the key, and that it may use this model");
  }
  if (status == 404) {
    return made(ErrorCode::kNotFound, "did not find it",
                "Check the model's name (GET <base_url>/models lists them), and that base_url ends as the server "
                "wants it, mostly with /v1");
  }
  if (status / 100 == 3) {
    return made(ErrorCode::kInvalidInput, "was sent elsewhere",
                "Redirects are not followed: set base_url to the new "
                "address");
  }
  if (status == 413 || said.code == "context_length_exceeded" || icontains(words, "context length") ||
      icontains(words, "context size") || icontains(words, "context window")) {
    Error error = made(ErrorCode::kInvalidInput, "was refused",
                       "What was asked does not fit this model: send less, or choose a model (or start the server) "
                       "with a larger context");
    error.reason = "context_length_exceeded";
    return error;
  }
  if (icontains(words, "max_completion_tokens")) {
    return made(ErrorCode::kInvalidInput, "was refused", "Set max_tokens_field to max_completion_tokens");
  }
  return made(ErrorCode::kInvalidInput, "was refused as invalid", "Check the settings of the model");
}

Error no_completion(const Exchange& exchange, const Error& error) {
  if (error.code == ErrorCode::kCancelled) {
    return {error.code, fmt::format("Asking {} was stopped or ran out of time.", asked_of(exchange)), error.reason};
  }
  if (error.code == ErrorCode::kInvalidInput) {
    return {error.code,
            fmt::format("Asking {} is not possible: {}. Check base_url and the key.", asked_of(exchange),
                        service_words(error.message)),
            error.reason};
  }
  std::string_view advice = "Try again later";
  if (error.reason == "ConnectFailed" || error.reason == "ResolveFailed") {
    advice = "Check base_url, that the server runs, and the network (https_proxy, firewall)";
  } else if (error.reason == "Timeout") {
    advice = "Raise the model's timeout if the server is just slow";
  } else if (error.reason == "BadAnswer") {
    advice = "Check that base_url is that of an OpenAI-compatible server";
  }
  // A limit here is that of an answer's size: what is too large cannot be understood.
  return {ErrorCode::kUnavailable,
          fmt::format("Asking {} gave no answer, tried {}: {}. {}.", asked_of(exchange), times(exchange.attempts),
                      without_key(service_words(error.message), exchange.settings.key), advice),
          error.reason};
}

Result<HttpResponse> attempt_completion(Exchange& exchange, HttpClient& http, const Context& context) {
  ++exchange.attempts;
  CompletionSink sink;
  auto response = http.send(exchange.request, context, &sink);
  const bool ok = response && response->status / 100 == 2;
  if (response && !ok) return response;
  if (ok) {
    auto answer = sink.finish();
    if (answer) {
      exchange.answer = std::move(*answer);
      return response;
    }
    response = tl::unexpected(answer.error());
  }
  // A server that cannot be reached costs nothing and is tried as often as the Retrier likes.
  const std::string& reason = response.error().reason;
  if (reason != "ConnectFailed" && reason != "ResolveFailed") ++exchange.broken;
  return response;
}

RetryDecision decide_completion(const Exchange& exchange, const Result<HttpResponse>& outcome, TimePoint now) {
  using Kind = RetryDecision::Kind;
  if (!outcome) {
    const bool again = outcome.error().code == ErrorCode::kUnavailable && exchange.broken < kMostBrokenCompletions;
    return {again ? Kind::kTransient : Kind::kDone, {}};
  }
  if (outcome->status / 100 == 2) return {};
  const Kind kind = completion_retry(outcome->status, read_completion_error(outcome->body));
  if (kind == Kind::kDone) return {};
  return {kind, retry_after_of(outcome->headers, now)};
}

/// Leaves out what the server just said it does not know, if that is something that can be left out.
bool drop_refused_extra(OpenAiExtras& extras, const ChatRequest& request, const Error& error) {
  if (error.code != ErrorCode::kInvalidInput) return false;
  if (extras.stream_options && icontains(error.message, "stream_options")) {
    extras.stream_options = false;
    return true;
  }
  if (extras.tool_choice && !request.tools.empty() && icontains(error.message, "tool_choice")) {
    extras.tool_choice = false;
    return true;
  }
  return false;
}

}  // namespace

OpenAiModel::OpenAiModel(HttpClient& http, Retrier& retrier, const Clock& clock, OpenAiSettings settings)
    : http_(http), retrier_(retrier), clock_(clock), settings_(std::move(settings)) {}

Result<ChatAnswer> OpenAiModel::ask(const ChatRequest& request, const Context& context) {
  auto answer = settings_.native_tools ? ask_server(request, context) : ask_server(to_text_protocol(request), context);
  if (!answer) return answer;
  if (!settings_.native_tools && !request.tools.empty()) answer = from_text_protocol(std::move(*answer));
  make_call_ids_unique(*answer, request);
  return answer;
}

Result<ChatAnswer> OpenAiModel::ask_server(const ChatRequest& request, const Context& context) {
  const std::string url = completions_url(settings_.base_url);
  const auto parts = split_url(url);
  if (!parts) {
    return fail(ErrorCode::kInvalidInput,
                "The model's base_url is not a URL that can be called: it must look like https://host/v1, without user "
                "name, spaces or '#'.");
  }
  OpenAiExtras extras;
  while (true) {
    auto body = completions_body(request, settings_, extras);
    if (!body) return tl::unexpected(body.error());
    Exchange exchange{settings_, {}, std::string(parts->authority), 0, 0, {}};
    HttpRequest& sent = exchange.request;
    sent.method = "POST";
    sent.url = url;
    sent.headers = {{"Content-Type", "application/json"},
                    {"Accept", settings_.stream ? "text/event-stream, application/json" : "application/json"},
                    {"User-Agent", "fa2/" FA_VERSION}};
    if (!settings_.key.empty()) {
      sent.headers.emplace_back("Authorization", fmt::format("Bearer {}", trim(settings_.key.reveal())));
    }
    sent.body = std::move(*body);
    sent.max_response_bytes = kMaxCompletionBytes;
    sent.timeout = settings_.timeout;
    // Servers without an accelerator read a prompt for minutes before the first byte.
    sent.stall_timeout = settings_.timeout;

    const auto outcome = retrier_.run(
        parts->origin, [&](int) { return attempt_completion(exchange, http_, context); },
        [&](const Retrier::Outcome& last) { return decide_completion(exchange, last, clock_.now()); }, context);
    if (outcome && exchange.answer) return std::move(*exchange.answer);
    if (context.stopped()) {
      return tl::unexpected(
          no_completion(exchange, Error{ErrorCode::kCancelled, {}, outcome ? "" : outcome.error().reason}));
    }
    Error error = outcome ? refused_completion(exchange, *outcome) : no_completion(exchange, outcome.error());
    if (!drop_refused_extra(extras, request, error)) return tl::unexpected(std::move(error));
  }
}

}  // namespace fa::llm
