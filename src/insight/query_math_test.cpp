/// Metric math and searches: when they are chosen, and what comes back.
#include "insight/query_math.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "insight/insight.h"
#include "insight/queries.h"
#include "investigate/prompts.h"
#include "llm/scripted_model.h"
#include "support/aws/live_world.h"

namespace fa::insight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const TimePoint kNoon = *parse_rfc3339("2026-03-14T03:00:00Z");

CatalogueMetric metric(std::string metric_namespace, std::string name, Dimensions dimensions) {
  return {"ap-northeast-1", std::move(metric_namespace), std::move(name), std::move(dimensions)};
}

/// The queries of all calls.
std::vector<aws::cloudwatch::DataQuery> all_queries(const InsightQueries& queries) {
  std::vector<aws::cloudwatch::DataQuery> all;
  for (const MetricBatch& batch : queries.batches) all.insert(all.end(), batch.queries.begin(), batch.queries.end());
  return all;
}

TEST(InsightQueries, failures_come_with_their_share_of_all_requests) {
  const Catalogue account({metric("AWS/Lambda", "Errors", {{"FunctionName", "stock-sync"}}),
                           metric("AWS/Lambda", "Invocations", {{"FunctionName", "stock-sync"}}),
                           metric("AWS/Lambda", "Errors", {})});
  const auto errors = account.find(metric("AWS/Lambda", "Errors", {{"FunctionName", "stock-sync"}}));
  ASSERT_TRUE(errors);
  Question question;
  question.window = {kNoon - hours(3), kNoon};
  const auto queries = all_queries(insight_queries(account, {*errors}, question, kNoon));
  ASSERT_EQ(queries.size(), 3U);
  EXPECT_EQ(queries[0].metric.name, "Errors");
  EXPECT_TRUE(queries[0].returned);
  EXPECT_EQ(queries[1].metric.name, "Invocations");
  EXPECT_FALSE(queries[1].returned) << "nobody asked for it";
  EXPECT_EQ(queries[2].expression, "100 * FILL(" + queries[0].id + ", 0) / " + queries[1].id);
  EXPECT_EQ(queries[2].label, "Errors / Invocations (%)");
  EXPECT_EQ(queries[0].metrics + queries[1].metrics + queries[2].metrics, 2U) << "math costs nothing";
  // Without the whole there is no share.
  const auto total = account.find(metric("AWS/Lambda", "Errors", {}));
  ASSERT_TRUE(total);
  EXPECT_EQ(all_queries(insight_queries(account, {*total}, question, kNoon)).size(), 1U);
}

/// As many functions as a live account may have.
std::vector<CatalogueMetric> many_functions(int count) {
  std::vector<CatalogueMetric> metrics;
  for (int i = 0; i < count; ++i) {
    for (const char* name : {"Errors", "Duration"}) {
      metrics.push_back(metric("AWS/Lambda", name, {{"FunctionName", fmt::format("worker-{:03}", i)}}));
    }
  }
  return metrics;
}

TEST(InsightQueries, one_search_replaces_hundreds_of_resources) {
  const Catalogue account(many_functions(300));
  const Selection chosen = select_metrics(account, "which lambda function has errors");
  ASSERT_EQ(chosen.searches.size(), 1U);
  EXPECT_EQ(chosen.searches.front().metrics, 300U);
  EXPECT_EQ(chosen.left_out, 0U);
  Question question;
  question.window = {kNoon - hours(3), kNoon};
  const auto queries = all_queries(insight_queries(account, chosen.metrics, question, kNoon, chosen.searches));
  ASSERT_EQ(queries.size(), 1U);
  EXPECT_EQ(queries[0].expression,
            "SLICE(SORT(SEARCH('{AWS/Lambda,FunctionName} MetricName=\"Errors\"', 'Sum', 60), SUM, DESC), 0, 10)");
  EXPECT_EQ(queries[0].label, "${PROP('Dim.FunctionName')}");
  EXPECT_EQ(queries[0].metrics, 300U) << "each that matches is charged";
  // A search does not find what was silent for two weeks; nor may it find others before than after.
  Question old = question;
  old.window = {kNoon - hours(24 * 20), kNoon - hours(24 * 19)};
  EXPECT_EQ(all_queries(insight_queries(account, chosen.metrics, old, kNoon, chosen.searches)).size(), kMostSelected);
  question.previous = {kNoon - hours(48), kNoon - hours(45)};
  EXPECT_TRUE(insight_queries(account, chosen.metrics, question, kNoon, chosen.searches).searches.empty());
}

TEST(InsightSelection, what_cannot_be_searched_for_is_said_to_be_left_out) {
  const Catalogue account(many_functions(300));
  const Selection chosen = select_metrics(account, "which lambda function has errors", kMostSelected, false);
  EXPECT_THAT(chosen.searches, IsEmpty());
  EXPECT_EQ(chosen.metrics.size(), kMostSelected);
  EXPECT_EQ(chosen.left_out, 300 - kMostSelected);
  Question question;
  question.window = {kNoon - hours(3), kNoon};
  EXPECT_TRUE(can_search(question, kNoon));
  question.previous = {kNoon - hours(48), kNoon - hours(45)};
  EXPECT_FALSE(can_search(question, kNoon));
}

TEST(InsightSelection, searches_only_for_what_fits_as_a_whole) {
  EXPECT_TRUE(select_metrics(Catalogue(many_functions(20)), "lambda errors").searches.empty()) << "all can be shown";
  EXPECT_TRUE(select_metrics(Catalogue(many_functions(40)), "errors of worker-001").searches.empty()) << "one is meant";
}

/// Sixty functions, of which one has failed fifty times as often for the last hour.
test::AwsWorld sixty_functions() {
  test::AwsWorld account;
  for (const CatalogueMetric& one : many_functions(60)) {
    test::AwsWorld::Metric& added = account.metrics.emplace_back();
    added.metric_namespace = one.metric_namespace;
    added.name = one.name;
    added.dimensions = one.dimensions;
    const bool worst = one.dimensions.front().second == "worker-047";
    for (TimePoint t = kNoon - hours(6); t < kNoon; t += minutes(1)) {
      added.points["Sum"].emplace_back(t, worst && t > kNoon - hours(1) ? 50.0 : 1.0);
    }
  }
  return account;
}

TEST(LiveInsight, hundreds_of_functions_are_searched_for_those_that_stand_out) {
  test::LiveWorld world(sixty_functions(), kNoon);
  world.stand_in().page_size = 500;
  world.stand_in().metric_page_points = 700;  // Pages end within and between the series of the search.
  InsightRequest request{"which lambda function has errors", {}, Language::kEnglish};
  request.options.window = TimeRange{kNoon - hours(3), kNoon};
  const auto result = run_insight(request, {}, world.access(), std::nullopt, Context{}.within(minutes(5)));
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->series.size(), 10U);
  EXPECT_TRUE(std::any_of(result->series.begin(), result->series.end(),
                          [](const InsightSeries& one) { return one.metric.resource == "worker-047"; }));
  for (const InsightSeries& one : result->series) EXPECT_EQ(one.times.size(), 360U) << one.metric.resource;
  EXPECT_THAT(result->gaps, IsEmpty());
  EXPECT_GE(result->usage.cost_usd, 60 * 0.00001) << "each of the functions is charged";
  ASSERT_EQ(result->queries.size(), 1U);
  EXPECT_THAT(result->queries.front().body, HasSubstr("SEARCH("));
  const auto wrong = test::check_requests(world.stand_in().requests());
  if (wrong) {
    EXPECT_THAT(*wrong, IsEmpty());
  }
}

TEST(LiveInsight, what_a_model_chose_is_not_searched_over) {
  const auto prompts = load_prompts(Language::kEnglish);
  ASSERT_TRUE(prompts);
  llm::ScriptedModel model({llm::scripted_calls({{"1", "choose_metrics", R"({"keep":["m2"],"add":[]})"}})});
  test::LiveWorld world(sixty_functions(), kNoon);
  InsightRequest request{"which lambda function has errors", {}, Language::kEnglish};
  request.options.window = TimeRange{kNoon - hours(3), kNoon};
  const auto result =
      run_insight(request, {}, world.access(), InsightModel{model, *prompts}, Context{}.within(minutes(5)));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->series.size(), 1U);
  ASSERT_EQ(result->queries.size(), 1U);
  EXPECT_THAT(result->queries.front().body, Not(HasSubstr("SEARCH(")));
  // 60 fit, 24 were shown to the model, and no search covers the others.
  EXPECT_THAT(result->notes, testing::Contains(testing::Field(&Note::text, HasSubstr("36 more would fit"))));
}

TEST(LiveInsight, an_error_rate_is_calculated_by_the_service) {
  test::AwsWorld account;
  for (const auto& [name, value] : {std::pair("Errors", 5.0), std::pair("Invocations", 200.0)}) {
    test::AwsWorld::Metric& added = account.metrics.emplace_back();
    added.metric_namespace = "AWS/Lambda";
    added.name = name;
    added.dimensions = {{"FunctionName", "mailer"}};
    for (TimePoint t = kNoon - hours(6); t < kNoon; t += minutes(1)) added.points["Sum"].emplace_back(t, value);
  }
  test::LiveWorld world(std::move(account), kNoon);
  InsightRequest request{"errors of mailer", {}, Language::kEnglish};
  request.options.window = TimeRange{kNoon - hours(3), kNoon};
  const auto result = run_insight(request, {}, world.access(), std::nullopt, Context{}.within(minutes(5)));
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->series.size(), 2U);
  const InsightSeries& rate = result->series.back();
  EXPECT_EQ(rate.metric.name, "Errors / Invocations (%)");
  EXPECT_EQ(rate.metric.unit, "Percent");
  EXPECT_EQ(rate.metric.dimensions, result->series.front().metric.dimensions);
  ASSERT_THAT(rate.values, Not(IsEmpty()));
  EXPECT_DOUBLE_EQ(rate.values.back(), 2.5);
}

}  // namespace
}  // namespace fa::insight
