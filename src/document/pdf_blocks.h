#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "document/outline.h"
#include "document/pdf_pages.h"

namespace fa::document::pdf {

/// Sets a document on pages: title, contents, blocks. The pages borrow the document's drawings. kCancelled where the
/// context ends.
[[nodiscard]] Result<std::vector<Page>> set_pages(const Document& document, const Outline& outline,
                                                  const Typesetter& typesetter, const Context& context);

}  // namespace fa::document::pdf
