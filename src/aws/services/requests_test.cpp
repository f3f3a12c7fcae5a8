/// Every request of every typed operation, held against the published service models by
/// ../shared/tools/check_request.py (all of them in one process), and what the models do not say: units of time,
/// limits, who goes to which host.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "aws/services/cloudtrail.h"
#include "aws/services/cloudwatch.h"
#include "aws/services/logs.h"
#include "aws/services/s3.h"
#include "aws/services/xray.h"
#include "aws/uri.h"
#include "base/json.h"
#include "support/aws/client_world.h"
#include "support/aws/every_operation.h"

namespace fa::aws {
namespace {

namespace fs = std::filesystem;
using test::ClientWorld;
using testing::ElementsAre;

test::ScriptedHttp::Script nothing() {
  return [](const HttpRequest&) -> Result<HttpResponse> { return test::answer(200, "{}"); };
}

/// The request an operation makes (whether it likes the empty answer does not matter here).
HttpRequest request_of(const std::function<void(Client&)>& call, const std::string& region = "ap-northeast-1") {
  ClientWorld world(nothing(), ClientWorld::region(region), {test::key_pair("ASIATESTS", "session-token")});
  call(world.client);
  const auto sent = world.http.requests();
  EXPECT_EQ(sent.size(), 1U);
  return sent.empty() ? HttpRequest{} : sent.front();
}

Json body_of(const std::function<void(Client&)>& call) { return parse_json(request_of(call).body); }

/// What a program prints, and its exit status.
std::pair<int, std::string> output_of(const std::string& command) {
  std::pair<int, std::string> result{-1, ""};
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  char piece[4096];
  while (const std::size_t got = std::fread(piece, 1, sizeof piece, pipe)) result.second.append(piece, got);
  const int status = ::pclose(pipe);
  result.first = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  return result;
}

constexpr const char* kChecker = R"py(
import json, sys
try:
    sys.path.insert(0, sys.argv[1])
    from check_request import check
except ImportError as e:
    print(e); sys.exit(77)
bad = 0
for line in open(sys.argv[2]):
    r = json.loads(line)
    for text in check(r['service'], r['operation'], r['request']).get('errors', []):
        print(r['service'], r['operation'], '(' + r['about'] + '):', text); bad = 1
sys.exit(bad)
)py";

TEST(ServiceRequests, are_what_the_published_models_describe) {
  const fs::path tools = FA_PROJECT_DIR "/../shared/tools";
  const fs::path python = "/usr/bin/python3";
  if (!fs::exists(tools / "check_request.py")) GTEST_SKIP() << "no request checker at " << tools;
  if (!fs::exists(python)) GTEST_SKIP() << "no " << python;

  const fs::path folder = fs::path(testing::TempDir()) / ("fa2-requests-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::size_t written = 0;
  {
    std::ofstream out(folder / "requests.jsonl");
    for (const test::OperationCall& call : test::every_operation()) {
      const HttpRequest request = request_of([&](Client& client) { static_cast<void>(call.call(client)); });
      if (!call.modelled) continue;
      const auto url = parse_url(request.url);
      ASSERT_TRUE(url) << request.url;
      Json headers = Json::object();
      for (const auto& [name, value] : request.headers) headers[name] = value;
      const std::string path = url->query.empty() ? url->path : url->path + "?" + url->query;
      out << Json{{"service", call.service},
                  {"operation", call.operation},
                  {"about", call.about},
                  {"request",
                   {{"method", request.method}, {"path", path}, {"headers", headers}, {"body", request.body}}}}
                 .dump()
          << '\n';
      ++written;
    }
    std::ofstream(folder / "check.py") << kChecker;
  }
  const auto [status, said] = output_of(python.string() + " " + (folder / "check.py").string() + " " + tools.string() +
                                        " " + (folder / "requests.jsonl").string() + " 2>&1");
  fs::remove_all(folder);
  if (status == 77) GTEST_SKIP() << "python3-botocore is missing: " << said;
  EXPECT_EQ(status, 0) << said;
  EXPECT_EQ(said, "");
  EXPECT_GE(written, 30U);
}

TEST(ServiceRequests, cover_every_operation_of_the_services_folder) {
  std::set<std::string> names;
  for (const test::OperationCall& call : test::every_operation()) names.insert(call.service + ":" + call.operation);
  EXPECT_EQ(names.size(), 29U);
}

TEST(ServiceRequests, give_times_in_the_unit_of_each_operation) {
  const TimeRange range{*parse_rfc3339("2023-11-14T22:13:20.250Z"), *parse_rfc3339("2023-11-14T22:14:20.750Z")};
  const auto times = [](const Json& body, const char* begin, const char* end) {
    return std::vector<std::int64_t>{body.at(begin).get<std::int64_t>(), body.at(end).get<std::int64_t>()};
  };
  const auto filter =
      body_of([&](Client& c) { static_cast<void>(logs::filter_log_events(c, {.group = "g", .range = range}, {})); });
  EXPECT_THAT(times(filter, "startTime", "endTime"), ElementsAre(1700000000250, 1700000060749))
      << "inclusive milliseconds";
  const auto query = body_of(
      [&](Client& c) { static_cast<void>(logs::start_query(c, {.groups = {"g"}, .range = range, .query = "q"}, {})); });
  EXPECT_THAT(times(query, "startTime", "endTime"), ElementsAre(1700000000, 1700000060)) << "inclusive seconds";
  const auto data =
      body_of([&](Client& c) { static_cast<void>(cloudwatch::get_metric_data(c, {.range = range}, {})); });
  EXPECT_THAT(times(data, "StartTime", "EndTime"), ElementsAre(1700000000, 1700000061));
  EXPECT_EQ(data.at("ScanBy"), "TimestampAscending");
  const auto traces =
      body_of([&](Client& c) { static_cast<void>(xray::get_trace_summaries(c, {.range = range}, {})); });
  EXPECT_THAT(times(traces, "StartTime", "EndTime"), ElementsAre(1700000000, 1700000061));
  const auto trail = body_of([&](Client& c) { static_cast<void>(cloudtrail::lookup_events(c, "", range, "", {})); });
  EXPECT_THAT(times(trail, "StartTime", "EndTime"), ElementsAre(1700000000, 1700000060));

  const TimeRange minute{*parse_rfc3339("2023-11-14T22:13:00Z"), *parse_rfc3339("2023-11-14T22:14:00Z")};
  const auto whole =
      body_of([&](Client& c) { static_cast<void>(logs::filter_log_events(c, {.group = "g", .range = minute}, {})); });
  EXPECT_THAT(times(whole, "startTime", "endTime"), ElementsAre(1699999980000, 1700000039999));
  const auto none = body_of([&](Client& c) { static_cast<void>(logs::filter_log_events(c, {.group = "g"}, {})); });
  EXPECT_THAT(times(none, "startTime", "endTime"), ElementsAre(0, 0)) << "no time before 1970";
}

TEST(ServiceRequests, name_log_groups_by_name_or_by_arn) {
  const std::string arn = "arn:aws:logs:eu-west-1:1:log-group:/a";
  const auto by_name = body_of([&](Client& c) { static_cast<void>(logs::filter_log_events(c, {.group = "/a"}, {})); });
  EXPECT_EQ(by_name.at("logGroupName"), "/a");
  EXPECT_FALSE(by_name.contains("logGroupIdentifier"));
  const auto by_arn =
      body_of([&](Client& c) { static_cast<void>(logs::filter_log_events(c, {.group = arn + ":*"}, {})); });
  EXPECT_EQ(by_arn.at("logGroupIdentifier"), arn);
  EXPECT_FALSE(by_arn.contains("logGroupName"));
  const auto mixed = body_of([&](Client& c) {
    static_cast<void>(logs::start_query(c, {.groups = {"/b", arn + ":*"}, .query = "q"}, {}));
  });
  EXPECT_EQ(mixed.at("logGroupIdentifiers"), (Json{"/b", arn}));
  EXPECT_FALSE(mixed.contains("logGroupNames"));
}

TEST(ServiceRequests, beyond_a_limit_of_the_api_are_not_sent) {
  ClientWorld world(nothing());
  const auto groups = logs::start_query(world.client, {.groups = std::vector<std::string>(51, "g"), .query = "q"}, {});
  const auto metrics =
      cloudwatch::get_metric_data(world.client, {.queries = std::vector<cloudwatch::DataQuery>(501)}, {});
  const auto traces = xray::batch_get_traces(world.client, std::vector<std::string>(6, "t"), "", {});
  const auto no_traces = xray::batch_get_traces(world.client, {}, "", {});
  ASSERT_FALSE(groups);
  ASSERT_FALSE(metrics);
  ASSERT_FALSE(traces);
  ASSERT_FALSE(no_traces);
  for (const Error* error : {&groups.error(), &metrics.error(), &traces.error(), &no_traces.error()}) {
    EXPECT_EQ(error->code, ErrorCode::kInvalidInput) << error->message;
  }
  EXPECT_THAT(world.http.requests(), testing::IsEmpty());
}

TEST(ServiceRequests, for_more_alarms_than_a_call_takes_are_several) {
  ClientWorld world(nothing());
  ASSERT_TRUE(cloudwatch::describe_alarms(world.client, "", std::vector<std::string>(250, "a"), {}));
  const auto sent = world.http.requests();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(parse_json(sent[2].body).at("AlarmNames").size(), 50U);
}

TEST(ServiceRequests, store_metric_queries_as_they_were_asked) {
  const std::vector<cloudwatch::DataQuery> queries = {
      {.id = "m0", .metric = {"AWS/ECS", "CPU", {{"ServiceName", "orders"}}}, .statistic = "Average", .label = "cpu"}};
  const auto sent =
      body_of([&](Client& c) { static_cast<void>(cloudwatch::get_metric_data(c, {.queries = queries}, {})); });
  EXPECT_EQ(parse_json(cloudwatch::queries_json(queries)), sent.at("MetricDataQueries"));
}

}  // namespace
}  // namespace fa::aws
