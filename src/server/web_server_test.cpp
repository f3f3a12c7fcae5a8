/// What the server makes of requests: good ones, broken ones, and those that try to be two things at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <random>
#include <thread>
#include <vector>

#include "server/request_reader.h"
#include "server/response_text.h"
#include "server/web_server_test_rig.h"

namespace fa::server {
namespace {

using std::string_literals::operator""s;
using test::echo;
using test::get;
using test::RawClient;
using test::Reply;
using test::start;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

struct Good {
  std::string bytes;
  std::string said;  // by echo()
  bool keep = true;
};

const std::vector<Good> kGood = {
    {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET /"},
    {"GET /a/b?c=d&e HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a/b?c=d&e"},
    {"GET /a?b?c HTTP/1.1\r\nhost:x\r\n\r\n", "GET /a?b?c"},
    {"GET /%2e%2E/%00?%20 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%2e%2E/%00?%20"},
    {"GET http://example.com/p?q HTTP/1.1\r\nHost: example.com\r\n\r\n", "GET /p?q"},
    {"GET HTTPS://example.com:8443 HTTP/1.1\r\nHost: example.com\r\n\r\n", "GET /"},
    {"GET http://example.com?q=/ HTTP/1.1\r\nHost: example.com\r\n\r\n", "GET /?q=/"},
    {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS *"},
    {"PATCH /x HTTP/1.1\r\nHost: x\r\n\r\n", "PATCH /x"},
    {"\r\n\r\nGET /after-blank-lines HTTP/1.1\r\nHost: x\r\n\r\n", "GET /after-blank-lines"},
    {"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", "POST /p hello"},
    {"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "POST /p"},
    {"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\na\0\xff\n"s, "POST /p a\0\xff\n"s},
    {"POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST /p"},
    {"POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n00\r\n\r\n",
     "POST /p hello!"},
    {"POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Trailer: 1\r\n\r\n",
     "POST /p hi"},
    {"GET /old HTTP/1.0\r\n\r\n", "GET /old", false},
    {"GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /old"},
    {"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET /last", false},
};

struct Bad {
  std::string bytes;
  int status = 400;
};

const std::string kPost = "POST / HTTP/1.1\r\nHost: x\r\n";

const std::vector<Bad> kBad = {
    {"GET\r\n\r\n"},
    {"GET /\r\n\r\n"},
    {" GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"G@T / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"GET / HTTP/2.0\r\nHost: x\r\n\r\n"},
    {"GET / HTTP/0.9\r\nHost: x\r\n\r\n"},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"GET / HTTP/1.1 \r\nHost: x\r\n\r\n"},
    {"GET relative HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"GET http:///x HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"},
    {"GET / HTTP/1.1\r\n\r\n"},                           // no host
    {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},     // two
    {"GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"},       // space before the colon
    {"GET / HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n"},     // no colon
    {"GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n"s},      // NUL
    {"GET / HTTP/1.1\r\nHost: x\r\n: empty\r\n\r\n"},     // no name
    {"GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n"},  // CR alone
    {kPost + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"},
    {kPost + "Content-Length: 1\r\nContent-Length: 2\r\n\r\na"},
    {kPost + "Content-Length: 1, 1\r\n\r\na"},
    {kPost + "Content-Length: -1\r\n\r\n"},
    {kPost + "Content-Length: +1\r\n\r\na"},
    {kPost + "Content-Length: 0x1\r\n\r\na"},
    {kPost + "Content-Length: 1 1\r\n\r\na"},
    {kPost + "Content-Length:\r\n\r\n"},
    {kPost + "Content-Length: 99999999999999999999999\r\n\r\n"},
    {kPost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\na"},
    {kPost + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: \x0b chunked\r\n\r\n0\r\n\r\n"},
    {"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: chunked\r\n\r\nZ\r\nhello\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n"},
    {kPost + "Transfer-Encoding: chunked\r\n\r\n11111111111111111\r\nhello\r\n0\r\n\r\n"},
    {kPost + "Expect: a-miracle\r\nContent-Length: 1\r\n\r\na", 417},
    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is how TLS begins\r\n\r\n"s},
};

/// Whether two readers that got the same bytes in different pieces think the same of them.
struct Reading {
  RequestReader::Status status;
  int refusal;
  std::string said;
  bool operator==(const Reading&) const = default;
};

Reading read_in_two(const std::string& bytes, std::size_t cut) {
  RequestReader reader({16 << 10, 1 << 20});
  auto status = cut == 0 ? RequestReader::Status::kHeader : reader.feed(std::string_view(bytes).substr(0, cut));
  const bool ended = status == RequestReader::Status::kRefused || status == RequestReader::Status::kComplete;
  if (!ended) status = reader.feed(std::string_view(bytes).substr(cut));
  const bool complete = status == RequestReader::Status::kComplete;
  return {status, reader.refusal(), complete ? echo(reader.take()).body : std::string()};
}

TEST(RequestReader, thinks_the_same_of_a_request_wherever_it_is_cut) {
  std::vector<std::string> all;
  for (const Good& good : kGood) all.push_back(good.bytes);
  for (const Bad& bad : kBad) all.push_back(bad.bytes);
  for (const std::string& bytes : all) {
    const Reading whole = read_in_two(bytes, 0);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      ASSERT_EQ(read_in_two(bytes, cut), whole) << cut << " of " << testing::PrintToString(bytes);
    }
  }
}

TEST(RequestReader, keeps_what_belongs_to_the_next_request) {
  RequestReader reader({16 << 10, 1 << 20});
  ASSERT_EQ(reader.feed("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab" + get("/2") + "GET /3"),
            RequestReader::Status::kComplete);
  EXPECT_EQ(echo(reader.take()).body, "POST /1 ab");
  EXPECT_FALSE(reader.untouched());
  ASSERT_EQ(reader.resume(), RequestReader::Status::kComplete);
  EXPECT_EQ(echo(reader.take()).body, "GET /2");
  ASSERT_EQ(reader.resume(), RequestReader::Status::kHeader);
  ASSERT_EQ(reader.feed(" HTTP/1.1\r\nHost: x\r\n\r\n"), RequestReader::Status::kComplete);
  EXPECT_EQ(echo(reader.take()).body, "GET /3");
  EXPECT_TRUE(reader.untouched());
}

TEST(ResponseText, says_all_that_the_client_needs) {
  EXPECT_EQ(response_text({200, "application/json", "{}"}, {}),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "X-Content-Type-Options: nosniff\r\n\r\n{}");
  EXPECT_EQ(response_text({404, "text/plain", "no"}, {true, false, false}),
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n"
            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(response_text({200, "text/plain", ""}, {false, true, true}),
              HasSubstr("Content-Length: 0\r\nX-Content-Type-Options: nosniff\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_EQ(response_text({204, "text/plain", "not sent"}, {}),
            "HTTP/1.1 204 No Content\r\nX-Content-Type-Options: nosniff\r\n\r\n");
  for (const int status : {-1, 0, 100, 199, 600, 1000}) {
    EXPECT_THAT(response_text({status, "text/plain", ""}, {}), StartsWith("HTTP/1.1 500 ")) << status;
  }
  EXPECT_THAT(response_text({200, "text/html\r\nSet-Cookie: a=b", ""}, {}), Not(HasSubstr("Set-Cookie")));
}

TEST(WebServer, answers_good_requests_however_they_come) {
  const auto server = start(echo);
  for (const Good& good : kGood) {
    for (const bool whole : {true, false}) {
      SCOPED_TRACE(good.bytes);
      RawClient client(server->port());
      if (whole) {
        client.send(good.bytes);
      } else {
        for (const char byte : good.bytes) client.send({&byte, 1});
      }
      const Reply reply = client.read();
      EXPECT_EQ(reply.status, 200);
      EXPECT_EQ(reply.body, good.said);
      EXPECT_EQ(find_header(reply.headers, "Connection") == "close", !good.keep);
      if (good.keep) {
        EXPECT_EQ(client.ask(get("/again")).body, "GET /again");
      } else {
        EXPECT_TRUE(client.closed_silently());
      }
    }
  }
  EXPECT_EQ(server->counts().refused, 0U);
}

TEST(WebServer, refuses_bad_requests_and_closes) {
  std::atomic<int> handled{0};
  const auto server = start([&](const ServerRequest& request) {
    ++handled;
    return echo(request);
  });
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(testing::PrintToString(bad.bytes));
    RawClient client(server->port());
    // What follows must not be taken for a request of its own.
    client.send(bad.bytes + get("/smuggled"));
    const Reply reply = client.read();
    EXPECT_EQ(reply.status, bad.status);
    EXPECT_EQ(find_header(reply.headers, "Connection"), "close");
    EXPECT_TRUE(client.closed_silently());
  }
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(server->counts().refused, kBad.size());
  EXPECT_EQ(server->counts().requests, 0U);
}

TEST(WebServer, hands_over_headers_and_peer_as_they_came) {
  std::promise<ServerRequest> handed;
  const auto server = start([&](const ServerRequest& request) {
    handed.set_value(request);
    return ServerResponse{};
  });
  RawClient client(server->port());
  EXPECT_EQ(
      client.ask("POST /x?y HTTP/1.1\r\nHost: h:1\r\nX-Two: 1\r\nx-two:  a b \r\nContent-Length: 2\r\n\r\n{}").status,
      200);
  const ServerRequest seen = handed.get_future().get();
  EXPECT_THAT(seen.headers,
              ElementsAre(Pair("Host", "h:1"), Pair("X-Two", "1"), Pair("x-two", "a b"), Pair("Content-Length", "2")));
  EXPECT_EQ(seen.peer, "127.0.0.1");
  EXPECT_EQ(seen.method, "POST");
}

TEST(WebServer, answers_head_without_a_body) {
  const auto server = start([](const ServerRequest&) { return ServerResponse{200, "text/plain", "four"}; });
  RawClient client(server->port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(find_header(client.read(true).headers, "Content-Length"), "4");
  EXPECT_EQ(client.ask(get("/")).body, "four");
}

TEST(WebServer, answers_pipelined_requests_in_their_order) {
  const auto server = start(echo);
  RawClient client(server->port());
  std::string requests;
  constexpr int kRequests = 3'000;  // more bytes than are read at once
  for (int i = 0; i < kRequests; ++i) requests += get('/' + std::to_string(i));
  client.send(requests);
  for (int i = 0; i < kRequests; ++i) ASSERT_EQ(client.read().body, "GET /" + std::to_string(i));
  client.end_sending();
  EXPECT_TRUE(client.closed_silently());
}

TEST(WebServer, a_client_may_stop_sending_before_it_reads) {
  const auto server = start(echo);
  RawClient client(server->port());
  client.send(get("/1") + get("/2") + "GET /cut");
  client.end_sending();
  EXPECT_EQ(client.read().body, "GET /1");
  EXPECT_EQ(client.read().body, "GET /2");
  EXPECT_TRUE(client.closed_silently());
}

TEST(WebServer, tells_a_client_that_waits_to_go_on) {
  const auto server = start(echo);
  RawClient client(server->port());
  const std::string header = kPost + "Expect: 100-continue\r\nContent-Length: ";
  EXPECT_EQ(client.ask(header + "3\r\n\r\n").status, 100);
  EXPECT_EQ(client.ask("abc").body, "POST / abc");
  EXPECT_EQ(client.ask(header + "3\r\n\r\nabc").body, "POST / abc") << "it did not wait";
  EXPECT_EQ(client.ask(header + "99999999\r\n\r\n").status, 413) << "not even asked for";
}

TEST(WebServer, an_exception_in_the_handler_is_a_500_that_tells_nothing) {
  const auto server = start([](const ServerRequest& request) -> ServerResponse {
    if (request.path == "/throw") throw std::runtime_error("secret detail");
    if (request.path == "/strange") throw 1;
    return echo(request);
  });
  RawClient client(server->port());
  for (const std::string path : {"/throw", "/strange"}) {
    const Reply reply = client.ask(get(path));
    EXPECT_EQ(reply.status, 500);
    EXPECT_THAT(reply.body, Not(HasSubstr("secret")));
  }
  EXPECT_EQ(client.ask(get("/fine")).body, "GET /fine");
}

TEST(WebServer, large_bodies_go_both_ways) {
  const auto server = start(
      [](const ServerRequest& request) {
        return ServerResponse{200, "application/octet-stream", request.body};
      },
      {.max_body_bytes = 8 << 20});
  std::string body(std::size_t{8} << 20, '\0');
  std::minstd_rand random(1);
  for (char& byte : body) byte = static_cast<char>(random());
  RawClient client(server->port());
  client.send(kPost + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  client.send(body);
  EXPECT_TRUE(client.read().body == body);
}

TEST(WebServer, survives_garbage) {
  const auto server = start(echo);
  std::minstd_rand random(7);
  for (int round = 0; round < 200; ++round) {
    // Half of it begins like a request.
    std::string bytes = round % 2 == 0 ? std::string() : kPost + "Transfer-Encoding: chunked\r\n\r\n";
    const std::size_t size = random() % 5'000;
    const std::string_view likely = "\r\n: 0aF;";
    while (bytes.size() < size) {
      bytes += random() % 3 == 0 ? likely[random() % likely.size()] : static_cast<char>(random());
    }
    RawClient client(server->port());
    client.send(bytes);
    client.end_sending();
    client.read_all();
  }
  RawClient client(server->port());
  EXPECT_EQ(client.ask(get("/alive")).body, "GET /alive");
}

TEST(WebServer, every_one_of_hundreds_of_clients_gets_its_own_answers) {
  const auto server = start(echo, {.threads = 4});
  constexpr int kThreads = 8;
  constexpr int kClients = 32;
  constexpr int kRounds = 10;
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::vector<std::unique_ptr<RawClient>> clients;
      for (int c = 0; c < kClients; ++c) clients.push_back(std::make_unique<RawClient>(server->port()));
      const auto path = [t](int client, int round) {
        return '/' + std::to_string(t) + '/' + std::to_string(client) + '/' + std::to_string(round);
      };
      for (int round = 0; round < kRounds; ++round) {
        for (int c = 0; c < kClients; ++c) clients[static_cast<std::size_t>(c)]->send(get(path(c, round)));
        for (int c = 0; c < kClients; ++c) {
          right += clients[static_cast<std::size_t>(c)]->read().body == "GET " + path(c, round);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, kThreads * kClients * kRounds);
  EXPECT_EQ(server->counts().requests, static_cast<std::uint64_t>(kThreads * kClients * kRounds));
}

TEST(WebServer, says_why_it_cannot_start) {
  const auto server = start(echo);
  struct Case {
    WebServerOptions options;
    ErrorCode code;
    const char* said;
  };
  const Case kCases[] = {
      {{.address = "localhost"}, ErrorCode::kInvalidInput, "IP address"},
      {{.address = ""}, ErrorCode::kInvalidInput, "IP address"},
      {{.address = "192.0.2.1"}, ErrorCode::kInvalidInput, "192.0.2.1"},
      {{.port = server->port()}, ErrorCode::kUnavailable, "in use"},
      {{.threads = 0}, ErrorCode::kInvalidInput, "thread"},
      {{.idle_timeout = Nanoseconds(0)}, ErrorCode::kInvalidInput, "above zero"},
      {{.certificate = "/nowhere/cert.pem"}, ErrorCode::kInvalidInput, "private key"},
      {{.certificate = "/nowhere/cert.pem", .private_key = "/nowhere/key.pem"},
       ErrorCode::kInvalidInput,
       "/nowhere/cert.pem"},
  };
  for (const Case& c : kCases) {
    const auto refused = WebServer::start(c.options, echo);
    ASSERT_FALSE(refused) << c.said;
    EXPECT_EQ(refused.error().code, c.code) << refused.error().message;
    EXPECT_THAT(refused.error().message, HasSubstr(c.said));
  }
}

TEST(WebServer, listens_on_both_families_at_once) {
  auto server = WebServer::start({.address = "::"}, echo);
  if (!server) GTEST_SKIP() << "no IPv6 here: " << server.error().message;
  RawClient client((*server)->port());
  EXPECT_EQ(client.ask(get("/4")).body, "GET /4");
}

}  // namespace
}  // namespace fa::server
