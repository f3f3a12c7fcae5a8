#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "support/aws/wire.h"

/// Signature Version 4 as a service sees it: the request that arrived is turned back into its canonical form and the
/// signature computed anew. Written from the specification ("Create a signed AWS API request", IAM User Guide), apart
/// from the client's own signing.
namespace fa::test {

/// What a signed request says of its own signature (Authorization header or X-Amz-* query parameters).
struct ClaimedSignature {
  std::string access_key_id;
  std::string date;  ///< `20150830`
  std::string region;
  std::string service;
  std::string time;  ///< `20150830T123600Z`
  std::vector<std::string> signed_headers;
  std::string signature;
  std::string token;  ///< Empty when there is none.
  bool in_query = false;
  std::optional<std::int64_t> expires_seconds;  ///< In the query only.
};

/// nullopt: not signed at all. An error text: signed in a form that cannot be read.
using Claim = tl::expected<std::optional<ClaimedSignature>, std::string>;
Claim claimed_signature(const wire::Call& call);

struct SignatureRules {
  bool encode_path_twice = true;    ///< All services but S3.
  bool normalize_path = true;       ///< All services but S3.
  bool omit_session_token = false;  ///< The token was added to the query after signing (a few services want it so).
  /// Hash the canonical request ends with; empty: of the body that arrived.
  std::string payload_hash;
};
/// The signature that the request ought to have.
std::string canonical_request(const wire::Call& call, const ClaimedSignature& claim, const SignatureRules& rules);
std::string computed_signature(const wire::Call& call, const ClaimedSignature& claim, const SignatureRules& rules,
                               const std::string& secret);

/// Signs a request as a well-behaved client does, for the tests of the stand-in itself.
struct TestSigner {
  std::string access_key_id;
  std::string secret;
  std::string token;
  std::string region;
  std::string service;  ///< Signing name.
  TimePoint time;

  void sign(HttpRequest& request) const;
};

}  // namespace fa::test
