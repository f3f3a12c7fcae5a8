#include "insight/answer_chart.h"

#include <algorithm>
#include <cmath>

#include "analysis/metrics/metric_kind.h"
#include "base/text.h"
#include "insight/answer_words.h"
#include "insight/facts.h"
#include "insight/facts_grid.h"
#include "report/chart.h"
#include "report/chart_drawing.h"
#include "report/sparkline.h"

namespace fa::insight {
namespace {

constexpr std::size_t kSparklineColumns = 60;
/// A limit farther above than so many times the peak would press the line to the ground.
constexpr double kFarthestLimit = 1.5;

/// The unit in which the axis has short numbers, and what values are multiplied by for it.
struct AxisUnit {
  std::string name;
  double factor = 1;
};

AxisUnit axis_unit(const InsightSeries& series) {
  double largest = 0;
  for (const double v : window_values(series)) largest = std::max(largest, std::abs(v));
  const std::string& unit = series.metric.unit;
  if (iequals(unit, "percent")) return {"%", 1};
  if (iequals(unit, "count") || iequals(unit, "none")) return {"", 1};
  if (const double seconds = seconds_per_unit(unit); seconds > 0) {
    return largest * seconds < 1 ? AxisUnit{"ms", seconds * 1e3} : AxisUnit{"s", seconds};
  }
  if (!iequals(unit, "bytes")) return {unit, 1};
  AxisUnit axis{"B", 1};
  for (const std::string_view larger : {"kB", "MB", "GB", "TB", "PB"}) {
    if (largest * axis.factor < 1'000) break;
    axis = {std::string(larger), axis.factor / 1'000};
  }
  return axis;
}

ChartSeries chart_series(const InsightSeries& series, TimeRange range, const AxisUnit& unit) {
  const Grid grid = grid_over(series, range);
  ChartSeries chart{range, {}, unit.name};
  // The grid's last step may reach beyond the range, which the chart divides evenly.
  if (!range.empty()) chart.range.end = grid.time(grid.values.size());
  for (const double v : grid.values)
    chart.values.push_back(std::isnan(v) ? std::nullopt : std::optional(v * unit.factor));
  return chart;
}

/// A straight line with as many values as the window's, so that both have the same axis.
ChartLine straight_line(std::string name, const ChartSeries& window, double from, double to) {
  ChartLine line{std::move(name), {window.range, {}, window.unit}, draw::Ink::kSeries3, draw::Dash::kDashed};
  const std::size_t count = window.values.size();
  for (std::size_t i = 0; i < count; ++i) {
    const double share = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0;
    line.series.values.emplace_back(from + (to - from) * share);
  }
  return line;
}

void add_fact(const InsightResult& result, const InsightFact& fact, double factor, Chart& chart) {
  const Language language = result.language;
  const ChartSeries& window = chart.lines.front().series;
  const auto mark = [&](TimePoint time, ChartMark::Kind kind) { chart.marks.push_back({time, kind, fact.id}); };
  switch (fact.kind) {
    case InsightFactKind::kTrend:
      chart.lines.push_back(straight_line(std::string(in_language(language, "Trend", "傾向")), window,
                                          factor * number_of(fact, "start"), factor * number_of(fact, "end")));
      break;
    case InsightFactKind::kSaturation: {
      const double limit = number_of(fact, "limit");
      if (!(limit <= kFarthestLimit * number_of(fact, "peak"))) break;
      const double line_at = factor * limit;
      ChartLine line = straight_line(std::string(in_language(language, "Limit", "上限")), window, line_at, line_at);
      line.ink = draw::Ink::kBad;
      line.dash = draw::Dash::kDotted;
      chart.lines.push_back(std::move(line));
      break;
    }
    case InsightFactKind::kLevelShift:
      mark(fact.ranges.front().begin, ChartMark::Kind::kShift);
      break;
    case InsightFactKind::kOutliers:
      for (const TimeRange& range : fact.ranges) mark(range.begin, ChartMark::Kind::kOutlier);
      break;
    default:
      break;
  }
}

}  // namespace

std::optional<document::Picture> series_picture(const InsightResult& result, std::size_t series) {
  const InsightSeries& from = result.series[series];
  const Language language = result.language;
  Chart chart;
  chart.title = series_label(result, series);
  const AxisUnit unit = axis_unit(from);
  chart.unit = unit.name;
  chart.lines.push_back(
      {std::string(in_language(language, "Window", "対象期間")), chart_series(from, from.window, unit)});
  if (!chart_summary(chart.lines.front().series)) return std::nullopt;
  if (!from.previous.empty()) chart.usual = chart_summary(chart_series(from, from.previous, unit));
  for (const InsightFact& fact : result.facts) {
    if (fact.series.size() == 1 && fact.series.front() == series) add_fact(result, fact, unit.factor, chart);
  }
  ChartStyle style;
  style.language = language;
  style.zone = TimeZone::find_or_utc(result.time_zone);
  document::Picture picture;
  picture.drawing = draw_charts({&chart, 1}, style);
  picture.instead = chart.title + "\n" + sparkline(chart.lines.front().series, chart_scale(chart), kSparklineColumns);
  return picture;
}

}  // namespace fa::insight
