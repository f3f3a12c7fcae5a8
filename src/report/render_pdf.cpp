#include "report/render_pdf.h"

#include "document/pdf.h"

namespace fa {

Result<std::string> render_pdf(const Report& report, const Context& context, const RenderOptions& options) {
  return document::to_pdf(report_document(report, options), context);
}

}  // namespace fa
