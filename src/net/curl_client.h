#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "net/http.h"

namespace fa {

struct CurlClientOptions {
  std::string ca_file;  ///< PEM bundle instead of the system's; empty: the system's.
  /// Empty: from the environment (http_proxy in small letters; https_proxy, all_proxy, no_proxy in either case).
  std::string proxy;
  long max_connections_per_host = 64;  ///< Exchanges at once with one host; an HTTP/1.1 connection carries one.
  long max_connections = 256;  ///< Exchanges at once; open connections that are idle count apart, up to as many.
  std::string user_agent;
};

/// What the client has done so far.
struct HttpCounters {
  std::uint64_t exchanges = 0;
  std::uint64_t failures = 0;  ///< Without a complete answer.
  std::uint64_t connections_opened = 0;
  std::uint64_t bytes_sent = 0;      ///< Bodies and headers.
  std::uint64_t bytes_received = 0;  ///< On the wire.
  std::uint64_t waiting = 0;         ///< Callers that wait for a free connection at this moment.
};

/// libcurl: one multi handle on one thread serves any number of blocking callers. HTTP/2 where TLS agrees on it,
/// keep-alive, gzip, proxies. Callers beyond the connection limits wait inside their own deadline. A stop request of a
/// caller's context wakes the thread at once. Thread-safe. Destruction ends exchanges still running with kCancelled.
class CurlClient final : public HttpClient {
 public:
  /// Fails when libcurl cannot start or the CA file cannot be read.
  static Result<std::unique_ptr<CurlClient>> open(CurlClientOptions options);
  ~CurlClient() override;

  Result<HttpResponse> send(const HttpRequest& request, const Context& context, BodySink* sink = nullptr) override;
  [[nodiscard]] HttpCounters counters() const;

 private:
  class Loop;
  explicit CurlClient(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace fa
