#include "aws/call_error.h"

#include <fmt/core.h>

#include <array>

#include "aws/clock_skew.h"
#include "base/text.h"

namespace fa::aws {
namespace {

enum class Refusal {
  kNotAllowed,
  kExpired,
  kUnknownKey,
  kBadSignature,
  kWrongClock,
  kArchived,
  kMissing,
  kLimit,
  kThrottled,
  kBroken,
  kElsewhere,
  kInvalid,
};

struct CodeRule {
  std::string_view beginning;
  Refusal refusal;
};
/// Names of services differ in their ends only (`AccessDenied`, `AccessDeniedException`). First match counts.
constexpr std::array<CodeRule, 32> kByCode{{{"ExpiredToken", Refusal::kExpired},
                                            {"TokenRefreshRequired", Refusal::kExpired},
                                            {"ExpiredSecurityToken", Refusal::kExpired},
                                            {"UnrecognizedClient", Refusal::kUnknownKey},
                                            {"InvalidClientTokenId", Refusal::kUnknownKey},
                                            {"InvalidAccessKeyId", Refusal::kUnknownKey},
                                            {"InvalidToken", Refusal::kUnknownKey},
                                            {"InvalidSecurity", Refusal::kUnknownKey},
                                            {"RequestTimeTooSkewed", Refusal::kWrongClock},
                                            {"RequestInTheFuture", Refusal::kWrongClock},
                                            {"RequestExpired", Refusal::kWrongClock},
                                            {"SignatureDoesNotMatch", Refusal::kBadSignature},
                                            {"InvalidSignature", Refusal::kBadSignature},
                                            {"IncompleteSignature", Refusal::kBadSignature},
                                            {"MissingAuthentication", Refusal::kBadSignature},
                                            {"AuthFailure", Refusal::kBadSignature},
                                            {"AuthorizationHeaderMalformed", Refusal::kBadSignature},
                                            {"AccessDenied", Refusal::kNotAllowed},
                                            {"UnauthorizedOperation", Refusal::kNotAllowed},
                                            {"NotAuthorized", Refusal::kNotAllowed},
                                            {"Unauthorized", Refusal::kNotAllowed},
                                            {"AllAccessDisabled", Refusal::kNotAllowed},
                                            {"OptInRequired", Refusal::kNotAllowed},
                                            {"SubscriptionRequired", Refusal::kNotAllowed},
                                            {"KMS", Refusal::kNotAllowed},
                                            {"DecryptionFailure", Refusal::kNotAllowed},
                                            {"InvalidObjectState", Refusal::kArchived},
                                            {"ResourceNotFound", Refusal::kMissing},
                                            {"NoSuch", Refusal::kMissing},
                                            {"NotFound", Refusal::kMissing},
                                            {"EntityTooLarge", Refusal::kLimit},
                                            {"ServiceQuotaExceeded", Refusal::kLimit}}};

Refusal kind_of(int status, std::string_view code) {
  // Repeated like throttling, but it is the caller who can do something: wait for what runs, or ask for less.
  if (code.starts_with("LimitExceeded")) return Refusal::kLimit;
  const RetryDecision::Kind retry = retry_kind(status, code);
  if (retry == RetryDecision::Kind::kThrottled) return Refusal::kThrottled;
  if (retry == RetryDecision::Kind::kTransient || status / 100 == 5) return Refusal::kBroken;
  for (const CodeRule& rule : kByCode) {
    if (code.starts_with(rule.beginning)) return rule.refusal;
  }
  if (status == 401 || status == 403) return Refusal::kNotAllowed;
  if (status == 404) return Refusal::kMissing;
  if (status == 413) return Refusal::kLimit;
  if (status / 100 == 3) return Refusal::kElsewhere;
  return Refusal::kInvalid;
}

ErrorCode code_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNotAllowed:
    case Refusal::kExpired:
    case Refusal::kUnknownKey:
    case Refusal::kBadSignature:
    case Refusal::kWrongClock:
      return ErrorCode::kDenied;
    case Refusal::kArchived:
      return ErrorCode::kUnreadable;
    case Refusal::kMissing:
      return ErrorCode::kNotFound;
    case Refusal::kLimit:
      return ErrorCode::kLimit;
    case Refusal::kThrottled:
    case Refusal::kBroken:
      return ErrorCode::kUnavailable;
    case Refusal::kElsewhere:
    case Refusal::kInvalid:
      return ErrorCode::kInvalidInput;
  }
  return ErrorCode::kInternal;
}

std::string what_happened(Refusal refusal, int attempts) {
  switch (refusal) {
    case Refusal::kNotAllowed:
    case Refusal::kExpired:
    case Refusal::kUnknownKey:
    case Refusal::kBadSignature:
    case Refusal::kWrongClock:
      return "was denied";
    case Refusal::kArchived:
      return "cannot be done";
    case Refusal::kMissing:
      return "did not find it";
    case Refusal::kLimit:
      return "met a limit of the service";
    case Refusal::kThrottled:
      return fmt::format("was throttled {} time{}", attempts, attempts == 1 ? "" : "s");
    case Refusal::kBroken:
      return fmt::format("failed on the service's side, {} time{}", attempts, attempts == 1 ? "" : "s");
    case Refusal::kElsewhere:
      return "was sent elsewhere";
    case Refusal::kInvalid:
      return "was refused as invalid";
  }
  return "failed";
}

/// The word behind `marker` in the service's own sentence: "is not authorized to perform: kms:Decrypt on resource:
/// ...".
std::string word_after(std::string_view text, std::string_view marker) {
  const auto at = text.find(marker);
  if (at == std::string_view::npos) return {};
  std::string_view rest = trim(text.substr(at + marker.size()));
  rest = rest.substr(0, rest.find_first_of(" \t\n"));
  while (rest.ends_with(',') || rest.ends_with('.') || rest.ends_with(';')) rest.remove_suffix(1);
  return std::string(rest);
}

std::string identity_of(const FailedCall& call) {
  return call.identity.empty() ? "the credentials in use" : fmt::format("the credentials in use ({})", call.identity);
}

std::string in_other_region(const ServiceError& said) {
  return fmt::format("It is in region {}: set that region", said.region);
}

std::string advice(Refusal refusal, const FailedCall& call, const ServiceError& said) {
  const Operation& operation = call.operation;
  switch (refusal) {
    case Refusal::kNotAllowed: {
      if (said.code.starts_with("OptIn") || said.code.starts_with("Subscription")) {
        return fmt::format("Enable the service or the region {} for this account", call.region);
      }
      std::string action = word_after(said.message, "to perform: ");
      std::string resource = word_after(said.message, "on resource: ");
      if (action.find(':') == std::string::npos) {
        action = operation.iam_action.empty() ? fmt::format("{}:{}", operation.service->iam_prefix, operation.name)
                                              : operation.iam_action;
        if (said.code.starts_with("KMS") || said.code == "DecryptionFailure") action = "kms:Decrypt";
      }
      if (resource.empty()) resource = operation.about.empty() ? "the resource" : operation.about;
      return fmt::format("Allow {} on {} to {}", action, resource, identity_of(call));
    }
    case Refusal::kExpired:
      return fmt::format("Renew {}: sign in again (aws sso login) or fetch new ones where they came from",
                         identity_of(call));
    case Refusal::kUnknownKey:
      return fmt::format(
          "AWS does not know {}: the key was deleted or made inactive, belongs to another partition (China, GovCloud), "
          "or its session token is missing",
          identity_of(call));
    case Refusal::kBadSignature:
      if (!said.region.empty() && said.region != call.region) return in_other_region(said);
      return fmt::format(
          "The signature made with {} does not hold: check that the secret belongs to the access key, and that no "
          "proxy "
          "on the way changes requests",
          identity_of(call));
    case Refusal::kWrongClock:
      return "Set this machine's clock (NTP)";
    case Refusal::kArchived:
      return fmt::format("The object lies in archive storage{}: restore it, then ask again",
                         said.storage_class.empty() ? "" : fmt::format(" ({})", said.storage_class));
    case Refusal::kMissing:
      return fmt::format("Check the name, the region ({}) and the account", call.region);
    case Refusal::kLimit:
      return "Ask for less at once, wait for what is running, or raise the quota";
    case Refusal::kThrottled:
      return "Something asks this account's service faster than its quota allows; try again later or raise the quota";
    case Refusal::kBroken:
      return "Try again later; the AWS Health Dashboard tells of outages";
    case Refusal::kElsewhere:
      return said.region.empty() ? "Check the region and the endpoint" : in_other_region(said);
    case Refusal::kInvalid:
      return said.region.empty() || said.region == call.region ? std::string() : in_other_region(said);
  }
  return {};
}

/// One line, without a full stop, so that sentences can be set together.
std::string sentence(std::string_view text) {
  std::string line = visible(text);
  for (char& c : line) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  while (line.ends_with('.') || line.ends_with(' ')) line.pop_back();
  return line;
}

std::string details(int status, const ServiceError& said) {
  std::string out = said.code.empty() ? fmt::format("HTTP {}", status) : fmt::format("{}, HTTP {}", said.code, status);
  if (!said.request_id.empty()) out += fmt::format(", request id {}", sentence(said.request_id));
  return out;
}

}  // namespace

std::string describe_call(const Operation& operation, std::string_view region) {
  const std::string_view where = operation.region.empty() ? region : std::string_view(operation.region);
  std::string out = fmt::format("{} {}", operation.service->shown_name, operation.name);
  if (operation.about.empty()) return where.empty() ? out : fmt::format("{} ({})", out, where);
  return where.empty() ? fmt::format("{} ({})", out, operation.about)
                       : fmt::format("{} ({}, {})", out, operation.about, where);
}

Error refusal_error(const FailedCall& call, int http_status, const ServiceError& said) {
  Operation shown = call.operation;
  shown.region = call.region;
  const Refusal refusal = kind_of(http_status, said.code);
  std::string message = fmt::format("{} {}", describe_call(shown, call.region), what_happened(refusal, call.attempts));
  if (const std::string words = sentence(said.message); !words.empty()) {
    message += fmt::format(": {}", words);
  } else if (said.code.empty() && http_status / 100 == 4 && call.operation.method != "HEAD") {
    message += ", without a word from AWS (a proxy or gateway may have answered)";
  }
  message += fmt::format(" [{}].", details(http_status, said));
  if (const std::string next = advice(refusal, call, said); !next.empty()) message += fmt::format(" {}.", next);
  return {code_of(refusal), std::move(message), said.code};
}

Error unanswered_error(const FailedCall& call, const Error& error) {
  Operation shown = call.operation;
  shown.region = call.region;
  const std::string what = describe_call(shown, call.region);
  if (error.code != ErrorCode::kUnavailable)
    return {error.code, fmt::format("{}: {}", what, error.message), error.reason};
  std::string next = "Try again later";
  if (error.reason == "ResolveFailed") {
    next = fmt::format("Check that {} is a region's name and that this machine can resolve names", call.region);
  } else if (error.reason == "ConnectFailed" || error.reason == "Timeout") {
    next = "Check network, proxy (https_proxy) and firewall, or the VPC endpoint";
  } else if (error.reason == "Tls") {
    next = "If a proxy inspects TLS, name its certificate with AWS_CA_BUNDLE";
  }
  return {error.code,
          fmt::format("{} got no answer after {} attempt{}: {}. {}.", what, call.attempts,
                      call.attempts == 1 ? "" : "s", sentence(error.message), next),
          error.reason};
}

}  // namespace fa::aws
