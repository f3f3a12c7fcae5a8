#pragma once

#include <cairo.h>

#include "draw/drawing.h"

/// Drawings on cairo surfaces of any kind: pixels or the page of a PDF. For .cpp files only, since it includes cairo.
namespace fa::draw {

inline constexpr const char* kSansFont = "Noto Sans CJK JP, sans-serif";
inline constexpr const char* kMonoFont = "Noto Sans Mono CJK JP, monospace";

/// Paints all shapes in the drawing's own units at the surface's origin, nothing below them: the paper is the caller's.
/// What lies outside of the drawing is cut off. Text stays text where the surface can hold it. Never fails by itself:
/// ask `cairo_status(cr)` afterwards. Thread-safe for different surfaces (pango's font map is one per thread).
void paint(cairo_t* cr, const Drawing& drawing, Theme theme);

/// The ink as the source of what is painted next.
void set_ink(cairo_t* cr, Ink ink, Theme theme);

}  // namespace fa::draw
