#include "model/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace fa {
namespace {

TEST(MechanismNames, are_distinct_and_lead_back_to_their_mechanism) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < kMechanismCount; ++i) {
    const auto mechanism = static_cast<Mechanism>(i);
    const std::string_view name = mechanism_name(mechanism);
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(seen.insert(name).second) << name;
    EXPECT_EQ(mechanism_from_name(name), mechanism) << name;
  }
  EXPECT_EQ(mechanism_name(Mechanism::kConnectionPoolExhausted), "connection_pool_exhausted");
  EXPECT_EQ(mechanism_name(Mechanism::kTrafficDrop), "traffic_drop");
  EXPECT_EQ(mechanism_name(Mechanism::kUnknown), "unknown");
  EXPECT_EQ(mechanism_from_name("gremlins"), std::nullopt);
}

TEST(LanguageNames, lead_back_to_their_language) {
  EXPECT_EQ(language_name(Language::kEnglish), "en");
  EXPECT_EQ(language_name(Language::kJapanese), "ja");
  EXPECT_EQ(language_from_name("en"), Language::kEnglish);
  EXPECT_EQ(language_from_name("ja"), Language::kJapanese);
  EXPECT_EQ(language_from_name(""), std::nullopt);
  EXPECT_EQ(language_from_name("JA"), std::nullopt);
}

TEST(MechanismNames, each_has_its_row_in_the_documentation) {
  std::ifstream file(FA_PROJECT_DIR "/docs/formats/mechanisms.md");
  std::stringstream text;
  text << file.rdbuf();
  for (std::size_t i = 0; i < kMechanismCount; ++i) {
    const std::string row = "| `" + std::string(mechanism_name(static_cast<Mechanism>(i))) + "` |";
    EXPECT_THAT(text.str(), ::testing::HasSubstr(row));
  }
}

TEST(EnumNames, are_those_of_the_json_format) {
  EXPECT_EQ(verdict_name(Verdict::kIncident), "incident");
  EXPECT_EQ(verdict_name(Verdict::kNoIncident), "no_incident");
  EXPECT_EQ(verdict_name(Verdict::kCannotTell), "cannot_tell");
  EXPECT_EQ(severity_name(ReportSeverity::kCritical), "critical");
  EXPECT_EQ(severity_name(ReportSeverity::kNone), "none");
  EXPECT_EQ(evidence_kind_name(EvidenceKind::kTopology), "topology");
  EXPECT_EQ(hypothesis_status_name(HypothesisStatus::kUntested), "untested");
  EXPECT_EQ(check_status_name(CheckStatus::kFailed), "failed");
}

TEST(FindEvidence, finds_by_id_or_returns_null) {
  Report report;
  report.evidence.resize(2);
  report.evidence[0].id = "L1";
  report.evidence[1].id = "M2";
  EXPECT_EQ(report.find_evidence("M2"), &report.evidence[1]);
  EXPECT_EQ(report.find_evidence("X9"), nullptr);
}

}  // namespace
}  // namespace fa
