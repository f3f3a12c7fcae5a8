/// A model's part of an investigation where the model fails, wholly or after a while.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <thread>

#include "investigate/narrate_test_rig.h"

namespace fa::narrate_test {
namespace {

using llm::ChatAnswer;
using llm::ChatRequest;
using llm::scripted_calls;
using llm::scripted_text;
using llm::ScriptedModel;
using llm::StopReason;
using llm::ToolCall;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Calls of the model that a loop of the default five turns makes at the most, with two answers sent back.
constexpr std::size_t kMostModelCalls = 5 + 2 + 2;

Result<ChatAnswer> failing(ErrorCode code, const std::string& words) { return fail(code, words); }

struct Failure {
  const char* name;
  const char* outcome;
  const char* english;  ///< Stands in the note.
  const char* japanese;
  ScriptedModel::Script script;
};

ScriptedModel::Script always(Result<ChatAnswer> answer) {
  return [answer](const ChatRequest&, const Context&) { return answer; };
}
/// The first, then the second for ever.
ScriptedModel::Script first_then(Result<ChatAnswer> first, Result<ChatAnswer> second) {
  return [first, second](const ChatRequest& request, const Context&) {
    return request.messages.size() == 1 && request.tools.size() > 1 ? first : second;
  };
}

std::vector<Failure> failures() {
  const char* const asked = "The language model could not be asked.";
  const char* const asked_ja = "言語モデルに問い合わせできませんでした。";
  const char* const silent = "The language model gave no answer.";
  const char* const silent_ja = "言語モデルから回答がありませんでした。";
  const char* const refused = "refused to answer.";
  const char* const refused_ja = "回答を拒否しました。";
  const char* const unread = "Its answer could not be read.";
  const char* const unread_ja = "回答を読み取れませんでした。";
  const char* const late = "did not answer in time.";
  const char* const late_ja = "時間内に回答しませんでした。";
  const char* const spent = "The budget for the language model is used up.";
  const char* const spent_ja = "言語モデルの予算を使い切りました。";
  const Result<ChatAnswer> limit = failing(ErrorCode::kLimit, "model.max_usd (0.25 USD) is used up.");
  const auto calls = std::make_shared<int>(0);
  std::vector<Failure> all = {
      {"unavailable", "failed", asked, asked_ja, always(failing(ErrorCode::kUnavailable, "x answers 503."))},
      {"throttled", "failed", asked, asked_ja, always(failing(ErrorCode::kUnavailable, "x throttles; wait."))},
      {"denied", "failed", asked, asked_ja, always(failing(ErrorCode::kDenied, "x denies access."))},
      {"no such model", "failed", asked, asked_ja, always(failing(ErrorCode::kNotFound, "no model x."))},
      {"rejected", "failed", asked, asked_ja, always(failing(ErrorCode::kInvalidInput, "too large."))},
      {"a bug of ours", "failed", asked, asked_ja, always(failing(ErrorCode::kInternal, "unexpected."))},
      {"an exception", "failed", asked, asked_ja,
       [](const ChatRequest&, const Context&) -> Result<ChatAnswer> { throw std::runtime_error("thrown"); }},
      {"context full", "failed", asked, asked_ja, always(scripted_text("", StopReason::kContextFull))},
      {"fails after a tool", "failed", asked, asked_ja,
       first_then(calling("topology", R"({"entity":"orders"})"), failing(ErrorCode::kUnavailable, "cut off."))},
      {"cancelled", "deadline", late, late_ja, always(failing(ErrorCode::kCancelled, "the time is over."))},
      {"cancelled after a tool", "deadline", late, late_ja,
       first_then(calling("changes", "{}"), failing(ErrorCode::kCancelled, "the time is over."))},
      {"refusal", "refused", refused, refused_ja, always(scripted_text("I cannot.", StopReason::kRefused))},
      {"content filter", "refused", refused, refused_ja, always(scripted_text("", StopReason::kContentFiltered))},
      {"filter after a tool", "refused", refused, refused_ja,
       first_then(calling("changes", "{}"), scripted_text("", StopReason::kContentFiltered))},
      {"half a tool call", "no_answer", silent, silent_ja,
       always(calling("search_logs", R"({"contains":"ti)", StopReason::kMaxTokens))},
      {"half an answer", "no_answer", silent, silent_ja,
       always(calling("answer", R"({"summary":[{"text":"ord)", StopReason::kMaxTokens))},
      {"cut text", "no_answer", silent, silent_ja, always(scripted_text("Let me", StopReason::kMaxTokens))},
      {"nothing", "no_answer", silent, silent_ja, always(ChatAnswer{})},
      {"text only", "no_answer", silent, silent_ja, always(scripted_text("The cause is orders [L1]."))},
      {"endless tool loop", "no_answer", silent, silent_ja,
       [calls](const ChatRequest&, const Context&) -> Result<ChatAnswer> {
         return calling("list_metrics", R"({"contains":")" + std::to_string(++*calls) + "\"}");
       }},
      {"the same call for ever", "no_answer", silent, silent_ja, always(calling("changes", "{}"))},
      {"tools that do not exist", "no_answer", silent, silent_ja, always(calling("restart_service", R"({"x":1})"))},
      {"a hundred calls a turn", "no_answer", silent, silent_ja,
       always(scripted_calls(std::vector<ToolCall>(100, ToolCall{"", "changes", "{}"})))},
      {"budget at the first call", "budget", spent, spent_ja, always(limit)},
      {"budget at the second call", "budget", spent, spent_ja, first_then(calling("changes", "{}"), limit)},
  };
  const std::pair<const char*, std::string> malformed[] = {
      {"an answer that is no JSON", "orders is the cause"},
      {"an answer without input", ""},
      {"an answer that is a list", "[]"},
      {"an answer that says nothing", "{}"},
      {"a summary of the wrong kind", R"({"summary":"orders"})"},
      {"a sentence of the wrong kind", R"({"summary":[7]})"},
      {"an unknown field", R"({"summary":[{"text":"a","evidence":[]}],"confidence":1})"},
      {"an unknown field of a sentence", R"({"summary":[{"text":"a","evidence":[],"sure":true}]})"},
      {"a cause without subject", R"({"hypotheses":[{"mechanism":"crash","statements":[]}]})"},
      {"a mechanism that is none", R"({"hypotheses":[{"subject":"orders","mechanism":"gremlins","statements":[]}]})"},
      {"a number that is a text",
       R"({"summary":[{"text":"a","evidence":["L1"],"numbers":[{"id":"L1","value":"7"}]}]})"},
      {"deep brackets", std::string(100'000, '[')},
      {"bytes that are no UTF-8", "{\"summary\":[{\"text\":\"\xff\xfe\",\"evidence\":[]}]}"},
  };
  for (const auto& [name, input] : malformed) {
    all.push_back({name, "no_answer", unread, unread_ja, always(calling("answer", input))});
  }
  return all;
}

TEST(NarrateFailure, leaves_the_report_as_it_was_and_says_what_happened) {
  for (const Language language : kBothLanguages) {
    const std::string before = deterministic_part(storefront_report(language));
    const bool japanese = language == Language::kJapanese;
    for (const Failure& f : failures()) {
      SCOPED_TRACE(std::string(f.name) + (japanese ? ", ja" : ", en"));
      TellOptions options;
      options.language = language;
      const Told run = narrated(f.script, options);
      EXPECT_EQ(deterministic_part(run.report), before);
      const Narrative& n = run.narrative();
      EXPECT_EQ(n.outcome, f.outcome);
      EXPECT_THAT(n.note, HasSubstr(japanese ? f.japanese : f.english));
      EXPECT_EQ(has_japanese(n.note), japanese) << n.note;
      EXPECT_THAT(all_statements(n), IsEmpty());
      EXPECT_EQ(n.checked, 0U);
      EXPECT_EQ(n.model, "scripted");
      EXPECT_EQ(n.prompts, narrate_prompts(language).version);
      EXPECT_LE(run.requests.size(), kMostModelCalls);
      EXPECT_GE(run.requests.size(), 1U);
      EXPECT_FALSE(n.contradicts);
    }
  }
}

TEST(NarrateFailure, a_note_holds_the_services_words) {
  for (const Language language : kBothLanguages) {
    TellOptions options;
    options.language = language;
    const Told run = narrated(always(failing(ErrorCode::kDenied, "x denies access; ask for it.")), options);
    EXPECT_THAT(run.narrative().note, HasSubstr("x denies access; ask for it."));
  }
}

TEST(NarrateFailure, a_time_that_is_over_ends_it) {
  for (const Language language : kBothLanguages) {
    const std::string before = deterministic_part(storefront_report(language));
    const auto until_stopped = [](const ChatRequest&, const Context& context) -> Result<ChatAnswer> {
      while (!context.stopped()) std::this_thread::yield();
      return fail(ErrorCode::kCancelled, "the time is over.");
    };
    TellOptions slow;
    slow.language = language;
    slow.deadline = std::chrono::milliseconds(5);
    TellOptions over = slow;
    over.deadline = Nanoseconds(0);
    std::stop_source source;
    source.request_stop();
    TellOptions stopped;
    stopped.language = language;
    stopped.context.stop = source.get_token();
    for (const TellOptions* options : {&slow, &over, &stopped}) {
      const Told run = narrated(until_stopped, *options);
      EXPECT_EQ(run.narrative().outcome, "deadline");
      EXPECT_NE(run.narrative().note, "");
      EXPECT_EQ(deterministic_part(run.report), before);
    }
  }
}

TEST(NarrateFailure, steps_that_were_refused_are_shown) {
  const Told run = narrated({calling("restart_service", R"({"name":"orders"})"), calling("changes", "{}"),
                             calling("changes", " { } "), answering(whole_answer(Json::array({true_sentence({})})))});
  const Narrative& n = run.narrative();
  EXPECT_EQ(n.outcome, "answered");
  ASSERT_THAT(n.steps, SizeIs(3));
  EXPECT_EQ(n.steps[0].tool, "restart_service");
  EXPECT_EQ(n.steps[0].status, "refused");
  EXPECT_EQ(n.steps[1].status, "ok");
  EXPECT_GT(n.steps[1].rows, 0U);
  EXPECT_EQ(n.steps[2].status, "refused");
  ASSERT_THAT(run.requests, SizeIs(4));
  const Prompts& prompts = narrate_prompts(Language::kEnglish);
  EXPECT_THAT(last_tool_text(run.requests[1]), HasSubstr(prompts.text("unknown_tool")));
  EXPECT_THAT(last_tool_text(run.requests[3]), HasSubstr(prompts.text("repeated_call")));
}

TEST(NarrateFailure, what_was_answered_before_it_is_kept) {
  // The first answer is sent back for one sentence; the model then fails.
  for (const Language language : kBothLanguages) {
    const Json answer = whole_answer(Json::array({true_sentence(language), false_sentence(language)}));
    struct Case {
      Result<ChatAnswer> then;
      const char* outcome;
    };
    const Case kCases[] = {
        {failing(ErrorCode::kLimit, "model.max_usd is used up."), "budget"},
        {failing(ErrorCode::kUnavailable, "gone."), "failed"},
        {failing(ErrorCode::kCancelled, "over."), "deadline"},
        {scripted_text("No.", StopReason::kRefused), "refused"},
        {scripted_text("I stand by it."), "no_answer"},
    };
    for (const Case& c : kCases) {
      TellOptions options;
      options.language = language;
      const Told run = narrated(first_then(answering(answer), c.then), options);
      const Narrative& n = run.narrative();
      EXPECT_EQ(n.outcome, c.outcome);
      EXPECT_THAT(n.note, HasSubstr(language == Language::kJapanese ? "それまでの回答を示します。"
                                                                    : "What it had answered before is shown."));
      ASSERT_THAT(n.summary, SizeIs(2));
      EXPECT_TRUE(n.summary[0].verified) << n.summary[0].reason;
      EXPECT_FALSE(n.summary[1].verified);
      EXPECT_EQ(n.sent_back, 1U);
      EXPECT_EQ(deterministic_part(run.report), deterministic_part(storefront_report(language)));
    }
  }
}

TEST(NarrateFailure, a_budget_that_runs_out_still_allows_an_answer) {
  for (const Language language : kBothLanguages) {
    const Result<ChatAnswer> limit = failing(ErrorCode::kLimit, "model.max_usd is used up.");
    const ChatAnswer answer = answering(whole_answer(Json::array({true_sentence(language)})));
    for (const bool at_once : {true, false}) {
      TellOptions options;
      options.language = language;
      std::vector<Result<ChatAnswer>> script;
      if (!at_once) script.emplace_back(calling("changes", "{}"));
      script.push_back(limit);
      script.emplace_back(answer);
      const Told run = narrated(std::move(script), options);
      EXPECT_EQ(run.narrative().outcome, "answered");
      EXPECT_EQ(run.narrative().verified, 1U);
      EXPECT_THAT(run.narrative().note, HasSubstr("model.max_usd is used up."));
      ASSERT_THAT(run.requests.back().tools, SizeIs(1));
      EXPECT_EQ(run.requests.back().tools[0].name, "answer");
    }
  }
}

}  // namespace
}  // namespace fa::narrate_test
