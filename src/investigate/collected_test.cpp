#include "investigate/collected.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "investigate/investigate.h"
#include "sources/file/test_support.h"

namespace fa {
namespace {

using test::TempFolder;

constexpr const char* kIncident =
    R"({"window": {"from": "2026-03-14T08:30:00Z", "to": "2026-03-14T08:50:00Z"},
        "baseline": {"from": "2026-03-14T07:30:00Z", "to": "2026-03-14T08:30:00Z"}})";

Collection collection_with(std::vector<Gap> gaps) {
  Collection c;
  c.identity = "arn:aws:iam::123456789012:user/kim";
  Origin origin;
  origin.source = "cloudwatch_logs";
  origin.account = "123456789012";
  origin.region = "eu-west-1";
  origin.resource = "/ecs/orders";
  origin.reproduce = "aws logs filter-log-events --log-group-name /ecs/orders";
  c.files.push_back({"logs/orders.log", origin});
  c.gaps = std::move(gaps);
  c.notes.push_back({"CloudWatch Logs", "every line was fetched"});
  c.usage.api_calls = 12;
  c.usage.cost_usd = 0.5;
  return c;
}

Report report_of(const TempFolder& folder) {
  InvestigateRequest request;
  request.paths = {folder.path().string()};
  auto report = investigate(request, SystemClock(), nullptr, {});
  EXPECT_TRUE(report.has_value()) << report.error().message;
  return report ? std::move(*report) : Report();
}

/// A line each 10 s over baseline and window; errors in the window when asked for.
std::string log_lines(bool failing) {
  std::string out;
  const TimePoint begin = *parse_rfc3339("2026-03-14T07:30:00Z");
  for (int i = 0; i < 480; ++i) {
    const TimePoint t = begin + std::chrono::seconds(10 * i);
    out += format_rfc3339(t) + " INFO order " + std::to_string(i) + " accepted\n";
    if (failing && i >= 360) out += format_rfc3339(t) + " ERROR connect to db-1:5432 timed out\n";
  }
  return out;
}

TEST(CollectedInputs, give_evidence_its_origin_and_the_report_its_account) {
  const TempFolder folder;
  folder.write("incident.json", kIncident);
  folder.write("logs/orders.log", log_lines(true));
  folder.write("fa2-collection.json", collection_to_json(collection_with({})));
  const Report report = report_of(folder);
  EXPECT_EQ(report.verdict, Verdict::kIncident);
  EXPECT_EQ(report.identity, "arn:aws:iam::123456789012:user/kim");
  EXPECT_EQ(report.usage.api_calls, 12U);
  EXPECT_EQ(report.notes.size(), 1U);
  ASSERT_FALSE(report.evidence.empty());
  const Evidence& e = report.evidence.front();
  EXPECT_EQ(e.locator.source, "cloudwatch_logs");
  EXPECT_EQ(e.locator.region, "eu-west-1");
  EXPECT_EQ(e.locator.resource, "logs/orders.log");
  EXPECT_EQ(e.reproduce, "aws logs filter-log-events --log-group-name /ecs/orders");
  EXPECT_EQ(e.check, CheckStatus::kPassed) << e.check_reason;
  for (const CoverageItem& c : report.coverage) EXPECT_NE(c.source, "fa2-collection.json");
}

TEST(CollectedInputs, never_call_an_account_healthy_that_could_not_be_seen) {
  struct Case {
    const char* about;
    std::string log;
    std::vector<Gap> gaps;
    Verdict verdict;
  };
  const TimeRange later{*parse_rfc3339("2026-03-15T00:00:00Z"), *parse_rfc3339("2026-03-15T01:00:00Z")};
  const Case kCases[] = {
      {"all seen, nothing differs", log_lines(false), {}, Verdict::kNoIncident},
      {"a source was denied", log_lines(false), {{"AWS X-Ray", {}, "AccessDenied", ""}}, Verdict::kCannotTell},
      {"a gap elsewhere in time", log_lines(false), {{"AWS X-Ray", later, "AccessDenied", ""}}, Verdict::kNoIncident},
      {"nothing came at all", "", {}, Verdict::kCannotTell},
  };
  for (const Case& c : kCases) {
    const TempFolder folder;
    folder.write("incident.json", kIncident);
    folder.write("logs/orders.log", c.log);
    folder.write("fa2-collection.json", collection_to_json(collection_with(c.gaps)));
    const Report report = report_of(folder);
    EXPECT_EQ(report.verdict, c.verdict) << c.about;
    for (const Gap& gap : c.gaps) {
      EXPECT_THAT(report.gaps, testing::Contains(testing::Field(&Gap::source, gap.source))) << c.about;
    }
  }
}

TEST(CollectedInputs, a_broken_account_is_a_gap) {
  const TempFolder folder;
  folder.write("incident.json", kIncident);
  folder.write("logs/orders.log", log_lines(true));
  folder.write("fa2-collection.json", "{\"collection_version\": \"1.0\", \"files\": 7}");
  const Report report = report_of(folder);
  EXPECT_EQ(report.verdict, Verdict::kIncident);
  EXPECT_THAT(report.gaps, testing::Contains(testing::Field(&Gap::error, testing::HasSubstr("/files: expected"))));
}

}  // namespace
}  // namespace fa
