#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "findings/finding.h"

/// Reading members of findings, without exceptions: what is not there, or of another kind, reads as nothing. Names are
/// compared without regard to case: the API writes GuardDuty's `updatedAt`, the AWS CLI `UpdatedAt`. Private to this
/// folder's .cpp files.
namespace fa::findings {

inline const Json& member(const Json& value, std::string_view name) {
  static const Json kNothing;
  if (!value.is_object()) return kNothing;
  for (const auto& [key, held] : value.items()) {
    if (iequals(key, name)) return held;
  }
  return kNothing;
}

/// A text of at most `most` bytes; numbers and truth values as they are written.
inline std::string text(const Json& value, std::string_view name, std::size_t most = SecurityFinding::kMaxTextBytes) {
  const Json& held = member(value, name);
  if (held.is_string()) return std::string(utf8_prefix(held.get_ref<const std::string&>(), most));
  return held.is_number() || held.is_boolean() ? json_text(held) : std::string();
}

inline std::optional<double> number(const Json& value, std::string_view name) {
  const Json& held = member(value, name);
  return held.is_number() ? std::optional(held.get<double>()) : std::nullopt;
}

inline bool flag(const Json& value, std::string_view name) {
  const Json& held = member(value, name);
  return held.is_boolean() && held.get<bool>();
}

inline std::optional<TimePoint> time(const Json& value, std::string_view name) {
  const Json& held = member(value, name);
  if (held.is_string()) return parse_rfc3339(held.get_ref<const std::string&>());
  // Seconds or, as the API writes some times, milliseconds since 1970.
  if (!held.is_number()) return std::nullopt;
  const double seconds = held.get<double>() > 1e11 ? held.get<double>() / 1000 : held.get<double>();
  if (!(seconds > 0 && seconds < 9e9)) return std::nullopt;
  return TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

/// Finding in AWS Security Finding Format. Source: Security Hub user guide, "AWS Security Finding Format (ASFF)".
/// nullopt without an id and a title.
std::optional<SecurityFinding> read_asff(const Json& value);
/// Finding as GuardDuty's GetFindings gives it. Source: service model guardduty 2017-11-28.
std::optional<SecurityFinding> read_guardduty(const Json& value);

/// 1 to 3.9 low, to 6.9 medium, to 8.9 high, above critical (GuardDuty user guide, "Severity levels").
Severity guardduty_severity(double score);

}  // namespace fa::findings
