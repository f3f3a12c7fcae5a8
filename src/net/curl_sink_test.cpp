/// Bodies that flow into a BodySink.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "base/wait.h"
#include "net/body_queue.h"
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

class CollectingSink : public BodySink {
 public:
  Result<void> restart() override {
    EXPECT_EQ(std::this_thread::get_id(), caller_);
    ++restarts;
    bytes.clear();
    return {};
  }
  Result<void> write(std::string_view piece) override {
    EXPECT_EQ(std::this_thread::get_id(), caller_);
    EXPECT_FALSE(piece.empty());
    largest = std::max(largest, piece.size());
    bytes.append(piece);
    return {};
  }
  int restarts = 0;
  std::size_t largest = 0;
  std::string bytes = "left by an earlier attempt";

 private:
  const std::thread::id caller_ = std::this_thread::get_id();
};

/// Bytes that differ along the way, so that a lost or doubled piece shows.
std::string long_body(std::size_t size) {
  constexpr std::size_t kBlock = 1000;
  std::string body;
  body.reserve(size + kBlock);
  for (std::size_t i = 0; body.size() < size; ++i) {
    const std::string number = std::to_string(i) + '\n';
    body.append(number).append(kBlock - number.size(), static_cast<char>('a' + i % 26));
  }
  body.resize(size);
  return body;
}

ServerAnswer ok(std::string body) {
  ServerAnswer answer;
  answer.response.status = 200;
  answer.response.body = std::move(body);
  return answer;
}

TEST(CurlClientSink, takes_the_body_of_a_good_answer_after_one_restart) {
  const std::string body = long_body(std::size_t{5} << 20);
  HttpServer server([&](const HttpRequest& request) {
    ServerAnswer answer = ok(request.url == "/empty" ? "" : body);
    answer.chunked = request.url == "/chunked";
    answer.response.status = request.url == "/206" ? 206 : 200;
    return answer;
  });
  const auto client = open_client();
  for (const std::string path : {"/plain", "/chunked", "/206", "/empty"}) {
    CollectingSink sink;
    const auto response = client->send(get(server.url() + path), {}, &sink);
    ASSERT_TRUE(response) << path << response.error().message;
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(sink.restarts, 1) << path;
    EXPECT_TRUE(sink.bytes == (path == "/empty" ? "" : body)) << path << sink.bytes.size();
    EXPECT_LE(sink.largest, BodyQueue::kLimit);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlClientSink, is_left_alone_by_other_answers) {
  HttpServer server([](const HttpRequest& request) {
    ServerAnswer answer = ok("<Error/>");
    answer.response.status = std::stoi(request.url.substr(1));
    return answer;
  });
  const auto client = open_client();
  for (const int status : {302, 404, 503}) {
    CollectingSink sink;
    const auto response = client->send(get(server.url() + '/' + std::to_string(status)), {}, &sink);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "<Error/>");
    EXPECT_EQ(sink.restarts, 0);
    EXPECT_EQ(sink.bytes, "left by an earlier attempt");
  }
}

TEST(CurlClientSink, gets_decoded_bytes_or_those_stored_as_asked) {
  const std::string plain = long_body(std::size_t{9} << 20);
  std::string stored(compressBound(static_cast<uLong>(plain.size())), '\0');
  auto size = static_cast<uLongf>(stored.size());
  ASSERT_EQ(compress(reinterpret_cast<Bytef*>(stored.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
                     static_cast<uLong>(plain.size())),
            Z_OK);
  stored.resize(size);
  HttpServer server([&](const HttpRequest&) {
    ServerAnswer answer = ok(stored);
    answer.response.headers = {{"Content-Encoding", "deflate"}};
    return answer;
  });
  const auto client = open_client();
  for (const bool decode : {true, false}) {
    CollectingSink sink;
    HttpRequest request = get(server.url());
    request.decode_content = decode;
    ASSERT_TRUE(client->send(request, {}, &sink));
    EXPECT_TRUE(sink.bytes == (decode ? plain : stored)) << decode << sink.bytes.size();
  }
}

TEST(CurlClientSink, an_error_of_the_sink_ends_the_exchange_and_is_what_the_caller_gets) {
  const std::string body = long_body(std::size_t{4} << 20);
  HttpServer server([&](const HttpRequest&) { return ok(body); });
  class Full final : public BodySink {
   public:
    explicit Full(int writes) : left_(writes) {}
    Result<void> restart() override {
      if (left_ < 0) return fail(ErrorCode::kUnreadable, "no place to begin");
      return {};
    }
    Result<void> write(std::string_view) override {
      EXPECT_GE(left_, 0) << "written to after its error";
      if (left_-- == 0) return fail(ErrorCode::kUnreadable, "disk full");
      return {};
    }

   private:
    int left_;
  };
  const auto client = open_client();
  for (const int writes : {-1, 0, 1, 2}) {
    Full sink(writes);
    const auto response = client->send(get(server.url()), {}, &sink);
    ASSERT_FALSE(response) << writes;
    EXPECT_EQ(response.error().code, ErrorCode::kUnreadable);
    EXPECT_EQ(response.error().message, writes < 0 ? "no place to begin" : "disk full");
  }
  CollectingSink sink;
  EXPECT_TRUE(client->send(get(server.url()), {}, &sink)) << "and the client goes on";
  EXPECT_TRUE(sink.bytes == body);
}

TEST(CurlClientSink, one_that_throws_leaves_nothing_behind) {
  const std::string body = long_body(std::size_t{4} << 20);
  HttpServer server([&](const HttpRequest&) { return ok(body); });
  class Throwing final : public BodySink {
   public:
    Result<void> restart() override { return {}; }
    Result<void> write(std::string_view) override { throw std::runtime_error("not as the contract says"); }
  };
  const auto client = open_client();
  Throwing throwing;
  EXPECT_THROW((void)client->send(get(server.url()), {}, &throwing), std::runtime_error);
  EXPECT_EQ(client->counters().exchanges, 1U) << "over, not left running";
  EXPECT_EQ(client->send(get(server.url()), {})->body.size(), body.size());
}

TEST(CurlClientSink, is_told_of_a_body_that_is_cut_by_the_error_alone) {
  const std::string body = long_body(std::size_t{3} << 20);
  HttpServer server([&](const HttpRequest&) {
    ServerAnswer answer = ok(body);
    answer.cut = true;
    return answer;
  });
  CollectingSink sink;
  const auto response = open_client()->send(get(server.url()), {}, &sink);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().reason, "ConnectionLost");
  EXPECT_EQ(sink.restarts, 1);
  EXPECT_LE(sink.bytes.size(), body.size() / 2);
  EXPECT_TRUE(body.starts_with(sink.bytes));
}

TEST(CurlClientSink, respects_the_limit_of_the_whole) {
  HttpServer server([](const HttpRequest&) { return ok(long_body(std::size_t{4} << 20)); });
  HttpRequest request = get(server.url());
  request.max_response_bytes = std::size_t{3} << 20;
  CollectingSink sink;
  const auto response = open_client()->send(request, {}, &sink);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kLimit);
}

TEST(CurlClientSink, a_slow_one_holds_the_server_back_and_its_time_is_no_stall) {
  // More than the buffers of two sockets and the queue can hide: with a consumer that stops, the sender stops. Copied
  // once and before the exchange, since a machine under load takes its time for that.
  const std::string body = long_body(std::size_t{16} << 20);
  ServerAnswer served = ok(body);
  HttpServer server([&](const HttpRequest&) { return std::move(served); });
  const auto client = open_client();
  class Slow final : public BodySink {
   public:
    Slow(const std::string& body, const CurlClient& client) : body_(body), client_(client) {}
    Result<void> restart() override { return {}; }
    Result<void> write(std::string_view piece) override {
      if (taken == 0) {
        SystemSleeper().sleep(milliseconds(1500), {});
        EXPECT_EQ(client_.counters().exchanges, 0U) << "the whole body went somewhere though nobody took it";
      }
      EXPECT_LE(piece.size(), BodyQueue::kLimit);
      EXPECT_TRUE(std::string_view(body_).substr(taken, piece.size()) == piece) << taken;
      taken += piece.size();
      return {};
    }
    std::size_t taken = 0;

   private:
    const std::string& body_;
    const CurlClient& client_;
  };
  Slow sink(body, *client);
  HttpRequest request = get(server.url());
  request.stall_timeout = std::chrono::seconds(1);
  const auto response = client->send(request, {}, &sink);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(sink.taken, body.size());
}

TEST(CurlClientSink, many_at_once_each_get_their_own) {
  const std::string body = long_body(std::size_t{3} << 20);
  HttpServer server([&](const HttpRequest& request) { return ok(request.url + '\n' + body); });
  const auto client = open_client();
  std::vector<std::thread> callers;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&, i] {
      const std::string path = '/' + std::to_string(i);
      CollectingSink sink;
      EXPECT_TRUE(client->send(get(server.url() + path), {}, &sink));
      EXPECT_TRUE(sink.bytes == path + '\n' + body) << i;
    });
  }
  for (std::thread& caller : callers) caller.join();
}

}  // namespace
}  // namespace fa
