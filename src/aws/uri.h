#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fa::aws {

/// Percent-encodes everything but RFC 3986 unreserved characters, bytes above 127 included; '/' too, unless kept.
[[nodiscard]] std::string uri_encode(std::string_view text);
[[nodiscard]] std::string uri_encode_path(std::string_view path);  ///< Keeps '/'.
/// Undoes %XX; anything else stays ('+' too, and a '%' that begins no code).
[[nodiscard]] std::string uri_decode(std::string_view text);

/// `a=1&b=2` with both sides encoded, in the order given; empty for none.
[[nodiscard]] std::string query_string(const std::vector<std::pair<std::string, std::string>>& parameters);

/// A URL taken apart; nothing is decoded.
struct Url {
  std::string scheme;  ///< `http` or `https`, lower case.
  std::string host;    ///< As written; IPv6 addresses keep their brackets: `[::1]`.
  std::string port;    ///< Empty for the scheme's own.
  std::string path;    ///< "/" at least.
  std::string query;   ///< Without '?'.

  /// `host` or `host:port`, as the Host header has it (default ports left out).
  [[nodiscard]] std::string authority() const;
};

/// Accepts absolute http and https URLs. Refused (kInvalidInput, without query and user information in the message):
/// no host, a port that is none, user information (it would go out as a Basic header), a fragment (it would never go
/// out; in a key '#' is %23) and control characters. Spaces and bytes above 127 may stand in path and query.
Result<Url> parse_url(std::string_view url);

}  // namespace fa::aws
