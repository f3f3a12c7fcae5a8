#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aws/sigv4.h"
#include "base/text.h"

namespace {

fa::HttpRequest request_of(std::string_view text) {
  fa::HttpRequest request;
  const auto lines = fa::split(text, '\n');
  request.url = std::string(lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(':');
    if (colon == std::string_view::npos) {
      request.body += lines[i];
    } else {
      request.headers.emplace_back(lines[i].substr(0, colon), lines[i].substr(colon + 1));
    }
  }
  return request;
}

}  // namespace

/// Flags, then lines: the URL, headers, and what is no header as the body. Signing what is signed must change nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  fa::aws::SigningScope scope;
  scope.region = "us-east-1";
  scope.service = "service";
  scope.encode_path_twice = (data[0] & 1) != 0;
  scope.normalize_path = (data[0] & 2) != 0;
  scope.content_sha256_header = (data[0] & 4) != 0;
  scope.unsigned_payload = (data[0] & 8) != 0;
  scope.omit_session_token = (data[0] & 16) != 0;
  fa::aws::Credentials credentials;
  credentials.access_key_id = "AKIDEXAMPLE";
  credentials.secret_access_key = fa::Secret("secret");
  if ((data[0] & 32) != 0) credentials.session_token = fa::Secret("token/+=");
  const fa::TimePoint now = fa::from_unix_nanos(1'773'477'000'000'000'000);
  const auto sign = [&](fa::HttpRequest& request) {
    return (data[0] & 64) != 0 ? fa::aws::presign_request(request, scope, credentials, now, std::chrono::seconds(60))
                               : fa::aws::sign_request(request, scope, credentials, now);
  };

  fa::HttpRequest request = request_of({reinterpret_cast<const char*>(data) + 1, size - 1});
  const auto once = sign(request);
  if (!once) return 0;
  if (once->signature.size() != 64) std::abort();
  const std::string url = request.url;
  const fa::HttpHeaders headers = request.headers;
  const auto twice = sign(request);
  if (!twice || twice->canonical_request != once->canonical_request || twice->signature != once->signature)
    std::abort();
  if (request.url != url || request.headers.size() != headers.size()) std::abort();
  return 0;
}
