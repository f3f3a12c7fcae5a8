#include "report/chart_legend.h"

#include <algorithm>

#include "base/escape.h"
#include "base/text.h"
#include "report/phrases.h"
#include "report/words.h"

namespace fa {
namespace {

using draw::Dash;
using draw::Ink;
using draw::Point;

constexpr double kSwatchWidth = 20;

draw::Shape swatch_line(Point from, Point to, Ink ink, double width, Dash dash) {
  return draw::Polyline{.points = {from, to}, .stroke = {ink, width, dash}};
}

void add_lines(const Chart& chart, bool with_values, Language language, std::vector<LegendItem>& items) {
  for (const ChartLine& line : chart.lines) {
    const std::string name = one_line(line.name);
    const auto is_same = [&](const LegendItem& item) {
      return item.kind == LegendItem::Kind::kLine && item.ink == line.ink && item.dash == line.dash &&
             item.text == name;
    };
    if (std::any_of(items.begin(), items.end(), is_same)) continue;
    const std::string text = with_values ? name + ": " + chart_range(language, line.series) : name;
    items.push_back({LegendItem::Kind::kLine, text, line.ink, line.dash});
  }
}

void add_usual(const ChartSummary* usual, const std::string& unit, Language language, std::vector<LegendItem>& items) {
  std::string band(say(language, Phrase::kChartUsual));
  std::string median(say(language, Phrase::kChartMedian));
  if (usual != nullptr) {
    const bool level = usual->usual_low == usual->usual_high;
    band +=
        ": " + (level ? std::string() : format_number(usual->usual_low) + " – ") + quantity(usual->usual_high, unit);
    median += ": " + quantity(usual->median, unit);
  }
  items.push_back({LegendItem::Kind::kBand, std::move(band)});
  items.push_back({LegendItem::Kind::kMedian, std::move(median)});
}

}  // namespace

std::vector<LegendItem> chart_legend(std::span<const Chart> charts, Language language, MarksSeen marks) {
  const bool single = charts.size() == 1;
  std::vector<LegendItem> items;
  for (const Chart& chart : charts) add_lines(chart, single, language, items);
  const auto with_usual =
      std::find_if(charts.begin(), charts.end(), [](const Chart& c) { return c.usual.has_value(); });
  if (with_usual != charts.end()) add_usual(single ? &*with_usual->usual : nullptr, with_usual->unit, language, items);
  if (marks.onset) items.push_back({LegendItem::Kind::kOnset, std::string(say(language, Phrase::kOnset))});
  if (marks.change) items.push_back({LegendItem::Kind::kChange, std::string(say(language, EvidenceKind::kChange))});
  return items;
}

std::vector<draw::Shape> legend_swatch(const LegendItem& item, Point left) {
  const Point right = {left.x + kSwatchWidth, left.y};
  const Point middle = {left.x + kSwatchWidth / 2, left.y - 4};
  const Point below = {middle.x, left.y + 8};
  switch (item.kind) {
    case LegendItem::Kind::kLine:
      return {swatch_line(left, right, item.ink, 2, item.dash)};
    case LegendItem::Kind::kBand:
      return {draw::Box{.corner = {left.x, left.y - 5},
                        .width = kSwatchWidth,
                        .height = 10,
                        .filled = true,
                        .fill = Ink::kBand,
                        .stroke = {.width = 0}}};
    case LegendItem::Kind::kMedian:
      return {swatch_line(left, right, Ink::kBaseline, 1.4, Dash::kDashed)};
    case LegendItem::Kind::kOnset:
      return {swatch_line(middle, below, Ink::kOnset, 1.5, Dash::kDotted), mark_shape(ChartMark::Kind::kOnset, middle)};
    case LegendItem::Kind::kChange:
      return {swatch_line(middle, below, Ink::kChange, 1.5, Dash::kDashed),
              mark_shape(ChartMark::Kind::kChange, middle)};
  }
  return {};
}

draw::Shape mark_shape(ChartMark::Kind kind, Point at) {
  if (kind == ChartMark::Kind::kOnset) {
    return draw::Polyline{.points = {{at.x - 4, at.y - 3}, {at.x + 4, at.y - 3}, {at.x, at.y + 4}},
                          .stroke = {.width = 0},
                          .closed = true,
                          .filled = true,
                          .fill = Ink::kOnset};
  }
  return draw::Polyline{.points = {{at.x, at.y - 4}, {at.x + 4, at.y}, {at.x, at.y + 4}, {at.x - 4, at.y}},
                        .stroke = {.width = 0},
                        .closed = true,
                        .filled = true,
                        .fill = Ink::kChange};
}

}  // namespace fa
