#include "aws/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "aws/credential_test_world.h"
#include "base/json.h"

namespace fa::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kVectors = FA_PROJECT_DIR "/../shared/aws/";

Json vectors(const std::string& name) {
  std::ifstream in(kVectors + name);
  return in ? Json::parse(in, nullptr, false) : Json();
}

std::string text_at(const Json& object, const char* key) {
  return object.contains(key) ? object.at(key).get<std::string>() : std::string();
}

Json sections_as_json(const std::map<std::string, ProfileSection>& sections) {
  Json out = Json::object();
  for (const auto& [name, section] : sections) {
    out[name] = Json::object();
    for (const auto& [key, value] : section.values) out[name][key] = value;
  }
  return out;
}

/// Comparable whatever the order of keys.
nlohmann::json sorted(const Json& value) { return nlohmann::json::parse(json_text(value)); }

TEST(ProfileVectors, TheParserAgreesWithThePublishedCases) {
  const Json document = vectors("credentials/profile-parser-tests.json");
  if (!document.is_object()) GTEST_SKIP() << "needs " << kVectors << "credentials/profile-parser-tests.json";
  std::size_t passed = 0;
  for (const Json& test : document.at("tests")) {
    SCOPED_TRACE(text_at(test, "name"));
    const auto files = parse_profile_files(text_at(test.at("input"), "configFile"),
                                           text_at(test.at("input"), "credentialsFile"), "config", "credentials");
    const Json& output = test.at("output");
    if (output.contains("errorContaining")) {
      ASSERT_FALSE(files.has_value());
      EXPECT_EQ(files.error().code, ErrorCode::kInvalidInput);
      EXPECT_THAT(files.error().message, HasSubstr(text_at(output, "errorContaining")));
    } else {
      ASSERT_TRUE(files.has_value()) << files.error().message;
      const Json& expected = output.at("config");
      EXPECT_EQ(sorted(sections_as_json(files->profiles)), sorted(expected.at("profiles")));
      const Json sessions = expected.contains("sso_sessions") ? expected.at("sso_sessions") : Json::object();
      EXPECT_EQ(sorted(sections_as_json(files->sso_sessions)), sorted(sessions));
    }
    if (!HasFailure()) ++passed;
  }
  std::cout << "profile parser: " << passed << " of " << document.at("tests").size() << " published cases pass\n";
}

TEST(ProfileVectors, FilesAreWhereThePublishedCasesSay) {
  const Json document = vectors("credentials/file-location-tests.json");
  if (!document.is_object()) GTEST_SKIP() << "needs " << kVectors << "credentials/file-location-tests.json";
  std::size_t passed = 0;
  std::size_t other_platform = 0;
  for (const Json& test : document.at("tests")) {
    SCOPED_TRACE(text_at(test, "name"));
    if (text_at(test, "platform") == "windows") {  // FA2 runs on Linux only
      ++other_platform;
      continue;
    }
    FakeEnvironment environment;
    for (const auto& [name, value] : test.at("environment").items()) environment.variables[name] = value;
    EXPECT_EQ(config_file_path(environment), text_at(test, "configLocation"));
    EXPECT_EQ(credentials_file_path(environment), text_at(test, "credentialsLocation"));
    const auto files = load_profile_files(environment, "");
    ASSERT_TRUE(files.has_value()) << files.error().message;
    if (test.contains("profile")) {
      EXPECT_EQ(files->selected, text_at(test, "profile"));
    }
    if (!HasFailure()) ++passed;
  }
  std::cout << "file locations: " << passed << " published cases pass, " << other_platform
            << " are for Windows and left out\n";
}

/// A config file from the profile-tests' JSON.
std::string config_of(const Json& suite) {
  std::string config;
  for (const auto& [name, keys] : suite.at("profiles").items()) {
    config += name == "default" ? "[default]\n" : "[profile " + name + "]\n";
    for (const auto& [key, value] : keys.items()) config += key + " = " + value.get<std::string>() + "\n";
  }
  for (const auto& [name, services] : suite.at("services").items()) {
    config += "[services " + name + "]\n";
    for (const auto& [service, keys] : services.items()) {
      config += service + " =\n";
      for (const auto& [key, value] : keys.items()) config += "  " + key + " = " + value.get<std::string>() + "\n";
    }
  }
  return config;
}

TEST(ProfileVectors, EndpointUrlsTakePrecedenceAsThePublishedCasesSay) {
  const Json document = vectors("endpoints/profile-tests.json");
  if (!document.is_object()) GTEST_SKIP() << "needs " << kVectors << "endpoints/profile-tests.json";
  std::size_t passed = 0;
  std::size_t total = 0;
  for (const Json& suite : document.at("testSuites")) {
    for (const Json& test : suite.at("endpointUrlTests")) {
      ++total;
      SCOPED_TRACE(text_at(test, "name"));
      FakeEnvironment environment;
      environment.variables["HOME"] = "/home";
      environment.files["/home/.aws/config"] = config_of(suite);
      for (const auto& [name, value] : suite.at("environments").at(text_at(test, "environment")).items()) {
        environment.variables[name] = value.get<std::string>();
      }
      const auto files = load_profile_files(environment, text_at(test, "profile"));
      ASSERT_TRUE(files.has_value()) << files.error().message;
      SharedSettings settings = shared_settings(environment, *files);
      // What a caller gives in code stands above all of it, as --endpoint-url does.
      const Json& client = suite.at("client_configs").at(text_at(test, "client_config"));
      if (client.contains("ignore_configured_endpoint_urls")) settings.ignore_endpoint_urls = true;
      std::string url = text_at(client, "endpoint_url");
      const std::string service = text_at(test, "service");
      if (url.empty()) url = settings.endpoint_url(service);
      if (url.empty()) url = "https://" + service + "." + settings.region + ".amazonaws.com";
      EXPECT_EQ(url, text_at(test.at("output"), "endpointUrl"));
      if (!HasFailure()) ++passed;
    }
  }
  std::cout << "endpoint URLs: " << passed << " of " << total << " published cases pass\n";
  EXPECT_GT(total, 0U);
}

ProfileFiles parsed(const std::string& config, const std::string& credentials = {}) {
  auto files = parse_profile_files(config, credentials, "config", "credentials");
  EXPECT_TRUE(files.has_value()) << files.error().message;
  return files.value_or(ProfileFiles{});
}

TEST(Profile, AByteOrderMarkAndIndentedCommentsAreNoContent) {
  const auto files =
      parsed("\xEF\xBB\xBF[services local]\nsts =\n  # the emulator\n  endpoint_url = http://localhost:1\n");
  ASSERT_TRUE(files.services.contains("local"));
  EXPECT_EQ(files.services.at("local").nested.at("sts").at("endpoint_url"), "http://localhost:1");
}

TEST(Profile, ADefinitionAgainForgetsTheNestedOnesBefore) {
  const auto files = parsed("[default]\ns3 =\n a = 1\ns3 = plain\n");
  EXPECT_EQ(files.profiles.at("default").find("s3"), "plain");
  EXPECT_TRUE(files.profiles.at("default").nested.empty());
}

TEST(Profile, AnErrorNamesFileAndLineAndShowsNothingOfIt) {
  const auto files = parse_profile_files("", "[default]\n\naws_secret_access_key wJalrSECRETKEY\n", "config",
                                         "/home/u/.aws/credentials");
  ASSERT_FALSE(files.has_value());
  EXPECT_THAT(files.error().message, HasSubstr("/home/u/.aws/credentials, line 3"));
  EXPECT_THAT(files.error().message, Not(HasSubstr("wJalr")));
}

TEST(Profile, WithoutAHomeThereAreNoFiles) {
  const FakeEnvironment environment;
  EXPECT_EQ(config_file_path(environment), "");
  const auto files = load_profile_files(environment, "");
  ASSERT_TRUE(files.has_value()) << files.error().message;
  EXPECT_TRUE(files->profiles.empty());
}

TEST(Profile, ATildeInAVariableIsTheHome) {
  FakeEnvironment environment;
  environment.variables = {{"HOME", "/home/u"}, {"AWS_CONFIG_FILE", "~/elsewhere"}};
  EXPECT_EQ(config_file_path(environment), "/home/u/elsewhere");
}

TEST(Profile, TheCallersChoiceStandsAboveTheVariable) {
  FakeEnvironment environment;
  environment.variables = {{"AWS_PROFILE", "variable"}};
  EXPECT_EQ(load_profile_files(environment, "")->selected, "variable");
  EXPECT_EQ(load_profile_files(environment, "")->chosen_by, ProfileChoice::kEnvironment);
  EXPECT_EQ(load_profile_files(environment, "caller")->selected, "caller");
  EXPECT_EQ(load_profile_files(environment, "caller")->chosen_by, ProfileChoice::kCaller);
  environment.variables["AWS_PROFILE"] = " ";
  EXPECT_EQ(load_profile_files(environment, "")->selected, "default");
}

TEST(SharedSettings, VariablesStandAboveTheProfile) {
  const std::string config =
      "[default]\nregion = eu-west-1\nca_bundle = /ca.pem\nuse_fips_endpoint = TRUE\nuse_dualstack_endpoint = false\n"
      "sts_regional_endpoints = legacy\n";
  FakeEnvironment environment;
  const auto from_profile = shared_settings(environment, parsed(config));
  EXPECT_EQ(from_profile.region, "eu-west-1");
  EXPECT_EQ(from_profile.ca_file, "/ca.pem");
  EXPECT_TRUE(from_profile.use_fips);
  EXPECT_FALSE(from_profile.use_dual_stack);
  EXPECT_TRUE(from_profile.use_global_sts);

  environment.variables = {{"AWS_DEFAULT_REGION", "us-west-2"},
                           {"AWS_CA_BUNDLE", "/env.pem"},
                           {"AWS_USE_FIPS_ENDPOINT", "false"},
                           {"AWS_USE_DUALSTACK_ENDPOINT", "true"},
                           {"AWS_STS_REGIONAL_ENDPOINTS", "regional"}};
  const auto from_variables = shared_settings(environment, parsed(config));
  EXPECT_EQ(from_variables.region, "us-west-2");
  EXPECT_EQ(from_variables.ca_file, "/env.pem");
  EXPECT_FALSE(from_variables.use_fips);
  EXPECT_TRUE(from_variables.use_dual_stack);
  EXPECT_FALSE(from_variables.use_global_sts);
  environment.variables["AWS_REGION"] = "ap-northeast-1";
  EXPECT_EQ(shared_settings(environment, parsed(config)).region, "ap-northeast-1");
}

TEST(SharedSettings, EveryServiceThatIsAskedCanBeOverridden) {
  for (const std::string id : {"athena", "cloudtrail", "cloudwatch", "cloudwatch_logs", "s3", "secrets_manager", "sso",
                               "sso_oidc", "sts", "xray"}) {
    std::string name = "AWS_ENDPOINT_URL_";
    for (const char c : id) name += c == '_' ? '_' : static_cast<char>(std::toupper(c));
    FakeEnvironment environment;
    environment.variables[name] = "http://localhost:4566";
    const auto settings = shared_settings(environment, ProfileFiles{});
    EXPECT_EQ(settings.endpoint_url(id), "http://localhost:4566") << name;
    EXPECT_EQ(settings.endpoint_url("sns"), "") << name;
  }
}

}  // namespace
}  // namespace fa::aws
