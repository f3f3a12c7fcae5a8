#include "support/aws/authentication.h"

#include <algorithm>
#include <chrono>

#include "base/hash.h"
#include "base/text.h"
#include "support/aws/signature.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Refusal;

constexpr auto kMaxSkew = std::chrono::minutes(5);

/// Each protocol has its own words and status for the same thing.
Refusal refusal_for(const Call& call, const char* json, int json_status, const char* s3, int s3_status, const char* sts,
                    std::string message) {
  if (call.service == "s3") return {s3, std::move(message), s3_status};
  if (call.service == "sts") return {sts, std::move(message), 403};
  return {json, std::move(message), wire::is_rest_json(call.service) ? 403 : json_status, {}, {}, sts};
}

Refusal not_signed(const Call& call) {
  return refusal_for(call, "MissingAuthenticationTokenException", 400, "AccessDenied", 403,
                     "MissingAuthenticationToken",
                     call.service == "s3" ? "Access Denied" : "Missing Authentication Token");
}
Refusal not_readable(const Call& call, const std::string& why) {
  return refusal_for(call, "IncompleteSignatureException", 400, "AuthorizationHeaderMalformed", 400,
                     "IncompleteSignature", why);
}
Refusal key_unknown(const Call& call) {
  return refusal_for(call, "UnrecognizedClientException", 400, "InvalidAccessKeyId", 403, "InvalidClientTokenId",
                     call.service == "s3" ? "The AWS Access Key Id you provided does not exist in our records."
                                          : "The security token included in the request is invalid.");
}
Refusal token_wrong(const Call& call) {
  return refusal_for(call, "UnrecognizedClientException", 400, "InvalidToken", 400, "InvalidClientTokenId",
                     call.service == "s3" ? "The provided token is malformed or otherwise invalid."
                                          : "The security token included in the request is invalid.");
}
Refusal token_expired(const Call& call) {
  return refusal_for(call, "ExpiredTokenException", 400, "ExpiredToken", 400, "ExpiredToken",
                     call.service == "s3" ? "The provided token has expired."
                                          : "The security token included in the request is expired");
}
Refusal does_not_match(const Call& call) {
  return refusal_for(call, "InvalidSignatureException", 400, "SignatureDoesNotMatch", 403, "SignatureDoesNotMatch",
                     "The request signature we calculated does not match the signature you provided. Check your AWS "
                     "Secret Access Key and signing method. Consult the service documentation for details.");
}
Refusal wrong_scope(const Call& call, const std::string& words) {
  return refusal_for(call, "InvalidSignatureException", 400, "AuthorizationHeaderMalformed", 400,
                     "SignatureDoesNotMatch", words);
}

Refusal skewed(const Call& call, const ClaimedSignature& claim, TimePoint signed_at, TimePoint now) {
  const std::string server = wire::basic_iso_time(now);
  if (call.service == "s3") {
    return {"RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            403,
            {{"RequestTime", claim.time},
             {"ServerTime", format_rfc3339(std::chrono::floor<std::chrono::seconds>(now))},
             {"MaxAllowedSkewMilliseconds", std::to_string(std::chrono::milliseconds(kMaxSkew).count())}}};
  }
  const std::string words = signed_at < now ? "Signature expired: " + claim.time + " is now earlier than " +
                                                  wire::basic_iso_time(now - kMaxSkew) + " (" + server + " - 5 min.)"
                                            : "Signature not yet current: " + claim.time + " is still later than " +
                                                  wire::basic_iso_time(now + kMaxSkew) + " (" + server + " + 5 min.)";
  return refusal_for(call, "InvalidSignatureException", 400, "RequestTimeTooSkewed", 403, "SignatureDoesNotMatch",
                     words);
}

/// The label of an AWS host that names a region (`ap-northeast-1`, `us-gov-west-1`); empty when none does.
std::string region_of_host(std::string_view host) {
  if (host.find(".amazonaws.com") == std::string_view::npos && host.find(".api.aws") == std::string_view::npos)
    return {};
  for (const std::string_view label : split(host, '.')) {
    const auto dashes = std::count(label.begin(), label.end(), '-');
    if (dashes >= 2 && dashes <= 3 && label[2] == '-' && label.back() >= '0' && label.back() <= '9' &&
        label[label.size() - 2] == '-') {
      return std::string(label);
    }
  }
  return {};
}

/// What of the headers has to be signed; empty when all of it is.
std::string unsigned_header(const Call& call, const ClaimedSignature& claim) {
  const auto is_signed = [&](const std::string& name) {
    return std::find(claim.signed_headers.begin(), claim.signed_headers.end(), name) != claim.signed_headers.end();
  };
  if (!is_signed("host")) return "host";
  for (const auto& [name, value] : call.request->headers) {
    const std::string lower = to_lower(name);
    if (lower.starts_with("x-amz-") && !is_signed(lower)) return lower;
  }
  return {};
}

}  // namespace

std::string_view signing_name(std::string_view service) { return service == "cloudwatch" ? "monitoring" : service; }

std::optional<Refusal> authenticate(Call& call, const AwsWorld& home, const IssuedCredentials& issued) {
  call.world = &home;
  const Claim parsed = claimed_signature(call);
  if (!parsed) return not_readable(call, parsed.error());
  if (!parsed->has_value()) {
    // The web identity is what is checked there, not a signature.
    if (call.operation == "AssumeRoleWithWebIdentity") return std::nullopt;
    return not_signed(call);
  }
  const ClaimedSignature& claim = **parsed;
  call.region = claim.region;

  std::string secret = home.secret_access_key;
  std::string token = home.session_token;
  std::optional<TimePoint> expiry = home.token_expiry;
  call.caller_arn = "arn:aws:iam::" + home.account + ":" + home.user;
  call.caller_id = "AIDASTANDIN0000000001";
  if (claim.access_key_id != home.access_key_id) {
    const auto known = issued.find(claim.access_key_id);
    if (!known) return key_unknown(call);
    secret = known->secret;
    token = known->token;
    expiry = known->expiry;
    call.world = known->world;
    call.caller_arn = known->arn;
    call.caller_id = known->id;
  }
  const TimePoint now = home.now ? home.now() : std::chrono::system_clock::now();
  if (claim.token != token) return claim.token.empty() ? key_unknown(call) : token_wrong(call);

  const auto signed_at = wire::parse_basic_iso_time(claim.time);
  if (!signed_at || claim.time.substr(0, 8) != claim.date) {
    return not_readable(call,
                        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
  }
  if (claim.in_query) {
    if (*signed_at > now + kMaxSkew || now > *signed_at + std::chrono::seconds(claim.expires_seconds.value_or(0))) {
      return Refusal{"AccessDenied", "Request has expired", 403};
    }
  } else if (*signed_at > now + kMaxSkew || *signed_at < now - kMaxSkew) {
    return skewed(call, claim, *signed_at, now);
  }
  if (claim.service != signing_name(call.service)) {
    return wrong_scope(
        call, "Credential should be scoped to correct service: '" + std::string(signing_name(call.service)) + "'.");
  }
  const std::string host_region = region_of_host(call.host);
  if (call.service != "s3" && !host_region.empty() && host_region != claim.region) {
    return wrong_scope(call, "Credential should be scoped to a valid region.");
  }

  SignatureRules rules;
  if (call.service == "s3") {
    rules.encode_path_twice = false;
    rules.normalize_path = false;
    rules.payload_hash = call.header("x-amz-content-sha256");
    if (claim.in_query && rules.payload_hash.empty()) rules.payload_hash = "UNSIGNED-PAYLOAD";
    if (rules.payload_hash.empty()) {
      return Refusal{"InvalidRequest", "Missing required header for this request: x-amz-content-sha256"};
    }
    if (rules.payload_hash != "UNSIGNED-PAYLOAD" && rules.payload_hash != sha256_hex(call.request->body)) {
      return Refusal{"XAmzContentSHA256Mismatch",
                     "The provided 'x-amz-content-sha256' header does not match what was computed."};
    }
  }
  if (const std::string name = unsigned_header(call, claim); !name.empty()) {
    if (call.service == "s3") {
      return Refusal{"AccessDenied",
                     "There were headers present in the request which were not signed",
                     403,
                     {{"HeadersNotSigned", name}}};
    }
    return wrong_scope(call, "'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (computed_signature(call, claim, rules, secret) != claim.signature) return does_not_match(call);
  if (expiry && now >= *expiry) return token_expired(call);
  return std::nullopt;
}

}  // namespace fa::test
