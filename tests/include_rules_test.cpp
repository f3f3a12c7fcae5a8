/// Which folder of src/ may include which: the arrows of ARCHITECTURE.md as a table, held against every #include.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fa {
namespace {

namespace fs = std::filesystem;

/// A folder may include itself and what stands here. `analysis` stands for all its subfolders, `*` for everything.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"base", {}},
    {"model", {"base"}},
    {"formats", {"base", "model"}},
    {"draw", {"base"}},
    {"document", {"base", "model", "draw"}},
    {"report", {"base", "model", "draw", "document"}},
    {"analysis/stats", {"base", "model"}},
    {"analysis/text", {"base", "model"}},
    {"analysis/logs", {"base", "model", "analysis/stats", "analysis/text"}},
    {"analysis/metrics", {"base", "model", "analysis/stats", "analysis/text"}},
    {"analysis/traces", {"base", "model", "analysis/stats", "analysis/text"}},
    {"analysis/access", {"base", "model", "analysis/stats", "analysis/text"}},
    {"analysis/changes", {"base", "model", "analysis/stats", "analysis/text"}},
    {"analysis/flow", {"base", "model", "analysis/stats", "analysis/text", "analysis/logs", "analysis/traces"}},
    {"analysis/causal", {"base", "model", "analysis/stats", "analysis/text", "analysis/metrics"}},
    {"net", {"base"}},
    {"aws", {"base", "net"}},
    {"redact", {"base"}},
    {"store", {"base"}},
    {"aws_store", {"base", "net", "aws", "store"}},
    {"llm", {"base", "net", "aws", "redact"}},
    {"sources/file", {"base", "model", "formats"}},
    {"sources/aws", {"base", "model", "net", "aws", "formats", "sources/file"}},
    {"investigate", {"base", "model", "formats", "analysis", "sources", "report", "llm", "redact", "store"}},
    {"insight",
     {"base", "model", "formats", "analysis", "sources", "aws", "llm", "store", "investigate", "draw", "document",
      "report"}},
    {"findings", {"base", "model", "net", "aws", "redact", "llm", "formats", "sources", "draw", "document"}},
    {"evaluate",
     {"base", "model", "formats", "analysis", "sources", "llm", "redact", "store", "investigate", "report"}},
    {"server", {"base", "net"}},
    {"lambda", {"base", "net", "server"}},
    {"slack", {"base", "net"}},
    {"alarms", {"base", "model", "formats"}},
    {"chatops", {"base", "model", "net", "redact", "store", "report", "server", "slack", "alarms"}},
    {"manual", {"base"}},
    {"app", {"*"}},
};

/// Headers of libraries that take seconds to compile: only .cpp files pay for them.
const std::vector<std::string> kHeavy = {"nlohmann/",
                                         "simdjson",
                                         "CLI/",
                                         "toml++/",
                                         "toml.hpp",
                                         "valijson/",
                                         "curl/",
                                         "boost/",
                                         "pugixml",
                                         "prometheus/",
                                         "md4c.h",
                                         "base/json.h",
                                         "cairo",
                                         "pango/",
                                         "draw/cairo_paint.h",
                                         "draw/pango_cairo.h"};

/// A header private to its folder whose very subject is such a library.
const std::set<std::string> kMayBeHeavy = {"base/json.h",
                                           "base/untrusted_json.h",
                                           "formats/json_access.h",
                                           "investigate/tool_test_world.h",
                                           "investigate/narrate_test_rig.h",
                                           "model/json_read.h",
                                           "model/json_write.h",
                                           "app/toml_section.h",
                                           "slack/json_members.h",
                                           "alarms/notice_json.h",
                                           "llm/tool_schema.h",
                                           "findings/finding_fields.h",
                                           "draw/cairo_paint.h",
                                           "draw/pango_cairo.h"};

/// `analysis/logs` of `analysis/logs/x.h`, `base` of `base/x.h`.
std::string folder_of(std::string_view file) {
  const std::size_t first = file.find('/');
  if (first == std::string_view::npos) return {};
  const std::string_view top = file.substr(0, first);
  if (top != "analysis" && top != "sources") return std::string(top);
  return std::string(file.substr(0, file.find('/', first + 1)));
}

/// Why `file` (a path below src/) must not have this line; empty when it may.
std::string violation(const std::string& file, std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || !line.substr(begin).starts_with("#include")) return {};
  const std::size_t open = line.find_first_of("<\"", begin);
  const std::size_t close = open == std::string_view::npos ? open : line.find_first_of(">\"", open + 1);
  if (close == std::string_view::npos) return file + ": cannot read " + std::string(line);
  const std::string name(line.substr(open + 1, close - open - 1));
  const bool heavy = std::any_of(kHeavy.begin(), kHeavy.end(), [&](const auto& h) { return name.starts_with(h); });
  if (heavy && file.ends_with(".h") && !kMayBeHeavy.contains(file)) {
    return file + ": the heavy " + name + " belongs into a .cpp file";
  }
  if (line[open] == '<') return {};
  const bool of_tests = file.ends_with("_test.cpp") || file.ends_with("_test_rig.h");
  if (of_tests && name.starts_with("support/")) return {};  // tests/support: fakes and stand-ins

  const std::string from = folder_of(file);
  const std::string to = folder_of(name);
  const auto rule = kMayInclude.find(from);
  if (rule == kMayInclude.end()) return file + ": the folder " + from + " has no row in the table of this test";
  if (!kMayInclude.contains(to)) return file + ": " + name + " is not written from src/, or its folder has no row";
  const std::set<std::string>& allowed = rule->second;
  const bool fine =
      from == to || allowed.contains("*") || allowed.contains(to) || allowed.contains(to.substr(0, to.find('/')));
  return fine ? std::string() : file + ": " + from + " must not include " + name;
}

std::vector<std::string> violations_below(const fs::path& root, std::size_t& includes) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string file = fs::relative(entry.path(), root).generic_string();
    if (!file.ends_with(".h") && !file.ends_with(".cpp")) continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with("#include")) ++includes;
      if (std::string why = violation(file, line); !why.empty()) found.push_back(std::move(why));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(IncludeRules, hold_in_the_whole_tree) {
  std::size_t includes = 0;
  EXPECT_THAT(violations_below(FA_PROJECT_DIR "/src", includes), testing::IsEmpty());
  EXPECT_GT(includes, 500U) << "the walk found hardly any #include: is it looking at the right folder?";
}

TEST(IncludeRules, have_a_row_for_folders_that_exist_and_no_others) {
  for (const auto& [folder, allowed] : kMayInclude) {
    EXPECT_TRUE(fs::is_directory(fs::path(FA_PROJECT_DIR "/src") / folder)) << folder;
  }
  for (const std::string& file : kMayBeHeavy) {
    EXPECT_TRUE(fs::exists(fs::path(FA_PROJECT_DIR "/src") / file)) << file;
  }
}

TEST(IncludeRules, name_what_they_forbid) {
  struct Case {
    const char* file;
    const char* line;
    const char* told;  // nullptr: allowed
  };
  const Case kCases[] = {
      {"base/time.cpp", "#include \"model/report.h\"", "base must not include model/report.h"},
      {"model/report.cpp", "#include \"base/time.h\"", nullptr},
      {"model/report.cpp", "#include \"model/locator.h\"", nullptr},
      {"formats/csv.cpp", "#include \"report/render.h\"", "formats must not include report/render.h"},
      {"report/text.cpp", "#include \"formats/reader.h\"", "report must not include"},
      {"analysis/logs/log_change.cpp", "#include \"analysis/stats/statistics.h\"", nullptr},
      {"analysis/logs/log_change.cpp", "#include \"analysis/traces/span_time.h\"", "must not include"},
      {"analysis/flow/flow_break.cpp", "#include \"analysis/traces/span_time.h\"", nullptr},
      {"analysis/causal/rank.cpp", "#include \"analysis/logs/log_change.h\"", "must not include"},
      {"analysis/stats/statistics.cpp", "#include \"formats/reader.h\"", "must not include"},
      {"sources/file/discover.cpp", "#include \"investigate/plan.h\"", "must not include"},
      {"investigate/plan.cpp", "#include \"sources/file/discover.h\"", nullptr},
      {"investigate/plan.cpp", "  #include \"app/config.h\"", "must not include"},
      {"app/main.cpp", "#include \"analysis/logs/template_miner.h\"", nullptr},
      {"base/text.cpp", "#include \"text.h\"", "not written from src/"},
      {"cloud/x.cpp", "#include \"base/text.h\"", "no row in the table"},
      {"base/text.h", "#include <nlohmann/json.hpp>", "belongs into a .cpp file"},
      {"base/text.cpp", "#include <nlohmann/json.hpp>", nullptr},
      {"formats/json_access.h", "#include <simdjson.h>", nullptr},
      {"base/text.h", "#include <string>", nullptr},
      {"net/retry_test.cpp", "#include \"support/fakes.h\"", nullptr},
      {"net/retry.cpp", "#include \"support/fakes.h\"", "not written from src/"},
      {"aws/client.cpp", "#include \"net/retry.h\"", nullptr},
      {"net/retry.cpp", "#include \"aws/client.h\"", "must not include"},
      {"base/text.h", "// #include \"app/config.h\"", nullptr},
  };
  for (const Case& c : kCases) {
    const std::string said = violation(c.file, c.line);
    if (c.told == nullptr) {
      EXPECT_EQ(said, "") << c.file << ": " << c.line;
    } else {
      EXPECT_THAT(said, testing::HasSubstr(c.told)) << c.file << ": " << c.line;
    }
  }
}

}  // namespace
}  // namespace fa
