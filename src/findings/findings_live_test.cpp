/// Live findings against the AWS stand-in: all pages, faults, services that are off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "findings/findings.h"
#include "support/aws/live_world.h"

namespace fa::findings {
namespace {

using test::FaultKind;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const TimePoint kNow = *parse_rfc3339("2026-03-14T08:00:00Z");
constexpr const char* kDetector = "12abc34d567e8fa901bc2d34e56789f0";

std::string asff(const std::string& id, const std::string& more, const std::string& label = "HIGH") {
  return R"({"SchemaVersion":"2018-10-08","Id":")" + id + R"(","ProductArn":"arn:x/aws/securityhub","AwsAccountId":"1",
    "Region":"ap-northeast-1","Title":"t","UpdatedAt":"2026-03-14T07:00:00Z","RecordState":"ACTIVE",
    "Severity":{"Label":")" +
         label + R"("},"Resources":[{"Type":"X","Id":"r"}],)" + more + "}";
}
std::string threat(int number, double severity = 8) {
  return R"({"id":"f)" + std::to_string(number) + R"(","arn":"arn:g/)" + std::to_string(number) +
         R"(","type":"Recon:EC2/Portscan","accountId":"1","region":"ap-northeast-1","updatedAt":"2026-03-14T07:00:00Z",
    "service":{"archived":false},"resource":{},"severity":)" +
         std::to_string(severity) + "}";
}

test::AwsWorld world() {
  test::AwsWorld w;
  for (int i = 0; i < 8; ++i) {
    w.security_findings->push_back(
        asff("arn:s/" + std::to_string(i), R"("Workflow":{"Status":"NEW"},"Compliance":{"Status":"FAILED"})"));
  }
  w.security_findings->push_back(asff("arn:i", R"("ProductName":"Inspector","Workflow":{"Status":"NEW"})", "CRITICAL"));
  w.security_findings->push_back(asff("arn:r", R"("Workflow":{"Status":"RESOLVED"})"));
  w.security_findings->push_back(asff("arn:g/1", R"("ProductName":"GuardDuty","Workflow":{"Status":"SUPPRESSED"})"));
  auto& detector = w.detectors.emplace_back();
  detector.id = kDetector;
  for (int i = 0; i < 7; ++i) detector.findings.push_back(threat(i));
  detector.findings.push_back(threat(99, 2));
  return w;
}

Result<FindingsRun> run(test::LiveWorld& live, FindingsRequest request = {}) {
  const AwsWorldAccess access = live.access();
  return run_findings(request, &access, nullptr, {});
}

TEST(LiveFindings, are_all_pages_of_both_services_with_what_was_suppressed_left_out) {
  test::LiveWorld live(world(), kNow);
  const auto done = run(live);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->report.findings, 8U + 1U + 6U);
  EXPECT_THAT(done->report.gaps, IsEmpty());
  EXPECT_EQ(done->report.merged, 1U);
  EXPECT_EQ(done->report.left_out.at(static_cast<std::size_t>(LeftOut::kWorkflow)), 1U);
  EXPECT_GE(live.stand_in().calls("guardduty", "ListFindings"), 3U) << "pages of three";
  for (const auto& request : live.stand_in().requests()) EXPECT_FALSE(request.operation.empty()) << request.request.url;
}

TEST(LiveFindings, of_one_service_stand_where_the_other_fails) {
  struct Case {
    const char* service;
    const char* operation;
    FaultKind kind;
    const char* said;
    std::size_t findings;
  };
  const Case kCases[] = {
      {"securityhub", "GetFindings", FaultKind::kDenied, "securityhub:GetFindings", 7},
      {"guardduty", "ListDetectors", FaultKind::kDenied, "guardduty:ListDetectors", 9},
      {"guardduty", "ListFindings", FaultKind::kDenied, "guardduty:ListFindings", 9},
      {"guardduty", "GetFindings", FaultKind::kGarbage, "GetFindings", 9},
      {"securityhub", "", FaultKind::kTimeout, "Security Hub", 7},
      {"guardduty", "", FaultKind::kServerError, "GuardDuty", 9},
  };
  for (const Case& c : kCases) {
    test::LiveWorld live(world(), kNow);
    live.stand_in().add_fault({c.service, c.operation, c.kind, -1, {}});
    const auto done = run(live);
    ASSERT_TRUE(done) << c.said << ": " << done.error().message;
    EXPECT_EQ(done->report.findings, c.findings) << c.said;
    ASSERT_THAT(done->report.gaps, SizeIs(1)) << c.said;
    EXPECT_THAT(done->report.gaps[0].source + done->report.gaps[0].error, HasSubstr(c.said));
  }
}

TEST(LiveFindings, end_where_pages_do_not) {
  for (const FaultKind kind : {FaultKind::kEndlessPages, FaultKind::kSameToken}) {
    for (const char* service : {"securityhub", "guardduty"}) {
      test::AwsWorld small = world();
      small.security_findings->resize(1);
      small.detectors[0].findings.resize(1);
      test::LiveWorld live(std::move(small), kNow);
      live.stand_in().add_fault({service, "", kind, -1, {}});
      FindingsRequest request;
      request.live.most_pages = 20;
      const auto done = run(live, request);
      ASSERT_TRUE(done) << done.error().message;
      ASSERT_THAT(done->report.gaps, SizeIs(1));
      EXPECT_THAT(done->report.gaps[0].error, testing::AnyOf(HasSubstr("token twice"), HasSubstr("pages to give")));
    }
  }
}

TEST(LiveFindings, say_which_service_is_off) {
  test::AwsWorld hub_off = world();
  hub_off.security_findings.reset();
  test::LiveWorld first(std::move(hub_off), kNow);
  const auto without_hub = run(first);
  ASSERT_TRUE(without_hub) << without_hub.error().message;
  EXPECT_EQ(without_hub->report.findings, 7U);
  ASSERT_THAT(without_hub->report.gaps, SizeIs(1));
  EXPECT_THAT(without_hub->report.gaps[0].error, HasSubstr("Security Hub is not enabled"));

  test::AwsWorld no_detector = world();
  no_detector.detectors.clear();
  test::LiveWorld second(std::move(no_detector), kNow);
  FindingsRequest japanese;
  japanese.language = Language::kJapanese;
  const auto without_guardduty = run(second, japanese);
  ASSERT_TRUE(without_guardduty);
  ASSERT_THAT(without_guardduty->report.gaps, SizeIs(1));
  EXPECT_THAT(without_guardduty->report.gaps[0].error, HasSubstr("有効になっていません"));
}

TEST(LiveFindings, are_an_error_where_nothing_may_be_asked) {
  test::LiveWorld denied(world(), kNow);
  denied.stand_in().add_fault({"securityhub", "", FaultKind::kDenied, -1, {}});
  denied.stand_in().add_fault({"guardduty", "", FaultKind::kDenied, -1, {}});
  const auto refused = run(denied);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDenied);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("securityhub:GetFindings"), HasSubstr("guardduty:ListDetectors")));
  test::AwsWorld nothing;
  nothing.security_findings.reset();
  test::LiveWorld off(std::move(nothing), kNow);
  const auto none = run(off);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST(LiveFindings, of_several_regions_and_named_detectors) {
  test::AwsWorld w = world();
  auto& other = w.detectors.emplace_back();
  other.id = "ffff";
  other.region = "us-east-1";
  other.findings.push_back(threat(50));
  test::LiveWorld live(std::move(w), kNow);
  FindingsRequest request;
  request.live.targets = {{"ap-northeast-1", "", ""}, {"us-east-1", "", ""}};
  const auto both = run(live, request);
  ASSERT_TRUE(both) << both.error().message;
  EXPECT_EQ(both->report.findings, 16U);
  EXPECT_THAT(both->report.sources, SizeIs(4));
  request.live.detectors = {"ffff"};
  const auto one = run(live, request);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->report.findings, 10U);
  EXPECT_THAT(one->report.gaps, SizeIs(1)) << "none of the named detectors is in the first region";
}

TEST(LiveFindings, beyond_the_limit_are_counted) {
  test::LiveWorld live(world(), kNow);
  FindingsRequest request;
  request.most = 4;
  const auto done = run(live, request);
  ASSERT_TRUE(done);
  EXPECT_LE(done->report.findings, 4U);
  ASSERT_THAT(done->report.gaps, SizeIs(1));
}

}  // namespace
}  // namespace fa::findings
