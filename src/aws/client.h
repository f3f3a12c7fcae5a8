#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/profile.h"
#include "base/wait.h"
#include "net/retry.h"

namespace fa::aws {

enum class Protocol { kJson10, kJson11, kRestJson, kRestXml, kQuery };

/// What is the same for all operations of a service.
struct Service {
  std::string_view name;        ///< Endpoint rules' name: `cloudwatch`.
  std::string_view shown_name;  ///< For messages: `CloudWatch`.
  /// `cloudwatch`, `cloudwatch_logs`, `s3`: as in AWS_ENDPOINT_URL_<ID> and services sections.
  std::string_view settings_id;
  std::string_view iam_prefix;  ///< `logs` of `logs:FilterLogEvents`; mostly the signing name.
  Protocol protocol = Protocol::kJson11;
  std::string_view target_prefix;  ///< X-Amz-Target before the dot, JSON protocols.
  std::string_view api_version;    ///< Query protocol.
};

/// One call. `body` is ready-made for the JSON protocols; for the query protocol it holds the parameters, form-encoded,
/// without Action and Version.
struct Operation {
  const Service* service = nullptr;
  std::string name;   ///< `FilterLogEvents`.
  std::string about;  ///< What it is asked of, for messages: `log group /ecs/orders`. May be empty.
  /// The permission it needs where that is not iam_prefix:name: `s3:ListBucket` of ListObjectsV2.
  std::string iam_action = {};
  std::string region;  ///< Empty: the client's.
  std::string method = "POST";
  std::string path = "/";                                  ///< Encoded; behind the endpoint's own path.
  std::vector<std::pair<std::string, std::string>> query;  ///< Not encoded, in wire order.
  HttpHeaders headers;                                     ///< Beyond those of the protocol.
  std::string body;
  std::string bucket;  ///< S3 only; the endpoint's host or path gets it.
  std::uint64_t max_response_bytes = std::uint64_t{64} << 20;
  Nanoseconds timeout = std::chrono::seconds(60);
  Nanoseconds stall_timeout = std::chrono::seconds(30);  ///< Without a byte in either direction.
  bool decode_content = true;  ///< False: the bytes as they are stored, whatever Content-Encoding says.
};

/// Calls by "iam_prefix:Operation" (`logs:FilterLogEvents`), for the report's usage. Repeated attempts count: they are
/// requests too.
struct CallCounters {
  std::map<std::string, std::uint64_t> calls;
  std::uint64_t bytes_received = 0;
};

/// What a client is made of. All references borrowed; must outlive the client.
struct ClientWorld {
  HttpClient& http;
  Retrier& retrier;
  CredentialsProvider& credentials;
  const Clock& clock;
};

struct ClientSettings {
  std::string region;
  SharedSettings shared;
  /// Also chosen by itself for buckets with dots over https (their host would not match the certificate) and for
  /// overridden endpoints on an IP address or localhost.
  bool s3_path_style = false;
};

/// Signed calls of one identity: resolves the endpoint, signs, sends, repeats what may be repeated, and turns refusals
/// into errors. Thread-safe.
///
/// Errors: kDenied (AccessDenied*, UnrecognizedClient*, InvalidClientTokenId, ExpiredToken after renewal, ...; the
/// message names the IAM action), kNotFound (ResourceNotFoundException, NoSuchKey, NoSuchBucket), kLimit
/// (LimitExceeded*, too large), kInvalidInput (ValidationError and other 4xx), kUnavailable (5xx, throttling, no
/// answer, an answer that cannot be understood), kCancelled. `reason` is the service's own error code. Messages say
/// which service, operation, resource and region, the service's words, the HTTP status and request id; never
/// credentials.
class Client {
 public:
  Client(ClientWorld world, ClientSettings settings);

  /// The answer of status 2xx. The body goes to `sink` when there is one. Besides the retries: a clock more than four
  /// minutes off is learned from the Date header, expired credentials are renewed, and the region of a bucket is
  /// learned from S3's redirects; each once a call, and then asked again at once.
  Result<HttpResponse> call(const Operation& operation, const Context& context, BodySink* sink = nullptr);

  [[nodiscard]] const std::string& region() const { return settings_.region; }
  [[nodiscard]] CallCounters counters() const;
  /// Service's clock minus ours, as learned from refused signatures; what signing adds.
  [[nodiscard]] Nanoseconds clock_skew() const { return Nanoseconds{skew_.load()}; }
  /// Where a bucket is, as far as any answer, refusals included, has told; calls to the bucket use it.
  [[nodiscard]] std::optional<std::string> known_bucket_region(const std::string& bucket) const;

 private:
  struct Course;
  Result<void> prepare(Course& course) const;
  Result<HttpResponse> attempt(Course& course, const Context& context, BodySink* sink);
  Result<HttpResponse> send(Course& course, const Context& context, BodySink* sink);
  RetryDecision decide(const Course& course, const Result<HttpResponse>& outcome) const;
  bool mend(Course& course, const HttpResponse& response);
  void learn_bucket_region(const Operation& operation, std::string_view region);

  ClientWorld world_;
  ClientSettings settings_;
  std::atomic<std::int64_t> skew_{0};
  mutable std::mutex mutex_;
  CallCounters counters_;
  std::map<std::string, std::string> bucket_regions_;
};

/// `CloudWatch Logs FilterLogEvents (log group /ecs/orders, ap-northeast-1)`: how messages name a call.
std::string describe_call(const Operation& operation, std::string_view region);

/// What a service said went wrong.
struct ServiceError {
  std::string code;  ///< Without namespace and suffix: `ThrottlingException`.
  std::string message;
  std::string request_id;
  std::string region = {};         ///< S3: where the bucket is, when the refusal tells.
  std::string storage_class = {};  ///< S3: of an archived object.
};

/// Reads an error answer of any protocol (x-amzn-errortype, `__type`, `code`, XML `<Error>` and `<ErrorResponse>`,
/// bodies that are empty or no error document at all). Never longer than a few lines, whatever the body.
ServiceError parse_service_error(Protocol protocol, const HttpResponse& response);

/// Whether asking again may help, by the published retry rules of the AWS SDKs ("standard" mode).
RetryDecision::Kind retry_kind(int http_status, std::string_view error_code);

}  // namespace fa::aws
