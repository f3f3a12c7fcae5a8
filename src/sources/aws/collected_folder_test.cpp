#include "sources/aws/collected_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sources/file/decompress.h"
#include "sources/file/incident_file.h"
#include "sources/file/test_support.h"

namespace fa {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;

std::string content_of(const fs::path& path) {
  auto stream = open_file_stream(path);
  if (!stream) return "unreadable: " + stream.error().message;
  auto plain = decompress(std::move(*stream));
  return plain ? test::drain(**plain).text : plain.error().message;
}

std::vector<std::string> files_below(const fs::path& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Origin origin_of(std::string resource) {
  Origin origin;
  origin.source = "test";
  origin.resource = std::move(resource);
  return origin;
}

TEST(CollectedFolder, keeps_what_was_committed_and_removes_what_was_not) {
  const TempFolder temp;
  const auto folder = CollectedFolder::create(temp.path() / "case");
  ASSERT_TRUE(folder) << folder.error().message;
  {
    auto kept = (*folder)->open("logs/orders.json", CollectedFolder::Storage::kZstd);
    ASSERT_TRUE(kept);
    ASSERT_TRUE((*kept)->write("first attempt, cut off"));
    ASSERT_TRUE((*kept)->restart());
    ASSERT_TRUE((*kept)->write("{\"events\":"));
    ASSERT_TRUE((*kept)->write("[]}\n"));
    ASSERT_TRUE((*kept)->commit(origin_of("/ecs/orders")));
    auto dropped = (*folder)->open("logs/dropped.json", CollectedFolder::Storage::kAsIs);
    ASSERT_TRUE(dropped);
    ASSERT_TRUE((*dropped)->write("half"));
  }
  IncidentInfo incident;
  incident.description = "slow \x01 \xff";
  incident.window = {from_unix_nanos(1'000'000'000), from_unix_nanos(2'000'000'000)};
  incident.window_given = true;
  (*folder)->add_gap({"Z", {}, "later", ""});
  (*folder)->add_gap({"A", {}, "first", ""});
  ASSERT_TRUE((*folder)->finish(incident, {}, "arn:me"));

  EXPECT_THAT(files_below(temp.path() / "case"),
              testing::ElementsAre("fa2-collection.json", "incident.json", "logs/orders.json.zst"));
  EXPECT_EQ(content_of(temp.path() / "case/logs/orders.json.zst"), "{\"events\":[]}\n");
  const auto read = collection_from_json(content_of(temp.path() / "case/fa2-collection.json"));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->files.size(), 1U);
  EXPECT_EQ(read->files[0].name, "logs/orders.json.zst");
  EXPECT_EQ(read->files[0].origin.resource, "/ecs/orders");
  EXPECT_EQ(read->gaps.at(0).source, "A");
  const auto known = read_incident_file(temp.path() / "case/incident.json");
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(known->window, incident.window);
}

TEST(CollectedFolder, lets_no_name_out_of_the_folder_and_keeps_equal_names_apart) {
  const TempFolder temp;
  const auto folder = CollectedFolder::create(temp.path() / "case");
  ASSERT_TRUE(folder);
  const char* kNames[] = {"../../etc/passwd", "/absolute/x.log", "a/.hidden", "a:b.log", "a?b.log", "a/..", "",
                          "incident.json"};
  for (const char* name : kNames) {
    auto file = (*folder)->open(name, CollectedFolder::Storage::kAsIs);
    ASSERT_TRUE(file) << name << ": " << file.error().message;
    ASSERT_TRUE((*file)->write(name));
    ASSERT_TRUE((*file)->commit(origin_of(name)));
  }
  ASSERT_TRUE((*folder)->finish({}, {}, ""));
  const auto names = files_below(temp.path() / "case");
  EXPECT_EQ(names.size(), std::size(kNames) + 2) << testing::PrintToString(names);
  EXPECT_EQ(files_below(temp.path()).size(), names.size());
  for (const std::string& name : names) EXPECT_THAT(name, testing::Not(testing::HasSubstr("/."))) << name;
  EXPECT_THAT(names, testing::IsSupersetOf({"a_b.log", "a_b-2.log", "incident-2.json", "absolute/x.log"}));
}

TEST(CollectedFolder, refuses_a_folder_that_holds_something_or_cannot_be_made) {
  const TempFolder temp;
  temp.write("case/old.log", "x");
  const auto full = CollectedFolder::create(temp.path() / "case");
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, testing::HasSubstr("is not empty"));
  const auto below_file = CollectedFolder::create(temp.path() / "case/old.log/new");
  ASSERT_FALSE(below_file);
  EXPECT_THAT(below_file.error().message, testing::HasSubstr("Cannot create the folder"));
}

TEST(SafeName, keeps_plain_names_and_shortens_long_ones_distinctly) {
  EXPECT_EQ(safe_name("orders.log.gz"), "orders.log.gz");
  EXPECT_EQ(safe_name("/ecs/orders"), "_ecs_orders");
  EXPECT_EQ(safe_name("..").find('.'), 1U) << safe_name("..");
  const std::string one = safe_name(std::string(300, 'a') + "1.log.gz");
  const std::string two = safe_name(std::string(300, 'a') + "2.log.gz");
  EXPECT_LE(one.size(), 120U);
  EXPECT_NE(safe_name("x" + std::string(300, 'b') + ".gz"), safe_name("y" + std::string(300, 'b') + ".gz"));
  EXPECT_NE(one, two);
  EXPECT_TRUE(one.ends_with(".log.gz"));
}

}  // namespace
}  // namespace fa
