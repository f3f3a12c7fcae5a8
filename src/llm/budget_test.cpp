#include "llm/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "llm/scripted_model.h"
#include "llm/token_bound.h"

namespace fa::llm {
namespace {

using testing::HasSubstr;

ChatRequest request_of(std::uint32_t max_output = 1000) {
  ChatRequest request;
  request.system = "You find causes.";
  request.messages = {{Role::kUser, {Text{"What broke at 08:30?"}}}};
  request.max_output_tokens = max_output;
  return request;
}

ChatAnswer answer_using(TokenUsage usage) {
  ChatAnswer answer = scripted_text("the disk");
  answer.usage = usage;
  return answer;
}

// Prices whose sums are exact in binary: 1,000 tokens for 1, 2, 0.5 and 4 USD.
constexpr ModelPrice kExact{1, 2, 0.5, 4};
constexpr ModelLimits kPlenty{1'000'000'000, 1'000'000'000, 1e9};

class FakeMonth final : public MonthlyAccount {
 public:
  explicit FakeMonth(double limit) : limit_(limit) {}
  Result<void> reserve(double usd) override {
    if (held + used + usd > limit_) return fail(ErrorCode::kLimit, "The month is used up.");
    held += usd;
    ++reserved;
    return {};
  }
  void settle(double reserved_usd, double used_usd) override {
    held -= reserved_usd;
    used += used_usd;
  }
  double held = 0;
  double used = 0;
  int reserved = 0;

 private:
  double limit_;
};

TEST(ModelPrice, costs_are_sums_by_kind) {
  EXPECT_DOUBLE_EQ(kExact.cost({1000, 1000, 1000, 1000}), 7.5);
  EXPECT_DOUBLE_EQ(kExact.cost({}), 0);
  EXPECT_DOUBLE_EQ(ModelPrice{}.cost({8000, 1000, 0, 0}), 0.039);
  EXPECT_DOUBLE_EQ(ModelPrice{}.cost({0, 0, 10'000, 2000}), 0.0105);
}

TEST(MeteredModel, keeps_the_account_by_what_the_service_says) {
  ScriptedModel model({answer_using({100, 10, 0, 0}), answer_using({50, 20, 1000, 200})});
  MeteredModel metered(model, kExact, kPlenty);
  ASSERT_TRUE(metered.ask(request_of(), {}));
  EXPECT_EQ(metered.spent().calls, 1U);
  EXPECT_DOUBLE_EQ(metered.spent().usd, 0.1 + 0.02);
  ASSERT_TRUE(metered.ask(request_of(), {}));
  EXPECT_EQ(metered.spent().calls, 2U);
  EXPECT_EQ(metered.spent().usage, (TokenUsage{150, 30, 1000, 200}));
  EXPECT_DOUBLE_EQ(metered.spent().usd, 0.12 + 0.05 + 0.04 + 0.5 + 0.8);
  EXPECT_EQ(metered.name(), "scripted");
}

TEST(MeteredModel, a_service_that_says_nothing_is_charged_by_the_bounds) {
  ScriptedModel model({answer_using({})});
  MeteredModel metered(model, kExact, kPlenty);
  ASSERT_TRUE(metered.ask(request_of(), {}));
  EXPECT_EQ(metered.spent().usage.input, token_bound(request_of()));
  EXPECT_GE(metered.spent().usage.output, token_bound(std::string_view("the disk")));
  EXPECT_LE(metered.spent().usage.output, 1000U);
  EXPECT_GT(metered.spent().usd, 0);
}

TEST(MeteredModel, limits_hold_before_the_call) {
  const std::uint64_t input = token_bound(request_of());
  const double input_usd = static_cast<double>(input) * 4 / 1000;  // by the dearest: written to the cache
  struct Case {
    const char* name;
    ModelLimits limits;
    std::uint32_t wanted;
    std::uint32_t allowed;  // 0: not asked
    const char* key;
  };
  const Case cases[] = {
      {"plenty", kPlenty, 1000, 1000, ""},
      {"input just enough", {input, 100'000, 1e9}, 1000, 1000, ""},
      {"input one short", {input - 1, 100'000, 1e9}, 1000, 0, "model.max_input_tokens"},
      {"no input at all", {0, 100'000, 1e9}, 1000, 0, "model.max_input_tokens"},
      {"output lowered", {100'000, 300, 1e9}, 1000, 300, ""},
      {"output lowered to the least", {100'000, 256, 1e9}, 1000, 256, ""},
      {"output too little", {100'000, 255, 1e9}, 1000, 0, "model.max_output_tokens"},
      {"a short answer is all that is wanted", {100'000, 100, 1e9}, 100, 100, ""},
      {"money for all of it", {100'000, 100'000, input_usd + 2}, 1000, 1000, ""},
      {"money for a part", {100'000, 100'000, input_usd + 1.0005}, 1000, 500, ""},
      {"money for too little", {100'000, 100'000, input_usd + 0.5}, 1000, 0, "model.max_usd"},
      {"no money", {100'000, 100'000, 0}, 1000, 0, "model.max_usd"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    ScriptedModel model({answer_using({1, 1, 0, 0})});
    MeteredModel metered(model, kExact, c.limits);
    const auto answer = metered.ask(request_of(c.wanted), {});
    if (c.allowed == 0) {
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().code, ErrorCode::kLimit);
      EXPECT_THAT(answer.error().message, HasSubstr(std::string(c.key) + " to allow more"));
      EXPECT_EQ(model.calls(), 0U);
      EXPECT_EQ(metered.spent().calls, 0U);
      EXPECT_EQ(metered.spent().usd, 0);
    } else {
      ASSERT_TRUE(answer) << answer.error().message;
      EXPECT_EQ(model.requests()[0].max_output_tokens, c.allowed);
    }
  }
}

TEST(MeteredModel, cached_tokens_count_as_input) {
  const std::uint64_t input = token_bound(request_of());
  ScriptedModel model({answer_using({0, 1, 600, 500}), answer_using({1, 1, 0, 0})});
  MeteredModel metered(model, kExact, {input + 1000, 100'000, 1e9});
  ASSERT_TRUE(metered.ask(request_of(), {}));
  const auto answer = metered.ask(request_of(), {});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("model.max_input_tokens"));
}

TEST(MeteredModel, failures_are_charged_only_where_the_service_may_have) {
  struct Case {
    ErrorCode code;
    const char* reason;
    bool charged;
  };
  const Case cases[] = {
      {ErrorCode::kUnavailable, "", true},
      {ErrorCode::kUnavailable, "modelStreamErrorException", true},
      {ErrorCode::kUnavailable, "ThrottlingException", false},
      {ErrorCode::kCancelled, "", true},
      {ErrorCode::kDenied, "", false},
      {ErrorCode::kInvalidInput, "", false},
      {ErrorCode::kNotFound, "", false},
      {ErrorCode::kLimit, "", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(static_cast<int>(c.code));
    ScriptedModel model({tl::unexpected<Error>(Error{c.code, "why", c.reason})});
    FakeMonth month(1e9);
    MeteredModel metered(model, kExact, kPlenty, &month);
    const auto answer = metered.ask(request_of(), {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, c.code);
    EXPECT_EQ(answer.error().message, "why");
    const std::uint64_t input = token_bound(request_of());
    EXPECT_EQ(metered.spent().calls, 1U);
    EXPECT_EQ(metered.spent().usage, (c.charged ? TokenUsage{input, 1000, 0, 0} : TokenUsage{}));
    EXPECT_DOUBLE_EQ(metered.spent().usd, c.charged ? static_cast<double>(input) * 4 / 1000 + 2 : 0);
    EXPECT_DOUBLE_EQ(month.used, metered.spent().usd);
    EXPECT_DOUBLE_EQ(month.held, 0);
  }
}

TEST(MeteredModel, a_stopped_call_is_neither_made_nor_charged) {
  std::stop_source stop;
  stop.request_stop();
  ScriptedModel model({answer_using({1, 1, 0, 0})});
  FakeMonth month(1e9);
  MeteredModel metered(model, kExact, kPlenty, &month);
  const auto answer = metered.ask(request_of(), {stop.get_token(), std::nullopt});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(model.calls(), 0U);
  EXPECT_EQ(metered.spent().usd, 0);
  EXPECT_EQ(month.reserved, 0);
}

TEST(MeteredModel, the_month_limits_too) {
  const double input_usd = static_cast<double>(token_bound(request_of())) * 4 / 1000;
  {
    FakeMonth month(1e9);
    ScriptedModel model({answer_using({1000, 1000, 0, 0})});
    MeteredModel metered(model, kExact, kPlenty, &month);
    ASSERT_TRUE(metered.ask(request_of(), {}));
    EXPECT_DOUBLE_EQ(month.used, 3);
    EXPECT_DOUBLE_EQ(month.held, 0);
  }
  {
    FakeMonth month(input_usd + 1);  // for 500 tokens of output: a short answer
    ScriptedModel model({answer_using({10, 10, 0, 0}), answer_using({10, 10, 0, 0})});
    MeteredModel metered(model, kExact, {100'000, 1000, 1e9}, &month);
    ASSERT_TRUE(metered.ask(request_of(), {}));
    EXPECT_EQ(model.requests()[0].max_output_tokens, 256U);
    EXPECT_DOUBLE_EQ(month.held, 0);
    EXPECT_TRUE(metered.ask(request_of(), {})) << "what was given up for the month is free again";
  }
  {
    FakeMonth month(input_usd);
    ScriptedModel model({answer_using({10, 10, 0, 0})});
    MeteredModel metered(model, kExact, kPlenty, &month);
    const auto answer = metered.ask(request_of(), {});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kLimit);
    EXPECT_THAT(answer.error().message, HasSubstr("The month is used up. Raise model.max_usd_per_month"));
    EXPECT_EQ(model.calls(), 0U);
    // What was held for it is free again.
    FakeMonth* no_month = nullptr;
    MeteredModel again(model, kExact, kPlenty, no_month);
    EXPECT_TRUE(again.ask(request_of(), {}));
  }
}

TEST(MeteredModel, a_call_the_month_refuses_holds_nothing_of_the_incident) {
  const std::uint64_t input = token_bound(request_of());
  FakeMonth month(0);
  ScriptedModel model({answer_using({1, 1, 0, 0})});
  MeteredModel metered(model, kExact, {input, 1000, 1e9}, &month);
  for (int i = 0; i < 3; ++i) {
    const auto answer = metered.ask(request_of(), {});
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("model.max_usd_per_month"));
  }
}

TEST(MeteredModel, of_two_threads_one_gets_the_last_of_the_budget) {
  const std::uint64_t input = token_bound(request_of());
  for (int round = 0; round < 50; ++round) {
    // The call that is let through does not return before the other has been turned away (or, wrongly, let in).
    std::latch both_decided(2);
    std::atomic<int> entered = 0;
    ScriptedModel model([&](const ChatRequest&, const Context&) -> Result<ChatAnswer> {
      ++entered;
      both_decided.arrive_and_wait();
      return answer_using({1, 1, 0, 0});
    });
    MeteredModel metered(model, kExact, {input + input / 2, 100'000, 1e9});
    std::atomic<int> refused = 0;
    const auto ask = [&] {
      if (!metered.ask(request_of(), {})) {
        ++refused;
        both_decided.count_down();
      }
    };
    {
      const std::jthread first(ask);
      const std::jthread second(ask);
    }
    EXPECT_EQ(entered, 1);
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(metered.spent().calls, 1U);
  }
}

TEST(MeteredModel, without_prices_tokens_are_all_that_counts) {
  ScriptedModel model({answer_using({10, 10, 0, 0})});
  MeteredModel metered(model, {0, 0, 0, 0}, {1'000'000, 1'000'000, 0});
  EXPECT_TRUE(metered.ask(request_of(), {}));
  EXPECT_EQ(metered.spent().usd, 0);
}

}  // namespace
}  // namespace fa::llm
