#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/report.h"

namespace fa {

/// Largest report text that report_from_json() reads; a real one takes some hundred kilobytes.
inline constexpr std::size_t kMaxReportJsonBytes = std::size_t{64} << 20;

/// The report as JSON, indented by two spaces, without a final newline. Keys, their order and their meaning:
/// docs/formats/report.md; the schema: docs/formats/report.schema.json.
///
/// The same report always gives the same bytes. Numbers that are no integers are rounded to 6 significant digits,
/// non-finite ones become null (0 where a number must stand); times are RFC 3339 in UTC, or null when there is none
/// or it lies outside the years 1970..2261. Invalid UTF-8 becomes U+FFFD; control and bidirectional characters are
/// written as \uXXXX and `</`, `<!` so that the text can stand in a terminal or in an HTML script element.
[[nodiscard]] std::string report_to_json(const Report& report);

/// Reads what report_to_json() wrote. Unknown keys are ignored and missing ones keep their default, so that reports
/// of other 1.x versions can be read; a value of the wrong type, an unknown name or another major version is an
/// error (kInvalidInput) that names the place (`/hypotheses/0/rank`), kLimit above kMaxReportJsonBytes.
[[nodiscard]] Result<Report> report_from_json(std::string_view text);

}  // namespace fa
