#include <algorithm>
#include <array>
#include <cstring>
#include <pugixml.hpp>

#include "aws/client.h"
#include "base/json.h"
#include "base/text.h"

namespace fa::aws {
namespace {

constexpr std::size_t kMostDocumentBytes = std::size_t{256} << 10;  ///< Real error documents have a few hundred bytes.
constexpr std::size_t kMostMessageBytes = 1500;
constexpr std::size_t kMostCodeBytes = 128;

/// `com.amazon.coral.service#ThrottlingException:http://internal/...` -> `ThrottlingException`. Anything that does not
/// look like a name then is none.
std::string clean_code(std::string_view code) {
  if (const auto hash = code.rfind('#'); hash != std::string_view::npos) code.remove_prefix(hash + 1);
  code = trim(code.substr(0, code.find_first_of(":;")));
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  if (code.size() > kMostCodeBytes || !std::all_of(code.begin(), code.end(), fits)) return {};
  return std::string(code);
}

std::string clean_text(std::string_view text, std::size_t most) {
  std::string out = sanitize_utf8(trim(text));
  if (out.size() > most) out = std::string(utf8_prefix(out, most)) + "...";
  return out;
}

std::string header_text(const HttpHeaders& headers, std::string_view name) {
  return std::string(find_header(headers, name).value_or(std::string_view{}));
}

void read_json(std::string_view body, ServiceError& error) {
  const auto document = parse_json(body);
  if (!document.is_object()) return;
  const auto text = [&](std::initializer_list<const char*> names) -> std::string {
    for (const char* name : names) {
      const auto found = document.find(name);
      if (found != document.end() && found->is_string()) return found->get<std::string>();
    }
    return {};
  };
  if (error.code.empty()) error.code = clean_code(text({"__type", "code", "Code"}));
  error.message = text({"message", "Message", "errorMessage"});
}

void read_xml(std::string_view body, ServiceError& error) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) return;
  const pugi::xml_node root = document.document_element();
  pugi::xml_node found = root;
  if (std::strcmp(root.name(), "ErrorResponse") == 0) {
    found = root.child("Error");
  } else if (std::strcmp(root.name(), "Response") == 0) {
    found = root.child("Errors").child("Error");
  } else if (std::strcmp(root.name(), "Error") != 0) {
    // Front ends of JSON services answer <AccessDeniedException><Message>...</...> before a service is reached.
    if (error.code.empty() && std::string_view(root.name()).ends_with("Exception")) {
      error.code = clean_code(root.name());
      error.message = root.child_value("Message");
    }
    return;
  }
  if (error.code.empty()) error.code = clean_code(found.child_value("Code"));
  error.message = found.child_value("Message");
  error.region = clean_code(found.child_value("Region"));
  error.storage_class = clean_code(found.child_value("StorageClass"));
  if (error.request_id.empty()) {
    for (const pugi::xml_node& node : {found, root}) {
      for (const char* name : {"RequestId", "RequestID"}) {
        if (error.request_id.empty()) error.request_id = node.child_value(name);
      }
    }
  }
}

/// Refused signatures come with the canonical request, and that with the session token, in their message.
void drop_canonical_request(std::string& message) {
  const auto begins = message.find("The Canonical String");
  if (begins != std::string::npos) message.resize(begins);
}

}  // namespace

ServiceError parse_service_error(Protocol protocol, const HttpResponse& response) {
  ServiceError error;
  for (const char* name : {"x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"}) {
    if (error.request_id.empty()) error.request_id = header_text(response.headers, name);
  }
  if (protocol != Protocol::kRestXml) error.code = clean_code(header_text(response.headers, "x-amzn-errortype"));
  const std::string_view body = trim(response.body);
  if (!body.empty() && body.size() <= kMostDocumentBytes) {
    // What the body is decides, not the protocol: gateways before a service answer in a form of their own.
    if (body.front() == '{') read_json(body, error);
    if (body.front() == '<') read_xml(body, error);
  }
  if (error.code.empty()) error.code = clean_code(header_text(response.headers, "x-amzn-query-error"));
  if (const auto region = find_header(response.headers, "x-amz-bucket-region")) error.region = clean_code(*region);
  drop_canonical_request(error.message);
  error.message = clean_text(error.message, kMostMessageBytes);
  error.request_id = clean_text(error.request_id, kMostCodeBytes);
  return error;
}

RetryDecision::Kind retry_kind(int http_status, std::string_view error_code) {
  using Kind = RetryDecision::Kind;
  // Lists and statuses: "Retry behavior" of the AWS SDKs and Tools Reference Guide, standard mode.
  constexpr std::array<std::string_view, 14> kThrottles{"BandwidthLimitExceeded",
                                                        "EC2ThrottledException",
                                                        "LimitExceededException",
                                                        "PriorRequestNotComplete",
                                                        "ProvisionedThroughputExceededException",
                                                        "RequestLimitExceeded",
                                                        "RequestThrottled",
                                                        "RequestThrottledException",
                                                        "SlowDown",
                                                        "ThrottledException",
                                                        "Throttling",
                                                        "ThrottlingException",
                                                        "TooManyRequestsException",
                                                        "TransactionInProgressException"};
  constexpr std::array<std::string_view, 2> kTransients{"RequestTimeout", "RequestTimeoutException"};
  if (http_status / 100 == 2) return Kind::kDone;
  if (std::find(kThrottles.begin(), kThrottles.end(), error_code) != kThrottles.end()) return Kind::kThrottled;
  // Not on the list, but what the number means (RFC 6585); load balancers before a service answer so.
  if (http_status == 429) return Kind::kThrottled;
  if (std::find(kTransients.begin(), kTransients.end(), error_code) != kTransients.end()) return Kind::kTransient;
  if (http_status == 500 || http_status == 502 || http_status == 503 || http_status == 504) return Kind::kTransient;
  return Kind::kDone;
}

}  // namespace fa::aws
