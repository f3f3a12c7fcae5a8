#include "aws/credential_imds.h"

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

const std::string kVectors = FA_PROJECT_DIR "/../shared/aws/credentials/imds-config/imds-endpoint-tests.json";

std::string text_at(const Json& object, const char* key) {
  return object.contains(key) ? object.at(key).get<std::string>() : std::string();
}

TEST(ImdsVectors, TheEndpointIsTheOneThePublishedCasesSay) {
  std::ifstream in(kVectors);
  if (!in) GTEST_SKIP() << "needs " << kVectors;
  const Json cases = Json::parse(in, nullptr, false).at("tests");
  std::size_t passed = 0;
  for (const Json& test : cases) {
    SCOPED_TRACE(text_at(test, "docs"));
    FakeEnvironment environment;
    for (const auto& [name, value] : test.at("env").items()) environment.variables[name] = value.get<std::string>();
    for (const auto& [name, value] : test.at("fs").items()) environment.files[name] = value.get<std::string>();
    const auto files = load_profile_files(environment, "");
    ASSERT_TRUE(files.has_value()) << files.error().message;
    const auto endpoint =
        imds_endpoint(environment, *files, {text_at(test, "endpoint_override"), text_at(test, "mode_override")});
    const Json& result = test.at("result");
    if (result.contains("Ok")) {
      ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
      EXPECT_EQ(*endpoint + "/latest/api/token", text_at(result, "Ok"));
    } else {
      ASSERT_FALSE(endpoint.has_value());
      EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalidInput);
      // "invalid uri character" is that SDK's word for what no URL is; the other words are kept.
      if (text_at(result, "Err") != "invalid uri character") {
        EXPECT_THAT(endpoint.error().message, HasSubstr(text_at(result, "Err")));
      }
    }
    if (!HasFailure()) ++passed;
  }
  std::cout << "IMDS endpoints: " << passed << " of " << cases.size() << " published cases pass\n";
}

/// An instance whose answers a test changes, path by path.
struct Instance {
  std::map<std::string, HttpResponse> answers = {
      {"/latest/api/token", {200, {}, "imds-session-token"}},
      {"/latest/meta-data/iam/security-credentials/", {200, {}, "web\n"}},
      {"/latest/meta-data/iam/security-credentials/web",
       {200,
        {},
        R"({"Code":"Success","AccessKeyId":"ASIA1","SecretAccessKey":"secret-1","Token":"token-1",)"
        R"("Expiration":"2026-03-14T15:00:00Z"})"}}};
  std::optional<Error> error;
  FakeEnvironment environment;
  test::FakeClock clock{*parse_rfc3339("2026-03-14T09:00:00Z")};
  test::FakeSleeper sleeper{&clock};
  test::FixedRandom random;
  Retrier retrier{sleeper, random};
  test::ScriptedHttp http{[this](const HttpRequest& request) -> Result<HttpResponse> {
    if (error) return tl::unexpected(*error);
    const auto found = answers.find(request.url.substr(std::string("http://169.254.169.254").size()));
    return found == answers.end() ? HttpResponse{404, {}, ""} : found->second;
  }};

  Result<Credentials> get() {
    return make_imds({environment, http, retrier, clock}, "http://169.254.169.254")->get({});
  }
};

TEST(Imds, EveryRequestIsShortDirectAndCarriesTheToken) {
  Instance instance;
  const auto credentials = instance.get();
  ASSERT_TRUE(credentials.has_value()) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id, "ASIA1");
  EXPECT_EQ(credentials->origin, "EC2 instance role web");
  const auto requests = instance.http.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].method, "PUT");
  for (const HttpRequest& request : requests) {
    EXPECT_TRUE(request.direct);
    EXPECT_EQ(request.connect_timeout, std::chrono::seconds(1));
  }
  EXPECT_EQ(find_header(requests[1].headers, "x-aws-ec2-metadata-token"), "imds-session-token");
  EXPECT_EQ(find_header(requests[2].headers, "x-aws-ec2-metadata-token"), "imds-session-token");
}

TEST(Imds, WithoutATokenVersion1IsNeverTried) {
  for (const int status : {400, 403, 404, 405, 302}) {
    Instance instance;
    instance.answers["/latest/api/token"] = {status, {}, ""};
    const auto credentials = instance.get();
    ASSERT_FALSE(credentials.has_value()) << status;
    EXPECT_THAT(credentials.error().message, HasSubstr(std::to_string(status)));
    for (const HttpRequest& request : instance.http.requests()) EXPECT_EQ(request.method, "PUT") << status;
  }
  for (const std::string token : {"", "two\nlines", "\xff"}) {
    Instance instance;
    instance.answers["/latest/api/token"] = {200, {}, token};
    EXPECT_FALSE(instance.get().has_value());
    EXPECT_EQ(instance.http.requests().size(), 1U);
  }
}

TEST(Imds, WhoIsNotThereIsAskedOnce) {
  for (const std::string reason : {"ConnectFailed", "Timeout"}) {
    Instance instance;
    instance.error = Error{ErrorCode::kUnavailable, "nobody", reason};
    const auto credentials = instance.get();
    ASSERT_FALSE(credentials.has_value());
    EXPECT_EQ(credentials.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(credentials.error().reason, reason);
    EXPECT_EQ(instance.http.requests().size(), 1U);
    EXPECT_THAT(credentials.error().message.find("hop limit") != std::string::npos, reason == "Timeout");
  }
  Instance instance;
  instance.error = Error{ErrorCode::kUnavailable, "lost", "ConnectionLost"};
  EXPECT_FALSE(instance.get().has_value());
  EXPECT_GT(instance.http.requests().size(), 1U) << "somebody is there, and failed";
}

TEST(Imds, RefusalsSayWhatToDo) {
  struct Change {
    std::string path;
    HttpResponse answer;
    ErrorCode code;
    std::string says;
  };
  const std::string roles = "/latest/meta-data/iam/security-credentials/";
  const Change changes[] = {
      {"/latest/api/token", {403, {}, ""}, ErrorCode::kDenied, "disabled"},
      {roles, {404, {}, ""}, ErrorCode::kDenied, "attach an instance profile"},
      {roles, {200, {}, "\n"}, ErrorCode::kDenied, "attach an instance profile"},
      {roles, {200, {}, "../../dynamic"}, ErrorCode::kUnavailable, "no role name"},
      {roles, {200, {}, "a b"}, ErrorCode::kUnavailable, "no role name"},
      {roles + "web",
       {200, {}, R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"})"},
       ErrorCode::kDenied,
       "EC2 cannot assume the role"},
      {roles + "web", {200, {}, "{}"}, ErrorCode::kUnavailable, "AccessKeyId is missing"},
      {roles + "web", {200, {}, "<html>"}, ErrorCode::kUnavailable, "not JSON"},
      {roles + "web",
       {200, {}, R"({"AccessKeyId":"A","SecretAccessKey":"very-secret","Expiration":"soon"})"},
       ErrorCode::kUnavailable,
       "Expiration is not a time"},
      {roles + "web", {500, {}, ""}, ErrorCode::kUnavailable, "500"},
  };
  for (const Change& change : changes) {
    Instance instance;
    instance.answers[change.path] = change.answer;
    const auto credentials = instance.get();
    ASSERT_FALSE(credentials.has_value()) << change.says;
    EXPECT_EQ(credentials.error().code, change.code) << credentials.error().message;
    EXPECT_THAT(credentials.error().message, HasSubstr(change.says));
    EXPECT_THAT(credentials.error().message, Not(HasSubstr("very-secret")));
    EXPECT_THAT(credentials.error().message, Not(HasSubstr("imds-session-token")));
  }
}

TEST(Imds, ADisabledServiceIsRecognisedInAnyCase) {
  FakeEnvironment environment;
  EXPECT_FALSE(imds_disabled(environment));
  environment.variables["AWS_EC2_METADATA_DISABLED"] = "True ";
  EXPECT_TRUE(imds_disabled(environment));
  environment.variables["AWS_EC2_METADATA_DISABLED"] = "false";
  EXPECT_FALSE(imds_disabled(environment));
}

}  // namespace
}  // namespace fa::aws
