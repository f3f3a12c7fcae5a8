/// The AWS stand-in itself: its answers have the shapes of the published models, its pages and limits are those of the
/// services, it refuses what they refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "base/hash.h"
#include "base/json.h"
#include "support/aws/insights.h"
#include "support/aws/json_fields.h"
#include "support/aws/log_pointer.h"
#include "support/aws/python_check.h"
#include "support/aws/reference_incident.h"
#include "support/aws/signature.h"
#include "support/aws/stand_in.h"
#include "support/aws/trace_filter.h"

namespace fa::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

TimePoint at(const char* text) { return parse_rfc3339(text).value(); }

const TimePoint kNow = at("2026-03-14T09:00:00Z");

AwsWorld small_world() {
  AwsWorld world;
  world.now = [] { return kNow; };
  world.secrets["fa2/slack"] = "s3cret";
  for (int g = 0; g < 5; ++g) {
    auto& group = world.log_groups["/ecs/service-" + std::to_string(g)];
    group.tags = {{"team", g % 2 == 0 ? "shop" : "search"}};
    for (int i = 0; i < 250; ++i) {
      group.events.push_back({kNow - minutes(60) + seconds(i), "stream-" + std::to_string(i % 3),
                              (i % 50 == 0 ? "ERROR cannot reach \"orders\" " : "INFO served ") + std::to_string(i)});
    }
  }
  world.log_groups["/ecs/rare"].log_class = "INFREQUENT_ACCESS";
  auto& bucket = world.buckets["access-logs"];
  for (int i = 0; i < 8; ++i)
    bucket.objects["AWSLogs/" + std::to_string(i / 4) + "/file " + std::to_string(i) + "+é.gz"] = std::string(100, 'x');
  bucket.objects["top"] = "0123456789";
  world.buckets["far"].region = "eu-west-1";
  world.buckets["paid"].requester_pays = true;
  world.buckets["paid"].objects["k"] = "v";
  world.buckets["sealed"].kms_denied = true;
  world.buckets["sealed"].objects["k"] = "v";
  for (int m = 0; m < 4; ++m) {
    AwsWorld::Metric metric;
    metric.metric_namespace = m < 3 ? "AWS/ApplicationELB" : "AWS/ECS";
    metric.name = "Metric" + std::to_string(m);
    metric.dimensions = {{"LoadBalancer", "app/shop/1"}, {"Zone", std::to_string(m)}};
    metric.recently_active = m != 1;
    for (int i = 0; i < 60; ++i) {
      metric.points["Sum"].emplace_back(kNow - minutes(60) + minutes(i), i);
      metric.points["Average"].emplace_back(kNow - minutes(60) + minutes(i), i);
    }
    world.metrics.push_back(metric);
  }
  world.metrics.back().status_code = "Forbidden";
  for (int a = 0; a < 5; ++a) {
    AwsWorld::Alarm alarm;
    alarm.name = "alarm-" + std::to_string(a);
    alarm.metric_namespace = "AWS/ApplicationELB";
    alarm.metric_name = "Metric0";
    alarm.dimensions = {{"LoadBalancer", "app/shop/1"}, {"Zone", "0"}};
    alarm.state_reason = "Threshold Crossed";
    alarm.state_reason_data = R"({"version":"1.0"})";
    alarm.state_updated = kNow - minutes(5);
    alarm.history = {{kNow - minutes(50), "ALARM", "OK", R"({"version":"1.0"})"},
                     {kNow - minutes(5), "OK", "ALARM", R"({"version":"1.0"})"}};
    if (a == 4) alarm.rule = "ALARM(alarm-0)";
    world.alarms.push_back(alarm);
  }
  for (int t = 0; t < 9; ++t) {
    AwsWorld::Trace trace;
    trace.id = "1-69b52000-00000000000000000000000" + std::to_string(t);
    trace.start = kNow - minutes(10) + seconds(t);
    trace.duration = t;
    trace.fault = t % 3 == 0;
    trace.segments = {R"({"id":"00000000000000a1","name":"orders","start_time":1.5,"end_time":2.5})"};
    world.traces.push_back(trace);
  }
  world.service_graph = R"([{"ReferenceId":0,"Name":"a","Edges":[]},{"ReferenceId":1,"Name":"b","Edges":[]},
                            {"ReferenceId":2,"Name":"c","Edges":[]},{"ReferenceId":3,"Name":"d","Edges":[]}])";
  world.athena = [](const std::string& sql, const std::vector<std::string>& parameters) {
    AwsWorld::AthenaAnswer answer;
    answer.columns = {"path", "n"};
    for (int i = 0; i < 150; ++i) answer.rows.push_back({"/p" + std::to_string(i), std::nullopt});
    answer.rows[0][1] = parameters.empty() ? "none" : parameters[0];
    answer.bytes_scanned = 1000;
    if (sql.find("broken") != std::string::npos) answer.failure = "SYNTAX_ERROR: line 1:1";
    return answer;
  };
  world.workgroups["big"] = {"ENABLED", "s3://results/", 10'000'000, true};
  world.workgroups["tiny"] = {"ENABLED", "s3://results/", 500, true};
  world.athena_tables["logs.alb"] = {{{"path", "string"}}, {{"day", "string"}}, {{"projection.enabled", "true"}}};
  for (int e = 0; e < 70; ++e) {
    world.management_events.push_back(
        Json{{"eventTime", format_rfc3339(kNow - minutes(e))},
             {"eventID", "id-" + std::to_string(e)},
             {"eventName", e % 2 == 0 ? "UpdateService" : "DescribeServices"},
             {"eventSource", "ecs.amazonaws.com"},
             {"awsRegion", e == 0 ? "us-east-1" : "ap-northeast-1"},
             {"readOnly", e % 2 != 0},
             {"userIdentity", {{"userName", "maki"}, {"accessKeyId", "AKIAMAKIMAKIMAKIMAKI"}}},
             {"resources", Json::array({Json{{"ARN", "arn:aws:ecs:x:1:service/a"}, {"type", "AWS::ECS::Service"}}})}}
            .dump());
  }
  AwsWorld other;
  other.account = "210987654321";
  other.now = world.now;
  other.external_id = "shared-words";
  other.linked = true;
  other.log_groups["/ecs/other"].events.push_back({kNow - minutes(1), "s", "hello"});
  AwsWorld::Metric metric = world.metrics[0];
  metric.name = "OtherMetric";
  other.metrics.push_back(metric);
  world.other_accounts.push_back(other);
  return world;
}

/// A client as small as can be: signs and sends one call.
class Caller {
 public:
  explicit Caller(AwsStandIn& stand_in) : stand_in_(stand_in) {}

  TestSigner signer{"AKIASTANDIN", "stand-in-secret", "", "ap-northeast-1", "", kNow};

  HttpResponse json(const std::string& service, const std::string& operation, const Json& body) {
    static const std::map<std::string, std::pair<std::string, std::string>> kTargets = {
        {"logs", {"logs", "Logs_20140328"}},
        {"cloudwatch", {"monitoring", "GraniteServiceVersion20100801"}},
        {"athena", {"athena", "AmazonAthena"}},
        {"cloudtrail", {"cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"}},
        {"secretsmanager", {"secretsmanager", "secretsmanager"}}};
    const auto& [signing, prefix] = kTargets.at(service);
    HttpRequest request;
    request.method = "POST";
    request.url = "https://" + signing + "." + signer.region + ".amazonaws.com/";
    request.headers = {
        {"Content-Type", service == "cloudwatch" ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1"},
        {"X-Amz-Target", prefix + "." + operation}};
    request.body = json_text(body);
    return keep(service, operation, send(signing, request));
  }
  HttpResponse xray(const std::string& operation, const std::string& path, const Json& body) {
    HttpRequest request;
    request.method = "POST";
    request.url = "https://xray." + signer.region + ".amazonaws.com" + path;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = json_text(body);
    return keep("xray", operation, send("xray", request));
  }
  HttpResponse sts(const std::string& operation, const std::string& form) {
    HttpRequest request;
    request.method = "POST";
    request.url = "https://sts." + signer.region + ".amazonaws.com/";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
    request.body = "Action=" + operation + "&Version=2011-06-15" + form;
    return keep("sts", operation, send("sts", request));
  }
  HttpResponse s3(const std::string& operation, const std::string& bucket, const std::string& path_and_query,
                  HttpHeaders headers = {}) {
    HttpRequest request;
    request.method = operation.starts_with("Head") ? "HEAD" : "GET";
    request.url = "https://" + bucket + ".s3." + signer.region + ".amazonaws.com" + path_and_query;
    request.headers = std::move(headers);
    return keep("s3", operation, send("s3", request));
  }
  HttpResponse send(const std::string& signing, HttpRequest request) {
    TestSigner own = signer;
    own.service = signing;
    own.sign(request);
    return stand_in_.answer(request).response;
  }

  std::vector<GivenAnswer> answers;  ///< Good ones, to be checked against the models.

 private:
  HttpResponse keep(const std::string& service, const std::string& operation, HttpResponse response) {
    if (response.status / 100 == 2) answers.push_back({service, operation, response});
    return response;
  }
  AwsStandIn& stand_in_;
};

Json body_of(const HttpResponse& response) { return parse_json(response.body); }

/// All elements of a list over all pages, at most 100.
std::vector<Json> all_pages(Caller& caller, const std::string& service, const std::string& operation, Json request,
                            const char* list, const char* token, int& pages) {
  std::vector<Json> out;
  for (pages = 0; pages < 100; ++pages) {
    const HttpResponse response = caller.json(service, operation, request);
    EXPECT_EQ(response.status, 200) << response.body;
    const Json body = body_of(response);
    if (const Json* items = member(body, list)) out.insert(out.end(), items->begin(), items->end());
    const auto next = text_member(body, token);
    if (!next) break;
    request[token] = *next;
  }
  ++pages;
  return out;
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

HttpRequest request_of_vector(const std::string& text) {
  HttpRequest request;
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  request.method = line.substr(0, first);
  request.url = line.substr(first + 1, last - first - 1);
  while (std::getline(in, line) && !line.empty()) {
    if (line[0] == ' ' || line[0] == '\t') {
      request.headers.back().second += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  std::getline(in, request.body, '\0');
  return request;
}

TEST(AwsStandInSignature, verifies_the_published_vectors_and_nothing_near_them) {
  const std::filesystem::path root = FA_PROJECT_DIR "/../shared/aws/sigv4/v4";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << root << " is missing: the published vectors are not tried";
  int tried = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const Json context = parse_json(file_text(entry.path() / "context.json"));
    const std::string secret = context["credentials"]["secret_access_key"].get<std::string>();
    for (const char* way : {"header", "query"}) {
      const std::string file = std::string(way) + "-signed-request.txt";
      const HttpRequest request = request_of_vector(file_text(entry.path() / file));
      const wire::Call call = wire::take_apart(request);
      const Claim claim = claimed_signature(call);
      ASSERT_TRUE(claim.has_value() && claim->has_value()) << entry.path() << " " << file;
      SignatureRules rules;
      rules.normalize_path = flag_member(context, "normalize");
      rules.omit_session_token = flag_member(context, "omit_session_token");
      EXPECT_EQ(computed_signature(call, **claim, rules, secret), (*claim)->signature)
          << entry.path() << "\n"
          << canonical_request(call, **claim, rules);
      EXPECT_NE(computed_signature(call, **claim, rules, secret + "x"), (*claim)->signature);
      HttpRequest other = request;
      other.body += "x";
      EXPECT_NE(computed_signature(wire::take_apart(other), **claim, rules, secret), (*claim)->signature);
      ++tried;
    }
  }
  EXPECT_EQ(tried, 76);
}

TEST(AwsStandIn, refuses_wrong_signatures_as_each_service_does) {
  struct Case {
    const char* name;
    void (*spoil)(TestSigner&);
    const char* json_code;
    const char* s3_code;
    const char* sts_code;
  };
  const Case kCases[] = {
      {"wrong secret", [](TestSigner& s) { s.secret = "other"; }, "InvalidSignatureException", "SignatureDoesNotMatch",
       "SignatureDoesNotMatch"},
      {"unknown key", [](TestSigner& s) { s.access_key_id = "AKIAOTHER"; }, "UnrecognizedClientException",
       "InvalidAccessKeyId", "InvalidClientTokenId"},
      {"missing token", [](TestSigner& s) { s.token.clear(); }, "UnrecognizedClientException", "InvalidAccessKeyId",
       "InvalidClientTokenId"},
      {"wrong token", [](TestSigner& s) { s.token = "other"; }, "UnrecognizedClientException", "InvalidToken",
       "InvalidClientTokenId"},
      {"clock slow", [](TestSigner& s) { s.time -= minutes(6); }, "InvalidSignatureException", "RequestTimeTooSkewed",
       "SignatureDoesNotMatch"},
      {"clock fast", [](TestSigner& s) { s.time += minutes(6); }, "InvalidSignatureException", "RequestTimeTooSkewed",
       "SignatureDoesNotMatch"},
  };
  AwsWorld world = small_world();
  world.session_token = "the-token";
  AwsStandIn stand_in(world);
  for (const Case& c : kCases) {
    Caller caller(stand_in);
    caller.signer.token = "the-token";
    c.spoil(caller.signer);
    const HttpResponse logs = caller.json("logs", "DescribeLogGroups", Json::object());
    EXPECT_EQ(logs.status, 400) << c.name;
    EXPECT_EQ(text_or_empty(body_of(logs), "__type"), c.json_code) << c.name << logs.body;
    const HttpResponse metrics = caller.json("cloudwatch", "ListMetrics", Json::object());
    EXPECT_THAT(metrics.body, HasSubstr("#" + std::string(c.json_code))) << c.name;
    const HttpResponse xray = caller.xray("GetServiceGraph", "/ServiceGraph", Json::object());
    EXPECT_EQ(xray.status, 403) << c.name;
    const HttpResponse s3 = caller.s3("GetObject", "access-logs", "/top");
    EXPECT_THAT(s3.body, HasSubstr("<Code>" + std::string(c.s3_code) + "</Code>")) << c.name;
    const HttpResponse sts = caller.sts("GetCallerIdentity", "");
    EXPECT_EQ(sts.status, 403) << c.name;
    EXPECT_THAT(sts.body, HasSubstr("<Code>" + std::string(c.sts_code) + "</Code>")) << c.name;
    EXPECT_THAT(sts.headers, testing::Contains(testing::Pair("Date", "Sat, 14 Mar 2026 09:00:00 GMT")));
  }
  Caller good(stand_in);
  good.signer.token = "the-token";
  EXPECT_EQ(good.json("logs", "DescribeLogGroups", Json::object()).status, 200);
  good.signer.time += minutes(4);
  EXPECT_EQ(good.json("logs", "DescribeLogGroups", Json::object()).status, 200) << "five minutes off are allowed";
}

TEST(AwsStandIn, says_how_far_off_the_clock_is) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  caller.signer.time -= minutes(20);
  EXPECT_THAT(
      caller.json("logs", "DescribeLogGroups", Json::object()).body,
      HasSubstr(
          "Signature expired: 20260314T084000Z is now earlier than 20260314T085500Z (20260314T090000Z - 5 min.)"));
  EXPECT_THAT(caller.s3("GetObject", "access-logs", "/top").body,
              HasSubstr("<RequestTime>20260314T084000Z</RequestTime><ServerTime>2026-03-14T09:00:00Z</ServerTime>"));
}

TEST(AwsStandIn, refuses_requests_that_are_signed_for_something_else) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  HttpRequest request;
  request.method = "POST";
  request.url = "https://logs.ap-northeast-1.amazonaws.com/";
  request.headers = {{"X-Amz-Target", "Logs_20140328.DescribeLogGroups"}};
  request.body = "{}";
  EXPECT_THAT(caller.send("monitoring", request).body, HasSubstr("correct service: 'logs'"));
  EXPECT_EQ(stand_in.answer(request).response.status, 400) << "not signed at all";
  caller.signer.region = "us-east-1";
  EXPECT_THAT(caller.send("logs", request).body, HasSubstr("valid region"));
  caller.signer.region = "ap-northeast-1";
  TestSigner signer = caller.signer;
  signer.service = "logs";
  HttpRequest tampered = request;
  signer.sign(tampered);
  tampered.body = R"({"limit":1})";
  EXPECT_THAT(stand_in.answer(tampered).response.body, HasSubstr("InvalidSignatureException"));
  HttpRequest added = request;
  signer.sign(added);
  added.headers.emplace_back("x-amz-extra", "1");
  EXPECT_THAT(stand_in.answer(added).response.body, HasSubstr("must be a 'SignedHeader'"));
}

TEST(AwsStandIn, tells_expired_credentials) {
  AwsWorld world = small_world();
  world.session_token = "t";
  world.token_expiry = kNow;
  AwsStandIn stand_in(world);
  Caller caller(stand_in);
  caller.signer.token = "t";
  EXPECT_THAT(caller.json("logs", "DescribeLogGroups", Json::object()).body, HasSubstr("ExpiredTokenException"));
  EXPECT_THAT(caller.s3("GetObject", "access-logs", "/top").body, HasSubstr("<Code>ExpiredToken</Code>"));
  EXPECT_THAT(caller.sts("GetCallerIdentity", "").body, HasSubstr("<Code>ExpiredToken</Code>"));
}

TEST(AwsStandIn, lists_log_groups_by_prefix_pattern_and_account) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  int pages = 0;
  EXPECT_EQ(all_pages(caller, "logs", "DescribeLogGroups", Json::object(), "logGroups", "nextToken", pages).size(), 6U);
  EXPECT_EQ(pages, 2);
  const auto count = [&](const Json& request) {
    return all_pages(caller, "logs", "DescribeLogGroups", request, "logGroups", "nextToken", pages).size();
  };
  EXPECT_EQ(count({{"logGroupNamePrefix", "/ecs/service-"}}), 5U);
  EXPECT_EQ(count({{"logGroupNamePattern", "ice-3"}}), 1U);
  EXPECT_EQ(count({{"includeLinkedAccounts", true}}), 7U);
  EXPECT_EQ(
      caller.json("logs", "DescribeLogGroups", {{"logGroupNamePrefix", "/a"}, {"logGroupNamePattern", "b"}}).status,
      400);
  EXPECT_EQ(caller.json("logs", "DescribeLogGroups", {{"limit", 51}}).status, 400);
  EXPECT_EQ(caller.json("logs", "DescribeLogGroups", {{"nextToken", "made-up"}}).status, 400);
  const Json tags =
      body_of(caller.json("logs", "ListTagsForResource",
                          {{"resourceArn", "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/service-0"}}));
  EXPECT_EQ(text_or_empty(tags["tags"], "team"), "shop");
}

TEST(AwsStandIn, filters_log_events_in_pages) {
  AwsStandIn stand_in(small_world());
  stand_in.filter_scan_size = 30;
  Caller caller(stand_in);
  int pages = 0;
  const Json request = {{"logGroupName", "/ecs/service-0"}};
  const auto events = all_pages(caller, "logs", "FilterLogEvents", request, "events", "nextToken", pages);
  EXPECT_EQ(events.size(), 250U);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(text_or_empty(events[1], "logStreamName"), "stream-1");

  const auto matched = all_pages(caller, "logs", "FilterLogEvents",
                                 {{"logGroupName", "/ecs/service-0"}, {"filterPattern", "ERROR \"\\\"orders\\\"\""}},
                                 "events", "nextToken", pages);
  EXPECT_EQ(matched.size(), 5U);
  EXPECT_EQ(pages, 9) << "pages without a match are pages too";

  const std::int64_t from = wire::to_millis(kNow - minutes(60));
  const auto few =
      all_pages(caller, "logs", "FilterLogEvents",
                {{"logGroupName", "/ecs/service-0"}, {"startTime", from + 10'000}, {"endTime", from + 12'000}},
                "events", "nextToken", pages);
  EXPECT_EQ(few.size(), 3U) << "both ends count";
  const auto linked =
      caller.json("logs", "FilterLogEvents",
                  {{"logGroupIdentifier", "arn:aws:logs:ap-northeast-1:210987654321:log-group:/ecs/other"}});
  EXPECT_THAT(linked.body, HasSubstr("hello"));
  EXPECT_THAT(caller.json("logs", "FilterLogEvents", {{"logGroupName", "/ecs/none"}}).body,
              HasSubstr("ResourceNotFoundException"));
  EXPECT_EQ(caller.json("logs", "FilterLogEvents", {{"logGroupName", "/ecs/rare"}}).status, 400);
  EXPECT_EQ(caller.json("logs", "FilterLogEvents", {{"logGroupName", "/ecs/service-0"}, {"limit", 10001}}).status, 400);
}

TEST(AwsStandIn, matches_filter_patterns) {
  struct Case {
    const char* pattern;
    const char* message;
    bool matches;
  };
  const Case kCases[] = {
      {"", "anything", true},
      {"ERROR", "an ERROR here", true},
      {"ERROR", "an error here", false},
      {"ERROR here", "here is an ERROR", true},
      {"\"ERROR here\"", "here is an ERROR", false},
      {"?WARN ?ERROR", "an ERROR", true},
      {"?WARN ?ERROR", "INFO", false},
      {"ERROR -timeout", "ERROR timeout", false},
      {"ERROR -\"timed out\"", "ERROR refused", true},
  };
  AwsWorld world = small_world();
  auto& group = world.log_groups["/one"];
  group.events.resize(1);
  group.events[0].time = kNow;
  AwsStandIn stand_in(world);
  Caller caller(stand_in);
  for (const Case& c : kCases) {
    stand_in.world().log_groups["/one"].events[0].message = c.message;
    const Json said =
        body_of(caller.json("logs", "FilterLogEvents", {{"logGroupName", "/one"}, {"filterPattern", c.pattern}}));
    EXPECT_EQ(said["events"].size(), c.matches ? 1U : 0U) << c.pattern << " on " << c.message;
  }
  for (const char* bad : {"{ $.a = 1 }", "%a.c%", "\"open", "a/b"}) {
    EXPECT_EQ(caller.json("logs", "FilterLogEvents", {{"logGroupName", "/one"}, {"filterPattern", bad}}).status, 400)
        << bad;
  }
}

TEST(AwsStandIn, runs_insights_queries_through_all_their_states) {
  AwsStandIn stand_in(small_world());
  stand_in.concurrent_queries = 2;
  stand_in.insights = [](const std::string& query, TimeRange range, std::size_t limit) {
    InsightsAnswer answer;
    if (query.find("nonsense") != std::string::npos)
      answer.error = "unexpected symbol found n at line 1 and position 0";
    for (std::size_t i = 0; i < std::min<std::size_t>(limit, 4); ++i) {
      answer.rows.push_back({{"@message", "m" + std::to_string(i)},
                             {"@ptr", log_pointer("123456789012:/ecs/service-0", i)},
                             {"seconds", std::to_string(range.length() / seconds(1))}});
    }
    answer.matched = 4;
    answer.scanned = 250;
    answer.bytes = 10'000;
    return answer;
  };
  Caller caller(stand_in);
  const auto start = [&](const std::string& query, std::vector<std::string> groups = {"/ecs/service-0"}) {
    return caller.json(
        "logs", "StartQuery",
        {{"logGroupNames", groups}, {"startTime", 1000}, {"endTime", 1059}, {"queryString", query}, {"limit", 3}});
  };
  const auto poll = [&](const HttpResponse& started) {
    return body_of(caller.json("logs", "GetQueryResults", {{"queryId", text_or_empty(body_of(started), "queryId")}}));
  };
  const HttpResponse one = start("fields @message");
  const HttpResponse two = start("fields @message");
  EXPECT_NE(one.body, two.body) << "the same query twice is two queries";
  EXPECT_THAT(start("fields @message").body, HasSubstr("LimitExceededException"));
  EXPECT_EQ(text_or_empty(poll(one), "status"), "Scheduled");
  const Json running = poll(one);
  EXPECT_EQ(text_or_empty(running, "status"), "Running");
  EXPECT_EQ(running["results"].size(), 1U) << "what it has so far";
  const Json done = poll(one);
  EXPECT_EQ(text_or_empty(done, "status"), "Complete");
  ASSERT_EQ(done["results"].size(), 3U);
  EXPECT_EQ(done["statistics"]["recordsMatched"], 4.0);
  EXPECT_EQ(done["results"][0][2]["value"], "60") << "the end is inclusive";
  const Json record =
      body_of(caller.json("logs", "GetLogRecord", {{"logRecordPointer", done["results"][1][1]["value"]}}));
  EXPECT_EQ(text_or_empty(record["logRecord"], "@message"), "INFO served 1");
  EXPECT_EQ(caller.json("logs", "StopQuery", {{"queryId", text_or_empty(body_of(two), "queryId")}}).status, 200);
  EXPECT_EQ(text_or_empty(poll(two), "status"), "Cancelled");
  EXPECT_EQ(caller.json("logs", "StopQuery", {{"queryId", text_or_empty(body_of(two), "queryId")}}).status, 400);

  EXPECT_THAT(start("nonsense").body, HasSubstr("MalformedQueryException"));
  EXPECT_EQ(start("fields @message", std::vector<std::string>(51, "/ecs/service-0")).status, 400);
  EXPECT_THAT(start("fields @message", {"/none"}).body, HasSubstr("ResourceNotFoundException"));
  EXPECT_EQ(caller.json("logs", "GetQueryResults", {{"queryId", "none"}}).status, 400);
  for (const char* end : {"Failed", "Timeout", "Cancelled", "Unknown"}) {
    stand_in.insights_end = [end](const std::string&) { return std::string(end); };
    const HttpResponse query = start(std::string("fields ") + end);
    poll(query);
    poll(query);
    EXPECT_EQ(text_or_empty(poll(query), "status"), end);
  }
  const auto wrong = check_answers(caller.answers);
  if (!wrong) GTEST_SKIP() << "python3-botocore or the shared folder is missing: answers are not checked";
  EXPECT_THAT(*wrong, testing::IsEmpty());
  EXPECT_THAT(check_requests(stand_in.requests()).value(), testing::IsEmpty());
}

TEST(AwsStandIn, lists_metrics_and_gives_their_data_in_pages) {
  AwsStandIn stand_in(small_world());
  stand_in.metric_page_points = 50;
  Caller caller(stand_in);
  int pages = 0;
  const auto count = [&](const Json& request) {
    return all_pages(caller, "cloudwatch", "ListMetrics", request, "Metrics", "NextToken", pages).size();
  };
  EXPECT_EQ(count(Json::object()), 4U);
  EXPECT_EQ(pages, 2);
  EXPECT_EQ(count({{"Namespace", "AWS/ECS"}}), 1U);
  EXPECT_EQ(count({{"RecentlyActive", "PT3H"}}), 3U);
  EXPECT_EQ(count({{"IncludeLinkedAccounts", true}}), 5U);
  EXPECT_EQ(count({{"Dimensions", Json::array({Json{{"Name", "Zone"}}})}}), 4U);
  EXPECT_EQ(count({{"Dimensions", Json::array({Json{{"Name", "Zone"}, {"Value", "2"}}})}}), 1U);

  const auto query = [](const char* id, int metric, const char* stat, int period) {
    const Json asked = {{"Namespace", metric < 3 ? "AWS/ApplicationELB" : "AWS/ECS"},
                        {"MetricName", "Metric" + std::to_string(metric)},
                        {"Dimensions", Json::array({Json{{"Name", "Zone"}, {"Value", std::to_string(metric)}},
                                                    Json{{"Name", "LoadBalancer"}, {"Value", "app/shop/1"}}})}};
    return Json{{"Id", id}, {"MetricStat", {{"Metric", asked}, {"Period", period}, {"Stat", stat}}}};
  };
  const double end = static_cast<double>(wire::to_millis(kNow)) / 1000;
  const Json request = {{"MetricDataQueries", Json::array({query("a", 0, "Sum", 60), query("b", 1, "Sum", 300),
                                                           query("c", 2, "Maximum", 60), query("d", 3, "Sum", 60)})},
                        {"StartTime", end - 3600},
                        {"EndTime", end},
                        {"ScanBy", "TimestampAscending"}};
  const auto results =
      all_pages(caller, "cloudwatch", "GetMetricData", request, "MetricDataResults", "NextToken", pages);
  EXPECT_EQ(pages, 2);
  std::map<std::string, std::vector<double>> values;
  std::map<std::string, std::string> status;
  for (const Json& r : results) {
    for (const Json& v : r["Values"]) values[r["Id"].get<std::string>()].push_back(v.get<double>());
    status[r["Id"].get<std::string>()] = r["StatusCode"].get<std::string>();
  }
  EXPECT_EQ(values["a"].size(), 60U);
  EXPECT_EQ(values["a"].front(), 0);
  ASSERT_EQ(values["b"].size(), 12U);
  EXPECT_EQ(values["b"][1], 5 + 6 + 7 + 8 + 9);
  EXPECT_TRUE(values["c"].empty()) << "a statistic without data";
  EXPECT_THAT(status, testing::ElementsAre(testing::Pair("a", "Complete"), testing::Pair("b", "Complete"),
                                           testing::Pair("c", "Complete"), testing::Pair("d", "Forbidden")));

  Json backwards = request;
  backwards.erase("ScanBy");
  EXPECT_EQ(body_of(caller.json("cloudwatch", "GetMetricData", backwards))["MetricDataResults"][0]["Values"][0], 59)
      << "newest first unless asked otherwise";
  Json bad = request;
  bad["MetricDataQueries"] = Json::array({query("a", 0, "Sum", 60), query("a", 1, "Sum", 60)});
  EXPECT_THAT(caller.json("cloudwatch", "GetMetricData", bad).body, HasSubstr("not unique"));
  bad["MetricDataQueries"] = Json::array({query("A", 0, "Sum", 60)});
  EXPECT_THAT(caller.json("cloudwatch", "GetMetricData", bad).body, HasSubstr("expected pattern"));
  bad["MetricDataQueries"] = Json::array();
  for (int i = 0; i < 501; ++i)
    bad["MetricDataQueries"].push_back(query(("m" + std::to_string(i)).c_str(), 0, "Sum", 60));
  EXPECT_THAT(caller.json("cloudwatch", "GetMetricData", bad).body, HasSubstr("greater than 500"));
  Json old = request;
  old["StartTime"] = end - 86400.0 * 20;
  EXPECT_TRUE(body_of(caller.json("cloudwatch", "GetMetricData", old))["MetricDataResults"][0]["Values"].empty())
      << "minutes are kept for 15 days";
}

TEST(AwsStandIn, describes_alarms_and_their_history) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  int pages = 0;
  EXPECT_EQ(
      all_pages(caller, "cloudwatch", "DescribeAlarms", Json::object(), "MetricAlarms", "NextToken", pages).size(), 4U);
  const Json composite = {{"AlarmTypes", Json::array({"CompositeAlarm"})}};
  EXPECT_EQ(all_pages(caller, "cloudwatch", "DescribeAlarms", composite, "CompositeAlarms", "NextToken", pages).size(),
            1U);
  const auto items = all_pages(caller, "cloudwatch", "DescribeAlarmHistory",
                               {{"AlarmName", "alarm-1"}, {"HistoryItemType", "StateUpdate"}}, "AlarmHistoryItems",
                               "NextToken", pages);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(text_or_empty(items[0], "HistorySummary"), "Alarm updated from OK to ALARM") << "newest first";
}

TEST(AwsStandIn, lists_objects_with_all_parameters) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  const auto keys = [&](const std::string& query) {
    std::string out;
    std::string token;
    for (int page = 0; page < 20; ++page) {
      const HttpResponse response = caller.s3("ListObjectsV2", "access-logs", "/?list-type=2" + query + token);
      EXPECT_EQ(response.status, 200) << response.body;
      const std::string& body = response.body;
      for (const char* tag : {"<Key>", "<CommonPrefixes><Prefix>"}) {
        for (std::size_t from = body.find(tag); from != std::string::npos; from = body.find(tag, from + 1)) {
          const std::size_t begin = from + std::string(tag).size();
          out += body.substr(begin, body.find('<', begin) - begin) + ";";
        }
      }
      const std::size_t next = body.find("<NextContinuationToken>");
      if (next == std::string::npos) return out;
      const std::size_t begin = next + std::string("<NextContinuationToken>").size();
      token = "&continuation-token=" + wire::percent_encode(body.substr(begin, body.find('<', begin) - begin), false);
    }
    return std::string("endless");
  };
  const std::string all = keys("");
  EXPECT_EQ(std::count(all.begin(), all.end(), ';'), 9);
  EXPECT_EQ(keys("&delimiter=%2F"), "top;AWSLogs/;");
  EXPECT_EQ(keys("&delimiter=%2F&prefix=AWSLogs%2F"), "AWSLogs/0/;AWSLogs/1/;");
  EXPECT_EQ(keys("&prefix=AWSLogs%2F1%2F&start-after=AWSLogs%2F1%2Ffile%205%2B%C3%A9.gz"),
            "AWSLogs/1/file 6+é.gz;AWSLogs/1/file 7+é.gz;");
  EXPECT_EQ(keys("&prefix=AWSLogs%2F1%2Ffile%207&encoding-type=url"), "AWSLogs/1/file%207%2B%C3%A9.gz;");
  EXPECT_EQ(keys("&prefix=none"), "");
  EXPECT_EQ(caller.s3("ListObjectsV2", "access-logs", "/?list-type=2&max-keys=x").status, 400);
}

TEST(AwsStandIn, gives_objects_and_explains_why_not) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  EXPECT_EQ(caller.s3("GetObject", "access-logs", "/top").body, "0123456789");
  EXPECT_EQ(caller.s3("GetObject", "access-logs", "/AWSLogs/0/file%200%2B%C3%A9.gz").body, std::string(100, 'x'));
  const HttpResponse part = caller.s3("GetObject", "access-logs", "/top", {{"Range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(caller.s3("GetObject", "paid", "/k").status, 403);
  EXPECT_EQ(caller.s3("GetObject", "paid", "/k", {{"x-amz-request-payer", "requester"}}).body, "v");
  EXPECT_THAT(caller.s3("GetObject", "sealed", "/k").body, HasSubstr("not authorized to perform: kms:Decrypt"));
  const HttpResponse none = caller.s3("GetObject", "access-logs", "/none");
  EXPECT_EQ(none.status, 404);
  EXPECT_THAT(none.body, HasSubstr("<Code>NoSuchKey</Code>"));
  EXPECT_THAT(caller.s3("GetObject", "nowhere", "/k").body, HasSubstr("<Code>NoSuchBucket</Code>"));
  EXPECT_EQ(caller.s3("HeadBucket", "access-logs", "/").status, 200);

  const HttpResponse far = caller.s3("HeadBucket", "far", "/");
  EXPECT_EQ(far.status, 301);
  EXPECT_THAT(far.headers, testing::Contains(testing::Pair("x-amz-bucket-region", "eu-west-1")));
  EXPECT_TRUE(far.body.empty());
  EXPECT_THAT(caller.s3("ListObjectsV2", "far", "/?list-type=2").body, HasSubstr("<Code>PermanentRedirect</Code>"));
  HttpRequest request;
  request.url = "https://far.s3.eu-west-1.amazonaws.com/k";
  EXPECT_THAT(caller.send("s3", request).body, HasSubstr("<Region>eu-west-1</Region>"));
  for (const char* url :
       {"https://s3.ap-northeast-1.amazonaws.com/access-logs/top", "http://127.0.0.1:9000/access-logs/top",
        "http://access-logs.localhost:9000/top", "https://access-logs.s3.dualstack.ap-northeast-1.amazonaws.com/top"}) {
    request.url = url;
    EXPECT_EQ(caller.send("s3", request).body, "0123456789") << url;
  }
}

TEST(AwsStandIn, assumes_roles_and_knows_who_calls) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  EXPECT_THAT(caller.sts("GetCallerIdentity", "").body, HasSubstr("<Account>123456789012</Account>"));
  const std::string role = "&RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Freader&RoleSessionName=fa2";
  EXPECT_EQ(caller.sts("AssumeRole", role).status, 403) << "the other account wants an external id";
  const HttpResponse given = caller.sts("AssumeRole", role + "&ExternalId=shared-words");
  ASSERT_EQ(given.status, 200) << given.body;
  const auto between = [&](const std::string& tag) {
    const std::size_t begin = given.body.find("<" + tag + ">") + tag.size() + 2;
    return given.body.substr(begin, given.body.find("</" + tag + ">") - begin);
  };
  Caller there(stand_in);
  there.signer.access_key_id = between("AccessKeyId");
  there.signer.secret = between("SecretAccessKey");
  there.signer.token = between("SessionToken");
  EXPECT_THAT(there.sts("GetCallerIdentity", "").body, HasSubstr("arn:aws:sts::210987654321:assumed-role/reader/fa2"));
  EXPECT_THAT(there.json("logs", "DescribeLogGroups", Json::object()).body, HasSubstr("/ecs/other"));
  EXPECT_EQ(caller.sts("AssumeRole", "&RoleArn=nonsense&RoleSessionName=fa2").status, 400);
}

TEST(AwsStandIn, gives_traces_by_filter_and_in_fives) {
  AwsStandIn stand_in(small_world());
  stand_in.event_page_size = 4;
  Caller caller(stand_in);
  const double end = static_cast<double>(wire::to_millis(kNow)) / 1000;
  const auto count = [&](const std::string& filter) {
    std::size_t n = 0;
    Json request = {{"StartTime", end - 3600}, {"EndTime", end}, {"Sampling", false}};
    if (!filter.empty()) request["FilterExpression"] = filter;
    for (int page = 0; page < 10; ++page) {
      const HttpResponse response = caller.xray("GetTraceSummaries", "/TraceSummaries", request);
      if (response.status != 200) return std::size_t{999};
      const Json body = body_of(response);
      n += body["TraceSummaries"].size();
      EXPECT_EQ(body["TracesProcessedCount"], 9);
      const auto token = text_member(body, "NextToken");
      if (!token) break;
      request["NextToken"] = *token;
    }
    return n;
  };
  EXPECT_EQ(count(""), 9U);
  EXPECT_EQ(count("fault"), 3U);
  EXPECT_EQ(count("fault = false AND responsetime >= 5"), 3U);
  EXPECT_EQ(count("!(fault) OR duration > 5.5"), 7U);
  EXPECT_EQ(count("ok"), 6U);
  EXPECT_EQ(count("service(\"x\") { fault }"), 0U);
  EXPECT_EQ(count("fault AND"), 999U);
  EXPECT_EQ(count("nonsense = 3"), 999U);
  EXPECT_EQ(
      caller.xray("GetTraceSummaries", "/TraceSummaries", {{"StartTime", end - 7 * 3600}, {"EndTime", end}}).status,
      400);

  Json ids = Json::array();
  for (int t = 0; t < 5; ++t) ids.push_back("1-69b52000-00000000000000000000000" + std::to_string(t));
  EXPECT_EQ(body_of(caller.xray("BatchGetTraces", "/Traces", {{"TraceIds", ids}}))["Traces"].size(), 5U);
  ids.push_back("1-69b52000-000000000000000000000005");
  EXPECT_EQ(caller.xray("BatchGetTraces", "/Traces", {{"TraceIds", ids}}).status, 400);
  const Json graph =
      body_of(caller.xray("GetServiceGraph", "/ServiceGraph", {{"StartTime", end - 60}, {"EndTime", end}}));
  EXPECT_EQ(graph["Services"].size(), 3U);
  EXPECT_TRUE(graph.contains("NextToken"));
}

TEST(AwsStandIn, runs_athena_queries_once_for_each_token) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  const std::string token(32, 'x');
  Json request = {{"QueryString", "SELECT path, n FROM alb WHERE day = ? -- why?"},
                  {"ExecutionParameters", Json::array({"'2026/03/14'"})},
                  {"ClientRequestToken", token},
                  {"WorkGroup", "big"}};
  const std::string id =
      text_or_empty(body_of(caller.json("athena", "StartQueryExecution", request)), "QueryExecutionId");
  EXPECT_EQ(text_or_empty(body_of(caller.json("athena", "StartQueryExecution", request)), "QueryExecutionId"), id);
  Json other = request;
  other["QueryString"] = "SELECT ? AS other";
  EXPECT_EQ(caller.json("athena", "StartQueryExecution", other).status, 400) << "one token, two queries";
  other.erase("ClientRequestToken");
  other["ExecutionParameters"] = Json::array();
  EXPECT_EQ(caller.json("athena", "StartQueryExecution", other).status, 400) << "a parameter is missing";
  const auto state = [&](const std::string& query_id) {
    return body_of(caller.json("athena", "GetQueryExecution", {{"QueryExecutionId", query_id}}))["QueryExecution"];
  };
  EXPECT_EQ(state(id)["Status"]["State"], "QUEUED");
  EXPECT_EQ(caller.json("athena", "GetQueryResults", {{"QueryExecutionId", id}}).status, 400) << "not finished";
  EXPECT_EQ(state(id)["Status"]["State"], "RUNNING");
  const Json done = state(id);
  EXPECT_EQ(done["Status"]["State"], "SUCCEEDED");
  EXPECT_EQ(done["Statistics"]["DataScannedInBytes"], 1000);
  int pages = 0;
  std::size_t rows = 0;
  Json page = {{"QueryExecutionId", id}};
  for (;; ++pages) {
    const Json body = body_of(caller.json("athena", "GetQueryResults", page));
    rows += body["ResultSet"]["Rows"].size();
    if (pages == 0) {
      EXPECT_EQ(body["ResultSet"]["Rows"][0]["Data"][0]["VarCharValue"], "path") << "the header row";
      EXPECT_EQ(body["ResultSet"]["Rows"][1]["Data"][1]["VarCharValue"], "'2026/03/14'");
      EXPECT_TRUE(body["ResultSet"]["Rows"][2]["Data"][1].empty()) << "NULL";
    }
    const auto next = text_member(body, "NextToken");
    if (!next || pages > 9) break;
    page["NextToken"] = *next;
  }
  EXPECT_EQ(rows, 151U);
  EXPECT_EQ(pages, 1);

  const auto ends = [&](const std::string& sql, const std::string& group) {
    const Json said =
        body_of(caller.json("athena", "StartQueryExecution", {{"QueryString", sql}, {"WorkGroup", group}}));
    const std::string run = text_or_empty(said, "QueryExecutionId");
    state(run);
    state(run);
    const Json last = state(run)["Status"];
    return text_or_empty(last, "State") + " " + text_or_empty(last, "StateChangeReason");
  };
  EXPECT_EQ(ends("SELECT broken", "big"), "FAILED SYNTAX_ERROR: line 1:1");
  EXPECT_EQ(ends("SELECT 1", "tiny"), "CANCELLED Bytes scanned limit was exceeded");
  EXPECT_EQ(caller.json("athena", "StartQueryExecution", {{"QueryString", "SELECT 1"}}).status, 400)
      << "no output location";
}

TEST(AwsStandIn, looks_up_management_events_newest_first) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  int pages = 0;
  const auto all = all_pages(caller, "cloudtrail", "LookupEvents", Json::object(), "Events", "NextToken", pages);
  EXPECT_EQ(all.size(), 69U) << "one is of us-east-1";
  EXPECT_EQ(pages, 2);
  EXPECT_EQ(text_or_empty(all[0], "EventId"), "id-1");
  const Json writes = {
      {"LookupAttributes", Json::array({Json{{"AttributeKey", "ReadOnly"}, {"AttributeValue", "false"}}})}};
  EXPECT_EQ(all_pages(caller, "cloudtrail", "LookupEvents", writes, "Events", "NextToken", pages).size(), 34U);
  EXPECT_EQ(caller.json("cloudtrail", "LookupEvents", {{"MaxResults", 51}}).status, 400);
}

class Collector final : public BodySink {
 public:
  Result<void> restart() override {
    ++restarts;
    text.clear();
    return {};
  }
  Result<void> write(std::string_view bytes) override {
    text += bytes;
    return {};
  }
  std::string text;
  int restarts = 0;
};

TEST(AwsStandIn, fails_as_it_is_told_to_and_as_often) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  stand_in.add_fault({"logs", "DescribeLogGroups", FaultKind::kThrottle, 2});
  const auto groups = [&] { return caller.json("logs", "DescribeLogGroups", Json::object()); };
  EXPECT_THAT(groups().body, HasSubstr("ThrottlingException"));
  EXPECT_EQ(groups().status, 400);
  EXPECT_EQ(groups().status, 200);
  EXPECT_EQ(stand_in.calls("logs", "DescribeLogGroups"), 3U);

  struct Case {
    FaultKind kind;
    const char* json;
    int json_status;
    const char* s3;
    int s3_status;
    const char* sts;
    int sts_status;
    const char* xray;
    int xray_status;
  };
  const Case kCases[] = {
      {FaultKind::kThrottle, "ThrottlingException", 400, "SlowDown", 503, "Throttling", 400, "ThrottledException", 429},
      {FaultKind::kServerError, "ServiceUnavailableException", 500, "InternalError", 500, "InternalFailure", 500,
       "InternalFailure", 500},
      {FaultKind::kDenied, "AccessDeniedException", 400, "AccessDenied", 403, "AccessDenied", 403,
       "AccessDeniedException", 403},
      {FaultKind::kExpiredToken, "ExpiredTokenException", 400, "ExpiredToken", 400, "ExpiredToken", 403,
       "ExpiredTokenException", 403},
  };
  for (const Case& c : kCases) {
    stand_in.clear_faults();
    stand_in.add_fault({"", "", c.kind});
    const HttpResponse logs = groups();
    EXPECT_EQ(logs.status, c.json_status);
    EXPECT_EQ(text_or_empty(body_of(logs), "__type"), c.json);
    const HttpResponse s3 = caller.s3("GetObject", "access-logs", "/top");
    EXPECT_EQ(s3.status, c.s3_status);
    EXPECT_THAT(s3.body, HasSubstr("<Code>" + std::string(c.s3) + "</Code>"));
    const HttpResponse sts = caller.sts("GetCallerIdentity", "");
    EXPECT_EQ(sts.status, c.sts_status);
    EXPECT_THAT(sts.body, HasSubstr("<Code>" + std::string(c.sts) + "</Code>"));
    const HttpResponse xray = caller.xray("GetServiceGraph", "/ServiceGraph", {{"StartTime", 1}, {"EndTime", 2}});
    EXPECT_EQ(xray.status, c.xray_status);
    EXPECT_THAT(xray.headers, testing::Contains(testing::Pair("x-amzn-ErrorType", HasSubstr(c.xray))));
  }
}

TEST(AwsStandIn, gives_page_tokens_for_ever) {
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  struct Call {
    const char* service;
    const char* operation;
    Json request;
    const char* token;
  };
  const Call kCalls[] = {
      {"logs", "DescribeLogGroups", Json::object(), "nextToken"},
      {"logs", "FilterLogEvents", {{"logGroupName", "/ecs/service-0"}}, "nextToken"},
      {"cloudwatch", "ListMetrics", Json::object(), "NextToken"},
      {"cloudwatch", "DescribeAlarms", Json::object(), "NextToken"},
      {"cloudtrail", "LookupEvents", Json::object(), "NextToken"},
  };
  for (const FaultKind kind : {FaultKind::kEndlessPages, FaultKind::kSameToken}) {
    stand_in.clear_faults();
    stand_in.add_fault({"", "", kind});
    for (const Call& c : kCalls) {
      std::set<std::string> tokens;
      Json request = c.request;
      for (int page = 0; page < 5; ++page) {
        const HttpResponse response = caller.json(c.service, c.operation, request);
        ASSERT_EQ(response.status, 200) << response.body;
        request[c.token] = text_or_empty(body_of(response), c.token);
        tokens.insert(text_or_empty(body_of(response), c.token));
      }
      EXPECT_EQ(tokens.size(), kind == FaultKind::kSameToken ? 1U : 5U) << c.operation;
    }
    std::string token;
    for (int page = 0; page < 3; ++page) {
      const std::string body = caller.s3("ListObjectsV2", "access-logs", "/?list-type=2" + token).body;
      EXPECT_THAT(body, HasSubstr("<IsTruncated>true</IsTruncated>"));
      const std::size_t begin = body.find("<NextContinuationToken>") + 23;
      token = "&continuation-token=" + body.substr(begin, body.find('<', begin) - begin);
      EXPECT_EQ(body.find("<NextContinuationToken>", begin), std::string::npos) << "only one token";
    }
  }
}

TEST(AwsStandIn, becomes_the_errors_of_a_client_without_sockets) {
  AwsStandIn stand_in(small_world());
  StandInHttp http(stand_in);
  const auto object = [&](const Context& context, Collector* sink, std::uint64_t most = 1 << 20) {
    HttpRequest request;
    request.url = "https://access-logs.s3.ap-northeast-1.amazonaws.com/top";
    request.max_response_bytes = most;
    TestSigner{"AKIASTANDIN", "stand-in-secret", "", "ap-northeast-1", "s3", kNow}.sign(request);
    return http.send(request, context, sink);
  };
  Collector sink;
  ASSERT_TRUE(object({}, &sink).has_value());
  EXPECT_EQ(sink.text, "0123456789");
  EXPECT_EQ(object({}, nullptr)->body, "0123456789");
  EXPECT_EQ(object({}, nullptr, 5).error().code, ErrorCode::kLimit);

  const auto with = [&](FaultKind kind, std::chrono::milliseconds delay = {}) {
    stand_in.clear_faults();
    stand_in.add_fault({"s3", "GetObject", kind, -1, delay});
  };
  with(FaultKind::kTimeout);
  EXPECT_EQ(object({}, &sink).error().reason, "Timeout");
  EXPECT_EQ(object(Context{}.within(seconds(5)), &sink).error().code, ErrorCode::kCancelled);
  with(FaultKind::kDelay, std::chrono::milliseconds(100));
  EXPECT_TRUE(object({}, &sink).has_value());
  with(FaultKind::kDelay, minutes(2));
  EXPECT_EQ(object({}, &sink).error().reason, "Timeout");
  with(FaultKind::kCut);
  sink = {};
  EXPECT_EQ(object({}, &sink).error().reason, "ConnectionLost");
  EXPECT_EQ(sink.text, "01234");
  with(FaultKind::kHuge);
  EXPECT_EQ(object({}, &sink).error().code, ErrorCode::kLimit);
  with(FaultKind::kGarbage);
  EXPECT_THAT(object({}, nullptr)->body, HasSubstr("It works!"));
  with(FaultKind::kEmpty);
  EXPECT_EQ(object({}, nullptr)->body, "");
}

TEST(AwsStandIn, answers_in_the_shapes_of_the_models) {
  AwsStandIn stand_in(small_world());
  stand_in.polls_until_done = 0;
  Caller caller(stand_in);
  const double end = static_cast<double>(wire::to_millis(kNow)) / 1000;
  caller.json("logs", "DescribeLogGroups", Json::object());
  caller.json("logs", "ListTagsForResource",
              {{"resourceArn", "arn:aws:logs:ap-northeast-1:123456789012:log-group:/ecs/service-0"}});
  caller.json("logs", "FilterLogEvents", {{"logGroupName", "/ecs/service-0"}});
  caller.json("cloudwatch", "ListMetrics", {{"IncludeLinkedAccounts", true}});
  const Json metric = {{"Namespace", "AWS/ApplicationELB"},
                       {"MetricName", "Metric0"},
                       {"Dimensions", Json::array({Json{{"Name", "LoadBalancer"}, {"Value", "app/shop/1"}},
                                                   Json{{"Name", "Zone"}, {"Value", "0"}}})}};
  stand_in.world().metric_messages = {{"MaxMetricsExceeded", "Too much was asked."}};
  caller.json(
      "cloudwatch", "GetMetricData",
      {{"MetricDataQueries",
        Json::array({Json{{"Id", "a"}, {"MetricStat", {{"Metric", metric}, {"Period", 60}, {"Stat", "Sum"}}}}})},
       {"StartTime", end - 3600},
       {"EndTime", end}});
  caller.json("cloudwatch", "DescribeAlarms", {{"AlarmTypes", Json::array({"MetricAlarm", "CompositeAlarm"})}});
  caller.json("cloudwatch", "DescribeAlarms",
              {{"AlarmNames", Json::array({"alarm-4"})}, {"AlarmTypes", Json::array({"CompositeAlarm"})}});
  caller.json("cloudwatch", "DescribeAlarmHistory", {{"AlarmName", "alarm-0"}});
  caller.s3("ListObjectsV2", "access-logs", "/?list-type=2&delimiter=%2F&start-after=A");
  caller.s3("GetObject", "access-logs", "/top");
  caller.s3("HeadObject", "access-logs", "/top");
  caller.s3("HeadBucket", "access-logs", "/");
  caller.sts("GetCallerIdentity", "");
  caller.sts("AssumeRole", "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader&RoleSessionName=fa2");
  caller.sts(
      "AssumeRoleWithWebIdentity",
      "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader&RoleSessionName=fa2&WebIdentityToken=abcdefgh");
  caller.xray("GetTraceSummaries", "/TraceSummaries", {{"StartTime", end - 3600}, {"EndTime", end}});
  caller.xray("BatchGetTraces", "/Traces", {{"TraceIds", Json::array({"1-69b52000-000000000000000000000001"})}});
  caller.xray("GetServiceGraph", "/ServiceGraph", {{"StartTime", end - 3600}, {"EndTime", end}});
  const Json started =
      body_of(caller.json("athena", "StartQueryExecution",
                          {{"QueryString", "SELECT 1"},
                           {"WorkGroup", "big"},
                           {"QueryExecutionContext", {{"Database", "logs"}, {"Catalog", "AwsDataCatalog"}}}}));
  const Json id = {{"QueryExecutionId", text_or_empty(started, "QueryExecutionId")}};
  caller.json("athena", "GetQueryExecution", id);
  caller.json("athena", "GetQueryResults", id);
  caller.json("athena", "StopQueryExecution", id);
  const Json broken =
      body_of(caller.json("athena", "StartQueryExecution", {{"QueryString", "SELECT broken"}, {"WorkGroup", "big"}}));
  caller.json("athena", "GetQueryExecution", {{"QueryExecutionId", text_or_empty(broken, "QueryExecutionId")}});
  caller.json("athena", "GetWorkGroup", {{"WorkGroup", "big"}});
  caller.json("athena", "GetTableMetadata",
              {{"CatalogName", "AwsDataCatalog"}, {"DatabaseName", "logs"}, {"TableName", "alb"}});
  caller.json("cloudtrail", "LookupEvents", {{"StartTime", end - 3600}, {"EndTime", end}});
  caller.json("secretsmanager", "GetSecretValue", {{"SecretId", "fa2/slack"}});
  EXPECT_EQ(caller.answers.size(), stand_in.requests().size()) << "a call of this test was refused";

  stand_in.add_fault({"", "", FaultKind::kEmpty});
  caller.json("logs", "DescribeLogGroups", Json::object());
  caller.json("logs", "FilterLogEvents", {{"logGroupName", "/ecs/service-0"}});
  caller.json("logs", "GetQueryResults", {{"queryId", "any"}});
  caller.json("cloudwatch", "ListMetrics", Json::object());
  caller.json("cloudwatch", "DescribeAlarms", Json::object());
  caller.s3("ListObjectsV2", "access-logs", "/?list-type=2");
  caller.xray("GetTraceSummaries", "/TraceSummaries", {{"StartTime", end - 3600}, {"EndTime", end}});
  caller.json("athena", "GetQueryResults", id);
  caller.json("cloudtrail", "LookupEvents", Json::object());

  const auto wrong = check_answers(caller.answers);
  if (!wrong) GTEST_SKIP() << "python3-botocore or the shared folder is missing: answers are not checked";
  EXPECT_THAT(*wrong, testing::IsEmpty());
  const auto requests = check_requests(stand_in.requests());
  ASSERT_TRUE(requests.has_value());
  EXPECT_THAT(*requests, testing::IsEmpty());
}

TEST(AwsStandIn, has_its_answers_and_requests_checked_by_checks_that_can_fail) {
  HttpResponse response;
  response.status = 200;
  response.headers = {{"Date", "Sat, 14 Mar 2026 09:00:00 GMT"}, {"x-amzn-RequestId", "r"}};
  response.body = R"({"events":[{"timestamp":"1","text":"?"}]})";
  const auto wrong = check_answers({{"logs", "FilterLogEvents", response}});
  if (!wrong) GTEST_SKIP() << "python3-botocore or the shared folder is missing";
  EXPECT_THAT(*wrong,
              testing::UnorderedElementsAre(HasSubstr("timestamp: long expected"), HasSubstr("text: unknown member")));
  AwsStandIn stand_in(small_world());
  Caller caller(stand_in);
  caller.json("logs", "DescribeLogGroups", {{"limits", 3}});
  EXPECT_THAT(check_requests(stand_in.requests()).value(), testing::Contains(HasSubstr("unknown member")));
}

TEST(AwsStandIn, serves_many_threads_at_once) {
  AwsStandIn stand_in(small_world());
  stand_in.add_fault({"logs", "", FaultKind::kThrottle, 10});
  std::atomic<int> throttled{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      Caller caller(stand_in);
      for (int i = 0; i < 10; ++i) {
        if (caller.json("logs", "FilterLogEvents", {{"logGroupName", "/ecs/service-0"}}).status != 200) ++throttled;
        EXPECT_EQ(caller.s3("GetObject", "access-logs", "/top").status, 200);
        EXPECT_EQ(caller.json("cloudwatch", "ListMetrics", Json::object()).status, 200);
        const Json run = body_of(caller.json("athena", "StartQueryExecution",
                                             {{"QueryString", "SELECT " + std::to_string(t)}, {"WorkGroup", "big"}}));
        caller.json("athena", "GetQueryExecution", {{"QueryExecutionId", text_or_empty(run, "QueryExecutionId")}});
        EXPECT_EQ(caller.sts("AssumeRole", "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr&RoleSessionName=fa2")
                      .status,
                  200);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(throttled, 10);
  EXPECT_EQ(stand_in.requests().size(), 8U * 10 * 6);
}

TEST(AwsStandIn, gives_a_hundred_thousand_events_and_large_objects) {
  AwsWorld world = small_world();
  auto& events = world.log_groups["/big"].events;
  for (int i = 0; i < 100'000; ++i)
    events.push_back({kNow - minutes(60) + std::chrono::milliseconds(i), "s", "INFO line " + std::to_string(i)});
  world.buckets["access-logs"].objects["large"] = std::string(std::size_t{50} << 20, 'x');
  AwsStandIn stand_in(world);
  stand_in.event_page_size = 10'000;
  Caller caller(stand_in);
  // Counted in the text: parsing all of it without optimization takes longer than answering.
  Json request = {{"logGroupName", "/big"}};
  std::size_t lines = 0;
  int pages = 0;
  for (bool more = true; more && pages < 100; ++pages) {
    const std::string body = caller.json("logs", "FilterLogEvents", request).body;
    for (std::size_t i = body.find("INFO line"); i != std::string::npos; i = body.find("INFO line", i + 1)) ++lines;
    const std::size_t token = body.rfind("\"nextToken\":\"");
    more = token != std::string::npos;
    if (more) request["nextToken"] = body.substr(token + 13, body.size() - token - 15);
  }
  EXPECT_EQ(lines, 100'000U);
  EXPECT_GE(pages, 10);
  EXPECT_EQ(caller.s3("GetObject", "access-logs", "/large").body.size(), std::size_t{50} << 20);
}

TEST(AwsStandIn, is_understood_by_botocore_over_a_socket) {
  AwsWorld world = small_world();
  world.now = nullptr;  // botocore signs by the machine's clock
  AwsStandIn stand_in(world);
  HttpServer server(stand_in.handler());
  const auto said = run_python_check("botocore_client.py", server.url());
  if (!said) GTEST_SKIP() << "python3-botocore or the shared folder is missing";
  EXPECT_THAT(*said, testing::ElementsAre("groups 6", "events 250", "no group 400 ResourceNotFoundException",
                                          "metrics 4", "alarms 4", "objects 9", "bytes 810", "no key 404 NoSuchKey",
                                          "bucket 200", "account 123456789012", "traces 9", "graph 4", "trail 69",
                                          "secret s3cret", "rows 151",
                                          "wrong secret 400 InvalidSignatureException 403 InvalidSignatureException "
                                          "403 SignatureDoesNotMatch 403 SignatureDoesNotMatch"));
}

/// Everything a world holds as one text, to compare and to search.
std::string everything(const AwsWorld& world) {
  std::string all;
  for (const auto& [name, group] : world.log_groups) {
    for (const auto& event : group.events) {
      all += name + event.stream + std::to_string(wire::to_millis(event.time)) + event.message + "\n";
    }
  }
  for (const auto& [name, bucket] : world.buckets) {
    for (const auto& [key, bytes] : bucket.objects) all += name + key + bytes + "\n";
  }
  for (const auto& metric : world.metrics) {
    all += metric.metric_namespace + metric.name;
    for (const auto& [statistic, points] : metric.points) {
      for (const auto& [time, value] : points)
        all += statistic + std::to_string(wire::to_millis(time)) + std::to_string(value);
    }
  }
  for (const auto& trace : world.traces) {
    all += trace.summary + "\n";
    for (const auto& segment : trace.segments) all += segment + "\n";
  }
  for (const auto& event : world.management_events) all += event + "\n";
  for (const auto& alarm : world.alarms) all += alarm.name + alarm.state_reason + alarm.state_reason_data;
  return all + world.service_graph;
}

TEST(ReferenceIncident, is_the_same_every_time_and_of_modest_size) {
  const AwsWorld world = make_reference_incident();
  EXPECT_EQ(sha256_hex(everything(world)), sha256_hex(everything(make_reference_incident())));
  std::size_t events = 0;
  for (const auto& [name, group] : world.log_groups) {
    events += group.events.size();
    EXPECT_TRUE(std::is_sorted(group.events.begin(), group.events.end(),
                               [](const auto& a, const auto& b) { return a.time < b.time; }));
  }
  EXPECT_THAT(events, testing::AllOf(testing::Gt(4000U), testing::Lt(9000U)));
  const ReferenceFacts facts = reference_facts();
  EXPECT_EQ(format_rfc3339(facts.window.begin), "2026-03-14T08:30:00Z");
  for (const std::string& name : facts.log_groups) EXPECT_TRUE(world.log_groups.contains(name)) << name;
  EXPECT_GT(world.buckets.at(facts.alb_bucket).objects.size(), 50U);
  EXPECT_GT(world.buckets.at(facts.trail_bucket).objects.size(), 20U);
}

TEST(ReferenceIncident, tells_its_cause_and_its_red_herrings) {
  const AwsWorld world = make_reference_incident();
  const ReferenceFacts facts = reference_facts();
  std::size_t before = 0;
  std::size_t during = 0;
  std::size_t warned_before = 0;
  for (const auto& event : world.log_groups.at("/ecs/orders-api").events) {
    const bool failed = event.message.find(
                            "SdkClientException: Unable to execute HTTP request: Connect to "
                            "dynamodb.ap-northeast-1.amazonaws.com:443") != std::string::npos;
    if (failed) ++(event.time < facts.window.begin ? before : during);
    if (event.message.find("failed to refresh") != std::string::npos && event.time < facts.window.begin)
      ++warned_before;
  }
  EXPECT_EQ(before, 0U);
  EXPECT_GT(during, 200U);
  EXPECT_GT(warned_before, 100U);

  const auto changes =
      std::count_if(world.management_events.begin(), world.management_events.end(), [&](const auto& e) {
        return e.find("\"eventName\":\"" + facts.change_event + "\"") != std::string::npos &&
               e.find(facts.change_resource) != std::string::npos && e.find(facts.actor) != std::string::npos &&
               e.find(facts.actor_address) != std::string::npos;
      });
  EXPECT_EQ(changes, 1);
  const auto points = [&](const std::string& name, const std::string& dimension, const std::string& statistic) {
    for (const auto& metric : world.metrics) {
      const bool there = std::any_of(metric.dimensions.begin(), metric.dimensions.end(),
                                     [&](const auto& d) { return d.second == dimension; });
      if (metric.name == name && there) return metric.points.at(statistic);
    }
    return std::vector<std::pair<TimePoint, double>>();
  };
  const auto latency = points("SuccessfulRequestLatency", "orders", "Average");
  ASSERT_FALSE(latency.empty());
  EXPECT_LT(latency.back().first, facts.window.begin) << "nobody reaches the table any more";
  const auto times = points("TargetResponseTime", "app/shop-edge/50dc6c495c0c9188", "Average");
  ASSERT_FALSE(times.empty());
  EXPECT_LT(times.front().second, 0.1);
  EXPECT_GT(times.back().second, 5);
  EXPECT_FALSE(points("HTTPCode_ELB_504_Count", "app/shop-edge/50dc6c495c0c9188", "Sum").empty());
  ASSERT_FALSE(world.alarms.empty());
  EXPECT_TRUE(facts.window.contains(world.alarms[0].state_updated.value()));
  EXPECT_TRUE(parse_json(world.alarms[0].state_reason_data).is_object());
}

TEST(ReferenceIncident, is_answered_in_the_shapes_of_the_models) {
  AwsStandIn stand_in(make_reference_incident());
  stand_in.page_size = 500;
  stand_in.event_page_size = 1000;
  const ReferenceFacts facts = reference_facts();
  Caller caller(stand_in);
  caller.signer.time = facts.now;
  const double begin = static_cast<double>(wire::to_millis(facts.window.begin)) / 1000;
  const double end = static_cast<double>(wire::to_millis(facts.window.end)) / 1000;
  for (const std::string& group : facts.log_groups) caller.json("logs", "FilterLogEvents", {{"logGroupName", group}});
  caller.json("cloudwatch", "ListMetrics", Json::object());
  caller.json("cloudwatch", "DescribeAlarms", Json::object());
  caller.json("cloudwatch", "DescribeAlarmHistory", {{"AlarmName", facts.alarm_name}});
  caller.json("cloudtrail", "LookupEvents", Json::object());
  caller.xray("GetServiceGraph", "/ServiceGraph", {{"StartTime", begin}, {"EndTime", end}});
  Json request = {{"StartTime", begin}, {"EndTime", end}, {"FilterExpression", "fault"}};
  const Json found = body_of(caller.xray("GetTraceSummaries", "/TraceSummaries", request));
  EXPECT_GT(found["TraceSummaries"].size(), 20U);
  Json ids = Json::array();
  for (std::size_t i = 0; i < 5; ++i) ids.push_back(found["TraceSummaries"][i]["Id"]);
  caller.xray("BatchGetTraces", "/Traces", {{"TraceIds", ids}});
  EXPECT_EQ(caller.answers.size(), stand_in.requests().size()) << "a call of this test was refused";
  const auto wrong = check_answers(caller.answers);
  if (!wrong) GTEST_SKIP() << "python3-botocore or the shared folder is missing: answers are not checked";
  EXPECT_THAT(*wrong, testing::IsEmpty());
}

}  // namespace
}  // namespace fa::test
