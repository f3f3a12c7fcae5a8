#include "aws/client.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "aws/call_error.h"
#include "aws/clock_skew.h"
#include "aws/sigv4.h"
#include "aws/uri.h"
#include "base/text.h"

namespace fa::aws {
namespace {

/// Passes a body on and counts it.
class CountingSink final : public BodySink {
 public:
  explicit CountingSink(BodySink& inner) : inner_(inner) {}
  Result<void> restart() override { return inner_.restart(); }
  Result<void> write(std::string_view bytes) override {
    bytes_ += bytes.size();
    return inner_.write(bytes);
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  BodySink& inner_;
  std::uint64_t bytes_ = 0;
};

bool is_s3(const Operation& operation) { return operation.service->protocol == Protocol::kRestXml; }

/// An address or localhost: a bucket cannot be put before it as a host name.
bool is_bare_host(const std::string& url) {
  const auto parsed = parse_url(url);
  if (!parsed) return false;
  const std::string_view host = parsed->host;
  return host == "localhost" || host.starts_with('[') ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool wants_path_style(const std::string& bucket, const std::string& override_url) {
  if (bucket.starts_with("arn:")) return false;  // access points have no path style
  if (!override_url.empty() && is_bare_host(override_url)) return true;
  const bool plain_http = override_url.starts_with("http://");
  return !plain_http && bucket.find('.') != std::string::npos;
}

void add_protocol_headers(const Operation& operation, HttpRequest& request) {
  const Service& service = *operation.service;
  switch (service.protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      set_header(request.headers, "Content-Type",
                 service.protocol == Protocol::kJson10 ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1");
      set_header(request.headers, "X-Amz-Target", fmt::format("{}.{}", service.target_prefix, operation.name));
      if (request.body.empty()) request.body = "{}";
      break;
    case Protocol::kRestJson:
      if (!request.body.empty()) set_header(request.headers, "Content-Type", "application/json");
      break;
    case Protocol::kRestXml:
      break;
    case Protocol::kQuery:
      set_header(request.headers, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
      request.body = query_string({{"Action", operation.name}, {"Version", std::string(service.api_version)}}) +
                     (operation.body.empty() ? "" : "&" + operation.body);
      break;
  }
  set_header(request.headers, "User-Agent", "fa2/" FA_VERSION);
}

bool is_expired_token(std::string_view code) {
  return code.starts_with("ExpiredToken") || code == "TokenRefreshRequired";
}

/// No service word may carry what signed the request.
std::string without_secrets(std::string text, const Credentials& credentials) {
  for (const std::string* secret : {&credentials.secret_access_key.reveal(), &credentials.session_token.reveal()}) {
    if (secret->size() < 8) continue;
    for (auto at = text.find(*secret); at != std::string::npos; at = text.find(*secret, at)) {
      text.replace(at, secret->size(), "***");
    }
  }
  return text;
}

}  // namespace

/// What one call has been through so far.
struct Client::Course {
  explicit Course(const Operation& asked) : operation(asked) {}

  const Operation& operation;
  std::string region;   ///< Asked; changes when S3 says that the bucket is elsewhere.
  HttpRequest request;  ///< Ready but for the signature.
  SigningScope scope;
  std::string host;
  Credentials credentials;  ///< Of the last attempt.
  Nanoseconds skew{0};      ///< Of the last attempt.
  int attempts = 0;
  bool unsent = false;  ///< The last attempt failed before anything was sent; asking again would not help.
  bool skew_mended = false;
  bool renewed = false;
  bool redirected = false;
};

Client::Client(ClientWorld world, ClientSettings settings) : world_(world), settings_(std::move(settings)) {}

CallCounters Client::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

std::optional<std::string> Client::known_bucket_region(const std::string& bucket) const {
  const std::lock_guard lock(mutex_);
  const auto found = bucket_regions_.find(bucket);
  if (found == bucket_regions_.end()) return std::nullopt;
  return found->second;
}

void Client::learn_bucket_region(const Operation& operation, std::string_view region) {
  constexpr std::size_t kMostBuckets = 10'000;
  if (operation.bucket.empty() || region.empty()) return;
  const std::lock_guard lock(mutex_);
  if (bucket_regions_.size() < kMostBuckets) bucket_regions_[operation.bucket] = std::string(region);
}

Result<void> Client::prepare(Course& course) const {
  const Operation& operation = course.operation;
  EndpointRequest wanted;
  wanted.service = std::string(operation.service->name);
  wanted.region = course.region;
  wanted.use_fips = settings_.shared.use_fips;
  wanted.use_dual_stack = settings_.shared.use_dual_stack;
  wanted.override_url = settings_.shared.endpoint_url(operation.service->settings_id);
  wanted.bucket = operation.bucket;
  wanted.force_path_style =
      !operation.bucket.empty() && (settings_.s3_path_style || wants_path_style(operation.bucket, wanted.override_url));
  const auto endpoint = resolve_endpoint(wanted);
  if (!endpoint) return tl::unexpected(endpoint.error());

  HttpRequest& request = course.request;
  request.method = operation.method;
  request.url = endpoint->url + operation.path;
  if (!operation.query.empty()) request.url += "?" + query_string(operation.query);
  request.headers = operation.headers;
  request.body = operation.body;
  request.max_response_bytes = operation.max_response_bytes;
  request.timeout = operation.timeout;
  request.stall_timeout = operation.stall_timeout;
  request.decode_content = operation.decode_content;
  add_protocol_headers(operation, request);

  const auto url = parse_url(request.url);
  if (!url) return tl::unexpected(url.error());
  course.host = url->authority();
  course.scope.region = endpoint->signing_region;
  course.scope.service = endpoint->signing_name;
  course.scope.encode_path_twice = !is_s3(operation);
  course.scope.normalize_path = !is_s3(operation);
  course.scope.content_sha256_header = is_s3(operation);
  return {};
}

Result<HttpResponse> Client::send(Course& course, const Context& context, BodySink* sink) {
  ++course.attempts;
  course.unsent = true;
  auto credentials = world_.credentials.get(context);
  if (!credentials) return tl::unexpected(credentials.error());
  course.credentials = std::move(*credentials);
  course.skew = clock_skew();
  HttpRequest request = course.request;
  const auto signed_parts = sign_request(request, course.scope, course.credentials, world_.clock.now() + course.skew);
  if (!signed_parts) return tl::unexpected(signed_parts.error());
  course.unsent = false;
  {
    const std::lock_guard lock(mutex_);
    ++counters_.calls[fmt::format("{}:{}", course.operation.service->iam_prefix, course.operation.name)];
  }
  std::optional<CountingSink> counting;
  if (sink != nullptr) counting.emplace(*sink);
  auto response = world_.http.send(request, context, counting ? &*counting : nullptr);
  const std::lock_guard lock(mutex_);
  if (response) counters_.bytes_received += response->body.size();
  if (counting) counters_.bytes_received += counting->bytes();
  return response;
}

Result<HttpResponse> Client::attempt(Course& course, const Context& context, BodySink* sink) {
  // What was refused for its signature, credentials or region is asked again at once as part of the same attempt: each
  // of these is mended once a call, so that this ends.
  while (true) {
    auto response = send(course, context, sink);
    if (!response) return response;
    if (const auto region = find_header(response->headers, "x-amz-bucket-region")) {
      learn_bucket_region(course.operation, *region);
    }
    if (response->status / 100 == 2 || context.stopped() || !mend(course, *response)) return response;
  }
}

bool Client::mend(Course& course, const HttpResponse& response) {
  const Operation& operation = course.operation;
  const ServiceError said = parse_service_error(operation.service->protocol, response);

  if (!course.skew_mended && may_be_clock_skew(response.status, said.code)) {
    if (const auto skew = learned_skew(response.headers, world_.clock.now(), course.skew)) {
      skew_.store(skew->count());
      course.skew_mended = true;
      return true;
    }
  }
  if (!course.renewed && is_expired_token(said.code)) {
    world_.credentials.invalidate(course.credentials);
    course.renewed = true;
    return true;
  }
  // HEAD has no body, so that a wrong region then looks like any bad request.
  const bool elsewhere = response.status / 100 == 3 || said.code == "PermanentRedirect" ||
                         said.code == "AuthorizationHeaderMalformed" ||
                         (operation.method == "HEAD" && response.status == 400);
  if (!course.redirected && elsewhere && !operation.bucket.empty() && !said.region.empty() &&
      said.region != course.region) {
    learn_bucket_region(operation, said.region);
    course.region = said.region;
    course.redirected = true;
    return prepare(course).has_value();
  }
  return false;
}

RetryDecision Client::decide(const Course& course, const Result<HttpResponse>& outcome) const {
  using Kind = RetryDecision::Kind;
  if (!outcome) {
    // Errors without a reason are not the network's but a sink's.
    const bool network = outcome.error().code == ErrorCode::kUnavailable && !outcome.error().reason.empty();
    return {network && !course.unsent ? Kind::kTransient : Kind::kDone, {}};
  }
  if (outcome->status / 100 == 2) return {};
  const std::string code = parse_service_error(course.operation.service->protocol, *outcome).code;
  const Kind kind = retry_kind(outcome->status, code);
  if (kind == Kind::kDone) return {};
  return {kind, retry_after_of(outcome->headers, world_.clock.now())};
}

Result<HttpResponse> Client::call(const Operation& operation, const Context& context, BodySink* sink) {
  Course course(operation);
  course.region = operation.region.empty() ? settings_.region : operation.region;
  if (!operation.bucket.empty()) course.region = known_bucket_region(operation.bucket).value_or(course.region);
  const auto failed = [&]() -> FailedCall {
    return {operation, course.region, std::max(course.attempts, 1), course.credentials.origin, course.skew};
  };
  if (course.region.empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{}: no region is known. Give one with --region, AWS_REGION or the profile's `region`.",
                            describe_call(operation, {})));
  }
  if (auto ready = prepare(course); !ready) return tl::unexpected(unanswered_error(failed(), ready.error()));

  auto outcome = world_.retrier.run(
      course.host, [&](int) { return attempt(course, context, sink); },
      [&](const Retrier::Outcome& last) { return decide(course, last); }, context);
  if (!outcome) {
    if (course.unsent) return outcome;  // the provider's own words say all there is to say
    return tl::unexpected(unanswered_error(failed(), outcome.error()));
  }
  if (outcome->status / 100 == 2) return outcome;
  ServiceError said = parse_service_error(operation.service->protocol, *outcome);
  said.message = without_secrets(std::move(said.message), course.credentials);
  return tl::unexpected(refusal_error(failed(), outcome->status, said));
}

}  // namespace fa::aws
