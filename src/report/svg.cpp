#include "report/svg.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "report/chart.h"
#include "report/escape.h"
#include "report/phrases.h"
#include "report/words.h"

namespace fa {
namespace {

// User units of the viewBox; the page scales the drawing to its column.
constexpr double kWidth = 640;
constexpr double kHeight = 168;
constexpr double kLeft = 64;  // Room for the numbers of the value axis.
constexpr double kRight = 628;
constexpr double kTop = 16;
constexpr double kBottom = 140;

class SvgChart {
 public:
  SvgChart(const Evidence& evidence, const SvgOptions& options)
      : evidence_(evidence), options_(options), scale_(chart_scale(evidence)) {}

  std::string draw() {
    if (scale_.empty) return {};
    add(R"(<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}">)", kWidth, kHeight, options_.id);
    add(R"(<title id="{}">{}</title>)", options_.id, html_escape(clip(title(), 500)));
    value_axis();
    if (evidence_.baseline_chart) baseline(*evidence_.baseline_chart);
    if (evidence_.window_chart) {
      time_axis(evidence_.window_chart->range);
      onset(evidence_.window_chart->range);
      window(*evidence_.window_chart);
    }
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...);
  }

  [[nodiscard]] double y(double value) const { return kBottom - scale_.share(value) * (kBottom - kTop); }

  /// What the picture shows, in words.
  [[nodiscard]] std::string title() const {
    std::string text = one_line(evidence_.key.empty() ? evidence_.entity : evidence_.key);
    const auto part = [&](Phrase label, const std::optional<ChartSeries>& series) {
      if (!series) return;
      text += fmt::format(" · {}: {}", say(options_.language, label), chart_range(options_.language, *series));
    };
    part(Phrase::kChartBaseline, evidence_.baseline_chart);
    part(Phrase::kChartWindow, evidence_.window_chart);
    return text;
  }

  void value_axis() {
    const auto tick = [&](double value) {
      add(R"(<line class="grid" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>)", kLeft, y(value), kRight, y(value));
      add(R"(<text class="axis" x="{}" y="{:.1f}" text-anchor="end">{}</text>)", kLeft - 8, y(value) + 4,
          html_escape(format_number(value)));
    };
    for (const double value : chart_ticks(scale_)) tick(value);
  }

  void time_axis(const TimeRange& range) {
    if (range.begin == kNoTime || range.end == kNoTime || range.empty()) return;
    add(R"(<text class="axis" x="{}" y="{}">{}</text>)", kLeft, kBottom + 20,
        html_escape(time_near(range.begin, range.begin)));
    add(R"(<text class="axis" x="{}" y="{}" text-anchor="end">{} UTC</text>)", kRight, kBottom + 20,
        html_escape(time_near(range.end, range.begin)));
  }

  void baseline(const ChartSeries& series) {
    const auto summary = chart_summary(series);
    if (!summary) return;
    const double top = y(summary->usual_high);
    // A level that never moved is a band of one pixel's height too.
    const double height = std::max(y(summary->usual_low) - top, 2.0);
    add(R"(<rect class="band" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>)", kLeft, top, kRight - kLeft, height);
    add(R"(<line class="median" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>)", kLeft, y(summary->median), kRight,
        y(summary->median));
  }

  void onset(const TimeRange& range) {
    if (!options_.onset || range.begin == kNoTime || range.end == kNoTime || !range.contains(*options_.onset)) return;
    const double share =
        static_cast<double>((*options_.onset - range.begin).count()) / static_cast<double>(range.length().count());
    const double x = kLeft + share * (kRight - kLeft);
    const bool label_left = share > 0.8;
    add(R"(<line class="onset" x1="{0:.1f}" y1="{1}" x2="{0:.1f}" y2="{2}"/>)", x, kTop - 8, kBottom);
    add(R"(<text class="onset-label" x="{:.1f}" y="{}" text-anchor="{}">{} {}</text>)", label_left ? x - 5 : x + 5,
        kTop - 4, label_left ? "end" : "start", html_escape(say(options_.language, Phrase::kOnset)),
        html_escape(time_near(*options_.onset, range.begin)));
  }

  void window(const ChartSeries& series) {
    const ChartValues values = chart_values(series);
    const double step = (kRight - kLeft) / static_cast<double>(std::max<std::size_t>(values.size(), 1));
    std::string path;
    bool drawing = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) {
        drawing = false;
        continue;
      }
      const double x = kLeft + (static_cast<double>(i) + 0.5) * step;
      const bool alone = !drawing && (i + 1 == values.size() || !values[i + 1]);
      if (alone) {
        add(R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="3"/>)", x, y(*values[i]));
      } else {
        path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", x, y(*values[i]));
      }
      drawing = true;
    }
    if (!path.empty()) add(R"(<path class="line" d="{}"/>)", path);
  }

  const Evidence& evidence_;
  const SvgOptions& options_;
  ChartScale scale_;
  std::string out_;
};

}  // namespace

std::string svg_chart(const Evidence& evidence, const SvgOptions& options) {
  return SvgChart(evidence, options).draw();
}

}  // namespace fa
