#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "document/document.h"

namespace fa::document {

/// A4 pages by cairo and pango: page numbers, clickable contents and links, searchable text in both languages. Same
/// document and fonts, same bytes. kInternal where cairo fails, kCancelled where the context ends. Thread-safe.
[[nodiscard]] Result<std::string> to_pdf(const Document& document, const Context& context);

}  // namespace fa::document
