#include "report/chart_drawing.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "base/text.h"
#include "report/chart_legend.h"
#include "report/phrases.h"
#include "report/time_axis.h"
#include "report/words.h"

namespace fa {
namespace {

using draw::Anchor;
using draw::Dash;
using draw::Ink;
using draw::Point;

constexpr double kLeft = 58;  // Room for the numbers of the value axis.
constexpr double kRightMargin = 14;
constexpr double kTallPlot = 124;
constexpr double kLowPlot = 66;
constexpr double kTitleHeight = 20;
constexpr double kMarkRow = 14;
constexpr double kPanelGap = 12;
constexpr double kTitleSize = 12;
constexpr double kSmall = 11;
constexpr double kTickWidth = 76;     // Of a label of the time axis with air around it.
constexpr double kTickDistance = 15;  // Between numbers of the value axis.
constexpr double kFiguresWidth = 220;
constexpr std::size_t kMarkRows = 3;
constexpr std::size_t kLongestUnit = 24;    // Columns.
constexpr std::size_t kLongestTitle = 600;  // Columns of the words behind the picture.

double nanos(TimePoint t) { return static_cast<double>(t.time_since_epoch().count()); }

class ChartPainter {
 public:
  ChartPainter(std::span<const Chart> charts, const ChartStyle& style)
      : charts_(charts), style_(style), range_(time_of(charts)), single_(charts.size() == 1) {
    out_.width = std::max(style.width, 320.0);
    right_ = out_.width - kRightMargin;
    ticks_ = time_ticks(range_, style.zone, static_cast<std::size_t>((right_ - kLeft) / kTickWidth));
  }

  draw::Drawing paint() {
    for (const Chart& chart : charts_) panel(chart);
    time_axis();
    for (const LegendItem& item : chart_legend(charts_, style_.language, marks_seen_)) legend_item(item);
    y_ = legend_y_ + 8;
    out_.height = y_;
    out_.title = clip(title(), kLongestTitle);
    return std::move(out_);
  }

 private:
  // Each shape has its own overload so that no call names the variant.
  template <class Shape>
  void add(Shape shape) {
    out_.shapes.emplace_back(std::move(shape));
  }
  void line(Point from, Point to, Ink ink, double width, Dash dash = Dash::kSolid) {
    add(draw::Polyline{.points = {from, to}, .stroke = {ink, width, dash}});
  }
  void text(Point at, std::string words, double size, Ink ink, Anchor anchor = Anchor::kStart, bool bold = false) {
    add(draw::Text{.at = at, .text = std::move(words), .size = size, .ink = ink, .anchor = anchor, .bold = bold});
  }

  [[nodiscard]] double x(double time) const {
    const double begin = nanos(range_.begin);
    const double share = std::clamp((time - begin) / (nanos(range_.end) - begin), 0.0, 1.0);
    return kLeft + share * (right_ - kLeft);
  }
  [[nodiscard]] double y(double value, const ChartScale& scale) const {
    return bottom_ - scale.share(value) * (bottom_ - top_);
  }

  void panel(const Chart& chart) {
    const ChartScale scale = chart_scale(chart);
    panel_title(chart);
    top_ = y_ + kTitleHeight;
    const std::vector<ChartMark> marks = marks_within(chart);
    // Marks are named once: above the first plot.
    const bool first = &chart == charts_.data();
    if (first && !marks.empty()) top_ += name_marks(marks, top_);
    bottom_ = top_ + (single_ ? kTallPlot : kLowPlot);
    if (chart.usual) band(*chart.usual, scale);
    value_axis(scale);
    for (const TimeTick& tick : ticks_)
      line({x(nanos(tick.time)), top_}, {x(nanos(tick.time)), bottom_}, Ink::kGrid, 1);
    if (chart.usual) {
      const double median = y(chart.usual->median, scale);
      line({kLeft, median}, {right_, median}, Ink::kBaseline, 1.4, Dash::kDashed);
    }
    for (const ChartMark& mark : marks) draw_mark(mark);
    for (const ChartLine& values : chart.lines) draw_line(values, scale);
    y_ = bottom_ + kPanelGap;
  }

  void panel_title(const Chart& chart) {
    std::string figures;
    if (!single_ && !chart.lines.empty()) {
      figures = draw::text_to_fit(chart_range(style_.language, chart.lines.front().series), kFiguresWidth, kSmall);
    }
    const std::string unit = unit_in_brackets(chart);
    const double room = right_ - 4 - (figures.empty() ? 0 : draw::text_width(figures, kSmall) + 16) -
                        draw::text_width(unit, kTitleSize, true);
    text({4, y_ + 13}, draw::text_to_fit(chart.title, room, kTitleSize, draw::CutAt::kEnd, true) + unit, kTitleSize,
         Ink::kText, Anchor::kStart, true);
    if (!figures.empty()) text({right_, y_ + 13}, figures, kSmall, Ink::kMuted, Anchor::kEnd);
  }

  [[nodiscard]] std::string unit_in_brackets(const Chart& chart) const {
    const std::string unit = clip(unit_shown(chart.unit), kLongestUnit);
    return unit.empty() ? unit : in_brackets(style_.language, unit);
  }

  [[nodiscard]] std::vector<ChartMark> marks_within(const Chart& chart) {
    std::vector<ChartMark> marks;
    for (const ChartMark& mark : chart.marks) {
      if (!range_.contains(mark.time)) continue;
      marks.push_back(mark);
      marks_seen_.insert(mark.kind);
    }
    return marks;
  }

  /// In as many rows as it takes for no two to overlap; those that find no room have only their line. Gives the height.
  double name_marks(const std::vector<ChartMark>& marks, double top) {
    std::vector<std::vector<std::pair<double, double>>> rows;
    for (const ChartMark& mark : marks) {
      std::string label = mark.label;
      if (mark.kind != ChartMark::Kind::kChange) label += " " + time_near(mark.time, range_.begin, style_.zone);
      label = draw::text_to_fit(label, 160, kSmall);
      const double width = draw::text_width(label, kSmall);
      const double at = x(nanos(mark.time));
      const bool to_the_left = at + width > right_;
      const std::pair<double, double> taken(to_the_left ? at - width : at - 4, (to_the_left ? at : at + width) + 6);
      std::size_t row = 0;
      const auto overlaps = [&](const auto& other) { return taken.first < other.second && other.first < taken.second; };
      while (row < rows.size() && std::any_of(rows[row].begin(), rows[row].end(), overlaps)) ++row;
      if (row == kMarkRows) continue;
      if (row == rows.size()) rows.emplace_back();
      rows[row].push_back(taken);
      text({at, top + 9 + static_cast<double>(row) * kMarkRow}, label, kSmall, mark_stroke(mark.kind).ink,
           to_the_left ? Anchor::kEnd : Anchor::kStart);
    }
    return static_cast<double>(rows.size()) * kMarkRow + 3;
  }

  void draw_mark(const ChartMark& mark) {
    const double at = x(nanos(mark.time));
    add(draw::Polyline{.points = {{at, top_}, {at, bottom_}}, .stroke = mark_stroke(mark.kind)});
    add(mark_shape(mark.kind, {at, top_}));
  }

  void band(const ChartSummary& usual, const ChartScale& scale) {
    const double high = y(usual.usual_high, scale);
    // A level that never moved is a band of some height too.
    const double height = std::max(y(usual.usual_low, scale) - high, 2.0);
    add(draw::Box{.corner = {kLeft, high},
                  .width = right_ - kLeft,
                  .height = height,
                  .filled = true,
                  .fill = Ink::kBand,
                  .stroke = {.width = 0}});
  }

  void value_axis(const ChartScale& scale) {
    const std::vector<double> ticks = chart_ticks(scale);
    const std::vector<std::string> labels = tick_labels(ticks);
    std::optional<double> before;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      const double at = y(ticks[i], scale);
      if (before && std::abs(*before - at) < kTickDistance) continue;
      before = at;
      line({kLeft, at}, {right_, at}, Ink::kGrid, 1);
      text({kLeft - 7, at + 4}, draw::text_to_fit(labels[i], kLeft - 9, kSmall), kSmall, Ink::kMuted, Anchor::kEnd);
    }
  }

  void draw_line(const ChartLine& shown, const ChartScale& scale) {
    const ChartValues values = chart_values(shown.series);
    const TimeRange& own = shown.series.range;
    const bool dated = own.begin != kNoTime && own.end != kNoTime && !own.empty() && !range_.empty();
    const double begin = dated ? x(nanos(own.begin)) : kLeft;
    const double end = dated ? x(nanos(own.end)) : right_;
    const double step = (end - begin) / static_cast<double>(std::max<std::size_t>(values.size(), 1));
    std::vector<Point> part;
    const auto finish = [&] {
      // A value between two gaps is a dot.
      if (part.size() == 1) {
        add(draw::Circle{.center = part.front(), .radius = 3, .fill = shown.ink});
      } else if (!part.empty()) {
        add(draw::Polyline{.points = part, .stroke = {shown.ink, 2, shown.dash}});
      }
      part.clear();
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i]) {
        part.push_back({begin + (static_cast<double>(i) + 0.5) * step, y(*values[i], scale)});
      } else {
        finish();
      }
    }
    finish();
  }

  /// Times below the last plot, and below them the dates and the zone.
  void time_axis() {
    y_ = bottom_;
    legend_y_ = y_ + 20;
    if (ticks_.empty()) return;
    const std::string zone = zone_text();
    const double zone_from = right_ - draw::text_width(zone, kSmall) - 10;
    for (const TimeTick& tick : ticks_) {
      const double at = x(nanos(tick.time));
      text({at, y_ + 15}, tick.label, kSmall, Ink::kMuted, Anchor::kMiddle);
      const double half = draw::text_width(tick.date, kSmall) / 2;
      if (!tick.date.empty() && at + half < zone_from)
        text({at, y_ + 29}, tick.date, kSmall, Ink::kMuted, Anchor::kMiddle);
    }
    text({right_, y_ + 29}, zone, kSmall, Ink::kMuted, Anchor::kEnd);
    legend_y_ = y_ + 50;
  }

  /// `UTC`, `Asia/Tokyo (JST)`; both abbreviations where the clocks are changed.
  [[nodiscard]] std::string zone_text() const {
    if (style_.zone.is_utc()) return style_.zone.name();
    const std::string begin = style_.zone.abbreviation_at(range_.begin);
    const std::string end = style_.zone.abbreviation_at(range_.end);
    return style_.zone.name() + " (" + (begin == end ? begin : begin + "/" + end) + ")";
  }

  void legend_item(const LegendItem& item) {
    constexpr double kSwatch = 26;
    const std::string words = draw::text_to_fit(item.text, right_ - kLeft - kSwatch, kSmall);
    const double width = kSwatch + draw::text_width(words, kSmall) + 14;
    if (legend_x_ > kLeft && legend_x_ + width > out_.width) {
      legend_x_ = kLeft;
      legend_y_ += 17;
    }
    for (const draw::Shape& shape : legend_swatch(item, {legend_x_, legend_y_ - 4})) out_.shapes.push_back(shape);
    text({legend_x_ + kSwatch, legend_y_}, words, kSmall, Ink::kMuted);
    legend_x_ += width;
  }

  /// What the picture shows, in words.
  [[nodiscard]] std::string title() const {
    std::string all;
    for (const Chart& chart : charts_) {
      if (!all.empty()) all += "; ";
      all += clip(one_line(chart.title), 160) + unit_in_brackets(chart);
      for (const ChartLine& shown : chart.lines) {
        all += fmt::format(" · {}: {}", one_line(shown.name), chart_range(style_.language, shown.series));
      }
    }
    return all;
  }

  std::span<const Chart> charts_;
  const ChartStyle& style_;
  TimeRange range_;
  bool single_;
  std::vector<TimeTick> ticks_;
  draw::Drawing out_;
  double right_ = 0;
  double y_ = 4;    ///< Where the next panel begins.
  double top_ = 0;  ///< Of the plot that is being painted.
  double bottom_ = 0;
  std::set<ChartMark::Kind> marks_seen_;
  double legend_x_ = kLeft;
  double legend_y_ = 0;  ///< Base line of its row.
};

}  // namespace

draw::Drawing draw_charts(std::span<const Chart> charts, const ChartStyle& style) {
  if (charts.empty()) return {};
  return ChartPainter(charts, style).paint();
}

draw::Drawing draw_report_charts(const Report& report, const ChartStyle& style, std::size_t most) {
  const std::vector<Chart> all = report_charts(report);
  draw::Drawing drawing = draw_charts(std::span(all).first(std::min(most, all.size())), style);
  if (all.size() > most && most > 0) {
    drawing.height += 18;
    drawing.shapes.emplace_back(draw::Text{.at = {kLeft, drawing.height - 8},
                                           .text = say(style.language, Phrase::kMoreCharts, all.size() - most),
                                           .size = kSmall,
                                           .ink = Ink::kMuted});
  }
  return drawing;
}

}  // namespace fa
