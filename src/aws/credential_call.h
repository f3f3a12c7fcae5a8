#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/credential_chain.h"

/// Requests of the credential providers: most are not signed, and none may show a secret when it fails.
namespace fa::aws {

struct CredentialCall {
  std::string what;  ///< For messages: `STS AssumeRole of arn:aws:iam::1:role/x in eu-west-1`.
  HttpRequest request;
  Protocol protocol = Protocol::kRestJson;
  /// Mends the request before each attempt, given our clock's correction; may be empty.
  std::function<Result<void>(HttpRequest&, Nanoseconds)> sign;
  /// Whatever of it comes back in an answer is struck out of messages.
  std::vector<std::string> secrets;
  /// The other side may well not exist here: who cannot be reached is not asked again.
  bool may_be_absent = false;
};

/// The last answer, of any status, after the retries that may help. Errors as of HttpClient, `what` before them.
Result<HttpResponse> send_for_credentials(const ChainWorld& world, const CredentialCall& call, const Context& context);

/// The error of an answer that is no 2xx: kUnavailable when asking again could have helped, kInvalidInput for a request
/// that is wrong in itself, else kDenied. `advice` (may be empty) ends the message.
Error refusal_of(const CredentialCall& call, const HttpResponse& response, std::string_view advice);

/// The answer was 2xx, but is not what it should be. Never shows the body.
Error bad_answer_of(const CredentialCall& call, std::string_view what_is_wrong);

}  // namespace fa::aws
