#include "net/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "support/fakes.h"

namespace fa {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::FakeSleeper;
using test::FixedRandom;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = RetryDecision::Kind;

Result<HttpResponse> answer(int status) {
  HttpResponse response;
  response.status = status;
  return response;
}

/// Runs attempts that are decided upon as the list says; the last entry repeats.
struct Trial {
  explicit Trial(RetrySettings with = {}, double random_value = 1.0)
      : random(random_value), retrier(sleeper, random, with) {}

  int attempts(std::vector<RetryDecision> decisions, const Context& context = {}, const std::string& host = "h") {
    int made = 0;
    last = retrier.run(
        host,
        [&](int number) {
          EXPECT_EQ(number, ++made);
          return answer(number);
        },
        [&](const Retrier::Outcome&) {
          return decisions[std::min<std::size_t>(static_cast<std::size_t>(made), decisions.size()) - 1];
        },
        context);
    return made;
  }

  FakeSleeper sleeper;
  FixedRandom random;
  Retrier retrier;
  Retrier::Outcome last = answer(0);
};

TEST(Retrier, returns_the_first_answer_that_is_done) {
  Trial trial;
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}, {Kind::kTransient, {}}, {Kind::kDone, {}}}), 3);
  EXPECT_EQ(trial.last->status, 3);
  EXPECT_EQ(trial.retrier.counters().attempts, 3U);
  EXPECT_EQ(trial.retrier.counters().retries, 2U);
}

TEST(Retrier, waits_twice_as_long_each_time_up_to_the_longest) {
  RetrySettings settings;
  settings.max_attempts = 6;
  settings.longest_wait = milliseconds(700);
  Trial trial(settings);
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}), 6);
  EXPECT_THAT(trial.sleeper.slept(), ElementsAre(milliseconds(100), milliseconds(200), milliseconds(400),
                                                 milliseconds(700), milliseconds(700)));
  EXPECT_EQ(trial.last->status, 6) << "the last outcome is what the caller gets";
}

TEST(Retrier, waits_longer_when_throttled) {
  Trial trial;
  EXPECT_EQ(trial.attempts({{Kind::kThrottled, {}}}), 5);
  EXPECT_THAT(trial.sleeper.slept(), ElementsAre(milliseconds(500), seconds(1), seconds(2), seconds(4)));
  EXPECT_EQ(trial.retrier.counters().throttled, 5U);
}

TEST(Retrier, jitter_reaches_from_nothing_to_the_whole_wait) {
  for (const auto& [random, expected] :
       {std::pair(0.0, milliseconds(0)), std::pair(0.25, milliseconds(25)), std::pair(0.5, milliseconds(50))}) {
    Trial trial({}, random);
    trial.attempts({{Kind::kTransient, {}}, {Kind::kDone, {}}});
    EXPECT_THAT(trial.sleeper.slept(), ElementsAre(expected)) << random;
  }
}

TEST(Retrier, waits_as_long_as_the_server_asks_but_no_longer_than_the_longest) {
  struct Case {
    Nanoseconds asked;
    Nanoseconds waited;
  };
  const Case kCases[] = {
      {seconds(3), seconds(3)},          {milliseconds(10), milliseconds(100)},  // our own wait is longer
      {seconds(0), milliseconds(100)},   {hours(5), seconds(20)},
      {Nanoseconds::max(), seconds(20)},
  };
  for (const Case& c : kCases) {
    Trial trial;
    trial.attempts({{Kind::kTransient, c.asked}, {Kind::kDone, {}}});
    EXPECT_THAT(trial.sleeper.slept(), ElementsAre(c.waited)) << c.asked.count();
  }
}

TEST(Retrier, repeats_a_mended_request_at_once_but_not_twice_in_a_row) {
  Trial trial;
  EXPECT_EQ(trial.attempts({{Kind::kAtOnce, {}}, {Kind::kDone, {}}}), 2);
  EXPECT_EQ(trial.attempts({{Kind::kAtOnce, {}}}), 2);
  EXPECT_EQ(trial.last->status, 2);
  EXPECT_THAT(trial.sleeper.slept(), IsEmpty());
  EXPECT_EQ(trial.attempts({{Kind::kAtOnce, {}}, {Kind::kTransient, {}}, {Kind::kAtOnce, {}}, {Kind::kDone, {}}}), 4);
  EXPECT_THAT(trial.sleeper.slept(), ElementsAre(milliseconds(100)));
}

TEST(Retrier, makes_at_least_one_attempt) {
  for (const int most : {-1, 0, 1}) {
    RetrySettings settings;
    settings.max_attempts = most;
    Trial trial(settings);
    EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}), 1) << most;
    EXPECT_THAT(trial.sleeper.slept(), IsEmpty());
  }
}

TEST(Retrier, stops_asking_a_host_whose_budget_is_used_up_and_no_other) {
  RetrySettings settings;
  settings.budget = 12;  // two retries of 5
  settings.max_attempts = 10;
  Trial trial(settings);
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}, {}, "down"), 3);
  EXPECT_EQ(trial.retrier.counters().given_up, 1U);
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}, {}, "down"), 1) << "later calls are told too";
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}, {}, "other"), 3);
}

TEST(Retrier, attempts_that_succeed_fill_the_budget_again) {
  RetrySettings settings;
  settings.budget = 5;
  settings.max_attempts = 10;
  Trial trial(settings);
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}), 2);
  for (int i = 0; i < 4; ++i) trial.attempts({{Kind::kDone, {}}});
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}), 1) << "4 of 5 tokens";
  trial.attempts({{Kind::kDone, {}}});
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}), 2);
  for (int i = 0; i < 100; ++i) trial.attempts({{Kind::kDone, {}}});
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}}), 2) << "never above the budget";
}

TEST(Retrier, does_not_begin_a_wait_that_ends_behind_the_deadline) {
  Trial trial;
  Context context;
  context.deadline = std::chrono::steady_clock::now() + hours(1);
  EXPECT_EQ(trial.attempts({{Kind::kTransient, {}}, {Kind::kDone, {}}}, context), 2);
  RetrySettings settings;
  settings.longest_wait = hours(2);
  settings.budget = 5;
  Trial late(settings);
  EXPECT_EQ(late.attempts({{Kind::kTransient, hours(2)}}, context), 1);
  EXPECT_THAT(late.sleeper.slept(), IsEmpty());
  EXPECT_EQ(late.attempts({{Kind::kTransient, {}}, {Kind::kDone, {}}}, context), 2) << "and it cost no token";
}

TEST(Retrier, a_stopped_context_ends_it_after_the_attempt_under_way) {
  std::stop_source stop;
  Trial trial;
  FakeSleeper sleeper;
  int made = 0;
  const auto last = trial.retrier.run(
      "h",
      [&](int number) {
        if (++made == 2) stop.request_stop();
        return answer(number);
      },
      [](const Retrier::Outcome&) {
        return RetryDecision{Kind::kTransient, {}};
      },
      Context{stop.get_token(), {}});
  EXPECT_EQ(made, 2);
  EXPECT_EQ(last->status, 2);
}

TEST(Retrier, a_sleeper_that_gives_up_ends_it) {
  class NoSleep final : public Sleeper {
   public:
    bool sleep(Nanoseconds, const Context&) override { return false; }
  };
  NoSleep sleeper;
  FixedRandom random;
  Retrier retrier(sleeper, random);
  int made = 0;
  const auto last = retrier.run(
      "h", [&](int) -> Retrier::Outcome { return fail(ErrorCode::kUnavailable, "attempt " + std::to_string(++made)); },
      [](const Retrier::Outcome&) {
        return RetryDecision{Kind::kTransient, {}};
      },
      {});
  EXPECT_EQ(made, 1);
  EXPECT_EQ(last.error().message, "attempt 1");
}

TEST(Retrier, counts_right_from_many_threads) {
  RetrySettings settings;
  settings.budget = 100;  // 20 retries for all together
  settings.max_attempts = 100;
  settings.success_refill = 0;
  Trial trial(settings);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&trial] {
      auto outcome = trial.retrier.run(
          "h", [](int) { return answer(503); },
          [](const Retrier::Outcome&) {
            return RetryDecision{Kind::kTransient, {}};
          },
          {});
      EXPECT_EQ(outcome->status, 503);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(trial.retrier.counters().retries, 20U);
  EXPECT_EQ(trial.retrier.counters().attempts, 28U);
  EXPECT_EQ(trial.retrier.counters().given_up, 8U);
}

TEST(RetryAfter, is_read_from_what_servers_send) {
  const TimePoint now = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + hours(8);
  struct Case {
    HttpHeaders headers;
    std::optional<Nanoseconds> expected;
  };
  const Case kCases[] = {
      {{}, {}},
      {{{"Retry-After", "7"}}, seconds(7)},
      {{{"retry-after", " 0 "}}, seconds(0)},
      {{{"Retry-After", "Sun, 06 Nov 1994 08:00:30 GMT"}}, seconds(30)},
      {{{"Retry-After", "Sun, 06 Nov 1994 07:00:00 GMT"}}, seconds(0)},
      {{{"x-amz-retry-after", "1500"}}, milliseconds(1500)},
      {{{"Retry-After", "9"}, {"X-Amz-Retry-After", "20"}}, milliseconds(20)},
      {{{"Retry-After", "9"}, {"X-Amz-Retry-After", "soon"}}, seconds(9)},
      {{{"Retry-After", "99999999999999999999999"}}, hours(24 * 365)},
      {{{"Retry-After", "-1"}}, {}},
      {{{"Retry-After", "1.5"}}, {}},
      {{{"Retry-After", ""}}, {}},
      {{{"Retry-After", "tomorrow"}}, {}},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(retry_after_of(c.headers, now), c.expected) << testing::PrintToString(c.headers);
  }
}

}  // namespace
}  // namespace fa
