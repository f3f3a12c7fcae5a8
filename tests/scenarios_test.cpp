/// Runs every folder of tests/scenarios/ through the built fa2. A scenario needs no C++: tests/scenarios/README.md says
/// what may stand in its expect.toml. UPDATE_GOLDEN=1 in the environment writes the golden reports anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/report_schema.h"
#include "support/run_command.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Texts = std::vector<std::string>;

const fs::path kScenarios = FA_PROJECT_DIR "/tests/scenarios";

std::vector<fs::path> scenarios() {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(kScenarios)) {
    if (fs::exists(entry.path() / "expect.toml")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// A text, or the texts of a list; none when the key is missing.
Texts texts(toml::node_view<const toml::node> node) {
  Texts out;
  if (const auto one = node.value<std::string>()) out.push_back(*one);
  if (const toml::array* list = node.as_array()) {
    for (const toml::node& item : *list) out.push_back(item.value_or(std::string()));
  }
  return out;
}

/// A misspelled key would test nothing, silently.
void expect_known_keys(const toml::table& table, const Texts& known) {
  for (const auto& [key, value] : table) {
    EXPECT_THAT(known, testing::Contains(std::string(key.str()))) << "unknown key in expect.toml";
  }
}

void expect_words(const toml::table& expect, const char* name, const std::string& text) {
  const toml::table* words = expect[name].as_table();
  if (words == nullptr) return;
  expect_known_keys(*words, {"has", "lacks"});
  for (const std::string& word : texts((*words)["has"])) EXPECT_THAT(text, testing::HasSubstr(word)) << "in " << name;
  for (const std::string& word : texts((*words)["lacks"])) {
    EXPECT_THAT(text, testing::Not(testing::HasSubstr(word))) << "in " << name;
  }
}

/// Files too large or too odd to commit, and folders that git does not keep.
void generate(const toml::table& expect, const fs::path& folder) {
  for (const std::string& name : texts(expect["empty_folders"])) fs::create_directories(folder / name);
  const toml::array* files = expect["generate"].as_array();
  if (files == nullptr) return;
  for (const toml::node& node : *files) {
    const toml::table& file = *node.as_table();
    expect_known_keys(file, {"file", "begin", "repeat", "times", "end"});
    const fs::path path = folder / file["file"].value_or(std::string());
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << file["begin"].value_or(std::string());
    const auto repeat = file["repeat"].value_or(std::string());
    for (std::int64_t i = 0; i < file["times"].value_or(std::int64_t{1}); ++i) out << repeat;
    out << file["end"].value_or(std::string());
  }
}

void expect_report(const toml::table& expect, const std::string& bytes) {
  EXPECT_EQ(test::schema_violations(bytes), "");
  const Json report = Json::parse(bytes, nullptr, false);
  ASSERT_TRUE(report.is_object());
  if (const auto verdict = expect["verdict"].value<std::string>()) {
    EXPECT_EQ(report["verdict"], *verdict);
  }
  const Json& hypotheses = report["hypotheses"];
  if (report["verdict"] == "no_incident") {
    EXPECT_THAT(hypotheses, testing::IsEmpty());
  }
  const Json none{{"subject", {{"service", ""}}}, {"mechanism", ""}};
  const Json& first = hypotheses.empty() ? none : hypotheses[0];
  if (const auto service = expect["service"].value<std::string>()) {
    EXPECT_EQ(first["subject"]["service"], *service);
  }
  if (const Texts mechanisms = texts(expect["mechanism"]); !mechanisms.empty()) {
    EXPECT_THAT(mechanisms, testing::Contains(first["mechanism"].get<std::string>()));
  }
  if (const auto from = expect["window_from"].value<std::string>()) {
    EXPECT_EQ(report["incident"]["window"]["from"], *from);
  }
  if (const auto to = expect["window_to"].value<std::string>()) {
    EXPECT_EQ(report["incident"]["window"]["to"], *to);
  }

  std::string unseen;
  for (const Json& gap : report["gaps"]) {
    unseen += gap["source"].get<std::string>() + ": " + gap["error"].get<std::string>() + "\n";
  }
  for (const Json& item : report["coverage"]) {
    unseen += item["source"].get<std::string>() + ": " + item["note"].get<std::string>() + "\n";
  }
  for (const std::string& words : texts(expect["gaps"])) EXPECT_THAT(unseen, testing::HasSubstr(words));

  std::string quoted;
  for (const Json& evidence : report["evidence"]) {
    quoted += evidence["excerpt"].get<std::string>() + "\n";
    EXPECT_EQ(evidence["check"], "passed") << evidence.dump(2);
  }
  for (const std::string& words : texts(expect["quotes"])) EXPECT_THAT(quoted, testing::HasSubstr(words));
}

void expect_golden(const fs::path& golden, const std::string& text) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(golden, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, test::file_bytes(golden)) << "If the change is wanted, run with UPDATE_GOLDEN=1 and review the diff.";
}

class Scenario : public testing::TestWithParam<fs::path> {};

TEST_P(Scenario, reads_as_expected) {
  const fs::path& committed = GetParam();
  const toml::table expect = toml::parse_file((committed / "expect.toml").string());
  expect_known_keys(expect,
                    {"about",   "command",   "inputs",      "args",           "stdin",         "exit",    "verdict",
                     "service", "mechanism", "window_from", "window_to",      "gaps",          "quotes",  "text",
                     "json",    "html",      "stderr",      "most_megabytes", "empty_folders", "generate"});
  EXPECT_FALSE(expect["about"].value_or(std::string()).empty()) << "say in `about` what the scenario is for";

  const test::TempFolder made;
  fs::path folder = committed;
  if (expect.contains("generate") || expect.contains("empty_folders")) {
    folder = made.path();
    if (fs::exists(committed / "input")) {
      fs::copy(committed / "input", folder / "input", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    }
    generate(expect, folder);
  }
  Texts command{expect["command"].value_or(std::string("investigate"))};
  Texts inputs = texts(expect["inputs"]);
  if (inputs.empty()) inputs = {"input"};
  for (std::string& input : inputs) {
    if (input.starts_with("/")) input = std::string(FA_PROJECT_DIR) + input;  // from the root of the project
    command.push_back(input);
  }
  for (const std::string& arg : texts(expect["args"])) command.push_back(arg);
  const fs::path standard_input =
      expect.contains("stdin") ? folder / expect["stdin"].value_or(std::string()) : "/dev/null";
  const auto run = [&](const char* format) {
    Texts words = command;
    if (command[0] == "investigate") words.insert(words.end(), {"--format", format});
    return test::run_fa2(words, folder, standard_input);
  };

  const test::CommandResult text = run("text");
  ASSERT_EQ(text.status, expect["exit"].value_or(0)) << text.err;
#ifndef __SANITIZE_ADDRESS__  // which takes memory for itself
  if (const auto most = expect["most_megabytes"].value<long>()) {
    EXPECT_LE(text.peak_megabytes, *most);
  }
#endif
  expect_words(expect, "stderr", text.err);
  expect_words(expect, "text", text.out);
  if (text.status != 0) {
    EXPECT_EQ(text.out, "") << "a failed run must leave nothing half-written";
  }
  if (fs::exists(committed / "report.txt")) expect_golden(committed / "report.txt", text.out);
  if (text.status != 0 || command[0] != "investigate") return;
  EXPECT_EQ(text.err, "") << "progress belongs on terminals only";

  const std::string json = run("json").out;
  expect_report(expect, json);
  expect_words(expect, "json", json);
  if (expect.contains("html")) expect_words(expect, "html", run("html").out);
}

INSTANTIATE_TEST_SUITE_P(Folders, Scenario, testing::ValuesIn(scenarios()), [](const auto& scenario) {
  std::string name = scenario.param.filename().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace fa
