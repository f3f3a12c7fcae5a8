/// What comes back from Bedrock, behind a scripted HTTP client and once behind a real socket: answers, failures,
/// attempts.
#include "llm/bedrock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stop_token>

#include "base/json.h"
#include "llm/bedrock_test_frames.h"
#include "llm/bedrock_test_requests.h"
#include "net/test_client.h"
#include "support/aws/client_world.h"

namespace fa::llm {
namespace {

namespace frames = test_frames;
using test::answer;
using test::ClientWorld;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

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

tl::unexpected<Error> lost(const char* reason = "ConnectionLost") {
  return tl::unexpected(Error{ErrorCode::kUnavailable, "the connection was lost", reason});
}

struct Asked {
  Result<ChatAnswer> answer;
  std::size_t requests = 0;
  std::size_t waits = 0;
};

Asked ask(const std::vector<Result<HttpResponse>>& answers, const BedrockSettings& settings = bedrock_settings(),
          const ChatRequest& request = short_question()) {
  ClientWorld world(in_turn(answers));
  BedrockModel model(world.client, settings);
  auto got = model.ask(request, {});
  return {std::move(got), world.http.requests().size(), world.sleeper.slept().size()};
}

TEST(Bedrock, an_answer_that_comes_whole_may_take_all_its_time) {
  for (const bool stream : {true, false}) {
    ClientWorld world(in_turn({stream ? stream_of("") : answer(200, document_of("Fine."))}));
    BedrockSettings settings = bedrock_settings(stream);
    settings.timeout = std::chrono::seconds(90);
    BedrockModel model(world.client, settings);
    static_cast<void>(model.ask(short_question(), {}));
    const HttpRequest sent = world.http.requests().at(0);
    EXPECT_EQ(sent.timeout, Nanoseconds(std::chrono::seconds(90)));
    EXPECT_EQ(sent.stall_timeout, Nanoseconds(std::chrono::seconds(stream ? 30 : 90))) << stream;
  }
}

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
    EXPECT_THAT(given_up.answer.error().message, AllOf(HasSubstr(kBedrockTestModel), Not(HasSubstr("private words"))))
        << c.what;
  }
}

TEST(Bedrock, streams_that_always_break_are_given_up_after_three) {
  const Asked asked = ask({stream_of(frames::start() + frames::text(0, "private words") +
                                     frames::exception("throttlingException", "slow down"))});
  ASSERT_FALSE(asked.answer);
  EXPECT_EQ(asked.requests, 3U);
  EXPECT_EQ(asked.answer.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(asked.answer.error().reason, "throttlingException");
  EXPECT_THAT(asked.answer.error().message, AllOf(HasSubstr("slow down"), HasSubstr(kBedrockTestModel),
                                                  HasSubstr("3 attempts"), Not(HasSubstr("private"))));
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
    EXPECT_THAT(asked.answer.error().message, AllOf(HasSubstr(c.words), HasSubstr(kBedrockTestModel)));
    EXPECT_EQ(asked.requests, 1U) << c.words;
  }
  const Asked whole = ask({refusal(403, "AccessDeniedException", "")}, bedrock_settings(false));
  EXPECT_THAT(whole.answer.error().message, HasSubstr("Allow bedrock:InvokeModel on model"));
}

TEST(Bedrock, exceptions_that_asking_again_does_not_mend_end_at_once) {
  const Asked asked = ask({stream_of(frames::start() + frames::exception("validationException", "bad schema"))});
  ASSERT_FALSE(asked.answer);
  EXPECT_EQ(asked.answer.error().code, ErrorCode::kInvalidInput);
  EXPECT_THAT(asked.answer.error().message, AllOf(HasSubstr("bad schema"), HasSubstr(kBedrockTestModel)));
  EXPECT_EQ(asked.requests, 1U);
}

TEST(Bedrock, models_that_cannot_be_told_to_use_a_tool_are_asked_without) {
  const auto script = [](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.body.find("toolChoice") == std::string::npos) return stream_of(frames::answer_of("fine"));
    return refusal(400, "ValidationException", "This model doesn't support the toolConfig.toolChoice.any field.");
  };
  ClientWorld world(script);
  BedrockModel model(world.client, bedrock_settings());
  ChatRequest request = bedrock_conversation();
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
  auto answered = model.ask(short_question(), over);
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
    const auto cancelled = stopped.ask(short_question(), Context{source.get_token(), {}});
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
    EXPECT_THAT(cancelled.error().message, HasSubstr(kBedrockTestModel));
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

// ---- Over a socket ----

TEST(Bedrock, answers_come_over_a_real_connection) {
  InterruptedServer server(stream_of(frames::start() + frames::exception("throttlingException", "slow down")),
                           stream_of(frames::answer_of("It was the database.")));
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
  EXPECT_EQ(model.name(), std::string("bedrock ") + kBedrockTestModel);
  const auto answered = model.ask(short_question(), {});
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_THAT(answered->blocks, ElementsAre(Block(Text{"It was the database."})));
  const std::string target = "/model/global.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream";
  EXPECT_THAT(server.targets(), ElementsAre(target, target, target));
  EXPECT_EQ(sleeper.slept().size(), 2U);
}

}  // namespace
}  // namespace fa::llm
