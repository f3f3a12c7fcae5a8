#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"
#include "net/http.h"

namespace fa::aws {

/// Whether a refusal with this code can be due to a wrong clock. An empty code (HEAD has no body) with status 403 can.
bool may_be_clock_skew(int http_status, std::string_view error_code);

/// The clock of who answered minus `now`, when a Date header tells it and signing with `used` was more than four
/// minutes off (services allow five).
std::optional<Nanoseconds> learned_skew(const HttpHeaders& headers, TimePoint now, Nanoseconds used);

}  // namespace fa::aws
