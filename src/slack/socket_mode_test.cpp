#include "slack/socket_mode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "net/test_client.h"
#include "slack/socket_frame.h"
#include "support/fakes.h"
#include "support/slack/slack_person.h"
#include "support/slack/slack_stand_in.h"
#include "support/slack/socket_stand_in.h"

namespace fa::slack {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::SlackPayload;
using test::SlackSocketStandIn;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using Opening = SlackSocketStandIn::Opening;

/// Remembers waits, and lets them pass when told to.
class StepSleeper final : public Sleeper {
 public:
  explicit StepSleeper(const test::SlackStandIn& slack) : slack_(slack) {}
  bool sleep(Nanoseconds duration, const Context& context) override {
    std::unique_lock lock(mutex_);
    waits_.push_back(duration);
    lock.unlock();
    slack_.notify();
    lock.lock();
    if (!changed_.wait(lock, context.stop, [&] { return allowed_ > 0; })) return false;
    --allowed_;
    return !context.stopped();
  }
  void allow(int times) {
    {
      const std::scoped_lock lock(mutex_);
      allowed_ += times;
    }
    changed_.notify_all();
  }
  std::vector<Nanoseconds> waits() const {
    const std::scoped_lock lock(mutex_);
    return waits_;
  }

 private:
  const test::SlackStandIn& slack_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  int allowed_ = 0;
  std::vector<Nanoseconds> waits_;
};

/// Both sides: Slack's, and SocketMode with the real Web API client.
class SocketModeTest : public testing::Test {
 protected:
  SocketModeTest() {
    options_.allow_plain = true;
    options_.connections = 1;
    options_.connect_timeout = seconds(30);
  }
  ~SocketModeTest() override { mode_.reset(); }

  void listen(SlackSocketStandIn::Options options = {}) {
    socket_.reset();  // Takes its addresses along.
    socket_ = std::make_unique<SlackSocketStandIn>(slack_, std::move(options));
  }
  void start() {
    if (!socket_) listen();
    WebApiOptions web;
    web.base_url = slack_.api_url();
    web.app_token = [this] { return Secret(slack_.world().app_token); };
    api_ = make_web_api(web, *client_, clock_, api_sleeper_, random_);
    mode_ = SocketMode::start(
        options_, *api_, sleeper_, random_, [this](Envelope envelope) { take(std::move(envelope)); },
        [this](const std::string& line) {
          {
            const std::scoped_lock lock(mutex_);
            told_.push_back(line);
          }
          slack_.notify();
        });
  }
  void take(Envelope envelope) {
    if (envelope.payload.find("throw") != std::string::npos) throw std::runtime_error("scripted");
    if (acknowledges_) envelope.acknowledge(R"({"text":"done"})");
    {
      const std::scoped_lock lock(mutex_);
      got_.push_back(std::move(envelope));
    }
    slack_.notify();
  }
  std::vector<Envelope> got() const {
    const std::scoped_lock lock(mutex_);
    return got_;
  }
  std::vector<std::string> told() const {
    const std::scoped_lock lock(mutex_);
    return told_;
  }
  testing::AssertionResult eventually(const std::function<bool()>& holds) const {
    if (slack_.wait_until(holds)) return testing::AssertionSuccess();
    auto failure = testing::AssertionFailure() << "it did not happen. Told:";
    for (const std::string& line : told()) failure << "\n  " << line;
    for (const std::string& problem : socket_->problems()) failure << "\n  problem: " << problem;
    failure << "\nOpen there: " << socket_->open().size() << ", here: " << (mode_ ? mode_->counts().open : 0)
            << ", hellos: " << socket_->said_hello() << ", goodbyes: " << socket_->goodbyes();
    return failure;
  }
  bool open_are(std::size_t count) const {
    return socket_->open().size() == count && mode_->counts().open == static_cast<int>(count);
  }
  static SlackPayload event(const std::string& word) { return {"events_api", R"({"word":")" + word + "\"}"}; }
  std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (const Envelope& e : got()) out.push_back(e.payload);
    return out;
  }

  test::SlackStandIn slack_;
  std::unique_ptr<CurlClient> client_ = test::open_client();
  SystemClock clock_;
  test::FakeSleeper api_sleeper_;
  StepSleeper sleeper_{slack_};
  test::FixedRandom random_{0.5};
  SocketModeOptions options_;
  bool acknowledges_ = true;
  mutable std::mutex mutex_;
  std::vector<Envelope> got_;
  std::vector<std::string> told_;
  std::unique_ptr<SlackSocketStandIn> socket_;
  std::unique_ptr<SlackApi> api_;
  std::unique_ptr<SocketMode> mode_;
};

TEST_F(SocketModeTest, envelopes_come_over_two_connections_and_are_acknowledged) {
  options_.connections = 2;
  start();
  ASSERT_TRUE(eventually([&] { return open_are(2); }));
  const std::string first = socket_->send(event("one"));
  const std::string second = socket_->send({"slash_commands", R"({"command":"/fa2"})"}, true);
  ASSERT_TRUE(eventually([&] { return socket_->acknowledgements().size() == 2; }));
  ASSERT_TRUE(eventually([&] { return got().size() == 2; }));
  std::map<std::string, std::string> payloads;
  std::set<int> connections;
  for (const auto& ack : socket_->acknowledgements()) {
    payloads[ack.envelope_id] = ack.payload;
    connections.insert(ack.connection);
  }
  EXPECT_EQ(payloads[first], "") << "events take no payload";
  EXPECT_EQ(payloads[second], R"({"text":"done"})");
  EXPECT_THAT(connections, SizeIs(2));
  EXPECT_THAT(words(), UnorderedElementsAre(R"({"word":"one"})", R"({"command":"/fa2"})"));
  EXPECT_THAT(socket_->problems(), IsEmpty());
  EXPECT_EQ(mode_->counts().envelopes, 2U);
  EXPECT_EQ(mode_->counts().connected, 2U);
  EXPECT_EQ(slack_.count("apps.connections.open"), 2U);
}

TEST_F(SocketModeTest, an_acknowledgement_goes_out_once_from_any_thread_and_not_after_the_end) {
  acknowledges_ = false;
  start();
  const std::string id = socket_->send(event("one"));
  ASSERT_TRUE(eventually([&] { return got().size() == 1; }));
  const Envelope envelope = got()[0];
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { envelope.acknowledge(""); });
  for (std::thread& t : threads) t.join();
  socket_->send(event("two"));
  ASSERT_TRUE(eventually([&] { return got().size() == 2 && socket_->acknowledgements().size() == 1; }));
  got()[1].acknowledge("no JSON");
  ASSERT_TRUE(eventually([&] { return socket_->acknowledgements().size() == 2; }));
  EXPECT_THAT(socket_->problems(), IsEmpty()) << "acknowledged twice";
  socket_->send(event("three"));
  ASSERT_TRUE(eventually([&] { return got().size() == 3; }));
  mode_.reset();
  got()[2].acknowledge("");
  EXPECT_THAT(socket_->unacknowledged(), SizeIs(1));
}

TEST_F(SocketModeTest, what_was_not_acknowledged_comes_again_over_another_connection) {
  acknowledges_ = false;
  start();
  const std::string id = socket_->send(event("one"));
  ASSERT_TRUE(eventually([&] { return got().size() == 1; }));
  sleeper_.allow(1);
  socket_->cut();
  ASSERT_TRUE(eventually([&] { return got().size() == 2; }));
  EXPECT_EQ(got()[1].payload, got()[0].payload);
  EXPECT_EQ(got()[0].retry_attempt, 0);
  EXPECT_EQ(got()[1].retry_attempt, 1);
  got()[0].acknowledge("");  // Its connection is gone: nothing happens.
  got()[1].acknowledge("");
  ASSERT_TRUE(eventually([&] { return socket_->acknowledgements().size() == 1; }));
  EXPECT_EQ(socket_->acknowledgements()[0].connection, 2);
  EXPECT_EQ(mode_->counts().lost, 1U);
}

TEST_F(SocketModeTest, a_refresh_opens_a_new_connection_before_the_old_one_closes) {
  start();
  int hellos = 1;
  for (const char* reason : {"refresh_requested", "warning", "a_reason_of_tomorrow"}) {
    socket_->send(event(reason));  // A connection that brought something is replaced at once.
    ASSERT_TRUE(eventually([&] { return socket_->unacknowledged().empty() && open_are(1); }));
    socket_->announce_disconnect(reason);
    ++hellos;
    ASSERT_TRUE(eventually([&] { return socket_->said_hello() == hellos && open_are(1); }));
    EXPECT_THAT(told(), Contains(HasSubstr(reason)));
  }
  EXPECT_EQ(mode_->counts().lost, 0U);
  EXPECT_THAT(sleeper_.waits(), IsEmpty());
  EXPECT_THAT(socket_->problems(), IsEmpty());
}

TEST_F(SocketModeTest, the_old_connection_works_while_the_new_one_is_not_there_yet) {
  start();
  socket_->send(event("before"));
  ASSERT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
  socket_->script(Opening::kNoHello);
  socket_->announce_disconnect("refresh_requested");
  ASSERT_TRUE(eventually([&] { return socket_->scripted() == 0; }));
  socket_->send(event("meanwhile"));
  ASSERT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
  EXPECT_THAT(socket_->open(), ElementsAre(1));
}

TEST_F(SocketModeTest, a_connection_that_may_not_be_opened_costs_no_other_one) {
  start();
  socket_->send(event("before"));
  ASSERT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
  socket_->script(Opening::kDisconnect);
  socket_->announce_disconnect("refresh_requested");
  ASSERT_TRUE(eventually([&] { return sleeper_.waits().size() == 1; }));
  EXPECT_GE(sleeper_.waits()[0], options_.longest_wait / 2) << "too_many_websockets";
  socket_->send(event("meanwhile"));
  EXPECT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
}

TEST_F(SocketModeTest, attempts_become_rarer_while_they_fail) {
  options_.first_wait = seconds(1);
  options_.longest_wait = seconds(10);
  listen();
  socket_->script(Opening::kUnavailable, 7);
  start();
  for (std::size_t i = 1; i <= 7; ++i) {
    ASSERT_TRUE(eventually([&] { return sleeper_.waits().size() == i; }));
    sleeper_.allow(1);
  }
  ASSERT_TRUE(eventually([&] { return open_are(1); }));
  // Half of 1, 2, 4, ... seconds: the chance is 0.5.
  EXPECT_THAT(sleeper_.waits(),
              ElementsAre(milliseconds(500), seconds(1), seconds(2), seconds(4), seconds(5), seconds(5), seconds(5)));
  socket_->send(event("one"));
  ASSERT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
  socket_->cut();
  ASSERT_TRUE(eventually([&] { return sleeper_.waits().size() == 8; }));
  EXPECT_EQ(sleeper_.waits().back(), milliseconds(500));
  sleeper_.allow(1);
  ASSERT_TRUE(eventually([&] { return open_are(1); }));
  socket_->cut();  // This one brought nothing, which does not count as a success.
  ASSERT_TRUE(eventually([&] { return sleeper_.waits().size() == 9; }));
  EXPECT_EQ(sleeper_.waits().back(), seconds(1));
}

TEST_F(SocketModeTest, every_way_of_failing_to_open_is_survived_and_told) {
  const struct {
    Opening opening;
    const char* told;
  } cases[] = {{Opening::kUnavailable, "did not become a WebSocket"},
               {Opening::kGarbage, "did not become a WebSocket"},
               {Opening::kCut, "did not become a WebSocket"},
               {Opening::kSilent, "could not be set up in time"},
               {Opening::kNoHello, "could not be set up in time"}};
  for (const auto& c : cases) {
    const bool waits = std::string(c.told).find("in time") != std::string::npos;
    options_.connect_timeout = waits ? milliseconds(200) : milliseconds(30'000);
    listen();
    socket_->script(c.opening);
    sleeper_.allow(1);
    start();
    ASSERT_TRUE(eventually([&] { return !told().empty(); }));
    EXPECT_THAT(told()[0], HasSubstr(c.told));
    EXPECT_THAT(told(), Each(Not(HasSubstr("ticket")))) << "tickets are secrets";
    if (!waits) ASSERT_TRUE(eventually([&] { return open_are(1); }));
    mode_.reset();
    told_.clear();
  }
}

TEST_F(SocketModeTest, where_only_a_person_can_help_it_waits_for_long) {
  options_.longest_wait = seconds(60);
  start();
  ASSERT_TRUE(eventually([&] { return open_are(1); }));
  socket_->announce_disconnect("link_disabled");
  ASSERT_TRUE(eventually([&] { return sleeper_.waits().size() == 1; }));
  EXPECT_THAT(told(), Contains(HasSubstr("switched off")));
  ASSERT_TRUE(eventually([&] { return mode_->counts().open == 0; }));
  socket_->script(Opening::kDisconnect);
  sleeper_.allow(1);
  ASSERT_TRUE(eventually([&] { return sleeper_.waits().size() == 2; }));
  EXPECT_THAT(told(), Contains(HasSubstr("too_many_websockets")));
  test::SlackFault refused;
  refused.kind = test::SlackFault::Kind::kRefused;
  refused.error = "invalid_auth";
  slack_.add_fault(refused);
  sleeper_.allow(1);
  ASSERT_TRUE(eventually([&] { return sleeper_.waits().size() == 3; }));
  EXPECT_THAT(told(), Contains(HasSubstr("invalid_auth")));
  EXPECT_THAT(sleeper_.waits(), Each(AllOf(Ge(Nanoseconds(seconds(30))), Le(Nanoseconds(seconds(60))))));
  sleeper_.allow(1);
  EXPECT_TRUE(eventually([&] { return open_are(1); })) << "and tries again";
}

TEST_F(SocketModeTest, messages_that_are_none_of_slacks_are_counted_and_change_nothing) {
  options_.max_message_bytes = 10'000;
  start();
  ASSERT_TRUE(eventually([&] { return open_are(1); }));
  const std::string deep(3000, '[');
  const std::string bad[] = {"",
                             "no JSON",
                             "[]",
                             "null",
                             "{}",
                             R"({"type":"events_api"})",
                             R"({"type":"events_api","envelope_id":"e1"})",
                             R"({"type":"events_api","envelope_id":"e1","payload":"text"})",
                             R"({"type":"events_api","envelope_id":"e\n1","payload":{}})",
                             R"({"envelope_id":{},"payload":{}})",
                             deep,
                             R"({"a":)" + std::string(20'000, '1') + "}"};
  for (const std::string& text : bad) socket_->send_text(text);
  socket_->send_binary(std::string("\x00\x01\xff", 3));
  socket_->send_text(R"({"type":"hello"})");  // Once more is once too often, but harmless.
  socket_->send(event("after"));
  ASSERT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
  EXPECT_THAT(words(), ElementsAre(R"({"word":"after"})"));
  EXPECT_EQ(mode_->counts().unreadable, std::size(bad) + 1);
  EXPECT_EQ(mode_->counts().open, 1);
  EXPECT_EQ(socket_->said_hello(), 1);
}

TEST_F(SocketModeTest, a_message_of_many_frames_is_one_message) {
  start();
  ASSERT_TRUE(eventually([&] { return open_are(1); }));
  const std::string first = R"({"type":"events_api","envelope_id":"split","payload":{"word":)";
  std::string bytes = {'\x01', static_cast<char>(first.size())};
  bytes += first;
  bytes += std::string("\x89\x00", 2);  // A ping between the parts.
  bytes += std::string("\x80\x09", 2) + "\"split\"}}";
  socket_->send_raw(bytes);
  ASSERT_TRUE(eventually([&] { return got().size() == 1; }));
  EXPECT_EQ(words()[0], R"({"word":"split"})");
  EXPECT_TRUE(eventually([&] { return socket_->pongs() == 1; }));
}

TEST_F(SocketModeTest, frames_that_break_the_protocol_end_the_connection_and_nothing_else) {
  const std::string bad[] = {std::string("\xf1\x01x", 3),         // Reserved bits.
                             std::string("\x83\x01x", 3),         // Reserved opcode.
                             std::string("\x81\x81mask?", 7),     // Masked by a server.
                             std::string("\x80\x01x", 3),         // Continues nothing.
                             std::string("\x09\x01x", 3),         // A ping in parts.
                             std::string("\x81\x02\xff\xfe", 4),  // No UTF-8.
                             std::string("\x88\x02\x00\x00", 4),  // No such reason for closing.
                             std::string("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10) + "x"};  // 2^64 bytes.
  sleeper_.allow(100);
  start();
  int hellos = 1;
  for (const std::string& bytes : bad) {
    ASSERT_TRUE(eventually([&] { return socket_->said_hello() == hellos && open_are(1); }))
        << testing::PrintToString(bytes);
    socket_->send_raw(bytes);
    ++hellos;
  }
  ASSERT_TRUE(eventually([&] { return socket_->said_hello() == hellos && open_are(1); }));
  socket_->send(event("after"));
  EXPECT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
}

TEST_F(SocketModeTest, pings_are_answered) {
  start();
  ASSERT_TRUE(eventually([&] { return open_are(1); }));
  socket_->ping();
  socket_->ping();
  EXPECT_TRUE(eventually([&] { return socket_->pongs() == 2; }));
}

TEST_F(SocketModeTest, a_silent_connection_is_replaced) {
  options_.idle_timeout = milliseconds(50);
  start();
  ASSERT_TRUE(eventually([&] { return !sleeper_.waits().empty(); }));
  EXPECT_THAT(told(), Contains(HasSubstr("silent")));
  EXPECT_EQ(mode_->counts().lost, 1U);
  sleeper_.allow(1);
  EXPECT_TRUE(eventually([&] { return socket_->said_hello() == 2; }));
}

TEST_F(SocketModeTest, a_close_by_slack_leads_to_a_new_connection) {
  sleeper_.allow(1);
  start();
  ASSERT_TRUE(eventually([&] { return open_are(1); }));
  socket_->close();
  ASSERT_TRUE(eventually([&] { return socket_->said_hello() == 2 && open_are(1); }));
  EXPECT_THAT(told(), Contains(HasSubstr("closed by the other side (1000)")));
}

TEST_F(SocketModeTest, a_handler_that_throws_takes_nothing_with_it) {
  start();
  socket_->send(event("throw"));
  socket_->send(event("fine"));
  ASSERT_TRUE(eventually([&] { return socket_->acknowledgements().size() == 1; }));
  EXPECT_THAT(socket_->unacknowledged(), SizeIs(1));
  EXPECT_THAT(told(), Contains(HasSubstr("could not be handled")));
}

TEST_F(SocketModeTest, after_stop_taking_nothing_new_is_taken_but_acknowledgements_go_out) {
  acknowledges_ = false;
  start();
  socket_->send(event("one"));
  ASSERT_TRUE(eventually([&] { return got().size() == 1; }));
  mode_->stop_taking();
  const std::string late = socket_->send(event("two"));
  got()[0].acknowledge("");
  mode_.reset();  // Says goodbye after what was still to be sent.
  ASSERT_TRUE(eventually([&] { return socket_->acknowledgements().size() == 1 && socket_->goodbyes() == 1; }));
  EXPECT_THAT(socket_->unacknowledged(), ElementsAre(late));
  EXPECT_THAT(words(), SizeIs(1));
}

TEST_F(SocketModeTest, tls_is_checked) {
  const struct {
    const char* what;
    bool knows_ca;
    const char* names;
    const char* host;
    bool opens;
  } cases[] = {{"all is well", true, "DNS:localhost", "localhost", true},
               {"an address", true, "IP:127.0.0.1", "127.0.0.1", true},
               {"somebody else's name", true, "DNS:slack.example", "localhost", false},
               {"no address", true, "DNS:localhost", "127.0.0.1", false},
               {"unknown authority", false, "DNS:localhost", "localhost", false}};
  for (const auto& c : cases) {
    SlackSocketStandIn::Options options;
    options.tls = true;
    options.certificate_names = c.names;
    options.host = c.host;
    listen(options);
    options_.allow_plain = false;
    options_.ca_file = c.knows_ca ? socket_->ca_file() : "";
    // Over plain http the API client lets ws:// through, over which SocketMode has the last word.
    start();
    if (c.opens) {
      EXPECT_TRUE(eventually([&] { return open_are(1); })) << c.what;
      socket_->send(event(std::string(100'000, 'x')));
      EXPECT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); })) << c.what;
    } else {
      EXPECT_TRUE(eventually([&] { return !told().empty(); })) << c.what;
      EXPECT_THAT(told()[0], HasSubstr("could not be trusted: certificate verify failed")) << c.what;
      EXPECT_EQ(socket_->said_hello(), 0) << c.what;
    }
    mode_.reset();
    told_.clear();
    got_.clear();
  }
}

TEST_F(SocketModeTest, what_is_not_encrypted_is_not_called) {
  options_.allow_plain = false;
  start();
  ASSERT_TRUE(eventually([&] { return !told().empty(); }));
  EXPECT_THAT(told()[0], HasSubstr("not encrypted"));
  EXPECT_EQ(socket_->attempts(), 0);
}

TEST_F(SocketModeTest, addresses_that_cannot_be_called_are_told) {
  const struct {
    const char* url;
    const char* told;
  } cases[] = {{"ws://192.0.2.1/link", "not on this machine"},
               {"wss://somebody@example.invalid/", "no WebSocket address"},
               {"ws://127.0.0.1:1/", "could not be reached"},
               {"ws://[::1]:1", "could not be reached"}};
  for (const auto& c : cases) {
    listen();
    slack_.set_connection_urls([&] { return c.url; });
    start();
    ASSERT_TRUE(eventually([&] { return !told().empty(); }));
    EXPECT_THAT(told()[0], HasSubstr(c.told)) << c.url;
    mode_.reset();
    told_.clear();
  }
}

TEST_F(SocketModeTest, it_can_be_ended_at_any_moment) {
  using Kind = test::SlackFault::Kind;
  options_.connections = 2;
  listen();
  const Opening openings[] = {Opening::kHello,   Opening::kNoHello, Opening::kDisconnect, Opening::kUnavailable,
                              Opening::kGarbage, Opening::kSilent,  Opening::kCut};
  for (const Opening opening : openings) {
    for (int steps = 0; steps < 4; ++steps) {
      socket_->script(opening, 2);
      const int attempts = socket_->attempts();
      start();
      if (steps > 0) ASSERT_TRUE(eventually([&] { return socket_->attempts() > attempts; }));
      if (steps > 1) socket_->send(event("one"));
      if (steps > 2) sleeper_.allow(1);
      mode_.reset();
    }
  }
  test::SlackFault never;
  never.kind = Kind::kNever;
  slack_.add_fault(never);
  const std::uint64_t asked = slack_.count("apps.connections.open");
  start();
  ASSERT_TRUE(eventually([&] { return slack_.count("apps.connections.open") > asked; }));
  mode_.reset();  // While it waits for an address that never comes.
}

TEST_F(SocketModeTest, many_envelopes_while_connections_come_and_go) {
  options_.connections = 2;
  sleeper_.allow(1000);
  start();
  ASSERT_TRUE(eventually([&] { return open_are(2); }));
  constexpr int kEnvelopes = 200;
  for (int i = 0; i < kEnvelopes; ++i) {
    socket_->send(event(std::to_string(i)));
    if (i % 50 == 25 && !socket_->open().empty()) {
      ASSERT_TRUE(eventually([&] { return open_are(2); }));
      socket_->cut();
    }
    if (i % 50 == 49) {
      ASSERT_TRUE(eventually([&] { return open_are(2); }));
      socket_->announce_disconnect("refresh_requested");
    }
  }
  ASSERT_TRUE(eventually([&] { return socket_->unacknowledged().empty(); }));
  std::set<std::string> different;
  for (const std::string& word : words()) different.insert(word);
  EXPECT_EQ(different.size(), static_cast<std::size_t>(kEnvelopes));
}

// The frames themselves.

TEST(SocketFrame, what_slack_sends_is_read) {
  EXPECT_EQ(parse_socket_frame(R"({"type":"hello","num_connections":1})").kind, FrameKind::kHello);
  const SocketFrame gone = parse_socket_frame(R"({"type":"disconnect","reason":"warning","debug_info":{}})");
  EXPECT_EQ(gone.kind, FrameKind::kDisconnect);
  EXPECT_EQ(gone.reason, "warning");
  EXPECT_EQ(parse_socket_frame(R"({"type":"disconnect","reason":"a\nb"})").reason, "unknown");
  const SocketFrame envelope = parse_socket_frame(
      R"({"envelope_id":"e-1","type":"interactive","payload":{"a":[1,"ü"]},"accepts_response_payload":true,)"
      R"("retry_attempt":2})");
  EXPECT_EQ(envelope.kind, FrameKind::kEnvelope);
  EXPECT_EQ(envelope.type, "interactive");
  EXPECT_EQ(envelope.envelope_id, "e-1");
  EXPECT_EQ(envelope.payload, R"({"a":[1,"ü"]})");
  EXPECT_TRUE(envelope.accepts_response_payload);
  EXPECT_EQ(envelope.retry_attempt, 2);
  const SocketFrame odd = parse_socket_frame(
      R"({"envelope_id":"e","type":7,"payload":{},"accepts_response_payload":"yes","retry_attempt":-1})");
  EXPECT_EQ(odd.kind, FrameKind::kEnvelope) << "it can be acknowledged all the same";
  EXPECT_EQ(odd.type, "unknown");
  EXPECT_FALSE(odd.accepts_response_payload);
  EXPECT_EQ(odd.retry_attempt, 0);
}

TEST(SocketFrame, acknowledgements_are_json_whatever_the_id_is) {
  EXPECT_EQ(acknowledgement_text("e-1", ""), R"({"envelope_id":"e-1"})");
  EXPECT_EQ(acknowledgement_text("e\"1", R"({"text":"x"})"), R"({"envelope_id":"e\"1","payload":{"text":"x"}})");
  for (const char* payload : {"[]", "no JSON", "{", "7"}) {
    EXPECT_EQ(acknowledgement_text("e-1", payload), R"({"envelope_id":"e-1"})") << payload;
  }
}

}  // namespace
}  // namespace fa::slack
