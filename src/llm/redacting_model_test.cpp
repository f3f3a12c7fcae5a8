#include "llm/redacting_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "llm/scripted_model.h"

namespace fa::llm {
namespace {

using testing::HasSubstr;
using testing::Not;

// Put together here: sources hold nothing that looks like a secret.
std::string access_key() { return std::string("AKI") + "AIOSFODNN7" + "QRSTUVW"; }
std::string private_key() {
  const std::string dashes(5, '-');
  std::string body;
  for (int i = 0; i < 3; ++i) body += "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n";
  return dashes + "BEGIN PRIVATE " + "KEY" + dashes + "\n" + body + dashes + "END PRIVATE " + "KEY" + dashes + "\n";
}

ChatRequest request_with(const std::string& secret) {
  ChatRequest request;
  request.system = "system " + secret;
  request.messages = {
      {Role::kUser, {Text{"text " + secret}}},
      {Role::kAssistant, {ToolCall{"t1", "logs", json_text(Json{{"find", secret}})}}},
      {Role::kUser, {ToolResult{"t1", "result " + secret, false}}},
  };
  request.tools = {{"logs", "description " + secret, json_text(Json{{"description", secret}})}};
  return request;
}

/// Everything a request holds, one after the other.
std::string all_of(const ChatRequest& request) {
  std::string all = request.system;
  for (const Message& message : request.messages) {
    for (const Block& block : message.blocks) {
      if (const auto* text = std::get_if<Text>(&block)) all += text->text;
      if (const auto* call = std::get_if<ToolCall>(&block)) all += call->name + call->input;
      if (const auto* result = std::get_if<ToolResult>(&block)) all += result->text;
    }
  }
  for (const ToolSpec& tool : request.tools) all += tool.description + tool.schema;
  return all;
}

std::string placeholder_of(Redactor& redactor, const std::string& secret) {
  const std::string placeholder = redactor.redact(secret);
  return placeholder.substr(0, placeholder.find_last_not_of('\n') + 1);
}

TEST(RedactingModel, no_secret_leaves_by_any_part_of_a_request) {
  for (const std::string& secret : {access_key(), private_key()}) {
    Redactor redactor;
    ScriptedModel model({scripted_text("I see nothing.")});
    RedactingModel safe(model, redactor);
    ASSERT_TRUE(safe.ask(request_with(secret), {}));
    const ChatRequest sent = model.requests().at(0);
    const std::string all = all_of(sent);
    EXPECT_THAT(all, Not(HasSubstr(secret)));
    EXPECT_THAT(all, Not(HasSubstr(secret.substr(10, 10)))) << "nor a part of it";
    for (const char* kept : {"system ", "text ", "result ", "description ", "find"}) EXPECT_THAT(all, HasSubstr(kept));
    for (const std::string& json : {std::get<ToolCall>(sent.messages[1].blocks[0]).input, sent.tools[0].schema}) {
      EXPECT_TRUE(parse_json(json).is_object()) << json;
    }
  }
}

TEST(RedactingModel, answers_get_back_what_was_taken_out) {
  for (const std::string& secret : {access_key(), private_key()}) {
    Redactor redactor;
    const std::string placeholder = placeholder_of(redactor, secret);
    ASSERT_NE(placeholder, secret);
    ScriptedModel model({[&] {
      ChatAnswer answer = scripted_calls({{"t1", "logs", R"({ "find": "key )" + placeholder + R"(" , "n":1})"}});
      answer.blocks.emplace_back(Text{"It is " + placeholder + "."});
      return answer;
    }()});
    RedactingModel safe(model, redactor);
    const auto answer = safe.ask(request_with("nothing"), {});
    ASSERT_TRUE(answer);
    const auto& call = std::get<ToolCall>(answer->blocks.at(0));
    const Json input = parse_json(call.input);
    ASSERT_TRUE(input.is_object()) << call.input;
    const std::string bare = redactor.restore(placeholder);
    EXPECT_EQ(input.at("find").get<std::string>(), "key " + bare);
    EXPECT_THAT(call.input, HasSubstr(R"(" , "n":1})")) << "all else stays as the model wrote it";
    EXPECT_EQ(std::get<Text>(answer->blocks.at(1)).text, "It is " + bare + ".");
    EXPECT_THAT(secret, testing::StartsWith(bare));
  }
}

TEST(RedactingModel, inputs_that_are_no_json_pass) {
  Redactor redactor;
  const std::string placeholder = placeholder_of(redactor, access_key());
  const std::string inputs[] = {"",
                                "{",
                                "\"",
                                "\\\"",
                                "{\"a\":\"" + placeholder,
                                placeholder,
                                "\"\\u12\"",
                                "no \"json\\",
                                std::string("nul\0", 4),
                                "\xff\"\xff\""};
  for (const std::string& input : inputs) {
    ScriptedModel model({scripted_calls({{"t1", "logs", input}})});
    RedactingModel safe(model, redactor);
    const auto answer = safe.ask(request_with("nothing"), {});
    ASSERT_TRUE(answer);
    EXPECT_EQ(std::get<ToolCall>(answer->blocks.at(0)).input, redactor.restore(input));
  }
}

TEST(RedactingModel, what_holds_no_secret_is_sent_as_it_is) {
  Redactor redactor;
  ScriptedModel model({scripted_text("fine")});
  RedactingModel safe(model, redactor);
  ChatRequest request = request_with("orders-7b6dc75c45");
  request.choice = ToolChoice::kOnly;
  request.only_tool = "logs";
  request.max_output_tokens = 99;
  ASSERT_TRUE(safe.ask(request, {}));
  const ChatRequest sent = model.requests().at(0);
  EXPECT_EQ(sent.system, request.system);
  EXPECT_EQ(sent.messages, request.messages);
  EXPECT_EQ(sent.tools, request.tools);
  EXPECT_EQ(sent.choice, request.choice);
  EXPECT_EQ(sent.only_tool, "logs");
  EXPECT_EQ(sent.max_output_tokens, 99U);
}

TEST(RedactingModel, errors_pass) {
  Redactor redactor;
  ScriptedModel model({fail(ErrorCode::kDenied, "no access")});
  RedactingModel safe(model, redactor);
  EXPECT_EQ(safe.name(), "scripted");
  const auto answer = safe.ask(request_with("nothing"), {});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kDenied);
}

}  // namespace
}  // namespace fa::llm
