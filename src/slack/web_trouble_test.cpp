/// The Web API client when Slack refuses, fails, throttles or says nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <thread>

#include "slack/web_test_rig.h"

namespace fa::slack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::FakeClock;
using test::ServerAnswer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What Slack refuses.

TEST(SlackWebApi, refusals_say_what_to_do) {
  struct Case {
    const char* body;
    ErrorCode code;
    const char* reason;
    const char* message;
  };
  const Case cases[] = {
      {R"({"ok":false,"error":"invalid_auth"})", ErrorCode::kDenied, "invalid_auth", "token"},
      {R"({"ok":false,"error":"token_revoked"})", ErrorCode::kDenied, "token_revoked", "token"},
      {R"({"ok":false,"error":"account_inactive"})", ErrorCode::kDenied, "account_inactive", "token"},
      {R"({"ok":false,"error":"missing_scope","needed":"chat:write,files:write","provided":"commands"})",
       ErrorCode::kDenied, "missing_scope", "scope chat:write,files:write"},
      {R"({"ok":false,"error":"missing_scope","needed":"<script>"})", ErrorCode::kDenied, "missing_scope",
       "scope that"},
      {R"({"ok":false,"error":"not_in_channel"})", ErrorCode::kDenied, "not_in_channel", "Invite the app"},
      {R"({"ok":false,"error":"channel_not_found"})", ErrorCode::kDenied, "channel_not_found", "invite the app"},
      {R"({"ok":false,"error":"is_archived"})", ErrorCode::kDenied, "is_archived", "archived"},
      {R"({"ok":false,"error":"message_not_found"})", ErrorCode::kNotFound, "message_not_found", "deleted"},
      {R"({"ok":false,"error":"expired_trigger_id"})", ErrorCode::kNotFound, "expired_trigger_id", "three seconds"},
      {R"({"ok":false,"error":"msg_too_long"})", ErrorCode::kInvalidInput, "msg_too_long", "length"},
      {R"({"ok":false,"error":"invalid_blocks","response_metadata":{"messages":
          ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]", 7, "line\nbreak"]}})",
       ErrorCode::kInvalidInput, "invalid_blocks", "3001 characters [json-pointer:/blocks/1/text/text]; line"},
      {R"({"ok":false,"error":"word_of_tomorrow"})", ErrorCode::kInvalidInput, "word_of_tomorrow", "word_of_tomorrow"},
      {R"({"ok":false,"error":"no word\n at all"})", ErrorCode::kInvalidInput, "unknown", "unknown"},
      {R"({"ok":false})", ErrorCode::kInvalidInput, "unknown", "unknown"},
  };
  for (const Case& c : cases) {
    Rig rig({answer(c.body)});
    const auto posted = rig.api().post_message(message(), soon());
    ASSERT_FALSE(posted) << c.body;
    EXPECT_EQ(posted.error().code, c.code) << c.body;
    EXPECT_EQ(posted.error().reason, c.reason) << c.body;
    EXPECT_THAT(posted.error().message, AllOf(HasSubstr("chat.postMessage"), HasSubstr(c.message))) << c.body;
    expect_discreet(posted.error());
    EXPECT_EQ(rig.seen().size(), 1U) << c.body << ": asking again would not help";
  }
}

TEST(SlackWebApi, statuses_without_slacks_json_are_refusals_too) {
  struct Case {
    int status;
    ErrorCode code;
  };
  for (const Case& c :
       {Case{302, ErrorCode::kInvalidInput}, Case{400, ErrorCode::kInvalidInput}, Case{401, ErrorCode::kDenied},
        Case{403, ErrorCode::kDenied}, Case{404, ErrorCode::kNotFound}, Case{413, ErrorCode::kInvalidInput}}) {
    Rig rig({answer("<html>no</html>", c.status, {{"Location", "http://127.0.0.1:1/"}})});
    const auto posted = rig.api().post_message(message(), soon());
    ASSERT_FALSE(posted) << c.status;
    EXPECT_EQ(posted.error().code, c.code) << c.status;
    EXPECT_NE(posted.error().reason, kMaybeSent) << c.status;
    EXPECT_EQ(rig.seen().size(), 1U) << c.status;
  }
}

// What goes wrong on the way.

struct Trouble {
  const char* what;
  ServerAnswer answer;
};
std::vector<Trouble> troubles() {
  return {{"500", answer("oops", 500)},
          {"503 with JSON", answer(R"({"ok":false,"error":"service_unavailable"})", 503)},
          {"500 with another word", answer(R"({"ok":false,"error":"not_in_channel"})", 500)},
          {"500 that is ok", answer(kPosted, 500)},
          {"fatal_error", refusal("fatal_error")},
          {"internal_error", refusal("internal_error")},
          {"service_unavailable", refusal("service_unavailable")},
          {"cut", cut()},
          {"garbage", garbage()},
          {"HTML", answer("<html>captive portal</html>")},
          {"no ok", answer(R"({"channel":"C1","ts":"1.2"})")},
          {"ok is no boolean", answer(R"({"ok":"yes","ts":"1.2"})")},
          {"an array", answer("[true]")},
          {"deep", answer(std::string(100'000, '['))},
          {"empty", answer("")}};
}

TEST(SlackWebApi, a_post_whose_fate_is_unknown_is_not_repeated_and_says_so) {
  for (const Trouble& trouble : troubles()) {
    Rig rig({trouble.answer, answer(kPosted)});
    const auto posted = rig.api().post_message(message(), soon());
    ASSERT_FALSE(posted) << trouble.what;
    EXPECT_EQ(posted.error().code, ErrorCode::kUnavailable) << trouble.what;
    EXPECT_EQ(posted.error().reason, kMaybeSent) << trouble.what;
    EXPECT_EQ(rig.seen().size(), 1U) << trouble.what;
    expect_discreet(posted.error());
  }
}

TEST(SlackWebApi, the_other_posting_methods_are_as_careful) {
  Rig rig({answer("", 502)});
  EXPECT_EQ(rig.api().post_ephemeral(message(), "U1", soon()).error().reason, kMaybeSent);
  EXPECT_EQ(rig.api().share_file("F1", file(), soon()).error().reason, kMaybeSent);
  EXPECT_EQ(rig.api().respond(rig.url() + "/T1/2/response-secret", "t", "", false, soon()).error().reason, kMaybeSent);
  EXPECT_EQ(rig.seen().size(), 3U);
}

TEST(SlackWebApi, a_posted_message_without_its_ts_may_be_there) {
  Rig rig({answer(R"({"ok":true,"channel":"C1"})")});
  EXPECT_EQ(rig.api().post_message(message(), soon()).error().reason, kMaybeSent);
}

TEST(SlackWebApi, what_may_be_repeated_is) {
  for (const Trouble& trouble : troubles()) {
    Rig rig({trouble.answer, trouble.answer, answer(kPosted)});
    const auto updated = rig.api().update_message({"C1", "1.2"}, message(), soon());
    EXPECT_TRUE(updated) << trouble.what << ": " << updated.error().message;
    EXPECT_EQ(rig.seen().size(), 3U) << trouble.what;
    EXPECT_THAT(rig.slept(), ElementsAre(milliseconds(50), milliseconds(100))) << trouble.what;
  }
}

TEST(SlackWebApi, repetition_ends) {
  Rig rig({answer("", 503)});
  const auto updated = rig.api().update_message({"C1", "1.2"}, message(), soon());
  ASSERT_FALSE(updated);
  EXPECT_EQ(updated.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(updated.error().reason, "HTTP 503");
  EXPECT_THAT(updated.error().message, AllOf(HasSubstr("chat.update"), HasSubstr("tried 5 times")));
  EXPECT_EQ(rig.seen().size(), 5U);
}

TEST(SlackWebApi, an_answer_beyond_all_measure_is_not_read) {
  // The client's own limit is tried with the client; here it is what becomes of its error.
  ScriptedApi api([](const HttpRequest& request) -> Result<HttpResponse> {
    EXPECT_LE(request.max_response_bytes, std::uint64_t{16} << 20);
    return fail(ErrorCode::kLimit, "POST https://slack.com/api/x: too large");
  });
  const auto user = api->user_info("U1", {});
  ASSERT_FALSE(user);
  EXPECT_EQ(user.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(api->post_message(message(), {}).error().reason, kMaybeSent);
  EXPECT_EQ(api.requests().size(), 2U);
  EXPECT_EQ(api.requests()[0].url, "https://slack.com/api/users.info");
}

TEST(SlackWebApi, a_post_that_never_left_is_tried_again) {
  for (const char* reason : {"ConnectFailed", "ResolveFailed"}) {
    int calls = 0;
    ScriptedApi api([&](const HttpRequest&) -> Result<HttpResponse> {
      if (++calls < 3) return tl::unexpected(Error{ErrorCode::kUnavailable, "POST slack.com", reason});
      return HttpResponse{200, {}, kPosted};
    });
    EXPECT_TRUE(api->post_message(message(), {})) << reason;
    EXPECT_EQ(calls, 3) << reason;
    calls = -100;
    const auto failed = api->post_message(message(), {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().reason, reason) << "it cannot have arrived";
  }
}

TEST(SlackWebApi, an_answer_that_takes_too_long_may_have_been_sent) {
  Rig rig({never()}, milliseconds(50));
  const auto posted = rig.api().post_message(message(), {});
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(posted.error().reason, kMaybeSent);
  EXPECT_LE(rig.seen().size(), 1U);
}

TEST(SlackWebApi, the_callers_deadline_ends_a_call) {
  Rig rig({never()});
  const auto posted = rig.api().post_message(message(), Context{}.within(milliseconds(100)));
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(posted.error().reason, kMaybeSent) << "it had gone out";
  const auto read = rig.api().user_info("U1", Context{}.within(milliseconds(100)));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kCancelled);
}

TEST(SlackWebApi, a_call_that_was_stopped_before_it_began_sends_nothing) {
  Rig rig({answer(kPosted)});
  std::stop_source stop;
  stop.request_stop();
  const auto posted = rig.api().post_message(message(), Context{stop.get_token(), std::nullopt});
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, ErrorCode::kCancelled);
  EXPECT_NE(posted.error().reason, kMaybeSent);
  EXPECT_THAT(rig.seen(), IsEmpty());
}

// Too fast.

TEST(SlackWebApi, a_throttled_post_waits_as_long_as_slack_asks_and_is_sent_once) {
  for (const auto& throttled :
       {throttle("7"), answer(R"({"ok":false,"error":"ratelimited"})", 200, {{"Retry-After", "7"}}),
        answer(R"({"ok":false,"error":"ratelimited"})", 429, {{"retry-after", "7"}})}) {
    Rig rig({throttled, throttled, answer(kPosted)});
    EXPECT_TRUE(rig.api().post_message(message(), soon()));
    EXPECT_EQ(rig.seen().size(), 3U);
    EXPECT_THAT(rig.slept(), ElementsAre(seconds(7), seconds(7)));
    const auto counts = rig.api().counts();
    ASSERT_TRUE(counts.contains("chat.postMessage"));
    EXPECT_EQ(counts.at("chat.postMessage").calls, 3U);
    EXPECT_EQ(counts.at("chat.postMessage").throttled, 2U);
    EXPECT_EQ(counts.at("chat.postMessage").failed, 0U);
  }
}

TEST(SlackWebApi, without_retry_after_a_second_is_waited) {
  for (const char* after : {"", "soon", "-5"}) {
    Rig rig({throttle(after), answer(kPosted)});
    EXPECT_TRUE(rig.api().post_message(message(), soon()));
    EXPECT_THAT(rig.slept(), ElementsAre(seconds(1))) << after;
  }
}

TEST(SlackWebApi, a_wait_beyond_the_deadline_is_not_begun_and_the_others_of_that_method_do_not_ask) {
  Rig rig({throttle("60"), answer(kPosted)});
  const auto posted = rig.api().post_message(message(), soon());
  ASSERT_FALSE(posted);
  EXPECT_EQ(posted.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(posted.error().reason, "ratelimited") << "it was not sent";
  EXPECT_THAT(posted.error().message, HasSubstr("wait 1m"));
  EXPECT_THAT(rig.slept(), IsEmpty());
  // The next one waits for the end of the pause, other methods do not.
  EXPECT_TRUE(rig.api().update_message({"C1", "1.2"}, message(), {}));
  EXPECT_THAT(rig.slept(), IsEmpty());
  rig.clock().advance(seconds(20));
  EXPECT_TRUE(rig.api().post_message(message(), {}));
  EXPECT_THAT(rig.slept(), ElementsAre(seconds(40)));
  EXPECT_EQ(rig.seen().size(), 3U);
}

TEST(SlackWebApi, a_paused_method_fails_at_once_where_the_wait_cannot_end_in_time) {
  // As the system's sleeper, which does not begin what cannot end before the deadline.
  class ImpatientSleeper final : public Sleeper {
   public:
    bool sleep(Nanoseconds, const Context&) override { return false; }
  };
  FakeClock clock(TimePoint(seconds(1)));
  ImpatientSleeper sleeper;
  ScriptedApi api(
      [](const HttpRequest&) -> Result<HttpResponse> {
        return HttpResponse{429, {{"Retry-After", "60"}}, ""};
      },
      clock, sleeper);
  EXPECT_EQ(api->post_message(message(), {}).error().reason, "ratelimited");
  const auto paused = api->post_message(message(), {});
  ASSERT_FALSE(paused);
  EXPECT_EQ(paused.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(paused.error().reason, "ratelimited");
  EXPECT_THAT(paused.error().message, HasSubstr("wait another 1m"));
  EXPECT_EQ(api.requests().size(), 1U) << "the second one did not ask";
  EXPECT_EQ(api->counts().at("chat.postMessage").failed, 2U);
}

TEST(SlackWebApi, a_pause_is_over_when_the_clock_was_set_back) {
  Rig rig({throttle("60"), answer(kPosted)});
  EXPECT_FALSE(rig.api().post_message(message(), soon()));
  rig.clock().advance(-std::chrono::hours(24));
  EXPECT_TRUE(rig.api().post_message(message(), soon()));
  EXPECT_THAT(rig.slept(), IsEmpty());
}

TEST(SlackWebApi, all_callers_of_a_paused_method_wait) {
  // Moves the clock once four have come to wait, so that all of them must have been held.
  class Gate final : public Sleeper {
   public:
    explicit Gate(FakeClock& clock) : clock_(clock) {}
    bool sleep(Nanoseconds duration, const Context&) override {
      std::unique_lock lock(mutex_);
      if (++waiting_ == 4) {
        clock_.advance(duration);
        all_there_.notify_all();
      }
      return all_there_.wait_for(lock, seconds(20), [&] { return waiting_ >= 4; });
    }
    int waiting_ = 0;

   private:
    FakeClock& clock_;
    std::mutex mutex_;
    std::condition_variable all_there_;
  };
  std::atomic<int> calls = 0;
  FakeClock clock(TimePoint(seconds(1)));
  Gate gate(clock);
  ScriptedApi api(
      [&](const HttpRequest&) -> Result<HttpResponse> {
        if (++calls == 1) return HttpResponse{429, {{"Retry-After", "30"}}, ""};
        return HttpResponse{200, {}, kPosted};
      },
      clock, gate);
  EXPECT_EQ(api->post_message(message(), Context{}.within(seconds(25))).error().reason, "ratelimited");
  std::atomic<int> posted = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        if (api->post_message(message(), {})) ++posted;
      });
    }
  }
  EXPECT_EQ(posted, 4);
  EXPECT_EQ(gate.waiting_, 4);
  EXPECT_EQ(calls, 5);
}

TEST(SlackWebApi, counts_each_method_apart) {
  Rig rig({answer("", 500), answer(kPosted), refusal("channel_not_found")});
  EXPECT_TRUE(rig.api().update_message({"C1", "1.2"}, message(), soon()));
  EXPECT_FALSE(rig.api().post_message(message(), soon()));
  const auto counts = rig.api().counts();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts.at("chat.update").calls, 2U);
  EXPECT_EQ(counts.at("chat.update").failed, 0U);
  EXPECT_EQ(counts.at("chat.postMessage").calls, 1U);
  EXPECT_EQ(counts.at("chat.postMessage").failed, 1U);
}

}  // namespace
}  // namespace fa::slack
