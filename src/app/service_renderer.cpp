#include "app/service_renderer.h"

#include <fmt/core.h>

#include <variant>

#include "base/time_zone.h"
#include "chatops/flow_texts.h"
#include "document/pdf.h"
#include "draw/raster.h"
#include "report/chart_drawing.h"
#include "report/diagram_drawing.h"
#include "report/render.h"
#include "report/render_pdf.h"

namespace fa {
namespace {

namespace texts = chatops::texts;

/// Pictures that a thread shows; further ones are in the PDF.
constexpr std::size_t kMostPictures = 3;

void add_file(chatops::ResultFiles& to, const std::string& name, Language language, std::string bytes) {
  to.files.push_back({name, texts::report_file_title(language, name), std::move(bytes)});
}

void add_pdf(chatops::ResultFiles& to, const std::string& name, Language language, Result<std::string> pdf) {
  if (pdf) return add_file(to, name, language, std::move(*pdf));
  to.missing.push_back("PDF: " + pdf.error().message);
}

void add_picture(chatops::ResultFiles& to, const std::string& name, std::string title, const draw::Drawing& drawing) {
  auto png = draw::to_png(drawing);
  if (png) {
    to.files.push_back({name, std::move(title), std::move(*png), drawing.title});
  } else {
    to.missing.push_back("picture: " + png.error().message);
  }
}

class ServiceRenderer final : public chatops::ReportRenderer {
 public:
  chatops::ResultFiles render(const Report& report, const std::string& time_zone, const Context& context) override {
    const std::string name = "fa2-" + report.incident.id;
    const Language language = report.language;
    chatops::ResultFiles out;
    RenderOptions options{time_zone};
    auto diagram = diagram_drawing(report, {}, context);
    if (!diagram) {
      options.diagram_note = diagram.error().message;
      out.missing.push_back("diagram: " + diagram.error().message);
    } else if (*diagram) {
      add_picture(out, name + "-diagram.png", texts::diagram_title(language, name), **diagram);
      options.diagram = std::move(*diagram);
    }
    const ChartStyle style{language, TimeZone::find_or_utc(time_zone)};
    const draw::Drawing charts = draw_report_charts(report, style);
    if (charts.width > 0) add_picture(out, name + "-charts.png", texts::charts_title(language, name), charts);
    add_pdf(out, name + ".pdf", language, render_pdf(report, context, options));
    add_file(out, name + ".html", language, render_html(report, options));
    add_file(out, name + ".md", language, render_markdown(report, options));
    return out;
  }
};

/// Takes from a line what leads to another place of its document, and addresses that stand there already: Slack shows
/// where a link leads behind its words.
void unlink_inside(document::Line& line) {
  for (document::Run& run : line) {
    if (run.link.starts_with("#") || run.link == run.text) run.link.clear();
  }
}

struct UnlinkInside {
  void operator()(document::Heading& heading) const {
    heading.anchor.clear();
    unlink_inside(heading.text);
  }
  void operator()(document::Paragraph& paragraph) const {
    paragraph.anchor.clear();
    unlink_inside(paragraph.text);
  }
  void operator()(document::Bullets& bullets) const {
    for (document::Line& item : bullets.items) unlink_inside(item);
  }
  void operator()(document::Table& table) const {
    for (document::Column& column : table.columns) unlink_inside(column.title);
    for (auto& row : table.rows) {
      for (document::Line& cell : row) unlink_inside(cell);
    }
  }
  void operator()(document::Facts& facts) const {
    for (auto& [label, value] : facts.rows) unlink_inside(value);
  }
  template <class Other>
  void operator()(Other&) const {}
};

}  // namespace

std::unique_ptr<chatops::ReportRenderer> make_service_renderer() { return std::make_unique<ServiceRenderer>(); }

chatops::ResultFiles document_files(const document::Document& document, const std::string& name, bool for_channel,
                                    const Context& context) {
  chatops::ResultFiles out;
  std::size_t pictures = 0;
  for (const document::Block& block : document.blocks) {
    const auto* picture = std::get_if<document::Picture>(&block);
    if (picture == nullptr || pictures == kMostPictures) continue;
    const std::string of_picture = fmt::format("{}-{}", name, ++pictures);
    add_picture(out, of_picture + ".png", texts::charts_title(document.language, of_picture), picture->drawing);
  }
  const std::size_t before = out.files.size();
  add_pdf(out, name + ".pdf", document.language, document::to_pdf(document, context));
  if (out.files.size() > before) out.files.back().for_channel = for_channel;
  add_file(out, name + ".html", document.language, document::to_html(document));
  return out;
}

std::string thread_markdown(document::Document document) {
  document.title.clear();
  document.contents = false;
  std::erase_if(document.blocks,
                [](const document::Block& block) { return std::holds_alternative<document::Picture>(block); });
  for (document::Block& block : document.blocks) std::visit(UnlinkInside{}, block);
  return document::to_markdown(document);
}

}  // namespace fa
