#pragma once

#include "document/document.h"
#include "report/render.h"

namespace fa {

/// A report as a document, complete: the answer, hypotheses with links to their evidence, the diagram of the options
/// (or the calls as a list), timeline, evidence with excerpts and charts, what could not be seen, and how to get the
/// same data by hand. Pure, as all renderings.
[[nodiscard]] document::Document report_document(const Report& report, const RenderOptions& options = {});

}  // namespace fa
