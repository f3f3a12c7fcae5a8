#include "aws/clock_skew.h"

#include <algorithm>
#include <array>

#include "net/http_date.h"

namespace fa::aws {
namespace {

constexpr Nanoseconds kTolerated = std::chrono::minutes(4);

}  // namespace

bool may_be_clock_skew(int http_status, std::string_view error_code) {
  constexpr std::array<std::string_view, 6> kCodes{"AuthFailure",          "InvalidSignatureException",
                                                   "RequestExpired",       "RequestInTheFuture",
                                                   "RequestTimeTooSkewed", "SignatureDoesNotMatch"};
  if (error_code.empty()) return http_status == 403;
  return std::find(kCodes.begin(), kCodes.end(), error_code) != kCodes.end();
}

std::optional<Nanoseconds> learned_skew(const HttpHeaders& headers, TimePoint now, Nanoseconds used) {
  const auto header = find_header(headers, "date");
  if (!header) return std::nullopt;
  const auto date = parse_http_date(*header);
  if (!date) return std::nullopt;
  const Nanoseconds skew = *date - now;
  const Nanoseconds off = skew - used;
  if (off <= kTolerated && off >= -kTolerated) return std::nullopt;
  return skew;
}

}  // namespace fa::aws
