#pragma once

#include <string>

#include "base/result.h"
#include "draw/drawing.h"

/// Pictures by cairo and pango, in a font with Japanese (Noto Sans CJK JP, where it is installed).
namespace fa::draw {

struct PngOptions {
  Theme theme = Theme::kLight;
  double scale = 2;  ///< Pixels per unit. Lowered where the picture would become larger than 8,000 pixels on a side.
};

/// PNG bytes; same drawing and fonts, same bytes. kInvalidInput for a drawing without extent, kInternal where cairo
/// fails, kUnavailable where it is not installed. Thread-safe.
[[nodiscard]] Result<std::string> to_png(const Drawing& drawing, const PngOptions& options = {});

}  // namespace fa::draw
