#include "app/diagram_output.h"

#include <filesystem>

#include "app/output.h"
#include "base/text.h"
#include "draw/raster.h"
#include "report/diagram_drawing.h"

namespace fa {

void add_diagram(RenderOptions& options, const Report& report, const Context& context) {
  auto drawing = diagram_drawing(report, {}, context);
  if (drawing) {
    options.diagram = std::move(*drawing);
  } else {
    options.diagram_note = drawing.error().message;
  }
}

std::string diagram_file_problem(const std::string& file) {
  for (const std::string_view ending : {".svg", ".png", ".mmd", ".dot"}) {
    if (file.size() > ending.size() && file.ends_with(ending)) return {};
  }
  return "A diagram is written to a file that ends in .svg, .png, .mmd (Mermaid) or .dot, not to '" + visible(file) +
         "'.";
}

Result<void> write_diagram(const Report& report, const std::string& file, const Context& context) {
  const Diagram diagram = make_diagram(report);
  if (diagram.empty()) {
    return fail(ErrorCode::kNotFound, "No diagram was written: the data does not say who calls whom.");
  }
  const std::filesystem::path path(file);
  if (file.ends_with(".mmd")) return write_output(diagram_mermaid(diagram), path);
  if (file.ends_with(".dot")) return write_output(diagram_dot(diagram), path);
  const auto layout = lay_out(diagram, {}, context);
  if (!layout) return tl::unexpected(layout.error());
  const draw::Drawing drawing = draw_diagram(diagram, *layout);
  if (file.ends_with(".svg")) return write_output(draw::to_svg(drawing, {"diagram", true}), path);
  const auto png = draw::to_png(drawing);
  if (!png) return tl::unexpected(png.error());
  return write_output(*png, path);
}

}  // namespace fa
