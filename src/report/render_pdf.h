#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "report/report_document.h"

namespace fa {

/// report_document() as PDF: same report and fonts, same bytes. Errors as document::to_pdf. Thread-safe.
[[nodiscard]] Result<std::string> render_pdf(const Report& report, const Context& context,
                                             const RenderOptions& options = {});

}  // namespace fa
