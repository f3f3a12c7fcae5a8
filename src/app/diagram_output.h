#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "model/report.h"
#include "report/render.h"

/// The architecture diagram on the command line: drawn for a report's HTML, or written to a file of its own.
namespace fa {

/// Draws the diagram into `options`; where it cannot be drawn, the note says why. A report goes out with or without it.
void add_diagram(RenderOptions& options, const Report& report, const Context& context);

/// Why a file of that name cannot hold a diagram; empty when its ending is one of .svg, .png, .mmd and .dot.
[[nodiscard]] std::string diagram_file_problem(const std::string& file);

/// Writes the diagram as SVG or PNG picture, Mermaid or DOT text, as the ending of the file's name says. kNotFound when
/// the report knows no call, or where there is no Graphviz (for pictures).
[[nodiscard]] Result<void> write_diagram(const Report& report, const std::string& file, const Context& context);

}  // namespace fa
