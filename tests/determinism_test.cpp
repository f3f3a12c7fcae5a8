/// The same input gives the same JSON bytes: whatever the order of the arguments, the number of threads, the run.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/run_command.h"

namespace fa {
namespace {

namespace fs = std::filesystem;

std::string report_of(std::vector<std::string> arguments, const fs::path& folder) {
  arguments.insert(arguments.begin(), "investigate");
  arguments.insert(arguments.end(), {"--format", "json"});
  const test::CommandResult result = test::run_fa2(arguments, folder);
  EXPECT_EQ(result.status, 0) << result.err;
  return result.out;
}

/// Telemetry files of a folder by name, and its incident file.
std::vector<std::string> files_of(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void expect_same_bytes(const fs::path& folder) {
  SCOPED_TRACE(folder.string());
  const std::string once = report_of({".", "--threads", "1"}, folder);
  ASSERT_FALSE(once.empty());
  EXPECT_EQ(once, report_of({".", "--threads", "1"}, folder)) << "a second run";
  EXPECT_EQ(once, report_of({".", "--threads", "4"}, folder)) << "four threads";
  EXPECT_EQ(once, report_of({"."}, folder)) << "as many threads as the machine has";

  std::vector<std::string> names = files_of(folder);
  const std::string by_name = report_of(names, folder);
  std::reverse(names.begin(), names.end());
  EXPECT_EQ(by_name, report_of(names, folder)) << "reversed order of the arguments";
  std::rotate(names.begin(), names.begin() + 1, names.end());
  names.insert(names.end(), {"--threads", "4"});
  EXPECT_EQ(by_name, report_of(names, folder)) << "rotated order, four threads";
}

TEST(Determinism, bundled_incident) { expect_same_bytes(FA_PROJECT_DIR "/examples/storefront/incident"); }

TEST(Determinism, incidents_of_every_set) {
  const fs::path root = FA_PROJECT_DIR "/../shared/data/incidents";
  if (!fs::is_directory(root)) GTEST_SKIP() << root << " is not there";
  for (const auto& set : fs::directory_iterator(root)) {
    if (!set.is_directory()) continue;
    std::vector<fs::path> cases;
    for (const auto& entry : fs::directory_iterator(set.path())) {
      if (entry.is_directory()) cases.push_back(entry.path());
    }
    std::sort(cases.begin(), cases.end());
    ASSERT_GE(cases.size(), 3U);
    for (const std::size_t i : {std::size_t{0}, cases.size() / 2, cases.size() - 1}) expect_same_bytes(cases[i]);
  }
}

}  // namespace
}  // namespace fa
