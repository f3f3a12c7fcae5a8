/// What goes out and what comes back when all is well.
#include "net/curl_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <mutex>

#include "net/test_client.h"
#include "support/http_server.h"

namespace fa {
namespace {

using test::get;
using test::HttpServer;
using test::open_client;
using test::ServerAnswer;
using testing::HasSubstr;
using testing::Pair;

ServerAnswer ok(std::string body) {
  ServerAnswer answer;
  answer.response.status = 200;
  answer.response.body = std::move(body);
  return answer;
}

ServerAnswer raw(std::string bytes) {
  ServerAnswer answer;
  answer.raw = std::move(bytes);
  return answer;
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
  std::string in = plain;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// Answers with 200 and remembers what it was asked.
class Recorder {
 public:
  ServerAnswer operator()(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    seen_.push_back(request);
    return ok("fine");
  }
  std::vector<HttpRequest> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  std::mutex mutex_;
  std::vector<HttpRequest> seen_;
};

TEST(CurlClient, any_status_is_a_response) {
  HttpServer server([](const HttpRequest& request) {
    ServerAnswer answer = ok("body of " + request.url);
    answer.response.status = std::stoi(request.url.substr(1));
    answer.response.headers = {{"X-Kind", "a"}, {"x-kind", "b"}, {"Location", "/elsewhere"}, {"Empty", ""}};
    return answer;
  });
  const auto client = open_client();
  for (const int status : {200, 201, 301, 302, 400, 401, 403, 404, 407, 429, 500, 503, 599}) {
    const auto response = client->send(get(server.url() + '/' + std::to_string(status)), {});
    ASSERT_TRUE(response) << status << response.error().message;
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->body, "body of /" + std::to_string(status));
    EXPECT_THAT(response->headers,
                testing::IsSupersetOf({Pair("X-Kind", "a"), Pair("x-kind", "b"), Pair("Empty", "")}));
  }
  for (const int status : {204, 304}) {
    const auto response = client->send(get(server.url() + '/' + std::to_string(status)), {});
    ASSERT_TRUE(response) << status << response.error().message;
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->body, "");
  }
}

TEST(CurlClient, connections_are_kept_for_the_next_exchange_and_counted) {
  HttpServer server([](const HttpRequest& request) { return ok(request.body); });
  const auto client = open_client();
  for (int i = 0; i < 10; ++i) {
    HttpRequest request = get(server.url());
    request.method = i % 2 == 0 ? "GET" : "POST";
    request.body = i % 2 == 0 ? "" : std::string(1000, 'x');
    ASSERT_TRUE(client->send(request, {}));
  }
  EXPECT_EQ(server.connections(), 1U);
  const HttpCounters counters = client->counters();
  EXPECT_EQ(counters.exchanges, 10U);
  EXPECT_EQ(counters.failures, 0U);
  EXPECT_EQ(counters.connections_opened, 1U);
  EXPECT_GT(counters.bytes_sent, 5000U + 10U * 40U);
  EXPECT_LT(counters.bytes_sent, 5000U + 10U * 400U);
  EXPECT_GT(counters.bytes_received, 5000U + 10U * 20U);
  EXPECT_LT(counters.bytes_received, 5000U + 10U * 200U);
}

TEST(CurlClient, methods_and_bodies_arrive_without_additions) {
  Recorder recorder;
  HttpServer server(std::ref(recorder));
  CurlClientOptions options;
  options.user_agent = "fa2/test";
  const auto client = open_client(options);
  struct Case {
    const char* method;
    std::string body;
    const char* length;  // nullptr: no Content-Length
  };
  const Case kCases[] = {
      {"GET", "", nullptr},
      {"GET", "query in a body", "15"},
      {"HEAD", "", nullptr},
      {"POST", "{\"a\":1}", "7"},
      {"POST", "", "0"},
      {"PUT", std::string("\0\r\n\xff", 4), "4"},
      {"PUT", "", "0"},
      {"PATCH", "", "0"},
      {"DELETE", "", nullptr},
      {"DELETE", "why", "3"},
      {"OPTIONS", "", nullptr},
      {"POST", std::string(3 << 20, 'y'), "3145728"},  // more than 1 MiB: libcurl would ask for 100-continue
  };
  for (const Case& c : kCases) {
    HttpRequest request = get(server.url() + "/p");
    request.method = c.method;
    request.body = c.body;
    request.headers = {{"X-Amz-Target", "Logs.Do"}, {"x-empty", ""}, {"Content-Length", "77"}};
    const auto response = client->send(request, {});
    ASSERT_TRUE(response) << c.method << response.error().message;
    EXPECT_EQ(response->body, std::string(c.method) == "HEAD" ? "" : "fine");
    const HttpRequest seen = recorder.seen().back();
    EXPECT_EQ(seen.method, c.method);
    EXPECT_TRUE(seen.body == c.body) << c.method << ' ' << seen.body.size();
    EXPECT_EQ(find_header(seen.headers, "X-Amz-Target"), "Logs.Do");
    EXPECT_EQ(find_header(seen.headers, "x-empty"), "");
    EXPECT_EQ(find_header(seen.headers, "User-Agent"), "fa2/test");
    EXPECT_EQ(find_header(seen.headers, "Accept-Encoding"), "gzip, deflate");
    for (const char* unwanted : {"Content-Type", "Expect", "Transfer-Encoding", "Authorization", "Cookie"}) {
      EXPECT_EQ(find_header(seen.headers, unwanted), std::nullopt) << c.method << ' ' << unwanted;
    }
    const auto length = find_header(seen.headers, "Content-Length");
    EXPECT_EQ(length ? std::string(*length) : "none", c.length == nullptr ? "none" : c.length) << c.method;
  }
}

TEST(CurlClient, headers_of_the_caller_win_and_keep_their_case) {
  Recorder recorder;
  HttpServer server(std::ref(recorder));
  const auto client = open_client();
  HttpRequest request = get(server.url());
  request.headers = {{"Host", "logs.example.test"},
                     {"uSeR-aGeNt", "mine"},
                     {"X-Twice", "1"},
                     {"X-Twice", "2"},
                     {"X-Text", "  a  b\xc3\xa9  "}};
  ASSERT_TRUE(client->send(request, {}));
  const HttpRequest seen = recorder.seen().back();
  EXPECT_THAT(seen.headers,
              testing::IsSupersetOf({Pair("Host", "logs.example.test"), Pair("uSeR-aGeNt", "mine"),
                                     Pair("X-Twice", "1"), Pair("X-Twice", "2"), Pair("X-Text", "a  b\xc3\xa9")}));
  EXPECT_THAT(seen.headers, testing::Not(testing::Contains(Pair("Host", HasSubstr("127.0.0.1")))));
}

TEST(CurlClient, path_and_query_arrive_byte_for_byte) {
  Recorder recorder;
  HttpServer server(std::ref(recorder));
  const auto client = open_client();
  for (const std::string target : {"/", "/a/../b", "/../../x", "/./a/.", "//", "//double//slash/", "/%2F%2e%2e/",
                                   "/%e3%81%82%E3%81%84", "/a%20b+c", "/?", "/p?", "/p?a=b?c=/../d", "/p?x=%20&y=+&z",
                                   "/;v=1,2:@!$'()*~", "/%zz%", "/p?a[]=1&b={}|\\^`\"<>", "/a|b\"<>{}^`\\"}) {
    ASSERT_TRUE(client->send(get(server.url() + target), {})) << target;
    EXPECT_EQ(recorder.seen().back().url, target);
  }
  // A query right after the host needs the path that HTTP demands.
  ASSERT_TRUE(client->send(get(server.url() + "?list-type=2"), {}));
  EXPECT_EQ(recorder.seen().back().url, "/?list-type=2");
}

TEST(CurlClient, reads_what_servers_may_send) {
  struct Case {
    const char* told;
    std::string bytes;
    std::string body;
  };
  const Case kCases[] = {
      {"informational answers first",
       "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-Early: 2\r\n\r\n"
       "HTTP/1.1 200 OK\r\nX-Late: yes\r\nContent-Length: 2\r\n\r\nok",
       "ok"},
      {"folded and odd header lines", "HTTP/1.1 200 Fine And Dandy\r\nX-Late:\r\n   yes\r\nContent-Length:2\r\n\r\nok",
       "ok"},
      {"no reason and no length, ended by the close", "HTTP/1.1 200\r\nx-late:   yes  \r\n\r\nto the end",
       "to the end"},
      {"chunks with extensions and trailers",
       "HTTP/1.1 200 OK\r\nX-Late: yes\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Early: trailer\r\n\r\n",
       "abc0123456789"},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\nX-LATE: yes\r\n\r\nold", "old"},
      {"NUL bytes in the body", "HTTP/1.1 200 OK\r\nX-Late: yes\r\nContent-Length: 3\r\n\r\na" + std::string("\0b", 2),
       std::string("a\0b", 3)},
  };
  for (const Case& c : kCases) {
    HttpServer server([&](const HttpRequest&) { return raw(c.bytes); });
    const auto response = open_client()->send(get(server.url()), {});
    ASSERT_TRUE(response) << c.told << ": " << response.error().message;
    EXPECT_EQ(response->status, 200) << c.told;
    EXPECT_EQ(response->body, c.body) << c.told;
    EXPECT_EQ(find_header(response->headers, "x-late"), "yes") << c.told;
    EXPECT_EQ(find_header(response->headers, "x-early"), std::nullopt) << c.told;
  }
}

TEST(CurlClient, chunked_answers_are_put_together) {
  const std::string body = gzip(std::string(50'000, 'b')) + std::string(12'345, 'c');
  HttpServer server([&](const HttpRequest&) {
    ServerAnswer answer = ok(body);
    answer.chunked = true;
    return answer;
  });
  const auto client = open_client();
  for (int i = 0; i < 3; ++i) {
    const auto response = client->send(get(server.url()), {});
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->body == body);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlClient, gzip_is_undone_unless_the_bytes_are_wanted_as_stored) {
  const std::string plain(100'000, 'z');
  const std::string stored = gzip(plain);
  std::string encodings;
  HttpServer server([&](const HttpRequest& request) {
    encodings = find_header(request.headers, "Accept-Encoding").value_or("none");
    ServerAnswer answer = ok(stored);
    answer.response.headers = {{"Content-Encoding", "gzip"}};
    return answer;
  });
  const auto client = open_client();
  HttpRequest request = get(server.url());
  auto response = client->send(request, {});
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->body == plain);
  EXPECT_EQ(encodings, "gzip, deflate");
  EXPECT_LT(client->counters().bytes_received, 10'000U) << "counted as it came";
  request.decode_content = false;
  response = client->send(request, {});
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->body == stored);
  EXPECT_EQ(find_header(response->headers, "content-encoding"), "gzip");
  EXPECT_EQ(encodings, "none");
}

TEST(CurlClient, speaks_tls_to_those_whose_issuer_it_trusts) {
  HttpServer server([](const HttpRequest&) { return ok("secret"); }, HttpServer::Security::kTls);
  CurlClientOptions options;
  options.ca_file = server.ca_file();
  const auto client = open_client(options);
  for (int i = 0; i < 3; ++i) {
    const auto response = client->send(get(server.url() + "/x"), {});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "secret");
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlClient, refuses_tls_of_others) {
  HttpServer server([](const HttpRequest&) { return ok("secret"); }, HttpServer::Security::kTls);
  HttpServer other([](const HttpRequest&) { return ok("secret"); }, HttpServer::Security::kTls);
  for (const std::string& ca : {std::string(), other.ca_file()}) {
    CurlClientOptions options;
    options.ca_file = ca;
    const auto client = open_client(options);
    const auto response = client->send(get(server.url() + "/x?q"), {});
    ASSERT_FALSE(response) << ca;
    EXPECT_EQ(response.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(response.error().reason, "Tls") << response.error().message;
    EXPECT_THAT(response.error().message, HasSubstr("certificate"));
    EXPECT_THAT(response.error().message, HasSubstr("CA file"));
  }
}

TEST(CurlClient, a_ca_file_that_cannot_serve_is_told_when_it_is_named) {
  for (const std::string& path : {std::string("/nowhere/ca.pem"), std::string(FA_PROJECT_DIR "/LICENSE")}) {
    CurlClientOptions options;
    options.ca_file = path;
    const auto client = CurlClient::open(options);
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().code, ErrorCode::kUnreadable);
    EXPECT_THAT(client.error().message, HasSubstr(path));
  }
}

TEST(CurlClient, goes_through_a_proxy_unless_told_to_go_directly) {
  Recorder recorder;
  HttpServer proxy(std::ref(recorder));
  HttpServer origin([](const HttpRequest&) { return ok("origin"); });
  CurlClientOptions options;
  options.proxy = proxy.url();
  const auto client = open_client(options);
  const std::string url = "http://service.test/a/../b//c%2F?x=/&y";  // a name that only the proxy would know
  const auto response = client->send(get(url), {});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "fine");
  EXPECT_EQ(recorder.seen().back().url, url);
  EXPECT_EQ(find_header(recorder.seen().back().headers, "Host"), "service.test");

  HttpRequest direct = get(origin.url() + "/latest/meta-data");
  EXPECT_EQ(client->send(direct, {})->body, "fine");
  direct.direct = true;
  EXPECT_EQ(client->send(direct, {})->body, "origin");
}

TEST(CurlClient, takes_the_proxy_from_the_environment) {
  Recorder recorder;
  HttpServer proxy(std::ref(recorder));
  HttpServer origin([](const HttpRequest&) { return ok("origin"); });
  const auto client = open_client();
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  EXPECT_EQ(client->send(get("http://service.test/"), {})->body, "fine");
  EXPECT_EQ(client->send(get(origin.url()), {})->body, "fine");
  ::setenv("no_proxy", "127.0.0.1", 1);
  EXPECT_EQ(client->send(get(origin.url()), {})->body, "origin");
  HttpRequest direct = get(origin.url());
  ::unsetenv("no_proxy");
  direct.direct = true;
  EXPECT_EQ(client->send(direct, {})->body, "origin");
  ::unsetenv("http_proxy");
}

}  // namespace
}  // namespace fa
