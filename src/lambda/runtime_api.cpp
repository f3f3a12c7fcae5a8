#include "lambda/runtime_api.h"

#include <fmt/core.h>

#include <charconv>

#include "base/json.h"

namespace fa::lambda {
namespace {

/// A frozen process may thaw after days, and the clock that timeouts are counted by may have gone on.
constexpr Nanoseconds kAsLongAsItTakes = std::chrono::hours(24 * 365);
/// Events have 6 MB at the most; room for what stands around them.
constexpr std::uint64_t kMostEventBytes = std::uint64_t{8} << 20;

/// Lambda writes the deadline in milliseconds since 1970.
TimePoint deadline_of(const HttpResponse& response) {
  const std::string_view text = find_header(response.headers, "Lambda-Runtime-Deadline-Ms").value_or("");
  std::int64_t milliseconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  constexpr std::int64_t kMost = std::int64_t{1} << 43;  // Far beyond all deadlines, and no overflow in nanoseconds.
  if (error != std::errc() || end != text.data() + text.size() || milliseconds <= 0 || milliseconds > kMost) {
    return kNoTime;
  }
  return from_unix_nanos(0) + std::chrono::milliseconds(milliseconds);
}

}  // namespace

RuntimeApi::RuntimeApi(HttpClient& http, const std::string& address)
    : http_(http), base_("http://" + address + "/2018-06-01/runtime") {}

Result<Invocation> RuntimeApi::next(const Context& context) {
  HttpRequest request;
  request.url = base_ + "/invocation/next";
  request.direct = true;
  request.timeout = kAsLongAsItTakes;
  request.stall_timeout = kAsLongAsItTakes;
  request.max_response_bytes = kMostEventBytes;
  auto response = http_.send(request, context);
  if (!response) return tl::unexpected(response.error());
  if (response->status != 200) {
    return fa::fail(ErrorCode::kUnavailable,
                    fmt::format("the Lambda Runtime API answered with status {}", response->status));
  }
  Invocation invocation;
  invocation.id = find_header(response->headers, "Lambda-Runtime-Aws-Request-Id").value_or("");
  if (invocation.id.empty()) {
    return fa::fail(ErrorCode::kUnavailable,
                    "the Lambda Runtime API named no request; is AWS_LAMBDA_RUNTIME_API right?");
  }
  invocation.deadline = deadline_of(*response);
  invocation.payload = std::move(response->body);
  return invocation;
}

Result<void> RuntimeApi::respond(const Invocation& invocation, std::string answer, const Context& context) {
  if (answer.size() > kMostAnswerBytes) {
    return fa::fail(ErrorCode::kLimit, fmt::format("the answer has {} bytes; Lambda takes {} at the most",
                                                   answer.size(), kMostAnswerBytes));
  }
  return post("/invocation/" + invocation.id + "/response", std::move(answer), "", context);
}

Result<void> RuntimeApi::fail(const Invocation& invocation, const FunctionError& error, const Context& context) {
  return post(
      "/invocation/" + invocation.id + "/error",
      json_text(Json{{"errorMessage", error.message}, {"errorType", error.type}, {"stackTrace", Json::array()}}),
      error.type, context);
}

Result<void> RuntimeApi::fail_init(const FunctionError& error, const Context& context) {
  return post(
      "/init/error",
      json_text(Json{{"errorMessage", error.message}, {"errorType", error.type}, {"stackTrace", Json::array()}}),
      error.type, context);
}

Result<void> RuntimeApi::post(const std::string& path, std::string body, const std::string& error_type,
                              const Context& context) {
  HttpRequest request;
  request.method = "POST";
  request.url = base_ + path;
  request.direct = true;
  request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  if (!error_type.empty()) request.headers.emplace_back("Lambda-Runtime-Function-Error-Type", error_type);
  request.body = std::move(body);
  const auto response = http_.send(request, context);
  if (!response) return tl::unexpected(response.error());
  if (response->status / 100 == 2) return {};
  const std::string said = fmt::format("the Lambda Runtime API answered with status {}", response->status);
  if (response->status == 413) return fa::fail(ErrorCode::kLimit, said + ": the answer is too large");
  return fa::fail(response->status / 100 == 4 ? ErrorCode::kInvalidInput : ErrorCode::kUnavailable, said);
}

FunctionError function_error(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidInput:
      return {"Fa2.InvalidInput", error.message};
    case ErrorCode::kNotFound:
      return {"Fa2.NotFound", error.message};
    case ErrorCode::kUnreadable:
      return {"Fa2.Unreadable", error.message};
    case ErrorCode::kLimit:
      return {"Fa2.Limit", error.message};
    case ErrorCode::kCancelled:
      return {"Fa2.Deadline", error.message};
    case ErrorCode::kDenied:
      return {"Fa2.Denied", error.message};
    case ErrorCode::kUnavailable:
      return {"Fa2.Unavailable", error.message};
    case ErrorCode::kInternal:
      break;
  }
  return {"Fa2.Internal", error.message};
}

}  // namespace fa::lambda
