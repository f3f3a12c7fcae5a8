#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http.h"
#include "support/aws/world.h"
#include "support/http_server.h"

namespace fa::test {

struct InsightsAnswer;

enum class FaultKind {
  kThrottle,      ///< The service's own throttling error.
  kServerError,   ///< 500 with an error document.
  kTimeout,       ///< No answer.
  kDenied,        ///< AccessDenied in the service's form.
  kGarbage,       ///< 200 with a body that is not what the protocol says.
  kCut,           ///< Connection lost in the middle of the body.
  kEmpty,         ///< An answer with nothing in it (no events, no objects, ...), well formed.
  kEndlessPages,  ///< A next token for ever, new each time; queries that are polled never end.
  kSameToken,     ///< The same next token for ever; queries that are polled never end.
  kExpiredToken,
  kHuge,   ///< A well-formed beginning and then more bytes than the request allows (80 MiB at the most).
  kDelay,  ///< The right answer after `delay`.
};

struct Fault {
  std::string service;    ///< Endpoint name: logs, s3, ...; empty: any.
  std::string operation;  ///< Empty: any.
  FaultKind kind = FaultKind::kThrottle;
  int times = -1;  ///< -1: for ever.
  std::chrono::milliseconds delay{0};
};

/// A request the stand-in got, as check_request.py wants it.
struct CapturedRequest {
  std::string service;
  std::string operation;
  HttpRequest request;  ///< `url`: path and query
  std::string host;
};

/// The AWS services FA2 uses, in this process: logs, cloudwatch, s3, sts, xray, athena, cloudtrail, secretsmanager,
/// securityhub, guardduty, dynamodb, lambda.
/// Pages by small pages (so that tests see several), checks every signature by computing it anew, answers as the
/// service models say. Thread-safe.
class AwsStandIn {
 public:
  explicit AwsStandIn(AwsWorld world);
  ~AwsStandIn();
  AwsStandIn(const AwsStandIn&) = delete;
  AwsStandIn& operator=(const AwsStandIn&) = delete;

  /// `url` is absolute, or path and query with a Host header. Never throws.
  [[nodiscard]] ServerAnswer answer(const HttpRequest& request);
  /// For HttpServer: the stand-in behind a socket (`HttpServer server(stand_in.handler())`).
  [[nodiscard]] HttpServer::Handler handler() {
    return [this](const HttpRequest& request) { return answer(request); };
  }
  void add_fault(Fault fault);
  void clear_faults();
  [[nodiscard]] std::vector<CapturedRequest> requests() const;
  /// Number of calls of one operation.
  [[nodiscard]] std::uint64_t calls(const std::string& service, const std::string& operation) const;
  [[nodiscard]] AwsWorld& world();  ///< To change between calls, not during them.

  std::size_t page_size = 3;          ///< Objects, groups, metrics and other listings.
  std::size_t event_page_size = 100;  ///< FilterLogEvents.
  int polls_until_done = 2;           ///< Insights and Athena queries report Running this often.
  std::size_t insights_row_limit = 10'000;
  std::size_t concurrent_queries = 30;  ///< Insights queries at a time; one more is a LimitExceededException.
  std::size_t filter_scan_size = 1000;  ///< Events a FilterLogEvents call looks at when there is a pattern, at most.
  std::size_t metric_page_points = 10'000;  ///< Values a page of GetMetricData holds at most.
  std::size_t result_page_size = 100;       ///< Rows of Athena's GetQueryResults.
  std::size_t lookup_page_size = 50;        ///< CloudTrail events.
  std::size_t dynamo_page_items = 40;       ///< Of Query and Scan.
  std::size_t dynamo_batch_items = 40;      ///< Of BatchGetItem; the others stay unprocessed.
  std::size_t dynamo_conflict_every = 0;    ///< So many transactions, and one is refused for another one's sake.
  /// Takes an asynchronous invocation of a Lambda function (name, payload); false: there is none of that name.
  /// Thread-safe by the test.
  std::function<bool(const std::string& function, const std::string& payload)> invoke;
  /// Answers Insights queries instead of evaluate_insights(). Thread-safe by the test.
  std::function<InsightsAnswer(const std::string& query, TimeRange range, std::size_t limit)> insights;
  /// How an Insights query ends; empty text or no function: `Complete`. `Running` never ends. Thread-safe by the test.
  std::function<std::string(const std::string& query)> insights_end;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The stand-in without sockets: an HttpClient that calls answer(). Timeouts and cut connections become the errors that
/// CurlClient gives, at once.
class StandInHttp final : public HttpClient {
 public:
  explicit StandInHttp(AwsStandIn& stand_in) : stand_in_(stand_in) {}
  Result<HttpResponse> send(const HttpRequest& request, const Context& context, BodySink* sink = nullptr) override;

 private:
  AwsStandIn& stand_in_;
};

/// Runs check_request.py of ../shared/tools over all captured requests: what it found wrong, one line each. nullopt
/// where the checker or python3-botocore is missing (the test then says that it skips this).
std::optional<std::vector<std::string>> check_requests(const std::vector<CapturedRequest>& requests);

}  // namespace fa::test
