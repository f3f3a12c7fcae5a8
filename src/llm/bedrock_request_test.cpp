/// What Bedrock is asked: bodies, URLs, signatures, rights.
#include "llm/bedrock_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "llm/bedrock.h"
#include "llm/bedrock_test_requests.h"
#include "support/aws/client_world.h"
#include "support/aws/signature.h"
#include "support/aws/stand_in.h"
#include "support/aws/wire.h"

namespace fa::llm {
namespace {

using test::ClientWorld;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Json body_of(const ChatRequest& request, const BedrockSettings& settings = bedrock_settings()) {
  const auto body = converse_body(request, settings);
  EXPECT_TRUE(body);
  return body ? parse_json(*body) : Json();
}

TEST(BedrockRequest, a_plain_question) {
  EXPECT_EQ(body_of(short_question()), parse_json(R"({
    "messages": [{"role": "user", "content": [{"text": "Why? private words"}]}],
    "system": [{"text": "You are an engineer."}],
    "inferenceConfig": {"maxTokens": 4096}})"));
}

TEST(BedrockRequest, tools_calls_and_results) {
  const Json body = body_of(bedrock_conversation());
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
  ChatRequest request = bedrock_conversation();
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
  ChatRequest request = bedrock_conversation();
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
  ChatRequest request = bedrock_conversation();
  request.tools.clear();
  const Json body = body_of(request);
  EXPECT_FALSE(body.contains("toolConfig"));
  const std::string text = json_text(body);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("toolUse")), Not(HasSubstr("toolResult")), HasSubstr("3 rows 障害")));
}

TEST(BedrockRequest, a_message_of_nothing_is_still_a_message) {
  ChatRequest request = short_question();
  request.messages = {{Role::kUser, {Text{"\n"}}}, {Role::kAssistant, {}}};
  const Json body = body_of(request);
  EXPECT_EQ(body["messages"][0]["content"], parse_json(R"~([{"text":"(empty)"}])~"));
  EXPECT_EQ(body["messages"][1]["content"], parse_json(R"~([{"text":"(empty)"}])~"));
}

TEST(BedrockRequest, a_schema_that_is_none_is_our_mistake_and_not_sent) {
  for (const char* schema : {"", "[]", "{", "\"x\""}) {
    ChatRequest request = short_question();
    request.tools = {bedrock_tool()};
    request.tools.front().schema = schema;
    const auto body = converse_body(request, bedrock_settings());
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(body.error().message, HasSubstr("search_logs"));
  }
}

HttpRequest sent_request(const BedrockSettings& settings, const ChatRequest& request = short_question()) {
  ClientWorld world(in_turn({test::answer(500)}), ClientWorld::region("ap-northeast-1"),
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
    for (const char* id : {kBedrockTestModel, "anthropic.claude-3-haiku-20240307-v1:0",
                           "arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.anthropic.claude-x-v1:0",
                           "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a1b2c3"}) {
      BedrockSettings settings = bedrock_settings(stream);
      settings.model_id = id;
      capture(settings, short_question());
      for (const bool cached : {false, true}) {
        settings.cache_prompts = cached;
        for (const ToolChoice choice : {ToolChoice::kAuto, ToolChoice::kAny, ToolChoice::kOnly}) {
          ChatRequest request = bedrock_conversation();
          request.choice = choice;
          request.only_tool = "topology";
          capture(settings, request);
        }
      }
      settings.guardrail_id = "gr12ab";
      settings.temperature = 0.5;
      ChatRequest without_tools = bedrock_conversation();
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

}  // namespace
}  // namespace fa::llm
