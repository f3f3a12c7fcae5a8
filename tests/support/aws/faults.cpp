#include "support/aws/faults.h"

#include <utility>

#include "support/aws/json_fields.h"

namespace fa::test {
namespace {

using wire::Call;
using wire::Refusal;

struct PagedOperation {
  std::string_view operation;
  const char* token;
};
/// Members that carry page tokens: the same name in request and answer everywhere.
constexpr PagedOperation kPaged[] = {
    {"DescribeLogGroups", "nextToken"}, {"FilterLogEvents", "nextToken"}, {"ListMetrics", "NextToken"},
    {"GetMetricData", "NextToken"},     {"DescribeAlarms", "NextToken"},  {"DescribeAlarmHistory", "NextToken"},
    {"GetTraceSummaries", "NextToken"}, {"BatchGetTraces", "NextToken"},  {"GetServiceGraph", "NextToken"},
    {"LookupEvents", "NextToken"},      {"ListFindings", "nextToken"},
};

wire::Outcome endless_listing(PlayedService& service, const Call& call, const std::string& token) {
  Call first = call;
  std::erase_if(first.parameters, [](const auto& p) { return p.first == "continuation-token"; });
  auto answer = service.answer(first);
  if (!answer) return answer;
  std::string& body = answer->body;
  constexpr std::string_view kEnd = "</ListBucketResult>";
  if (const auto at = body.find("<IsTruncated>false"); at != std::string::npos) {
    body.replace(at, std::string_view("<IsTruncated>false").size(), "<IsTruncated>true");
  }
  if (const auto from = body.find("<NextContinuationToken>"); from != std::string::npos) {
    constexpr std::string_view kClose = "</NextContinuationToken>";
    body.erase(from, body.find(kClose) + kClose.size() - from);
  }
  if (const auto at = body.find(kEnd); at != std::string::npos) {
    body.insert(at, "<NextContinuationToken>" + token + "</NextContinuationToken>");
  }
  return answer;
}

}  // namespace

void FaultBook::add(Fault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void FaultBook::clear() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::optional<Fault> FaultBook::take(const Call& call) {
  const std::lock_guard lock(mutex_);
  for (Fault& fault : faults_) {
    if (fault.times == 0 || (!fault.service.empty() && fault.service != call.service) ||
        (!fault.operation.empty() && fault.operation != call.operation)) {
      continue;
    }
    if (fault.times > 0) --fault.times;
    return fault;
  }
  return std::nullopt;
}

std::optional<Refusal> fault_refusal(FaultKind kind, const Call& call) {
  const std::string& service = call.service;
  const bool xml = service == "s3" || service == "sts";
  switch (kind) {
    case FaultKind::kThrottle:
      if (service == "s3") return Refusal{"SlowDown", "Please reduce your request rate.", 503};
      if (service == "sts") return Refusal{"Throttling", "Rate exceeded", 400};
      if (service == "xray") return Refusal{"ThrottledException", "Rate exceeded", 429};
      if (wire::is_rest_json(service)) return Refusal{"TooManyRequestsException", "Too Many Requests", 429};
      if (service == "athena") return Refusal{"TooManyRequestsException", "Rate exceeded", 400};
      return Refusal{"ThrottlingException", "Rate exceeded", 400, {}, {}, "Throttling"};
    case FaultKind::kServerError:
      if (service == "s3") return Refusal{"InternalError", "We encountered an internal error. Please try again.", 500};
      if (service == "logs")
        return Refusal{"ServiceUnavailableException", "The service cannot complete the request.", 500};
      if (service == "cloudwatch") {
        return Refusal{"InternalServiceFault", "Internal service fault", 500, {}, {}, "InternalServiceError"};
      }
      if (service == "athena") return Refusal{"InternalServerException", "Internal server error", 500};
      if (service == "secretsmanager")
        return Refusal{"InternalServiceError", "An error occurred on the server side.", 500};
      return Refusal{"InternalFailure", "The request processing has failed because of an unknown error.", 500};
    case FaultKind::kDenied: {
      const std::string action =
          (service == "s3" && call.operation == "ListObjectsV2" ? std::string("s3:ListBucket")
                                                                : service + ":" + call.operation);
      std::string words = "User: " + call.caller_arn + " is not authorized to perform: " + action +
                          " because no identity-based policy allows the " + action + " action";
      if (service == "s3") words = "Access Denied";
      return Refusal{xml ? "AccessDenied" : "AccessDeniedException",
                     words,
                     xml || wire::is_rest_json(service) ? 403 : 400,
                     {},
                     {},
                     "AccessDenied"};
    }
    case FaultKind::kExpiredToken:
      if (service == "s3") return Refusal{"ExpiredToken", "The provided token has expired.", 400};
      return Refusal{service == "sts" ? "ExpiredToken" : "ExpiredTokenException",
                     "The security token included in the request is expired",
                     service == "sts" || wire::is_rest_json(service) ? 403 : 400,
                     {},
                     {},
                     "ExpiredToken"};
    default:
      return std::nullopt;
  }
}

wire::Outcome endless_answer(PlayedService& service, const Call& call, const std::string& token) {
  if (call.service == "s3") {
    return call.operation == "ListObjectsV2" ? endless_listing(service, call, token) : service.answer(call);
  }
  const char* name = nullptr;
  for (const PagedOperation& paged : kPaged) {
    if (paged.operation == call.operation) name = paged.token;
  }
  const bool athena_rows = call.service == "athena" && call.operation == "GetQueryResults";
  if (athena_rows) name = "NextToken";
  // Of the same name in both services: Security Hub's has pages, GuardDuty's has not.
  if (call.service == "securityhub") name = "NextToken";
  const bool polled =
      (call.service == "logs" && call.operation == "GetQueryResults") || call.operation == "GetQueryExecution";
  if (name == nullptr && !polled) return service.answer(call);

  HttpRequest request = *call.request;
  Json body = parse_json(request.body);
  if (name != nullptr && body.is_object()) {
    body.erase(name);
    request.body = dump(body);
  }
  Call first = call;
  first.request = &request;
  auto answer = service.answer(first);
  if (!answer) return answer;
  Json said = parse_json(answer->body);
  if (!said.is_object()) return answer;
  if (name != nullptr) said[name] = token;
  if (polled && call.service == "logs") {
    said["status"] = "Running";
    said["results"] = Json::array();
  } else if (polled && said.contains("QueryExecution")) {
    said["QueryExecution"]["Status"] = Json{{"State", "RUNNING"}};
  }
  answer->body = dump(said);
  return answer;
}

}  // namespace fa::test
