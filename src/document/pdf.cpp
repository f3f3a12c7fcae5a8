#include "document/pdf.h"

#include <fmt/core.h>

#include <array>
#include <memory>

#include "base/escape.h"
#include "document/outline.h"
#include "document/pdf_blocks.h"
#include "document/pdf_paint.h"
#include "draw/pango_cairo.h"

namespace fa::document {
namespace {

struct SurfaceRelease {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct CairoRelease {
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
};

cairo_status_t append(void* out, const unsigned char* bytes, unsigned size) {
  static_cast<std::string*>(out)->append(bytes, bytes + size);
  return CAIRO_STATUS_SUCCESS;
}

void set_metadata(cairo_surface_t* surface, const Document& document) {
  const auto set = [&](cairo_pdf_metadata_t key, const std::string& value) {
    if (!value.empty()) cairo_pdf_surface_set_metadata(surface, key, value.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, clip(one_line(document.title), 400));
  set(CAIRO_PDF_METADATA_SUBJECT, clip(one_line(document.subtitle), 400));
  set(CAIRO_PDF_METADATA_CREATOR, "FA2");
  // Without one, cairo would take the clock.
  const TimePoint created = document.created.value_or(TimePoint{});
  set(CAIRO_PDF_METADATA_CREATE_DATE, format_rfc3339(std::chrono::floor<std::chrono::seconds>(created)));
}

/// The bookmarks. A heading below one of a level that is left out hangs on the next higher one.
void add_bookmarks(cairo_surface_t* surface, const Outline& outline, const std::set<std::string>& placed) {
  std::array<int, 4> parents{};
  parents.fill(CAIRO_PDF_OUTLINE_ROOT);
  for (const OutlineEntry& entry : outline.entries()) {
    if (!placed.contains(entry.anchor)) continue;
    const auto level = static_cast<std::size_t>(entry.level);
    const auto flags = level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : cairo_pdf_outline_flags_t{};
    const std::string text = clip(entry.text, 200);
    const std::string target = fmt::format("dest='{}'", entry.anchor);
    const int id = cairo_pdf_surface_add_outline(surface, parents[level - 1], text.c_str(), target.c_str(), flags);
    for (std::size_t below = level; below < parents.size(); ++below) parents[below] = id;
  }
}

}  // namespace

Result<std::string> to_pdf(const Document& document, const Context& context) {
  if (const auto loaded = load_pango_cairo(); !loaded) return tl::unexpected(loaded.error());
  const Outline outline(document);
  const pdf::Typesetter typesetter(document.language, outline);
  const auto pages = pdf::set_pages(document, outline, typesetter, context);
  if (!pages) return tl::unexpected(pages.error());

  std::string out;
  const std::unique_ptr<cairo_surface_t, SurfaceRelease> surface(
      cairo_pdf_surface_create_for_stream(append, &out, pdf::kPageWidth, pdf::kPageHeight));
  set_metadata(surface.get(), document);
  const std::unique_ptr<cairo_t, CairoRelease> cr(cairo_create(surface.get()));
  pdf::PagePainter painter(cr.get(), typesetter, document.title, pages->size());
  std::set<std::string> placed;
  for (std::size_t i = 0; i < pages->size(); ++i) {
    if (context.stopped()) return fail(ErrorCode::kCancelled, "The PDF was not finished: the work was stopped.");
    painter.paint((*pages)[i], i + 1);
    for (const pdf::Mark& mark : (*pages)[i].marks) placed.insert(mark.anchor);
  }
  add_bookmarks(surface.get(), outline, placed);
  cairo_surface_finish(surface.get());
  const cairo_status_t painted = cairo_status(cr.get());
  const cairo_status_t written = cairo_surface_status(surface.get());
  if (painted == CAIRO_STATUS_SUCCESS && written == CAIRO_STATUS_SUCCESS) return out;
  const char* reason = cairo_status_to_string(painted != CAIRO_STATUS_SUCCESS ? painted : written);
  return fail(ErrorCode::kInternal, fmt::format("The PDF could not be written: {}.", reason));
}

}  // namespace fa::document
