/// The recorded incidents of ../shared/data: each gives a report, and the right service comes first often enough. The
/// floors say that the engines are real; they are no target.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/report_schema.h"
#include "support/run_command.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const fs::path kIncidents = FA_PROJECT_DIR "/../shared/data/incidents";

class DataIncidents : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(kIncidents)) GTEST_SKIP() << kIncidents << " is not there: recorded incidents not tested";
  }
};

std::vector<fs::path> all_incidents() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::recursive_directory_iterator(kIncidents)) {
    if (entry.path().filename() == "incident.json") folders.push_back(entry.path().parent_path());
  }
  std::sort(folders.begin(), folders.end());
#ifdef __SANITIZE_ADDRESS__  // ten times slower: a sample of every set is enough to meet what only it would find
  std::vector<fs::path> sample;
  for (std::size_t i = 0; i < folders.size(); i += 8) sample.push_back(folders[i]);
  folders = sample;
#endif
  return folders;
}

TEST_F(DataIncidents, every_one_gives_a_valid_report) {
  const std::vector<fs::path> folders = all_incidents();
  ASSERT_FALSE(folders.empty());
  for (const fs::path& folder : folders) {
    const test::CommandResult run = test::run_fa2({"investigate", folder.string(), "--format", "json"}, kIncidents);
    EXPECT_EQ(run.status, 0) << folder << ": " << run.err;
    EXPECT_EQ(run.err, "") << folder;
    EXPECT_EQ(test::schema_violations(run.out), "") << folder;
    const Json report = Json::parse(run.out, nullptr, false);
    ASSERT_TRUE(report.is_object()) << folder;
    if (report["verdict"] == "no_incident") continue;
    EXPECT_GE(report["hypotheses"].size(), 5U) << folder;
    for (const Json& evidence : report["evidence"]) {
      EXPECT_EQ(evidence["check"], "passed") << folder << ": " << evidence.dump(2);
    }
  }
}

TEST_F(DataIncidents, top_1_reaches_the_floor_in_every_set) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "accuracy is the same with and without sanitizers: measured in the ordinary build";
#endif
  const test::CommandResult run = test::run_fa2({"eval", kIncidents.string(), "--format", "json"}, kIncidents);
  ASSERT_EQ(run.status, 0) << run.err;
  const Json evaluation = Json::parse(run.out, nullptr, false);
  ASSERT_TRUE(evaluation.is_object());
  std::map<std::string, int> top1;
  for (const Json& set : evaluation["sets"]) {
    top1[set["set"]] = set["top1"];
    EXPECT_EQ(set["without_report"], 0) << set["set"];
    EXPECT_LE(set["top1"], set["top3"]);
    EXPECT_LE(set["top3"], set["top5"]);
  }
  EXPECT_GE(top1["nezha-tt"], 15) << "of 22";
  EXPECT_GE(top1["nezha-ob-lite"], 12) << "of 20";
  EXPECT_GE(top1["petshop"], 22) << "of 34";
}

}  // namespace
}  // namespace fa
