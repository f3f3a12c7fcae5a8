#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "net/retry.h"
#include "slack/form.h"
#include "slack/json_members.h"
#include "slack/web_api.h"
#include "slack/web_verdict.h"

/// How methods of the Web API are called: tokens, repetition, pauses, counts.
namespace fa::slack {

/// Whether a call whose fate is unknown may be made again.
enum class Repeat {
  kFreely,
  kOnlyUnsent,  ///< Only where it cannot have arrived; else the error's reason is kMaybeSent.
};
enum class TokenKind { kBot, kApp };

struct WebCall {
  std::string_view method;  ///< `chat.postMessage`: a name of ours, lives for ever.
  std::string content_type;
  std::string body;
  Repeat repeat = Repeat::kFreely;
  TokenKind token = TokenKind::kBot;
};
WebCall json_call(std::string_view method, const Json& arguments, Repeat repeat);
/// For methods that take no JSON; all of those are reads or may be repeated.
WebCall form_call(std::string_view method, const FormFields& arguments);

/// A request to an address that Slack gave. Goes out without a token; no error names the address.
struct AddressCall {
  std::string_view name;  ///< For errors, counts and pauses: `response_url`.
  std::string_view host;  ///< What must stand before `.slack.com`: `hooks`; or `.slack.com` itself where `bare` is set.
  bool bare = false;
  std::string url;
  std::string content_type;
  std::string body;
  Repeat repeat = Repeat::kFreely;
};

/// Thread-safe. Borrows http, clock, sleeper and random.
class WebCaller {
 public:
  WebCaller(WebApiOptions options, HttpClient& http, const Clock& clock, Sleeper& sleeper, Random& random);

  /// The answer, an object with `ok: true`. Errors as SlackApi has them.
  Result<Json> call(const WebCall& call, const Context& context);
  /// kDenied where the address is neither one of Slack's nor below the configured one.
  Result<void> post_to(const AddressCall& call, const Context& context);
  /// The error of an answer that lacks what it must have: what was asked may have been done.
  [[nodiscard]] Error incomplete(const WebCall& call);

  [[nodiscard]] bool speaks_plain() const;  ///< The configured address is http: tests.
  [[nodiscard]] std::map<std::string, MethodCounts> counts() const;

 private:
  struct Exchange;
  struct Pause {
    TimePoint begin = kNoTime;
    TimePoint end = kNoTime;
  };

  Result<Json> run(Exchange& exchange, const Context& context);
  Result<HttpResponse> attempt(Exchange& exchange, const Context& context);
  Result<void> wait_for_pause(std::string_view method, const Context& context);
  [[nodiscard]] Nanoseconds pause_left(std::string_view method) const;
  void pause(std::string_view method, Nanoseconds how_long);
  [[nodiscard]] bool may_be_called(const AddressCall& call) const;
  Error count_failure(std::string_view method, Error error);

  WebApiOptions options_;
  HttpClient& http_;
  const Clock& clock_;
  Sleeper& sleeper_;
  Retrier retrier_;
  mutable std::mutex mutex_;
  std::map<std::string, Pause, std::less<>> pauses_;
  std::map<std::string, MethodCounts, std::less<>> counts_;
};

}  // namespace fa::slack
