#include "report/chart_drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "draw/raster.h"
#include "report/sample_report.h"
#include "support/golden_image.h"

namespace fa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TimePoint at(const char* text) { return parse_rfc3339(text).value(); }

/// Latency with a fault from 08:33 on, a gap, and a lone value behind it.
Chart sample_chart() {
  const TimeRange window{at("2026-03-14T08:28:44Z"), at("2026-03-14T08:43:44Z")};
  ChartSeries series{window, {}, "s"};
  for (int i = 0; i < 30; ++i) {
    const double ripple = 1 + 0.2 * std::sin(i * 1.7);
    series.values.emplace_back((i < 9 ? 0.4 : 2.1) * ripple);
  }
  for (const std::size_t gap : {14U, 15U, 20U, 22U}) series.values[gap] = std::nullopt;
  Chart chart{
      .title = "M2 · checkout · http.server.request.duration[p99]", .unit = "s", .lines = {}, .usual = {}, .marks = {}};
  chart.lines.push_back({.name = "window", .series = std::move(series)});
  chart.usual = ChartSummary{0.3, 0.34, 0.4, 0.5, 0.6};
  chart.marks = {{at("2026-03-14T08:33:10Z"), ChartMark::Kind::kOnset, "Onset"},
                 {at("2026-03-14T08:32:05Z"), ChartMark::Kind::kChange, "C1"},
                 {at("2026-03-14T08:32:10Z"), ChartMark::Kind::kChange, "C4"},
                 {at("2026-03-14T07:00:00Z"), ChartMark::Kind::kChange, "C9"}};
  return chart;
}

std::string svg_of(const Chart& chart, const ChartStyle& style = {}) {
  return draw::to_svg(draw_charts(std::span(&chart, 1), style));
}

void expect_golden(const std::string& name, const draw::Drawing& drawing, draw::Theme theme = draw::Theme::kLight) {
  const auto png = draw::to_png(drawing, {.theme = theme, .scale = 1.5});
  ASSERT_TRUE(png) << png.error().message;
  test::expect_image(FA_PROJECT_DIR "/src/report/testdata/" + name, *png);
}

ChartStyle in_tokyo() { return {.language = Language::kJapanese, .zone = TimeZone::find_or_utc("Asia/Tokyo")}; }

TEST(ChartPicture, looks_as_reviewed_in_both_themes) {
  const Chart chart = sample_chart();
  const draw::Drawing drawing = draw_charts(std::span(&chart, 1), {});
  expect_golden("chart-light.golden.png", drawing);
  expect_golden("chart-dark.golden.png", drawing, draw::Theme::kDark);
}

TEST(ChartPicture, of_a_report_has_all_charts_on_one_time_axis) {
  expect_golden("charts-ja.golden.png", draw_report_charts(sample_report(Language::kJapanese), in_tokyo()));
  expect_golden("charts-en.golden.png", draw_report_charts(sample_report(Language::kEnglish), {}), draw::Theme::kDark);
}

TEST(ChartPicture, of_hostile_names_and_values_stays_readable) {
  expect_golden("charts-hostile.golden.png", draw_report_charts(hostile_report(Language::kEnglish), {}, 2));
}

TEST(ChartPicture, has_words_for_those_who_cannot_see_it) {
  EXPECT_THAT(svg_of(sample_chart()),
              HasSubstr("<title id=\"drawing\">M2 · checkout · http.server.request.duration[p99] (s) · window: 0.3259 "
                        "– 2.52 s</title>"));
}

TEST(ChartPicture, keeps_gaps_and_shows_a_lone_value_as_a_dot) {
  const std::string svg = svg_of(sample_chart());
  std::size_t lines = 0;
  for (std::size_t at = svg.find("stroke=\"var(--ink-window)\" stroke-width=\"2\""); at != std::string::npos;
       at = svg.find("stroke=\"var(--ink-window)\" stroke-width=\"2\"", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, 3U + 1U) << "three parts, and one in the legend";
  EXPECT_THAT(svg, HasSubstr("<circle"));
}

TEST(ChartPicture, marks_only_what_lies_on_the_time_axis) {
  const std::string svg = svg_of(sample_chart());
  EXPECT_THAT(svg, HasSubstr(">Onset 08:33:10</text>"));
  EXPECT_THAT(svg, HasSubstr(">C4</text>"));
  EXPECT_THAT(svg, Not(HasSubstr(">C9</text>")));
}

TEST(ChartPicture, shows_times_in_the_readers_zone) {
  const std::string svg = svg_of(sample_chart(), in_tokyo());
  EXPECT_THAT(svg, HasSubstr(">17:30</text>"));
  EXPECT_THAT(svg, HasSubstr(">2026-03-14</text>"));
  EXPECT_THAT(svg, HasSubstr(">Asia/Tokyo (JST)</text>"));
}

TEST(ChartPicture, leaves_nothing_out_silently) {
  const Report report = sample_report(Language::kEnglish);
  const std::size_t all = report_charts(report).size();
  ASSERT_GT(all, 1U);
  EXPECT_THAT(draw::to_svg(draw_report_charts(report, {}, 1)),
              HasSubstr(std::to_string(all - 1) + " more with the evidence in the HTML report"));
  EXPECT_THAT(draw::to_svg(draw_report_charts(report, {}, all)), Not(HasSubstr("more with")));
}

TEST(ChartPicture, of_nothing_has_no_extent) {
  EXPECT_EQ(draw_charts({}, {}).width, 0);
  EXPECT_EQ(draw_report_charts(Report{}, {}).shapes.size(), 0U);
}

TEST(ChartPicture, many_marks_close_together_do_not_overlap_their_names) {
  Chart chart = sample_chart();
  for (int i = 0; i < 200; ++i) {
    chart.marks.push_back(
        {at("2026-03-14T08:32:00Z") + std::chrono::seconds(i), ChartMark::Kind::kChange, "C" + std::to_string(i)});
  }
  const draw::Drawing drawing = draw_charts(std::span(&chart, 1), {});
  std::vector<const draw::Text*> names;
  for (const draw::Shape& shape : drawing.shapes) {
    const auto* text = std::get_if<draw::Text>(&shape);
    if (text != nullptr && text->ink == draw::Ink::kChange) names.push_back(text);
  }
  EXPECT_GT(names.size(), 5U);
  for (const draw::Text* a : names) {
    for (const draw::Text* b : names) {
      EXPECT_TRUE(a == b || a->at.y != b->at.y || std::abs(a->at.x - b->at.x) > draw::text_width("C1", 11)) << a->text;
    }
  }
}

}  // namespace
}  // namespace fa
