#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "net/http.h"
#include "support/aws/world.h"

/// What the services of the stand-in share: a request taken apart, refusals, page tokens, times. Own code throughout:
/// nothing here is shared with the client it tests.
namespace fa::test::wire {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// A request taken apart.
struct Call {
  const HttpRequest* request = nullptr;
  std::string host;   ///< With port.
  std::string path;   ///< As sent.
  std::string query;  ///< As sent, without '?'.
  Pairs parameters;   ///< The query, decoded, in order.
  std::string service;
  std::string operation;
  std::string region;               ///< Of the signature's scope.
  const AwsWorld* world = nullptr;  ///< Of the account that the credentials belong to.
  std::string caller_arn;
  std::string caller_id;

  [[nodiscard]] std::string_view header(std::string_view name) const;  ///< Empty when there is none.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
  [[nodiscard]] TimePoint now() const;
};
Call take_apart(const HttpRequest& request);

/// An error answer before its protocol gives it a form.
struct Refusal {
  std::string code;
  std::string message;
  int status = 400;
  Pairs details = {};           ///< Further members of the error document.
  HttpHeaders headers = {};     ///< Further headers.
  std::string query_code = {};  ///< CloudWatch: the code that the query protocol has for it, where it differs.
};
using Outcome = tl::expected<HttpResponse, Refusal>;
inline tl::unexpected<Refusal> refuse(std::string code, std::string message, int status = 400) {
  return tl::unexpected<Refusal>(Refusal{std::move(code), std::move(message), status});
}
/// Services whose operations are paths and whose documents are JSON: X-Ray, Security Hub, GuardDuty, Lambda.
bool is_rest_json(std::string_view service);
/// The refusal as the service's protocol writes it.
HttpResponse refusal_response(const Call& call, const Refusal& refusal);

HttpResponse json_response(const Call& call, std::string body);
HttpResponse xml_response(std::string body);

/// Page tokens carry a position and belong to one kind of request. nullopt: not one of ours.
std::string make_token(std::string_view kind, std::string_view position);
std::optional<std::string> read_token(std::string_view kind, std::string_view token);
std::optional<std::size_t> read_index_token(std::string_view kind, std::string_view token);

std::string percent_encode(std::string_view text, bool keep_slash);
std::string percent_decode(std::string_view text, bool plus_is_space);
std::string xml_escape(std::string_view text);
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);
void append_json_string(std::string& out, std::string_view text);  ///< With quotes; invalid UTF-8 becomes U+FFFD.

std::int64_t to_millis(TimePoint t);
std::string epoch_seconds(TimePoint t);  ///< `1478293361.271`, as JSON protocols write times.
TimePoint from_seconds(double seconds);
std::string http_date(TimePoint t);       ///< `Sun, 06 Nov 1994 08:49:37 GMT`
std::string basic_iso_time(TimePoint t);  ///< `20150830T123600Z`
std::optional<TimePoint> parse_basic_iso_time(std::string_view text);

/// 8-4-4-4-12 hex digits made of a text: the same text, the same id.
std::string uuid_of(std::string_view text);
std::string md5_hex(std::string_view bytes);

}  // namespace fa::test::wire
