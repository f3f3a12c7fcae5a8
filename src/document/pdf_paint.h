#pragma once

#include <cstddef>
#include <string>

#include "document/pdf_pages.h"

struct _cairo;

namespace fa::document::pdf {

/// Paints pages onto a PDF surface of cairo, links and their destinations included.
class PagePainter {
 public:
  /// The surface's context is borrowed. `title` stands at the foot of every page but the first.
  PagePainter(_cairo* cr, const Typesetter& typesetter, std::string title, std::size_t pages);

  /// The page, and then the next page of the surface. `number` counts from 1.
  void paint(const Page& page, std::size_t number);

 private:
  void footer(std::size_t number);

  _cairo* cr_;
  const Typesetter& typesetter_;
  SetTextPtr title_;
  std::size_t pages_;
};

}  // namespace fa::document::pdf
