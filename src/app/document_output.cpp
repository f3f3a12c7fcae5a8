#include "app/document_output.h"

#include "app/terminal.h"
#include "document/pdf.h"

namespace fa {

Result<std::string> render_document(const document::Document& document, const std::string& format, bool to_file,
                                    const Context& context) {
  constexpr std::size_t kFileWidth = 100;
  if (format == "markdown") return document::to_markdown(document);
  if (format == "html") return document::to_html(document);
  if (format == "pdf") return document::to_pdf(document, context);
  return document::to_text(document, {!to_file && wants_color(), to_file ? kFileWidth : terminal_width()});
}

}  // namespace fa
