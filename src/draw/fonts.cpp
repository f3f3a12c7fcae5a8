#include "draw/fonts.h"

#include <memory>

#include "draw/pango_cairo.h"

namespace fa::draw {

Result<bool> fonts_can_show(const std::string& text) {
  if (const auto loaded = load_pango_cairo(); !loaded) return tl::unexpected(loaded.error());
  struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
  };
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* cr) const { cairo_destroy(cr); }
  };
  const std::unique_ptr<cairo_surface_t, Destroy> surface(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  const std::unique_ptr<cairo_t, Destroy> cr(cairo_create(surface.get()));
  const std::unique_ptr<PangoLayout, Unref> layout(pango_cairo_create_layout(cr.get()));
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return pango_layout_get_unknown_glyphs_count(layout.get()) == 0;
}

}  // namespace fa::draw
