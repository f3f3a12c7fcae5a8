// `fa2 findings` as a user runs it: live against the AWS stand-in, and on exports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/time.h"
#include "support/aws/recent_account.h"
#include "support/aws/stand_in.h"
#include "support/http_server.h"
#include "support/run_command.h"

namespace fa {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A machine with credentials and an endpoint, and nothing else of AWS.
class FindingsMachine {
 public:
  FindingsMachine() : stand_in_(test::recent_account(SystemClock().now())), server_(stand_in_.handler()) {}

  test::CommandResult fa2(std::vector<std::string> arguments) const {
    std::vector<std::string> command{"/usr/bin/env",
                                     "HOME=" + folder_.path().string(),
                                     "AWS_EC2_METADATA_DISABLED=true",
                                     "AWS_ACCESS_KEY_ID=AKIASTANDIN",
                                     "AWS_SECRET_ACCESS_KEY=stand-in-secret",
                                     "AWS_REGION=ap-northeast-1",
                                     "AWS_ENDPOINT_URL=" + server_.url(),
                                     FA2_BINARY,
                                     "findings"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return test::run_command(command, folder_.path());
  }
  test::AwsStandIn& stand_in() { return stand_in_; }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

 private:
  test::TempFolder folder_;
  test::AwsStandIn stand_in_;
  test::HttpServer server_;
};

TEST(FindingsProgram, reports_on_a_live_account_and_on_what_changed) {
  FindingsMachine machine;
  const auto first = machine.fa2({"--since-last", machine.path("last.json"), "--format", "json"});
  ASSERT_EQ(first.status, 0) << first.err;
  const Json report = parse_json(first.out);
  ASSERT_TRUE(report.is_object()) << first.out.substr(0, 300);
  EXPECT_EQ(report.at("schema"), "fa2-findings/1");
  ASSERT_EQ(report.at("groups").size(), 2U);
  EXPECT_EQ(report.at("groups").at(0).at("cause").at("name"), "S3.8");
  EXPECT_TRUE(report.at("since_last").is_null()) << "there is no earlier one";

  machine.stand_in().add_fault({"guardduty", "", test::FaultKind::kDenied, -1, {}});
  machine.stand_in().world().security_findings->clear();
  const auto second = machine.fa2({"--since-last", machine.path("last.json"), "--lang", "ja", "--format", "markdown"});
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_THAT(second.out, AllOf(HasSubstr("解消 1 件"), HasSubstr("guardduty:ListDetectors")));
}

TEST(FindingsProgram, says_which_permissions_are_missing_where_nothing_may_be_asked) {
  FindingsMachine machine;
  machine.stand_in().add_fault({"", "", test::FaultKind::kDenied, -1, {}});
  const auto said = machine.fa2({});
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, AllOf(HasSubstr("securityhub:GetFindings"), HasSubstr("guardduty:ListDetectors")));
  EXPECT_EQ(said.out, "");
}

TEST(FindingsProgram, says_what_is_not_enabled_and_reports_the_rest) {
  struct Case {
    const char* language;
    const char* said;
  };
  for (const Case& c : {Case{"en", "Security Hub is not enabled"}, Case{"ja", "Security Hub"}}) {
    FindingsMachine machine;
    machine.stand_in().world().security_findings.reset();
    const auto run = machine.fa2({"--severity", "low", "--lang", c.language, "--format", "markdown"});
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.out, AllOf(HasSubstr("Recon:EC2/Portscan"), HasSubstr(c.said)));
  }
}

TEST(FindingsProgram, makes_the_same_pdf_of_the_same_export) {
  const test::TempFolder folder;
  const std::string data = FA_PROJECT_DIR "/src/findings/testdata";
  for (const char* name : {"a.pdf", "b.pdf"}) {
    const auto made = test::run_fa2(
        {"findings", data + "/guardduty.json", data + "/security-hub.json", "--output", name}, folder.path());
    ASSERT_EQ(made.status, 0) << made.err;
  }
  const std::string pdf = test::file_bytes(folder.path() / "a.pdf");
  EXPECT_THAT(pdf, testing::StartsWith("%PDF-"));
  EXPECT_EQ(pdf, test::file_bytes(folder.path() / "b.pdf"));
}

TEST(FindingsProgram, refuses_what_is_no_export) {
  const test::TempFolder folder;
  const auto file = folder.write("x.json", "{\"a\":1}");
  const auto said = test::run_fa2({"findings", file.string()}, folder.path());
  EXPECT_EQ(said.status, 2);
  EXPECT_THAT(said.err, HasSubstr("get-findings"));
}

}  // namespace
}  // namespace fa
