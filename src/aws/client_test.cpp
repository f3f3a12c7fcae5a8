#include "aws/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "support/aws/client_world.h"

namespace fa::aws {
namespace {

using test::answer;
using test::ClientWorld;
using test::key_pair;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr Service kLogs{.name = "logs",
                        .shown_name = "CloudWatch Logs",
                        .settings_id = "cloudwatch_logs",
                        .iam_prefix = "logs",
                        .protocol = Protocol::kJson11,
                        .target_prefix = "Logs_20140328",
                        .api_version = "2014-03-28"};
constexpr Service kMetrics{.name = "cloudwatch",
                           .shown_name = "CloudWatch",
                           .settings_id = "cloudwatch",
                           .iam_prefix = "cloudwatch",
                           .protocol = Protocol::kJson10,
                           .target_prefix = "GraniteServiceVersion20100801",
                           .api_version = "2010-08-01"};
constexpr Service kTraces{.name = "xray",
                          .shown_name = "X-Ray",
                          .settings_id = "xray",
                          .iam_prefix = "xray",
                          .protocol = Protocol::kRestJson,
                          .target_prefix = "",
                          .api_version = "2016-04-12"};
constexpr Service kBuckets{.name = "s3",
                           .shown_name = "S3",
                           .settings_id = "s3",
                           .iam_prefix = "s3",
                           .protocol = Protocol::kRestXml,
                           .target_prefix = "",
                           .api_version = "2006-03-01"};
constexpr Service kTokens{.name = "sts",
                          .shown_name = "STS",
                          .settings_id = "sts",
                          .iam_prefix = "sts",
                          .protocol = Protocol::kQuery,
                          .target_prefix = "",
                          .api_version = "2011-06-15"};

Operation operation(const Service& service, std::string name, std::string body = {}) {
  Operation made;
  made.service = &service;
  made.name = std::move(name);
  made.body = std::move(body);
  return made;
}

Operation filter_events() {
  Operation made = operation(kLogs, "FilterLogEvents", "{}");
  made.about = "log group /ecs/orders";
  return made;
}

Operation get_object(std::string bucket, std::string path = "/logs/a%20b.gz") {
  Operation made = operation(kBuckets, "GetObject");
  made.method = "GET";
  made.path = std::move(path);
  made.bucket = std::move(bucket);
  made.about = "s3://" + made.bucket + made.path;
  return made;
}

std::string header(const HttpRequest& request, std::string_view name) {
  return std::string(find_header(request.headers, name).value_or(""));
}

/// Answers one after the other; the last for ever.
test::ScriptedHttp::Script in_turn(std::vector<Result<HttpResponse>> answers) {
  auto queue = std::make_shared<std::deque<Result<HttpResponse>>>(answers.begin(), answers.end());
  return [queue](const HttpRequest&) {
    auto next = queue->front();
    if (queue->size() > 1) queue->pop_front();
    return next;
  };
}

TEST(ClientRequests, carry_the_headers_of_their_protocol) {
  ClientWorld world(in_turn({answer(200, "{}")}));
  ASSERT_TRUE(world.client.call(filter_events(), {}));
  ASSERT_TRUE(world.client.call(operation(kMetrics, "ListMetrics"), {}));
  Operation traces = operation(kTraces, "GetServiceGraph", R"({"StartTime":1})");
  traces.path = "/ServiceGraph";
  ASSERT_TRUE(world.client.call(traces, {}));
  ASSERT_TRUE(world.client.call(get_object("plain-bucket"), {}));
  ASSERT_TRUE(world.client.call(operation(kTokens, "GetCallerIdentity"), {}));
  ASSERT_TRUE(world.client.call(operation(kTokens, "AssumeRole", "RoleArn=a&RoleSessionName=b"), {}));

  const auto sent = world.http.requests();
  EXPECT_EQ(sent[0].method, "POST");
  EXPECT_EQ(sent[0].url, "https://logs.ap-northeast-1.amazonaws.com/");
  EXPECT_EQ(header(sent[0], "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(header(sent[0], "X-Amz-Target"), "Logs_20140328.FilterLogEvents");
  EXPECT_THAT(header(sent[0], "User-Agent"), testing::StartsWith("fa2/"));
  EXPECT_THAT(header(sent[0], "Authorization"), HasSubstr("/20260314/ap-northeast-1/logs/aws4_request"));

  EXPECT_EQ(header(sent[1], "Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(sent[1].body, "{}") << "JSON protocols want a document even without parameters";
  EXPECT_THAT(header(sent[1], "Authorization"), HasSubstr("/ap-northeast-1/monitoring/aws4_request"));

  EXPECT_EQ(sent[2].url, "https://xray.ap-northeast-1.amazonaws.com/ServiceGraph");
  EXPECT_EQ(header(sent[2], "Content-Type"), "application/json");
  EXPECT_EQ(header(sent[2], "X-Amz-Target"), "");

  EXPECT_EQ(sent[3].method, "GET");
  EXPECT_EQ(sent[3].url, "https://plain-bucket.s3.ap-northeast-1.amazonaws.com/logs/a%20b.gz");
  EXPECT_EQ(header(sent[3], "Content-Type"), "");
  EXPECT_NE(header(sent[3], "x-amz-content-sha256"), "");

  EXPECT_EQ(sent[4].body, "Action=GetCallerIdentity&Version=2011-06-15");
  EXPECT_THAT(header(sent[4], "Content-Type"), testing::StartsWith("application/x-www-form-urlencoded"));
  EXPECT_EQ(sent[5].body, "Action=AssumeRole&Version=2011-06-15&RoleArn=a&RoleSessionName=b");
}

TEST(ClientRequests, put_the_bucket_where_its_endpoint_can_have_it) {
  struct Case {
    const char* about;
    const char* bucket;
    const char* endpoint;  // AWS_ENDPOINT_URL_S3
    bool path_style;
    const char* url;
  };
  const Case kCases[] = {
      {"host", "plain", "", false, "https://plain.s3.ap-northeast-1.amazonaws.com/k"},
      {"asked for", "plain", "", true, "https://s3.ap-northeast-1.amazonaws.com/plain/k"},
      {"a dot does not match the certificate", "a.b", "", false, "https://s3.ap-northeast-1.amazonaws.com/a.b/k"},
      {"an address", "plain", "http://127.0.0.1:4566", false, "http://127.0.0.1:4566/plain/k"},
      {"localhost", "plain", "http://localhost:4566", false, "http://localhost:4566/plain/k"},
      {"a host with a name", "plain", "https://s3.corp.example", false, "https://plain.s3.corp.example/k"},
      {"a host with a name, dots, https", "a.b", "https://s3.corp.example", false, "https://s3.corp.example/a.b/k"},
  };
  for (const Case& c : kCases) {
    ClientSettings settings = ClientWorld::region("ap-northeast-1");
    settings.s3_path_style = c.path_style;
    if (*c.endpoint != '\0') settings.shared.environment_urls["S3"] = c.endpoint;
    ClientWorld world(in_turn({answer(200)}), settings);
    ASSERT_TRUE(world.client.call(get_object(c.bucket, "/k"), {})) << c.about;
    EXPECT_EQ(world.http.requests().at(0).url, c.url) << c.about;
  }
}

TEST(ClientRequests, go_to_the_region_of_the_operation) {
  ClientWorld world(in_turn({answer(200, "{}")}));
  Operation global = operation(kMetrics, "ListMetrics");
  global.region = "us-east-1";
  ASSERT_TRUE(world.client.call(global, {}));
  EXPECT_EQ(world.http.requests().at(0).url, "https://monitoring.us-east-1.amazonaws.com/");
  EXPECT_THAT(header(world.http.requests().at(0), "Authorization"), HasSubstr("/us-east-1/monitoring/"));
}

TEST(ClientRequests, without_a_region_are_not_sent) {
  ClientWorld world(in_turn({answer(200)}), ClientWorld::region(""));
  const auto got = world.client.call(filter_events(), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(got.error().message, HasSubstr("AWS_REGION"));
  EXPECT_THAT(world.http.requests(), testing::IsEmpty());
}

TEST(ClientRetries, repeat_what_may_pass_and_nothing_else) {
  const Error lost{ErrorCode::kUnavailable, "POST host/: connection lost", "ConnectionLost"};
  struct Case {
    const char* about;
    Result<HttpResponse> first;
    bool repeated;
    bool fine;  // when everything after the first is
  };
  const Case kCases[] = {
      {"fine", answer(200, "{}"), false, true},
      {"server error", answer(500), true, true},
      {"throttled", answer(400, R"({"__type":"ThrottlingException"})"), true, true},
      {"connection lost", tl::unexpected(lost), true, true},
      {"invalid", answer(400, R"({"__type":"InvalidParameterException"})"), false, false},
      {"denied", answer(400, R"({"__type":"AccessDeniedException"})"), false, false},
      {"too large", fail(ErrorCode::kLimit, "too large"), false, false},
  };
  for (const Case& c : kCases) {
    ClientWorld world(in_turn({c.first, answer(200, "{}")}));
    const auto got = world.client.call(filter_events(), {});
    EXPECT_EQ(world.http.requests().size(), c.repeated ? 2U : 1U) << c.about;
    EXPECT_EQ(got.has_value(), c.fine) << c.about;
  }
}

TEST(ClientRetries, end_and_say_how_often_they_asked) {
  ClientWorld world(in_turn({answer(503, "", {{"x-amzn-requestid", "r-9"}})}));
  const auto got = world.client.call(filter_events(), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(world.http.requests().size(), 5U);
  EXPECT_THAT(got.error().message, HasSubstr("5 times"));
  EXPECT_THAT(got.error().message, HasSubstr("r-9"));
}

TEST(ClientRetries, wait_as_long_as_the_service_asks) {
  ClientWorld world(in_turn({answer(503, "", {{"Retry-After", "7"}}), answer(200, "{}")}));
  ASSERT_TRUE(world.client.call(filter_events(), {}));
  EXPECT_THAT(world.sleeper.slept(), ElementsAre(testing::Ge(Nanoseconds(std::chrono::seconds(7)))));
}

TEST(ClientRetries, are_not_made_for_errors_of_the_credentials) {
  ClientWorld world(in_turn({answer(200)}), ClientWorld::region("eu-west-1"), {});
  const auto got = world.client.call(filter_events(), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kDenied);
  EXPECT_EQ(got.error().message, "no credentials were found: run aws configure");
  EXPECT_THAT(world.http.requests(), testing::IsEmpty());
  EXPECT_THAT(world.sleeper.slept(), testing::IsEmpty());
}

TEST(ClientRetries, end_with_the_context) {
  std::stop_source stop;
  ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> {
    stop.request_stop();
    return answer(500);
  });
  const auto got = world.client.call(filter_events(), {stop.get_token(), {}});
  ASSERT_FALSE(got);
  EXPECT_EQ(world.http.requests().size(), 1U);
}

TEST(ClientMends, a_wrong_clock_from_the_date_of_the_refusal) {
  const HttpHeaders date = {{"Date", "Sat, 14 Mar 2026 08:40:00 GMT"}};
  for (const char* code : {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed",
                           "RequestExpired", "AuthFailure"}) {
    const std::string body = std::string(R"({"__type":")") + code + "\"}";
    ClientWorld world(in_turn({answer(403, body, date), answer(200, "{}")}));
    ASSERT_TRUE(world.client.call(filter_events(), {})) << code;
    const auto sent = world.http.requests();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(header(sent[0], "X-Amz-Date"), "20260314T083000Z");
    EXPECT_EQ(header(sent[1], "X-Amz-Date"), "20260314T084000Z");
    EXPECT_EQ(world.client.clock_skew(), Nanoseconds(std::chrono::minutes(10)));
    EXPECT_THAT(world.sleeper.slept(), testing::IsEmpty()) << "asked again at once";
    ASSERT_TRUE(world.client.call(filter_events(), {}));
    EXPECT_EQ(header(world.http.requests().at(2), "X-Amz-Date"), "20260314T084000Z") << "and remembered";
  }
}

TEST(ClientMends, no_clock_that_is_right_enough) {
  const std::string body = R"({"__type":"InvalidSignatureException","message":"does not match"})";
  ClientWorld world(in_turn({answer(403, body, {{"Date", "Sat, 14 Mar 2026 08:33:00 GMT"}})}));
  const auto got = world.client.call(filter_events(), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(world.http.requests().size(), 1U);
  EXPECT_EQ(got.error().code, ErrorCode::kDenied);
  EXPECT_EQ(got.error().reason, "InvalidSignatureException");
}

TEST(ClientMends, a_clock_only_once_a_call) {
  int hour = 9;
  ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> {  // a service whose clock runs away
    const std::string date = "Sat, 14 Mar 2026 " + std::to_string(++hour) + ":00:00 GMT";
    return answer(403, R"({"__type":"RequestTimeTooSkewed"})", {{"Date", date}});
  });
  const auto got = world.client.call(filter_events(), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(world.http.requests().size(), 2U);
  EXPECT_EQ(got.error().code, ErrorCode::kDenied);
  EXPECT_THAT(got.error().message, HasSubstr("clock"));
}

TEST(ClientMends, expired_credentials_by_asking_for_new_ones) {
  ClientWorld world(in_turn({answer(400, R"({"__type":"ExpiredTokenException"})"), answer(200, "{}")}),
                    ClientWorld::region("eu-west-1"), {key_pair("ASIAOLD", "t1"), key_pair("ASIANEW", "t2")});
  ASSERT_TRUE(world.client.call(filter_events(), {}));
  EXPECT_THAT(world.credentials.refused(), ElementsAre("ASIAOLD"));
  EXPECT_THAT(header(world.http.requests().at(1), "Authorization"), HasSubstr("Credential=ASIANEW/"));
}

TEST(ClientMends, expired_credentials_only_once_a_call) {
  ClientWorld world(in_turn({answer(403,
                                    "<Error><Code>ExpiredToken</Code><Message>The provided token has expired."
                                    "</Message></Error>")}));
  const auto got = world.client.call(get_object("plain"), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(world.http.requests().size(), 2U);
  EXPECT_EQ(got.error().code, ErrorCode::kDenied);
  EXPECT_EQ(got.error().reason, "ExpiredToken");
  EXPECT_THAT(got.error().message, HasSubstr("aws sso login"));
  EXPECT_THAT(got.error().message, HasSubstr("profile tests"));
}

TEST(ClientMends, the_region_of_a_bucket_and_remembers_it) {
  struct Case {
    const char* about;
    const char* method;
    HttpResponse refusal;
  };
  const Case kCases[] = {
      {"permanent redirect", "GET",
       answer(301, "<Error><Code>PermanentRedirect</Code></Error>", {{"x-amz-bucket-region", "eu-central-1"}})},
      {"bare 301", "HEAD", answer(301, "", {{"x-amz-bucket-region", "eu-central-1"}})},
      {"bare 400 to HEAD", "HEAD", answer(400, "", {{"x-amz-bucket-region", "eu-central-1"}})},
      {"signed for the wrong region", "GET",
       answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-central-1</Region></Error>")},
      {"temporary redirect", "GET",
       answer(307, "<Error><Code>TemporaryRedirect</Code></Error>", {{"x-amz-bucket-region", "eu-central-1"}})},
  };
  for (const Case& c : kCases) {
    ClientWorld world(in_turn({c.refusal, answer(200, "bytes")}));
    Operation asked = get_object("far", "/k");
    asked.method = c.method;
    ASSERT_TRUE(world.client.call(asked, {})) << c.about;
    const auto sent = world.http.requests();
    ASSERT_EQ(sent.size(), 2U) << c.about;
    EXPECT_EQ(sent[0].url, "https://far.s3.ap-northeast-1.amazonaws.com/k");
    EXPECT_EQ(sent[1].url, "https://far.s3.eu-central-1.amazonaws.com/k") << c.about;
    EXPECT_THAT(header(sent[1], "Authorization"), HasSubstr("/eu-central-1/s3/"));
    EXPECT_EQ(world.client.known_bucket_region("far"), "eu-central-1");
    ASSERT_TRUE(world.client.call(asked, {}));
    EXPECT_EQ(world.http.requests().at(2).url, "https://far.s3.eu-central-1.amazonaws.com/k") << c.about;
  }
}

TEST(ClientMends, no_redirects_in_a_circle) {
  bool odd = false;
  ClientWorld world([&](const HttpRequest&) -> Result<HttpResponse> {
    odd = !odd;
    return answer(301, "", {{"x-amz-bucket-region", odd ? "eu-west-1" : "eu-west-2"}});
  });
  const auto got = world.client.call(get_object("lost"), {});
  ASSERT_FALSE(got);
  EXPECT_EQ(world.http.requests().size(), 2U);
  EXPECT_THAT(got.error().message, HasSubstr("eu-west-2"));
}

TEST(ClientMends, region_clock_and_credentials_in_one_call) {
  ClientWorld world(in_turn({answer(301, "", {{"x-amz-bucket-region", "eu-west-1"}}),
                             answer(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>",
                                    {{"Date", "Sat, 14 Mar 2026 09:30:00 GMT"}}),
                             answer(400, "<Error><Code>ExpiredToken</Code></Error>"), answer(200)}),
                    ClientWorld::region("us-east-1"), {key_pair("ASIA1", "t"), key_pair("ASIA2", "t")});
  EXPECT_TRUE(world.client.call(get_object("b"), {}));
  EXPECT_EQ(world.http.requests().size(), 4U);
}

TEST(ClientErrors, say_what_happened_to_whom_and_what_to_do) {
  struct Case {
    const char* about;
    Operation operation;
    HttpResponse refusal;
    ErrorCode code;
    const char* reason;
    std::vector<std::string> words;
  };
  Operation list = get_object("logs-bucket", "/");
  list.name = "ListObjectsV2";
  list.iam_action = "s3:ListBucket";
  const Case kCases[] = {
      {"a permission the service does not name",
       filter_events(),
       answer(400, R"({"__type":"AccessDeniedException"})", {{"x-amzn-requestid", "r-1"}}),
       ErrorCode::kDenied,
       "AccessDeniedException",
       {"CloudWatch Logs FilterLogEvents (log group /ecs/orders, ap-northeast-1) was denied", "HTTP 400",
        "request id r-1", "Allow logs:FilterLogEvents on log group /ecs/orders", "profile tests"}},
      {"a permission the service names",
       get_object("b"),
       answer(403,
              "<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/x is not authorized to perform: "
              "kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/k because no identity-based policy allows the "
              "kms:Decrypt action</Message></Error>"),
       ErrorCode::kDenied,
       "AccessDenied",
       {"Allow kms:Decrypt on arn:aws:kms:eu-west-1:1:key/k"}},
      {"an action with another name than its operation",
       list,
       answer(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"),
       ErrorCode::kDenied,
       "AccessDenied",
       {"Allow s3:ListBucket on"}},
      {"unknown key",
       filter_events(),
       answer(400, R"({"__type":"UnrecognizedClientException","message":"The security token included is invalid."})"),
       ErrorCode::kDenied,
       "UnrecognizedClientException",
       {"AWS does not know", "profile tests"}},
      {"region not enabled",
       operation(kTokens, "GetCallerIdentity"),
       answer(403, "<ErrorResponse><Error><Code>OptInRequired</Code></Error></ErrorResponse>"),
       ErrorCode::kDenied,
       "OptInRequired",
       {"Enable", "ap-northeast-1"}},
      {"a proxy's 403",
       filter_events(),
       answer(403, "<html>Blocked by policy</html>"),
       ErrorCode::kDenied,
       "",
       {"proxy", "HTTP 403"}},
      {"missing group",
       filter_events(),
       answer(400, R"({"__type":"ResourceNotFoundException","message":"The specified log group does not exist."})"),
       ErrorCode::kNotFound,
       "ResourceNotFoundException",
       {"The specified log group does not exist", "Check the name, the region (ap-northeast-1)"}},
      {"missing key",
       get_object("b"),
       answer(404, "<Error><Code>NoSuchKey</Code></Error>"),
       ErrorCode::kNotFound,
       "NoSuchKey",
       {"s3://b/"}},
      {"bare 404", get_object("b"), answer(404), ErrorCode::kNotFound, "", {"HTTP 404"}},
      {"quota",
       operation(kLogs, "StartQuery", "{}"),
       answer(400, R"({"__type":"LimitExceededException","message":"Account maximum query concurrency limit"})"),
       ErrorCode::kLimit,
       "LimitExceededException",
       {"concurrency limit", "quota"}},
      {"throttled",
       filter_events(),
       answer(400, R"({"__type":"ThrottlingException","message":"Rate exceeded"})"),
       ErrorCode::kUnavailable,
       "ThrottlingException",
       {"was throttled 5 times: Rate exceeded"}},
      {"archived",
       get_object("b"),
       answer(403, "<Error><Code>InvalidObjectState</Code><StorageClass>GLACIER</StorageClass></Error>"),
       ErrorCode::kUnreadable,
       "InvalidObjectState",
       {"GLACIER", "restore"}},
      {"invalid",
       filter_events(),
       answer(400, R"({"__type":"InvalidParameterException","message":"limit\nmust be less"})"),
       ErrorCode::kInvalidInput,
       "InvalidParameterException",
       {"refused as invalid: limit must be less [InvalidParameterException, HTTP 400]"}},
      {"no such operation", filter_events(), answer(501, "{}"), ErrorCode::kUnavailable, "", {"HTTP 501"}},
  };
  for (const Case& c : kCases) {
    ClientWorld world(in_turn({c.refusal}));
    const auto got = world.client.call(c.operation, {});
    ASSERT_FALSE(got) << c.about;
    EXPECT_EQ(got.error().code, c.code) << c.about;
    EXPECT_EQ(got.error().reason, c.reason) << c.about;
    for (const std::string& word : c.words) EXPECT_THAT(got.error().message, HasSubstr(word)) << c.about;
    EXPECT_THAT(got.error().message, Not(HasSubstr("\n"))) << c.about;
  }
}

TEST(ClientErrors, without_an_answer_keep_their_code_and_say_what_to_look_at) {
  struct Case {
    const char* reason;
    const char* word;
  };
  const Case kCases[] = {{"ResolveFailed", "ap-northeast-1 is a region"},
                         {"ConnectFailed", "https_proxy"},
                         {"Timeout", "firewall"},
                         {"Tls", "AWS_CA_BUNDLE"},
                         {"ConnectionLost", "Try again later"}};
  for (const Case& c : kCases) {
    ClientWorld world(in_turn({tl::unexpected(Error{ErrorCode::kUnavailable, "POST host/: no luck", c.reason})}));
    const auto got = world.client.call(filter_events(), {});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(got.error().reason, c.reason);
    EXPECT_THAT(got.error().message, HasSubstr("no luck"));
    EXPECT_THAT(got.error().message, HasSubstr(c.word));
    EXPECT_THAT(got.error().message, HasSubstr("log group /ecs/orders"));
  }
}

TEST(ClientErrors, never_hold_what_signed_the_request) {
  const std::string token = "FwoGZXIvYXdzEXAMPLETOKEN";
  ClientWorld world(in_turn({answer(403, "<Error><Code>InvalidToken</Code><Message>bad " + token +
                                             " and secret-of-tests-0123456789</Message></Error>")}),
                    ClientWorld::region("eu-west-1"), {key_pair("ASIA1", token)});
  const auto got = world.client.call(get_object("b"), {});
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, Not(HasSubstr(token)));
  EXPECT_THAT(got.error().message, Not(HasSubstr("secret-of-tests")));
}

TEST(ClientCounters, count_requests_and_bytes) {
  ClientWorld world(in_turn({answer(500, "12345"), answer(200, "1234567890")}));
  ASSERT_TRUE(world.client.call(filter_events(), {}));
  ASSERT_TRUE(world.client.call(get_object("b"), {}));
  const CallCounters counters = world.client.counters();
  EXPECT_THAT(counters.calls, testing::UnorderedElementsAre(testing::Pair("logs:FilterLogEvents", 2U),
                                                            testing::Pair("s3:GetObject", 1U)));
  EXPECT_EQ(counters.bytes_received, 25U);
}

TEST(ClientThreads, share_what_was_learned) {
  // Answers depend on the request alone, so that threads may come in any order.
  ClientWorld world([](const HttpRequest& request) -> Result<HttpResponse> {
    if (header(request, "X-Amz-Date") == "20260314T083000Z") {
      return answer(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>",
                    {{"Date", "Sat, 14 Mar 2026 09:30:00 GMT"}});
    }
    const bool there = request.url.find("eu-west-1") != std::string::npos;
    return there ? answer(200, "bytes") : answer(301, "", {{"x-amz-bucket-region", "eu-west-1"}});
  });
  std::vector<int> fine(8, 0);
  {
    std::vector<std::jthread> threads;
    for (int& count : fine) {
      threads.emplace_back([&world, &count] {
        for (int i = 0; i < 20; ++i) count += world.client.call(get_object("far"), {}).has_value() ? 1 : 0;
      });
    }
  }
  EXPECT_THAT(fine, testing::Each(20));
  EXPECT_EQ(world.client.clock_skew(), Nanoseconds(std::chrono::hours(1)));
  EXPECT_EQ(world.client.known_bucket_region("far"), "eu-west-1");
  EXPECT_EQ(world.client.counters().calls.at("s3:GetObject"), world.http.requests().size());
}

class TextSink final : public BodySink {
 public:
  Result<void> restart() override {
    text.clear();
    return {};
  }
  Result<void> write(std::string_view bytes) override {
    if (refuse) return fail(ErrorCode::kUnreadable, "the disk is full");
    text += bytes;
    return {};
  }
  std::string text;
  bool refuse = false;
};

TEST(ClientSinks, get_the_body_of_the_answer_that_counts) {
  ClientWorld world(in_turn({answer(503, "<Error><Code>SlowDown</Code></Error>"), answer(200, "bytes")}));
  TextSink sink;
  const auto got = world.client.call(get_object("b"), {}, &sink);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "");
  EXPECT_EQ(sink.text, "bytes");
  EXPECT_EQ(world.client.counters().bytes_received, 5U + 36U);
}

TEST(ClientSinks, that_fail_end_the_call) {
  ClientWorld world(in_turn({answer(200, "bytes")}));
  TextSink sink;
  sink.refuse = true;
  const auto got = world.client.call(get_object("b"), {}, &sink);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(got.error().message, HasSubstr("the disk is full"));
  EXPECT_EQ(world.http.requests().size(), 1U);
}

}  // namespace
}  // namespace fa::aws
