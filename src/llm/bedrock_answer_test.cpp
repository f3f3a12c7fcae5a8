#include "llm/bedrock_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/event_stream.h"
#include "base/json.h"
#include "llm/bedrock_test_frames.h"
#include "llm/read_in_pieces.h"

namespace fa::llm {
namespace {

namespace frames = test_frames;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Result<ChatAnswer> read_stream(std::string_view bytes, std::size_t piece) {
  return read_in_pieces<ConverseStreamReader>(bytes, piece);
}
Result<ChatAnswer> read_stream(std::string_view bytes) { return read_stream(bytes, bytes.size()); }

TEST(ConverseAnswer, stop_reasons) {
  const std::vector<std::pair<std::string, StopReason>> cases{
      {"end_turn", StopReason::kEndTurn},
      {"stop_sequence", StopReason::kEndTurn},
      {"tool_use", StopReason::kToolUse},
      {"max_tokens", StopReason::kMaxTokens},
      {"guardrail_intervened", StopReason::kContentFiltered},
      {"content_filtered", StopReason::kContentFiltered},
      {"model_context_window_exceeded", StopReason::kContextFull},
      {"refusal", StopReason::kRefused},
      {"malformed_tool_use", StopReason::kOther},
      {"malformed_model_output", StopReason::kOther},
      {"something_of_2031", StopReason::kOther},
      {"", StopReason::kOther},
  };
  for (const auto& [word, reason] : cases) {
    EXPECT_EQ(converse_stop_reason(word), reason) << word;
    const Json body{{"output", parse_json(R"({"message":{"role":"assistant","content":[]}})")}, {"stopReason", word}};
    const auto whole = read_converse_answer(json_text(body));
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->stop, reason) << word;
    EXPECT_EQ(whole->stop_detail, word);
    const auto stream = read_stream(frames::start() + frames::stop(word));
    ASSERT_TRUE(stream) << stream.error().message;
    EXPECT_EQ(stream->stop, reason) << word;
    EXPECT_EQ(stream->stop_detail, word);
  }
}

TEST(ConverseAnswer, text_calls_and_usage_are_read_and_reasoning_is_passed_over) {
  const auto answer = read_converse_answer(R"({
    "output": {"message": {"role": "assistant", "content": [
      {"reasoningContent": {"reasoningText": {"text": "secret thoughts", "signature": "x"}}},
      {"text": "looking"},
      {"toolUse": {"toolUseId": "t1", "name": "search_logs", "input": {"z": 1, "a": [true, null, "é"]}}},
      {"toolUse": {"toolUseId": "t2", "name": "topology", "input": {}}},
      {"image": {}}
    ]}},
    "stopReason": "tool_use",
    "usage": {"inputTokens": 12, "outputTokens": 34, "totalTokens": 46, "cacheReadInputTokens": 5,
              "cacheWriteInputTokens": 6},
    "metrics": {"latencyMs": 1}})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->blocks, ElementsAre(Block(Text{"looking"}),
                                          Block(ToolCall{"t1", "search_logs", R"({"z":1,"a":[true,null,"é"]})"}),
                                          Block(ToolCall{"t2", "topology", "{}"})));
  EXPECT_EQ(answer->stop, StopReason::kToolUse);
  EXPECT_EQ(answer->usage, (TokenUsage{12, 34, 5, 6}));
}

TEST(ConverseAnswer, what_is_no_answer_is_told_without_its_content) {
  for (const std::string body : {"", "null", "[]", "\"private words\"", "{}", R"({"output":{}})",
                                 R"({"output":{"message":{"content":"private words"}}})",
                                 R"({"output":{"message":{"content":[{"text":"private words"})",
                                 "<html>private words</html>", "\xff\xfe private words"}) {
    const auto answer = read_converse_answer(body);
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(answer.error().reason, "BadAnswer");
    EXPECT_THAT(answer.error().message, Not(HasSubstr("private")));
  }
  const std::string deep = R"({"output":{"message":{"content":[{"toolUse":{"input":)" + std::string(100'000, '[');
  EXPECT_FALSE(read_converse_answer(deep));
}

TEST(ConverseAnswer, members_of_the_wrong_kind_read_as_nothing) {
  const auto answer = read_converse_answer(
      R"({"output":{"message":{"content":[{"text":1},{"toolUse":{"toolUseId":[],"name":{},"input":null}},7,null]}},
          "stopReason":3,"usage":{"inputTokens":-4,"outputTokens":"9","cacheReadInputTokens":1e300,
          "cacheWriteInputTokens":2.0}})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->blocks, ElementsAre(Block(ToolCall{"", "", "{}"})));
  EXPECT_EQ(answer->stop, StopReason::kOther);
  EXPECT_EQ(answer->usage, (TokenUsage{0, 0, 0, 2}));
}

/// The same answer, as Converse and as ConverseStream give it.
const std::string& sample_document() {
  static const std::string kDocument = R"({"output":{"message":{"role":"assistant","content":[
      {"text":"データベースの接続が枯渇。 Looking closer."},
      {"toolUse":{"toolUseId":"tooluse_1","name":"search_logs","input":{"regex":"timeout \"x\"","limit":5}}},
      {"toolUse":{"toolUseId":"tooluse_2","name":"topology","input":{}}}]}},
      "stopReason":"tool_use","usage":{"inputTokens":100,"outputTokens":20,"totalTokens":120,
      "cacheReadInputTokens":7,"cacheWriteInputTokens":8},"metrics":{"latencyMs":10}})";
  return kDocument;
}
std::string sample_stream() {
  // The pieces of several blocks may come by turns.
  return frames::start() +
         frames::event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}})") +
         frames::block_stop(0) + frames::text(1, "データベースの接続が") + frames::text(1, "") +
         frames::text(1, "枯渇。 Looking closer.") + frames::block_stop(1) +
         frames::tool_start(2, "tooluse_1", "search_logs") + frames::tool_start(3, "tooluse_2", "topology") +
         frames::tool_piece(2, "") + frames::tool_piece(2, R"({"regex":"timeo)") +
         frames::tool_piece(2, R"(ut \"x\"","li)") + frames::tool_piece(2, R"(mit":5})") + frames::block_stop(2) +
         frames::block_stop(3) + frames::event("eventOfTheFuture", "[]") + frames::stop("tool_use") +
         frames::usage(100, 20, 7, 8);
}

TEST(ConverseStream, gives_what_converse_gives_however_it_is_cut) {
  const auto whole = read_converse_answer(sample_document());
  ASSERT_TRUE(whole) << whole.error().message;
  const std::string stream = sample_stream();
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const auto answer = read_stream(stream, piece);
    ASSERT_TRUE(answer) << piece << answer.error().message;
    EXPECT_EQ(answer->blocks, whole->blocks) << piece;
    EXPECT_EQ(answer->stop, whole->stop);
    EXPECT_EQ(answer->stop_detail, whole->stop_detail);
    EXPECT_EQ(answer->usage, whole->usage);
  }
}

TEST(ConverseStream, a_stream_cut_anywhere_before_its_stop_is_no_answer) {
  const std::string stream = sample_stream();
  const std::size_t usage_begins = stream.size() - frames::usage(100, 20, 7, 8).size();
  for (std::size_t size = 0; size < stream.size(); ++size) {
    const auto answer = read_stream(stream.substr(0, size));
    if (size < usage_begins) {
      ASSERT_FALSE(answer) << size;
      EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
      EXPECT_EQ(answer.error().reason, "CutOff");
    } else {
      ASSERT_TRUE(answer) << size;
      EXPECT_EQ(answer->usage, TokenUsage{});
    }
  }
}

TEST(ConverseStream, half_a_call_of_a_cut_answer_stays_as_it_was_written) {
  const auto answer = read_stream(frames::start() + frames::tool_start(0, "t", "answer") +
                                  frames::tool_piece(0, R"({"hypotheses":[{"st)") + frames::stop("max_tokens"));
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->blocks, ElementsAre(Block(ToolCall{"t", "answer", R"({"hypotheses":[{"st)"})));
  EXPECT_EQ(answer->stop, StopReason::kMaxTokens);
}

TEST(ConverseStream, nothing_but_an_end_is_an_empty_answer) {
  const auto answer = read_stream(frames::start() + frames::stop("end_turn") + frames::usage(3, 0));
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->blocks, IsEmpty());
  EXPECT_EQ(answer->usage, (TokenUsage{3, 0, 0, 0}));
}

TEST(ConverseStream, exceptions_become_errors) {
  const std::vector<std::pair<std::string, ErrorCode>> cases{
      {"throttlingException", ErrorCode::kUnavailable},     {"modelStreamErrorException", ErrorCode::kUnavailable},
      {"internalServerException", ErrorCode::kUnavailable}, {"serviceUnavailableException", ErrorCode::kUnavailable},
      {"modelTimeoutException", ErrorCode::kUnavailable},   {"validationException", ErrorCode::kInvalidInput},
      {"accessDeniedException", ErrorCode::kDenied},        {"somethingNewException", ErrorCode::kUnavailable},
  };
  for (const auto& [type, code] : cases) {
    const std::string stream = frames::start() + frames::text(0, "private words") + frames::exception(type, "busy.");
    for (const std::size_t piece : {stream.size(), std::size_t{1}}) {
      const auto answer = read_stream(stream, piece);
      ASSERT_FALSE(answer) << type;
      EXPECT_EQ(answer.error().code, code) << type;
      EXPECT_EQ(answer.error().reason, type);
      EXPECT_EQ(answer.error().message, "the stream ended with " + type + ": busy");
    }
  }
}

TEST(ConverseStream, unmodeled_errors_and_nameless_exceptions_are_unavailable) {
  aws::EventMessage error;
  error.headers = {{":message-type", std::string("error")},
                   {":error-code", std::string("InternalFailure")},
                   {":error-message", std::string("oh\nno")}};
  auto answer = read_stream(aws::encode_event(error));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "InternalFailure");
  EXPECT_THAT(answer.error().message, HasSubstr("InternalFailure: oh no"));

  answer = read_stream(frames::exception("", ""));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().reason, "UnknownException");
}

TEST(ConverseStream, broken_frames_and_events_are_errors_that_stay) {
  std::string flipped = sample_stream();
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  aws::EventMessage mute;
  mute.payload = "{}";
  aws::EventMessage no_json;
  no_json.headers = {{":message-type", std::string("event")}, {":event-type", std::string("messageStop")}};
  no_json.payload = "private words";
  for (const std::string& stream : {flipped, std::string("<html>no frames at all, but long enough</html>"),
                                    aws::encode_event(mute), frames::start() + aws::encode_event(no_json)}) {
    ConverseStreamReader reader;
    const auto fed = reader.feed(stream);
    ASSERT_FALSE(fed);
    EXPECT_EQ(fed.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(fed.error().reason, "BadAnswer");
    EXPECT_THAT(fed.error().message, Not(HasSubstr("private")));
    EXPECT_FALSE(reader.feed(frames::stop("end_turn")));
    EXPECT_FALSE(reader.finish());
  }
}

}  // namespace
}  // namespace fa::llm
