/// What stands between Lambda and a function: the Runtime API, its loop, and HTTP requests as events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/json.h"
#include "lambda/http_event.h"
#include "lambda/runtime_loop.h"
#include "support/fakes.h"

namespace fa::lambda {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const TimePoint kNow = from_unix_nanos(1'800'000'000'000'000'000);

/// The Runtime API: gives events, notes what is told, and stops the loop when there are no more.
class PlayedRuntime final : public HttpClient {
 public:
  struct Told {
    std::string path;
    std::string body;
    std::string type;
  };

  Result<HttpResponse> send(const HttpRequest& request, const Context&, BodySink*) override {
    EXPECT_TRUE(request.direct) << "never through a proxy";
    const std::string base = "http://127.0.0.1:9001/2018-06-01/runtime";
    EXPECT_TRUE(request.url.starts_with(base)) << request.url;
    const std::string path = request.url.substr(base.size());
    if (path != "/invocation/next") {
      told.push_back({path, request.body,
                      std::string(find_header(request.headers, "Lambda-Runtime-Function-Error-Type").value_or(""))});
      const int status = statuses.empty() ? 202 : statuses.front();
      if (!statuses.empty()) statuses.pop_front();
      return HttpResponse{status, {}, "{}"};
    }
    if (broken > 0) {
      --broken;
      return fail(ErrorCode::kUnavailable, "connection refused");
    }
    if (events.empty()) {
      stop.request_stop();
      return fail(ErrorCode::kCancelled, "stopped");
    }
    HttpResponse response{200, {{"lambda-runtime-aws-request-id", "r" + std::to_string(++given)}}, events.front()};
    events.pop_front();
    if (!deadline.empty()) response.headers.emplace_back("Lambda-Runtime-Deadline-Ms", deadline);
    return response;
  }

  std::deque<std::string> events;
  std::deque<int> statuses;  ///< Of what is told; 202 where there is none.
  std::string deadline = "1800000060000";
  int broken = 0;
  int given = 0;
  std::vector<Told> told;
  std::stop_source stop;
};

class Loop : public testing::Test {
 protected:
  Result<void> serve(const Handler& handler) {
    RuntimeApi api(runtime_, "127.0.0.1:9001");
    return serve_invocations(api, handler, log_, clock_, sleeper_, Context{runtime_.stop.get_token(), std::nullopt});
  }
  PlayedRuntime runtime_;
  test::FakeClock clock_{kNow};
  test::FakeSleeper sleeper_;
  std::string lines_;
  server::Log log_{clock_, [this](std::string_view line) { lines_ += line; }};
};

TEST_F(Loop, answers_one_invocation_after_the_other) {
  runtime_.events = {"1", "{\"a\":\"障害\"}"};
  std::vector<std::string> seen;
  ASSERT_TRUE(serve([&](const Invocation& invocation, const Context& context) -> Result<std::string> {
    seen.push_back(invocation.id + " " + invocation.payload);
    EXPECT_EQ(invocation.deadline, kNow + std::chrono::minutes(1));
    const auto left = *context.deadline - std::chrono::steady_clock::now();
    EXPECT_LT(left, std::chrono::seconds(60)) << "a moment before Lambda's";
    EXPECT_GT(left, std::chrono::seconds(30));
    return "{}";
  }));
  EXPECT_THAT(seen, ElementsAre("r1 1", "r2 {\"a\":\"障害\"}"));
  ASSERT_EQ(runtime_.told.size(), 2U);
  EXPECT_EQ(runtime_.told[0].path, "/invocation/r1/response");
  EXPECT_EQ(runtime_.told[1].path, "/invocation/r2/response");
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(Loop, tells_errors_and_goes_on) {
  runtime_.events = {"error", "throw", "throw a number", "large", "ok"};
  ASSERT_TRUE(serve([](const Invocation& invocation, const Context&) -> Result<std::string> {
    if (invocation.payload == "error") return fail(ErrorCode::kUnavailable, "時刻 \"12:00\"\nに \xFF 届かない");
    if (invocation.payload == "throw") throw std::runtime_error("bug");
    if (invocation.payload == "throw a number") throw 7;  // NOLINT: whatever it is
    if (invocation.payload == "large") return std::string(kMostAnswerBytes + 1, ' ');
    return "{}";
  }));
  ASSERT_EQ(runtime_.told.size(), 5U);
  EXPECT_EQ(runtime_.told[0].path, "/invocation/r1/error");
  EXPECT_EQ(runtime_.told[0].type, "Fa2.Unavailable");
  const Json document = parse_json(runtime_.told[0].body);
  EXPECT_EQ(document.at("errorMessage"), "時刻 \"12:00\"\nに \uFFFD 届かない");
  EXPECT_EQ(document.at("errorType"), "Fa2.Unavailable");
  EXPECT_EQ(runtime_.told[1].type, "Fa2.Internal");
  EXPECT_THAT(runtime_.told[1].body, HasSubstr("bug"));
  EXPECT_EQ(runtime_.told[2].type, "Fa2.Internal");
  EXPECT_EQ(runtime_.told[3].type, "Fa2.Limit") << "told, not sent";
  EXPECT_EQ(runtime_.told[4].path, "/invocation/r5/response");
}

TEST_F(Loop, survives_answers_that_are_not_taken) {
  runtime_.events = {"1", "2", "3"};
  runtime_.statuses = {403, 413, 202, 202};
  ASSERT_TRUE(serve([](const Invocation&, const Context&) -> Result<std::string> { return "{}"; }));
  ASSERT_EQ(runtime_.told.size(), 4U);
  EXPECT_EQ(runtime_.told[0].path, "/invocation/r1/response") << "too late: nothing more to say of it";
  EXPECT_EQ(runtime_.told[1].path, "/invocation/r2/response");
  EXPECT_EQ(runtime_.told[2].path, "/invocation/r2/error") << "too large: that can be said";
  EXPECT_EQ(runtime_.told[3].path, "/invocation/r3/response");
}

TEST_F(Loop, ends_where_the_runtime_api_is_gone) {
  const Handler never = [](const Invocation&, const Context&) -> Result<std::string> { return "{}"; };
  runtime_.broken = 2;
  runtime_.events = {"1"};
  EXPECT_TRUE(serve(never)) << "twice is no reason";
  EXPECT_EQ(runtime_.told.size(), 1U);
  PlayedRuntime gone;
  gone.broken = 100;
  RuntimeApi api(gone, "127.0.0.1:9001");
  const auto ended = serve_invocations(api, never, log_, clock_, sleeper_, Context{});
  ASSERT_FALSE(ended);
  EXPECT_EQ(gone.broken, 97) << "no endless loop";
}

TEST_F(Loop, takes_deadlines_that_are_none) {
  for (const char* deadline : {"", "soon", "-1", "99999999999999999999", "1799999999000"}) {
    runtime_.events.push_back("1");
    runtime_.stop = std::stop_source();
    runtime_.deadline = deadline;
    ASSERT_TRUE(serve([&](const Invocation&, const Context& context) -> Result<std::string> {
      const auto left = *context.deadline - std::chrono::steady_clock::now();
      EXPECT_LE(left, std::chrono::minutes(15)) << deadline;
      return "{}";
    }));
  }
  EXPECT_EQ(runtime_.told.size(), 5U);
}

TEST(RuntimeApi, tells_why_a_function_cannot_start) {
  PlayedRuntime runtime;
  RuntimeApi api(runtime, "127.0.0.1:9001");
  ASSERT_TRUE(api.fail_init({"Fa2.InvalidInput", "設定がない"}, Context{}));
  ASSERT_EQ(runtime.told.size(), 1U);
  EXPECT_EQ(runtime.told[0].path, "/init/error");
  EXPECT_EQ(parse_json(runtime.told[0].body).at("errorMessage"), "設定がない");
}

TEST(HttpEvent, reads_both_formats) {
  struct Case {
    const char* event;
    const char* method;
    const char* path;
    const char* body;
    const char* peer;
  };
  const Case cases[] = {
      {R"({"version":"2.0","rawPath":"/slack/events","rawQueryString":"a=1","headers":{"x-slack-signature":"v0=1"},
          "requestContext":{"stage":"$default","http":{"method":"POST","sourceIp":"192.0.2.1"}},
          "body":"eyJhIjoiw6kifQ==","isBase64Encoded":true})",
       "POST", "/slack/events", "{\"a\":\"\xC3\xA9\"}", "192.0.2.1"},
      {R"({"version":"2.0","rawPath":"/live/slack/events","headers":{"X-Slack-Signature":"v0=1"},
          "requestContext":{"stage":"live","http":{"method":"POST"}},"body":"a=b","isBase64Encoded":false})",
       "POST", "/slack/events", "a=b", ""},
      {R"({"version":"2.0","rawPath":"/live","headers":{"x-slack-signature":"v0=1"},
          "requestContext":{"stage":"live","http":{"method":"GET"}}})",
       "GET", "/", "", ""},
      {R"({"version":"2.0","rawPath":"/lively/x","headers":{"x-slack-signature":"v0=1"},
          "requestContext":{"stage":"live","http":{"method":"GET"}}})",
       "GET", "/lively/x", "", ""},
      {R"({"resource":"/{proxy+}","path":"/base/slack/events","httpMethod":"POST","headers":null,
          "multiValueHeaders":{"X-SLACK-Signature":["v0=1"]},"pathParameters":{"proxy":"slack/events"},
          "requestContext":{"stage":"prod","identity":{"sourceIp":"192.0.2.2"}},"body":"x","isBase64Encoded":false})",
       "POST", "/slack/events", "x", "192.0.2.2"},
      {R"({"version":"1.0","path":"/sns","httpMethod":"POST","headers":{"X-Slack-Signature":"v0=1"},"body":null,
          "pathParameters":null,"requestContext":{}})",
       "POST", "/sns", "", ""},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.event);
    const auto request = parse_http_event(c.event);
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->method, c.method);
    EXPECT_EQ(request->path, c.path);
    EXPECT_EQ(request->body, c.body);
    EXPECT_EQ(request->peer, c.peer);
    EXPECT_EQ(find_header(request->headers, "x-slack-SIGNATURE").value_or(""), "v0=1");
  }
}

TEST(HttpEvent, refuses_what_is_none) {
  for (const char* event :
       {"", "null", "[]", "{}", "{", R"({"version":"2.0"})", R"({"version":"2.0","rawPath":7})",
        R"({"httpMethod":"POST"})", R"({"httpMethod":"POST","path":"x"})", R"({"httpMethod":["POST"],"path":"/"})",
        R"({"httpMethod":"POST","path":"/","body":"???","isBase64Encoded":true})",
        R"({"httpMethod":"POST","path":"/","body":"QQ","isBase64Encoded":true})",
        R"({"httpMethod":"POST","path":"/","body":"QR==","isBase64Encoded":true})"}) {
    const auto request = parse_http_event(event);
    ASSERT_FALSE(request) << event;
    EXPECT_EQ(request.error().code, ErrorCode::kInvalidInput);
  }
  const std::string large =
      R"({"httpMethod":"POST","path":"/","body":")" + std::string(kMostRequestBytes + 1, 'x') + "\"}";
  EXPECT_EQ(parse_http_event(large).error().code, ErrorCode::kLimit);
}

TEST(HttpEvent, writes_answers) {
  const Json answer = parse_json(http_event_answer({401, "text/plain; charset=utf-8", "いいえ \xFF\n"}));
  EXPECT_EQ(answer.at("statusCode"), 401);
  EXPECT_EQ(answer.at("isBase64Encoded"), false);
  EXPECT_EQ(answer.at("body"), "いいえ \uFFFD\n");
  EXPECT_EQ(answer.at("headers").at("Content-Type"), "text/plain; charset=utf-8");
}

}  // namespace
}  // namespace fa::lambda
