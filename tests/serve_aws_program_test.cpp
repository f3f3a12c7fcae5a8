/// Questions about metrics and reports on security findings, from Slack through `fa2 serve` to a live account: both are
/// stand-ins on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/aws/recent_account.h"
#include "support/aws/stand_in.h"
#include "support/http_server.h"
#include "support/serve_world.h"

namespace fa {
namespace {

using test::SlackMessage;
using test::SlackPerson;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kAlarms = "C0ALARMS";
constexpr const char* kDirect = "D0ALICE";

/// People in Slack, an account, and an `fa2 serve` between them.
class LiveServeTest : public testing::Test {
 protected:
  LiveServeTest()
      : account_(test::recent_account(SystemClock().now())),
        endpoint_(account_.handler()),
        world_("/nonexistent", "[aws]\nregion = \"ap-northeast-1\"\n") {
    account_.page_size = 50;
    world_.more_environment = {{"AWS_EC2_METADATA_DISABLED", "true"},
                               {"AWS_ACCESS_KEY_ID", account_.world().access_key_id},
                               {"AWS_SECRET_ACCESS_KEY", account_.world().secret_access_key},
                               {"AWS_ENDPOINT_URL", endpoint_.url()}};
  }

  void deny(const std::string& service, const std::string& operation = {}) {
    account_.add_fault({service, operation, test::FaultKind::kDenied, -1, {}});
  }

  /// The command opens the form, and the form is sent as it is.
  void ask(const std::string& user, const std::string& channel, const std::string& command, const std::string& text) {
    SlackPerson person(world_.slack, user);
    const std::size_t before = world_.slack.views().size();
    ASSERT_EQ(world_.tell(person.runs_command(channel, command, text)).status, 200);
    ASSERT_TRUE(world_.slack.wait_until([&] { return world_.slack.views().size() == before + 1; })) << log();
    const auto sent = world_.tell(person.submits(world_.slack.views().back().id, {}));
    ASSERT_EQ(sent.status, 200);
    ASSERT_EQ(sent.body, "") << "the form is closed";
  }
  /// Waits until a file with that ending was shared, and gives it.
  test::SlackFile shared(const std::string& ending) {
    EXPECT_TRUE(world_.slack.wait_until([&] { return !world_.slack.shared_files(ending).empty(); }))
        << ending << world_.slack.conversation_text(kAlarms) << log();
    const auto files = world_.slack.shared_files(ending);
    return files.empty() ? test::SlackFile{} : files.front();
  }
  void expect_clean_end() {
    EXPECT_EQ(world_.process->terminate(), 0) << log();
    EXPECT_THAT(world_.slack.doubled(), IsEmpty());
    EXPECT_THAT(world_.slack.refusals(), IsEmpty());
  }
  [[nodiscard]] std::string log() const { return world_.process->log(); }

  test::AwsStandIn account_;
  test::HttpServer endpoint_;
  test::ServeWorld world_;
};

TEST_F(LiveServeTest, a_question_in_a_channel_is_answered_from_the_account_in_its_thread) {
  world_.start();
  ask("U0ALICE", kAlarms, "/insight", "Why did the response time of the load balancer shop rise? --days 1");
  const auto acknowledged = world_.wait_for(kAlarms, "Why did the response time");
  ASSERT_TRUE(acknowledged);
  const auto html = shared(".html");
  ASSERT_FALSE(html.shares.empty());
  EXPECT_EQ(html.shares.front().thread_ts, acknowledged->ts);
  EXPECT_THAT(html.bytes, AllOf(HasSubstr("app/shop/50dc6c495c0c9188"), HasSubstr("get-metric-data")));
  EXPECT_THAT(shared(".pdf").bytes, StartsWith("%PDF-"));
  EXPECT_THAT(shared(".png").bytes, StartsWith("\x89PNG"));
  const std::string talk = world_.slack.conversation_text(kAlarms);
  EXPECT_THAT(talk, HasSubstr("TargetResponseTime"));
  EXPECT_GT(account_.calls("cloudwatch", "ListMetrics"), 0U);
  EXPECT_GT(account_.calls("cloudwatch", "GetMetricData"), 0U);
  expect_clean_end();
}

TEST_F(LiveServeTest, findings_come_to_a_direct_message_and_say_what_was_not_allowed) {
  deny("guardduty");
  world_.start();
  ask("U0KENJI", kDirect, "/findings-report", "--severity high");
  const auto acknowledged = world_.wait_for(kDirect, "重大度: 高以上");
  ASSERT_TRUE(acknowledged);
  const auto pdf = shared(".pdf");
  ASSERT_FALSE(pdf.shares.empty());
  EXPECT_EQ(pdf.shares.front().channel, kDirect);
  EXPECT_THAT(pdf.bytes, StartsWith("%PDF-"));
  const auto html = shared(".html");
  EXPECT_THAT(html.bytes, AllOf(HasSubstr("S3.8"), HasSubstr("guardduty:ListDetectors")));
  const std::string talk = world_.slack.conversation_text(kDirect);
  EXPECT_THAT(talk, AllOf(HasSubstr("S3.8"), HasSubstr("guardduty:ListDetectors")));
  expect_clean_end();
}

TEST_F(LiveServeTest, a_service_that_is_not_enabled_is_said_beside_what_the_other_found) {
  account_.world().security_findings.reset();
  world_.start();
  ask("U0ALICE", kAlarms, "/findings-report", "--severity low");
  (void)shared(".html");
  EXPECT_THAT(world_.slack.conversation_text(kAlarms),
              AllOf(HasSubstr("Recon:EC2/Portscan"), HasSubstr("Security Hub is not enabled")));
  expect_clean_end();
}

TEST_F(LiveServeTest, what_may_not_be_asked_at_all_is_told_with_the_permissions_that_are_missing) {
  deny("");
  world_.start();
  ask("U0ALICE", kAlarms, "/findings-report", "");
  const auto failed = world_.wait_for(kAlarms, "guardduty:ListDetectors");
  ASSERT_TRUE(failed);
  EXPECT_THAT(world_.slack.conversation_text(kAlarms), HasSubstr("securityhub:GetFindings"));
  ask("U0KENJI", kAlarms, "/insight", "CPU 使用率は増えていますか --days 1");
  const auto refused = world_.wait_for(kAlarms, "cloudwatch:ListMetrics");
  ASSERT_TRUE(refused);
  expect_clean_end();
}

}  // namespace
}  // namespace fa
