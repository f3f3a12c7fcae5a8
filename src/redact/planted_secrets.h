#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What redaction is measured by: secrets of every kind, planted into text of every kind, in every encoding.
namespace fa {

struct PlantedSecret {
  std::string kind;            ///< `aws_key`, `password_in_url`, ...
  std::string encoding;        ///< `plain`, `json`, `json_twice`, `percent`, `base64`, `utf16`, `broken_line`, ...
  std::string line;            ///< The text it stands in; may have several lines.
  std::string must_not_leave;  ///< The secret, decoded.
};

/// The corpus, the same every time: values come from a fixed seed, so that none stands in the sources. Pure.
[[nodiscard]] std::vector<PlantedSecret> planted_secrets();

/// Whether text that is about to leave still tells the secret: itself, any 12 bytes of it, or any of its encodings
/// (percent, JSON escapes, base64 at any alignment, NULs between, line breaks within). Written without the scanners, to
/// check them. Pure.
[[nodiscard]] bool leaks(const PlantedSecret& secret, std::string_view outgoing);

/// Lines that look as if they held a secret and hold none: they must come through as they are, with the default policy.
[[nodiscard]] std::vector<std::string> harmless_lines();

}  // namespace fa
