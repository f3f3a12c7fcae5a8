#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/time.h"

/// Times of requests in the services' units; never before 1970, which no service takes.
namespace fa::aws {

inline std::int64_t whole_seconds_before(TimePoint t) {
  return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count());
}
inline std::int64_t whole_seconds_after(TimePoint t) {
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(t).time_since_epoch().count());
}
inline std::int64_t milliseconds_from(TimePoint t) {
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(t).time_since_epoch().count());
}

}  // namespace fa::aws
