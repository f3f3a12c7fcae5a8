#pragma once

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/curl_client.h"

namespace fa::test {

/// A client that the machine's proxy settings do not reach. Throws what open() tells.
inline std::unique_ptr<CurlClient> open_client(CurlClientOptions options = {}) {
  for (const char* name :
       {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
    ::unsetenv(name);
  }
  auto client = CurlClient::open(std::move(options));
  if (!client) throw std::runtime_error(client.error().message);
  return std::move(*client);
}

inline HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

}  // namespace fa::test
