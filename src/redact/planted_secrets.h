#pragma once

#include <array>
#include <cstddef>
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

/// Text that is about to leave, prepared for looking many secrets up in it. Written without the scanners, to check
/// them.
class OutgoingText {
 public:
  explicit OutgoingText(std::string_view outgoing);
  /// Whether it still tells the secret: itself, any 12 bytes of it, or any of its encodings (percent, JSON escapes,
  /// base64 at any alignment, NULs between, line breaks within).
  [[nodiscard]] bool leaks(const PlantedSecret& secret) const;

 private:
  static constexpr std::size_t kIndexed = 8;
  static constexpr unsigned kSlotBits = 22;
  static std::size_t slot(const char* bytes);
  [[nodiscard]] bool contains(std::string_view form) const;
  std::array<std::string, 3> readings_;  ///< As it is; escapes undone once; and twice.
  /// Which 8 bytes stand anywhere in them, by hash: "not here" is certain.
  std::vector<bool> present_ = std::vector<bool>(std::size_t{1} << kSlotBits);
};

/// Lines that look as if they held a secret and hold none: they must come through as they are, with the default policy.
[[nodiscard]] std::vector<std::string> harmless_lines();

}  // namespace fa
