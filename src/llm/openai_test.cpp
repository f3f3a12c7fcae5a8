/// OpenAI-compatible servers behind a scripted HTTP client, and once behind a real socket.
#include "llm/openai.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stop_token>

#include "base/json.h"
#include "llm/openai_request.h"
#include "llm/provider_test_rig.h"
#include "net/test_client.h"
#include "support/fakes.h"

namespace fa::llm {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// No literal that looks like a key.
std::string test_key() { return std::string("sk-") + std::string(20, 'k'); }

OpenAiSettings openai_settings() {
  OpenAiSettings settings;
  settings.base_url = "https://api.example.com/v1";
  settings.model = "model-x";
  settings.key = Secret(test_key());
  return settings;
}

ChatRequest long_conversation() {
  ChatRequest request = short_question();
  request.messages.push_back({Role::kAssistant,
                              {Text{"Looking."}, ToolCall{"call_a", "search_logs", R"({ "regex": "x" })"},
                               ToolCall{"an odd id", "no such tool!", "half {"}}});
  request.messages.push_back({Role::kUser,
                              {ToolResult{"call_a", "3 rows", false}, Text{"Go"}, ToolResult{"an odd id", "no", true},
                               Text{" "}, Text{"on."}}});
  request.messages.push_back({Role::kAssistant, {ToolCall{"call_c", "search_logs", ""}}});
  request.messages.push_back({Role::kUser, {ToolResult{"call_c", "nothing", false}}});
  request.tools = {{"search_logs", "Searches.", R"({"type":"object"})"}};
  return request;
}

std::string event_of(const std::string& delta, const std::string& finish = "null") {
  return R"(data: {"choices":[{"delta":)" + delta + R"(,"finish_reason":)" + finish + "}]}\n\n";
}
std::string stream_saying(const std::string& words) {
  return event_of(json_text(Json{{"content", words}})) + event_of("{}", R"("stop")") +
         "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n";
}
std::string document_saying(const std::string& words) {
  return json_text(
      Json{{"choices", Json::array({Json{{"message", Json{{"content", words}}}, {"finish_reason", "stop"}}})},
           {"usage", Json{{"prompt_tokens", 10}, {"completion_tokens", 5}}}});
}

HttpResponse reply(int status, std::string body, HttpHeaders headers = {}) {
  return {status, std::move(headers), std::move(body)};
}
HttpResponse error_reply(int status, const std::string& message, const std::string& code = "") {
  Json error{{"message", message}, {"type", "some_error"}};
  if (!code.empty()) error["code"] = code;
  return reply(status, json_text(Json{{"error", std::move(error)}}));
}

/// A model that speaks to a script, with waits that take no time.
struct World {
  explicit World(test::ScriptedHttp::Script script, OpenAiSettings settings = openai_settings())
      : http(std::move(script)), retrier(sleeper, random), model(http, retrier, clock, std::move(settings)) {}
  explicit World(const std::vector<Result<HttpResponse>>& replies, OpenAiSettings settings = openai_settings())
      : World(in_turn(replies), std::move(settings)) {}

  test::FakeClock clock{*parse_rfc3339("2026-03-14T08:30:00Z")};
  test::FakeSleeper sleeper;
  test::FixedRandom random;
  test::ScriptedHttp http;
  Retrier retrier;
  OpenAiModel model;
};

Json body_for(const ChatRequest& request, const OpenAiSettings& settings = openai_settings()) {
  const auto body = completions_body(request, settings, {});
  EXPECT_TRUE(body);
  return body ? parse_json(*body) : Json();
}

// ---- What is asked ----

TEST(OpenAiRequest, a_plain_question) {
  EXPECT_EQ(body_for(short_question()), parse_json(R"({
    "model": "model-x",
    "messages": [{"role": "system", "content": "You are an engineer."},
                 {"role": "user", "content": "Why? private words"}],
    "max_tokens": 4096, "stream": true, "stream_options": {"include_usage": true}})"));
}

TEST(OpenAiRequest, calls_and_results) {
  const Json body = body_for(long_conversation());
  const std::string odd = body["messages"][2]["tool_calls"][1]["id"];
  EXPECT_EQ(body["messages"][2], parse_json(R"({"role":"assistant","content":"Looking.","tool_calls":[
    {"id":"call_a","type":"function","function":{"name":"search_logs","arguments":"{\"regex\":\"x\"}"}},
    {"id":")" + odd + R"(","type":"function","function":
      {"name":"no_such_tool_","arguments":"{\"not_json\":\"half {\"}"}}]})"));
  EXPECT_EQ(body["messages"][3], parse_json(R"({"role":"tool","tool_call_id":"call_a","content":"3 rows"})"));
  EXPECT_EQ(body["messages"][4],
            parse_json(R"({"role":"tool","tool_call_id":")" + odd + R"(","content":"[error] no"})"));
  EXPECT_EQ(body["messages"][5], parse_json(R"({"role":"user","content":"Go\n\non."})"));
  EXPECT_TRUE(body["messages"][6]["content"].is_null());
  EXPECT_EQ(body["messages"][6]["tool_calls"][0]["function"]["arguments"], "{}");
  EXPECT_EQ(body["messages"][7]["role"], "tool");
  EXPECT_EQ(body["messages"].size(), 8U);
  EXPECT_EQ(body["tools"], parse_json(R"([{"type":"function","function":{"name":"search_logs",
    "description":"Searches.","parameters":{"type":"object"}}}])"));
}

TEST(OpenAiRequest, choices_and_settings) {
  ChatRequest request = long_conversation();
  EXPECT_EQ(body_for(request)["tool_choice"], "auto");
  request.choice = ToolChoice::kAny;
  EXPECT_EQ(body_for(request)["tool_choice"], "required");
  request.choice = ToolChoice::kOnly;
  request.only_tool = "search_logs";
  EXPECT_EQ(body_for(request)["tool_choice"], parse_json(R"({"type":"function","function":{"name":"search_logs"}})"));

  OpenAiSettings settings = openai_settings();
  settings.max_tokens_field = "max_completion_tokens";
  settings.temperature = 0.25;
  settings.stream = false;
  request.max_output_tokens = 99;
  const Json body = body_for(request, settings);
  EXPECT_EQ(body["max_completion_tokens"], 99);
  EXPECT_FALSE(body.contains("max_tokens"));
  EXPECT_EQ(body["temperature"], 0.25);
  EXPECT_EQ(body["stream"], false);
  EXPECT_FALSE(body.contains("stream_options"));
  EXPECT_FALSE(body.contains("top_p"));

  request.tools.front().schema = "[]";
  const auto none = completions_body(request, settings, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidInput);
}

TEST(OpenAiRequest, urls) {
  EXPECT_EQ(completions_url("https://h/v1"), "https://h/v1/chat/completions");
  EXPECT_EQ(completions_url("https://h/v1/"), "https://h/v1/chat/completions");
  EXPECT_EQ(completions_url(" http://h:1 \n"), "http://h:1/chat/completions");
  EXPECT_EQ(completions_url("https://h/v1/chat/completions"), "https://h/v1/chat/completions");
  EXPECT_EQ(completions_url("https://h/v1/?api-version=1"), "https://h/v1/chat/completions?api-version=1");
}

TEST(OpenAi, the_key_goes_out_as_a_bearer_and_only_where_there_is_one) {
  OpenAiSettings settings = openai_settings();
  settings.key = Secret(test_key() + "\n");  // as files have it
  World world({reply(200, stream_saying("fine"))}, settings);
  ASSERT_TRUE(world.model.ask(short_question(), {}));
  const HttpRequest sent = world.http.requests().at(0);
  EXPECT_EQ(find_header(sent.headers, "Authorization"), "Bearer " + test_key());
  EXPECT_EQ(find_header(sent.headers, "Content-Type"), "application/json");
  EXPECT_EQ(sent.url, "https://api.example.com/v1/chat/completions");
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(world.model.name(), "openai model-x");

  settings.key = Secret();
  World bare({reply(200, stream_saying("fine"))}, settings);
  ASSERT_TRUE(bare.model.ask(short_question(), {}));
  EXPECT_FALSE(find_header(bare.http.requests().at(0).headers, "Authorization"));
}

// ---- What comes back ----

TEST(OpenAi, streams_and_documents_whatever_was_asked_for) {
  for (const bool stream : {false, true}) {
    for (const std::string& body : {stream_saying("It was the database."), document_saying("It was the database.")}) {
      OpenAiSettings settings = openai_settings();
      settings.stream = stream;
      World world({reply(200, body)}, settings);
      const auto answer = world.model.ask(short_question(), {});
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_THAT(answer->blocks, ElementsAre(Block(Text{"It was the database."})));
      EXPECT_EQ(answer->stop, StopReason::kEndTurn);
      EXPECT_EQ(answer->usage, (TokenUsage{10, 5, 0, 0}));
    }
  }
}

TEST(OpenAi, ids_are_unique_in_the_conversation) {
  ChatRequest request = long_conversation();
  const std::string calls = R"({"tool_calls":[{"index":0,"id":"call_a","function":{"name":"f","arguments":"{}"}},
                                              {"index":1,"function":{"name":"g","arguments":"{}"}}]})";
  World world(
      {reply(200, "data: {\"choices\":[{\"delta\":" + json_text(parse_json(calls)) + "}]}\n\ndata: [DONE]\n\n")});
  const auto answer = world.model.ask(request, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->blocks, ElementsAre(Block(ToolCall{"call_4", "f", "{}"}), Block(ToolCall{"call_5", "g", "{}"})));
}

TEST(OpenAi, what_passes_is_asked_again) {
  const std::string begun = event_of(R"({"content":"private words"})");
  const std::vector<std::pair<const char*, Result<HttpResponse>>> failures{
      {"throttled", error_reply(429, "slow down", "rate_limit_exceeded")},
      {"broken", error_reply(500, "oh")},
      {"gateway", reply(502, "<html>bad gateway</html>")},
      {"loading", error_reply(503, "Loading model")},
      {"lost", tl::unexpected(Error{ErrorCode::kUnavailable, "lost", "ConnectionLost"})},
      {"cut", reply(200, begun)},
      {"cut amid an event", reply(200, begun + "data: {\"cho")},
      {"error inside", reply(200, begun + "data: {\"error\":{\"message\":\"oh\"}}\n\n")},
      {"empty", reply(200, "")},
      {"no answer", reply(200, "<html>welcome</html>")},
  };
  for (const auto& [what, failure] : failures) {
    World world({failure, reply(200, stream_saying("fine"))});
    const auto answer = world.model.ask(short_question(), {});
    ASSERT_TRUE(answer) << what << ": " << answer.error().message;
    EXPECT_THAT(answer->blocks, ElementsAre(Block(Text{"fine"}))) << what;
    EXPECT_EQ(world.http.requests().size(), 2U) << what;
    EXPECT_EQ(world.sleeper.slept().size(), 1U) << what;
  }
}

TEST(OpenAi, what_never_passes_is_given_up) {
  struct Case {
    const char* what;
    Result<HttpResponse> outcome;
    std::size_t requests;
  };
  const std::vector<Case> cases{
      {"throttled", error_reply(429, "slow down"), 5},
      {"broken", error_reply(500, "oh"), 5},
      {"unreachable", tl::unexpected(Error{ErrorCode::kUnavailable, "refused", "ConnectFailed"}), 5},
      {"slow", tl::unexpected(Error{ErrorCode::kUnavailable, "no answer in time", "Timeout"}), 3},
      {"cut", reply(200, event_of(R"({"content":"private words"})")), 3},
      {"huge", tl::unexpected(Error{ErrorCode::kLimit, "more than 33554432 bytes", ""}), 1},
  };
  for (const Case& c : cases) {
    World world({c.outcome});
    const auto answer = world.model.ask(short_question(), {});
    ASSERT_FALSE(answer) << c.what;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable) << c.what;
    EXPECT_THAT(answer.error().message,
                AllOf(HasSubstr("model-x"), HasSubstr("api.example.com"), Not(HasSubstr("private words"))))
        << c.what;
    EXPECT_EQ(world.http.requests().size(), c.requests) << c.what;
  }
}

TEST(OpenAi, waits_as_long_as_the_server_says) {
  World world({reply(429, "{}", {{"Retry-After", "7"}}), reply(200, stream_saying("fine"))});
  ASSERT_TRUE(world.model.ask(short_question(), {}));
  EXPECT_THAT(world.sleeper.slept(), ElementsAre(Nanoseconds(std::chrono::seconds(7))));
}

TEST(OpenAi, refusals_say_what_to_do) {
  struct Case {
    HttpResponse response;
    ErrorCode code;
    const char* words;
  };
  const std::vector<Case> cases{
      {error_reply(401, "Incorrect API key provided: " + test_key()), ErrorCode::kDenied, "Check the key"},
      {error_reply(403, "Country not supported", test_key()), ErrorCode::kDenied, "Country not supported"},
      {error_reply(404, "The model 'model-x' does not exist", "model_not_found"), ErrorCode::kNotFound, "base_url"},
      {reply(404, "404 page not found"), ErrorCode::kNotFound, "/models"},
      {error_reply(429, "You exceeded your current quota", "insufficient_quota"), ErrorCode::kDenied, "add credit"},
      {error_reply(400, "too many", "context_length_exceeded"), ErrorCode::kInvalidInput, "does not fit"},
      {error_reply(400, "This model's maximum context length is 8192 tokens"), ErrorCode::kInvalidInput,
       "does not fit"},
      {error_reply(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
       ErrorCode::kInvalidInput, "max_tokens_field"},
      {error_reply(400, "bad"), ErrorCode::kInvalidInput, "bad"},
      {reply(301, "", {{"Location", "https://elsewhere"}}), ErrorCode::kInvalidInput, "Redirects"},
      {error_reply(422, "bad"), ErrorCode::kInvalidInput, "HTTP 422"},
  };
  for (const Case& c : cases) {
    World world({c.response});
    const auto answer = world.model.ask(short_question(), {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, c.code) << answer.error().message;
    EXPECT_THAT(answer.error().message, AllOf(HasSubstr(c.words), HasSubstr("model-x"), Not(HasSubstr(test_key()))));
    EXPECT_EQ(world.http.requests().size(), 1U) << c.words;
  }
}

TEST(OpenAi, without_a_key_a_denial_says_so) {
  OpenAiSettings settings = openai_settings();
  settings.key = Secret();
  World world({error_reply(401, "no")}, settings);
  EXPECT_THAT(world.model.ask(short_question(), {}).error().message, HasSubstr("No key was sent"));
}

TEST(OpenAi, what_a_server_does_not_know_is_left_out) {
  World world([](const HttpRequest& request) -> Result<HttpResponse> {
    for (const char* name : {"stream_options", "tool_choice"}) {
      if (request.body.find(name) != std::string::npos) {
        return error_reply(400, std::string("Unrecognized request argument supplied: ") + name);
      }
    }
    return reply(200, stream_saying("fine"));
  });
  EXPECT_TRUE(world.model.ask(long_conversation(), {}));
  EXPECT_EQ(world.http.requests().size(), 3U);
  // And that ends.
  World stubborn({error_reply(400, "stream_options and tool_choice")});
  EXPECT_FALSE(stubborn.model.ask(long_conversation(), {}));
  EXPECT_EQ(stubborn.http.requests().size(), 3U);
}

TEST(OpenAi, base_urls_that_are_none_are_told_without_being_shown) {
  for (const std::string url : {"", "localhost:11434/v1", "ftp://h/v1", "https://user:pw@h/v1", "https://h/v1#x"}) {
    OpenAiSettings settings = openai_settings();
    settings.base_url = url;
    World world({reply(200, stream_saying("fine"))}, settings);
    const auto answer = world.model.ask(short_question(), {});
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(answer.error().message, AllOf(HasSubstr("base_url"), Not(HasSubstr("pw"))));
    EXPECT_TRUE(world.http.requests().empty());
  }
}

TEST(OpenAi, stops_when_it_is_told_to_or_time_is_up) {
  Context over;
  over.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  World late({reply(200, stream_saying("fine"))});
  const auto never = late.model.ask(short_question(), over);
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(late.http.requests().empty());

  for (const HttpResponse& failure :
       {error_reply(500, "oh"), error_reply(429, "oh"), reply(200, ""), error_reply(400, "stream_options")}) {
    std::stop_source source;
    World world([&](const HttpRequest&) -> Result<HttpResponse> {
      source.request_stop();
      return failure;
    });
    const auto answer = world.model.ask(short_question(), Context{source.get_token(), {}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(world.http.requests().size(), 1U);
  }
}

// ---- Models without tools ----

TEST(OpenAi, tools_of_models_without_tools_go_through_the_text_protocol) {
  OpenAiSettings settings = openai_settings();
  settings.native_tools = false;
  World world(
      {reply(200, stream_saying("Looking.\n<tool_call name=\"search_logs\">\n{\"regex\":\"x\"}\n</tool_call>"))},
      settings);
  ChatRequest request = long_conversation();
  request.choice = ToolChoice::kAny;
  const auto answer = world.model.ask(request, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->blocks,
              ElementsAre(Block(Text{"Looking."}), Block(ToolCall{"call_1", "search_logs", R"({"regex":"x"})"})));
  EXPECT_EQ(answer->stop, StopReason::kToolUse);
  const Json sent = parse_json(world.http.requests().at(0).body);
  EXPECT_FALSE(sent.contains("tools"));
  EXPECT_FALSE(sent.contains("tool_choice"));
  for (const Json& message : sent["messages"]) {
    EXPECT_NE(message["role"], "tool");
    EXPECT_FALSE(message.contains("tool_calls"));
  }
  EXPECT_THAT(sent["messages"][0]["content"].get<std::string>(), HasSubstr("search_logs"));

  // The next turn's call must not have the id of this one.
  request.messages.push_back({Role::kAssistant, answer->blocks});
  request.messages.push_back({Role::kUser, {ToolResult{"call_1", "rows", false}}});
  const auto next = world.model.ask(request, {});
  ASSERT_TRUE(next);
  EXPECT_NE(std::get<ToolCall>(next->blocks.at(1)).id, "call_1");
}

TEST(OpenAi, without_tools_a_text_that_looks_like_a_call_is_a_text) {
  OpenAiSettings settings = openai_settings();
  settings.native_tools = false;
  const std::string words = "<tool_call name=\"a\">\n{}\n</tool_call>";
  World world({reply(200, stream_saying(words))}, settings);
  EXPECT_THAT(world.model.ask(short_question(), {})->blocks, ElementsAre(Block(Text{words})));
}

// ---- Over a socket ----

TEST(OpenAi, answers_come_over_a_real_connection) {
  const HttpHeaders headers{{"Content-Type", "text/event-stream"}};
  InterruptedServer server(reply(200, event_of(R"({"content":"x"})") + "data: {\"error\":\"oh\"}\n\n", headers),
                           reply(200, stream_saying("It was the database."), headers));
  const auto http = test::open_client();
  test::FakeClock clock(*parse_rfc3339("2026-03-14T08:30:00Z"));
  test::FakeSleeper sleeper;
  test::FixedRandom random;
  Retrier retrier(sleeper, random);
  OpenAiSettings settings = openai_settings();
  settings.base_url = server.url() + "/v1/";
  OpenAiModel model(*http, retrier, clock, settings);
  const auto answer = model.ask(short_question(), {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(answer->blocks, ElementsAre(Block(Text{"It was the database."})));
  EXPECT_THAT(server.targets(), ElementsAre("/v1/chat/completions", "/v1/chat/completions", "/v1/chat/completions"));
}

}  // namespace
}  // namespace fa::llm
