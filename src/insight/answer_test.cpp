#include "insight/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <tuple>

#include "draw/raster.h"
#include "insight/advice.h"
#include "insight/advice_rules.h"
#include "insight/answer_chart.h"
#include "insight/answer_words.h"
#include "insight/facts.h"
#include "support/golden_image.h"

namespace fa::insight {
namespace {

using document::Document;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

const TimePoint kNow = *parse_rfc3339("2026-03-20T09:00:00+09:00");

/// A series of two days, of which the second is asked about; `value` of the hours since that began.
InsightSeries series_of(std::string metric_namespace, std::string name, std::string unit,
                        const std::function<double(double)>& value, std::string resource = "orders") {
  InsightSeries series;
  series.metric.metric_namespace = std::move(metric_namespace);
  series.metric.name = std::move(name);
  series.metric.unit = std::move(unit);
  series.metric.resource = resource;
  series.metric.dimensions = {{"Name", std::move(resource)}};
  series.metric.statistic = "Average";
  series.metric.period_seconds = 300;
  series.window = {kNow - days(1), kNow};
  series.previous = {kNow - days(2), kNow - days(1)};
  double i = static_cast<double>(series.metric.name.size());
  for (TimePoint t = series.previous.begin; t < kNow; t += minutes(5), ++i) {
    series.times.push_back(t);
    // A little noise, always the same.
    series.values.push_back(value(std::chrono::duration<double>(t - series.window.begin).count() / 3600) *
                            (1 + 0.02 * std::sin(1.7 * i * i)));
  }
  return series;
}

InsightResult result_of(Language language, std::vector<InsightSeries> series, bool asked = false) {
  InsightResult result;
  result.language = language;
  result.question = language == Language::kJapanese ? "orders が遅い" : "why is orders slow";
  result.time_zone = "Asia/Tokyo";
  result.window = {kNow - days(1), kNow};
  result.previous = {kNow - days(2), kNow - days(1)};
  result.wants_advice = asked;
  result.series = std::move(series);
  result.facts = find_facts(result.series, *LocalTime::of_zone(result.time_zone));
  result.advice = find_advice(result.series, result.facts, language, asked);
  return result;
}

std::string text_of(const InsightResult& result) { return document::to_text(answer_document(result), {false, 200}); }

double slow_after_noon(double hour) { return hour < 12 ? 200 : 350; }

TEST(InsightAnswer, tells_facts_with_numbers_and_local_times_in_both_languages) {
  const std::vector<InsightSeries> series = {
      series_of("AWS/ApplicationELB", "TargetResponseTime", "Milliseconds", slow_after_noon),
      series_of("AWS/ECS", "CPUUtilization", "Percent", [](double) { return 96.0; })};
  const std::string english = text_of(result_of(Language::kEnglish, series));
  EXPECT_THAT(english, HasSubstr("“TargetResponseTime” (Average) of “orders” went up from about "));
  EXPECT_THAT(english, HasSubstr("2026-03-19 21:0"));
  EXPECT_THAT(english, HasSubstr("of its limit of 100%"));
  const std::string japanese = text_of(result_of(Language::kJapanese, series));
  EXPECT_THAT(japanese, HasSubstr("「orders」の「TargetResponseTime」（Average）は 2026-03-19 21:0"));
  EXPECT_THAT(japanese, HasSubstr("へ上がりました（+7"));
  for (const char* mixed : {" went ", " limit", "Advice", "Charts", "Median", "window"}) {
    EXPECT_THAT(japanese, Not(HasSubstr(mixed)));
  }
}

TEST(InsightAnswer, has_a_place_for_each_link_and_a_picture_for_each_series) {
  const InsightResult result = result_of(
      Language::kEnglish,
      {series_of("AWS/Lambda", "Throttles", "Count", [](double hour) { return hour > 5 && hour < 6 ? 30.0 : 0.0; }),
       series_of("AWS/ApplicationELB", "TargetResponseTime", "Milliseconds", slow_after_noon)});
  const Document document = answer_document(result);
  std::set<std::string> anchors;
  std::set<std::string> links;
  int pictures = 0;
  const auto follow = [&](const document::Line& line) {
    for (const document::Run& run : line) {
      if (run.link.starts_with('#')) links.insert(run.link.substr(1));
    }
  };
  for (const document::Block& block : document.blocks) {
    if (const auto* paragraph = std::get_if<document::Paragraph>(&block)) anchors.insert(paragraph->anchor);
    if (std::get_if<document::Picture>(&block) != nullptr) ++pictures;
    const auto* facts = std::get_if<document::Facts>(&block);
    if (facts == nullptr) continue;
    for (const auto& [label, line] : facts->rows) follow(line);
  }
  EXPECT_EQ(pictures, 2);
  EXPECT_GE(links.size(), 2U);
  for (const std::string& link : links) EXPECT_TRUE(anchors.contains(link)) << link;
}

TEST(InsightAnswer, says_when_nothing_stands_out_or_was_asked_or_is_there) {
  auto calm = series_of("AWS/ECS", "CPUUtilization", "Percent", [](double) { return 40.0; });
  EXPECT_THAT(text_of(result_of(Language::kEnglish, {calm})), HasSubstr("Nothing stands out"));
  EXPECT_THAT(text_of(result_of(Language::kEnglish, {calm}, true)), HasSubstr("no reason for a change"));
  EXPECT_THAT(text_of(result_of(Language::kJapanese, {calm})), HasSubstr("目立った点はありません"));
  calm.times.clear();
  calm.values.clear();
  EXPECT_THAT(text_of(result_of(Language::kEnglish, {calm})), HasSubstr("have no data in the window"));
  InsightResult small_talk = result_of(Language::kEnglish, {});
  small_talk.nothing_asked = true;
  EXPECT_THAT(text_of(small_talk), HasSubstr("No metric fits this question"));
}

TEST(InsightAnswer, shows_how_to_get_the_data_and_what_is_missing) {
  InsightResult result =
      result_of(Language::kJapanese, {series_of("AWS/ECS", "CPUUtilization", "Percent", slow_after_noon)});
  result.queries = {{"ap-northeast-1", "aws cloudwatch get-metric-data --metric-data-queries file://queries.json",
                     R"([{"Id":"m1"}])", "queries.json"}};
  result.gaps = {{"cloudwatch", result.window, "拒否されました。", ""}};
  const std::string text = text_of(result);
  EXPECT_THAT(text, HasSubstr("aws cloudwatch get-metric-data --metric-data-queries file://queries.json"));
  EXPECT_THAT(text, HasSubstr(R"([{"Id":"m1"}])"));
  EXPECT_THAT(text, HasSubstr("拒否されました。"));
}

TEST(InsightAnswer, lets_no_name_break_out) {
  const std::string hostile = "</svg><script>alert(1)</script>\"'|`\x1b[31m\xe2\x80\xae" + std::string(10'000, 'x');
  InsightResult result =
      result_of(Language::kEnglish,
                {series_of("AWS/ApplicationELB", "TargetResponseTime", "Milliseconds", slow_after_noon, hostile)});
  result.question = hostile;
  const Document document = answer_document(result);
  const std::string html = document::to_html(document);
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(document::to_text(document), Not(HasSubstr("\x1b")));
  EXPECT_EQ(html, document::to_html(answer_document(result)));
}

TEST(InsightAnswer, writes_amounts_as_people_do) {
  const std::vector<std::tuple<double, std::string, std::string>> cases = {
      {93.2, "Percent", "93.2%"},      {1.5e9, "Bytes", "1.5 GB"},      {350, "Milliseconds", "350 ms"},
      {2500, "Milliseconds", "2.5 s"}, {0.25, "Seconds", "250 ms"},     {12, "Count", "12"},
      {3, "Count/Second", "3/s"},      {2e6, "Bytes/Second", "2 MB/s"}, {7, "None", "7"},
      {5, "widgets", "5 widgets"},     {-2e6, "Bytes", "-2 MB"},
  };
  for (const auto& [value, unit, expected] : cases) EXPECT_EQ(amount(value, unit), expected) << unit;
}

TEST(InsightAdvice, follows_from_facts_only) {
  struct Case {
    std::string metric_namespace;
    std::string name;
    std::function<double(double)> value;
    bool asked;
    std::string expected;  ///< A part of the change; empty: no advice.
    std::string resource = "orders";
  };
  const auto constant = [](double v) { return [v](double) { return v; }; };
  const std::vector<Case> cases = {
      {"AWS/ECS", "CPUUtilization", constant(95), false, "Run more tasks of “orders”"},
      {"AWS/ECS", "CPUUtilization", constant(50), true, ""},
      {"AWS/ECS", "CPUUtilization", constant(5), false, ""},
      {"AWS/ECS", "CPUUtilization", constant(5), true, "fewer or smaller tasks"},
      {"AWS/Lambda", "Throttles", constant(0), false, ""},
      {"AWS/Lambda", "Throttles", constant(3), false, "Raise the concurrency"},
      {"AWS/DynamoDB", "WriteThrottleEvents", constant(3), false, "Raise the capacity of “orders”"},
      {"AWS/RDS", "DatabaseConnections", slow_after_noon, false, "max_connections"},
      {"AWS/RDS", "DatabaseConnections", constant(300), false, ""},
      {"AWS/SQS", "ApproximateNumberOfMessagesVisible", constant(5), false, ""},
      {"AWS/SQS", "ApproximateNumberOfMessagesVisible", constant(5), false, "redrive", "orders-dlq"},
      {"Other", "Throttles", constant(3), false, ""},
  };
  for (const Case& one : cases) {
    const std::string unit = one.name == "CPUUtilization" ? "Percent" : "Count";
    const InsightResult result = result_of(
        Language::kEnglish, {series_of(one.metric_namespace, one.name, unit, one.value, one.resource)}, one.asked);
    ASSERT_EQ(result.advice.size(), one.expected.empty() ? 0U : 1U) << one.metric_namespace << ' ' << one.name;
    if (one.expected.empty()) continue;
    EXPECT_THAT(result.advice[0].change, HasSubstr(one.expected));
    ASSERT_FALSE(result.advice[0].facts.empty());
    const bool known = std::any_of(result.facts.begin(), result.facts.end(),
                                   [&](const InsightFact& fact) { return fact.id == result.advice[0].facts[0]; });
    EXPECT_TRUE(known) << result.advice[0].facts[0];
  }
}

TEST(InsightAdvice, says_everything_in_both_languages) {
  const auto is_ascii_only = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
  };
  for (const auto rules : {compute_advice_rules(), data_advice_rules()}) {
    for (const AdviceRule& rule : rules) {
      for (const std::string_view text : {rule.english.change, rule.english.effect, rule.english.risk}) {
        EXPECT_TRUE(is_ascii_only(text)) << text;
        EXPECT_TRUE(text.ends_with('.')) << text;
      }
      for (const std::string_view text : {rule.japanese.change, rule.japanese.effect, rule.japanese.risk}) {
        EXPECT_FALSE(is_ascii_only(text)) << text;
        EXPECT_TRUE(text.ends_with("。")) << text;
      }
      EXPECT_EQ(rule.english.change.find("{0}") == std::string_view::npos,
                rule.japanese.change.find("{0}") == std::string_view::npos)
          << rule.english.change;
    }
  }
}

/// Busy from noon on, with two single moments far off, in tens of thousands.
double busy_after_noon(double hour) {
  if (std::abs(hour - 4) < 0.01 || std::abs(hour - 20.5) < 0.01) return 160'000;
  return hour < 12 ? 41'000 : 72'000;
}

void expect_chart(const std::string& name, const InsightResult& result, draw::Theme theme) {
  const auto picture = series_picture(result, 0);
  ASSERT_TRUE(picture);
  const auto png = draw::to_png(picture->drawing, {.theme = theme, .scale = 1.5});
  ASSERT_TRUE(png) << png.error().message;
  test::expect_image(FA_PROJECT_DIR "/src/insight/testdata/" + name, *png);
}

TEST(InsightChart, looks_as_reviewed_in_both_languages) {
  const auto requests = series_of("AWS/ApplicationELB", "RequestCount", "Count", busy_after_noon);
  expect_chart("chart-en.golden.png", result_of(Language::kEnglish, {requests}), draw::Theme::kLight);
  expect_chart("chart-ja.golden.png", result_of(Language::kJapanese, {requests}), draw::Theme::kDark);
}

TEST(InsightChart, of_hostile_names_stays_readable) {
  const std::string name =
      "</svg>\"'&<script> \xE2\x80\xAE"
      "gpj.exe\x01\n 注文サービス " +
      std::string(10'000, 'W');
  const auto used = series_of(
      "Custom/\"ns\"", name, "Percent", [](double) { return 96.0; }, name);
  expect_chart("chart-hostile-ja.golden.png", result_of(Language::kJapanese, {used}), draw::Theme::kLight);
}

TEST(InsightChart, names_marks_by_what_they_are) {
  const auto requests = series_of("AWS/ApplicationELB", "RequestCount", "Count", busy_after_noon);
  for (const auto& [language, shift, outlier] : {std::tuple(Language::kEnglish, ">Level shift<", ">Outlier<"),
                                                 std::tuple(Language::kJapanese, ">水準の変化<", ">外れ値<")}) {
    const auto picture = series_picture(result_of(language, {requests}), 0);
    ASSERT_TRUE(picture);
    const std::string svg = draw::to_svg(picture->drawing);
    EXPECT_THAT(svg, testing::AllOf(HasSubstr(shift), HasSubstr(outlier), HasSubstr("0k<")));
    EXPECT_THAT(svg, Not(HasSubstr("Onset")));
    EXPECT_THAT(svg, Not(HasSubstr("異常の開始")));
  }
}

}  // namespace
}  // namespace fa::insight
