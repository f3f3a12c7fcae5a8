#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fa {

/// What libcurl left behind about an exchange that failed.
struct CurlFailure {
  int code = 0;             ///< CURLcode
  std::string_view detail;  ///< Its error buffer; shown only where it speaks of names, connections and certificates.
  long proxy_status = 0;    ///< Answer to CONNECT; 0 without one.
  bool custom_ca = false;   ///< A bundle of the user's own is in force.
};

/// The error of the HttpClient contract. `name` is what the exchange is called: method, host and path.
Error error_of(const CurlFailure& failure, std::string_view name);

}  // namespace fa
