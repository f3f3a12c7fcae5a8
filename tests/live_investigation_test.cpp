/// The straight line on a live account: everything between the request and the report is real, but for the sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "investigate/live.h"
#include "model/report_json.h"
#include "sources/file/test_support.h"
#include "support/aws/live_world.h"
#include "support/aws/reference_incident.h"

namespace fa {
namespace {

using test::FaultKind;
using test::LiveWorld;
using test::TempFolder;

/// The reference incident as tests want it: facts and account together.
struct ReferenceIncident : test::ReferenceFacts {
  ReferenceIncident() : ReferenceFacts(test::reference_facts()), world(test::make_reference_incident()) {}
  test::AwsWorld world;
};

LiveRequest request_for(const ReferenceIncident& incident) {
  LiveRequest request;
  request.investigate.window = incident.window;
  request.investigate.description = "Orders fail or take very long";
  request.aws.targets = {{incident.world.region, "", ""}};
  request.aws.logs.prefixes = {"/ecs/"};
  request.aws.alb.emplace_back().url = "s3://" + incident.alb_bucket + "/" + incident.alb_prefix;
  request.aws.cloudtrail.buckets.emplace_back().url = "s3://" + incident.trail_bucket;
  return request;
}

/// Deadlines are real time; no test waits for one.
Context patient() { return Context{}.within(std::chrono::minutes(5)); }

Result<Report> investigate_on(LiveWorld& world, const LiveRequest& request) {
  return investigate_live(request, world.access(), nullptr, {}, patient());
}

std::string told(const Report& report) {
  std::string out = report.headline + "\n";
  for (const Hypothesis& h : report.hypotheses) {
    out += std::to_string(h.rank) + " " + h.subject.service + " / " + h.subject.component + " " +
           std::string(mechanism_name(h.mechanism)) + " " + std::to_string(h.score) + " of";
    for (const std::string& id : h.supports) out += " " + id;
    out += "\n";
  }
  for (const Evidence& e : report.evidence) out += e.id + " " + e.claim + " [" + e.check_reason + "]\n";
  for (const TopologyEdgeView& e : report.topology.edges) out += e.caller + " -> " + e.callee + "\n";
  for (const Gap& g : report.gaps) out += "! " + g.source + ": " + g.error + "\n";
  return out;
}

TEST(LiveInvestigation, finds_the_cause_and_the_change_that_made_it) {
  const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  const auto report = investigate_on(world, request_for(incident));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->verdict, Verdict::kIncident) << told(*report);
  ASSERT_FALSE(report->hypotheses.empty()) << told(*report);
  const Hypothesis& best = report->hypotheses.front();
  EXPECT_THAT(best.subject.service + " " + best.subject.component, testing::HasSubstr(incident.failing_service))
      << told(*report);
  EXPECT_THAT(mechanism_name(best.mechanism), testing::AnyOf("dependency_timeout", "network_partition"))
      << told(*report);
  // The change stands in the evidence, with who made it.
  const auto is_the_change = [&](const Evidence& e) {
    return e.kind == EvidenceKind::kChange && e.claim.find(incident.change_event) != std::string::npos &&
           e.claim.find(incident.actor) != std::string::npos;
  };
  EXPECT_TRUE(std::any_of(report->evidence.begin(), report->evidence.end(), is_the_change)) << told(*report);
  // It is the first thing to do something about, by the name of what was changed.
  ASSERT_FALSE(report->actions.empty());
  EXPECT_THAT(report->actions.front().text,
              testing::AllOf(testing::HasSubstr(incident.change_event), testing::HasSubstr(incident.change_resource),
                             testing::HasSubstr(incident.actor)))
      << told(*report);
  // Each kind of source gave evidence or was at least read.
  EXPECT_EQ(report->verification.checked, report->verification.passed) << told(*report);
  EXPECT_THAT(report->identity, testing::HasSubstr(incident.world.account));
  EXPECT_GT(report->usage.api_calls, 10U);
  EXPECT_LT(report->usage.cost_usd, 1.0);
  for (const Evidence& e : report->evidence) {
    EXPECT_NE(e.locator.source, "file") << e.id << " " << e.claim;
    EXPECT_THAT(e.reproduce, testing::HasSubstr("aws ")) << e.id << " " << e.claim;
  }
  EXPECT_THAT(report->gaps, testing::Not(testing::Contains(testing::Field(&Gap::error, testing::HasSubstr("denied")))));
}

TEST(LiveInvestigation, a_saved_folder_says_the_same_without_a_network) {
  const ReferenceIncident incident;
  const TempFolder temp;
  std::string first;
  for (const char* name : {"one", "two"}) {
    LiveWorld world(incident.world, incident.now);
    LiveRequest request = request_for(incident);
    request.save = temp.path() / name;
    const auto live = investigate_on(world, request);
    ASSERT_TRUE(live) << live.error().message;
    InvestigateRequest again;
    again.paths = {request.save->string()};
    const auto replayed = investigate(again, SystemClock(), nullptr, {});
    ASSERT_TRUE(replayed) << replayed.error().message;
    EXPECT_EQ(report_to_json(*live), report_to_json(*replayed));
    // A second collection of the same account gives the same again.
    if (first.empty()) first = report_to_json(*live);
    EXPECT_EQ(report_to_json(*live), first);
  }
}

TEST(LiveInvestigation, an_alarm_is_enough) {
  const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  LiveRequest request = request_for(incident);
  request.investigate.window.reset();
  request.investigate.description.clear();
  request.aws.alarm_arn = incident.alarm_arn;
  const auto report = investigate_on(world, request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->verdict, Verdict::kIncident) << told(*report);
  EXPECT_LE(report->incident.window.begin, incident.window.begin + std::chrono::minutes(5));
  EXPECT_GE(report->incident.window.end, incident.window.begin + std::chrono::minutes(5));
  ASSERT_TRUE(report->incident.alarm);
  EXPECT_FALSE(report->incident.alarm->metric.empty());
  ASSERT_FALSE(report->hypotheses.empty());
  EXPECT_THAT(report->hypotheses.front().subject.service + " " + report->hypotheses.front().subject.component,
              testing::HasSubstr(incident.failing_service))
      << told(*report);
}

TEST(LiveInvestigation, logs_alone_are_enough) {
  const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  LiveRequest request = request_for(incident);
  request.aws.alb.clear();
  request.aws.cloudtrail.buckets.clear();
  request.aws.cloudtrail.event_history = false;
  request.aws.metrics.enabled = false;
  request.aws.xray.enabled = false;
  const auto report = investigate_on(world, request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->verdict, Verdict::kIncident) << told(*report);
  ASSERT_FALSE(report->hypotheses.empty());
  EXPECT_THAT(report->hypotheses.front().subject.service + " " + report->hypotheses.front().subject.component,
              testing::HasSubstr(incident.failing_service))
      << told(*report);
}

TEST(LiveInvestigation, every_request_is_one_that_aws_accepts) {
  const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  LiveRequest request = request_for(incident);
  request.aws.alarm_arn = incident.alarm_arn;
  ASSERT_TRUE(investigate_on(world, request));
  const auto wrong = test::check_requests(world.stand_in().requests());
  if (!wrong) GTEST_SKIP() << "the request checker or python3-botocore is not here";
  EXPECT_THAT(*wrong, testing::IsEmpty());
}

struct FaultyService {
  const char* service;  ///< As faults name it.
  const char* operation;
  const char* source;  ///< What the gap or note must name.
};

/// Every source times every way to fail: there is a report, it names what is missing, and no service that failed is
/// taken for a healthy or a failing one.
class FaultMatrix : public testing::TestWithParam<std::tuple<FaultyService, FaultKind>> {};

TEST_P(FaultMatrix, leaves_a_report_that_names_the_gap) {
  const FaultyService& faulty = std::get<0>(GetParam());
  const FaultKind kind = std::get<1>(GetParam());
  const std::string operation = faulty.operation;
  const bool pages = operation != "GetObject" && operation != "BatchGetTraces";
  if (!pages && (kind == FaultKind::kEndlessPages || kind == FaultKind::kSameToken)) return;  // it has none
  static const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  world.stand_in().page_size = 50;
  world.stand_in().event_page_size = 5000;
  world.stand_in().add_fault({faulty.service, faulty.operation, kind, -1, {}});
  LiveRequest request = request_for(incident);
  // What a fault does shows as well in a third of the data.
  request.investigate.window = TimeRange{incident.window.begin, incident.window.begin + std::chrono::minutes(10)};
  request.investigate.baseline = TimeRange{incident.window.begin - std::chrono::minutes(30), incident.window.begin};
  request.aws.limits.max_calls = 150;  // pages without end are to end soon
  // The faulty source, and the logs that a report is made from without it.
  const std::string source = faulty.source;
  if (source != "CloudWatch metrics" && source != "CloudWatch Logs") request.aws.metrics.enabled = false;
  if (source != "X-Ray") request.aws.xray.enabled = false;
  if (source != "ALB") request.aws.alb.clear();
  if (source != "CloudTrail") request.aws.cloudtrail.event_history = false;
  if (source != "CloudTrail" || operation == "LookupEvents") request.aws.cloudtrail.buckets.clear();
  const auto report = investigate_on(world, request);
  ASSERT_TRUE(report) << report.error().message;
  const auto names_it = [&](const std::string& text) { return text.find(faulty.source) != std::string::npos; };
  const bool gap = std::any_of(report->gaps.begin(), report->gaps.end(),
                               [&](const Gap& g) { return names_it(g.source) && !g.error.empty(); });
  const bool note =
      std::any_of(report->notes.begin(), report->notes.end(), [&](const Note& n) { return names_it(n.source); });
  // An empty answer is an answer: it may be said in a note. Everything else is a gap.
  EXPECT_TRUE(gap || (kind == FaultKind::kEmpty && note)) << told(*report);
  EXPECT_NE(report->verdict, Verdict::kNoIncident) << told(*report);
}

const FaultyService kServices[] = {
    {"logs", "FilterLogEvents", "CloudWatch Logs"},
    {"logs", "DescribeLogGroups", "CloudWatch Logs"},
    {"cloudwatch", "GetMetricData", "CloudWatch metrics"},
    {"cloudwatch", "ListMetrics", "CloudWatch metrics"},
    {"s3", "ListObjectsV2", "ALB"},
    {"s3", "GetObject", "ALB"},
    {"s3", "ListObjectsV2", "CloudTrail"},
    {"xray", "GetTraceSummaries", "X-Ray"},
    {"xray", "BatchGetTraces", "X-Ray"},
    {"xray", "GetServiceGraph", "X-Ray"},
    {"cloudtrail", "LookupEvents", "CloudTrail"},
};
const FaultKind kKinds[] = {
    FaultKind::kThrottle, FaultKind::kServerError, FaultKind::kTimeout,      FaultKind::kDenied,    FaultKind::kGarbage,
    FaultKind::kCut,      FaultKind::kEmpty,       FaultKind::kEndlessPages, FaultKind::kSameToken, FaultKind::kHuge};

std::string kind_name(FaultKind kind) {
  switch (kind) {
    case FaultKind::kThrottle:
      return "throttle";
    case FaultKind::kServerError:
      return "server_error";
    case FaultKind::kTimeout:
      return "timeout";
    case FaultKind::kDenied:
      return "denied";
    case FaultKind::kGarbage:
      return "garbage";
    case FaultKind::kCut:
      return "cut";
    case FaultKind::kEmpty:
      return "empty";
    case FaultKind::kEndlessPages:
      return "endless_pages";
    case FaultKind::kSameToken:
      return "same_token";
    case FaultKind::kHuge:
      return "huge";
    default:
      return "other";
  }
}

INSTANTIATE_TEST_SUITE_P(Sources, FaultMatrix,
                         testing::Combine(testing::ValuesIn(kServices), testing::ValuesIn(kKinds)),
                         [](const auto& param_info) {
                           const FaultyService& faulty = std::get<0>(param_info.param);
                           return std::string(faulty.service) + "_" + faulty.operation + "_" +
                                  kind_name(std::get<1>(param_info.param)) + "_" + std::to_string(param_info.index);
                         });

TEST(LiveInvestigation, a_spent_budget_is_a_gap_and_no_query_is_started) {
  const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  LiveRequest request = request_for(incident);
  request.aws.limits.max_usd = 0;
  const auto report = investigate_on(world, request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(world.stand_in().calls("cloudwatch", "GetMetricData"), 0U);
  EXPECT_EQ(world.stand_in().calls("s3", "GetObject"), 0U);
  EXPECT_THAT(report->gaps, testing::Contains(testing::Field(&Gap::error, testing::HasSubstr("aws.limits.max_usd"))));
}

TEST(LiveInvestigation, an_expired_deadline_still_gives_a_report) {
  const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  // The stand-in never answers about metrics; the deadline of collecting ends that wait, in no real time.
  world.stand_in().add_fault({"cloudwatch", "", FaultKind::kTimeout, -1, {}});
  const auto report = investigate_on(world, request_for(incident));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->verdict, Verdict::kIncident) << told(*report);
}

TEST(PlanAwsStudy, asks_for_a_time_and_says_what_is_wrong_with_it) {
  const ReferenceIncident incident;
  LiveWorld world(incident.world, incident.now);
  struct Case {
    std::optional<TimeRange> window;
    const char* told;
  };
  const TimePoint now = incident.now;
  const Case kCases[] = {
      {std::nullopt, "Give --from and --to, or --alarm-arn"},
      {TimeRange{now, now - std::chrono::minutes(1)}, "must end after it begins"},
      {TimeRange{now - std::chrono::minutes(1), now - std::chrono::minutes(1)}, "must end after it begins"},
      {TimeRange{now + std::chrono::hours(9), now + std::chrono::hours(10)}, "begins in the future"},
  };
  for (const Case& c : kCases) {
    InvestigateRequest request;
    request.window = c.window;
    const auto study = plan_aws_study({}, known_incident(request), world.access(), {});
    ASSERT_FALSE(study) << c.told;
    EXPECT_THAT(study.error().message, testing::HasSubstr(c.told));
  }
  InvestigateRequest request;
  request.window = TimeRange{now - std::chrono::minutes(10), now};
  const auto study = plan_aws_study({}, known_incident(request), world.access(), {});
  ASSERT_TRUE(study);
  EXPECT_EQ(study->incident.baseline.end, request.window->begin);
  EXPECT_EQ(study->incident.baseline.length(), std::chrono::hours(1));
}

}  // namespace
}  // namespace fa
