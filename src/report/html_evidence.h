#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/time_zone.h"
#include "model/report.h"

/// The parts of the HTML page that show evidence.
namespace fa {

/// Escaped one-line text of a bounded length (a name of ten thousand letters stays in the JSON report only).
[[nodiscard]] std::string html_text(std::string_view text);

/// A link to the evidence's card, or just its id when the report has no such evidence.
[[nodiscard]] std::string evidence_link(const Report& report, std::string_view id);

/// The card of the evidence at `index` of the report: its claim, and folded below it what bears it out. Links lead into
/// the folded part, which browsers then open.
[[nodiscard]] std::string evidence_card(const Report& report, std::size_t index, const TimeZone& zone);

}  // namespace fa
