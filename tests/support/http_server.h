#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/http.h"

namespace fa::test {

/// What the server does instead of, or beside, answering in full. The response's body goes out as it stands (a handler
/// that says `Content-Encoding: gzip` compresses by itself); Content-Length is added where no header says it.
struct ServerAnswer {
  HttpResponse response;
  std::chrono::milliseconds delay{0};  ///< Before the first byte.
  bool cut = false;                    ///< Close after half of the body (Content-Length promises all of it).
  bool never = false;                  ///< Hold the connection without answering until the client or the server closes.
  bool garbage = false;                ///< Bytes that are no HTTP.
  bool stall = false;                  ///< Half of the body, then as `never`.
  bool chunked = false;                ///< Transfer-Encoding: chunked instead of Content-Length.
  /// Instead of response.body: large bodies that are served often, not copied for each answer.
  std::shared_ptr<const std::string> shared_body = {};
  std::string raw = {};  ///< Not empty: these bytes instead of the response; then the connection is closed.
};

/// A small HTTP/1.1 server on 127.0.0.1 (a port of the system's choice) for tests: a thread for each connection,
/// keep-alive, Content-Length and chunked requests of any size, HEAD. With a certificate it speaks TLS (self-signed,
/// for `localhost` and `127.0.0.1`). The destructor cuts all connections and waits for the handlers that are running.
class HttpServer {
 public:
  /// Called in parallel, one call at a time for each connection. `url` holds the request target as it came: path and
  /// query, the whole URL where the client takes this server for a proxy, host and port for CONNECT. An exception
  /// becomes a 500.
  using Handler = std::function<ServerAnswer(const HttpRequest&)>;

  enum class Security { kPlain, kTls };
  explicit HttpServer(Handler handler, Security security = Security::kPlain);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::string url() const;      ///< `http://127.0.0.1:port` or `https://localhost:port`
  [[nodiscard]] std::string ca_file() const;  ///< PEM of the TLS server's certificate.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint64_t connections() const;  ///< Accepted so far.

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fa::test
