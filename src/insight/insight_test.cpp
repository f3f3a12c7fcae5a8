/// From a question to what is asked of CloudWatch, and from recorded metrics to an answer. Facts, advice and the
/// document have tests of their own.
#include "insight/insight.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "insight/catalogue.h"
#include "insight/queries.h"
#include "insight/refine.h"
#include "insight/select.h"
#include "insight/wording.h"
#include "llm/scripted_model.h"
#include "llm/token_bound.h"
#include "support/aws/live_world.h"
#include "support/aws/reference_incident.h"

namespace fa::insight {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A Saturday, 12:00 in Tokyo.
const TimePoint kNoon = *parse_rfc3339("2026-03-14T03:00:00Z");

std::string shown(const TimeRange& range) { return format_rfc3339(range.begin) + " " + format_rfc3339(range.end); }

TEST(InsightQuestion, reads_times_in_the_zone_of_who_asks) {
  struct Case {
    const char* question;
    const char* window;
  };
  for (const Case& c : {
           Case{"why is it slow today", "2026-03-13T15:00:00Z 2026-03-14T03:00:00Z"},
           Case{"why did latency spike yesterday", "2026-03-12T15:00:00Z 2026-03-13T15:00:00Z"},
           Case{"errors in the last 3 hours", "2026-03-14T00:00:00Z 2026-03-14T03:00:00Z"},
           Case{"errors over the past 24h", "2026-03-13T03:00:00Z 2026-03-14T03:00:00Z"},
           Case{"what happened two hours ago", "2026-03-14T01:00:00Z 2026-03-14T03:00:00Z"},
           Case{"cpu since monday", "2026-03-08T15:00:00Z 2026-03-14T03:00:00Z"},
           Case{"errors last week", "2026-03-01T15:00:00Z 2026-03-08T15:00:00Z"},
           Case{"5xx since 02:00", "2026-03-13T17:00:00Z 2026-03-14T03:00:00Z"},
           Case{"latency between 9:00 and 10:30", "2026-03-14T00:00:00Z 2026-03-14T01:30:00Z"},
           Case{"errors around 3am", "2026-03-13T17:00:00Z 2026-03-13T19:00:00Z"},
           Case{"latency on 2026-03-10", "2026-03-09T15:00:00Z 2026-03-10T15:00:00Z"},
           Case{"errors from 3/10 to 3/12", "2026-03-09T15:00:00Z 2026-03-12T15:00:00Z"},
           Case{"errors on march 10", "2026-03-09T15:00:00Z 2026-03-10T15:00:00Z"},
           Case{"昨日から遅い", "2026-03-12T15:00:00Z 2026-03-14T03:00:00Z"},
           Case{"昨日の夜にエラー", "2026-03-13T09:00:00Z 2026-03-13T15:00:00Z"},
           Case{"昨日の14時頃のエラー", "2026-03-13T04:00:00Z 2026-03-13T06:00:00Z"},
           Case{"先週から接続数が増えてる", "2026-03-01T15:00:00Z 2026-03-14T03:00:00Z"},
           Case{"直近３時間のエラー", "2026-03-14T00:00:00Z 2026-03-14T03:00:00Z"},
           Case{"ここ3日間の推移", "2026-03-11T03:00:00Z 2026-03-14T03:00:00Z"},
           Case{"30分前から重い", "2026-03-14T02:30:00Z 2026-03-14T03:00:00Z"},
           Case{"今朝のエラー", "2026-03-13T20:00:00Z 2026-03-14T03:00:00Z"},
           Case{"3月10日の障害", "2026-03-09T15:00:00Z 2026-03-10T15:00:00Z"},
           Case{"9時から10時半までのエラー", "2026-03-14T00:00:00Z 2026-03-14T01:30:00Z"},
           Case{"午後3時のエラー", "2026-03-13T05:00:00Z 2026-03-13T07:00:00Z"},
           Case{"月曜日から遅い", "2026-03-08T15:00:00Z 2026-03-14T03:00:00Z"},
           Case{"orders が遅い", "2026-03-13T03:00:00Z 2026-03-14T03:00:00Z"},
           Case{"when will the disk be full", "2026-02-28T03:00:00Z 2026-03-14T03:00:00Z"},
       }) {
    const auto question = read_question(c.question, {.time_zone = "Asia/Tokyo"}, kNoon);
    ASSERT_TRUE(question) << c.question;
    EXPECT_EQ(shown(question->window), c.window) << c.question;
    EXPECT_EQ(question->previous.length(), question->window.length()) << c.question;
    EXPECT_LE(question->previous.end, question->window.begin) << c.question;
  }
}

TEST(InsightQuestion, compares_with_the_time_it_names) {
  const auto week = read_question("is traffic lower than last week", {.time_zone = "Asia/Tokyo"}, kNoon);
  ASSERT_TRUE(week);
  EXPECT_EQ(week->window.begin - week->previous.begin, hours(7 * 24));
  EXPECT_EQ(shown(week->window), "2026-03-13T03:00:00Z 2026-03-14T03:00:00Z");
  const auto day = read_question("今日は昨日より遅い？", {.time_zone = "Asia/Tokyo"}, kNoon);
  ASSERT_TRUE(day);
  EXPECT_EQ(day->window.begin - day->previous.begin, hours(24));
}

TEST(InsightQuestion, options_win_and_nothing_is_ever_empty) {
  const auto days = read_question("昨日のエラー", {.days = 3}, kNoon);
  ASSERT_TRUE(days);
  EXPECT_EQ(days->window, (TimeRange{kNoon - hours(72), kNoon}));
  // The first minute of a day.
  const auto early = read_question("errors today", {}, *parse_rfc3339("2026-03-14T00:00:00Z"));
  ASSERT_TRUE(early);
  EXPECT_FALSE(early->window.empty());
  EXPECT_FALSE(read_question("  ", {}, kNoon));
  EXPECT_FALSE(read_question("cpu", {.time_zone = "Asia/Nowhere"}, kNoon));
  EXPECT_FALSE(read_question("cpu", {.days = 456}, kNoon));
  EXPECT_FALSE(read_question("cpu", {.window = TimeRange{kNoon, kNoon}}, kNoon));
}

CatalogueMetric metric(std::string metric_namespace, std::string name, Dimensions dimensions) {
  return {"eu-west-1", std::move(metric_namespace), std::move(name), std::move(dimensions)};
}

Catalogue small_account() {
  std::vector<CatalogueMetric> metrics;
  for (const char* function : {"order-mailer", "stock-sync"}) {
    for (const char* name : {"Errors", "Duration", "Invocations", "Throttles"}) {
      metrics.push_back(metric("AWS/Lambda", name, {{"FunctionName", function}}));
    }
  }
  metrics.push_back(metric("AWS/Lambda", "Errors", {}));
  metrics.push_back(metric("AWS/RDS", "CPUUtilization", {{"DBInstanceIdentifier", "ledger-db"}}));
  metrics.push_back(metric("AWS/RDS", "CPUUtilization", {{"DatabaseClass", "db.r6g.large"}}));
  metrics.push_back(metric("AWS/RDS", "CPUUtilization", {{"DBInstanceIdentifier", "ledger-db-staging"}}));
  metrics.push_back(
      metric("AWS/ApplicationELB", "TargetResponseTime", {{"LoadBalancer", "app/edge/0123456789abcdef"}}));
  metrics.push_back(metric("AWS/ApplicationELB", "TargetResponseTime",
                           {{"AvailabilityZone", "eu-west-1a"}, {"LoadBalancer", "app/edge/0123456789abcdef"}}));
  return Catalogue(std::move(metrics));
}

std::vector<std::string> chosen(const Catalogue& catalogue, const std::string& question) {
  const auto read = read_question(question, {}, kNoon);
  std::vector<std::string> names;
  for (const std::size_t index : select_metrics(catalogue, read->folded).metrics) {
    const CatalogueMetric& one = catalogue.metrics()[index];
    std::string text = one.name;
    for (const auto& [name, value] : one.dimensions) text += " " + value;
    names.push_back(std::move(text));
  }
  return names;
}

TEST(InsightSelection, chooses_what_is_named_at_the_level_that_adds_up) {
  const Catalogue account = small_account();
  EXPECT_THAT(chosen(account, "order-mailer errors?"), ElementsAre("Errors order-mailer"));
  EXPECT_THAT(chosen(account, "Lambda のエラー"), ElementsAre("Errors order-mailer", "Errors stock-sync"));
  EXPECT_THAT(chosen(account, "ledger-db の CPU 使用率"), ElementsAre("CPUUtilization ledger-db"));
  EXPECT_THAT(chosen(account, "staging の ledger-db の CPU"), ElementsAre("CPUUtilization ledger-db-staging"));
  EXPECT_THAT(chosen(account, "why is the site slow"), ElementsAre("TargetResponseTime app/edge/0123456789abcdef"));
  EXPECT_THAT(chosen(account, "latency per availability zone"),
              ElementsAre("TargetResponseTime eu-west-1a app/edge/0123456789abcdef"));
  EXPECT_THAT(chosen(account, "orde-mailer erors, it throws errors"), ElementsAre("Errors order-mailer"));
}

TEST(InsightSelection, small_talk_and_unknown_names_choose_nothing_and_say_so) {
  const Catalogue account = small_account();
  const auto nothing = [&](const std::string& question) {
    return select_metrics(account, read_question(question, {}, kNoon)->folded).nothing;
  };
  EXPECT_EQ(nothing("thanks, have a good weekend!"), NothingChosen::kSmallTalk);
  EXPECT_EQ(nothing("おつかれさまです"), NothingChosen::kSmallTalk);
  EXPECT_EQ(nothing("how are you doing"), NothingChosen::kSmallTalk);
  EXPECT_EQ(nothing("is billing-gateway failing"), NothingChosen::kUnknownName);
  EXPECT_EQ(nothing("redshift の状態は？"), NothingChosen::kNoMetric);
}

TEST(InsightSelection, survives_any_text) {
  const Catalogue account = small_account();
  for (const std::string& text :
       {std::string("\xff\xfe\x00 cpu", 8), std::string(5'000, '-'), std::string(3'000, 'a'),
        std::string("99999999999999999999 hours ago 99:99 13/45 「」\"\""), std::string("時 月 日 前 から")}) {
    const auto question = read_question(text, {.time_zone = "Asia/Tokyo"}, kNoon);
    if (question) (void)select_metrics(account, question->folded);
  }
}

TEST(InsightCatalogue, a_hundred_thousand_metrics_fit_a_prompt) {
  std::vector<CatalogueMetric> metrics;
  for (int i = 0; i < 100'000; ++i) {
    metrics.push_back(metric(fmt::format("Custom/Area{}", i % 60), fmt::format("metric_{}", i / 60 % 40),
                             {{"Service", fmt::format("service-{}", i / 2'400)}}));
  }
  const Catalogue catalogue(std::move(metrics));
  const CatalogueText text = catalogue_text(catalogue, {}, 6'000);
  EXPECT_LE(llm::token_bound(text.text), 6'000U);
  EXPECT_EQ(text.shown.size(), 60U);
}

TEST(InsightQueries, period_and_statistics_follow_age_and_kind) {
  const Catalogue account = small_account();
  struct Case {
    hours age;
    hours length;
    int period;
  };
  for (const Case& c :
       {Case{hours(0), hours(24), 60}, Case{hours(0), hours(7 * 24), 900}, Case{hours(20 * 24), hours(3), 300},
        Case{hours(100 * 24), hours(3), 3600}, Case{hours(0), hours(200 * 24), 21'600}}) {
    Question question;
    question.window = {kNoon - c.age - c.length, kNoon - c.age};
    const InsightQueries queries = insight_queries(account, {0}, question, kNoon);
    EXPECT_EQ(queries.times.period_seconds, c.period);
  }
  Question question;
  question.window = {kNoon - hours(3), kNoon};
  const auto statistics = [&](const std::string& name) {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < account.metrics().size(); ++i) {
      if (account.metrics()[i].name != name) continue;
      for (const ChosenSeries& one : insight_queries(account, {i}, question, kNoon).series)
        found.push_back(one.statistic);
      break;
    }
    return found;
  };
  EXPECT_THAT(statistics("Errors"), ElementsAre("Sum"));
  EXPECT_THAT(statistics("Duration"), ElementsAre("p50", "p90", "p99", "Average"));
  EXPECT_THAT(statistics("CPUUtilization"), ElementsAre("Average", "Maximum"));
}

TEST(InsightRefinement, takes_nothing_that_is_not_in_the_list) {
  const Catalogue account = small_account();
  Selection shortlist;
  shortlist.metrics = {0, 1};
  std::vector<std::size_t> groups(account.groups().size());
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i] = i;
  const auto group = static_cast<std::size_t>(std::find_if(account.groups().begin(), account.groups().end(),
                                                           [](const CatalogueGroup& one) {
                                                             return one.dimension_names ==
                                                                    std::vector<std::string>{"DBInstanceIdentifier"};
                                                           }) -
                                              account.groups().begin());
  const std::string g = "g" + std::to_string(group + 1);
  const auto read = [&](const std::string& json) { return read_refinement(json, account, shortlist, groups); };

  const Refinement good =
      read(R"({"keep":["m2"],"add":[{"group":")" + g + R"(","metric":"CPUUtilization","values":["ledger-db"]}]})");
  EXPECT_TRUE(good.refined);
  ASSERT_EQ(good.metrics.size(), 2U);
  EXPECT_EQ(account.metrics()[good.metrics[1]].name, "CPUUtilization");

  const Refinement some =
      read(R"({"keep":["m1","m9","x","m1"],"add":[{"group":")" + g +
           R"(","metric":"Invented","values":["ledger-db"]},{"group":"g99","metric":"a","values":[]}]})");
  EXPECT_THAT(some.metrics, ElementsAre(0U));
  EXPECT_EQ(some.ignored, 5U);
  for (const char* broken : {"", "[]", "{}", R"({"keep":"m1","add":[]})", R"({"keep":[],"add":[]})",
                             R"({"keep":["m1"],"add":[],"more":1})", R"({"keep":[7],"add":[null]})"}) {
    const Refinement kept = read(broken);
    EXPECT_FALSE(kept.refined) << broken;
    EXPECT_THAT(kept.metrics, ElementsAre(0U, 1U)) << broken;
  }
}

InsightResult one_fact() {
  InsightResult result;
  result.time_zone = "Asia/Tokyo";
  result.window = {kNoon - hours(24), kNoon};
  InsightSeries series;
  series.metric.name = "TargetResponseTime";
  series.metric.resource = "order-edge";
  result.series.push_back(std::move(series));
  InsightFact fact;
  fact.id = "M1";
  fact.kind = InsightFactKind::kLevelShift;
  fact.series = {0};
  fact.numbers = {{"before", 0.12, "Seconds"}, {"after", 2.4, "Seconds"}, {"change", 2.28, "Seconds"}};
  fact.ranges = {{kNoon - minutes(90), kNoon}};
  result.facts.push_back(std::move(fact));
  return result;
}

TEST(InsightWording, only_sentences_that_the_facts_bear_out_stay) {
  const InsightResult result = one_fact();
  struct Case {
    const char* text;
    bool holds;
  };
  for (const Case& c : {
           Case{"TargetResponseTime of order-edge rose from 0.12 to 2.4 s at 10:30.", true},
           Case{"10:30 から order-edge の TargetResponseTime が 120 ms から 2.4 秒に増加しています。", true},
           Case{"It rose to 3.9 s.", false},
           Case{"It fell to 2.4 s.", false},
           Case{"It rose to 2.4 s at 11:45.", false},
           Case{"It rose to 2.4 s because of a deployment.", false},
           Case{"DB の負荷が原因で 2.4 秒に増加しました。", false},
           Case{"The table order_history rose to 2.4 s.", false},
           Case{"It rose to 2.4 s, see https://example.com", false},
           Case{"<b>It rose to 2.4 s</b>", false},
       }) {
    const std::string why = objection_to({c.text, {"M1"}}, result);
    EXPECT_EQ(why.empty(), c.holds) << c.text << ": " << why;
  }
  EXPECT_FALSE(objection_to({"It rose to 2.4 s.", {}}, result).empty());
  EXPECT_FALSE(objection_to({"It rose to 2.4 s.", {"M2"}}, result).empty());
}

TEST(InsightWording, a_model_words_the_answer_and_what_fails_is_left_out) {
  const auto prompts = load_prompts(Language::kEnglish);
  ASSERT_TRUE(prompts);
  llm::ScriptedModel model({llm::scripted_calls(
      {{"1", "answer",
        R"({"sentences":[{"text":"It rose to 2.4 s.","facts":["M1"]},{"text":"It is 99 s.","facts":["M1"]}]})"}})});
  const InsightResult worded = with_narrative(one_fact(), model, *prompts, {});
  EXPECT_THAT(worded.narrative, ElementsAre("It rose to 2.4 s. (M1)"));
  EXPECT_EQ(worded.narrator, "scripted");
  EXPECT_THAT(worded.notes, Not(IsEmpty()));
  llm::ScriptedModel silent(std::vector<Result<llm::ChatAnswer>>{fail(ErrorCode::kUnavailable, "no")});
  EXPECT_THAT(with_narrative(one_fact(), silent, *prompts, {}).narrative, IsEmpty());
}

/// The reference account, asked at the end of its incident.
struct LiveRig {
  test::ReferenceFacts facts = test::reference_facts();
  test::LiveWorld world{test::make_reference_incident(), facts.now};

  Result<InsightResult> ask(const std::string& question, const AwsRequest& aws = {},
                            Language language = Language::kEnglish) {
    InsightRequest request{question, {}, language};
    request.options.window = TimeRange{facts.window.begin, facts.now};
    return run_insight(request, aws, world.access(), std::nullopt, Context{}.within(minutes(5)));
  }
};

TEST(LiveInsight, lists_every_page_chooses_fetches_and_answers) {
  LiveRig rig;
  rig.world.stand_in().page_size = 7;
  const auto result = rig.ask("why did the response time of the load balancer rise?");
  ASSERT_TRUE(result) << result.error().message;
  std::vector<std::string> names;
  for (const InsightSeries& one : result->series) names.push_back(one.metric.name + " " + one.metric.statistic);
  EXPECT_THAT(names, Contains("TargetResponseTime p99"));
  EXPECT_THAT(result->facts, Not(IsEmpty()));
  EXPECT_THAT(result->gaps, IsEmpty());
  ASSERT_THAT(result->queries, Not(IsEmpty()));
  EXPECT_THAT(result->queries.front().command, HasSubstr("aws cloudwatch get-metric-data"));
  EXPECT_THAT(result->queries.front().body, HasSubstr("TargetResponseTime"));
  // Up to the newest minute.
  TimePoint newest = kNoTime;
  for (const InsightSeries& one : result->series) {
    if (!one.times.empty()) newest = std::max(newest, one.times.back());
  }
  EXPECT_GE(newest, rig.facts.window.end - minutes(2));
  EXPECT_TRUE(parse_json(insight_json(*result)).is_object());
}

TEST(LiveInsight, small_talk_costs_nothing) {
  LiveRig rig;
  const auto result = rig.ask("thank you!");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->nothing_asked);
  EXPECT_EQ(rig.world.stand_in().calls("cloudwatch", "ListMetrics"), 0U);
  EXPECT_EQ(rig.world.stand_in().calls("cloudwatch", "GetMetricData"), 0U);
}

TEST(LiveInsight, a_limit_of_money_is_kept_and_partial_data_is_a_gap) {
  LiveRig poor;
  AwsRequest aws;
  aws.limits.max_usd = 0;
  const auto nothing = poor.ask("ALB latency", aws);
  ASSERT_TRUE(nothing) << nothing.error().message;
  EXPECT_EQ(poor.world.stand_in().calls("cloudwatch", "GetMetricData"), 0U);
  EXPECT_THAT(nothing->gaps, Not(IsEmpty()));

  LiveRig refused;
  refused.world.stand_in().add_fault({"cloudwatch", "GetMetricData", test::FaultKind::kDenied, -1, {}});
  const auto denied = refused.ask("ALB latency");
  ASSERT_TRUE(denied) << denied.error().message;
  ASSERT_THAT(denied->gaps, Not(IsEmpty()));
  EXPECT_THAT(denied->gaps.front().error, HasSubstr("cloudwatch:GetMetricData"));
}

TEST(RecordedInsight, answers_from_a_folder_as_of_its_newest_point) {
  const std::string folder = std::string(FA_PROJECT_DIR) + "/examples/storefront/incident";
  const InsightRequest request{"CPU and memory of orders", {}, Language::kEnglish};
  const auto result = answer_insight(request, {folder}, std::nullopt, {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_THAT(result->series, Not(IsEmpty()));
  const auto again = answer_insight(request, {folder}, std::nullopt, {});
  EXPECT_EQ(insight_json(*result), insight_json(*again));
  const auto none =
      answer_insight({"cpu", {}, Language::kEnglish}, {std::string(FA_PROJECT_DIR) + "/docs/adr"}, std::nullopt, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST(RecordedInsight, reads_scrapes_and_logs_of_embedded_metrics) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "fa2-insight-recorded";
  std::filesystem::create_directories(folder);
  std::ofstream log(folder / "pay.log");
  std::ofstream scrapes(folder / "cart.prom");
  scrapes << "# TYPE queue_length gauge\n";
  for (int minute = 0; minute < 120; ++minute) {
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>((kNoon - minutes(120 - minute)).time_since_epoch());
    log << R"({"_aws":{"Timestamp":)" << millis.count()
        << R"(,"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[["Service"]],"Metrics":[{"Name":"Latency",)"
        << R"("Unit":"Milliseconds"}]}]},"Service":"pay","Latency":)" << (minute < 60 ? 20 : 90) + minute % 5 << "}\n";
    scrapes << "queue_length{service=\"cart\"} " << 5 + minute % 3 << " " << millis.count() << "\n";
  }
  log.close();
  scrapes.close();
  const auto names_of = [&](const std::string& question) {
    const auto result = answer_insight({question, {}, Language::kEnglish}, {folder.string()}, std::nullopt, {});
    std::vector<std::string> names;
    if (!result) return names;
    for (const InsightSeries& one : result->series) {
      names.push_back(one.metric.name + " of " + one.metric.resource + " " + std::to_string(one.times.size()));
    }
    return names;
  };
  EXPECT_THAT(names_of("latency of pay"), ElementsAre("Latency of pay 120"));
  EXPECT_THAT(names_of("queue length of cart"), ElementsAre("queue_length of cart 120"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace fa::insight
