#include <cstdint>
#include <cstdlib>
#include <string>

#include "lambda/http_event.h"

/// What is taken for a request can be routed: it has a method and a path, and no more of a body than is allowed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = fa::lambda::parse_http_event(std::string(reinterpret_cast<const char*>(data), size));
  if (!request) return request.error().message.empty() ? std::abort(), 0 : 0;
  if (request->method.empty() || !request->path.starts_with('/')) std::abort();
  if (request->body.size() > fa::lambda::kMostRequestBytes) std::abort();
  return 0;
}
