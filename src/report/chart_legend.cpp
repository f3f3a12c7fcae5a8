#include "report/chart_legend.h"

#include <algorithm>
#include <utility>

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

std::string mark_name(ChartMark::Kind kind, Language language) {
  switch (kind) {
    case ChartMark::Kind::kChange:
      return std::string(say(language, EvidenceKind::kChange));
    case ChartMark::Kind::kShift:
      return std::string(say(language, Phrase::kChartShift));
    case ChartMark::Kind::kOutlier:
      return std::string(say(language, Phrase::kChartOutlier));
    case ChartMark::Kind::kOnset:
      break;
  }
  return std::string(say(language, Phrase::kOnset));
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

std::vector<LegendItem> chart_legend(std::span<const Chart> charts, Language language,
                                     const std::set<ChartMark::Kind>& marks) {
  const bool single = charts.size() == 1;
  std::vector<LegendItem> items;
  for (const Chart& chart : charts) add_lines(chart, single, language, items);
  const auto with_usual =
      std::find_if(charts.begin(), charts.end(), [](const Chart& c) { return c.usual.has_value(); });
  if (with_usual != charts.end()) add_usual(single ? &*with_usual->usual : nullptr, with_usual->unit, language, items);
  for (const ChartMark::Kind kind : marks) {
    items.push_back({.kind = LegendItem::Kind::kMark, .text = mark_name(kind, language), .mark = kind});
  }
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
    case LegendItem::Kind::kMark:
      return {draw::Polyline{.points = {middle, below}, .stroke = mark_stroke(item.mark)},
              mark_shape(item.mark, middle)};
  }
  return {};
}

draw::Stroke mark_stroke(ChartMark::Kind kind) {
  switch (kind) {
    case ChartMark::Kind::kChange:
      return {Ink::kChange, 1.5, Dash::kDashed};
    case ChartMark::Kind::kOutlier:
      return {Ink::kOnset, 1, Dash::kDotted};
    case ChartMark::Kind::kOnset:
    case ChartMark::Kind::kShift:
      break;
  }
  return {Ink::kOnset, 1.5, Dash::kDotted};
}

draw::Shape mark_shape(ChartMark::Kind kind, Point at) {
  if (kind == ChartMark::Kind::kOutlier) return draw::Circle{.center = at, .radius = 3.5, .fill = Ink::kOnset};
  std::vector<Point> corners;
  switch (kind) {
    case ChartMark::Kind::kShift:
      corners = {{at.x - 4, at.y - 4}, {at.x + 4, at.y - 4}, {at.x + 4, at.y + 4}, {at.x - 4, at.y + 4}};
      break;
    case ChartMark::Kind::kChange:
      corners = {{at.x, at.y - 4}, {at.x + 4, at.y}, {at.x, at.y + 4}, {at.x - 4, at.y}};
      break;
    default:
      corners = {{at.x - 4, at.y - 3}, {at.x + 4, at.y - 3}, {at.x, at.y + 4}};
  }
  return draw::Polyline{.points = std::move(corners),
                        .stroke = {.width = 0},
                        .closed = true,
                        .filled = true,
                        .fill = mark_stroke(kind).ink};
}

}  // namespace fa
