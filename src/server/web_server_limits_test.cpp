/// What clients can take from the server, and for how long: bytes, time, connections, threads. And how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "server/connection_table.h"
#include "server/listener.h"
#include "server/web_server_test_rig.h"

namespace fa::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::echo;
using test::eventually;
using test::Gate;
using test::get;
using test::RawClient;
using test::Reply;
using test::start;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kChunkedPost = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Of which the server says that its body is awaited.
const std::string kWaitingPost = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n";

/// No limit but those of the test.
WebServerOptions patient() {
  WebServerOptions options;
  options.header_timeout = options.body_timeout = options.idle_timeout = options.write_timeout = hours(1);
  return options;
}

/// A GET of exactly that many bytes.
std::string request_of(std::size_t bytes) {
  const std::string begin = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
  return begin + std::string(bytes - begin.size() - 4, 'a') + "\r\n\r\n";
}

std::string many_fields(int count) {
  std::string out = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < count; ++i) out += "Field: value\r\n";
  return out + "\r\n";
}

TEST(WebServerLimits, bytes_of_headers_and_bodies) {
  WebServerOptions options = patient();
  options.max_header_bytes = 1'000;
  options.max_body_bytes = 2'000;
  const auto server = start(echo, options);
  struct Case {
    const char* what;
    std::string bytes;
    int status;
  };
  const std::string length = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ";
  const std::string all(2'000, 'b');
  const Case kCases[] = {
      {"a header that just fits", request_of(1'000), 200},
      {"one byte more", request_of(1'001), 431},
      {"much more", request_of(100'000), 431},
      {"many fields that fit", many_fields(60), 200},
      {"too many", many_fields(80), 431},
      {"a target without end", "GET /" + std::string(3'000, 'a'), 431},
      {"a method without end", std::string(3'000, 'A'), 431},
      {"a field without end", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(3'000, 'a'), 431},
      {"a body that just fits", length + "2000\r\n\r\n" + all, 200},
      {"one byte more is refused before it comes", length + "2001\r\n\r\n", 413},
      {"a chunked body that just fits", kChunkedPost + "7d0\r\n" + all + "\r\n0\r\n\r\n", 200},
      {"one byte more, in a chunk of its own", kChunkedPost + "7d0\r\n" + all + "\r\n1\r\n", 413},
      {"a huge chunk", kChunkedPost + "ffffffff\r\n", 413},
      {"a chunk extension without end", kChunkedPost + "1;a=" + std::string(3'000, 'a'), 431},
      {"a chunk size without end", kChunkedPost + std::string(3'000, '0'), 431},
      {"a trailer without end", kChunkedPost + "0\r\nA: " + std::string(3'000, 'a'), 431},
  };
  for (const Case& c : kCases) {
    for (const std::size_t piece : {c.bytes.size(), std::size_t{7}}) {
      SCOPED_TRACE(c.what);
      RawClient client(server->port());
      bool open = true;
      for (std::size_t at = 0; open && at < c.bytes.size(); at += piece) {
        open = client.send(std::string_view(c.bytes).substr(at, piece));
      }
      EXPECT_EQ(client.read().status, c.status);
      EXPECT_EQ(c.status == 200 || client.closed_silently(), true);
    }
  }
}

/// Sends a byte whenever a while passed without an answer, and returns the answer. The server must end that.
Reply trickle(RawClient& client, std::string_view beginning, char byte) {
  client.send(beginning);
  for (int sent = 0; sent < 30'000; ++sent) {
    if (client.readable(1) || !client.send({&byte, 1})) break;
  }
  return client.read();
}

TEST(WebServerLimits, time_for_a_header_counts_from_its_first_byte_and_is_not_extended_by_more_of_them) {
  WebServerOptions options = patient();
  options.header_timeout = milliseconds(30);
  const auto server = start(echo, options);
  for (const std::string beginning : {"G", "GET /", "GET / HTTP/1.1\r\nA: "}) {
    Reply reply;
    // On a busy machine the time may be over before the first byte.
    for (int attempt = 0; attempt < 1'000 && reply.status == 0; ++attempt) {
      RawClient client(server->port());
      reply = trickle(client, beginning, 'a');
      EXPECT_TRUE(client.closed_silently());
    }
    EXPECT_EQ(reply.status, 408) << beginning;
    EXPECT_EQ(find_header(reply.headers, "Connection"), "close");
  }
  EXPECT_EQ(server->counts().refused, 3U);
  RawClient silent(server->port());
  EXPECT_TRUE(silent.closed_silently()) << "there was no request to refuse";
  RawClient blank(server->port());
  blank.send("\r\n");
  EXPECT_TRUE(blank.closed_silently());
  EXPECT_EQ(server->counts().refused, 3U);
}

TEST(WebServerLimits, time_for_the_header_holds_for_every_request_of_a_connection) {
  WebServerOptions options = patient();
  options.header_timeout = milliseconds(100);
  const auto server = start(echo, options);
  Reply reply;
  for (int attempt = 0; attempt < 300 && reply.status == 0; ++attempt) {
    RawClient client(server->port());
    if (client.ask(get("/1")).status == 200 && client.ask(get("/2") + "GET /3").status == 200) {
      reply = trickle(client, "", 'a');
    }
  }
  EXPECT_EQ(reply.status, 408);
}

TEST(WebServerLimits, time_for_a_body) {
  WebServerOptions options = patient();
  options.body_timeout = milliseconds(30);
  options.max_body_bytes = 1 << 30;
  const auto server = start(echo, options);
  for (const std::string& beginning :
       {std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"), kChunkedPost + "fffff\r\n"}) {
    RawClient client(server->port());
    EXPECT_EQ(trickle(client, beginning, 'a').status, 408);
    EXPECT_TRUE(client.closed_silently());
  }
}

TEST(WebServerLimits, time_between_requests) {
  WebServerOptions options = patient();
  options.idle_timeout = milliseconds(20);
  const auto server = start(echo, options);
  RawClient client(server->port());
  EXPECT_EQ(client.ask(get("/")).status, 200);
  EXPECT_TRUE(client.closed_silently());
  EXPECT_EQ(server->counts().refused, 0U);
}

TEST(WebServerLimits, time_for_a_client_to_take_its_answer) {
  WebServerOptions options = patient();
  options.write_timeout = milliseconds(30);
  const auto server = start(
      [](const ServerRequest&) {
        return ServerResponse{200, "text/plain", std::string(64 << 20, 'a')};
      },
      options);
  RawClient client(server->port());
  client.send(get("/"));
  EXPECT_TRUE(eventually([&] { return server->counts().requests == 1 && server->counts().connections_open == 0; }));
  EXPECT_LT(client.read_all().size(), std::size_t{64} << 20);
}

TEST(WebServerLimits, a_client_that_never_closes_after_its_last_answer_is_let_go) {
  WebServerOptions options = patient();
  options.write_timeout = milliseconds(20);
  const auto server = start(echo, options);
  RawClient client(server->port());
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status, 200);
  EXPECT_TRUE(eventually([&] { return server->counts().connections_open == 0; }));
}

TEST(WebServerLimits, one_connection_too_many_closes_the_one_that_was_idle_for_longest) {
  WebServerOptions options = patient();
  options.max_connections = 3;
  const auto server = start(echo, options);
  EXPECT_EQ(server->counts().connections_allowed, 3U);
  RawClient first(server->port());
  EXPECT_EQ(first.ask(get("/1")).status, 200);
  RawClient second(server->port());
  EXPECT_EQ(second.ask(get("/2")).status, 200);
  RawClient third(server->port());
  EXPECT_EQ(third.ask(get("/3")).status, 200);
  EXPECT_EQ(first.ask(get("/1")).status, 200);  // now the second is idle for longest
  RawClient fourth(server->port());
  EXPECT_EQ(fourth.ask(get("/4")).status, 200);
  EXPECT_TRUE(second.closed_silently());
  for (RawClient* client : {&first, &third, &fourth}) EXPECT_EQ(client->ask(get("/")).status, 200);
  EXPECT_EQ(server->counts().evicted, 1U);
  EXPECT_EQ(server->counts().connections_open, 3U);
}

TEST(WebServerLimits, incomplete_requests_give_way_when_nobody_is_idle) {
  WebServerOptions options = patient();
  options.max_connections = 3;
  const auto server = start(echo, options);
  RawClient silent(server->port());
  RawClient header(server->port());
  header.send("GET / HTT");
  RawClient body(server->port());
  EXPECT_EQ(body.ask(kWaitingPost).status, 100);
  std::vector<std::unique_ptr<RawClient>> others;
  for (RawClient* oldest : {&silent, &header, &body}) {
    auto next = std::make_unique<RawClient>(server->port());
    EXPECT_EQ(next->ask(kWaitingPost).status, 100);
    EXPECT_TRUE(oldest->closed_silently());
    others.push_back(std::move(next));
  }
  EXPECT_EQ(others.back()->ask("123456789").body, "POST / 123456789");
  EXPECT_EQ(server->counts().evicted, 3U);
}

TEST(WebServerLimits, connections_whose_requests_are_handled_are_never_closed_for_others) {
  WebServerOptions options = patient();
  options.max_connections = 2;
  Gate gate;
  const auto server = start(
      [&](const ServerRequest& request) {
        if (request.path == "/held") gate.pass();
        return echo(request);
      },
      options);
  RawClient first(server->port());
  RawClient second(server->port());
  first.send(get("/held"));
  second.send(get("/held"));
  gate.await(2);
  RawClient third(server->port());
  third.send(get("/later"));  // The system holds it until there is room.
  gate.open();
  EXPECT_EQ(first.read().body, "GET /held");
  EXPECT_EQ(second.read().body, "GET /held");
  EXPECT_EQ(third.read().body, "GET /later");
}

TEST(WebServerLimits, requests_that_find_no_thread_and_no_room_to_wait_get_503) {
  WebServerOptions options = patient();
  options.threads = 1;
  options.max_waiting = 1;
  Gate gate;
  const auto server = start(
      [&](const ServerRequest& request) {
        gate.pass();
        return echo(request);
      },
      options);
  RawClient handled(server->port());
  handled.send(get("/handled"));
  gate.await(1);
  RawClient waiting(server->port());
  waiting.send(get("/waiting"));
  ASSERT_TRUE(eventually([&] { return server->counts().requests == 2; }));
  RawClient refused(server->port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(refused.ask(get("/refused")).status, 503);
  std::string many;
  for (int i = 0; i < 5'000; ++i) many += get("/refused");
  RawClient pipeline(server->port());
  pipeline.send(many);
  for (int i = 0; i < 5'000; ++i) ASSERT_EQ(pipeline.read().status, 503);
  gate.open();
  EXPECT_EQ(handled.read().body, "GET /handled");
  EXPECT_EQ(waiting.read().body, "GET /waiting");
  EXPECT_EQ(server->counts().busy, 5'003U);
  EXPECT_TRUE(eventually([&] { return refused.ask(get("/free")).status == 200; }));
}

TEST(WebServerLimits, thousands_of_idle_and_hundreds_of_slow_clients_keep_nobody_from_being_served) {
  constexpr std::size_t kIdle = 2'000;
  constexpr std::size_t kSlow = 300;
  ASSERT_EQ(make_room_for(2 * (kIdle + kSlow) + 100), 2 * (kIdle + kSlow) + 100) << "ulimit -Hn is too low";
  const auto server = start(echo, patient());
  std::vector<std::unique_ptr<RawClient>> idle;
  for (std::size_t i = 0; i < kIdle; ++i) {
    idle.push_back(std::make_unique<RawClient>(server->port()));
    ASSERT_TRUE(idle.back()->connected());
  }
  std::vector<std::unique_ptr<RawClient>> slow;
  for (std::size_t i = 0; i < kSlow; ++i) {
    slow.push_back(std::make_unique<RawClient>(server->port()));
    slow.back()->send(i % 2 == 0 ? "GET / HTTP/1.1\r\nA: " : kChunkedPost + "5\r\n");
  }
  RawClient client(server->port());
  for (int round = 0; round < 10; ++round) {
    for (const auto& one : slow) one->send("a");
    const std::string path = '/' + std::to_string(round);
    ASSERT_EQ(client.ask(get(path)).body, "GET " + path);
  }
  EXPECT_EQ(server->counts().connections_open, kIdle + kSlow + 1);
  EXPECT_EQ(idle.front()->ask(get("/first")).body, "GET /first");
  EXPECT_EQ(idle.back()->ask(get("/last")).body, "GET /last");
}

TEST(WebServerLimits, files_of_the_system_are_asked_for_and_no_more_promised_than_it_gives) {
  EXPECT_EQ(make_room_for(10), 10U);
  EXPECT_LT(make_room_for(std::size_t{1} << 40), std::size_t{1} << 40);
}

/// No further files for the process as long as it lives.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const FileDescriptor lowest_free(::dup(STDERR_FILENO));
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(lowest_free.get());
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit before_{};
};

TEST(WebServerLimits, a_system_without_further_files_closes_idle_connections_for_new_ones) {
  WebServerOptions options = patient();
  options.threads = 3;
  Gate gate;
  const auto server = start(
      [&](const ServerRequest& request) {
        if (request.path == "/held") gate.pass();
        return echo(request);
      },
      options);
  RawClient held(server->port());
  held.send(get("/held"));
  gate.await(1);
  RawClient idle(server->port());
  EXPECT_EQ(idle.ask(get("/")).status, 200);
  RawClient next;
  RawClient after_it;
  {
    const NoMoreFiles none;
    next.connect(server->port());
    next.send(get("/held"));
    EXPECT_TRUE(idle.closed_silently());
    gate.await(2);
    after_it.connect(server->port());  // Nobody is idle now: it waits.
    after_it.send(get("/later"));
    EXPECT_EQ(server->counts().connections_open, 2U);
  }
  EXPECT_EQ(after_it.read().body, "GET /later");
  gate.open();
  EXPECT_EQ(held.read().body, "GET /held");
  EXPECT_EQ(next.read().body, "GET /held");
}

TEST(WebServerDrain, lets_what_has_begun_finish_and_closes_the_rest) {
  Gate gate;
  const auto server = start(
      [&](const ServerRequest& request) {
        if (request.path == "/held") gate.pass();
        return echo(request);
      },
      patient());
  RawClient silent(server->port());
  RawClient idle(server->port());
  EXPECT_EQ(idle.ask(get("/")).status, 200);
  RawClient held(server->port());
  held.send(get("/held") + get("/not-begun"));
  gate.await(1);
  RawClient half(server->port());
  EXPECT_EQ(half.ask(kWaitingPost).status, 100);

  server->drain(Nanoseconds(0));  // Begins it, and does not wait.
  EXPECT_TRUE(idle.closed_silently());
  EXPECT_TRUE(silent.closed_silently());
  EXPECT_FALSE(RawClient(server->port()).connected());
  auto drained = std::async(std::launch::async, [&] { server->drain(hours(1)); });
  EXPECT_EQ(half.ask("123456789").body, "POST / 123456789");
  EXPECT_TRUE(half.closed_silently());
  gate.open();
  const Reply reply = held.read();
  EXPECT_EQ(reply.body, "GET /held");
  EXPECT_EQ(find_header(reply.headers, "Connection"), "close");
  EXPECT_TRUE(held.closed_silently()) << "the second request was not begun";
  held.close();
  half.close();
  drained.get();
  EXPECT_EQ(server->counts().connections_open, 0U);
}

TEST(WebServerDrain, answers_those_that_have_sent_a_request_before_it) {
  for (int round = 0; round < 50; ++round) {
    const auto server = start(echo, patient());
    RawClient idle(server->port());
    EXPECT_EQ(idle.ask(get("/")).status, 200);
    RawClient fresh(server->port());
    idle.send(get("/idle"));
    fresh.send(get("/fresh"));
    server->drain(Nanoseconds(0));
    EXPECT_EQ(idle.read().body, "GET /idle");
    EXPECT_EQ(fresh.read().body, "GET /fresh");
  }
}

TEST(WebServerDrain, the_end_of_the_server_closes_what_is_left) {
  auto server = start(echo, patient());
  RawClient half(server->port());
  half.send("GET / HTTP/1.1\r\n");
  ASSERT_TRUE(eventually([&] { return server->counts().connections_open == 1; }));
  RawClient idle(server->port());
  EXPECT_EQ(idle.ask(get("/")).status, 200);
  server.reset();
  EXPECT_TRUE(half.closed_silently());
  EXPECT_TRUE(idle.closed_silently());
}

}  // namespace
}  // namespace fa::server
