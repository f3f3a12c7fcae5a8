#include "draw/raster.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "draw/cairo_paint.h"
#include "draw/drawable.h"
#include "draw/pango_cairo.h"

namespace fa::draw {
namespace {

constexpr double kLargestSide = 8000;  // Pixels.

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct CairoDeleter {
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
};

cairo_status_t append_bytes(void* out, const unsigned char* bytes, unsigned size) {
  static_cast<std::string*>(out)->append(bytes, bytes + size);
  return CAIRO_STATUS_SUCCESS;
}

tl::unexpected<Error> cairo_failed(cairo_status_t status) {
  return fail(ErrorCode::kInternal,
              std::string("cairo could not paint the picture: ") + cairo_status_to_string(status));
}

}  // namespace

Result<std::string> to_png(const Drawing& drawing, const PngOptions& options) {
  const Drawing safe = drawable(drawing);
  if (!(safe.width > 0) || !(safe.height > 0)) {
    return fail(ErrorCode::kInvalidInput, "a picture without width or height cannot be painted");
  }
  if (const auto loaded = load_pango_cairo(); !loaded) return tl::unexpected(loaded.error());
  const double wanted = std::isfinite(options.scale) && options.scale > 0 ? options.scale : 1;
  const double scale = std::min(wanted, kLargestSide / std::max(safe.width, safe.height));
  const auto pixels = [&](double length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };

  const std::unique_ptr<cairo_surface_t, SurfaceDeleter> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels(safe.width), pixels(safe.height)));
  const std::unique_ptr<cairo_t, CairoDeleter> cr(cairo_create(surface.get()));
  set_ink(cr.get(), Ink::kPaper, options.theme);
  cairo_paint(cr.get());
  cairo_scale(cr.get(), scale, scale);
  paint(cr.get(), safe, options.theme);
  if (const cairo_status_t status = cairo_status(cr.get()); status != CAIRO_STATUS_SUCCESS) return cairo_failed(status);

  std::string png;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), append_bytes, &png);
  if (status != CAIRO_STATUS_SUCCESS) return cairo_failed(status);
  return png;
}

}  // namespace fa::draw
