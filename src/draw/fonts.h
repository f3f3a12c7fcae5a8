#pragma once

#include <string>

namespace fa::draw {

/// Whether the fonts of this machine have a glyph for every character of the text: what they have not is a box with
/// digits on pictures and PDF pages. False also where there is no pango to ask. Thread-safe.
[[nodiscard]] bool fonts_can_show(const std::string& text);

}  // namespace fa::draw
