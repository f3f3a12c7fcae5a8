#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fa {

/// What of a URL the client itself must know. Views into the URL.
struct UrlParts {
  bool tls = false;
  std::string_view authority;  ///< `host` or `host:port`
  std::string_view path;       ///< Without query; may be empty.
  std::string origin;          ///< Scheme, lower-case host and port: what connections are counted by.
};

/// nullopt for what is no absolute http or https URL that can be sent as it stands: other schemes, user names,
/// fragments, spaces, control characters and bytes above 126.
std::optional<UrlParts> split_url(std::string_view url);

}  // namespace fa
