#include "report/svg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "report/sample_report.h"

namespace fa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Evidence with_values(std::vector<std::optional<double>> values) {
  Evidence e;
  e.key = "latency";
  e.window_chart =
      ChartSeries{{TimePoint{std::chrono::hours{1}}, TimePoint{std::chrono::hours{2}}}, std::move(values), "s"};
  return e;
}

std::string draw(const Evidence& e, std::optional<TimePoint> onset = {}) {
  return svg_chart(e, {Language::kEnglish, onset, "chart-1"});
}

TEST(SvgChart, is_empty_without_values) {
  EXPECT_EQ(draw(Evidence{}), "");
  EXPECT_EQ(draw(with_values({std::nullopt, NAN})), "");
}

TEST(SvgChart, has_words_for_those_who_cannot_see_it) {
  const std::string svg = draw(with_values({1, 2, 3}));
  EXPECT_THAT(svg, HasSubstr("role=\"img\" aria-labelledby=\"chart-1\""));
  EXPECT_THAT(svg, HasSubstr("<title id=\"chart-1\">latency · window: 1 – 3 s</title>"));
}

TEST(SvgChart, gaps_break_the_line_and_a_lone_value_is_a_dot) {
  const std::string svg = draw(with_values({1, 2, std::nullopt, 3, std::nullopt, 2, 1}));
  const auto moves = static_cast<std::size_t>(std::count(svg.begin(), svg.end(), 'M'));
  EXPECT_EQ(moves, 2U);
  EXPECT_THAT(svg, HasSubstr("<circle class=\"dot\""));
}

TEST(SvgChart, marks_the_onset_only_inside_the_window) {
  EXPECT_THAT(draw(with_values({1, 2}), TimePoint{std::chrono::minutes{90}}), HasSubstr("Onset 01:30:00"));
  EXPECT_THAT(draw(with_values({1, 2}), TimePoint{std::chrono::hours{5}}), Not(HasSubstr("onset")));
}

TEST(SvgChart, draws_the_baseline_as_band_and_median) {
  Evidence e = with_values({1, 2});
  e.baseline_chart = ChartSeries{{}, {0.5, 0.6}, "s"};
  EXPECT_THAT(draw(e), HasSubstr("class=\"band\""));
  EXPECT_THAT(draw(e), HasSubstr("class=\"median\""));
}

TEST(SvgChart, extreme_values_and_open_ranges_give_finite_coordinates) {
  const Report hostile = hostile_report(Language::kEnglish);
  for (const Evidence& e : hostile.evidence) {
    const std::string svg = draw(e, hostile.incident.onset);
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
    EXPECT_THAT(svg, Not(HasSubstr("inf\"")));
  }
}

}  // namespace
}  // namespace fa
