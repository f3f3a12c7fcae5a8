#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/time.h"

namespace fa {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// Value of the first header of that name (ASCII case ignored); nullopt when there is none.
[[nodiscard]] std::optional<std::string_view> find_header(const HttpHeaders& headers, std::string_view name);
/// Replaces all headers of that name by one.
void set_header(HttpHeaders& headers, std::string_view name, std::string value);

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< Absolute, http or https, percent-encoded; goes out byte for byte as it stands here.
  HttpHeaders headers;
  std::string body;
  std::uint64_t max_response_bytes = std::uint64_t{64} << 20;  ///< Of the decoded body; more is kLimit.
  /// True: gzip and deflate are offered to the server and undone. False: neither; the body arrives as it was stored,
  /// whatever its Content-Encoding says (an object that must be kept byte for byte).
  bool decode_content = true;
  /// Never through a proxy, whatever the environment says: for the metadata services of the machine itself.
  bool direct = false;
  Nanoseconds connect_timeout = std::chrono::seconds(5);  ///< Name, connection and TLS together.
  /// Of one exchange from its start (waiting for a free connection does not count) to the last byte; the context's
  /// deadline holds besides.
  Nanoseconds timeout = std::chrono::seconds(60);
  /// Without a byte in either direction, be it before or amid the answer; time that a BodySink takes does not count.
  Nanoseconds stall_timeout = std::chrono::seconds(30);
};

struct HttpResponse {
  int status = 0;
  HttpHeaders
      headers;       ///< As sent, those of the encoded body included; none of informational (1xx) answers, no trailers.
  std::string body;  ///< Decoded unless asked otherwise; empty when it went into a BodySink.
};

/// Takes the body of a successful (2xx) answer piece by piece, on the thread that called send().
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Called before the first byte of every attempt: what an earlier attempt wrote must be forgotten.
  virtual Result<void> restart() = 0;
  /// An error ends the exchange and is what send() returns.
  virtual Result<void> write(std::string_view bytes) = 0;
};

/// One HTTP exchange. Thread-safe; blocks; no retries, no redirects, no cookies.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Any status is a response, not an error. Errors: kCancelled when the context stopped or its deadline passed,
  /// kUnavailable when there was no complete answer (`reason`: "ConnectFailed", "Timeout", "ConnectionLost", "Tls",
  /// "ResolveFailed", "BadAnswer"; a connection that is not made within connect_timeout is "ConnectFailed"), kLimit
  /// above max_response_bytes, kInvalidInput for a URL, method or header that is none. Messages name method, host and
  /// path, never the query, headers or body.
  /// The body of a 2xx answer goes to `sink` when there is one; other bodies always land in the response.
  virtual Result<HttpResponse> send(const HttpRequest& request, const Context& context, BodySink* sink = nullptr) = 0;
};

}  // namespace fa
