#include "net/curl_failure.h"

#include <curl/curl.h>

#include "base/text.h"

namespace fa {
namespace {

Error unavailable(std::string_view name, std::string_view what, const char* reason) {
  return {ErrorCode::kUnavailable, std::string(name).append(": ").append(what), reason};
}

/// The detail, or the general text of the code where there is none; safe to show.
std::string told(const CurlFailure& failure) {
  const std::string_view detail = trim(failure.detail);
  return detail.empty() ? curl_easy_strerror(static_cast<CURLcode>(failure.code)) : visible(detail);
}

Error tls_error(const CurlFailure& failure, std::string_view name) {
  const char* advice = failure.custom_ca
                           ? "; if the certificate is right, its issuer must be in the CA file that is configured"
                           : "; if a proxy of your own inspects TLS, name a CA file that holds its certificate";
  return unavailable(name, "no trusted TLS connection: " + told(failure) + advice, "Tls");
}

}  // namespace

Error error_of(const CurlFailure& failure, std::string_view name) {
  // A refused tunnel is reported as a failed read.
  if (failure.proxy_status != 0 && failure.proxy_status / 100 != 2) {
    const std::string status = std::to_string(failure.proxy_status);
    return unavailable(name, "the proxy refused the connection with status " + status + "; check the proxy's settings",
                       "ConnectFailed");
  }
  switch (failure.code) {
    case CURLE_URL_MALFORMAT:
      return {ErrorCode::kInvalidInput, std::string(name).append(": this URL cannot be sent"), {}};
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unavailable(name, told(failure) + "; check the name and this machine's DNS", "ResolveFailed");
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED:
      return unavailable(name, told(failure) + "; check that network, firewall and proxy let this machine reach it",
                         "ConnectFailed");
    case CURLE_OPERATION_TIMEDOUT:  // only the connection's time is libcurl's business
      return unavailable(name,
                         "no connection in time; check that network, firewall and proxy let this machine reach it",
                         "ConnectFailed");
    case CURLE_SSL_CONNECT_ERROR:
      // Ended by the other side, not by what was said: the only handshake failures that asking again may mend.
      if (failure.detail.find("SSL_ERROR_SYSCALL") != std::string_view::npos ||
          failure.detail.find("reset by peer") != std::string_view::npos) {
        return unavailable(name, "the connection was lost while TLS was set up; try again later", "ConnectionLost");
      }
      return tls_error(failure, name);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_USE_SSL_FAILED:
      return tls_error(failure, name);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_UPLOAD_FAILED:
    case CURLE_SEND_FAIL_REWIND:
      return unavailable(name, "the connection was lost before the answer was complete; try again later",
                         "ConnectionLost");
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9, which is any bytes at all
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR:  // broken gzip is reported so too; errors of our own never come here
      return unavailable(name, "the answer is no HTTP that can be read; check that the address is the right one",
                         "BadAnswer");
    default:
      return {
          ErrorCode::kInternal,
          std::string(name).append(": libcurl says: ").append(curl_easy_strerror(static_cast<CURLcode>(failure.code))),
          {}};
  }
}

}  // namespace fa
