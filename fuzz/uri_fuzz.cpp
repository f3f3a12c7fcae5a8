#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/uri.h"

/// URLs come from configuration and environment; what is accepted must mean the same when it is put together again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (fa::aws::uri_decode(fa::aws::uri_encode(text)) != text) std::abort();
  if (fa::aws::uri_decode(fa::aws::uri_encode_path(text)) != text) std::abort();
  if (fa::aws::uri_decode(text).size() > size) std::abort();

  const auto url = fa::aws::parse_url(text);
  if (!url) {
    if (url.error().message.empty()) std::abort();
    return 0;
  }
  if (url->host.empty() || !url->path.starts_with('/')) std::abort();
  std::string again = url->scheme + "://" + url->authority() + url->path;
  if (!url->query.empty()) again += '?' + url->query;
  const auto parsed = fa::aws::parse_url(again);
  if (!parsed || parsed->authority() != url->authority() || parsed->path != url->path || parsed->query != url->query) {
    std::abort();
  }
  return 0;
}
