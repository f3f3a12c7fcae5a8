#pragma once

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/result.h"

/// cairo and pango, loaded by the first picture or PDF instead of at every start of the program: with what they need
/// they are half of the libraries that the dynamic linker would have to bind (docs/performance.md). For .cpp files
/// only.

/// Every function of these libraries that the program calls.
// clang-format off
#define FA_PANGO_CAIRO_FUNCTIONS(X) \
  X(cairo_arc) X(cairo_clip) X(cairo_close_path) X(cairo_create) X(cairo_curve_to) X(cairo_destroy) X(cairo_fill) \
  X(cairo_fill_preserve) X(cairo_font_options_create) X(cairo_font_options_destroy) \
  X(cairo_font_options_set_antialias) X(cairo_font_options_set_hint_metrics) X(cairo_font_options_set_hint_style) \
  X(cairo_get_source) X(cairo_image_surface_create) X(cairo_line_to) X(cairo_move_to) X(cairo_new_path) \
  X(cairo_new_sub_path) X(cairo_paint) X(cairo_pattern_get_rgba) X(cairo_pdf_surface_add_outline) \
  X(cairo_pdf_surface_create_for_stream) X(cairo_pdf_surface_set_metadata) X(cairo_rectangle) X(cairo_restore) \
  X(cairo_save) X(cairo_scale) X(cairo_set_dash) X(cairo_set_line_cap) X(cairo_set_line_join) \
  X(cairo_set_line_width) X(cairo_set_source_rgb) X(cairo_show_page) X(cairo_status) X(cairo_status_to_string) \
  X(cairo_stroke_preserve) X(cairo_surface_destroy) X(cairo_surface_finish) X(cairo_surface_status) \
  X(cairo_surface_write_to_png_stream) X(cairo_tag_begin) X(cairo_tag_end) X(cairo_translate) X(g_free) \
  X(g_object_unref) X(pango_attr_family_new) X(pango_attr_font_features_new) X(pango_attr_foreground_new) \
  X(pango_attr_insert_hyphens_new) X(pango_attr_list_insert) X(pango_attr_list_new) X(pango_attr_list_unref) \
  X(pango_attr_size_new_absolute) X(pango_attr_weight_new) X(pango_cairo_context_set_font_options) \
  X(pango_cairo_context_set_resolution) X(pango_cairo_create_layout) X(pango_cairo_font_map_get_default) \
  X(pango_cairo_show_layout) X(pango_cairo_show_layout_line) X(pango_context_set_base_dir) \
  X(pango_context_set_language) X(pango_context_set_round_glyph_positions) X(pango_font_description_free) \
  X(pango_font_description_from_string) X(pango_font_description_new) X(pango_font_description_set_absolute_size) \
  X(pango_font_description_set_family_static) X(pango_font_description_set_weight) \
  X(pango_font_map_create_context) X(pango_language_from_string) X(pango_layout_context_changed) \
  X(pango_layout_get_baseline) X(pango_layout_get_context) X(pango_layout_get_iter) \
  X(pango_layout_get_lines_readonly) X(pango_layout_get_size) X(pango_layout_get_unknown_glyphs_count) \
  X(pango_layout_iter_free) X(pango_layout_iter_get_baseline) X(pango_layout_iter_get_line_extents) \
  X(pango_layout_iter_get_line_yrange) X(pango_layout_iter_next_line) X(pango_layout_line_get_x_ranges) \
  X(pango_layout_new) X(pango_layout_set_alignment) X(pango_layout_set_attributes) X(pango_layout_set_auto_dir) \
  X(pango_layout_set_ellipsize) X(pango_layout_set_font_description) X(pango_layout_set_indent) \
  X(pango_layout_set_single_paragraph_mode) X(pango_layout_set_text) X(pango_layout_set_width) \
  X(pango_layout_set_wrap)
// clang-format on

namespace fa {

/// Calls in this namespace find these pointers before the functions of the same names. Null until load_pango_cairo has
/// returned; never written again after that.
#define FA_DECLARE_POINTER(name) extern decltype(&::name) name;
FA_PANGO_CAIRO_FUNCTIONS(FA_DECLARE_POINTER)
#undef FA_DECLARE_POINTER

/// Before anything else of these libraries, in every function through which pictures or documents come in. Loads once;
/// they stay loaded. kUnavailable where they are not installed or lack a function. Thread-safe.
[[nodiscard]] Result<void> load_pango_cairo();

}  // namespace fa
