/// Bedrock behind a scripted HTTP client, and once behind a real socket.
#include "llm/bedrock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <stop_token>

#include "base/json.h"
#include "base/text.h"
#include "llm/bedrock_request.h"
#include "llm/bedrock_test_frames.h"
#include "net/test_client.h"
#include "support/aws/client_world.h"
#include "support/aws/signature.h"
#include "support/aws/stand_in.h"
#include "support/aws/wire.h"
#include "support/http_server.h"

namespace fa::llm {
namespace {

namespace frames = test_frames;
using test::answer;
using test::ClientWorld;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kModel = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";

BedrockSettings bedrock_settings(bool stream = true) {
  BedrockSettings settings;
  settings.model_id = kModel;
  settings.stream = stream;
  return settings;
}

ChatRequest question() {
  ChatRequest request;
  request.system = "You are an engineer.";
  request.messages = {{Role::kUser, {Text{"Why? private words"}}}};
  return request;
}

ToolSpec bedrock_tool(std::string name = "search_logs") {
  return {std::move(name), "Searches.", R"({"type":"object","properties":{"regex":{"type":"string"}}})"};
}

/// A conversation with everything in it.
ChatRequest conversation() {
  ChatRequest request = question();
  request.messages.push_back(
      {Role::kAssistant, {Text{"Looking."}, ToolCall{"tooluse_1", "search_logs", R"({"regex":"x","n":1})"}}});
  request.messages.push_back({Role::kUser, {ToolResult{"tooluse_1", "3 rows 障害", false}}});
  request.messages.push_back(
      {Role::kAssistant,
       {Text{"  "}, ToolCall{"an odd id", "no such tool!", "half {"}, ToolCall{"tooluse_3", "search_logs", "[1]"}}});
  request.messages.push_back(
      {Role::kUser, {ToolResult{"an odd id", "", true}, ToolResult{"tooluse_3", "no", true}, Text{"Go on."}}});
  request.tools = {bedrock_tool(), bedrock_tool("topology")};
  request.tools.back().description = "";
  return request;
}

Json body_of(const ChatRequest& request, const BedrockSettings& settings = bedrock_settings()) {
  const auto body = converse_body(request, settings);
  EXPECT_TRUE(body);
  return body ? parse_json(*body) : Json();
}

HttpResponse stream_of(std::string frames) {
  return answer(200, std::move(frames), {{"Content-Type", "application/vnd.amazon.eventstream"}});
}

HttpResponse refusal(int status, const std::string& code, const std::string& message) {
  return answer(status, json_text(Json{{"message", message}}), {{"x-amzn-errortype", code}});
}

std::string document_of(std::string_view words, std::string_view stop = "end_turn") {
  return json_text(Json{
      {"output", Json{{"message", Json{{"role", "assistant"}, {"content", Json::array({Json{{"text", words}}})}}}}},
      {"stopReason", stop},
      {"usage", Json{{"inputTokens", 10}, {"outputTokens", 5}, {"totalTokens", 15}}},
      {"metrics", Json{{"latencyMs", 1}}}});
}

/// Gives these answers one after the other, the last for ever.
test::ScriptedHttp::Script in_turn(std::vector<Result<HttpResponse>> answers) {
  auto left = std::make_shared<std::deque<Result<HttpResponse>>>(answers.begin(), answers.end());
  return [left](const HttpRequest&) {
    Result<HttpResponse> next = left->front();
    if (left->size() > 1) left->pop_front();
    return next;
  };
}

tl::unexpected<Error> lost(const char* reason = "ConnectionLost") {
  return tl::unexpected(Error{ErrorCode::kUnavailable, "the connection was lost", reason});
}

struct Asked {
  Result<ChatAnswer> answer;
  std::size_t requests = 0;
  std::size_t waits = 0;
};

Asked ask(std::vector<Result<HttpResponse>> answers, const BedrockSettings& settings = bedrock_settings(),
          const ChatRequest& request = question()) {
  ClientWorld world(in_turn(std::move(answers)));
  BedrockModel model(world.client, settings);
  auto got = model.ask(request, {});
  return {std::move(got), world.http.requests().size(), world.sleeper.slept().size()};
}

// ---- What is asked ----

TEST(Bedrock, an_answer_that_comes_whole_may_take_all_its_time) {
  for (const bool stream : {true, false}) {
    ClientWorld world(in_turn({stream ? stream_of("") : answer(200, document_of("Fine."))}));
    BedrockSettings settings = bedrock_settings(stream);
    settings.timeout = std::chrono::seconds(90);
    BedrockModel model(world.client, settings);
    static_cast<void>(model.ask(question(), {}));
    const HttpRequest sent = world.http.requests().at(0);
    EXPECT_EQ(sent.timeout, Nanoseconds(std::chrono::seconds(90)));
    EXPECT_EQ(sent.stall_timeout, Nanoseconds(std::chrono::seconds(stream ? 30 : 90))) << stream;
  }
}

TEST(BedrockRequest, a_plain_question) {
  EXPECT_EQ(body_of(question()), parse_json(R"({
    "messages": [{"role": "user", "content": [{"text": "Why? private words"}]}],
    "system": [{"text": "You are an engineer."}],
    "inferenceConfig": {"maxTokens": 4096}})"));
}

TEST(BedrockRequest, tools_calls_and_results) {
  const Json body = body_of(conversation());
  const Json& messages = body["messages"];
  EXPECT_EQ(messages[1]["content"][1], parse_json(R"({"toolUse":{"toolUseId":"tooluse_1","name":"search_logs",
                                                       "input":{"regex":"x","n":1}}})"));
  EXPECT_EQ(messages[2]["content"],
            parse_json(R"([{"toolResult":{"toolUseId":"tooluse_1","content":[{"text":"3 rows 障害"}]}}])"));
  // Blank texts are left out; what is no object is wrapped; names and ids fit.
  ASSERT_EQ(messages[3]["content"].size(), 2U);
  const Json& odd = messages[3]["content"][0]["toolUse"];
  EXPECT_EQ(odd["name"], "no_such_tool_");
  EXPECT_EQ(odd["input"], parse_json(R"({"not_json":"half {"})"));
  EXPECT_EQ(messages[3]["content"][1]["toolUse"]["input"], parse_json(R"({"not_json":"[1]"})"));
  const Json& result = messages[4]["content"][0]["toolResult"];
  EXPECT_EQ(result["toolUseId"], odd["toolUseId"]);
  EXPECT_EQ(result["status"], "error");
  EXPECT_EQ(result["content"], parse_json(R"~([{"text":"(empty)"}])~"));
  EXPECT_EQ(messages[4]["content"][2], parse_json(R"({"text":"Go on."})"));
  EXPECT_EQ(body["toolConfig"], parse_json(R"({"tools":[
    {"toolSpec":{"name":"search_logs","description":"Searches.",
      "inputSchema":{"json":{"type":"object","properties":{"regex":{"type":"string"}}}}}},
    {"toolSpec":{"name":"topology",
      "inputSchema":{"json":{"type":"object","properties":{"regex":{"type":"string"}}}}}}]})"));
}

TEST(BedrockRequest, choices) {
  ChatRequest request = conversation();
  EXPECT_FALSE(body_of(request)["toolConfig"].contains("toolChoice"));
  request.choice = ToolChoice::kAny;
  EXPECT_EQ(body_of(request)["toolConfig"]["toolChoice"], parse_json(R"({"any":{}})"));
  request.choice = ToolChoice::kOnly;
  request.only_tool = "topology";
  EXPECT_EQ(body_of(request)["toolConfig"]["toolChoice"], parse_json(R"({"tool":{"name":"topology"}})"));
}

TEST(BedrockRequest, settings) {
  BedrockSettings settings = bedrock_settings();
  settings.cache_prompts = true;
  settings.guardrail_id = "gr1";
  settings.guardrail_version = "3";
  settings.temperature = 0;
  ChatRequest request = conversation();
  request.max_output_tokens = 0;
  const Json body = body_of(request, settings);
  const Json point = parse_json(R"({"cachePoint":{"type":"default"}})");
  EXPECT_EQ(body["system"][1], point);
  EXPECT_EQ(body["toolConfig"]["tools"][2], point);
  EXPECT_EQ(body["messages"].back()["content"].back(), point);
  EXPECT_EQ(body["guardrailConfig"], parse_json(R"({"guardrailIdentifier":"gr1","guardrailVersion":"3"})"));
  EXPECT_EQ(body["inferenceConfig"], parse_json(R"({"maxTokens":1,"temperature":0.0})"));
  // No point behind nothing.
  request.system = " ";
  request.tools.clear();
  request.messages.resize(1);
  const Json bare = body_of(request, settings);
  EXPECT_FALSE(bare.contains("system"));
  EXPECT_FALSE(bare.contains("toolConfig"));
}

TEST(BedrockRequest, a_conversation_with_calls_but_without_tools_is_told_as_texts) {
  ChatRequest request = conversation();
  request.tools.clear();
  const Json body = body_of(request);
  EXPECT_FALSE(body.contains("toolConfig"));
  const std::string text = json_text(body);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("toolUse")), Not(HasSubstr("toolResult")), HasSubstr("3 rows 障害")));
}

TEST(BedrockRequest, a_message_of_nothing_is_still_a_message) {
  ChatRequest request = question();
  request.messages = {{Role::kUser, {Text{"\n"}}}, {Role::kAssistant, {}}};
  const Json body = body_of(request);
  EXPECT_EQ(body["messages"][0]["content"], parse_json(R"~([{"text":"(empty)"}])~"));
  EXPECT_EQ(body["messages"][1]["content"], parse_json(R"~([{"text":"(empty)"}])~"));
}

TEST(BedrockRequest, a_schema_that_is_none_is_our_mistake_and_not_sent) {
  for (const char* schema : {"", "[]", "{", "\"x\""}) {
    ChatRequest request = question();
    request.tools = {bedrock_tool()};
    request.tools.front().schema = schema;
    const auto body = converse_body(request, bedrock_settings());
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(body.error().message, HasSubstr("search_logs"));
  }
}

HttpRequest sent_request(const BedrockSettings& settings, const ChatRequest& request = question()) {
  ClientWorld world(in_turn({answer(500)}), ClientWorld::region("ap-northeast-1"),
                    {test::key_pair("ASIATESTS", "session-token")});
  BedrockModel(world.client, settings).ask(request, {});
  return world.http.requests().at(0);
}

TEST(Bedrock, ids_go_into_the_path_encoded_and_regions_come_from_arns) {
  struct Case {
    std::string model;
    std::string region;
    std::string url;
  };
  const std::string profile = "arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.anthropic.claude-x-v1:0";
  const std::vector<Case> cases{
      {"amazon.nova-pro-v1:0", "",
       "https://bedrock-runtime.ap-northeast-1.amazonaws.com/model/amazon.nova-pro-v1%3A0/"},
      {"amazon.nova-pro-v1:0", "eu-west-1",
       "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-pro-v1%3A0/"},
      {profile, "",
       "https://bedrock-runtime.us-west-2.amazonaws.com/model/"
       "arn%3Aaws%3Abedrock%3Aus-west-2%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-x-v1%3A0/"},
      {profile, "us-east-1",
       "https://bedrock-runtime.us-east-1.amazonaws.com/model/"
       "arn%3Aaws%3Abedrock%3Aus-west-2%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-x-v1%3A0/"},
  };
  for (const Case& c : cases) {
    for (const bool stream : {false, true}) {
      BedrockSettings settings = bedrock_settings(stream);
      settings.model_id = c.model;
      settings.region = c.region;
      const HttpRequest request = sent_request(settings);
      EXPECT_EQ(request.url, c.url + (stream ? "converse-stream" : "converse"));
      EXPECT_EQ(request.method, "POST");
      // Signed as the service computes it: from the path encoded once more.
      const test::wire::Call call = test::wire::take_apart(request);
      const auto claim = test::claimed_signature(call);
      ASSERT_TRUE(claim && *claim);
      EXPECT_EQ((*claim)->service, "bedrock");
      EXPECT_EQ((*claim)->signature, test::computed_signature(call, **claim, {}, "secret-of-tests-0123456789"));
    }
  }
}

TEST(Bedrock, every_request_is_one_that_aws_accepts) {
  std::vector<test::CapturedRequest> captured;
  const auto capture = [&](const BedrockSettings& settings, const ChatRequest& request) {
    HttpRequest sent = sent_request(settings, request);
    const std::string url = sent.url;
    const std::size_t path = url.find('/', url.find("://") + 3);
    sent.url = url.substr(path);
    captured.push_back({"bedrock-runtime", settings.stream ? "ConverseStream" : "Converse", std::move(sent),
                        url.substr(url.find("://") + 3, path - url.find("://") - 3)});
  };
  for (const bool stream : {false, true}) {
    for (const char* id : {kModel, "anthropic.claude-3-haiku-20240307-v1:0",
                           "arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.anthropic.claude-x-v1:0",
                           "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a1b2c3"}) {
      BedrockSettings settings = bedrock_settings(stream);
      settings.model_id = id;
      capture(settings, question());
      for (const bool cached : {false, true}) {
        settings.cache_prompts = cached;
        for (const ToolChoice choice : {ToolChoice::kAuto, ToolChoice::kAny, ToolChoice::kOnly}) {
          ChatRequest request = conversation();
          request.choice = choice;
          request.only_tool = "topology";
          capture(settings, request);
        }
      }
      settings.guardrail_id = "gr12ab";
      settings.temperature = 0.5;
      ChatRequest without_tools = conversation();
      without_tools.tools.clear();
      without_tools.system.clear();
      capture(settings, without_tools);
    }
  }
  const auto wrong = test::check_requests(captured);
  if (!wrong) GTEST_SKIP() << "the request checker (../shared/tools) or python3-botocore is not here";
  EXPECT_THAT(*wrong, testing::IsEmpty());

  // The checker sees what is wrong.
  captured.resize(1);
  captured.front().request.body = R"({"messages":[{"role":"user"}],"topP":1})";
  EXPECT_THAT(*test::check_requests(captured), Not(testing::IsEmpty()));
}

// ---- What comes back ----

TEST(Bedrock, both_ways_give_the_same_answer) {
  const Asked whole = ask({answer(200, document_of("It was the database."))}, bedrock_settings(false));
  const Asked stream = ask({stream_of(frames::answer_of("It was the database."))});
  ASSERT_TRUE(whole.answer) << whole.answer.error().message;
  ASSERT_TRUE(stream.answer) << stream.answer.error().message;
  EXPECT_THAT(whole.answer->blocks, ElementsAre(Block(Text{"It was the database."})));
  EXPECT_EQ(stream.answer->blocks, whole.answer->blocks);
  EXPECT_EQ(stream.answer->stop, StopReason::kEndTurn);
  EXPECT_EQ(stream.answer->usage, whole.answer->usage);
  EXPECT_EQ(stream.answer->usage, (TokenUsage{10, 5, 0, 0}));
  EXPECT_EQ(whole.requests + stream.requests, 2U);
}

TEST(Bedrock, ends_of_other_kinds_are_answers_too) {
  for (const auto& [word, reason] :
       {std::pair{"guardrail_intervened", StopReason::kContentFiltered},
        std::pair{"max_tokens", StopReason::kMaxTokens}, std::pair{"refusal", StopReason::kRefused},
        std::pair{"model_context_window_exceeded", StopReason::kContextFull}}) {
    for (const bool stream : {false, true}) {
      const Asked asked =
          ask({stream ? stream_of(frames::answer_of("Sorry.", word)) : answer(200, document_of("Sorry.", word))},
              bedrock_settings(stream));
      ASSERT_TRUE(asked.answer) << asked.answer.error().message;
      EXPECT_EQ(asked.answer->stop, reason);
      EXPECT_EQ(asked.requests, 1U);
    }
  }
}

TEST(Bedrock, what_passes_is_asked_again_after_a_wait) {
  const std::string begun = frames::start() + frames::text(0, "private words");
  const auto good = [] { return stream_of(frames::answer_of("fine")); };
  const std::vector<std::pair<const char*, Result<HttpResponse>>> failures{
      {"throttled", refusal(429, "ThrottlingException", "Too many requests")},
      {"not ready", refusal(429, "ModelNotReadyException", "warming up")},
      {"broken", refusal(500, "InternalServerException", "oh")},
      {"unavailable", refusal(503, "ServiceUnavailableException", "oh")},
      {"lost", lost()},
      {"frame throttled", stream_of(begun + frames::exception("throttlingException", "slow down"))},
      {"frame error", stream_of(begun + frames::exception("modelStreamErrorException", "oh"))},
      {"frame broken", stream_of(begun + frames::exception("internalServerException", "oh"))},
      {"frame unavailable", stream_of(begun + frames::exception("serviceUnavailableException", "oh"))},
      {"no frames", stream_of("<html>this is no stream of events at all</html>")},
  };
  for (const auto& [what, failure] : failures) {
    const Asked asked = ask({failure, good()});
    ASSERT_TRUE(asked.answer) << what << ": " << asked.answer.error().message;
    // Nothing is left of the attempt before.
    EXPECT_THAT(asked.answer->blocks, ElementsAre(Block(Text{"fine"}))) << what;
    EXPECT_EQ(asked.requests, 2U) << what;
    EXPECT_EQ(asked.waits, 1U) << what;
  }
}

TEST(Bedrock, what_the_client_takes_for_done_is_asked_again_too) {
  const std::string begun = frames::start() + frames::text(0, "private words");
  const auto good = [](bool stream) {
    return stream ? stream_of(frames::answer_of("fine")) : answer(200, document_of("fine"));
  };
  struct Case {
    const char* what;
    bool stream;
    HttpResponse response;
  };
  const std::vector<Case> cases{
      {"model timed out", true, refusal(408, "ModelTimeoutException", "slow")},
      {"model failed", true, refusal(424, "ModelErrorException", "oh")},
      {"model timed out, whole", false, refusal(408, "ModelTimeoutException", "slow")},
      {"cut amid a frame", true, stream_of(begun.substr(0, begun.size() - 3))},
      {"cut between frames", true, stream_of(begun)},
      {"empty", true, stream_of("")},
      {"no document", false, answer(200, "<html>private words</html>")},
      {"empty document", false, answer(200, "{}")},
  };
  for (const Case& c : cases) {
    const Asked mended = ask({c.response, good(c.stream)}, bedrock_settings(c.stream));
    ASSERT_TRUE(mended.answer) << c.what << ": " << mended.answer.error().message;
    EXPECT_EQ(mended.requests, 2U) << c.what;
    const Asked given_up = ask({c.response}, bedrock_settings(c.stream));
    ASSERT_FALSE(given_up.answer) << c.what;
    EXPECT_EQ(given_up.requests, 3U) << c.what;
    EXPECT_EQ(given_up.answer.error().code, ErrorCode::kUnavailable) << c.what;
    EXPECT_THAT(given_up.answer.error().message, AllOf(HasSubstr(kModel), Not(HasSubstr("private words")))) << c.what;
  }
}

TEST(Bedrock, streams_that_always_break_are_given_up_after_three) {
  const Asked asked = ask({stream_of(frames::start() + frames::text(0, "private words") +
                                     frames::exception("throttlingException", "slow down"))});
  ASSERT_FALSE(asked.answer);
  EXPECT_EQ(asked.requests, 3U);
  EXPECT_EQ(asked.answer.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(asked.answer.error().reason, "throttlingException");
  EXPECT_THAT(asked.answer.error().message,
              AllOf(HasSubstr("slow down"), HasSubstr(kModel), HasSubstr("3 attempts"), Not(HasSubstr("private"))));
}

TEST(Bedrock, lost_connections_and_broken_http_end) {
  for (const char* reason : {"ConnectionLost", "BadAnswer", "Timeout", "ConnectFailed"}) {
    const Asked asked = ask({lost(reason)});
    ASSERT_FALSE(asked.answer);
    EXPECT_EQ(asked.answer.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(asked.requests, 5U) << reason;
  }
}

TEST(Bedrock, refusals_say_what_to_do) {
  struct Case {
    HttpResponse response;
    ErrorCode code;
    const char* words;
  };
  const std::vector<Case> cases{
      {refusal(400, "ValidationException", "The provided model identifier is invalid."), ErrorCode::kNotFound,
       "list-inference-profiles"},
      {refusal(400, "ValidationException",
               "Invocation of model ID x with on-demand throughput isn't supported. Retry your request with the ID or "
               "ARN of an inference profile that contains this model."),
       ErrorCode::kInvalidInput, "global."},
      {refusal(400, "ValidationException", "Input is too long for requested model."), ErrorCode::kInvalidInput,
       "does not fit this model"},
      {refusal(400, "ValidationException", "messages: text content blocks must be non-empty"), ErrorCode::kInvalidInput,
       "must be non-empty"},
      {refusal(404, "ResourceNotFoundException", "Could not resolve the foundation model"), ErrorCode::kNotFound,
       "list-foundation-models"},
      {refusal(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
       ErrorCode::kDenied, "Bedrock console"},
      {refusal(403, "AccessDeniedException", ""), ErrorCode::kDenied, "bedrock:InvokeModelWithResponseStream on model"},
      {refusal(400, "ServiceQuotaExceededException", "Quota"), ErrorCode::kUnavailable, "quota"},
  };
  for (const Case& c : cases) {
    const Asked asked = ask({c.response});
    ASSERT_FALSE(asked.answer);
    EXPECT_EQ(asked.answer.error().code, c.code) << asked.answer.error().message;
    EXPECT_THAT(asked.answer.error().message, AllOf(HasSubstr(c.words), HasSubstr(kModel)));
    EXPECT_EQ(asked.requests, 1U) << c.words;
  }
  const Asked whole = ask({refusal(403, "AccessDeniedException", "")}, bedrock_settings(false));
  EXPECT_THAT(whole.answer.error().message, HasSubstr("Allow bedrock:InvokeModel on model"));
}

TEST(Bedrock, exceptions_that_asking_again_does_not_mend_end_at_once) {
  const Asked asked = ask({stream_of(frames::start() + frames::exception("validationException", "bad schema"))});
  ASSERT_FALSE(asked.answer);
  EXPECT_EQ(asked.answer.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(asked.answer.error().message, AllOf(HasSubstr("bad schema"), HasSubstr(kModel)));
  EXPECT_EQ(asked.requests, 1U);
}

TEST(Bedrock, models_that_cannot_be_told_to_use_a_tool_are_asked_without) {
  const auto script = [](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.body.find("toolChoice") == std::string::npos) return stream_of(frames::answer_of("fine"));
    return refusal(400, "ValidationException", "This model doesn't support the toolConfig.toolChoice.any field.");
  };
  ClientWorld world(script);
  BedrockModel model(world.client, bedrock_settings());
  ChatRequest request = conversation();
  request.choice = ToolChoice::kAny;
  EXPECT_TRUE(model.ask(request, {}));
  EXPECT_EQ(world.http.requests().size(), 2U);
  // And only once: such a refusal without a choice is a refusal.
  const Asked asked = ask({refusal(400, "ValidationException", "toolChoice")}, bedrock_settings(), request);
  EXPECT_FALSE(asked.answer);
  EXPECT_EQ(asked.requests, 2U);
}

TEST(Bedrock, stops_when_it_is_told_to_or_time_is_up) {
  Context over;
  over.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  ClientWorld world(in_turn({stream_of(frames::answer_of("fine"))}));
  BedrockModel model(world.client, bedrock_settings());
  auto answered = model.ask(question(), over);
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(world.http.requests().size(), 0U);

  // Time runs out during a failing attempt: not one more.
  for (const HttpResponse& failure : {stream_of(frames::start()), refusal(429, "ThrottlingException", "slow down"),
                                      refusal(408, "ModelTimeoutException", "slow"),
                                      stream_of(frames::exception("throttlingException", "slow down"))}) {
    std::stop_source source;
    ClientWorld stopping([&](const HttpRequest&) -> Result<HttpResponse> {
      source.request_stop();
      return failure;
    });
    BedrockModel stopped(stopping.client, bedrock_settings());
    const auto cancelled = stopped.ask(question(), Context{source.get_token(), {}});
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
    EXPECT_THAT(cancelled.error().message, HasSubstr(kModel));
    EXPECT_EQ(stopping.http.requests().size(), 1U);
  }
}

TEST(Bedrock, without_a_model_nothing_is_asked) {
  BedrockSettings settings = bedrock_settings();
  settings.model_id = "";
  const Asked asked = ask({stream_of("")}, settings);
  ASSERT_FALSE(asked.answer);
  EXPECT_EQ(asked.answer.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(asked.requests, 0U);
}

TEST(Bedrock, actions_name_the_resources_behind_a_profile) {
  struct Case {
    std::string model;
    std::string region;
    std::vector<std::string> resources;
  };
  const std::vector<Case> cases{
      {"anthropic.claude-3-haiku-20240307-v1:0",
       "us-east-1",
       {"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"}},
      {"deepseek.v3.2", "", {"arn:aws:bedrock:*::foundation-model/deepseek.v3.2"}},
      {"zai.glm-4.7", "us-east-1", {"arn:aws:bedrock:us-east-1::foundation-model/zai.glm-4.7"}},
      {"jp.anthropic.claude-x",
       "ap-northeast-1",
       {"arn:aws:bedrock:ap-northeast-1:*:inference-profile/jp.anthropic.claude-x",
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-x"}},
      {"us-gov.anthropic.claude-x",
       "us-gov-west-1",
       {"arn:aws-us-gov:bedrock:us-gov-west-1:*:inference-profile/us-gov.anthropic.claude-x",
        "arn:aws-us-gov:bedrock:*::foundation-model/anthropic.claude-x"}},
      {"global.anthropic.claude-x",
       "",
       {"arn:aws:bedrock:*:*:inference-profile/global.anthropic.claude-x",
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-x"}},
      {"arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.anthropic.claude-x",
       "",
       {"arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.anthropic.claude-x",
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-x"}},
      {"arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/a1",
       "",
       {"arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/a1",
        "arn:aws:bedrock:*::foundation-model/*"}},
      {"arn:aws:bedrock:us-west-2:123456789012:provisioned-model/a1",
       "",
       {"arn:aws:bedrock:us-west-2:123456789012:provisioned-model/a1"}},
  };
  for (const Case& c : cases) {
    for (const bool stream : {false, true}) {
      BedrockSettings settings = bedrock_settings(stream);
      settings.model_id = c.model;
      settings.region = c.region;
      std::vector<std::string> expected;
      for (const std::string& resource : c.resources) {
        expected.push_back((stream ? "bedrock:InvokeModelWithResponseStream on " : "bedrock:InvokeModel on ") +
                           resource);
      }
      EXPECT_EQ(bedrock_actions(settings), expected);
      settings.guardrail_id = "gr1";
      EXPECT_EQ(bedrock_actions(settings).size(), expected.size() + 1);
      EXPECT_THAT(bedrock_actions(settings).back(),
                  AllOf(HasSubstr("bedrock:ApplyGuardrail on arn:aws"), HasSubstr(":guardrail/gr1")));
    }
  }
}

// ---- Over a socket ----

TEST(Bedrock, answers_come_over_a_real_connection) {
  std::mutex mutex;
  std::vector<std::string> targets;
  test::HttpServer server([&](const HttpRequest& request) {
    const std::lock_guard lock(mutex);
    targets.push_back(request.url);
    test::ServerAnswer made;
    made.response = stream_of(frames::answer_of("It was the database."));
    made.chunked = true;
    if (targets.size() == 1) made.cut = true;
    if (targets.size() == 2) {
      made.response = stream_of(frames::start() + frames::exception("throttlingException", "slow down"));
    }
    return made;
  });
  const auto http = test::open_client();
  test::FakeClock clock(*parse_rfc3339("2026-03-14T08:30:00Z"));
  test::FakeSleeper sleeper;
  test::FixedRandom random;
  Retrier retrier(sleeper, random);
  test::FakeCredentials credentials({test::key_pair("AKIATESTS")});
  aws::ClientSettings client_settings;
  client_settings.region = "us-east-1";
  client_settings.shared.environment_urls["BEDROCK_RUNTIME"] = server.url();
  aws::Client client({*http, retrier, credentials, clock}, client_settings);
  BedrockModel model(client, bedrock_settings());
  EXPECT_EQ(model.name(), std::string("bedrock ") + kModel);
  const auto answered = model.ask(question(), {});
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_THAT(answered->blocks, ElementsAre(Block(Text{"It was the database."})));
  const std::string target = "/model/global.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream";
  EXPECT_THAT(targets, ElementsAre(target, target, target));
  EXPECT_EQ(sleeper.slept().size(), 2U);
}

}  // namespace
}  // namespace fa::llm
