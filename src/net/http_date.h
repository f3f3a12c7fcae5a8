#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace fa {

/// The three forms of an HTTP date (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, and of old
/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`. The name of the weekday is not held against the
/// date; two-digit years lie in 1970-2069; a leap second counts as the second before it. nullopt for anything else.
std::optional<TimePoint> parse_http_date(std::string_view text);

}  // namespace fa
