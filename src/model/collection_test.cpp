#include "model/collection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

TEST(Collection, comes_back_as_it_was_written) {
  Collection c;
  c.identity = "arn:aws:sts::123456789012:assumed-role/on-call/kim";
  Origin origin{"cloudwatch_logs", "123456789012", "ap-northeast-1", "/ecs/orders", "fields @message", {},
                "aws logs ..."};
  origin.range = {from_unix_nanos(1'000'000'000), from_unix_nanos(2'000'000'000)};
  c.files.push_back({"logs/orders.json.zst", origin});
  c.gaps.push_back({"X-Ray", {}, "AccessDenied", "no traces"});
  c.notes.push_back({"CloudWatch Logs", "12 MB: every line was fetched"});
  c.usage.cost_usd = 0.125;
  c.usage.api_calls = 7;
  c.usage.prices_of = "2026-11-01";
  c.usage.sources.push_back({"CloudWatch Logs", 7, 1, 2, 0.125});
  const std::string json = collection_to_json(c);
  const auto back = collection_from_json(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(collection_to_json(*back), json);
  EXPECT_EQ(back->files.at(0).origin.range, origin.range);
  EXPECT_EQ(back->usage.sources.at(0).fetched_bytes, 2U);
}

TEST(Collection, says_where_a_file_is_wrong) {
  struct Case {
    const char* json;
    const char* told;
  };
  const Case kCases[] = {
      {"", "fa2-collection.json"},
      {"[]", "expected an object"},
      {"{}", "/collection_version: expected 1.x"},
      {R"({"collection_version": "2.0"})", "/collection_version: expected 1.x, found string `2.0`"},
      {R"({"collection_version": "1.0", "files": {}})", "/files: expected an array"},
      {R"({"collection_version": "1.0", "files": [{"name": 3}]})", "/files/0/name: expected a string"},
      {R"({"collection_version": "1.0", "usage": {"api_calls": -1}})", "/usage/api_calls: expected a whole number"},
  };
  for (const Case& c : kCases) {
    const auto read = collection_from_json(c.json);
    ASSERT_FALSE(read) << c.json;
    EXPECT_THAT(read.error().message, testing::HasSubstr(c.told)) << c.json;
  }
}

}  // namespace
}  // namespace fa
