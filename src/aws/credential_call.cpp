#include "aws/credential_call.h"

#include <fmt/core.h>

#include "aws/clock_skew.h"
#include "aws/uri.h"
#include "base/json.h"
#include "base/text.h"

namespace fa::aws {
namespace {

using Kind = RetryDecision::Kind;

void strike_out(std::string& text, const std::vector<std::string>& secrets) {
  constexpr std::size_t kShortest = 4;  // shorter ones would only garble the words
  for (const std::string& secret : secrets) {
    if (secret.size() < kShortest) continue;
    for (const std::string& form : {secret, uri_encode(secret)}) {
      for (std::size_t at = text.find(form); at != std::string::npos; at = text.find(form, at)) {
        text.replace(at, form.size(), "***");
      }
    }
  }
}

ServiceError said_by(const CredentialCall& call, const HttpResponse& original) {
  // Before reading, since long messages are cut, and of a secret no half may remain.
  HttpResponse response = original;
  strike_out(response.body, call.secrets);
  ServiceError said = parse_service_error(call.protocol, response);
  if (!said.code.empty() || call.protocol != Protocol::kRestJson) return said;
  // OAuth's form (RFC 6749, 5.2), in which the OIDC service answers.
  const auto document = parse_json(response.body);
  if (!document.is_object()) return said;
  for (const auto& [key, into] : {std::pair{"error", &said.code}, std::pair{"error_description", &said.message}}) {
    const auto found = document.find(key);
    if (found != document.end() && found->is_string()) *into = utf8_prefix(found->get_ref<const std::string&>(), 300);
  }
  return said;
}

Kind kind_of(int status, const std::string& code) {
  // The identity provider could not be reached by STS: published as worth asking again.
  if (code == "IDPCommunicationError") return Kind::kTransient;
  return retry_kind(status, code);
}

}  // namespace

Result<HttpResponse> send_for_credentials(const ChainWorld& world, const CredentialCall& call, const Context& context) {
  const auto url = parse_url(call.request.url);
  if (!url) return tl::unexpected(url.error());
  Nanoseconds skew{0};
  bool mended = false;
  const auto attempt = [&](int) -> Result<HttpResponse> {
    HttpRequest request = call.request;
    if (call.sign) {
      if (auto ok = call.sign(request, skew); !ok) return tl::unexpected(ok.error());
    }
    return world.http.send(request, context);
  };
  const auto decide = [&](const Result<HttpResponse>& outcome) -> RetryDecision {
    if (!outcome) {
      const std::string& reason = outcome.error().reason;
      if (outcome.error().code != ErrorCode::kUnavailable || reason == "Tls") return {};
      if (call.may_be_absent && reason != "ConnectionLost") return {};
      return {Kind::kTransient, std::nullopt};
    }
    if (outcome->status / 100 == 2) return {};
    const ServiceError said = said_by(call, *outcome);
    if (call.sign && !mended && may_be_clock_skew(outcome->status, said.code)) {
      if (const auto learned = learned_skew(outcome->headers, world.clock.now(), skew)) {
        mended = true;
        skew = *learned;
        return {Kind::kAtOnce, std::nullopt};
      }
    }
    return {kind_of(outcome->status, said.code), retry_after_of(outcome->headers, world.clock.now())};
  };
  auto answer = world.retrier.run(url->authority(), attempt, decide, context);
  if (answer) return answer;
  Error error = std::move(answer.error());
  error.message = call.what + ": " + error.message;
  strike_out(error.message, call.secrets);
  return tl::unexpected(std::move(error));
}

Error refusal_of(const CredentialCall& call, const HttpResponse& response, std::string_view advice) {
  const ServiceError said = said_by(call, response);
  Error error;
  const bool again = kind_of(response.status, said.code) != Kind::kDone;
  error.code = again || response.status / 100 != 4 ? ErrorCode::kUnavailable
               : said.code == "ValidationError"    ? ErrorCode::kInvalidInput
                                                   : ErrorCode::kDenied;
  error.reason = said.code;
  error.message = fmt::format("{}: HTTP {}", call.what, response.status);
  if (!said.code.empty()) error.message += " " + said.code;
  if (!said.message.empty()) error.message += ": " + visible(said.message);
  if (!said.request_id.empty()) error.message += fmt::format(" (request id {})", visible(said.request_id));
  if (!advice.empty()) error.message += fmt::format(". {}", advice);
  strike_out(error.message, call.secrets);
  return error;
}

Error bad_answer_of(const CredentialCall& call, std::string_view what_is_wrong) {
  return {ErrorCode::kUnavailable, fmt::format("{}: {}", call.what, what_is_wrong), "BadAnswer"};
}

}  // namespace fa::aws
