#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "draw/drawing.h"
#include "model/report.h"
#include "report/diagram.h"
#include "report/diagram_layout.h"

namespace fa {

/// The diagram as shapes: kinds as words and symbols; marks as borders, symbols and words too, so that no one has to
/// tell colours apart; a legend of what occurs. Pure.
[[nodiscard]] draw::Drawing draw_diagram(const Diagram& diagram, const DiagramLayout& layout);

/// From the report to shapes, with Graphviz as a child process for the layout. Nullopt when the report knows no call:
/// there is nothing to draw. Errors as lay_out(), with messages in the report's language; the report is complete
/// without the drawing. Thread-safe.
[[nodiscard]] Result<std::optional<draw::Drawing>> diagram_drawing(const Report& report, const LayoutOptions& options,
                                                                   const Context& context);

}  // namespace fa
