#include "server/response_text.h"

#include <algorithm>
#include <string_view>

namespace fa::server {
namespace {

/// RFC 9110, 15. Empty for a status that nobody here gives: the name is for people only.
std::string_view status_name(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

bool is_header_value(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::string response_text(const ServerResponse& response, const ResponseForm& form) {
  const int status = response.status >= 200 && response.status <= 599 ? response.status : 500;
  const bool bodiless = status == 204 || status == 304;
  const std::string_view type =
      is_header_value(response.content_type) ? std::string_view(response.content_type) : "application/octet-stream";
  std::string out;
  out.reserve(256 + (form.head ? 0 : response.body.size()));
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(status_name(status)).append("\r\n");
  if (!bodiless) {
    out.append("Content-Type: ").append(type);
    out.append("\r\nContent-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  out.append("X-Content-Type-Options: nosniff\r\n");
  if (!form.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (form.http10) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  if (!form.head && !bodiless) out.append(response.body);
  return out;
}

ServerResponse plain_response(int status) {
  ServerResponse response;
  response.status = status;
  response.body.append(status_name(status)).append("\n");
  return response;
}

}  // namespace fa::server
