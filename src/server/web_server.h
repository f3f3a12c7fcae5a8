#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace fa::server {

struct ServerRequest {
  std::string method;
  std::string path;   ///< Without the query.
  std::string query;  ///< Without `?`.
  HttpHeaders headers;
  std::string body;  ///< Raw, as it came.
  std::string peer;  ///< Address of the other side, for logs.
};

struct ServerResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

struct WebServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;          ///< 0: the system chooses.
  std::size_t threads = 2;         ///< That handlers run on.
  std::size_t max_waiting = 1000;  ///< Requests that wait for a thread; more get 503.
  /// One more, and the one that has been idle for longest is closed; where none is idle, the one whose request has been
  /// incomplete for longest. Never one whose request is complete: then newcomers wait.
  std::size_t max_connections = 10'000;
  std::size_t max_header_bytes = 16 << 10;  ///< Request line to empty line; more is 431.
  std::size_t max_body_bytes = 1 << 20;     ///< More is 413.
  // No byte extends these; a request that takes longer gets 408.
  Nanoseconds header_timeout = std::chrono::seconds(10);  ///< From the first byte of a request (or the accept) on.
  Nanoseconds body_timeout = std::chrono::seconds(10);    ///< From the end of the header on.
  Nanoseconds idle_timeout = std::chrono::seconds(60);    ///< Between requests.
  Nanoseconds write_timeout = std::chrono::seconds(10);   ///< Of a whole answer.
  std::string certificate = {};                           ///< PEM file (chain); TLS (1.2 and later) when set.
  std::string private_key = {};                           ///< PEM file.
};

struct WebServerCounts {
  std::uint64_t connections_open = 0;
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused = 0;  ///< 4xx by the server itself: too large, too slow, malformed.
  std::uint64_t busy = 0;     ///< 503 for want of a thread.
  std::uint64_t evicted = 0;  ///< Connections closed to make room.
  /// max_connections, or fewer where the system's hard limit on open files is too low for it.
  std::uint64_t connections_allowed = 0;
};

/// A small HTTP/1.1 server: one thread does all input and output, `threads` others run the handler. Nothing a client
/// does or leaves undone holds a handler thread: a request is read whole first. An exception in the handler becomes a
/// 500. Chunked bodies and Content-Length; `Expect: 100-continue` is answered; keep-alive, pipelining; no compression.
/// What two servers could read differently (two lengths, unknown codings, no or several hosts) is refused with 400.
class WebServer {
 public:
  using Handler = std::function<ServerResponse(const ServerRequest&)>;
  /// Called on several threads at once. `address` must be an IP address. kInvalidInput: options, address, port or
  /// certificate; kUnavailable: the port is taken. Raises the process's limit on open files as far as needed.
  static Result<std::unique_ptr<WebServer>> start(WebServerOptions options, Handler handler);
  virtual ~WebServer() = default;  ///< drain() with a second, then closes all and waits for handlers that run.

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual WebServerCounts counts() const = 0;
  /// Accepts no more connections, lets requests that have begun finish, closes the others. Returns when all are gone or
  /// after `patience`. Not from a handler.
  virtual void drain(Nanoseconds patience) = 0;
};

}  // namespace fa::server
