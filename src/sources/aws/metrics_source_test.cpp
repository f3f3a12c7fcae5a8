#include "sources/aws/metrics_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "base/text.h"
#include "formats/record_collector.h"
#include "sources/aws/metrics_test_rig.h"
#include "sources/file/discover.h"
#include "sources/file/file_reader.h"
#include "sources/file/metric_query_book.h"

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using test::Fault;
using test::FaultKind;
using test::kNow;
using test::kStudyBaseline;
using test::kStudyWindow;
using test::SourceRig;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Dimensions = std::vector<std::pair<std::string, std::string>>;

/// A metric with a point a minute for each statistic over the whole study (or `study`).
test::AwsWorld::Metric metric(std::string space, std::string name, Dimensions dimensions,
                              TimeRange study = {kStudyBaseline.begin, kStudyWindow.end},
                              std::string region = "ap-northeast-1") {
  test::AwsWorld::Metric m;
  m.region = std::move(region);
  m.metric_namespace = std::move(space);
  m.name = std::move(name);
  m.dimensions = std::move(dimensions);
  for (const char* statistic : {"Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p99"}) {
    for (TimePoint t = study.begin; t < study.end; t += minutes(1)) m.points[statistic].emplace_back(t, 1.5);
  }
  return m;
}

void fill(SourceRig& rig, int functions) {
  for (int i = 0; i < functions; ++i) {
    rig.stand_in.world().metrics.push_back(metric("AWS/Lambda", "Errors", {{"FunctionName", "f" + std::to_string(i)}}));
  }
}

auto source(MetricsSettings settings = {}, MetricsFocus focus = {}) {
  return [=](const AwsScope& scope) { return make_metrics_source(scope, settings, focus); };
}

/// All series of the stored folder as the reader gives them.
RecordCollector read_back(const SourceRig& rig) {
  RecordCollector all;
  const std::vector<std::string> arguments{rig.folder->path().string()};
  const InputSet inputs = discover_inputs(arguments, {}, {});
  const MetricQueryBook book = find_metric_queries(inputs, {});
  EXPECT_THAT(book.gaps, IsEmpty());
  for (const InputFile& file : inputs.files) {
    ReaderOptions options;
    options.metric_queries = book.for_file(file.name);
    const FileOutcome outcome = read_input(file, options, all, {});
    EXPECT_NE(outcome.format, Format::kUnknown) << file.name;
    EXPECT_THAT(outcome.gaps, IsEmpty());
  }
  return all;
}

TEST(MetricsSource, stores_what_the_reader_understands) {
  SourceRig rig;
  auto& metrics = rig.stand_in.world().metrics;
  metrics.push_back(metric("AWS/ApplicationELB", "TargetResponseTime", {{"LoadBalancer", "app/web/1"}}));
  metrics.push_back(metric("AWS/RDS", "FreeableMemory", {{"DBInstanceIdentifier", "orders-db"}}));
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  const RecordCollector got = read_back(rig);
  ASSERT_EQ(got.metrics.size(), 6U);
  const MetricSeries& p99 = got.metric("TargetResponseTime", "p99");
  EXPECT_EQ(p99.service, "app/web/1");
  EXPECT_EQ(p99.unit, "Seconds");
  EXPECT_EQ(p99.period_seconds, 60);
  EXPECT_EQ(p99.times.size(), 90U) << "window and baseline in one request";
  EXPECT_EQ(p99.times.front(), kStudyBaseline.begin);
  EXPECT_EQ(got.metric("FreeableMemory", "Minimum").service, "orders-db");
  EXPECT_THAT(got.skipped, IsEmpty());
  EXPECT_EQ(rig.stand_in.calls("cloudwatch", "GetMetricData"), 1U);

  ASSERT_EQ(rig.collection.files.size(), 2U);
  const Origin& origin = rig.collection.files[0].origin;
  EXPECT_EQ(rig.collection.files[0].name, "cloudwatch-123456789012-ap-northeast-1/metrics-0001.json");
  EXPECT_EQ(rig.collection.files[1].name, "cloudwatch-123456789012-ap-northeast-1/queries-0001.json");
  EXPECT_EQ(origin.source, "cloudwatch");
  EXPECT_EQ(origin.resource, "AWS/ApplicationELB 5, AWS/RDS 1");
  EXPECT_THAT(origin.reproduce, HasSubstr("--metric-data-queries file://cloudwatch-123456789012-ap-northeast-1/"
                                          "queries-0001.json"));
  EXPECT_THAT(rig.notes(), HasSubstr("2 of the 2 metrics listed as active in the last three hours"));
  if (const auto wrong = test::check_requests(rig.stand_in.requests())) {
    EXPECT_THAT(*wrong, IsEmpty());
  }
}

TEST(MetricsSource, follows_all_pages_of_listing_and_data) {
  SourceRig rig;
  fill(rig, 40);
  rig.stand_in.page_size = 3;
  rig.stand_in.metric_page_points = 500;
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  const RecordCollector got = read_back(rig);
  std::map<std::string, std::size_t> points;
  for (const MetricSeries& s : got.metrics) points[s.service] += s.times.size();
  EXPECT_EQ(points.size(), 40U);
  for (const auto& [service, count] : points) EXPECT_EQ(count, 90U) << service;
  EXPECT_GT(rig.stand_in.calls("cloudwatch", "GetMetricData"), 5U);
  EXPECT_THAT(got.skipped, IsEmpty()) << "a page that is continued is no partial data";
}

TEST(MetricsSource, more_than_500_series_need_another_call) {
  SourceRig rig;
  fill(rig, 501);
  rig.stand_in.metric_page_points = 100'800;  // a page a request: this is about the number of requests
  rig.collect(source());
  EXPECT_EQ(rig.stand_in.calls("cloudwatch", "GetMetricData"), 2U);
  EXPECT_EQ(rig.collection.files.size(), 4U);
  EXPECT_EQ(read_back(rig).metrics.size(), 501U);
  EXPECT_EQ(rig.gaps(), "");
}

TEST(MetricsSource, asks_for_recently_active_metrics_only_where_nothing_older_matters) {
  for (const auto& [begin, active] :
       {std::pair(kNow - hours(3), true), std::pair(kNow - hours(3) - minutes(1), false)}) {
    SourceRig rig;
    rig.scope.baseline = {begin, begin + hours(1)};
    rig.scope.window = {begin + hours(1), begin + hours(2)};
    rig.stand_in.world().metrics.push_back(metric("Shop", "Orders", {{"Step", "pay"}}, {begin, begin + hours(2)}));
    rig.stand_in.world().metrics.back().recently_active = false;
    rig.collect(source());
    EXPECT_EQ(read_back(rig).metrics.empty(), active);
    EXPECT_THAT(rig.notes(), HasSubstr(active ? "last three hours" : "last two weeks"));
  }
}

TEST(MetricsSource, takes_the_period_by_the_age_of_the_data) {
  for (const auto& [age, period] : {std::pair(days(1), 60), std::pair(days(20), 300), std::pair(days(100), 3600)}) {
    SourceRig rig;
    rig.scope.baseline = {kNow - age, kNow - age + hours(2)};
    rig.scope.window = {kNow - age + hours(2), kNow - age + hours(4)};
    rig.stand_in.world().metrics.push_back(
        metric("Shop", "OrderCount", {{"Step", "pay"}}, {kNow - age, kNow - age + hours(4)}));
    rig.collect(source());
    const RecordCollector got = read_back(rig);
    ASSERT_EQ(got.metrics.size(), 1U) << period;
    EXPECT_EQ(got.metrics[0].period_seconds, period);
    EXPECT_EQ(rig.gaps(), "");
  }
  SourceRig rig;
  rig.scope.baseline = {kNow - days(500), kNow - days(500) + hours(1)};
  rig.scope.window = {rig.scope.baseline.end, rig.scope.baseline.end + hours(1)};
  fill(rig, 1);
  rig.collect(source());
  EXPECT_THAT(rig.gaps(), HasSubstr("455 days"));
  EXPECT_THAT(rig.stand_in.requests(), IsEmpty());
}

TEST(MetricsSource, global_services_are_asked_where_they_report) {
  SourceRig rig;
  auto& metrics = rig.stand_in.world().metrics;
  const TimeRange study{kStudyBaseline.begin, kStudyWindow.end};
  metrics.push_back(
      metric("AWS/CloudFront", "5xxErrorRate", {{"DistributionId", "E1"}, {"Region", "Global"}}, study, "us-east-1"));
  metrics.push_back(metric("AWS/Route53", "HealthCheckStatus", {{"HealthCheckId", "h1"}}, study, "us-east-1"));
  metrics.push_back(metric("AWS/WAFV2", "BlockedRequests", {{"WebACL", "cdn"}}, study, "us-east-1"));
  metrics.push_back(
      metric("AWS/WAFV2", "BlockedRequests", {{"WebACL", "other"}, {"Region", "us-east-1"}}, study, "us-east-1"));
  metrics.push_back(metric("AWS/Lambda", "Errors", {{"FunctionName", "elsewhere"}}, study, "us-east-1"));
  metrics.push_back(metric("AWS/GlobalAccelerator", "NewFlowCount", {{"Accelerator", "a1"}}, study, "us-west-2"));
  rig.collect(source());
  std::set<std::string> services;
  for (const MetricSeries& s : read_back(rig).metrics) services.insert(s.service);
  EXPECT_EQ(services, (std::set<std::string>{"E1", "h1", "cdn", "a1"}));
  EXPECT_TRUE(rig.stored().contains("cloudwatch-123456789012-us-east-1/metrics-0001.json"));
  EXPECT_TRUE(rig.stored().contains("cloudwatch-123456789012-us-west-2/metrics-0001.json"));

  MetricsFocus focus;
  focus.global = false;
  rig.collect(source({}, focus));
  EXPECT_THAT(rig.stored(), IsEmpty());
  EXPECT_THAT(rig.notes(), HasSubstr("publish no metrics"));
}

TEST(MetricsSource, says_what_was_left_out) {
  SourceRig rig;
  fill(rig, 50);
  MetricsSettings settings;
  settings.max_metrics = 20;
  rig.collect(source(settings));
  EXPECT_EQ(read_back(rig).metrics.size(), 20U);
  EXPECT_THAT(rig.notes(),
              HasSubstr("30 less telling series were left out (aws.metrics.max_metrics = 20): AWS/Lambda 30"));
}

TEST(MetricsSource, statuses_and_messages_become_gaps) {
  SourceRig rig;
  fill(rig, 3);
  rig.stand_in.world().metrics[1].status_code = "Forbidden";
  rig.stand_in.world().metrics[2].status_code = "InternalError";
  rig.stand_in.world().metric_messages = {{"Account", "Some accounts were not asked."}};
  rig.collect(source());
  EXPECT_THAT(rig.gaps(), HasSubstr("AWS/Lambda 1 in ap-northeast-1: Forbidden"));
  EXPECT_THAT(rig.gaps(), HasSubstr("InternalError"));
  EXPECT_THAT(rig.gaps(), HasSubstr("Some accounts were not asked."));
  EXPECT_EQ(read_back(rig).metrics.size(), 1U);
}

TEST(MetricsSource, a_series_that_ends_as_partial_data_is_a_gap) {
  SourceRig rig;
  fill(rig, 2);
  rig.http.after = [](const HttpRequest&, HttpResponse& response) {
    const std::size_t at = response.body.find("\"Complete\"");
    if (response.body.find("MetricDataResults") != std::string::npos) response.body.replace(at, 10, "\"PartialData\"");
  };
  rig.collect(source());
  EXPECT_THAT(rig.gaps(), HasSubstr("CloudWatch said of AWS/Lambda 1 in ap-northeast-1: PartialData"));
}

TEST(MetricsSource, whatever_fails_is_named_and_nothing_hangs) {
  struct Case {
    const char* operation;
    FaultKind kind;
    const char* told;
    bool data;  // something is stored all the same
  };
  const Case cases[] = {
      {"ListMetrics", FaultKind::kDenied, "cloudwatch:ListMetrics", false},
      {"ListMetrics", FaultKind::kThrottle, "Rate exceeded", false},
      {"ListMetrics", FaultKind::kServerError, "Internal service fault", false},
      {"ListMetrics", FaultKind::kTimeout, "", false},
      {"ListMetrics", FaultKind::kGarbage, "", false},
      {"ListMetrics", FaultKind::kCut, "", false},
      {"ListMetrics", FaultKind::kEndlessPages, "repeats its pages", true},
      {"ListMetrics", FaultKind::kSameToken, "same page token twice", true},
      {"GetMetricData", FaultKind::kDenied, "cloudwatch:GetMetricData", false},
      {"GetMetricData", FaultKind::kThrottle, "Rate exceeded", false},
      {"GetMetricData", FaultKind::kServerError, "Internal service fault", false},
      {"GetMetricData", FaultKind::kTimeout, "", false},
      {"GetMetricData", FaultKind::kGarbage, "", false},
      {"GetMetricData", FaultKind::kCut, "", false},
      {"GetMetricData", FaultKind::kEndlessPages, "repeats its pages", true},
      {"GetMetricData", FaultKind::kSameToken, "same page token twice", true},
  };
  for (const Case& c : cases) {
    SourceRig rig;
    fill(rig, 5);
    rig.stand_in.add_fault({.service = "cloudwatch", .operation = c.operation, .kind = c.kind});
    rig.collect(source());
    const std::string what =
        std::string(c.operation) + " " + std::to_string(static_cast<int>(c.kind)) + ": " + rig.gaps();
    ASSERT_THAT(rig.collection.gaps, Not(IsEmpty())) << what;
    EXPECT_THAT(rig.gaps(), HasSubstr(c.told)) << what;
    EXPECT_EQ(rig.collection.gaps[0].range, (TimeRange{kStudyBaseline.begin, kStudyWindow.end})) << what;
    EXPECT_EQ(!rig.stored().empty(), c.data) << what;
    if (c.data) {
      EXPECT_EQ(read_back(rig).metrics.size(), 5U) << what;
    }
    for (const auto& gap : rig.collection.gaps) EXPECT_FALSE(gap.impact.empty()) << what;
    EXPECT_THAT(rig.gaps(), Not(HasSubstr("stand-in-secret"))) << what;
    EXPECT_LT(rig.stand_in.requests().size(), 500U) << what;
  }
}

TEST(MetricsSource, an_empty_answer_is_no_gap) {
  SourceRig rig;
  fill(rig, 2);
  rig.stand_in.add_fault({.service = "cloudwatch", .operation = "GetMetricData", .kind = FaultKind::kEmpty});
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_THAT(rig.notes(), HasSubstr("None of the metrics asked for has a point"));
}

TEST(MetricsSource, a_cost_limit_forbids_a_call_before_it_is_made) {
  CostLimits limits;
  limits.max_usd = 0.0055;  // 500 series cost 0.005 USD; listing costs something too
  SourceRig rig(limits);
  fill(rig, 600);
  rig.stand_in.metric_page_points = 100'800;  // a page a request
  rig.collect(source());
  EXPECT_EQ(rig.stand_in.calls("cloudwatch", "GetMetricData"), 1U);
  EXPECT_THAT(rig.gaps(), HasSubstr("aws.limits.max_usd"));
  EXPECT_THAT(rig.gaps(), HasSubstr("100 series were not fetched"));
  EXPECT_LE(rig.cost.spent_usd(), limits.max_usd);

  limits.max_calls = 0;
  SourceRig none(limits);
  fill(none, 1);
  none.collect(source());
  EXPECT_THAT(none.gaps(), HasSubstr("aws.limits.max_calls"));
  EXPECT_THAT(none.stand_in.requests(), IsEmpty());
}

TEST(MetricsSource, estimates_what_it_will_ask_and_lists_only_once) {
  SourceRig rig;
  fill(rig, 510);
  const auto made = make_metrics_source(rig.scope, {}, {});
  const auto estimate = made->estimate({});
  ASSERT_TRUE(estimate) << estimate.error().message;
  EXPECT_EQ(estimate->units.at(CostItem::kMetricsRequested), 510);
  EXPECT_EQ(estimate->calls, 2U);
  EXPECT_NEAR(estimate->usd, 0.0051, 1e-9);
  EXPECT_EQ(rig.stand_in.calls("cloudwatch", "GetMetricData"), 0U);
  const auto listed = rig.stand_in.calls("cloudwatch", "ListMetrics");
  rig.collect([&](const AwsScope&) { return make_metrics_source(rig.scope, {}, {}); });
  EXPECT_EQ(rig.stand_in.calls("cloudwatch", "ListMetrics"), 2 * listed);
  const auto folder = *CollectedFolder::create(rig.files.path() / "again");
  made->collect(*folder, {});
  EXPECT_EQ(rig.stand_in.calls("cloudwatch", "ListMetrics"), 2 * listed) << "the estimate's listing is used";

  rig.stand_in.add_fault({.service = "cloudwatch", .operation = "ListMetrics", .kind = FaultKind::kDenied});
  EXPECT_FALSE(make_metrics_source(rig.scope, {}, {})->estimate({}));
}

/// The functions whose series were asked for, in order.
std::vector<std::string> functions_asked(const SourceRig& rig) {
  std::vector<std::string> names;
  const std::string text = rig.file_text("cloudwatch-123456789012-ap-northeast-1/queries-0001.json");
  const std::string mark = "\"f";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t end = text.find('"', at + 1);
    if (is_digit(text[at + 2])) names.push_back(text.substr(at + 1, end - at - 1));
  }
  return names;
}

TEST(MetricsSource, a_chooser_moves_series_to_the_front_and_loses_none) {
  SourceRig rig;
  fill(rig, 6);
  rig.collect(source());
  const std::vector<std::string> usual = functions_asked(rig);
  ASSERT_EQ(usual.size(), 6U);
  EXPECT_THAT(rig.notes(), Not(HasSubstr("chosen")));
  struct Case {
    std::vector<std::size_t> chosen;
    std::vector<std::size_t> order;
    const char* told;
  };
  const Case kCases[] = {
      {{4, 2}, {4, 2, 0, 1, 3, 5}, "2 of the first 6 series were chosen"},
      {{}, {0, 1, 2, 3, 4, 5}, "none was chosen"},
      {{5, 5, 6, static_cast<std::size_t>(-1), 0}, {5, 0, 1, 2, 3, 4}, "or named twice: 3."},
      {{9}, {0, 1, 2, 3, 4, 5}, "none was chosen"},
  };
  for (const Case& c : kCases) {
    std::vector<std::string> seen;
    const MetricChooser chooser = [&](const std::vector<ChosenSeries>& shortlist, const Context&) {
      for (const ChosenSeries& s : shortlist) seen.push_back(s.metric.dimensions.at(0).second);
      return c.chosen;
    };
    rig.collect([&](const AwsScope& scope) { return make_metrics_source(scope, {}, {}, chooser); });
    EXPECT_EQ(seen, usual) << "it is shown what the rules chose";
    std::vector<std::string> expected;
    for (const std::size_t i : c.order) expected.push_back(usual[i]);
    EXPECT_EQ(functions_asked(rig), expected);
    EXPECT_THAT(rig.notes(), HasSubstr(c.told));
    EXPECT_EQ(rig.gaps(), "");
  }
}

TEST(MetricsSource, a_chooser_sees_no_more_than_it_may_and_its_failure_changes_nothing) {
  SourceRig rig;
  fill(rig, 310);
  MetricsSettings settings;
  settings.max_metrics = 305;
  std::size_t seen = 0;
  const MetricChooser failing = [&](const std::vector<ChosenSeries>& shortlist,
                                    const Context&) -> std::vector<std::size_t> {
    seen = shortlist.size();
    throw std::runtime_error("no model");
  };
  rig.collect([&](const AwsScope& scope) { return make_metrics_source(scope, settings, {}, failing); });
  EXPECT_EQ(seen, 300U);
  EXPECT_EQ(functions_asked(rig).size(), 305U);
  EXPECT_THAT(rig.notes(), HasSubstr("none was chosen"));
  const std::vector<std::string> usual = functions_asked(rig);
  // What it was not shown it cannot choose.
  const MetricChooser beyond = [](const std::vector<ChosenSeries>&, const Context&) {
    return std::vector<std::size_t>{302};
  };
  rig.collect([&](const AwsScope& scope) { return make_metrics_source(scope, settings, {}, beyond); });
  EXPECT_EQ(functions_asked(rig), usual);
  EXPECT_THAT(rig.notes(), HasSubstr("or named twice: 1."));
}

TEST(MetricsSource, an_estimate_asks_no_chooser) {
  SourceRig rig;
  fill(rig, 3);
  bool asked = false;
  const MetricChooser chooser = [&](const std::vector<ChosenSeries>&, const Context&) {
    asked = true;
    return std::vector<std::size_t>{};
  };
  ASSERT_TRUE(make_metrics_source(rig.scope, {}, {}, chooser)->estimate({}));
  EXPECT_FALSE(asked);
}

TEST(MetricsSource, the_same_account_gives_the_same_bytes) {
  std::map<std::string, std::string> first;
  for (int round = 0; round < 3; ++round) {
    SourceRig rig;
    fill(rig, 560);
    if (round > 0) std::reverse(rig.stand_in.world().metrics.begin(), rig.stand_in.world().metrics.end());
    MetricsSettings settings;
    settings.max_metrics = 540;
    rig.collect(source(settings));
    if (round == 0) first = rig.stored();
    EXPECT_EQ(rig.stored().size(), 4U);
    EXPECT_TRUE(rig.stored() == first) << "round " << round;
  }
}

TEST(MetricsSource, ends_when_it_is_stopped) {
  SourceRig rig;
  fill(rig, 3);
  std::stop_source stop;
  stop.request_stop();
  Context context;
  context.stop = stop.get_token();
  rig.collect(source(), context);
  EXPECT_THAT(rig.stand_in.requests(), IsEmpty());
  EXPECT_THAT(rig.collection.gaps, Not(IsEmpty()));
}

}  // namespace
}  // namespace fa
