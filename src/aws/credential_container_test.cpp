#include "aws/credential_container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "aws/credential_test_world.h"
#include "base/json.h"
#include "support/fakes.h"

namespace fa::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kVectors = FA_PROJECT_DIR "/../shared/aws/credentials/ecs-tests.json";

TEST(ContainerVectors, TheEndpointIsTheOneThePublishedCasesSay) {
  std::ifstream in(kVectors);
  if (!in) GTEST_SKIP() << "needs " << kVectors;
  const Json cases = Json::parse(in, nullptr, false).at("tests");
  std::size_t passed = 0;
  for (const Json& test : cases) {
    SCOPED_TRACE(test.at("docs").get<std::string>());
    FakeEnvironment environment;
    for (const auto& [name, value] : test.at("env").items()) environment.variables[name] = value.get<std::string>();
    const auto url = container_endpoint(environment);
    const Json& result = test.at("result");
    if (result.contains("Ok")) {
      ASSERT_TRUE(url.has_value()) << url.error().message;
      EXPECT_EQ(*url, result.at("Ok").get<std::string>());
    } else if (environment.variables.empty()) {
      // "Not enabled" is no error of ours: the chain goes on.
      ASSERT_TRUE(url.has_value());
      EXPECT_FALSE(url->has_value());
    } else {
      ASSERT_FALSE(url.has_value());  // in words of our own
      EXPECT_EQ(url.error().code, ErrorCode::kInvalidInput);
    }
    if (!HasFailure()) ++passed;
  }
  std::cout << "container endpoints: " << passed << " of " << cases.size() << " published cases pass\n";
}

TEST(Container, PlainHttpStaysOnThisMachine) {
  const auto allowed = [](const std::string& url) {
    FakeEnvironment environment;
    environment.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    const auto endpoint = container_endpoint(environment);
    return endpoint.has_value() && endpoint->has_value();
  };
  for (const std::string url : {"http://127.0.0.1/c", "http://127.9.8.7:80/c", "http://[::1]:8080/c",
                                "http://LOCALHOST/c", "https://x.example/c"}) {
    EXPECT_TRUE(allowed(url)) << url;
  }
  for (const std::string url :
       {"http://example.com/c", "http://127.0.0.1.example.com/c", "http://127.0.0.1@example.com/c",
        "http://169.254.170.2.example.com/c", "http://169.254.169.254/c", "http://127.0.0.256/c", "http://127.0.0.1a/c",
        "http://127.1/c", "http://[::2]/c", "http://localhost.example.com/c", "ftp://localhost/c", "http:///c", "x"}) {
    EXPECT_FALSE(allowed(url)) << url;
  }
}

TEST(Container, ARelativeUriCannotNameAnotherHost) {
  for (const std::string uri : {".example.com/c", "@example.com/c", "1/c", "/c#d"}) {
    FakeEnvironment environment;
    environment.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = uri;
    EXPECT_FALSE(container_endpoint(environment).has_value()) << uri;
  }
}

struct Agent {
  HttpResponse answer{200,
                      {},
                      R"({"AccessKeyId":"ASIA1","SecretAccessKey":"secret-1","Token":"token-1",)"
                      R"("Expiration":"2026-03-14T15:00:00Z","AccountId":"123456789012"})"};
  FakeEnvironment environment;
  test::FakeClock clock{*parse_rfc3339("2026-03-14T09:00:00Z")};
  test::FakeSleeper sleeper{&clock};
  test::FixedRandom random;
  Retrier retrier{sleeper, random};
  test::ScriptedHttp http{[this](const HttpRequest&) -> Result<HttpResponse> { return answer; }};

  Result<Credentials> get(const std::string& url = "http://169.254.170.23/v1/credentials") {
    return make_container({environment, http, retrier, clock}, url)->get({});
  }
};

TEST(Container, TheTokenFileStandsAboveTheTokenAndIsReadEachTime) {
  Agent agent;
  agent.environment.variables = {{"AWS_CONTAINER_AUTHORIZATION_TOKEN", "from-variable"}};
  ASSERT_TRUE(agent.get().has_value());
  agent.environment.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  agent.environment.files["/token"] = "from-file\n";
  ASSERT_TRUE(agent.get().has_value());
  agent.environment.files["/token"] = "renewed";
  ASSERT_TRUE(agent.get().has_value());
  const auto requests = agent.http.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(find_header(requests[0].headers, "authorization"), "from-variable");
  EXPECT_EQ(find_header(requests[1].headers, "authorization"), "from-file");
  EXPECT_EQ(find_header(requests[2].headers, "authorization"), "renewed");
  EXPECT_TRUE(requests[0].direct);
}

TEST(Container, WithoutATokenNoAuthorizationIsSentAndHttpsMayGoThroughAProxy) {
  Agent agent;
  const auto credentials = agent.get("https://broker.example/c");
  ASSERT_TRUE(credentials.has_value()) << credentials.error().message;
  EXPECT_EQ(credentials->account_id, "123456789012");
  EXPECT_EQ(find_header(agent.http.requests()[0].headers, "authorization"), std::nullopt);
  EXPECT_FALSE(agent.http.requests()[0].direct);
}

TEST(Container, ATokenThatWouldSplitTheHeaderIsRefusedUnseen) {
  Agent agent;
  agent.environment.variables = {{"AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret-token\r\nHost: elsewhere"}};
  const auto credentials = agent.get();
  ASSERT_FALSE(credentials.has_value());
  EXPECT_EQ(credentials.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(credentials.error().message, Not(HasSubstr("secret-token")));
  EXPECT_TRUE(agent.http.requests().empty());
}

TEST(Container, WhatTheAgentSaysIsPassedOn) {
  Agent agent;
  agent.environment.variables = {{"AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret-token"}};
  agent.answer = {400, {}, R"({"code":"InvalidIdInRequest","message":"no such task for secret-token"})"};
  const auto credentials = agent.get();
  ASSERT_FALSE(credentials.has_value());
  EXPECT_EQ(credentials.error().code, ErrorCode::kDenied);
  EXPECT_EQ(credentials.error().reason, "InvalidIdInRequest");
  EXPECT_THAT(credentials.error().message, HasSubstr("no such task for ***"));
}

}  // namespace
}  // namespace fa::aws
