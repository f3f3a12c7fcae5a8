#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "chatops/report_renderer.h"
#include "document/document.h"

namespace fa {

/// Reports as files for Slack: the diagram and the charts as PNG, then PDF, HTML and Markdown.
[[nodiscard]] std::unique_ptr<chatops::ReportRenderer> make_service_renderer();

/// A document as files for Slack: its first pictures as PNG, then PDF and HTML; names begin with `name`. `for_channel`:
/// the PDF is for everybody in the channel. What cannot be made is told in `missing`.
[[nodiscard]] chatops::ResultFiles document_files(const document::Document& document, const std::string& name,
                                                  bool for_channel, const Context& context);

/// What is said of it in a thread, as Markdown: without its title and pictures, which stand beside it, and without
/// links within it, which lead nowhere in Slack.
[[nodiscard]] std::string thread_markdown(document::Document document);

}  // namespace fa
