#include "aws/credential_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"

namespace fa::aws {
namespace {

using ::testing::HasSubstr;

const std::string kVectors = FA_PROJECT_DIR "/../shared/aws/credentials/assume-role-tests.json";

std::map<std::string, ProfileSection> sections_of(const Json& object) {
  std::map<std::string, ProfileSection> sections;
  for (const auto& [name, keys] : object.items()) {
    ProfileSection& section = sections[name];
    for (const auto& [key, value] : keys.items()) section.values[key] = value.get<std::string>();
  }
  return sections;
}

void add(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

/// The plan in the form in which the published cases write theirs.
Json plan_as_json(const CredentialPlan& plan) {
  Json first = Json::object();
  if (const auto* keys = std::get_if<Credentials>(&plan.source)) {
    Json& out = first["AccessKey"];
    add(out, "access_key_id", keys->access_key_id);
    add(out, "secret_access_key", keys->secret_access_key.reveal());
    add(out, "account_id", keys->account_id);
  } else if (const auto* named = std::get_if<NamedSource>(&plan.source)) {
    first["NamedSource"] = *named == NamedSource::kEnvironment ? "Environment"
                           : *named == NamedSource::kContainer ? "EcsContainer"
                                                               : "Ec2InstanceMetadata";
  } else if (const auto* web = std::get_if<WebIdentitySource>(&plan.source)) {
    Json& out = first["WebIdentityToken"];
    add(out, "role_arn", web->role_arn);
    add(out, "web_identity_token_file", web->token_file);
    add(out, "role_session_name", web->session_name);
  } else if (const auto* sso = std::get_if<SsoSource>(&plan.source)) {
    Json& out = first["Sso"];
    add(out, "sso_account_id", sso->account_id);
    add(out, "sso_region", sso->region);
    add(out, "sso_role_name", sso->role_name);
    add(out, "sso_start_url", sso->start_url);
    add(out, "sso_session", sso->session);
  } else if (const auto* process = std::get_if<ProcessSource>(&plan.source)) {
    first["Process"] = process->command;
  }
  Json chain = Json::array({first});
  for (const RoleStep& step : plan.roles) {
    Json role = Json::object();
    add(role, "role_arn", step.role_arn);
    add(role, "external_id", step.external_id);
    add(role, "role_session_name", step.session_name);
    chain.push_back(Json{{"AssumeRole", role}});
  }
  return chain;
}

nlohmann::json sorted(const Json& value) { return nlohmann::json::parse(json_text(value)); }

TEST(CredentialPlanVectors, ProfilesLeadWhereThePublishedCasesSay) {
  std::ifstream in(kVectors);
  if (!in) GTEST_SKIP() << "needs " << kVectors;
  const Json cases = Json::parse(in, nullptr, false);
  std::size_t passed = 0;
  for (const Json& test : cases) {
    SCOPED_TRACE(test.at("docs").get<std::string>());
    const Json& input = test.at("input");
    ProfileFiles files;
    files.profiles = sections_of(input.at("profiles"));
    if (input.contains("sso_sessions")) files.sso_sessions = sections_of(input.at("sso_sessions"));
    files.selected = input.at("selected_profile").get<std::string>();
    files.chosen_by = ProfileChoice::kCaller;
    const auto plan = plan_credentials(files);
    if (test.at("output").contains("Error")) {
      // The words of the cases are those of one SDK: only that it is refused counts. A profile without a word on
      // credentials is no error of ours but nothing to go by, and the chain goes on.
      EXPECT_TRUE(!plan || !plan->has_value());
    } else {
      ASSERT_TRUE(plan.has_value()) << plan.error().message;
      ASSERT_TRUE(plan->has_value());
      EXPECT_EQ(sorted(plan_as_json(**plan)), sorted(test.at("output").at("ProfileChain")));
    }
    if (!HasFailure()) ++passed;
  }
  std::cout << "profile chains: " << passed << " of " << cases.size() << " published cases pass\n";
}

Result<std::optional<CredentialPlan>> plan_of(const std::string& config, const std::string& profile = "default",
                                              ProfileChoice chosen_by = ProfileChoice::kDefault) {
  auto files = parse_profile_files(config, "", "config", "credentials");
  EXPECT_TRUE(files.has_value()) << files.error().message;
  files->selected = profile;
  files->chosen_by = chosen_by;
  return plan_credentials(*files);
}

TEST(CredentialPlan, OnlyADefaultProfileThatNobodyNamedMayBeMissing) {
  ASSERT_TRUE(plan_of("").has_value());
  EXPECT_FALSE(plan_of("")->has_value());
  const auto named = plan_of("[default]\n", "ops", ProfileChoice::kCaller);
  ASSERT_FALSE(named.has_value());
  EXPECT_EQ(named.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(named.error().message, HasSubstr("profile ops"));
  const auto variable = plan_of("", "ops", ProfileChoice::kEnvironment);
  ASSERT_FALSE(variable.has_value());
  EXPECT_THAT(variable.error().message, HasSubstr("AWS_PROFILE"));
}

TEST(CredentialPlan, WhatIsWrongIsNamed) {
  struct Case {
    const char* config;
    const char* says;
  };
  const Case cases[] = {
      {"[default]\naws_access_key_id = a\n", "without aws_secret_access_key"},
      {"[default]\naws_secret_access_key = a\n", "without aws_access_key_id"},
      {"[default]\nrole_arn = r\n", "needs source_profile"},
      {"[default]\nrole_arn = r\nsource_profile = x\ncredential_source = Environment\n", "both"},
      {"[default]\nrole_arn = r\nsource_profile = gone\n", "gone does not exist"},
      {"[default]\nrole_arn = r\ncredential_source = Moon\n", "Moon is none of"},
      {"[default]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = default\n", "loop"},
      {"[default]\nrole_arn = r\nsource_profile = b\n[profile b]\nregion = x\n", "nothing about credentials"},
      {"[default]\nweb_identity_token_file = t\n", "role_arn is missing"},
      {"[default]\nsso_session = s\n", "[sso-session s]"},
      {"[default]\nsso_session = s\n[sso-session s]\nsso_region = r\n", "sso_start_url is missing"},
      {"[default]\nsso_session = s\nsso_region = other\n[sso-session s]\nsso_region = r\nsso_start_url = u\n",
       "sso_region belongs into"},
      {"[default]\nsso_account_id = 1\nsso_start_url = u\nsso_region = r\n", "without sso_role_name"},
      {"[default]\nrole_arn = r\ncredential_source = Environment\nduration_seconds = 1h\n", "duration_seconds"},
  };
  for (const Case& c : cases) {
    const auto plan = plan_of(c.config);
    ASSERT_FALSE(plan.has_value()) << c.config;
    EXPECT_EQ(plan.error().code, ErrorCode::kInvalidInput) << c.config;
    EXPECT_THAT(plan.error().message, HasSubstr(c.says));
  }
}

TEST(CredentialPlan, ARoleThatWantsAnMfaCodeIsRefusedWithAWayOut) {
  const auto plan =
      plan_of("[default]\nrole_arn = r\nsource_profile = b\nmfa_serial = arn:aws:iam::1:mfa/u\n[profile b]\n");
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, ErrorCode::kDenied);
  EXPECT_THAT(plan.error().message, HasSubstr("MFA"));
  EXPECT_THAT(plan.error().message, HasSubstr("export-credentials"));
}

TEST(CredentialPlan, TheSameSsoSettingsInProfileAndSessionAreFine) {
  const auto plan = plan_of(
      "[default]\nsso_session = s\nsso_region = r\nsso_start_url = u\nsso_account_id = 1\nsso_role_name = n\n"
      "[sso-session s]\nsso_region = r\nsso_start_url = u\n");
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  ASSERT_TRUE(plan->has_value());
  EXPECT_EQ(std::get<SsoSource>((*plan)->source).session, "s");
}

TEST(CredentialPlan, SingleSignOnStandsBeforeKeysAndKeysBeforeAProcess) {
  const std::string keys = "aws_access_key_id = a\naws_secret_access_key = b\n";
  const std::string process = "credential_process = p\n";
  const std::string sso = "sso_account_id = 1\nsso_role_name = n\nsso_region = r\nsso_start_url = u\n";
  EXPECT_TRUE(std::holds_alternative<SsoSource>((*plan_of("[default]\n" + process + keys + sso))->source));
  EXPECT_TRUE(std::holds_alternative<Credentials>((*plan_of("[default]\n" + process + keys))->source));
  EXPECT_TRUE(std::holds_alternative<ProcessSource>((*plan_of("[default]\n" + process))->source));
}

}  // namespace
}  // namespace fa::aws
