/// The recorded cases of ../shared/aws/credentials: a home folder, variables, the HTTP traffic, and what comes out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "aws/credential_chain.h"
#include "aws/credential_sso.h"
#include "aws/credential_test_world.h"
#include "aws/uri.h"
#include "base/json.h"
#include "base/text.h"
#include "support/fakes.h"

namespace fa::aws {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kVectors = FA_PROJECT_DIR "/../shared/aws/credentials";

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Exchange {
  HttpRequest request;
  HttpResponse response;
};

struct Case {
  std::string name;  ///< `profile-provider/sso_token`
  FakeEnvironment environment;
  std::vector<Exchange> traffic;
  Json result;
};

HttpHeaders headers_of(const Json& message) {
  HttpHeaders headers;
  if (!message.contains("headers")) return headers;
  for (const auto& [name, values] : message.at("headers").items()) {
    for (const Json& value : values) headers.emplace_back(name, value.get<std::string>());
  }
  return headers;
}

std::vector<Exchange> traffic_of(const Json& document) {
  std::map<std::uint64_t, Exchange> exchanges;  // by connection, which is one exchange each
  for (const Json& event : document.at("events")) {
    Exchange& exchange = exchanges[event.at("connection_id").get<std::uint64_t>()];
    const Json& action = event.at("action");
    if (action.contains("Request")) {
      const Json& request = action.at("Request").at("request");
      exchange.request.method = request.at("method").get<std::string>();
      exchange.request.url = request.at("uri").get<std::string>();
      exchange.request.headers = headers_of(request);
    } else if (action.contains("Response")) {
      const Json& response = action.at("Response").at("response").at("Ok");
      exchange.response.status = response.at("status").get<int>();
      exchange.response.headers = headers_of(response);
    } else if (action.contains("Data")) {
      const Json& data = action.at("Data");
      const bool asks = data.at("direction") == "Request";
      (asks ? exchange.request.body : exchange.response.body) += data.at("data").at("Utf8").get<std::string>();
    }
  }
  std::vector<Exchange> list;
  for (auto& [id, exchange] : exchanges) list.push_back(std::move(exchange));
  return list;
}

void load(const fs::path& folder, Case& c) {
  c.name = folder.parent_path().filename().string() + "/" + folder.filename().string();
  const Json variables = parse_json(bytes_of(folder / "env.json"));
  for (const auto& [name, value] : variables.items()) c.environment.variables[name] = value.get<std::string>();
  if (fs::exists(folder / "fs")) {
    for (const auto& entry : fs::recursive_directory_iterator(folder / "fs")) {
      if (!entry.is_regular_file()) continue;
      c.environment.files["/" + fs::relative(entry.path(), folder / "fs").string()] = bytes_of(entry.path());
    }
  }
  c.traffic = traffic_of(parse_json(bytes_of(folder / "http-traffic.json")));
  c.result = parse_json(bytes_of(folder / "test-case.json")).at("result");
}

using Cases = std::deque<Case>;  // which stay where they are made

Cases cases_in(const std::string& suite) {
  Cases cases;
  if (!fs::is_directory(kVectors / suite)) return cases;
  std::set<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(kVectors / suite)) folders.insert(entry.path());
  for (const fs::path& folder : folders) load(folder, cases.emplace_back());
  return cases;
}

/// Parameters in which a recording was made with another role or token than its profile has; the name of our sessions
/// is our own, too.
const std::map<std::string, std::set<std::string>> kRecordedOtherwise = {
    {"default-credential-provider-chain/web_identity_token_env", {"RoleArn"}},
    {"default-credential-provider-chain/web_identity_token_profile", {"RoleArn", "WebIdentityToken"}},
    {"default-credential-provider-chain/web_identity_token_source_profile", {"RoleArn", "WebIdentityToken"}},
    {"default-credential-provider-chain/web_identity_token_invalid_jwt", {}},
};
/// Recordings put together from two: their security token is not that of the answer before.
const std::set<std::string> kOtherSecurityToken = {
    "default-credential-provider-chain/ecs_assume_role",
    "default-credential-provider-chain/web_identity_token_source_profile"};

using Parameters = std::map<std::string, std::string>;

Parameters parameters_of(std::string_view text) {
  Parameters parameters;
  if (text.empty()) return parameters;
  for (const std::string_view part : split(text, '&')) {
    const std::size_t equals = part.find('=');
    // Trimmed: that SDK sends the newline at the end of a token file along, we do not.
    parameters[uri_decode(part.substr(0, equals))] =
        equals == std::string_view::npos ? "" : std::string(trim(uri_decode(part.substr(equals + 1))));
  }
  return parameters;
}

/// The path of the root may be left out.
std::string without_query(const std::string& url) {
  const std::string path = url.substr(0, url.find('?'));
  return std::count(path.begin(), path.end(), '/') == 2 ? path + '/' : path;
}
std::string query_of(const std::string& url) {
  const std::size_t question = url.find('?');
  return question == std::string::npos ? std::string() : url.substr(question + 1);
}
bool is_signed(const HttpRequest& request) {
  return find_header(request.headers, "authorization").value_or("").starts_with("AWS4-HMAC-SHA256 ");
}

void expect_same_request(const Case& c, const HttpRequest& sent, const HttpRequest& recorded) {
  EXPECT_EQ(sent.method, recorded.method);
  EXPECT_EQ(without_query(sent.url), without_query(recorded.url));
  EXPECT_EQ(parameters_of(query_of(sent.url)), parameters_of(query_of(recorded.url)));
  for (const std::string name : {"content-type", "accept", "x-amz-sso_bearer_token", "x-aws-ec2-metadata-token",
                                 "x-aws-ec2-metadata-token-ttl-seconds", "x-amz-security-token"}) {
    if (name == "x-amz-security-token" && kOtherSecurityToken.contains(c.name)) continue;
    const auto wanted = find_header(recorded.headers, name);
    if (wanted) {
      EXPECT_EQ(find_header(sent.headers, name).value_or("(none)"), *wanted) << name;
    }
  }
  // Signatures have vectors of their own; here it counts that there is one, and none where none belongs.
  EXPECT_EQ(is_signed(sent), is_signed(recorded));

  Parameters body = parameters_of(sent.body);
  Parameters wanted = parameters_of(recorded.body);
  std::set<std::string> otherwise;
  if (const auto found = kRecordedOtherwise.find(c.name); found != kRecordedOtherwise.end()) otherwise = found->second;
  if (c.environment.variables.count("AWS_ROLE_SESSION_NAME") == 0) otherwise.insert("RoleSessionName");
  for (const std::string& name : otherwise) {
    EXPECT_EQ(body.count(name), wanted.count(name)) << name;
    body.erase(name);
    wanted.erase(name);
  }
  EXPECT_EQ(body, wanted);
}

/// Plays the recording, or changes it at one place.
struct Replay {
  explicit Replay(const Case& of) : c(of) {}

  Result<HttpResponse> answer(const HttpRequest& request) {
    const std::size_t index = next++;
    if (broken_at == index) return break_it(request, c.traffic[index]);
    if (index < c.traffic.size()) {
      if (compare) expect_same_request(c, request, c.traffic[index].request);
      return c.traffic[index].response;
    }
    // A recording that ends with a failure of the server goes on so, however often it is asked.
    if (!c.traffic.empty() && (c.traffic.back().response.status / 100 == 5 || broken_at)) {
      if (broken_at) return break_it(request, c.traffic.back());
      expect_same_request(c, request, c.traffic.back().request);
      return c.traffic.back().response;
    }
    ADD_FAILURE() << c.name << ": a request more than recorded: " << request.method << " " << request.url;
    return Result<HttpResponse>(fail(ErrorCode::kUnavailable, "not recorded"));
  }

  [[nodiscard]] Result<HttpResponse> break_it(const HttpRequest& request, const Exchange& recorded) const {
    HttpResponse response;
    switch (how) {
      case Break::kEcho: {  // a server that repeats to us what we sent
        std::string everything = request.body;
        for (const auto& [name, value] : request.headers) everything += "; " + name + ": " + value;
        response.status = 403;
        response.body = Json{{"code", "Denied"}, {"message", everything}}.dump();
        return response;
      }
      case Break::kCutShort:
        response = recorded.response;
        response.body.resize(response.body.size() * 3 / 4);
        return response;
      case Break::kLost:
        return Result<HttpResponse>(
            tl::unexpected(Error{ErrorCode::kUnavailable, "connection lost", "ConnectionLost"}));
    }
    return response;
  }

  enum class Break { kEcho, kCutShort, kLost };
  const Case& c;
  std::size_t next = 0;
  bool compare = true;
  std::optional<std::size_t> broken_at;
  Break how = Break::kEcho;
};

/// Everything around a provider, in a test.
struct Stage {
  explicit Stage(Replay& replay) : http([&replay](const HttpRequest& request) { return replay.answer(request); }) {}

  test::FakeClock clock{*parse_rfc3339("2021-09-21T17:41:25Z")};
  test::FakeSleeper sleeper{&clock};
  test::FixedRandom random;
  Retrier retrier{sleeper, random};
  test::ScriptedHttp http;
};

Result<Credentials> credentials_of(const Case& c, Replay& replay, bool whole_chain) {
  Stage stage(replay);
  const ChainWorld world{c.environment, stage.http, stage.retrier, stage.clock};
  const auto files = load_profile_files(c.environment, "");
  if (!files) return tl::unexpected(files.error());
  auto provider = whole_chain ? make_default_chain(world, *files) : make_profile_provider(world, *files);
  if (!provider) return tl::unexpected(provider.error());
  return (*provider)->get({});
}

/// What of ours stands for an error of the recorded SDK, whose wording is its own; `says` must be in our message.
struct OurError {
  ErrorCode code;
  std::vector<std::string> says;
};
const std::map<std::string, OurError> kErrors = {
    {"default-credential-provider-chain/eks_pod_identity_no_token_file",
     {ErrorCode::kDenied, {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token.jwt"}}},
    {"default-credential-provider-chain/imds_default_chain_error",
     {ErrorCode::kDenied, {"no AWS credentials were found", "instance has no role"}}},
    {"default-credential-provider-chain/imds_disabled", {ErrorCode::kDenied, {"AWS_EC2_METADATA_DISABLED"}}},
    {"default-credential-provider-chain/imds_no_iam_role", {ErrorCode::kDenied, {"instance has no role"}}},
    {"default-credential-provider-chain/imds_token_fail", {ErrorCode::kDenied, {"403", "disabled"}}},
    {"default-credential-provider-chain/profile_overrides_web_identity",
     {ErrorCode::kDenied, {"AWS_ACCESS_KEY_ID", "not set"}}},
    {"default-credential-provider-chain/sso_no_token_file",
     {ErrorCode::kDenied,
      {"/home/.aws/sso/cache/dace00cba5f8355ec9d274ceb2bcebdfbeed0e12.json", "aws sso login --profile sso-test"}}},
    {"default-credential-provider-chain/sso_server_error", {ErrorCode::kUnavailable, {"503", "GetRoleCredentials"}}},
    {"default-credential-provider-chain/web_identity_source_profile_no_env",
     {ErrorCode::kInvalidInput, {"web_identity_token_file", "role_arn is missing"}}},
    {"default-credential-provider-chain/web_identity_token_invalid_jwt",
     {ErrorCode::kDenied, {"InvalidIdentityToken", "No OpenIDConnect provider found in your account"}}},
    {"profile-provider/credential_process_failure", {ErrorCode::kDenied, {"exit code 1"}}},
    {"profile-provider/credential_process_invalid", {ErrorCode::kInvalidInput, {"not JSON"}}},
    {"profile-provider/empty_config", {ErrorCode::kDenied, {"nothing about credentials"}}},
    {"profile-provider/invalid_config", {ErrorCode::kInvalidInput, {"/home/.aws/config, line 2"}}},
    {"profile-provider/invalid_sso_credentials_config", {ErrorCode::kInvalidInput, {"access token", "sso_role_name"}}},
    {"profile-provider/sso_token", {ErrorCode::kInvalidInput, {"access token", "sso_role_name"}}},
};

std::string text_at(const Json& object, const char* key) {
  return object.contains(key) ? object.at(key).get<std::string>() : std::string();
}

void expect_result(const Case& c, const Result<Credentials>& credentials) {
  if (c.result.contains("Ok")) {
    ASSERT_TRUE(credentials.has_value()) << credentials.error().message;
    const Json& ok = c.result.at("Ok");
    EXPECT_EQ(credentials->access_key_id, text_at(ok, "access_key_id"));
    EXPECT_EQ(credentials->secret_access_key.reveal(), text_at(ok, "secret_access_key"));
    EXPECT_EQ(credentials->session_token.reveal(), text_at(ok, "session_token"));
    EXPECT_EQ(credentials->account_id, text_at(ok, "account_id"));
    EXPECT_FALSE(credentials->origin.empty());
    std::optional<TimePoint> expiry;
    if (ok.contains("expiry")) expiry = TimePoint{std::chrono::seconds(ok.at("expiry").get<std::int64_t>())};
    EXPECT_EQ(credentials->expiry, expiry);
    return;
  }
  ASSERT_FALSE(credentials.has_value());
  const auto ours = kErrors.find(c.name);
  ASSERT_NE(ours, kErrors.end()) << "give this case its row: " << credentials.error().message;
  EXPECT_EQ(credentials.error().code, ours->second.code) << credentials.error().message;
  for (const std::string& words : ours->second.says) EXPECT_THAT(credentials.error().message, HasSubstr(words));
}

/// How much has failed so far, to count the cases that pass.
int failures() { return ::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count(); }

class CredentialVectors : public ::testing::TestWithParam<std::string> {};

TEST_P(CredentialVectors, EveryRecordedCaseComesOutAsRecorded) {
  const Cases cases = cases_in(GetParam());
  if (cases.empty()) GTEST_SKIP() << "needs " << kVectors / GetParam();
  std::size_t passed = 0;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const int before = failures();
    Replay replay(c);
    expect_result(c, credentials_of(c, replay, GetParam() == "default-credential-provider-chain"));
    EXPECT_GE(replay.next, c.traffic.size()) << "not all recorded requests were made";
    if (failures() == before) ++passed;
  }
  std::cout << GetParam() << ": " << passed << " of " << cases.size() << " recorded cases pass, none is left out\n";
}

/// All that is secret in a case: of the answers, the files, the variables.
std::set<std::string> secrets_of(const Case& c) {
  std::set<std::string> secrets;
  const auto add = [&](const std::string& value) {
    const std::string secret(trim(value));
    if (secret.size() >= 3) secrets.insert(secret);
  };
  // `"Token" : "x"`, `<SessionToken>x</SessionToken>`, `aws_secret_access_key = x`
  const auto scan = [&](const std::string& text) {
    for (const std::string key : {"secretaccesskey", "sessiontoken", "token", "accesstoken", "refreshtoken",
                                  "clientsecret", "aws_secret_access_key", "aws_session_token", "credential_process"}) {
      const std::string lower = to_lower(text);
      for (std::size_t at = lower.find(key); at != std::string::npos; at = lower.find(key, at + 1)) {
        std::size_t begin = at + key.size();
        while (begin < text.size() && std::string_view("\" :=>").find(text[begin]) != std::string_view::npos) ++begin;
        const bool to_line_end = key.find('_') != std::string::npos;
        add(text.substr(begin, text.find_first_of(to_line_end ? "\n" : "\"<\n,", begin) - begin));
      }
    }
  };
  for (const auto& [path, content] : c.environment.files) {
    if (path.ends_with(".jwt")) add(content);
    if (path.find("/home/.aws/") == 0) scan(content);
  }
  for (const auto& [name, value] : c.environment.variables) {
    if (name == "AWS_SECRET_ACCESS_KEY") add(value);
  }
  for (const Exchange& exchange : c.traffic) {
    if (exchange.response.status / 100 != 2) continue;
    scan(exchange.response.body);
    if (exchange.request.method == "PUT") add(exchange.response.body);
  }
  return secrets;
}

TEST_P(CredentialVectors, NoErrorEverHoldsASecret) {
  const Cases cases = cases_in(GetParam());
  if (cases.empty()) GTEST_SKIP() << "needs " << kVectors / GetParam();
  std::size_t errors = 0;
  std::set<std::string> all_secrets;
  for (const Case& c : cases) {
    const std::set<std::string> secrets = secrets_of(c);
    all_secrets.insert(secrets.begin(), secrets.end());
    const auto check = [&](const Result<Credentials>& credentials) {
      if (credentials) return;
      ++errors;
      EXPECT_FALSE(credentials.error().message.empty());
      for (const std::string& secret : secrets) {
        EXPECT_THAT(credentials.error().message, Not(HasSubstr(secret))) << c.name;
        EXPECT_THAT(credentials.error().message, Not(HasSubstr(uri_encode(secret)))) << c.name;
      }
      EXPECT_TRUE(credentials.error().reason.size() < 100);
    };
    const bool whole_chain = GetParam() == "default-credential-provider-chain";
    Replay as_recorded(c);
    as_recorded.compare = false;
    check(credentials_of(c, as_recorded, whole_chain));
    for (std::size_t i = 0; i < c.traffic.size(); ++i) {
      for (const auto how : {Replay::Break::kEcho, Replay::Break::kCutShort, Replay::Break::kLost}) {
        Replay replay(c);
        replay.compare = false;
        replay.broken_at = i;
        replay.how = how;
        check(credentials_of(c, replay, whole_chain));
      }
    }
    // Files that end in the middle.
    for (const auto& [path, content] : c.environment.files) {
      Case cut;
      cut.name = c.name;
      cut.environment.variables = c.environment.variables;
      cut.environment.files = c.environment.files;
      cut.environment.files[path].resize(content.size() * 2 / 3);
      cut.traffic = c.traffic;
      Replay replay(cut);
      replay.compare = false;
      replay.broken_at = cut.traffic.size();
      replay.how = Replay::Break::kLost;
      if (!cut.traffic.empty()) check(credentials_of(cut, replay, whole_chain));
    }
  }
  EXPECT_GT(errors, cases.size());
  EXPECT_GT(all_secrets.size(), 5U);
  std::cout << GetParam() << ": " << errors << " errors looked through for " << all_secrets.size() << " secrets\n";
}

INSTANTIATE_TEST_SUITE_P(Recorded, CredentialVectors,
                         ::testing::Values("default-credential-provider-chain", "profile-provider"),
                         [](const auto& suite) { return suite.param == "profile-provider" ? "Profile" : "Chain"; });

// Tokens themselves are for services that FA2 does not ask; that they are found where they are is what single sign-on
// rests on.
TEST(TokenVectors, TheTokenOfTheLogInIsFound) {
  const Cases cases = cases_in("default-token-provider-chain");
  if (cases.empty()) GTEST_SKIP() << "needs " << kVectors / "default-token-provider-chain";
  std::size_t passed = 0;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Replay replay(c);
    Stage stage(replay);
    const ChainWorld world{c.environment, stage.http, stage.retrier, stage.clock};
    const auto files = load_profile_files(c.environment, "");
    ASSERT_TRUE(files.has_value()) << files.error().message;
    const auto plan = plan_credentials(*files);
    ASSERT_TRUE(plan.has_value() && plan->has_value());
    const auto token = valid_sso_token(world, std::get<SsoSource>((*plan)->source), {}, files->selected, {});
    ASSERT_TRUE(token.has_value()) << token.error().message;
    EXPECT_EQ(token->access_token.reveal(), text_at(c.result.at("Ok"), "token"));
    EXPECT_EQ(token->expiry, parse_rfc3339(text_at(c.result.at("Ok"), "expiration")));
    if (!HasFailure()) ++passed;
  }
  std::cout << "default-token-provider-chain: " << passed << " of " << cases.size() << " recorded cases pass\n";
}

}  // namespace
}  // namespace fa::aws
