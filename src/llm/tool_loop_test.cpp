#include "llm/tool_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>

#include "llm/scripted_model.h"

namespace fa::llm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kAnswer = R"({"cause":"disk"})";

/// Two tools that echo their input, and remember what was run.
class EchoTools final : public ToolBox {
 public:
  [[nodiscard]] std::vector<ToolSpec> tools() const override {
    return {{"logs", "Searches.", R"({"type":"object"})"}, {"metrics", "Gets.", R"({"type":"object"})"}};
  }
  ToolOutcome run(std::string_view name, std::string_view input, const Context& /*context*/) override {
    ran.push_back(std::string(name) + std::string(input));
    if (on_run) on_run();
    return {status, text.empty() ? "found " + std::string(input) : text, "query " + std::string(input), 7, truncated};
  }

  std::vector<std::string> ran;
  ToolStatus status = ToolStatus::kOk;
  std::string text;
  bool truncated = false;
  std::function<void()> on_run;
};

LoopRequest question() {
  LoopRequest request;
  request.system = "You find causes.";
  request.messages = {{Role::kUser, {Text{"What broke?"}}}};
  request.answer = {"answer", "The answer.", R"({"type":"object"})"};
  request.texts = {"UNKNOWN", "REPEATED", "NOT EXECUTED", "PLEASE ANSWER", "LAST TURN", "CUT OFF"};
  request.max_cycles = 3;
  return request;
}

ToolCall call(std::string name, std::string input = "{}") { return {"", std::move(name), std::move(input)}; }
ChatAnswer answers(std::string input = kAnswer) { return scripted_calls({call("answer", std::move(input))}); }
ChatAnswer uses(std::string name, std::string input = "{}") {
  return scripted_calls({call(std::move(name), std::move(input))});
}

std::string number_input(std::size_t i) { return R"({"page":)" + std::to_string(i) + "}"; }

std::vector<ToolResult> results_of(const Message& message) {
  std::vector<ToolResult> results;
  for (const Block& block : message.blocks) {
    if (const auto* result = std::get_if<ToolResult>(&block)) results.push_back(*result);
  }
  return results;
}

std::vector<std::string> result_texts(const Message& message) {
  std::vector<std::string> texts;
  for (const ToolResult& result : results_of(message)) texts.push_back(result.text);
  return texts;
}

std::string all_text(const Message& message) {
  std::string all;
  for (const Block& block : message.blocks) {
    if (const auto* text = std::get_if<Text>(&block)) all += text->text + "\n";
  }
  return all;
}

/// What every service demands of a conversation: roles alternate, messages hold something, every call has its result in
/// the next message, and no id stands for two calls.
void expect_well_formed(const ChatRequest& request) {
  std::vector<std::string> ids;
  std::vector<std::string> open;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    EXPECT_EQ(message.role, i % 2 == 0 ? Role::kUser : Role::kAssistant) << "message " << i;
    EXPECT_FALSE(message.blocks.empty()) << "message " << i;
    if (message.role == Role::kUser) {
      std::vector<std::string> closed;
      for (const ToolResult& result : results_of(message)) closed.push_back(result.call_id);
      EXPECT_EQ(closed, open) << "message " << i;
      open.clear();
    } else {
      for (const Block& block : message.blocks) {
        if (const auto* made = std::get_if<ToolCall>(&block)) open.push_back(made->id);
        if (const auto* text = std::get_if<Text>(&block)) {
          EXPECT_FALSE(text->text.empty());
        }
      }
      ids.insert(ids.end(), open.begin(), open.end());
    }
  }
  EXPECT_EQ(request.messages.back().role, Role::kUser);
  EXPECT_TRUE(open.empty());
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  EXPECT_THAT(ids, testing::Not(testing::Contains("")));
}

LoopResult run(ScriptedModel& model, const LoopRequest& request, EchoTools& tools, const Context& context = {}) {
  LoopResult result = run_tool_loop(model, request, tools, context);
  EXPECT_EQ(result.calls, model.calls());
  EXPECT_LE(static_cast<int>(result.calls), request.max_cycles + 2 + request.max_objections);
  EXPECT_EQ(result.problem.empty(), result.end == LoopEnd::kAnswered) << result.problem;
  for (const ChatRequest& asked : model.requests()) expect_well_formed(asked);
  return result;
}

TEST(ToolLoop, tools_run_in_order_and_the_answer_ends_the_loop) {
  ScriptedModel model(
      {scripted_calls({call("logs", R"({"a":1})"), call("metrics"), call("logs", R"({"a":2})")}), answers()});
  EchoTools tools;
  const LoopResult result = run(model, question(), tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_EQ(result.answer, kAnswer);
  EXPECT_TRUE(result.accepted);
  EXPECT_FALSE(result.out_of_cycles);
  EXPECT_THAT(tools.ran, ElementsAre(R"(logs{"a":1})", "metrics{}", R"(logs{"a":2})"));
  ASSERT_EQ(result.steps.size(), 3U);
  EXPECT_EQ(result.steps[0].cycle, 1);
  EXPECT_EQ(result.steps[0].tool, "logs");
  EXPECT_EQ(result.steps[0].input, R"({"a":1})");
  EXPECT_EQ(result.steps[0].query, R"(query {"a":1})");
  EXPECT_EQ(result.steps[0].status, ToolStatus::kOk);
  EXPECT_EQ(result.steps[0].rows, 7U);
  EXPECT_FALSE(result.steps[0].refused);
  EXPECT_EQ(result.usage, (TokenUsage{200, 20, 0, 0}));
  const auto asked = model.requests();
  EXPECT_THAT(result_texts(asked[1].messages.back()), ElementsAre(R"(found {"a":1})", "found {}", R"(found {"a":2})"));
  EXPECT_EQ(asked[0].choice, ToolChoice::kAuto);
  ASSERT_EQ(asked[0].tools.size(), 3U);
  EXPECT_EQ(asked[0].tools.back().name, "answer");
  EXPECT_EQ(asked[0].system, "You find causes.");
}

TEST(ToolLoop, a_status_reaches_the_model_and_the_account) {
  for (const ToolStatus status : {ToolStatus::kOk, ToolStatus::kNoData, ToolStatus::kError}) {
    ScriptedModel model({uses("logs"), answers()});
    EchoTools tools;
    tools.status = status;
    const LoopResult result = run(model, question(), tools);
    ASSERT_EQ(result.steps.size(), 1U);
    EXPECT_EQ(result.steps[0].status, status);
    EXPECT_EQ(results_of(model.requests()[1].messages.back()).at(0).failed, status == ToolStatus::kError);
  }
}

TEST(ToolLoop, the_last_turn_offers_only_the_answer) {
  std::size_t turn = 0;
  ScriptedModel model([&](const ChatRequest& request, const Context&) -> Result<ChatAnswer> {
    ++turn;
    if (request.choice == ToolChoice::kOnly) return answers();
    return uses("logs", number_input(turn));
  });
  EchoTools tools;
  const LoopResult result = run(model, question(), tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_TRUE(result.out_of_cycles);
  EXPECT_EQ(result.calls, 4U);
  EXPECT_EQ(tools.ran.size(), 3U);
  const ChatRequest last = model.requests().back();
  ASSERT_EQ(last.tools.size(), 1U);
  EXPECT_EQ(last.tools[0].name, "answer");
  EXPECT_EQ(last.only_tool, "answer");
  EXPECT_THAT(all_text(last.messages.back()), HasSubstr("LAST TURN"));
  const ChatRequest before = model.requests()[2];
  EXPECT_EQ(before.tools.size(), 3U);
  EXPECT_THAT(all_text(before.messages.back()), testing::Not(HasSubstr("LAST TURN")));
}

TEST(ToolLoop, without_cycles_the_first_turn_is_the_last) {
  LoopRequest request = question();
  request.max_cycles = 0;
  ScriptedModel model({answers()});
  EchoTools tools;
  const LoopResult result = run(model, request, tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_FALSE(result.out_of_cycles);
  EXPECT_EQ(model.requests()[0].choice, ToolChoice::kOnly);
}

TEST(ToolLoop, every_model_that_never_answers_is_given_up) {
  std::size_t turn = 0;
  struct Case {
    const char* name;
    std::function<ChatAnswer()> says;
    bool wants_tools;
  };
  const Case cases[] = {
      {"nothing", [] { return ChatAnswer{}; }, false},
      {"text", [] { return scripted_text("I think it is the disk."); }, false},
      {"blank text", [] { return scripted_text(" \n"); }, false},
      {"unknown tool", [] { return uses("rm -rf"); }, true},
      {"a name that is none", [] { return uses(""); }, true},
      {"the same call", [] { return uses("logs"); }, true},
      {"new calls", [&] { return uses("logs", number_input(turn)); }, true},
      {"half JSON for a tool", [] { return uses("logs", R"({"a":[1,)"); }, true},
      {"cut text", [] { return scripted_text("It is", StopReason::kMaxTokens); }, false},
      {"cut answer", [] { return scripted_calls({call("answer", R"({"cause":"di)")}, StopReason::kMaxTokens); }, false},
      {"empty cut answer", [] { return scripted_calls({call("answer", "")}, StopReason::kMaxTokens); }, false},
      {"tool use without calls", [] { return scripted_text("", StopReason::kToolUse); }, false},
      {"odd stop", [] { return scripted_text("?", StopReason::kOther); }, false},
      {"a hundred calls",
       [&] {
         std::vector<ToolCall> calls;
         for (std::size_t i = 0; i < 100; ++i) calls.push_back(call("logs", number_input(turn * 1000 + i)));
         return scripted_calls(std::move(calls));
       },
       true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    for (const int cycles : {0, 1, 5}) {
      turn = 0;
      ScriptedModel model([&](const ChatRequest&, const Context&) -> Result<ChatAnswer> {
        ++turn;
        return c.says();
      });
      EchoTools tools;
      LoopRequest request = question();
      request.max_cycles = cycles;
      const LoopResult result = run(model, request, tools);
      EXPECT_EQ(result.end, LoopEnd::kNoAnswer);
      EXPECT_EQ(result.answer, "");
      EXPECT_FALSE(result.accepted);
      EXPECT_EQ(result.calls, static_cast<std::uint64_t>(cycles) + 2);
      EXPECT_EQ(result.out_of_cycles, c.wants_tools);
      EXPECT_THAT(result.problem, HasSubstr("\"answer\""));
      EXPECT_LE(static_cast<int>(tools.ran.size()), cycles * request.max_calls);
    }
  }
}

TEST(ToolLoop, unknown_tools_are_refused_by_name) {
  ScriptedModel model({uses("launch"), answers()});
  EchoTools tools;
  const LoopResult result = run(model, question(), tools);
  EXPECT_THAT(tools.ran, IsEmpty());
  ASSERT_EQ(result.steps.size(), 1U);
  EXPECT_TRUE(result.steps[0].refused);
  EXPECT_EQ(result.steps[0].status, ToolStatus::kError);
  const ToolResult told = results_of(model.requests()[1].messages.back()).at(0);
  EXPECT_EQ(told.text, "UNKNOWN launch");
  EXPECT_TRUE(told.failed);
}

TEST(ToolLoop, repeated_calls_are_refused_however_they_are_written) {
  struct Case {
    const char* first;
    const char* second;
    bool same;
  };
  const Case cases[] = {
      {R"({"a":1,"b":[1,2]})", R"({"a":1,"b":[1,2]})", true},
      {R"({"a":1,"b":[1,2]})", "{ \"b\" : [1, 2],\n \"a\": 1 }", true},
      {R"({"a":{"x":1,"y":2}})", R"({"a":{"y":2,"x":1}})", true},
      {R"({"a":1})", R"({"a":1.0})", true},
      {R"({"a":"\u0041"})", R"({"a":"A"})", true},
      {R"({})", "", true},
      {R"({"a":[1,2]})", R"({"a":[2,1]})", false},
      {R"({"a":1})", R"({"a":"1"})", false},
      {R"({"a":1})", R"({"a":2})", false},
      {R"({"a":null})", R"({})", false},
      {R"({"a":)", R"({"a":)", true},
      {R"({"a":)", R"({"b":)", false},
      {R"({"a":1e300})", R"({"a":1e301})", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.first) + " then " + c.second);
    for (const bool one_turn : {false, true}) {
      ScriptedModel model(
          one_turn ? std::vector<Result<ChatAnswer>>{scripted_calls({call("logs", c.first), call("logs", c.second)}),
                                                     answers()}
                   : std::vector<Result<ChatAnswer>>{uses("logs", c.first), uses("logs", c.second), answers()});
      EchoTools tools;
      const LoopResult result = run(model, question(), tools);
      ASSERT_EQ(result.steps.size(), 2U);
      EXPECT_FALSE(result.steps[0].refused);
      EXPECT_EQ(result.steps[1].refused, c.same);
      EXPECT_EQ(tools.ran.size(), c.same ? 1U : 2U);
      const auto told = result_texts(model.requests().back().messages.back());
      EXPECT_EQ(told.back() == "REPEATED", c.same);
    }
  }
}

TEST(ToolLoop, the_same_input_for_another_tool_is_no_repetition) {
  ScriptedModel model({scripted_calls({call("logs"), call("metrics")}), answers()});
  EchoTools tools;
  run(model, question(), tools);
  EXPECT_EQ(tools.ran.size(), 2U);
}

TEST(ToolLoop, inputs_nested_without_end_are_survived) {
  const std::string deep(200'000, '[');
  const std::string closed = deep + std::string(200'000, ']');
  ScriptedModel model({scripted_calls({call("logs", deep), call("logs", closed)}), uses("logs", closed), answers()});
  EchoTools tools;
  const LoopResult result = run(model, question(), tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_EQ(tools.ran.size(), 2U);
}

TEST(ToolLoop, calls_beyond_those_of_a_turn_are_refused_and_may_come_again) {
  LoopRequest request = question();
  request.max_calls = 2;
  ScriptedModel model(
      {scripted_calls({call("logs", number_input(1)), call("logs", number_input(2)), call("logs", number_input(3))}),
       uses("logs", number_input(3)), answers()});
  EchoTools tools;
  const LoopResult result = run(model, request, tools);
  EXPECT_EQ(tools.ran.size(), 3U);
  ASSERT_EQ(result.steps.size(), 4U);
  EXPECT_TRUE(result.steps[2].refused);
  EXPECT_EQ(result_texts(model.requests()[1].messages.back()).back(), "NOT EXECUTED");
  EXPECT_FALSE(result.steps[3].refused);
  EXPECT_EQ(result.steps[3].cycle, 2);
}

TEST(ToolLoop, an_answer_beside_other_calls_counts_and_nothing_is_run) {
  ScriptedModel model({scripted_calls({call("logs"), call("answer", kAnswer), call("answer", "{}")})});
  EchoTools tools;
  const LoopResult result = run(model, question(), tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_EQ(result.answer, kAnswer);
  EXPECT_EQ(result.calls, 1U);
  EXPECT_THAT(tools.ran, IsEmpty());
  ASSERT_EQ(result.steps.size(), 1U);
  EXPECT_TRUE(result.steps[0].refused);
}

TEST(ToolLoop, an_answer_that_is_objected_to_is_mended) {
  LoopRequest request = question();
  std::vector<std::string> reviewed;
  request.review = [&](const std::string& input) {
    reviewed.push_back(input);
    return Review{input == kAnswer, "no evidence L9"};
  };
  ScriptedModel model({scripted_calls({call("logs"), call("answer", "{}")}), uses("logs"), answers()});
  EchoTools tools;
  const LoopResult result = run(model, request, tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_TRUE(result.accepted);
  EXPECT_EQ(result.answer, kAnswer);
  EXPECT_THAT(reviewed, ElementsAre("{}", kAnswer));
  const Message told = model.requests()[1].messages.back();
  EXPECT_THAT(result_texts(told), ElementsAre("NOT EXECUTED", "no evidence L9"));
  EXPECT_TRUE(results_of(told)[1].failed);
  EXPECT_EQ(tools.ran.size(), 1U) << "a call that was not executed may come again";
}

TEST(ToolLoop, the_answer_after_the_last_objection_is_taken_as_it_is) {
  for (const int objections : {0, 1, 3}) {
    for (const int cycles : {0, 1, 10}) {
      LoopRequest request = question();
      request.max_objections = objections;
      request.max_cycles = cycles;
      request.review = [](const std::string&) { return Review{false, "wrong"}; };
      std::size_t turn = 0;
      ScriptedModel model(
          [&](const ChatRequest&, const Context&) -> Result<ChatAnswer> { return answers(number_input(++turn)); });
      EchoTools tools;
      const LoopResult result = run(model, request, tools);
      EXPECT_EQ(result.end, LoopEnd::kAnswered);
      EXPECT_FALSE(result.accepted);
      EXPECT_EQ(result.calls, static_cast<std::uint64_t>(objections) + 1);
      EXPECT_EQ(result.answer, number_input(turn));
    }
  }
}

TEST(ToolLoop, an_answer_of_no_json_is_for_the_review_to_judge) {
  LoopRequest request = question();
  request.review = [](const std::string& input) { return Review{input.back() == '}', "no JSON"}; };
  ScriptedModel model({answers(R"({"cause":)"), answers()});
  EchoTools tools;
  const LoopResult result = run(model, request, tools);
  EXPECT_TRUE(result.accepted);
  EXPECT_THAT(result_texts(model.requests()[1].messages.back()), ElementsAre("no JSON"));
}

TEST(ToolLoop, text_instead_of_calls_is_answered_by_a_demand) {
  ScriptedModel model({scripted_text("The disk, I think."), uses("logs"), answers()});
  EchoTools tools;
  const LoopResult result = run(model, question(), tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  const auto asked = model.requests();
  EXPECT_EQ(all_text(asked[1].messages.back()), "PLEASE ANSWER\n");
  EXPECT_EQ(asked[1].choice, ToolChoice::kAny);
  EXPECT_EQ(asked[2].choice, ToolChoice::kAuto);
}

TEST(ToolLoop, a_cut_turn_runs_what_is_whole) {
  ScriptedModel model({scripted_calls({call("logs", R"({"a":1})"), call("metrics", R"({"na)")}, StopReason::kMaxTokens),
                       scripted_calls({call("answer", R"({"cau)")}, StopReason::kMaxTokens),
                       scripted_calls({call("answer", kAnswer)}, StopReason::kMaxTokens)});
  EchoTools tools;
  const LoopResult result = run(model, question(), tools);
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_EQ(result.answer, kAnswer) << "cut behind its last bracket";
  EXPECT_THAT(tools.ran, ElementsAre(R"(logs{"a":1})"));
  EXPECT_THAT(result_texts(model.requests()[1].messages.back()), ElementsAre(R"(found {"a":1})", "CUT OFF"));
  EXPECT_THAT(result_texts(model.requests()[2].messages.back()), ElementsAre("CUT OFF"));
  ASSERT_EQ(result.steps.size(), 2U);
  EXPECT_TRUE(result.steps[1].refused);
}

TEST(ToolLoop, long_tool_texts_are_cut_at_a_character_and_said_to_be) {
  LoopRequest request = question();
  request.max_tool_bytes = 100;
  for (const std::size_t size : {std::size_t{33}, std::size_t{34}, std::size_t{5000}}) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += "障";
    ScriptedModel model({uses("logs"), answers()});
    EchoTools tools;
    tools.text = text;
    const LoopResult result = run(model, request, tools);
    const std::string told = result_texts(model.requests()[1].messages.back()).at(0);
    EXPECT_LE(told.size(), 100U);
    EXPECT_EQ(result.steps.at(0).truncated, text.size() > 100);
    if (text.size() <= 100) {
      EXPECT_EQ(told, text);
    } else {
      const std::size_t mark = told.find("\n[... ");
      ASSERT_NE(mark, std::string::npos);
      EXPECT_EQ(mark % 3, 0U);
      EXPECT_EQ(told.substr(mark), "\n[... " + std::to_string(mark) + "/" + std::to_string(text.size()) + " B]");
    }
  }
}

TEST(ToolLoop, truncation_by_the_tool_is_kept_in_the_account) {
  ScriptedModel model({uses("logs"), answers()});
  EchoTools tools;
  tools.truncated = true;
  EXPECT_TRUE(run(model, question(), tools).steps.at(0).truncated);
}

TEST(ToolLoop, errors_end_the_loop_wherever_they_come) {
  struct Case {
    ErrorCode code;
    LoopEnd end;
  };
  const Case cases[] = {
      {ErrorCode::kCancelled, LoopEnd::kDeadline}, {ErrorCode::kUnavailable, LoopEnd::kFailed},
      {ErrorCode::kDenied, LoopEnd::kFailed},      {ErrorCode::kInvalidInput, LoopEnd::kFailed},
      {ErrorCode::kNotFound, LoopEnd::kFailed},    {ErrorCode::kInternal, LoopEnd::kFailed},
      {ErrorCode::kLimit, LoopEnd::kBudget},       {ErrorCode::kUnreadable, LoopEnd::kFailed},
  };
  for (const Case& c : cases) {
    for (std::size_t position = 1; position <= 5; ++position) {
      for (const bool objected : {false, true}) {
        SCOPED_TRACE(testing::Message() << static_cast<int>(c.code) << " in call " << position << objected);
        std::size_t turn = 0;
        ScriptedModel model([&](const ChatRequest&, const Context&) -> Result<ChatAnswer> {
          if (++turn >= position) return fail(c.code, "the reason");
          if (objected && turn == 1) return answers();
          return uses("logs", number_input(turn));
        });
        LoopRequest request = question();
        request.max_objections = 2;
        request.review = [](const std::string&) { return Review{false, "wrong"}; };
        EchoTools tools;
        const LoopResult result = run(model, request, tools);
        EXPECT_EQ(result.end, c.end);
        EXPECT_EQ(result.problem, "the reason");
        const bool had_answer = objected && position > 1;
        EXPECT_EQ(result.answer, had_answer ? kAnswer : "");
        EXPECT_FALSE(result.accepted);
        const bool tried_again = c.code == ErrorCode::kLimit && !had_answer && position <= 3;
        EXPECT_EQ(result.calls, position + (tried_again ? 1 : 0));
      }
    }
  }
}

TEST(ToolLoop, a_budget_that_runs_out_leaves_one_attempt_at_an_answer) {
  ScriptedModel model({uses("logs"), fail(ErrorCode::kLimit, "model.max_input_tokens"), answers()});
  EchoTools tools;
  const LoopResult result = run_tool_loop(model, question(), tools, {});
  EXPECT_EQ(result.end, LoopEnd::kAnswered);
  EXPECT_EQ(result.answer, kAnswer);
  EXPECT_EQ(result.problem, "model.max_input_tokens") << "why it answered early";
  const ChatRequest last = model.requests().back();
  EXPECT_EQ(last.choice, ToolChoice::kOnly);
  EXPECT_THAT(all_text(last.messages.back()), HasSubstr("LAST TURN"));
  expect_well_formed(last);
}

TEST(ToolLoop, refusals_end_the_loop_wherever_they_come) {
  for (const StopReason stop : {StopReason::kRefused, StopReason::kContentFiltered, StopReason::kContextFull}) {
    for (std::size_t position = 1; position <= 4; ++position) {
      std::size_t turn = 0;
      ScriptedModel model([&](const ChatRequest&, const Context&) -> Result<ChatAnswer> {
        if (++turn < position) return turn == 1 ? answers() : uses("logs", number_input(turn));
        ChatAnswer refusal = scripted_text("I will not.", stop);
        refusal.stop_detail = "guard\x1b";
        return refusal;
      });
      LoopRequest request = question();
      request.review = [](const std::string&) { return Review{false, "wrong"}; };
      EchoTools tools;
      const LoopResult result = run(model, request, tools);
      EXPECT_EQ(result.end, stop == StopReason::kContextFull ? LoopEnd::kFailed : LoopEnd::kRefused);
      EXPECT_EQ(result.answer, position > 1 ? kAnswer : "");
      EXPECT_EQ(result.calls, position);
      EXPECT_THAT(result.problem, HasSubstr("scripted"));
      EXPECT_EQ(result.problem.find('\x1b'), std::string::npos);
    }
  }
}

TEST(ToolLoop, nothing_is_asked_or_run_once_it_is_stopped) {
  {
    std::stop_source stop;
    stop.request_stop();
    ScriptedModel model({answers()});
    EchoTools tools;
    const LoopResult result = run(model, question(), tools, {stop.get_token(), std::nullopt});
    EXPECT_EQ(result.end, LoopEnd::kDeadline);
    EXPECT_EQ(result.calls, 0U);
  }
  {
    std::stop_source stop;
    ScriptedModel model({scripted_calls({call("logs"), call("metrics")}), answers()});
    EchoTools tools;
    tools.on_run = [&] { stop.request_stop(); };
    const LoopResult result = run(model, question(), tools, {stop.get_token(), std::nullopt});
    EXPECT_EQ(result.end, LoopEnd::kDeadline);
    EXPECT_EQ(result.calls, 1U);
    EXPECT_EQ(tools.ran.size(), 1U);
    EXPECT_EQ(result.steps.size(), 1U);
  }
  {
    ScriptedModel model({answers()});
    EchoTools tools;
    const auto past = std::chrono::steady_clock::now() - std::chrono::seconds(1);
    EXPECT_EQ(run(model, question(), tools, {{}, past}).end, LoopEnd::kDeadline);
  }
}

TEST(ToolLoop, ids_name_one_call_each_whatever_the_model_says) {
  ScriptedModel model({scripted_calls({{"x", "logs", "{}"}, {"x", "metrics", "{}"}, {"", "logs", R"({"a":1})"}}),
                       scripted_calls({{"x", "logs", R"({"a":2})"}, {"call-1", "logs", R"({"a":3})"}}), answers()});
  EchoTools tools;
  EXPECT_EQ(run(model, question(), tools).end, LoopEnd::kAnswered);
  EXPECT_EQ(tools.ran.size(), 5U);
}

TEST(ToolLoop, what_throws_ends_in_a_failure) {
  ScriptedModel model({uses("logs"), answers()});
  EchoTools tools;
  tools.on_run = [] { throw std::runtime_error("a bug"); };
  const LoopResult result = run(model, question(), tools);
  EXPECT_EQ(result.end, LoopEnd::kFailed);
  EXPECT_THAT(result.problem, HasSubstr("a bug"));
}

TEST(ToolLoop, a_conversation_must_end_with_the_user) {
  for (const bool empty : {true, false}) {
    LoopRequest request = question();
    request.messages.clear();
    if (!empty) request.messages = {{Role::kAssistant, {Text{"Hello."}}}};
    ScriptedModel model({answers()});
    EchoTools tools;
    const LoopResult result = run_tool_loop(model, request, tools, {});
    EXPECT_EQ(result.end, LoopEnd::kFailed);
    EXPECT_EQ(result.calls, 0U);
  }
}

TEST(ToolLoop, names_for_reports) {
  EXPECT_EQ(tool_status_name(ToolStatus::kNoData), "no_data");
  EXPECT_EQ(loop_end_name(LoopEnd::kNoAnswer), "no_answer");
  EXPECT_EQ(loop_end_name(LoopEnd::kBudget), "budget");
}

}  // namespace
}  // namespace fa::llm
