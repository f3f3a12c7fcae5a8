#include "formats/json_slices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> members(std::string_view object) {
  std::vector<std::string> found;
  std::string_view key;
  JsonSlice value;
  for (JsonMembers walk(object); walk.next(key, value);) {
    found.push_back(std::string(key) + "=" + std::string(value.text) + (value.complete ? "" : "..."));
  }
  return found;
}

std::vector<std::string> elements(std::string_view array) {
  std::vector<std::string> found;
  JsonSlice value;
  for (JsonElements walk(array); walk.next(value);) {
    found.push_back(std::string(value.text) + (value.complete ? "" : "..."));
  }
  return found;
}

TEST(JsonSlices, FindsMembersAndElementsWhateverTheSpacing) {
  EXPECT_THAT(members(R"({"a":1,"b" : "x,}\"]" ,
 "c":{"d":[1,{}]},"e":[],"f":null})"),
              ElementsAre("a=1", R"(b="x,}\"]")", R"(c={"d":[1,{}]})", "e=[]", "f=null"));
  EXPECT_THAT(elements(R"([1, "two",[3],{"4":"]"} ,true])"),
              ElementsAre("1", R"("two")", "[3]", R"({"4":"]"})", "true"));
  EXPECT_THAT(members("{}"), IsEmpty());
  EXPECT_THAT(elements("[]"), IsEmpty());
  EXPECT_THAT(members("[1]"), IsEmpty());
  EXPECT_THAT(elements("{}"), IsEmpty());
  EXPECT_THAT(members(""), IsEmpty());
}

TEST(JsonSlices, KeepsTheNeighboursOfBrokenValues) {
  EXPECT_THAT(elements(R"([{"a":tru},{"b":"\q"},{"c":,},{"d":1}])"),
              ElementsAre(R"({"a":tru})", R"({"b":"\q"})", R"({"c":,})", R"({"d":1})"));
  EXPECT_THAT(elements("[{\"a\":\"open\n},{\"b\":1}]"), ElementsAre("{\"a\":\"open\n}", R"({"b":1})"));
  EXPECT_THAT(members(R"({"a":,"b":2,nokey,"c","d":4,5:6})"), ElementsAre("a=\"b\"", "d=4"));
}

TEST(JsonSlices, SaysWhatTheEndOfTheTextCutOff) {
  EXPECT_THAT(elements(R"([{"a":1},{"b":"x)"), ElementsAre(R"({"a":1})", R"({"b":"x...)"));
  EXPECT_THAT(elements(R"(["x\)"), ElementsAre(R"("x\...)"));
  EXPECT_THAT(members(R"({"a":[1,)"), ElementsAre("a=[1,..."));
  EXPECT_THAT(members(R"({"a":)"), IsEmpty());
  EXPECT_THAT(members(R"({"a)"), IsEmpty());
}

TEST(JsonSlices, EndsOnAnyBytes) {
  std::string text = R"({"a":[{"b":"c\\"},1,null],"d":{}})";
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\0', '\xff'}) {
      std::string mutated = text;
      mutated[i] = c;
      members(mutated);
      elements("[" + mutated);
    }
  }
  const std::string deep(1'000'000, '[');
  EXPECT_EQ(elements(deep).size(), 1U);
}

}  // namespace
}  // namespace fa
