#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "document/document.h"

namespace fa {

/// A document as `markdown`, `html` or `pdf`; as text in every other case, with colours and in the terminal's width
/// unless it goes to a file.
[[nodiscard]] Result<std::string> render_document(const document::Document& document, const std::string& format,
                                                  bool to_file, const Context& context);

}  // namespace fa
