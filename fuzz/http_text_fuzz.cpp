#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/http_date.h"
#include "net/retry.h"
#include "net/url_parts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto parts = fa::split_url(text)) {
    const auto inside = [&](std::string_view part) {
      return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
    };
    if (!inside(parts->authority) || !inside(parts->path) || parts->authority.empty()) std::abort();
    // What connections are counted by is a URL of the same host.
    const auto again = fa::split_url(parts->origin);
    if (!again || again->origin != parts->origin || again->tls != parts->tls) std::abort();
  }
  if (const auto time = fa::parse_http_date(text); time && fa::format_rfc3339(*time).empty()) std::abort();
  const fa::TimePoint now = fa::from_unix_nanos(1'773'477'000'000'000'000);
  for (const char* name : {"Retry-After", "x-amz-retry-after"}) {
    const auto wait = fa::retry_after_of({{name, std::string(text)}}, now);
    if (wait && wait->count() < 0) std::abort();
  }
  return 0;
}
