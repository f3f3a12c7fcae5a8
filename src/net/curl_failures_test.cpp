/// Exchanges without a complete answer: each ends, in time, with an error of the contract.
#include <arpa/inet.h>
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "net/curl_failure.h"
#include "net/test_client.h"
#include "support/http_server.h"

namespace fa {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test::get;
using test::HttpServer;
using test::open_client;
using test::ServerAnswer;
using testing::HasSubstr;
using testing::Not;

/// A port of 127.0.0.1 that connects (the kernel does that) but never says anything.
class SilentPort {
 public:
  explicit SilentPort(bool listening = true) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, generic, size), 0);
    EXPECT_EQ(::getsockname(socket_, generic, &size), 0);
    if (listening) {
      EXPECT_EQ(::listen(socket_, 8), 0);
    }
    host_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~SilentPort() { ::close(socket_); }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  [[nodiscard]] const std::string& host() const { return host_; }

 private:
  int socket_;
  std::string host_;
};

ServerAnswer never() {
  ServerAnswer answer;
  answer.never = true;
  return answer;
}

TEST(CurlClientFailures, incomplete_and_unreadable_answers_are_told_apart) {
  struct Case {
    const char* told;
    ServerAnswer answer;
    const char* reason;
  };
  std::vector<Case> cases;
  const auto add = [&](const char* told, const char* reason, auto change) {
    ServerAnswer answer;
    answer.response.status = 200;
    answer.response.body = std::string(10'000, 'a');
    change(answer);
    cases.push_back({told, std::move(answer), reason});
  };
  add("cut in the body", "ConnectionLost", [](ServerAnswer& a) { a.cut = true; });
  add("cut in a chunk", "ConnectionLost", [](ServerAnswer& a) { a.cut = a.chunked = true; });
  add("cut in the headers", "ConnectionLost", [](ServerAnswer& a) { a.raw = "HTTP/1.1 200 OK\r\nContent-Le"; });
  add("closed after an informational answer", "ConnectionLost",
      [](ServerAnswer& a) { a.raw = "HTTP/1.1 103 Early Hints\r\n\r\n"; });
  add("no HTTP", "BadAnswer", [](ServerAnswer& a) { a.garbage = true; });
  add("HTTP/0.9", "BadAnswer", [](ServerAnswer& a) { a.raw = "<html>hello</html>"; });
  add("an unknown version", "BadAnswer", [](ServerAnswer& a) { a.raw = "HTTP/7.3 200 OK\r\n\r\n"; });
  add("a length that is no number", "BadAnswer",
      [](ServerAnswer& a) { a.raw = "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc"; });
  add("broken gzip", "BadAnswer", [](ServerAnswer& a) { a.response.headers = {{"Content-Encoding", "gzip"}}; });
  add("an unknown encoding", "BadAnswer", [](ServerAnswer& a) {
    a.response.headers = {{"Content-Encoding", "rot13"}};
  });
  add("headers without end", "BadAnswer", [](ServerAnswer& a) {
    a.raw = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 40'000; ++i) a.raw += "X-Header-" + std::to_string(i) + ": value\r\n";
  });
  for (const Case& c : cases) {
    HttpServer server([&](const HttpRequest&) { return c.answer; });
    const auto client = open_client();
    const auto response = client->send(get(server.url() + "/secret/path?token=hush"), {});
    ASSERT_FALSE(response) << c.told;
    EXPECT_EQ(response.error().code, ErrorCode::kUnavailable) << c.told << ": " << response.error().message;
    EXPECT_EQ(response.error().reason, c.reason) << c.told << ": " << response.error().message;
    EXPECT_THAT(response.error().message,
                HasSubstr("GET 127.0.0.1:" + std::to_string(server.port()) + "/secret/path:"));
    EXPECT_THAT(response.error().message, Not(HasSubstr("hush")));
    EXPECT_EQ(client->counters().failures, 1U) << c.told;
    EXPECT_EQ(client->counters().exchanges, 1U) << c.told;
  }
}

TEST(CurlClientFailures, neither_headers_nor_bodies_nor_queries_are_ever_repeated) {
  HttpServer server([](const HttpRequest& request) {
    ServerAnswer answer;
    answer.raw = "HTTP/1.1 200 OK\r\nContent-Length: hush\r\n\r\nhush" + request.body;
    return answer;
  });
  HttpRequest request = get(server.url() + "/p?hush=hush");
  request.method = "POST";
  request.body = "hush";
  request.headers = {{"Authorization", "hush"}};
  const auto client = open_client();
  EXPECT_THAT(client->send(request, {}).error().message, Not(HasSubstr("hush")));
  request.url = "http://hush@127.0.0.1/hush hush";
  EXPECT_THAT(client->send(request, {}).error().message, Not(HasSubstr("hush")));
  request.url = server.url();
  request.headers = {{"X", "hush\r\nhush: hush"}};
  EXPECT_THAT(client->send(request, {}).error().message, Not(HasSubstr("hush")));
  request.headers = {};
  request.timeout = milliseconds(0);
  EXPECT_THAT(client->send(request, {}).error().message, Not(HasSubstr("hush")));
}

TEST(CurlClientFailures, what_is_no_request_is_refused_before_anything_is_sent) {
  HttpServer server([](const HttpRequest&) { return ServerAnswer(); });
  const auto client = open_client();
  std::vector<HttpRequest> requests;
  for (const std::string url : {"", "127.0.0.1", "ftp://127.0.0.1/", "http://", "http://a b/", "http://127.0.0.1/#x"}) {
    requests.push_back(get(url));
  }
  const auto with = [&](const std::string& method, HttpHeaders headers) {
    requests.push_back(get(server.url()));
    requests.back().method = method;
    requests.back().headers = std::move(headers);
  };
  with("", {});
  with("GET / HTTP/1.1\r\nX:", {});
  with("GET", {{"X", "a\r\nY: b"}});
  with("GET", {{"X", "a\nb"}});
  with("GET", {{"X", std::string("a\0b", 3)}});
  with("GET", {{"X: y", "z"}});
  with("GET", {{"", "z"}});
  for (const HttpRequest& request : requests) {
    const auto response = client->send(request, {});
    ASSERT_FALSE(response) << request.url;
    EXPECT_EQ(response.error().code, ErrorCode::kInvalidInput) << request.url << response.error().message;
  }
  EXPECT_EQ(server.connections(), 0U);
}

TEST(CurlClientFailures, a_port_that_nobody_listens_at_refuses) {
  const SilentPort port(false);
  const auto response = open_client()->send(get("http://" + port.host() + "/p"), {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(response.error().reason, "ConnectFailed");
  EXPECT_THAT(response.error().message, HasSubstr("GET " + port.host() + "/p: "));
}

TEST(CurlClientFailures, the_time_to_connect_includes_tls) {
  const SilentPort port;
  HttpRequest request = get("https://" + port.host() + "/");
  request.connect_timeout = milliseconds(30);
  const auto response = open_client()->send(request, {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(response.error().reason, "ConnectFailed") << response.error().message;
}

TEST(CurlClientFailures, a_proxy_that_refuses_the_tunnel_is_named_as_the_culprit) {
  HttpServer proxy([](const HttpRequest& request) {
    EXPECT_EQ(request.method, "CONNECT");
    EXPECT_EQ(request.url, "service.test:443");
    ServerAnswer answer;
    answer.response.status = 403;
    answer.response.headers = {{"X-Proxy", "no"}};
    return answer;
  });
  CurlClientOptions options;
  options.proxy = proxy.url();
  const auto response = open_client(options)->send(get("https://service.test/"), {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().reason, "ConnectFailed") << response.error().message;
  EXPECT_THAT(response.error().message, HasSubstr("proxy"));
  EXPECT_THAT(response.error().message, HasSubstr("403"));
}

TEST(CurlClientFailures, an_exchange_ends_when_its_time_is_over) {
  HttpServer server([](const HttpRequest& request) {
    ServerAnswer answer = never();
    answer.response.status = 200;
    answer.response.body = "abcdef";
    if (request.url == "/stall") {
      answer.never = false;
      answer.stall = true;
    }
    return answer;
  });
  const auto client = open_client();
  for (const std::string path : {"/never", "/stall"}) {
    HttpRequest request = get(server.url() + path);
    request.timeout = milliseconds(30);
    auto response = client->send(request, {});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(response.error().reason, "Timeout");
    EXPECT_THAT(response.error().message, HasSubstr("within 30 ms"));

    request.timeout = hours(1);
    request.stall_timeout = milliseconds(30);
    response = client->send(request, {});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(response.error().reason, "Timeout");
    EXPECT_THAT(response.error().message, HasSubstr("not a byte came for 30 ms"));
  }
}

TEST(CurlClientFailures, times_beyond_the_end_of_time_are_none) {
  HttpServer server([](const HttpRequest&) {
    ServerAnswer answer;
    answer.response.status = 200;
    return answer;
  });
  HttpRequest request = get(server.url());
  request.timeout = request.stall_timeout = request.connect_timeout = Nanoseconds::max();
  Context context;
  context.deadline = std::chrono::steady_clock::time_point::max();
  EXPECT_TRUE(open_client()->send(request, context));
}

TEST(CurlClientFailures, the_deadline_of_the_context_ends_it) {
  HttpServer server([](const HttpRequest&) { return never(); });
  const auto client = open_client();
  auto response = client->send(get(server.url()), Context{}.within(milliseconds(30)));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
  EXPECT_THAT(response.error().message, HasSubstr("deadline"));
  response = client->send(get(server.url()), Context{}.within(milliseconds(-1)));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(client->counters().exchanges, 1U) << "the second was never begun";
}

TEST(CurlClientFailures, a_stop_request_ends_it_at_once) {
  std::promise<void> asked;
  HttpServer server([&](const HttpRequest&) {
    asked.set_value();
    return never();
  });
  const auto client = open_client();
  std::stop_source stop;
  std::thread stopper([&] {
    asked.get_future().wait();
    stop.request_stop();
  });
  HttpRequest request = get(server.url());
  request.timeout = request.stall_timeout = hours(1);
  const auto response = client->send(request, Context{stop.get_token(), {}});
  stopper.join();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(client->send(request, Context{stop.get_token(), {}}).error().code, ErrorCode::kCancelled);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlClientFailures, stop_requests_at_any_moment_leave_the_client_usable) {
  HttpServer server([](const HttpRequest& request) {
    ServerAnswer answer;
    answer.response.status = 200;
    answer.response.body = std::string(100'000, 'a');
    answer.delay = milliseconds(request.url.size() % 3);
    return answer;
  });
  const auto client = open_client();
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      for (std::size_t round = 0; round < 25; ++round) {
        std::stop_source stop;
        std::thread stopper([&stop, spins = i * 50 * round] {
          for (std::size_t spin = 0; spin < spins; ++spin) std::this_thread::yield();
          stop.request_stop();
        });
        const auto response = client->send(get(server.url() + '/' + std::string(round, 'x')), {stop.get_token(), {}});
        if (response) {
          EXPECT_EQ(response->body.size(), 100'000U);
        } else {
          EXPECT_EQ(response.error().code, ErrorCode::kCancelled) << response.error().message;
        }
        stopper.join();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_TRUE(client->send(get(server.url()), {}));
}

TEST(CurlClientFailures, closing_the_client_ends_what_runs_and_what_waits) {
  constexpr int kCallers = 6;
  std::promise<void> asked;
  std::atomic<int> under_way{0};
  HttpServer server([&](const HttpRequest&) {
    if (++under_way == 2) asked.set_value();
    return never();
  });
  CurlClientOptions options;
  options.max_connections = 2;
  auto client = open_client(options);
  std::atomic<int> cancelled{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, raw = client.get()] {
      const auto response = raw->send(get(server.url()), {});
      if (!response && response.error().code == ErrorCode::kCancelled) ++cancelled;
    });
  }
  asked.get_future().wait();
  // The others have to be inside send(), or they would use a client that is gone.
  while (client->counters().waiting < kCallers - 2) std::this_thread::yield();
  client.reset();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(cancelled, kCallers);
}

TEST(CurlFailure, every_code_has_its_place_in_the_contract) {
  struct Case {
    CURLcode code;
    ErrorCode expected;
    const char* reason;
    const char* detail = "";
  };
  const Case kCases[] = {
      {CURLE_COULDNT_RESOLVE_HOST, ErrorCode::kUnavailable, "ResolveFailed", "Could not resolve host: h"},
      {CURLE_COULDNT_RESOLVE_PROXY, ErrorCode::kUnavailable, "ResolveFailed"},
      {CURLE_COULDNT_CONNECT, ErrorCode::kUnavailable, "ConnectFailed"},
      {CURLE_OPERATION_TIMEDOUT, ErrorCode::kUnavailable, "ConnectFailed"},
      {CURLE_PEER_FAILED_VERIFICATION, ErrorCode::kUnavailable, "Tls"},
      {CURLE_SSL_CACERT_BADFILE, ErrorCode::kUnavailable, "Tls"},
      {CURLE_SSL_CONNECT_ERROR, ErrorCode::kUnavailable, "Tls", "error:0A00010B:SSL routines::wrong version number"},
      {CURLE_SSL_CONNECT_ERROR, ErrorCode::kUnavailable, "ConnectionLost",
       "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to h:443 "},
      {CURLE_SSL_CONNECT_ERROR, ErrorCode::kUnavailable, "ConnectionLost", "Recv failure: Connection reset by peer"},
      {CURLE_SEND_ERROR, ErrorCode::kUnavailable, "ConnectionLost"},
      {CURLE_GOT_NOTHING, ErrorCode::kUnavailable, "ConnectionLost"},
      {CURLE_HTTP2, ErrorCode::kUnavailable, "ConnectionLost"},
      {CURLE_HTTP2_STREAM, ErrorCode::kUnavailable, "ConnectionLost"},
      {CURLE_WEIRD_SERVER_REPLY, ErrorCode::kUnavailable, "BadAnswer"},
      {CURLE_BAD_CONTENT_ENCODING, ErrorCode::kUnavailable, "BadAnswer"},
      {CURLE_URL_MALFORMAT, ErrorCode::kInvalidInput, ""},
      {CURLE_FAILED_INIT, ErrorCode::kInternal, ""},
      {CURLE_OUT_OF_MEMORY, ErrorCode::kInternal, ""},
  };
  for (const Case& c : kCases) {
    CurlFailure failure;
    failure.code = c.code;
    failure.detail = c.detail;
    const Error error = error_of(failure, "GET h/p");
    EXPECT_EQ(error.code, c.expected) << c.code;
    EXPECT_EQ(error.reason, c.reason) << c.code;
    EXPECT_THAT(error.message, testing::StartsWith("GET h/p: ")) << c.code;
  }
}

}  // namespace
}  // namespace fa
