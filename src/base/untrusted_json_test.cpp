#include "base/untrusted_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa {
namespace {

using testing::EndsWith;

constexpr JsonLimits kLimits{100, 3, 2};

TEST(UntrustedJson, is_read_within_its_limits_only) {
  struct Case {
    std::string text;
    const char* problem;  // nullptr: it is read
  };
  const Case kCases[] = {
      {R"({"a":[[1]],"b":"{{{{:,:,:"})", nullptr},
      {R"("\"{{{{")", nullptr},
      {"[[[[1]]]]", "is nested too deep."},
      {R"({"a":1,"b":2,"c":3})", "has an object with too many members."},
      {std::string(101, ' '), "is larger than 100 B."},
      {R"({"a":)", "is no JSON."},
      {"", "is no JSON."},
  };
  for (const Case& c : kCases) {
    const auto document = read_untrusted_json(c.text, kLimits, "The notice");
    EXPECT_EQ(document.has_value(), c.problem == nullptr) << c.text;
    if (!document && c.problem != nullptr) {
      EXPECT_THAT(document.error().message, EndsWith(c.problem)) << c.text;
    }
  }
}

TEST(UntrustedJson, nesting_counts_brackets_outside_of_strings) {
  EXPECT_TRUE(json_nests_within("[[]]", 2));
  EXPECT_FALSE(json_nests_within("[[]]", 1));
  EXPECT_FALSE(json_nests_within("{\"a\":[{", 2));
  EXPECT_TRUE(json_nests_within(R"(["[[[[", "\"[[[[", "\\"])", 1));
  EXPECT_TRUE(json_nests_within("]]]][[", 2));
  EXPECT_TRUE(json_nests_within("\"\\", 0));
}

TEST(UntrustedJson, has_nothing_where_a_member_is_of_another_kind) {
  const auto document = read_untrusted_json("{\"a\":{\"b\":\"x\xff\"},\"c\":null}", kLimits, "The notice");
  ASSERT_TRUE(document);
  EXPECT_EQ(text_at(*document, {"a", "b"}), "x\xEF\xBF\xBD");
  EXPECT_EQ(text_at(*document, {"a", "b", "c"}), "");
  EXPECT_EQ(member_at(*document, {"c"}), nullptr);
  EXPECT_TRUE(object_at(*document, {"a", "b"}).empty());
  EXPECT_TRUE(array_at(*document, {"a"}).empty());
}

}  // namespace
}  // namespace fa
