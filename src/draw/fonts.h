#pragma once

#include <string>

#include "base/result.h"

namespace fa::draw {

/// Whether the fonts of this machine have a glyph for every character of the text: what they have not is a box with
/// digits on pictures and PDF pages. An error where there is no pango to ask. Thread-safe.
[[nodiscard]] Result<bool> fonts_can_show(const std::string& text);

}  // namespace fa::draw
