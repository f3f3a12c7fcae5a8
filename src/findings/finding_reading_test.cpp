/// What is read of exports: ASFF, GuardDuty's format, what is wrapped around them, and what is broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "findings/finding_documents.h"
#include "findings/finding_files.h"

namespace fa::findings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kAsff =
    R"({"SchemaVersion":"2018-10-08","Id":"arn:a","ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/securityhub",
"AwsAccountId":"111122223333","Region":"eu-west-1","Title":"T","Severity":{"Label":"HIGH"},"Workflow":{"Status":"NEW"},
"Compliance":{"Status":"FAILED","SecurityControlId":"S3.8"},"Resources":[{"Type":"AwsS3Bucket","Id":"arn:aws:s3:::b"}]})";
constexpr const char* kThreat =
    R"({"schemaVersion":"2.0","arn":"arn:g","type":"Recon:EC2/Portscan","severity":5,"accountId":"1","region":"eu-west-1",
"updatedAt":"2026-03-14T08:00:00Z","resource":{"instanceDetails":{"instanceId":"i-1"}},"service":{"archived":false}})";

std::vector<SecurityFinding> read(const std::string& bytes, SourceCount* counted = nullptr) {
  std::vector<SecurityFinding> found;
  const SourceCount count = read_finding_bytes(bytes, [&](SecurityFinding&& f) { found.push_back(std::move(f)); });
  if (counted != nullptr) *counted = count;
  return found;
}
SecurityFinding read_one(const std::string& bytes) {
  auto all = read(bytes);
  EXPECT_THAT(all, SizeIs(1));
  return all.empty() ? SecurityFinding{} : all.front();
}
std::string without_lines(std::string text) {
  std::erase(text, '\n');
  return text;
}

TEST(FindingReading, knows_what_is_wrapped_around_findings) {
  const std::string asff = without_lines(kAsff);
  const std::string threat = without_lines(kThreat);
  struct Case {
    const char* what;
    std::string bytes;
    std::size_t findings;
    std::uint64_t broken;
  };
  const Case kCases[] = {
      {"get-findings of Security Hub", R"({"Findings":[)" + asff + "," + asff + "]}", 2, 0},
      {"get-findings of GuardDuty", R"({"findings":[)" + threat + "]}", 1, 0},
      {"an array of both", "[" + asff + "," + threat + "]", 2, 0},
      {"a finding by itself", asff, 1, 0},
      {"JSON lines", asff + "\n" + threat + "\r\n\n" + asff + "\n", 3, 0},
      {"an event of Security Hub",
       R"({"detail-type":"Security Hub Findings - Imported","detail":{"findings":[)" + asff + "]}}", 1, 0},
      {"an event of GuardDuty", R"({"detail-type":"GuardDuty Finding","detail":)" + threat + "}", 1, 0},
      {"an array of events", R"([{"detail":{"findings":[)" + asff + R"(]}},{"detail":)" + threat + "}]", 2, 0},
      {"something else beside", R"({"Findings":[)" + asff + R"(,{"a":1},"text",7]})", 1, 3},
      {"a broken neighbour", R"({"Findings":[{"Id": nonsense},)" + asff + "]}", 1, 1},
      {"an empty answer", R"({"Findings":[]})", 0, 0},
      {"no finding", R"({"message":"hello"})", 0, 1},
      {"the end is missing", R"({"Findings":[)" + asff + "," + asff.substr(0, 100), 1, 1},
      {"a broken line among lines", asff + "\n{\"Id\":\n" + asff + "\n", 2, 1},
      {"no JSON", "hello world\n", 0, 1},
  };
  for (const Case& c : kCases) {
    SourceCount count;
    EXPECT_THAT(read(c.bytes, &count), SizeIs(c.findings)) << c.what;
    EXPECT_EQ(count.findings, c.findings) << c.what;
    EXPECT_EQ(count.broken, c.broken) << c.what;
  }
}

TEST(FindingReading, survives_hostile_bytes) {
  const std::string asff = without_lines(kAsff);
  const std::string deep(200'000, '[');
  const std::string nul = std::string("{\"Findings\":[\0", 14) + asff + "]}";
  const std::string kBytes[] = {
      "",
      std::string("\0\0\0", 3),
      deep,
      "{\"Findings\":" + deep,
      std::string(100'000, '{'),
      nul,
      R"({"Findings":[{"Id":"\ud800","Title":")" + std::string(300'000, 'x') + "\"}]}",
      "\xff\xfe" + asff,
      R"({"Findings":[{"Id":1,"Title":[],"Severity":"x","Resources":{},"Vulnerabilities":7,"Types":{}}]})",
      R"([{"arn":"a","type":"b","severity":1e999,"service":{"count":-5},"updatedAt":1e300}])"};
  for (const std::string& bytes : kBytes) {
    SourceCount count;
    for (const SecurityFinding& f : read(bytes, &count)) {
      EXPECT_LE(f.title.size(), 500U);
      EXPECT_LE(f.id.size(), SecurityFinding::kMaxTextBytes);
    }
  }
}

TEST(FindingReading, takes_what_matters_out_of_asff) {
  const SecurityFinding f = read_one(kAsff);
  EXPECT_EQ(f.id, "arn:a");
  EXPECT_EQ(f.product, "Security Hub");
  EXPECT_EQ(f.control, "S3.8");
  EXPECT_EQ(f.severity, Severity::kHigh);
  EXPECT_EQ(f.workflow, "NEW");
  EXPECT_EQ(f.record_state, "ACTIVE");
  EXPECT_EQ(f.compliance, "FAILED");
  EXPECT_TRUE(f.from_security_hub);
  ASSERT_THAT(f.resources, SizeIs(1));
  EXPECT_EQ(f.resources[0].id, "arn:aws:s3:::b");
}

/// One member of the finding replaced by another text.
SecurityFinding with(const std::string& member) {
  return read_one(R"({"AwsAccountId":"1","Id":"i","Title":"t",)" + member + "}");
}

TEST(FindingReading, finds_severity_control_and_type_where_each_product_puts_them) {
  EXPECT_EQ(with(R"("Severity":{"Normalized":70})").severity, Severity::kHigh);
  EXPECT_EQ(with(R"("Severity":{"Normalized":90})").severity, Severity::kCritical);
  EXPECT_EQ(with(R"("Severity":{"Normalized":0})").severity, Severity::kInformational);
  EXPECT_EQ(with(R"("FindingProviderFields":{"Severity":{"Label":"LOW"}})").severity, Severity::kLow);
  EXPECT_EQ(with(R"("ProductFields":{"ControlId":"EC2.19"})").control, "EC2.19");
  EXPECT_EQ(with(R"("GeneratorId":"aws-foundational-security-best-practices/v/1.0.0/IAM.6")").control, "IAM.6");
  EXPECT_EQ(with(R"("GeneratorId":"arn:aws:x/rule/1.3/no-control")").control, "");
  EXPECT_EQ(with(R"("ProductName":"Amazon Inspector")").product, "Inspector");
  EXPECT_EQ(with(R"("ProductArn":"arn:aws:securityhub:x::product/aws/macie")").product, "macie");
  EXPECT_EQ(with(R"("ProductName":"GuardDuty","Types":["TTPs/Discovery/Recon:EC2-Portscan"])").type,
            "Recon:EC2/Portscan");
  EXPECT_EQ(with(R"("ProductName":"GuardDuty","Types":["TTPs/Initial Access/IAMUser-AnomalousBehavior"])").type,
            "InitialAccess:IAMUser/AnomalousBehavior");
}

TEST(FindingReading, notes_what_fields_say_of_reachability_and_nothing_else) {
  const auto exposure = [](const std::string& member) { return with(member).exposure; };
  EXPECT_THAT(exposure(R"("Resources":[{"Type":"X","Id":"prod-public-internet-db"}])"), IsEmpty());
  EXPECT_THAT(exposure(R"("Resources":[{"Id":"a","Details":{"AwsRdsDbInstance":{"PubliclyAccessible":true}}}])"),
              ElementsAre("PubliclyAccessible"));
  EXPECT_THAT(exposure(R"("Resources":[{"Id":"a","Details":{"AwsRdsDbInstance":{"PubliclyAccessible":false}}}])"),
              IsEmpty());
  EXPECT_THAT(exposure(R"("Network":{"Direction":"IN"})"), ElementsAre("Network.Direction: IN"));
}

TEST(FindingReading, reads_vulnerabilities_with_what_mends_them) {
  const SecurityFinding f = with(R"("Vulnerabilities":[{"Id":"CVE-1","ExploitAvailable":"YES","VulnerablePackages":[
        {"Name":"openssl","Version":"1","FixedInVersion":"2"},{"Name":"curl","FixedInVersion":"NotAvailable"}]}])");
  ASSERT_THAT(f.vulnerabilities, SizeIs(2));
  EXPECT_EQ(f.vulnerabilities[0].fixed, "2");
  EXPECT_EQ(f.vulnerabilities[1].fixed, "");
  EXPECT_TRUE(f.exploit_known());
}

TEST(FindingReading, takes_guardduty_as_the_api_and_as_the_cli_writes_it) {
  const char* const kWritings[] = {
      R"({"arn":"arn:g","type":"T","severity":8.5,"service":{"archived":true,"count":7,"eventFirstSeen":"2026-03-01T00:00:00Z",
        "action":{"portProbeAction":{}},"additionalInfo":{"value":"{\"sample\":true}"}},
        "resource":{"instanceDetails":{"instanceId":"i-1","networkInterfaces":[{"publicIp":"198.51.100.1"}]}}})",
      R"({"Arn":"arn:g","Type":"T","Severity":8.5,"Service":{"Archived":true,"Count":7,"EventFirstSeen":"2026-03-01T00:00:00Z",
        "Action":{"PortProbeAction":{}},"AdditionalInfo":{"Value":"{\"sample\":true}"}},
        "Resource":{"InstanceDetails":{"InstanceId":"i-1","NetworkInterfaces":[{"PublicIp":"198.51.100.1"}]}}})"};
  for (const char* bytes : kWritings) {
    const SecurityFinding f = read_one(bytes);
    EXPECT_EQ(f.severity, Severity::kHigh);
    EXPECT_EQ(f.record_state, "ARCHIVED");
    EXPECT_EQ(f.count, 7U);
    EXPECT_TRUE(f.sample);
    EXPECT_EQ(f.first_seen, parse_rfc3339("2026-03-01T00:00:00Z"));
    EXPECT_THAT(f.exposure, ElementsAre("publicIp", "action: inbound"));
    ASSERT_THAT(f.resources, SizeIs(1));
    EXPECT_EQ(f.resources[0].type, "AwsEc2Instance");
  }
}

TEST(FindingReading, keeps_only_so_many_resources_and_counts_the_rest) {
  std::string resources = R"("Resources":[)";
  for (int i = 0; i < 50; ++i) resources += (i > 0 ? "," : "") + std::string(R"({"Id":"r)") + std::to_string(i) + "\"}";
  const SecurityFinding f = with(resources + "]");
  EXPECT_THAT(f.resources, SizeIs(SecurityFinding::kMaxResources));
  EXPECT_EQ(f.further_resources, 50 - SecurityFinding::kMaxResources);
}

TEST(FindingReading, says_of_files_what_it_could_not_use) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "fa2-findings-files";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a.json") << kAsff;
  std::ofstream(folder / "b.json") << "{\"Findings\":[" << kAsff << ",{\"x\":1}]}";
  std::ofstream(folder / "c.txt") << "{\"Findings\":[]}";
  std::size_t found = 0;
  const std::vector<std::string> paths = {folder.string(), (folder / "missing.json").string()};
  const FileFindings read = read_finding_files(paths, Language::kEnglish, [&](SecurityFinding&&) { ++found; }, {});
  std::filesystem::remove_all(folder);
  EXPECT_EQ(found, 2U);
  ASSERT_THAT(read.sources, SizeIs(3));
  EXPECT_EQ(read.sources[1].broken, 1U);
  EXPECT_THAT(read.gaps, SizeIs(3)) << "missing, partly broken, without findings";
}

}  // namespace
}  // namespace fa::findings
