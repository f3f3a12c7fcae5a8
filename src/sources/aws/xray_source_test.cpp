#include "sources/aws/xray_source.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/json.h"
#include "formats/reader.h"
#include "sources/aws/metrics_test_rig.h"
#include "sources/file/discover.h"
#include "sources/file/file_reader.h"

namespace fa {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using test::FaultKind;
using test::kNow;
using test::kStudyBaseline;
using test::kStudyWindow;
using test::SourceRig;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string id_at(TimePoint t, int number) {
  return fmt::format("1-{:08x}-{:024x}", std::chrono::duration_cast<seconds>(t.time_since_epoch()).count(), number);
}

/// `count` traces spread over the range, every n-th of them failing (0: none).
void add_traces(SourceRig& rig, TimeRange range, int count, int every, int first) {
  for (int i = 0; i < count; ++i) {
    test::AwsWorld::Trace t;
    t.start = range.begin + range.length() * i / count;
    t.id = id_at(t.start, first + i);
    t.fault = every > 0 && i % every == 0;
    t.duration = t.fault ? 2.0 : 0.1 + 0.001 * (i % 9);
    const double begin = static_cast<double>(t.start.time_since_epoch() / std::chrono::milliseconds(1)) / 1000;
    t.segments = {
        fmt::format(R"({{"id":"{:016x}","name":"orders","start_time":{:.3f},"end_time":{:.3f},"trace_id":"{}"}})",
                    first + i, begin, begin + t.duration, t.id)};
    rig.stand_in.world().traces.push_back(std::move(t));
  }
}

std::string graph(int requests) {
  return fmt::format(
      R"([{{"ReferenceId":0,"Name":"orders","Root":true,"Type":"AWS::ECS::Container","Edges":[{{"ReferenceId":1}}],)"
      R"("SummaryStatistics":{{"TotalCount":{}}}}},{{"ReferenceId":1,"Name":"orders-table","Edges":[]}}])",
      requests);
}

auto source(XRaySettings settings = {}) {
  return [=](const AwsScope& scope) { return make_xray_source(scope, settings); };
}

struct ReadBack final : TelemetrySink {
  void on_spans(std::span<const SpanRecord> records) override {
    for (const SpanRecord& r : records) spans.emplace(r.trace_id);
  }
  void on_trace_summary(TraceSummary&& s) override {
    (kStudyWindow.contains(s.time) ? window : baseline)[s.trace_id] = s.fault;
  }
  void on_edge(TopologyEdge&& e) override { edges.insert(e.caller + ">" + e.callee); }
  void on_skipped(Skipped&& s) override { skipped.push_back(s.reason); }

  std::set<std::string> spans;
  std::map<std::string, bool> window;
  std::map<std::string, bool> baseline;
  std::set<std::string> edges;
  std::vector<std::string> skipped;
};

ReadBack read_back(const SourceRig& rig) {
  ReadBack all;
  const std::vector<std::string> arguments{rig.folder->path().string()};
  for (const InputFile& file : discover_inputs(arguments, {}, {}).files) {
    const FileOutcome outcome = read_input(file, {}, all, {});
    EXPECT_NE(outcome.format, Format::kUnknown) << file.name;
    EXPECT_THAT(outcome.gaps, IsEmpty());
  }
  return all;
}

std::size_t failing(const std::map<std::string, bool>& traces) {
  return static_cast<std::size_t>(std::count_if(traces.begin(), traces.end(), [](const auto& t) { return t.second; }));
}

TEST(XRaySource, stores_graph_summaries_and_traces_of_both_periods) {
  SourceRig rig;
  add_traces(rig, kStudyWindow, 120, 4, 0);
  add_traces(rig, kStudyBaseline, 180, 0, 1000);
  rig.stand_in.world().service_graph = graph(150);
  rig.stand_in.page_size = 1;  // two pages of the graph
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  const ReadBack got = read_back(rig);
  EXPECT_THAT(got.window, SizeIs(120));
  EXPECT_THAT(got.baseline, SizeIs(180));
  EXPECT_EQ(failing(got.window), 30U);
  EXPECT_THAT(got.spans, SizeIs(300));
  EXPECT_THAT(got.edges, testing::ElementsAre("orders>orders-table"));
  EXPECT_THAT(got.skipped, IsEmpty());
  EXPECT_THAT(rig.notes(),
              AllOf(HasSubstr("All 120 trace summaries of the window and 180 of the baseline were fetched."),
                    HasSubstr("all there are")));
  const auto stored = rig.stored();
  for (const char* name : {"graph-window-1.json", "graph-baseline-1.json", "summaries-window-1.json",
                           "summaries-baseline-1.json", "traces-window-01.json", "traces-baseline-04.json"}) {
    EXPECT_TRUE(stored.contains(std::string("xray-123456789012-ap-northeast-1/") + name)) << name;
  }
  for (const auto& file : rig.collection.files) {
    EXPECT_EQ(file.origin.source, "xray");
    if (file.name.find("summaries-window") != std::string::npos) {
      EXPECT_EQ(file.origin.reproduce,
                "aws xray get-trace-summaries --region ap-northeast-1 --start-time "
                "2026-03-14T08:30:00Z --end-time 2026-03-14T09:00:00Z");
    }
    if (file.name.find("traces-window-03") != std::string::npos) {
      EXPECT_THAT(file.origin.reproduce,
                  AllOf(HasSubstr("printf '%s\\n' 1-"),
                        HasSubstr("| xargs -n 5 aws xray batch-get-traces --region ap-northeast-1 "
                                  "--trace-ids")));
    }
  }
  for (const auto& request : rig.stand_in.requests()) {
    if (request.operation == "BatchGetTraces") {
      EXPECT_LE(parse_json(request.request.body)["TraceIds"].size(), 5U);
    }
  }
  if (const auto wrong = test::check_requests(rig.stand_in.requests())) {
    EXPECT_THAT(*wrong, IsEmpty());
  }
}

TEST(XRaySource, splits_long_studies_into_six_hours) {
  SourceRig rig;
  rig.scope.window = {kNow - hours(8), kNow};
  rig.scope.baseline = {kNow - hours(21), kNow - hours(8)};
  add_traces(rig, rig.scope.window, 50, 0, 0);
  add_traces(rig, rig.scope.baseline, 50, 0, 1000);
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_EQ(rig.stand_in.calls("xray", "GetServiceGraph"), 5U);
  EXPECT_EQ(rig.stand_in.calls("xray", "GetTraceSummaries"), 5U);
  EXPECT_THAT(read_back(rig).spans, SizeIs(100));
}

TEST(XRaySource, too_many_traces_are_sampled_alike_in_both_periods) {
  SourceRig rig;
  add_traces(rig, kStudyWindow, 3000, 5, 0);           // 20 % fail
  add_traces(rig, kStudyBaseline, 3000, 100, 10'000);  // 1 % fails
  rig.stand_in.world().service_graph = graph(3000);
  XRaySettings settings;
  settings.max_summaries = 2000;
  settings.max_traces = 100;
  rig.collect(source(settings));
  EXPECT_EQ(rig.gaps(), "");
  const ReadBack got = read_back(rig);
  EXPECT_LE(got.window.size() + got.baseline.size(), 2000U);
  // All that failed are there, and a sixth of the others of both periods.
  EXPECT_EQ(failing(got.window), 600U);
  EXPECT_EQ(failing(got.baseline), 30U);
  const auto rest_window = static_cast<double>(got.window.size() - 600);
  const auto rest_baseline = static_cast<double>(got.baseline.size() - 30);
  EXPECT_NEAR(rest_window / 2400, 0.16, 0.04);
  EXPECT_NEAR(rest_baseline / 2970, 0.16, 0.04);
  EXPECT_THAT(rig.notes(),
              AllOf(HasSubstr("A sample of 0.16 of all was fetched"),
                    HasSubstr("all those that failed or took longer than 0.109 s"), HasSubstr("spread over time")));
  std::set<std::string> filters;
  for (const auto& request : rig.stand_in.requests()) {
    if (request.operation != "GetTraceSummaries") continue;
    const Json body = parse_json(request.request.body);
    filters.insert(body.value("FilterExpression", "") + (body.contains("SamplingStrategy") ? "|sampled" : ""));
  }
  EXPECT_EQ(filters, (std::set<std::string>{
                         "|sampled", "fault = true OR error = true OR throttle = true OR responsetime > 0.109"}));
  EXPECT_EQ(rig.stand_in.calls("xray", "BatchGetTraces"), 20U);
}

TEST(XRaySource, a_graph_that_counts_too_few_is_found_out) {
  SourceRig rig;
  add_traces(rig, kStudyWindow, 1500, 5, 0);
  add_traces(rig, kStudyBaseline, 1500, 0, 10'000);
  rig.stand_in.world().service_graph = graph(10);
  XRaySettings settings;
  settings.max_summaries = 1000;
  settings.max_traces = 50;
  rig.collect(source(settings));
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_THAT(rig.notes(), HasSubstr("how many is not known"));
  const ReadBack got = read_back(rig);
  EXPECT_EQ(failing(got.window), 300U);
  for (const auto& [name, bytes] : rig.stored())
    EXPECT_EQ(name.find("summaries"), std::string::npos) << "dropped: " << name;
}

TEST(XRaySource, empty_is_said_as_empty_and_is_no_fault) {
  SourceRig rig;
  rig.collect(source());
  EXPECT_EQ(rig.gaps(), "");
  EXPECT_THAT(rig.notes(), AllOf(HasSubstr("no traces in window and baseline"), HasSubstr("Tracing may be off"),
                                 HasSubstr("another region")));
  EXPECT_THAT(rig.stored(), IsEmpty());
  EXPECT_EQ(rig.stand_in.calls("xray", "BatchGetTraces"), 0U);

  SourceRig stopped;
  add_traces(stopped, kStudyBaseline, 10, 0, 0);
  stopped.collect(source());
  EXPECT_EQ(stopped.gaps(), "");
  EXPECT_THAT(stopped.notes(), HasSubstr("10 traces in the baseline but none in the window"));
  EXPECT_THAT(read_back(stopped).spans, SizeIs(10));

  SourceRig fresh;
  add_traces(fresh, kStudyWindow, 10, 0, 0);
  fresh.collect(source());
  EXPECT_THAT(fresh.notes(), HasSubstr("in the window but none in the baseline"));
}

TEST(XRaySource, unprocessed_ids_are_asked_for_again_three_times) {
  for (const int refused : {1, 2, 99}) {
    SourceRig rig;
    add_traces(rig, kStudyWindow, 7, 1, 0);
    std::atomic<int> left{refused};
    const std::string poor = rig.stand_in.world().traces[3].id;
    rig.http.after = [&](const HttpRequest& request, HttpResponse& response) {
      if (request.url.find("/Traces") == std::string::npos || request.body.find(poor) == std::string::npos) return;
      if (left.fetch_sub(1) <= 0) return;
      Json answer = parse_json(response.body);
      auto& traces = answer["Traces"];
      for (auto it = traces.begin(); it != traces.end(); ++it) {
        if ((*it)["Id"] == poor) {
          traces.erase(it);
          break;
        }
      }
      answer["UnprocessedTraceIds"] = Json::array({poor});
      response.body = json_text(answer);
    };
    rig.collect(source());
    const ReadBack got = read_back(rig);
    const bool lost = refused > 2;
    EXPECT_THAT(got.spans, SizeIs(lost ? 6 : 7)) << refused;
    EXPECT_EQ(rig.gaps().find("did not process 1 of them, asked three times") != std::string::npos, lost) << rig.gaps();
    EXPECT_EQ(got.skipped.empty(), !lost) << refused;
    EXPECT_THAT(rig.sleeper.slept(), SizeIs(std::min(refused, 2)));
  }
}

TEST(XRaySource, whatever_fails_is_named_and_nothing_hangs) {
  struct Case {
    const char* operation;
    FaultKind kind;
    const char* told;
  };
  const Case cases[] = {
      {"GetServiceGraph", FaultKind::kDenied, "xray:GetServiceGraph"},
      {"GetServiceGraph", FaultKind::kEndlessPages, "GetServiceGraph"},
      {"GetServiceGraph", FaultKind::kSameToken, "same page token twice"},
      {"GetServiceGraph", FaultKind::kGarbage, ""},
      {"GetTraceSummaries", FaultKind::kDenied, "xray:GetTraceSummaries"},
      {"GetTraceSummaries", FaultKind::kThrottle, "Rate exceeded"},
      {"GetTraceSummaries", FaultKind::kServerError, ""},
      {"GetTraceSummaries", FaultKind::kTimeout, ""},
      {"GetTraceSummaries", FaultKind::kGarbage, ""},
      {"GetTraceSummaries", FaultKind::kCut, ""},
      {"GetTraceSummaries", FaultKind::kEndlessPages, "repeats its pages"},
      {"GetTraceSummaries", FaultKind::kSameToken, "same page token twice"},
      {"BatchGetTraces", FaultKind::kDenied, "xray:BatchGetTraces"},
      {"BatchGetTraces", FaultKind::kThrottle, "Rate exceeded"},
      {"BatchGetTraces", FaultKind::kServerError, ""},
      {"BatchGetTraces", FaultKind::kTimeout, ""},
      {"BatchGetTraces", FaultKind::kGarbage, ""},
      {"BatchGetTraces", FaultKind::kCut, ""},
      {"BatchGetTraces", FaultKind::kEmpty, "X-Ray did not deliver them"},
  };
  for (const Case& c : cases) {
    SourceRig rig;
    add_traces(rig, kStudyWindow, 12, 4, 0);
    add_traces(rig, kStudyBaseline, 12, 0, 1000);
    rig.stand_in.world().service_graph = graph(12);
    rig.stand_in.add_fault({.service = "xray", .operation = c.operation, .kind = c.kind});
    rig.collect(source());
    const std::string what =
        std::string(c.operation) + " " + std::to_string(static_cast<int>(c.kind)) + ": " + rig.gaps();
    EXPECT_THAT(rig.collection.gaps, Not(IsEmpty())) << what;
    EXPECT_THAT(rig.gaps(), HasSubstr(c.told)) << what;
    EXPECT_THAT(rig.notes(), Not(HasSubstr("no traces"))) << what << ": not seen is not empty";
    const ReadBack got = read_back(rig);
    const std::string operation = c.operation;
    if (operation != "GetTraceSummaries") {
      EXPECT_THAT(got.window, SizeIs(12)) << what;
    }
    if (operation == "GetServiceGraph") {
      EXPECT_THAT(got.spans, SizeIs(24)) << what;
    }
    EXPECT_LT(rig.stand_in.requests().size(), 3000U) << what;
  }
}

TEST(XRaySource, cost_limits_hold_before_a_call_is_made) {
  CostLimits limits;
  limits.max_usd = 1e-7;  // a fifth of a trace
  SourceRig rig(limits);
  add_traces(rig, kStudyWindow, 10, 0, 0);
  rig.collect(source());
  EXPECT_THAT(rig.gaps(), HasSubstr("aws.limits.max_usd"));
  EXPECT_EQ(rig.stand_in.calls("xray", "GetTraceSummaries"), 0U);

  limits.max_usd = 12 * 5e-7;  // the summaries of ten traces, not the traces
  SourceRig summaries(limits);
  add_traces(summaries, kStudyWindow, 10, 0, 0);
  summaries.stand_in.world().service_graph = graph(5);
  summaries.collect(source());
  EXPECT_THAT(summaries.gaps(), HasSubstr("known by their summaries only"));
  EXPECT_EQ(summaries.stand_in.calls("xray", "BatchGetTraces"), 0U);
  EXPECT_THAT(read_back(summaries).window, SizeIs(10));
}

TEST(XRaySource, estimates_by_the_service_graph) {
  SourceRig rig;
  rig.stand_in.world().service_graph = graph(4000);
  const auto estimate = make_xray_source(rig.scope, {})->estimate({});
  ASSERT_TRUE(estimate) << estimate.error().message;
  EXPECT_EQ(estimate->units.at(CostItem::kXRayTraces), 8500) << "two periods and 500 whole traces";
  EXPECT_NEAR(estimate->usd, 8500 * 5e-7, 1e-9);
  EXPECT_EQ(rig.stand_in.calls("xray", "GetTraceSummaries"), 0U);
  rig.stand_in.add_fault({.service = "xray", .operation = "GetServiceGraph", .kind = FaultKind::kDenied});
  EXPECT_FALSE(make_xray_source(rig.scope, {})->estimate({}));
}

TEST(XRaySource, traces_older_than_thirty_days_are_a_gap) {
  SourceRig rig;
  rig.scope.window = {kNow - days(40), kNow - days(40) + hours(1)};
  rig.scope.baseline = {rig.scope.window.begin - hours(1), rig.scope.window.begin};
  rig.collect(source());
  EXPECT_THAT(rig.gaps(), HasSubstr("30 days"));
  EXPECT_THAT(rig.stand_in.requests(), IsEmpty());
}

TEST(XRaySource, the_users_filter_is_joined_to_ours) {
  SourceRig rig;
  add_traces(rig, kStudyWindow, 400, 4, 0);
  add_traces(rig, kStudyBaseline, 400, 0, 1000);
  for (std::size_t i = 0; i < rig.stand_in.world().traces.size(); i += 2) {
    rig.stand_in.world().traces[i].summary = R"({"ServiceIds":[{"Name":"orders"}]})";
  }
  XRaySettings settings;
  settings.filter = "orders";
  rig.collect(source(settings));
  EXPECT_THAT(read_back(rig).window, SizeIs(200));
  settings.max_summaries = 300;
  rig.collect(source(settings));
  bool joined = false;
  for (const auto& file : rig.collection.files) {
    joined = joined || file.origin.query.starts_with("(service(\"orders\")) AND (fault = true OR");
  }
  EXPECT_TRUE(joined);
}

TEST(XRaySource, the_same_account_gives_the_same_bytes) {
  std::map<std::string, std::string> first;
  for (int round = 0; round < 3; ++round) {
    SourceRig rig;
    add_traces(rig, kStudyWindow, 700, 7, 0);
    add_traces(rig, kStudyBaseline, 700, 70, 1000);
    rig.stand_in.world().service_graph = graph(700);
    XRaySettings settings;
    settings.max_summaries = 900;
    settings.max_traces = 200;
    rig.collect(source(settings));
    if (round == 0) first = rig.stored();
    EXPECT_GE(first.size(), 8U);
    EXPECT_TRUE(rig.stored() == first) << "round " << round;
  }
}

TEST(XRaySource, ends_when_it_is_stopped) {
  SourceRig rig;
  add_traces(rig, kStudyWindow, 3, 0, 0);
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
