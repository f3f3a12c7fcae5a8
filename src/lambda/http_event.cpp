#include "lambda/http_event.h"

#include <fmt/core.h>

#include "base/base64.h"
#include "base/json.h"

namespace fa::lambda {
namespace {

/// Anybody's JSON: members that are missing, null or of another kind count as absent.
const Json& member_of(const Json& object, const char* name) {
  static const Json kNone;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? kNone : *found;
}

std::string text_of(const Json& object, const char* name) {
  const Json& value = member_of(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

tl::unexpected<Error> no_http_event() {
  return fail(ErrorCode::kInvalidInput,
              "The event is no HTTP request of API Gateway (payload 1.0 or 2.0) or of a function URL.");
}

void read_headers(const Json& event, HttpHeaders& headers) {
  const Json& multiple = member_of(event, "multiValueHeaders");
  if (multiple.is_object() && !multiple.empty()) {
    for (const auto& [name, values] : multiple.items()) {
      std::string joined;
      for (const Json& value : values) {
        if (value.is_string()) joined += (joined.empty() ? "" : ",") + value.get<std::string>();
      }
      headers.emplace_back(name, joined);
    }
    return;
  }
  const Json& single = member_of(event, "headers");
  if (!single.is_object()) return;
  for (const auto& [name, value] : single.items()) {
    if (value.is_string()) headers.emplace_back(name, value.get<std::string>());
  }
}

/// `/prod/slack/events` of the stage `prod` is `/slack/events`; the default stage stands in no path.
std::string without_stage(std::string path, const std::string& stage) {
  const std::string prefix = "/" + stage;
  if (stage.empty() || stage == "$default" || !path.starts_with(prefix)) return path;
  if (path.size() > prefix.size() && path[prefix.size()] != '/') return path;
  path.erase(0, prefix.size());
  return path.empty() ? "/" : path;
}

std::string path_of(const Json& event, std::string path, const std::string& stage) {
  const std::string proxied = text_of(member_of(event, "pathParameters"), "proxy");
  return proxied.empty() ? without_stage(std::move(path), stage) : "/" + proxied;
}

Result<std::string> body_of(const Json& event) {
  const std::string body = text_of(event, "body");
  // Before it is decoded: base64 is a third longer.
  if (body.size() > kMostRequestBytes * 4 / 3 + 4) {
    return fail(ErrorCode::kLimit, fmt::format("The request has more than {} bytes.", kMostRequestBytes));
  }
  const Json& encoded = member_of(event, "isBase64Encoded");
  if (!encoded.is_boolean() || !encoded.get<bool>()) return body;
  auto bytes = base64_decode(body);
  if (!bytes) return fail(ErrorCode::kInvalidInput, "The event's body is said to be base64, but is not.");
  return std::move(*bytes);
}

}  // namespace

Result<server::ServerRequest> parse_http_event(const std::string& payload) {
  const Json event = parse_json(payload);
  if (!event.is_object()) return no_http_event();
  server::ServerRequest request;
  const Json& context = member_of(event, "requestContext");
  const std::string stage = text_of(context, "stage");
  if (text_of(event, "version") == "2.0") {
    const Json& http = member_of(context, "http");
    request.method = text_of(http, "method");
    request.path = path_of(event, text_of(event, "rawPath"), stage);
    request.query = text_of(event, "rawQueryString");
    request.peer = text_of(http, "sourceIp");
  } else {
    // Nothing we answer reads the query, which this format has in parts.
    request.method = text_of(event, "httpMethod");
    request.path = path_of(event, text_of(event, "path"), "");
    request.peer = text_of(member_of(context, "identity"), "sourceIp");
  }
  if (request.method.empty() || !request.path.starts_with('/')) return no_http_event();
  read_headers(event, request.headers);
  auto body = body_of(event);
  if (!body) return tl::unexpected(body.error());
  if (body->size() > kMostRequestBytes) {
    return fail(ErrorCode::kLimit, fmt::format("The request has more than {} bytes.", kMostRequestBytes));
  }
  request.body = std::move(*body);
  return request;
}

std::string http_event_answer(const server::ServerResponse& response) {
  return json_text(Json{{"statusCode", response.status},
                        {"headers", {{"Content-Type", response.content_type}, {"Cache-Control", "no-store"}}},
                        {"isBase64Encoded", false},
                        {"body", response.body}});
}

}  // namespace fa::lambda
