// Any answer is read as the error of a service: a short name, a message that is text, and never a crash. The first byte
// chooses protocol and status, the rest is the body; a first line that ends in "\r\n" becomes the error type header.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/client.h"
#include "base/text.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fa::aws::Protocol;
  if (size == 0) return 0;
  constexpr Protocol kProtocols[] = {Protocol::kJson10, Protocol::kJson11, Protocol::kRestJson, Protocol::kRestXml,
                                     Protocol::kQuery};
  constexpr int kStatuses[] = {301, 400, 403, 404, 429, 500, 503};
  std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  fa::HttpResponse response;
  response.status = kStatuses[data[0] / 5 % 7];
  if (const auto line = text.find("\r\n"); line != std::string_view::npos) {
    response.headers.emplace_back("x-amzn-errortype", text.substr(0, line));
    response.headers.emplace_back("x-amzn-requestid", text.substr(0, line));
    text.remove_prefix(line + 2);
  }
  response.body = text;
  const auto error = fa::aws::parse_service_error(kProtocols[data[0] % 5], response);
  check(error.code.size() <= 128 && error.message.size() <= 2000 && error.request_id.size() <= 200);
  check(fa::is_valid_utf8(error.message) && fa::is_valid_utf8(error.request_id));
  static_cast<void>(fa::aws::retry_kind(response.status, error.code));
  return 0;
}
