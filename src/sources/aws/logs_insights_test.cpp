#include "sources/aws/logs_insights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sources/aws/logs_test_rig.h"

namespace fa::logs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::at;
using test::Fault;
using test::FaultKind;
using test::LogsRig;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kAll = "fields @timestamp, @message, @ptr | sort @timestamp asc";

struct InsightsRig : LogsRig {
  using LogsRig::LogsRig;
  Group group_info{{"/ecs/orders", "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/orders", 0, {}, {}, ""},
                   "123456789012",
                   false,
                   "ecs_orders"};
  [[nodiscard]] Query query(std::string text = kAll) const { return {{&group_info}, window, std::move(text), 1'000}; }
  /// With a limit of a thousand rows: what becomes of full answers does not depend on their size.
  [[nodiscard]] Query small_query() const { return {{&group_info}, window, kAll, 1'000, true, 1'000}; }
};

TEST(RunQuery, gives_the_rows_and_settles_what_was_scanned) {
  InsightsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 10, "line {}");
  rig.add_lines("/ecs/orders", rig.baseline, 10, "before {}");
  const auto results = run_query(rig.scope, rig.query(), {});
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_THAT(results->rows, SizeIs(10));
  EXPECT_EQ(results->rows[0][0].second, "2026-03-14 08:30:00.000");
  EXPECT_EQ(results->rows[9][1].second, "line 9");
  const auto used = rig.cost.by_source().at("CloudWatch Logs");
  EXPECT_EQ(used.at(CostItem::kLogsInsightsBytes), results->bytes_scanned);
  EXPECT_GT(results->bytes_scanned, 0);
  EXPECT_EQ(used.at(CostItem::kLogsApiCall), 1 + 3) << "one start, three polls";
  EXPECT_EQ(rig.calls("StopQuery"), 0U);
  EXPECT_THAT(rig.bodies("StartQuery"),
              ElementsAre(AllOf(HasSubstr("\"startTime\":1773477000"), HasSubstr("\"endTime\":1773478799"))));
}

TEST(RunQuery, polls_with_growing_pauses) {
  InsightsRig rig;
  rig.group("/ecs/orders");
  rig.stand_in.polls_until_done = 12;
  ASSERT_TRUE(run_query(rig.scope, rig.query(), {}));
  const auto slept = rig.sleeper.slept();
  ASSERT_EQ(slept.size(), 13U);
  EXPECT_EQ(slept.front(), milliseconds(300));
  EXPECT_EQ(slept.back(), seconds(5));
}

TEST(RunQuery, tells_every_bad_end_apart) {
  for (const std::string status : {"Failed", "Cancelled", "Timeout"}) {
    InsightsRig rig;
    rig.add_lines("/ecs/orders", rig.window, 10, "line {}");
    rig.stand_in.insights_end = [&](const std::string&) { return status; };
    const auto results = run_query(rig.scope, rig.query(), {});
    ASSERT_FALSE(results) << status << ": partial rows are no answer";
    EXPECT_EQ(results.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(results.error().reason, status);
    EXPECT_THAT(results.error().message, AllOf(HasSubstr("/ecs/orders"), HasSubstr(status)));
    EXPECT_EQ(rig.calls("StopQuery"), 0U) << "it has ended";
    EXPECT_GT(rig.cost.by_source().at("CloudWatch Logs").at(CostItem::kLogsInsightsBytes), 0) << "it was scanned";
  }
}

TEST(RunQuery, gives_up_a_status_that_stays_unknown) {
  InsightsRig rig;
  rig.group("/ecs/orders");
  rig.stand_in.insights_end = [](const std::string&) { return "Unknown"; };
  const auto results = run_query(rig.scope, rig.query(), {});
  ASSERT_FALSE(results);
  EXPECT_THAT(results.error().message, HasSubstr("Unknown"));
  EXPECT_LE(rig.calls("GetQueryResults"), 30U);
}

TEST(RunQuery, stops_a_query_that_never_ends) {
  InsightsRig rig;
  rig.group("/ecs/orders");
  rig.stand_in.insights_end = [](const std::string&) { return "Running"; };
  const auto results = run_query(rig.scope, rig.query(), {});
  ASSERT_FALSE(results);
  EXPECT_THAT(results.error().message, HasSubstr("did not end within an hour"));
  EXPECT_EQ(rig.calls("StopQuery"), 1U);
}

TEST(RunQuery, stops_the_query_when_it_is_cancelled) {
  InsightsRig rig;
  rig.group("/ecs/orders");
  std::stop_source stop;
  rig.stand_in.insights_end = [](const std::string&) { return "Running"; };
  struct StoppingSleeper final : Sleeper {
    explicit StoppingSleeper(std::stop_source& source) : stop(source) {}
    bool sleep(Nanoseconds, const Context& context) override {
      if (++naps == 3) stop.request_stop();
      return !context.stopped();
    }
    std::stop_source& stop;
    int naps = 0;
  } sleeper(stop);
  const AwsScope scope{rig.client, "123456789012", "ap-northeast-1", rig.clock,
                       sleeper,    rig.cost,       rig.window,       rig.baseline};
  const auto results = run_query(scope, rig.query(), {stop.get_token(), std::nullopt});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(rig.calls("StopQuery"), 1U);
}

TEST(RunQuery, starts_nothing_that_the_limits_forbid) {
  CostLimits limits;
  limits.max_scan_bytes = 999;
  InsightsRig rig(limits);
  rig.group("/ecs/orders");
  const auto results = run_query(rig.scope, rig.query(), {});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().code, ErrorCode::kLimit);
  EXPECT_THAT(results.error().message, HasSubstr("aws.limits.max_scan_bytes"));
  EXPECT_EQ(rig.calls("StartQuery"), 0U);
}

TEST(RunQuery, waits_where_too_many_queries_run) {
  InsightsRig rig;
  rig.group("/ecs/orders");
  // Somebody else's queries take all places, until they have been polled to their ends.
  rig.stand_in.concurrent_queries = 1;
  aws::logs::StartQuery other{{"/ecs/orders"}, rig.window, kAll, 10};
  const auto id = aws::logs::start_query(rig.client, other, {});
  ASSERT_TRUE(id);
  struct PollingSleeper final : Sleeper {
    bool sleep(Nanoseconds duration, const Context&) override {
      waits.push_back(duration);
      if (waits.size() >= 3) static_cast<void>(aws::logs::get_query_results(*client, id, {}));
      return waits.size() < 1'000;
    }
    aws::Client* client = nullptr;
    std::string id;
    std::vector<Nanoseconds> waits;
  } sleeper;
  sleeper.client = &rig.client;
  sleeper.id = *id;
  const AwsScope scope{rig.client, "123456789012", "ap-northeast-1", rig.clock,
                       sleeper,    rig.cost,       rig.window,       rig.baseline};
  const auto results = run_query(scope, rig.query(), {});
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_GE(sleeper.waits.front(), seconds(1));
}

TEST(RunQuery, lets_polls_fail_now_and_then) {
  InsightsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 4, "line {}");
  rig.stand_in.add_fault({"logs", "GetQueryResults", FaultKind::kServerError, 7});
  const auto results = run_query(rig.scope, rig.query(), {});
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_THAT(results->rows, SizeIs(4));
}

TEST(RunQuery, stops_a_query_whose_answers_make_no_sense) {
  for (const FaultKind kind : {FaultKind::kGarbage, FaultKind::kServerError, FaultKind::kDenied}) {
    InsightsRig rig;
    rig.add_lines("/ecs/orders", rig.window, 4, "line {}");
    rig.stand_in.add_fault({"logs", "GetQueryResults", kind});
    EXPECT_FALSE(run_query(rig.scope, rig.query(), {}));
    EXPECT_EQ(rig.calls("StopQuery"), 1U);
  }
}

TEST(BoundedQuery, cuts_fractions_of_seconds) {
  InsightsRig rig;
  Query query = rig.query("pattern @message");
  EXPECT_EQ(bounded_query(query), "pattern @message");
  query.range = {at("2026-03-14T08:30:00.250Z"), at("2026-03-14T08:40:00.500Z")};
  EXPECT_EQ(bounded_query(query),
            "filter toMillis(@timestamp) >= 1773477000250 and toMillis(@timestamp) < 1773477600500 | pattern @message");
  rig.group("/ecs/orders").events = {{at("2026-03-14T08:30:00.249Z"), "s", "too early"},
                                     {at("2026-03-14T08:30:00.250Z"), "s", "first"},
                                     {at("2026-03-14T08:40:00.499Z"), "s", "last"},
                                     {at("2026-03-14T08:40:00.500Z"), "s", "too late"}};
  query.text = kAll;
  const auto results = run_query(rig.scope, query, {});
  ASSERT_TRUE(results) << results.error().message;
  ASSERT_THAT(results->rows, SizeIs(2));
  EXPECT_EQ(results->rows[0][1].second, "first");
  EXPECT_EQ(results->rows[1][1].second, "last");
}

std::vector<std::string> messages(const CompleteAnswer& answer) {
  std::vector<std::string> all;
  for (const auto& part : answer.parts) {
    for (const auto& row : part.results.rows) all.push_back(row[1].second);
  }
  return all;
}

TEST(CompleteQuery, splits_until_no_row_is_cut_off) {
  InsightsRig rig;
  rig.stand_in.polls_until_done = 0;
  // Most of them in one minute: halves alone would not do.
  rig.add_lines("/ecs/orders", rig.window, 400, "even {}");
  rig.add_lines("/ecs/orders", {at("2026-03-14T08:41:00Z"), at("2026-03-14T08:42:00Z")}, 1'400, "burst {}");
  const CompleteAnswer answer = run_complete_query(rig.scope, rig.small_query(), 0, {});
  EXPECT_THAT(answer.missing, IsEmpty());
  const auto all = messages(answer);
  EXPECT_EQ(all.size(), 1'800U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 1'800U) << "none twice";
  TimePoint end = rig.window.begin;
  for (const auto& part : answer.parts) {
    EXPECT_EQ(part.range.begin, end);
    end = part.range.end;
  }
  EXPECT_EQ(end, rig.window.end);
}

TEST(CompleteQuery, keeps_what_one_second_gives_and_says_that_there_is_more) {
  InsightsRig rig;
  rig.stand_in.polls_until_done = 0;
  rig.add_lines("/ecs/orders", {at("2026-03-14T08:41:07Z"), at("2026-03-14T08:41:08Z")}, 1'050, "burst {}");
  rig.add_lines("/ecs/orders", rig.window, 20, "even {}");
  const CompleteAnswer answer = run_complete_query(rig.scope, rig.small_query(), 0, {});
  EXPECT_EQ(answer.rows(), 1'020U);
  ASSERT_THAT(answer.missing, SizeIs(1));
  EXPECT_EQ(answer.missing[0].range, (TimeRange{at("2026-03-14T08:41:07Z"), at("2026-03-14T08:41:08Z")}));
  EXPECT_THAT(answer.missing[0].error.message, HasSubstr("1,050 matched"));
}

TEST(CompleteQuery, splits_what_runs_into_the_time_limit) {
  InsightsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 100, "line {}");
  std::atomic<int> asked{0};
  rig.stand_in.insights_end = [&](const std::string&) { return ++asked <= 3 ? "Timeout" : "Complete"; };
  const CompleteAnswer answer = run_complete_query(rig.scope, rig.query(), 0, {});
  EXPECT_THAT(answer.missing, IsEmpty());
  EXPECT_EQ(answer.rows(), 100U);
  EXPECT_GT(answer.parts.size(), 2U);
}

TEST(CompleteQuery, ends_where_every_part_runs_into_the_time_limit) {
  InsightsRig rig;
  rig.add_lines("/ecs/orders", rig.window, 100, "line {}");
  rig.stand_in.polls_until_done = 0;
  rig.stand_in.insights_end = [](const std::string&) { return "Timeout"; };
  const CompleteAnswer answer = run_complete_query(rig.scope, rig.query(), 0, {});
  EXPECT_THAT(answer.parts, IsEmpty());
  EXPECT_LE(rig.calls("StartQuery"), 400U);
  Nanoseconds missing{0};
  for (const auto& part : answer.missing) missing += part.range.length();
  EXPECT_EQ(missing, rig.window.length());
}

TEST(CompleteQuery, keeps_the_parts_that_came_when_others_fail) {
  InsightsRig rig;
  rig.stand_in.polls_until_done = 0;
  rig.add_lines("/ecs/orders", rig.window, 1'200, "line {}");
  std::atomic<int> asked{0};
  rig.stand_in.insights_end = [&](const std::string&) { return ++asked == 3 ? "Failed" : "Complete"; };
  const CompleteAnswer answer = run_complete_query(rig.scope, rig.small_query(), 0, {});
  EXPECT_EQ(answer.rows(), 600U);
  ASSERT_THAT(answer.missing, SizeIs(1));
  EXPECT_EQ(answer.missing[0].range, (TimeRange{at("2026-03-14T08:45:00Z"), at("2026-03-14T09:00:00Z")}));
}

TEST(CompleteQuery, stops_asking_beyond_a_limit_of_rows) {
  InsightsRig rig;
  rig.stand_in.polls_until_done = 0;
  rig.add_lines("/ecs/orders", rig.window, 3'000, "line {}");
  const CompleteAnswer answer = run_complete_query(rig.scope, rig.small_query(), 500, {});
  EXPECT_GE(answer.rows(), 500U);
  EXPECT_LT(answer.rows(), 1'500U);
  ASSERT_FALSE(answer.missing.empty());
  EXPECT_THAT(answer.missing[0].error.message, HasSubstr("500 lines"));
}

}  // namespace
}  // namespace fa::logs
