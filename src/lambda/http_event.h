#pragma once

#include <string>

#include "base/result.h"
#include "server/web_server.h"

/// HTTP requests as Lambda gets them. Formats:
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html (1.0 and 2.0)
/// and https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html (2.0).
namespace fa::lambda {

/// More than Slack or an alarm sends.
inline constexpr std::size_t kMostRequestBytes = std::size_t{1} << 20;

/// The request in an event of API Gateway (REST and HTTP APIs) or of a function URL. The path is what the application
/// sees: without the stage, and where the gateway has a `{proxy+}` resource, what that stands for. Header names keep
/// their case, as find_header() does not mind it; several values of one header are joined by commas, cookies are left
/// out. kInvalidInput: no such event; kLimit: its body has more than kMostRequestBytes.
[[nodiscard]] Result<server::ServerRequest> parse_http_event(const std::string& payload);

/// The answer of either format. Bodies must be UTF-8.
[[nodiscard]] std::string http_event_answer(const server::ServerResponse& response);

}  // namespace fa::lambda
