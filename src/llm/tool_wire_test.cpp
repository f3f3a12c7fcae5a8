#include "llm/tool_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace fa::llm {
namespace {

using testing::ElementsAre;

TEST(ToolWire, inputs_always_become_objects) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "{}"},
      {" \n", "{}"},
      {"{ \"b\": 1, \"a\": 2 }", R"({"b":1,"a":2})"},
      {"[1]", R"({"not_json":"[1]"})"},
      {"\"text\"", R"({"not_json":"\"text\""})"},
      {"{\"half\": ", R"({"not_json":"{\"half\": "})"},
      {"{} {}", R"({"not_json":"{} {}"})"},
      {"\xff", "{\"not_json\":\"\xEF\xBF\xBD\"}"},
  };
  for (const auto& [input, object] : cases) EXPECT_EQ(tool_input_object(input), object) << input;
  // Writing a deep tree would recurse as deep.
  const std::string deep = "{\"a\":" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}";
  EXPECT_TRUE(parse_json(tool_input_object(deep))["not_json"].is_string());
}

TEST(ToolWire, names_and_ids_fit_their_patterns) {
  EXPECT_EQ(tool_name_on_wire("search_logs-2"), "search_logs-2");
  EXPECT_EQ(tool_name_on_wire("functions.search logs"), "functions_search_logs");
  EXPECT_EQ(tool_name_on_wire(""), "unnamed");
  EXPECT_EQ(tool_name_on_wire(std::string(100, 'a')), std::string(64, 'a'));
  EXPECT_EQ(call_id_on_wire("toolu_bdrk:1.2-x", 64), "toolu_bdrk:1.2-x");
  const std::string odd = call_id_on_wire("an id\n", 64);
  EXPECT_THAT(odd, testing::MatchesRegex("call-[0-9a-f]+"));
  EXPECT_EQ(call_id_on_wire("an id\n", 64), odd);
  EXPECT_NE(call_id_on_wire("an id\t", 64), odd);
  EXPECT_LE(call_id_on_wire(std::string(41, 'a'), 40).size(), 40U);
  EXPECT_FALSE(call_id_on_wire("", 40).empty());
}

TEST(ToolWire, ids_are_made_unique_in_a_conversation) {
  ChatRequest request;
  request.messages = {{Role::kUser, {Text{"?"}}},
                      {Role::kAssistant, {ToolCall{"call_0", "a", "{}"}, ToolCall{"call_3", "a", "{}"}}}};
  ChatAnswer answer;
  answer.blocks = {Text{"x"}, ToolCall{"call_0", "b", "{}"}, ToolCall{"", "c", "{}"}, ToolCall{"own", "d", "{}"},
                   ToolCall{"own", "e", "{}"}};
  make_call_ids_unique(answer, request);
  EXPECT_THAT(answer.blocks,
              ElementsAre(Block(Text{"x"}), Block(ToolCall{"call_4", "b", "{}"}), Block(ToolCall{"call_5", "c", "{}"}),
                          Block(ToolCall{"own", "d", "{}"}), Block(ToolCall{"call_6", "e", "{}"})));
}

TEST(ToolWire, service_words_are_one_short_clean_line) {
  EXPECT_EQ(service_words("a\nb\tc. "), "a b c");
  EXPECT_EQ(service_words("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(service_words(std::string(400, 'x')), std::string(300, 'x') + "...");
  EXPECT_EQ(service_words("\xff"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace fa::llm
