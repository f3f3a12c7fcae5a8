// The built fa2 against the AWS stand-in over sockets, the way a user points it at another endpoint.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/json.h"
#include "base/time.h"
#include "sources/aws/doctor.h"
#include "support/aws/recent_account.h"
#include "support/aws/reference_incident.h"
#include "support/aws/stand_in.h"
#include "support/http_server.h"
#include "support/run_command.h"

namespace fa {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A machine with credentials and an endpoint, and nothing else of AWS.
class Machine {
 public:
  explicit Machine(test::AwsWorld world = test::make_reference_incident())
      : stand_in_(by_our_clock(std::move(world))), server_(stand_in_.handler()) {
    stand_in_.page_size = 50;
  }

  test::CommandResult fa2(std::vector<std::string> arguments) {
    const AwsWorldFacts& w = facts_of_world_;
    std::vector<std::string> command{"/usr/bin/env",
                                     "HOME=" + folder_.path().string(),
                                     "AWS_EC2_METADATA_DISABLED=true",
                                     "AWS_ACCESS_KEY_ID=" + w.key,
                                     "AWS_SECRET_ACCESS_KEY=" + w.secret,
                                     "AWS_SESSION_TOKEN=" + w.token,
                                     "AWS_REGION=" + w.region,
                                     "AWS_ENDPOINT_URL=" + server_.url(),
                                     FA2_BINARY};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return test::run_command(command, folder_.path());
  }
  std::vector<std::string> with_sources(std::vector<std::string> arguments) const {
    const std::vector<std::string> sources{"--log-group-prefix", "/ecs/",
                                           "--alb-logs",         "s3://" + facts.alb_bucket + "/" + facts.alb_prefix,
                                           "--cloudtrail-logs",  "s3://" + facts.trail_bucket};
    arguments.insert(arguments.end(), sources.begin(), sources.end());
    return arguments;
  }
  std::vector<std::string> study(std::vector<std::string> more) const {
    std::vector<std::string> arguments =
        with_sources({"investigate", "--aws", "--from", format_rfc3339(facts.window.begin), "--to",
                      format_rfc3339(facts.window.end), "--description", "Orders fail or take very long"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  test::AwsStandIn& stand_in() { return stand_in_; }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  const test::ReferenceFacts facts = test::reference_facts();

 private:
  struct AwsWorldFacts {
    std::string key, secret, token, region;
  };

  test::AwsWorld by_our_clock(test::AwsWorld w) {
    w.now = nullptr;  // fa2 signs by the machine's clock
    facts_of_world_ = {w.access_key_id, w.secret_access_key, w.session_token, w.region};
    return w;
  }

  test::TempFolder folder_;
  AwsWorldFacts facts_of_world_;
  test::AwsStandIn stand_in_;
  test::HttpServer server_;
};

TEST(LiveProgram, collects_explains_and_replays) {
  Machine machine;
  const auto live = machine.fa2(machine.study({"--save", machine.path("saved"), "--format", "json", "--quiet"}));
  ASSERT_EQ(live.status, 0) << live.err;
  const Json report = parse_json(live.out);
  ASSERT_TRUE(report.is_object()) << live.out.substr(0, 500);
  EXPECT_EQ(report.at("verdict"), "incident");
  EXPECT_THAT(json_text(report.at("hypotheses").at(0).at("subject")), HasSubstr(machine.facts.failing_service));
  EXPECT_THAT(report.at("actions").at(0).at("text").get<std::string>(),
              AllOf(HasSubstr(machine.facts.change_event), HasSubstr(machine.facts.actor)));
  const auto again = test::run_fa2({"investigate", machine.path("saved"), "--format", "json", "--quiet"}, "/");
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.out, live.out);
}

TEST(LiveProgram, answers_a_question_about_metrics) {
  Machine machine;
  const auto said = machine.fa2({"insight", "why did the response time of the load balancer rise?", "--from",
                                 format_rfc3339(machine.facts.window.begin), "--to",
                                 format_rfc3339(machine.facts.window.end), "--format", "json"});
  ASSERT_EQ(said.status, 0) << said.err;
  const Json answer = parse_json(said.out);
  ASSERT_TRUE(answer.is_object()) << said.out.substr(0, 500);
  // What is left of the data depends on the machine's clock: CloudWatch keeps less, the older it is.
  EXPECT_THAT(json_text(answer.at("notes")), HasSubstr("metrics were chosen"));
  EXPECT_GT(machine.stand_in().calls("cloudwatch", "ListMetrics"), 0U);
  EXPECT_EQ(machine.fa2({"insight", "cpu", "--days", "0"}).status, 2);
}

TEST(LiveProgram, a_question_about_the_last_days_is_answered_with_charts_and_queries) {
  Machine machine(test::recent_account(SystemClock().now()));
  const std::string file = machine.path("answer.html");
  const auto said = machine.fa2({"insight", "ロードバランサー shop の応答時間はなぜ増えましたか", "--days", "1",
                                 "--lang", "ja", "--time-zone", "Asia/Tokyo", "--output", file});
  ASSERT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(test::file_bytes(file), AllOf(HasSubstr("TargetResponseTime"), HasSubstr("app/shop/50dc6c495c0c9188"),
                                            HasSubstr("<svg"), HasSubstr("aws cloudwatch get-metric-data")));
}

TEST(LiveProgram, a_question_without_permission_says_which_one) {
  for (const auto& [operation, action] :
       {std::pair("ListMetrics", "cloudwatch:ListMetrics"), std::pair("GetMetricData", "cloudwatch:GetMetricData")}) {
    Machine machine(test::recent_account(SystemClock().now()));
    machine.stand_in().add_fault({"cloudwatch", operation, test::FaultKind::kDenied, -1, {}});
    const auto said = machine.fa2({"insight", "cpu of checkout", "--days", "1", "--format", "markdown"});
    EXPECT_THAT(said.out + said.err, HasSubstr(action));
  }
}

TEST(LiveProgram, an_estimate_spends_nothing) {
  Machine machine;
  const auto said = machine.fa2(machine.study({"--estimate"}));
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("USD"), HasSubstr("CloudWatch Logs"), HasSubstr("ALB")));
  for (const auto& [service, operation] : {std::pair("s3", "GetObject"), std::pair("logs", "FilterLogEvents"),
                                           std::pair("cloudwatch", "GetMetricData"), std::pair("logs", "StartQuery")}) {
    EXPECT_EQ(machine.stand_in().calls(service, operation), 0U) << operation;
  }
}

TEST(LiveProgram, the_doctor_says_what_works) {
  Machine machine;
  const auto said = machine.fa2(machine.with_sources({"doctor"}));
  EXPECT_EQ(said.status, 0) << said.out << said.err;
  EXPECT_THAT(said.out, AllOf(HasSubstr("Everything that is configured works."), HasSubstr(machine.facts.alb_bucket),
                              HasSubstr("log group /ecs/")));
}

TEST(LiveProgram, the_doctor_names_the_permission_that_is_missing) {
  struct Case {
    const char* service;
    const char* operation;
    const char* action;
  };
  for (const Case& c :
       {Case{"logs", "FilterLogEvents", "logs:FilterLogEvents"}, Case{"s3", "ListObjectsV2", "s3:ListBucket"},
        Case{"cloudwatch", "ListMetrics", "cloudwatch:ListMetrics"},
        Case{"xray", "GetTraceSummaries", "xray:GetTraceSummaries"}}) {
    Machine machine;
    machine.stand_in().add_fault({c.service, c.operation, test::FaultKind::kDenied, -1, {}});
    const auto said = machine.fa2(machine.with_sources({"doctor"}));
    EXPECT_NE(said.status, 0) << c.action << "\n" << said.out;
    EXPECT_THAT(said.out, HasSubstr(c.action));
    EXPECT_THAT(said.out, Not(HasSubstr("Everything that is configured works.")));
  }
}

TEST(LiveProgram, without_credentials_it_says_where_it_looked) {
  const test::TempFolder folder;
  const auto said = test::run_command(
      {"/usr/bin/env", "HOME=" + folder.path().string(), "AWS_EC2_METADATA_DISABLED=true", FA2_BINARY, "investigate",
       "--aws", "--region", "eu-west-1", "--from", "now-30m", "--log-group", "/ecs/orders", "--quiet"},
      folder.path());
  EXPECT_NE(said.status, 0);
  EXPECT_THAT(said.out + said.err, HasSubstr("AWS_ACCESS_KEY_ID"));
}

/// The policy in the documentation is what the doctor and the sources need, and no more.
TEST(IamPolicy, allows_exactly_the_actions_that_are_needed) {
  const Json policy = parse_json(test::file_bytes(FA_PROJECT_DIR "/docs/ops/iam-policy.json"));
  ASSERT_TRUE(policy.is_object());
  std::set<std::string> allowed;
  for (const Json& statement : policy.at("Statement")) {
    EXPECT_EQ(statement.at("Effect"), "Allow");
    const Json& actions = statement.at("Action");
    if (actions.is_string()) {
      allowed.insert(actions.get<std::string>());
    } else {
      for (const Json& action : actions) allowed.insert(action.get<std::string>());
    }
  }
  std::set<std::string> needed;
  for (const NeededAction& action : needed_actions()) needed.emplace(action.action);
  EXPECT_EQ(allowed, needed);
}

}  // namespace
}  // namespace fa
