#include "llm/openai_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "llm/read_in_pieces.h"

namespace fa::llm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Result<ChatAnswer> read_completion(std::string_view bytes, std::size_t piece) {
  return read_in_pieces<CompletionReader>(bytes, piece);
}
Result<ChatAnswer> read_completion(std::string_view bytes) {
  return read_completion(bytes, std::max<std::size_t>(bytes.size(), 1));
}

std::string chunk(const std::string& delta, const std::string& finish = "null") {
  return R"(data: {"id":"c","choices":[{"index":0,"delta":)" + delta + R"(,"finish_reason":)" + finish + "}]}\n\n";
}
const std::string kDone = "data: [DONE]\n\n";

std::string document(const std::string& message, const std::string& finish = R"("stop")") {
  return R"({"id":"c","choices":[{"index":0,"message":)" + message + R"(,"finish_reason":)" + finish +
         R"(}],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}})";
}

TEST(Completion, finish_reasons) {
  const std::vector<std::pair<std::string, StopReason>> cases{
      {"stop", StopReason::kEndTurn},
      {"tool_calls", StopReason::kToolUse},
      {"function_call", StopReason::kToolUse},
      {"length", StopReason::kMaxTokens},
      {"content_filter", StopReason::kContentFiltered},
      {"insufficient_system_resource", StopReason::kOther},
  };
  for (const auto& [word, reason] : cases) {
    const auto whole = read_completion(document(R"({"content":"x"})", '"' + word + '"'));
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->stop, reason) << word;
    EXPECT_EQ(whole->stop_detail, word);
    const auto stream = read_completion(chunk(R"({"content":"x"})") + chunk("{}", '"' + word + '"') + kDone);
    ASSERT_TRUE(stream) << stream.error().message;
    EXPECT_EQ(stream->stop, reason) << word;
    EXPECT_EQ(stream->stop_detail, word);
  }
}

TEST(Completion, documents) {
  const auto answer = read_completion(
      document(R"({"role":"assistant","content":"Looking.","reasoning_content":"secret thoughts","tool_calls":[
        {"id":"a","type":"function","function":{"name":"search_logs","arguments":"{\"x\": 1}"}},
        {"id":"b","type":"function","function":{"name":"topology","arguments":{"y":2}}},
        {"id":"c","type":"function","function":{"name":"bad","arguments":"{half"}},
        {"id":"d","type":"function","function":{"name":"none"}}]})",
               R"("tool_calls")"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->blocks, ElementsAre(Block(Text{"Looking."}), Block(ToolCall{"a", "search_logs", R"({"x": 1})"}),
                                          Block(ToolCall{"b", "topology", R"({"y":2})"}),
                                          Block(ToolCall{"c", "bad", "{half"}), Block(ToolCall{"d", "none", "{}"})));
  EXPECT_EQ(answer->stop, StopReason::kToolUse);
  EXPECT_EQ(answer->usage, (TokenUsage{6, 5, 4, 0}));

  EXPECT_THAT(
      read_completion(document(R"({"content":[{"type":"text","text":"a"},{"type":"image"},{"text":"b"}]})"))->blocks,
      ElementsAre(Block(Text{"ab"})));
  EXPECT_THAT(read_completion(document(R"({"content":null})"))->blocks, IsEmpty());
  EXPECT_THAT(read_completion("\xEF\xBB\xBF \n" + document(R"({"content":"x"})"))->blocks,
              ElementsAre(Block(Text{"x"})));
  EXPECT_THAT(read_completion(document(R"({"content":null,"function_call":{"name":"f","arguments":"{}"}})"))->blocks,
              ElementsAre(Block(ToolCall{"", "f", "{}"})));
}

TEST(Completion, refusals_are_refusals_whatever_the_finish_reason) {
  for (const std::string& bytes : {document(R"({"content":null,"refusal":"I will not."})"),
                                   chunk(R"({"content":null,"refusal":"I will"})") + chunk(R"({"refusal":" not."})") +
                                       chunk("{}", R"("stop")") + kDone}) {
    const auto answer = read_completion(bytes);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->stop, StopReason::kRefused);
    EXPECT_THAT(answer->blocks, ElementsAre(Block(Text{"I will not."})));
  }
}

TEST(Completion, a_stream_gives_the_same_however_it_is_cut) {
  const std::string stream =
      ": OPENROUTER PROCESSING\r\n\r\n" + chunk(R"({"role":"assistant","content":""})") +
      chunk(R"({"content":"データベースの"})") + chunk(R"({"content":"接続"})") +
      chunk(
          R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"search_logs","arguments":""}}]})") +
      chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"reg"}}]})") +
      chunk(
          R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"topology","arguments":"{}"}},{"index":0,"function":{"arguments":"ex\":\"x\"}"}}]})") +
      chunk("{}", R"("tool_calls")") +
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\ndata: \"completion_tokens\":5}}\n\n" + kDone;
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const auto answer = read_completion(stream, piece);
    ASSERT_TRUE(answer) << piece << answer.error().message;
    EXPECT_THAT(answer->blocks,
                ElementsAre(Block(Text{"データベースの接続"}), Block(ToolCall{"a", "search_logs", R"({"regex":"x"})"}),
                            Block(ToolCall{"b", "topology", "{}"})));
    EXPECT_EQ(answer->stop, StopReason::kToolUse);
    EXPECT_EQ(answer->usage, (TokenUsage{10, 5, 0, 0}));
  }
}

TEST(Completion, calls_of_servers_with_other_ideas_of_an_index) {
  struct Case {
    const char* what;
    std::string stream;
    std::vector<Block> calls;
  };
  const std::vector<Case> cases{
      {"all of index 0, told apart by id",
       chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]})") +
           chunk(R"({"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"{\"x\":"}}]})") +
           chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]})"),
       {ToolCall{"a", "f", "{}"}, ToolCall{"b", "g", "{\"x\":1}"}}},
      {"no index",
       chunk(R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]})") +
           chunk(R"({"tool_calls":[{"function":{"arguments":"}"}},{"id":"b","function":{"name":"g"}}]})"),
       {ToolCall{"a", "f", "{}"}, ToolCall{"b", "g", "{}"}}},
      {"id repeated in every piece",
       chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]})") +
           chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}]})"),
       {ToolCall{"a", "f", "{}"}}},
      {"legacy function_call",
       chunk(R"({"function_call":{"name":"f","arguments":"{"}})") + chunk(R"({"function_call":{"arguments":"}"}})"),
       {ToolCall{"", "f", "{}"}}},
      {"arguments as an object",
       chunk(R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":1}}}]})"),
       {ToolCall{"a", "f", "{\"x\":1}"}}},
      {"nonsense", chunk(R"({"tool_calls":[1,null,{"index":"x","id":7,"function":[]}]})"), {ToolCall{"", "", "{}"}}},
  };
  for (const Case& c : cases) {
    const auto answer = read_completion(c.stream + chunk("{}", R"("stop")"));
    ASSERT_TRUE(answer) << c.what << answer.error().message;
    EXPECT_EQ(answer->blocks, c.calls) << c.what;
    EXPECT_EQ(answer->stop, StopReason::kToolUse) << c.what;
  }
}

TEST(Completion, an_answer_cut_by_its_length_keeps_half_a_call) {
  const auto answer =
      read_completion(chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x"}}]})") +
                      chunk("{}", R"("length")") + kDone);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->stop, StopReason::kMaxTokens);
  EXPECT_THAT(answer->blocks, ElementsAre(Block(ToolCall{"a", "f", "{\"x"})));
}

TEST(Completion, a_stream_is_whole_by_its_finish_reason_or_its_done) {
  const std::string begun = chunk(R"({"content":"private words"})");
  EXPECT_TRUE(read_completion(begun + kDone));
  EXPECT_EQ(read_completion(begun + kDone)->stop, StopReason::kOther);
  EXPECT_TRUE(read_completion(begun + chunk("{}", R"("stop")")));
  EXPECT_TRUE(read_completion(begun + "data: [DONE]"));
  const std::string end = chunk("{}", R"("stop")");
  for (std::size_t size = 0; size < end.size() - 3; ++size) {
    const auto answer = read_completion(begun + end.substr(0, size));
    ASSERT_FALSE(answer) << size;
    EXPECT_EQ(answer.error().reason, "CutOff") << size;
    EXPECT_THAT(answer.error().message, Not(HasSubstr("private")));
  }
  // What comes behind the end is nothing.
  EXPECT_THAT(read_completion(begun + kDone + "data: garbage\n\n")->blocks, ElementsAre(Block(Text{"private words"})));
}

TEST(Completion, what_is_no_answer_is_told_without_its_content) {
  for (const std::string& bytes :
       {std::string(), std::string(" \n"), std::string("{"), std::string("{}"), std::string("[1]"),
        std::string(R"({"choices":[]})"), std::string(R"({"choices":{}})"), document("\"private words\""),
        document("{\"content\":\"private words\"").substr(0, 60), std::string("<html>private words</html>"),
        std::string("data: private words\n\n"), std::string("data: [\"private words\"]\n\n"), kDone,
        std::string("\xff\xfe private words\0", 18), "{\"choices\":" + std::string(100'000, '[')}) {
    const auto answer = read_completion(bytes);
    ASSERT_FALSE(answer) << bytes.substr(0, 100);
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(answer.error().reason, testing::AnyOf("BadAnswer", "CutOff"));
    EXPECT_THAT(answer.error().message, Not(HasSubstr("private")));
  }
}

TEST(Completion, errors_inside_an_answer) {
  for (const std::string& bytes :
       {std::string(R"({"error":{"message":"out of memory","code":500}})"),
        chunk(R"({"content":"x"})") + "data: {\"error\":{\"message\":\"out of memory\"}}\n\n",
        chunk(R"({"content":"x"})") + "data: {\"error\":\"out of memory\"}"}) {
    const auto answer = read_completion(bytes);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason, "ServerError");
    EXPECT_THAT(answer.error().message, HasSubstr("out of memory"));
  }
}

TEST(Completion, more_calls_than_any_model_makes_are_refused) {
  std::string stream;
  std::string calls;
  for (int i = 0; i < 300; ++i) {
    const std::string call = R"({"index":)" + std::to_string(i) + R"(,"function":{"name":"f"}})";
    stream += chunk(R"({"tool_calls":[)" + call + "]}");
    calls += (i == 0 ? "" : ",") + call;
  }
  EXPECT_FALSE(read_completion(stream + kDone));
  EXPECT_FALSE(read_completion(document(R"({"tool_calls":[)" + calls + "]}")));
}

TEST(Completion, error_bodies) {
  struct Case {
    std::string body;
    std::string code;
    std::string message;
  };
  const std::vector<Case> cases{
      {R"({"error":{"message":"No.","type":"invalid_request_error","param":null,"code":"bad"}})", "bad", "No"},
      {R"({"error":{"message":"No","type":"t","code":null}})", "t", "No"},
      {R"({"error":{"message":"No","code":400}})", "", "No"},
      {R"({"error":"model 'x' not found"})", "", "model 'x' not found"},
      {R"({"object":"error","message":"No","type":"BadRequestError","code":400})", "BadRequestError", "No"},
      {R"({"detail":"Not Found"})", "", "Not Found"},
      {R"({"detail":[{"loc":["body"],"msg":"field required","input":"private words"}]})", "", "field required"},
      {"<html>502</html>", "", ""},
      {"", "", ""},
      {"[]", "", ""},
      {R"({"error":[]})", "", ""},
      {std::string(100'000, '['), "", ""},
  };
  for (const Case& c : cases) {
    const CompletionError error = read_completion_error(c.body);
    EXPECT_EQ(error.code, c.code) << c.body.substr(0, 100);
    EXPECT_EQ(error.message, c.message) << c.body.substr(0, 100);
  }
}

}  // namespace
}  // namespace fa::llm
