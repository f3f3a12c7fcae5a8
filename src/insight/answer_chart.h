#pragma once

#include <optional>
#include <string>

#include "document/document.h"
#include "insight/insight_types.h"

namespace fa::insight {

/// The window of a series as a line, what was usual before as a band, its trend, the limit it comes near, and marks
/// with the ids of the facts that have a moment (shifts, outliers). With a sparkline for where no pictures are shown.
/// nullopt without a value in the window.
[[nodiscard]] std::optional<document::Picture> series_picture(const InsightResult& result, std::size_t series);

}  // namespace fa::insight
