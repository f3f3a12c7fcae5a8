#include "sources/aws/athena_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "formats/alb_counts.h"
#include "formats/cloudtrail_rows.h"
#include "formats/reader.h"
#include "sources/aws/athena_query.h"
#include "sources/aws/s3_test_logs.h"

namespace fa {
namespace {

using test::at;
using test::AwsWorld;
using test::FaultKind;
using test::SourceRig;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Row = std::vector<std::optional<std::string>>;

template <std::size_t N>
std::vector<std::string> names(const std::array<std::string_view, N>& columns) {
  return {columns.begin(), columns.end()};
}

Row failing(int minute, const std::string& requests = "182") {
  return {fmt::format("2026-03-14T08:{:02}:12.345678Z", minute),
          fmt::format("2026-03-14T08:{:02}:59.000000Z", minute),
          "app/shop/50dc6c495c0c9188",
          "10.0.1.7:8080",
          "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/checkout/73e2d6bc24d8a067",
          "504",
          "",
          "/api/checkout,\"x\"",
          requests,
          "10.01",
          "10.4",
          std::nullopt,
          "5000",
          "0",
          "203.0.113.9",
          "Root=1-67891233-abcdef012345678912345678"};
}

AwsWorld::AthenaAnswer alb_answer(int rows) {
  AwsWorld::AthenaAnswer answer;
  answer.columns = names(kAlbCountColumns);
  for (int i = 0; i < rows; ++i) answer.rows.push_back(failing(30 + i % 30, std::to_string(100 + i)));
  answer.bytes_scanned = 50'000'000;
  return answer;
}

AwsWorld::AthenaAnswer trail_answer() {
  AwsWorld::AthenaAnswer answer;
  answer.columns = names(kCloudTrailRowColumns);
  answer.rows.push_back({"2026-03-14T08:29:11Z", "ecs.amazonaws.com", "UpdateService", "ap-northeast-1", "203.0.113.9",
                         "AssumedRole", "arn:aws:sts::123456789012:assumed-role/deployer/ci-4711", std::nullopt,
                         std::nullopt, "123456789012", "AROA:ci-4711", std::nullopt, std::nullopt, "false", "e1",
                         R"({"service":"checkout","taskDefinition":"checkout:42"})"});
  answer.bytes_scanned = 1'000'000;
  return answer;
}

AthenaSettings settings_for(AthenaTable::Kind kind = AthenaTable::Kind::kAlb) {
  AthenaSettings settings;
  settings.database = "logs";
  settings.output_location = "s3://results/";
  auto& table = settings.tables.emplace_back();
  table.table = kind == AthenaTable::Kind::kAlb ? "alb_logs" : "trail_logs";
  table.kind = kind;
  return settings;
}

auto source(AthenaSettings settings) {
  return [settings](const AwsScope& scope) { return make_athena_source(scope, settings); };
}

double billed(const SourceRig& rig) {
  double sum = 0;
  for (const auto& [name, items] : rig.cost.by_source()) {
    const auto bytes = items.find(CostItem::kAthenaBytes);
    if (bytes != items.end()) sum += bytes->second;
  }
  return sum;
}

/// Bodies of the calls of one operation.
std::vector<Json> bodies(const SourceRig& rig, const std::string& operation) {
  std::vector<Json> all;
  for (const auto& request : rig.stand_in.requests()) {
    if (request.operation == operation) all.push_back(parse_json(request.request.body));
  }
  return all;
}

TEST(AthenaSource, keeps_counted_requests_as_a_table_that_is_read) {
  SourceRig rig;
  std::string asked;
  std::vector<std::string> values;
  rig.stand_in.result_page_size = 7;
  rig.stand_in.world().athena = [&](const std::string& sql, const std::vector<std::string>& parameters) {
    asked = sql;
    values = parameters;
    return alb_answer(40);
  };
  rig.collect(source(settings_for()));
  EXPECT_EQ(rig.gaps(), "");
  ASSERT_THAT(rig.collection.files, SizeIs(1));
  EXPECT_EQ(rig.collection.files[0].name, "athena/logs.alb_logs-requests.csv");
  const std::string csv = rig.stored().begin()->second;
  EXPECT_EQ(detect_format(csv, true).format, Format::kAlbCounts);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 41);
  EXPECT_THAT(csv, HasSubstr("\"/api/checkout,\"\"x\"\"\",100,10.01,10.4,,5000,0,"));
  const Origin& origin = rig.collection.files[0].origin;
  EXPECT_EQ(origin.source, "athena");
  EXPECT_EQ(origin.range, (TimeRange{rig.scope.baseline.begin, rig.scope.window.end}));
  EXPECT_THAT(origin.query, HasSubstr("\"day\" IN ('2026/03/14')"));
  EXPECT_THAT(origin.reproduce,
              AllOf(HasSubstr("aws athena start-query-execution --region ap-northeast-1 --work-group primary "
                              "--query-execution-context Database=logs --result-configuration "
                              "OutputLocation=s3://results/ --query-string 'WITH"),
                    HasSubstr("--execution-parameters ''\\''2026/03/14'\\'''")));
  EXPECT_THAT(asked, Not(HasSubstr("2026")));
  EXPECT_THAT(values, testing::Contains("'2026/03/14'"));
  EXPECT_EQ(billed(rig), 50'000'000) << "settled with what was scanned";
  EXPECT_EQ(rig.stand_in.calls("athena", "GetQueryResults"), 6U);
}

TEST(AthenaSource, keeps_changes_as_a_table_that_is_read) {
  SourceRig rig;
  rig.stand_in.world().athena = [&](const auto&, const auto&) { return trail_answer(); };
  rig.collect(source(settings_for(AthenaTable::Kind::kCloudTrail)));
  EXPECT_EQ(rig.gaps(), "");
  ASSERT_TRUE(rig.stored().contains("athena/logs.trail_logs-changes.csv"));
  const std::string csv = rig.stored().begin()->second;
  EXPECT_EQ(detect_format(csv, true).format, Format::kCloudTrailRows);
  EXPECT_EQ(billed(rig), 10'000'000) << "the least that Athena bills";
  const Json start = bodies(rig, "StartQueryExecution").at(0);
  EXPECT_THAT(start["ExecutionParameters"].dump(), HasSubstr("'2026-03-14T02:30:00Z'"));
  EXPECT_EQ(start["QueryExecutionContext"]["Database"], "logs");
}

TEST(AthenaSource, the_same_question_has_the_same_token) {
  std::set<std::string> tokens;
  for (int i = 0; i < 2; ++i) {
    SourceRig rig;
    rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
    rig.collect(source(settings_for()));
    rig.collect(source(settings_for()));
    for (const Json& body : bodies(rig, "StartQueryExecution")) tokens.insert(body["ClientRequestToken"]);
  }
  EXPECT_THAT(tokens, SizeIs(1));
  EXPECT_EQ(tokens.begin()->size(), 64U);
  SourceRig other;
  other.scope.window.end += std::chrono::minutes(1);
  other.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
  other.collect(source(settings_for()));
  EXPECT_FALSE(tokens.contains(bodies(other, "StartQueryExecution").at(0)["ClientRequestToken"]));
}

TEST(AthenaSource, a_query_that_fails_is_told_with_its_reason) {
  SourceRig rig;
  rig.stand_in.world().athena = [&](const auto&, const auto&) {
    AwsWorld::AthenaAnswer answer;
    answer.failure = "COLUMN_NOT_FOUND: line 2:3: Column 'elb' cannot be resolved";
    answer.bytes_scanned = 12'000'000;
    return answer;
  };
  rig.collect(source(settings_for()));
  ASSERT_THAT(rig.collection.gaps, SizeIs(1));
  EXPECT_THAT(rig.gaps(), AllOf(HasSubstr("FAILED"), HasSubstr("Column 'elb' cannot be resolved")));
  EXPECT_THAT(rig.stored(), IsEmpty());
  EXPECT_EQ(billed(rig), 12'000'000) << "failed queries are billed too";
}

TEST(AthenaSource, a_workgroups_limit_is_told) {
  SourceRig rig;
  rig.stand_in.world().workgroups["primary"].bytes_scanned_cutoff = 20'000'000;
  rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
  rig.collect(source(settings_for()));
  EXPECT_THAT(rig.gaps(), AllOf(HasSubstr("CANCELLED"), HasSubstr("Workgroup primary"), HasSubstr("20 MB")));
  EXPECT_EQ(billed(rig), 20'000'000);
}

TEST(AthenaSource, our_limit_holds_before_and_while_it_runs) {
  const auto big = [](std::uint64_t bytes) {
    return [bytes](const std::string&, const std::vector<std::string>&) {
      AwsWorld::AthenaAnswer answer = alb_answer(1);
      answer.bytes_scanned = bytes;
      return answer;
    };
  };
  SourceRig small(CostLimits{.max_scan_bytes = 1'000'000});
  small.stand_in.world().athena = big(1);
  small.collect(source(settings_for()));
  EXPECT_EQ(small.stand_in.calls("athena", "StartQueryExecution"), 0U) << "refused before it begins";
  EXPECT_THAT(small.gaps(), HasSubstr("aws.limits.max_scan_bytes"));

  SourceRig running(CostLimits{.max_usd = 10, .max_scan_bytes = std::uint64_t{3} << 30});
  running.stand_in.world().athena = big(std::uint64_t{20} << 30);
  running.collect(source(settings_for()));
  EXPECT_EQ(running.stand_in.calls("athena", "StopQueryExecution"), 1U);
  EXPECT_THAT(running.gaps(), AllOf(HasSubstr("stopped after it had scanned"), HasSubstr("aws.limits.max_scan_bytes")));

  SourceRig enough(CostLimits{.max_usd = 10, .max_scan_bytes = std::uint64_t{30} << 30});
  enough.stand_in.world().athena = big(std::uint64_t{20} << 30);
  enough.collect(source(settings_for()));
  EXPECT_EQ(enough.gaps(), "");
  EXPECT_EQ(billed(enough), static_cast<double>(std::uint64_t{20} << 30));
}

TEST(AthenaSource, a_query_that_does_not_end_is_stopped) {
  SourceRig rig;
  rig.stand_in.polls_until_done = 1'000'000;
  rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
  rig.collect(source(settings_for()));
  EXPECT_EQ(rig.stand_in.calls("athena", "StopQueryExecution"), 1U);
  EXPECT_THAT(rig.gaps(), HasSubstr("did not end in time and was stopped"));
  const auto slept = rig.sleeper.slept();
  EXPECT_LT(slept.size(), 600U) << "it waits longer each time";
  EXPECT_EQ(*std::max_element(slept.begin(), slept.end()), Nanoseconds(std::chrono::seconds(5)));

  SourceRig cancelled;
  cancelled.stand_in.polls_until_done = 1'000'000;
  std::stop_source stop;
  cancelled.http.after = [&](const HttpRequest& request, HttpResponse&) {
    if (request.body.find("QueryExecutionId") != std::string::npos) stop.request_stop();
  };
  cancelled.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
  cancelled.collect(source(settings_for()), Context{stop.get_token(), {}});
  EXPECT_EQ(cancelled.stand_in.calls("athena", "StopQueryExecution"), 1U) << "though the context had ended";
}

TEST(AthenaSource, a_query_stopped_by_an_earlier_run_is_asked_anew) {
  SourceRig rig;
  rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
  rig.stand_in.polls_until_done = 1'000'000;
  rig.collect(source(settings_for()));
  EXPECT_THAT(rig.gaps(), HasSubstr("stopped"));
  rig.stand_in.polls_until_done = 2;
  rig.collect(source(settings_for()));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_THAT(rig.stored(), SizeIs(1));
}

TEST(AthenaSource, more_rows_than_may_be_read_are_told) {
  AthenaSettings settings = settings_for();
  settings.rows_limit = 10;
  SourceRig rig;
  rig.stand_in.world().athena = [&](const std::string& sql, const auto&) {
    EXPECT_THAT(sql, HasSubstr("LIMIT 11"));
    return alb_answer(11);
  };
  rig.collect(source(settings));
  EXPECT_THAT(rig.gaps(), HasSubstr("more than 10 rows"));
  const std::string csv = rig.stored().begin()->second;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 11);
}

TEST(AthenaSource, counts_that_break_off_are_not_used_and_changes_are) {
  for (const auto kind : {AthenaTable::Kind::kAlb, AthenaTable::Kind::kCloudTrail}) {
    SourceRig rig;
    rig.stand_in.result_page_size = 2;
    rig.stand_in.world().athena = [&](const auto&, const auto&) {
      AwsWorld::AthenaAnswer answer = kind == AthenaTable::Kind::kAlb ? alb_answer(6) : trail_answer();
      while (answer.rows.size() < 6) answer.rows.push_back(answer.rows[0]);
      return answer;
    };
    int pages = 0;
    rig.http.before = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
      const auto target = find_header(request.headers, "X-Amz-Target");
      if (!target || !target->ends_with("GetQueryResults") || ++pages < 3) return std::nullopt;
      return HttpResponse{400, {}, R"({"__type":"InvalidRequestException","Message":"gone"})"};
    };
    rig.collect(source(settings_for(kind)));
    EXPECT_THAT(rig.gaps(), HasSubstr("gone"));
    EXPECT_EQ(rig.stored().size(), kind == AthenaTable::Kind::kAlb ? 0U : 1U);
  }
}

TEST(AthenaSource, names_that_are_none_are_never_sent) {
  for (const char* bad : {"logs\"; DROP TABLE users; --", "a.b.c", "x y"}) {
    AthenaSettings settings = settings_for();
    settings.tables[0].table = bad;
    SourceRig rig;
    rig.collect(source(settings));
    EXPECT_EQ(rig.stand_in.calls("athena", "StartQueryExecution"), 0U);
    EXPECT_THAT(rig.gaps(), HasSubstr("Nothing was asked"));
  }
}

TEST(AthenaSource, nothing_found_is_said_with_reasons) {
  SourceRig rig;
  rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(0); };
  rig.collect(source(settings_for()));
  EXPECT_THAT(rig.gaps(), AllOf(HasSubstr("found no request"), HasSubstr("yyyy/MM/dd")));
  EXPECT_THAT(rig.stored(), IsEmpty());

  AthenaSettings none = settings_for();
  none.tables[0].partitioning = "none";
  SourceRig whole;
  whole.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
  whole.collect(source(none));
  EXPECT_THAT(whole.notes(), HasSubstr("no partitions"));
}

TEST(AthenaSource, whatever_the_service_does_the_collection_ends_and_says_so) {
  for (const char* operation : {"StartQueryExecution", "GetQueryExecution", "GetQueryResults"}) {
    for (const FaultKind kind :
         {FaultKind::kThrottle, FaultKind::kServerError, FaultKind::kTimeout, FaultKind::kDenied, FaultKind::kGarbage,
          FaultKind::kCut, FaultKind::kEndlessPages, FaultKind::kSameToken, FaultKind::kExpiredToken}) {
      if (std::string(operation) == "StartQueryExecution" &&
          (kind == FaultKind::kEndlessPages || kind == FaultKind::kSameToken)) {
        continue;
      }
      SourceRig rig;
      rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(3); };
      rig.stand_in.add_fault({"athena", operation, kind, -1, {}});
      rig.collect(source(settings_for()));
      EXPECT_FALSE(rig.collection.gaps.empty()) << operation << " " << static_cast<int>(kind);
    }
  }
}

TEST(AthenaSource, a_workgroup_that_may_not_be_described_can_still_be_used) {
  SourceRig rig;
  rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(1); };
  rig.stand_in.add_fault({"athena", "GetWorkGroup", FaultKind::kDenied, -1, {}});
  rig.collect(source(settings_for()));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_THAT(rig.notes(), HasSubstr("athena:GetWorkGroup"));
}

TEST(AthenaSource, without_a_place_for_results_it_says_what_to_set) {
  AthenaSettings settings = settings_for();
  settings.output_location.clear();
  SourceRig rig;
  rig.collect(source(settings));
  EXPECT_THAT(rig.gaps(), HasSubstr("aws.athena.output_location"));
}

TEST(AthenaSource, estimates_on_the_safe_side) {
  SourceRig rig;
  const auto estimate = make_athena_source(rig.scope, settings_for())->estimate({});
  ASSERT_TRUE(estimate) << estimate.error().message;
  EXPECT_EQ(estimate->bytes, std::uint64_t{2} << 30) << "one day";
  EXPECT_GT(estimate->usd, 0.001);
  EXPECT_EQ(rig.stand_in.calls("athena", "StartQueryExecution"), 0U);
  rig.stand_in.world().workgroups["primary"].bytes_scanned_cutoff = 100'000'000;
  EXPECT_EQ(make_athena_source(rig.scope, settings_for())->estimate({})->bytes, 100'000'000U);
}

TEST(AthenaSource, asks_only_what_the_service_accepts) {
  SourceRig rig;
  rig.stand_in.result_page_size = 2;
  rig.stand_in.world().athena = [&](const auto&, const auto&) { return alb_answer(5); };
  rig.collect(source(settings_for()));
  const auto wrong = test::check_requests(rig.stand_in.requests());
  if (!wrong) GTEST_SKIP() << "the request checker or python3-botocore is not here";
  EXPECT_THAT(*wrong, IsEmpty());
}

}  // namespace
}  // namespace fa
