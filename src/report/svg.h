#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/report.h"

namespace fa {

struct SvgOptions {
  Language language = Language::kEnglish;
  std::optional<TimePoint> onset;  ///< Marked where it lies in the window.
  std::string_view id;  ///< Unique in the page, of letters, digits and `-`: links the title for screen readers.
};

/// The evidence's chart as an `<svg>` element: the window as a line (gaps stay gaps), the baseline's usual range as a
/// band with its median. Colours come from the page's CSS classes. Empty when the evidence has no value to draw.
[[nodiscard]] std::string svg_chart(const Evidence& evidence, const SvgOptions& options);

}  // namespace fa
