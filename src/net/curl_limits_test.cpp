/// How much at once: bytes of an answer, exchanges with a host and altogether.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

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

std::string deflated(const std::string& plain) {
  std::string out(compressBound(static_cast<uLong>(plain.size())), '\0');
  auto size = static_cast<uLongf>(out.size());
  EXPECT_EQ(compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
                      static_cast<uLong>(plain.size()), Z_BEST_SPEED),
            Z_OK);
  out.resize(size);
  return out;
}

TEST(CurlClientLimits, an_answer_above_its_limit_is_refused_decoded_size_counts) {
  const std::string body(100'000, 'b');
  HttpServer server([&](const HttpRequest& request) {
    ServerAnswer answer;
    answer.response.status = request.url == "/404" ? 404 : 200;
    answer.chunked = request.url == "/chunked";
    answer.response.body = request.url == "/deflated" ? deflated(body) : body;
    if (request.url == "/deflated") answer.response.headers = {{"Content-Encoding", "deflate"}};
    return answer;
  });
  const auto client = open_client();
  for (const std::string path : {"/plain", "/404", "/chunked", "/deflated"}) {
    HttpRequest request = get(server.url() + path);
    request.max_response_bytes = body.size();
    const auto whole = client->send(request, {});
    ASSERT_TRUE(whole) << path << whole.error().message;
    EXPECT_TRUE(whole->body == body) << path;
    for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{body.size() - 1}}) {
      request.max_response_bytes = limit;
      const auto cut = client->send(request, {});
      ASSERT_FALSE(cut) << path << limit;
      EXPECT_EQ(cut.error().code, ErrorCode::kLimit) << cut.error().message;
      EXPECT_THAT(cut.error().message, HasSubstr("larger than"));
    }
  }
}

TEST(CurlClientLimits, a_small_answer_that_unpacks_to_a_huge_one_stops_at_the_limit) {
  const std::string bomb = deflated(std::string(std::size_t{32} << 20, '\0'));
  ASSERT_LT(bomb.size(), std::size_t{1} << 20);
  HttpServer server([&](const HttpRequest&) {
    ServerAnswer answer;
    answer.response.status = 200;
    answer.response.headers = {{"Content-Encoding", "deflate"}};
    answer.response.body = bomb;
    return answer;
  });
  HttpRequest request = get(server.url());
  request.max_response_bytes = std::uint64_t{1} << 20;
  const auto response = open_client()->send(request, {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kLimit);
}

/// Answers late and remembers how many were under way at once.
struct Busy {
  std::atomic<int> now{0};
  std::atomic<int> most{0};

  ServerAnswer operator()(const HttpRequest&) {
    const int mine = ++now;
    for (int seen = most; mine > seen && !most.compare_exchange_weak(seen, mine);) {
    }
    std::unique_lock lock(mutex);
    // Everybody waits until as many as may come are there (or, should they not, a while): a limit that is too low
    // shows as well as one that is too high.
    gathered.wait_for(lock, milliseconds(20), [&] { return now >= expected; });
    gathered.notify_all();
    lock.unlock();
    --now;
    ServerAnswer answer;
    answer.response.status = 200;
    return answer;
  }
  int expected = 0;
  std::mutex mutex;
  std::condition_variable gathered;
};

int successes_of_parallel_calls(CurlClient& client, const std::vector<std::string>& urls) {
  std::atomic<int> good{0};
  std::vector<std::thread> callers;
  for (const std::string& url : urls) {
    callers.emplace_back([&client, &good, url] {
      const auto response = client.send(get(url), Context{}.within(std::chrono::minutes(2)));
      if (response && response->status == 200) ++good;
    });
  }
  for (std::thread& caller : callers) caller.join();
  return good;
}

TEST(CurlClientLimits, no_more_exchanges_with_a_host_than_allowed_and_callers_wait) {
  Busy busy;
  busy.expected = 8;
  HttpServer server(std::ref(busy));
  CurlClientOptions options;
  options.max_connections_per_host = 8;
  const auto client = open_client(options);
  EXPECT_EQ(successes_of_parallel_calls(*client, std::vector<std::string>(200, server.url())), 200);
  EXPECT_LE(busy.most, 8);
  EXPECT_GE(busy.most, 2);
  EXPECT_LE(server.connections(), 8U);
  const HttpCounters counters = client->counters();
  EXPECT_EQ(counters.exchanges, 200U);
  EXPECT_EQ(counters.failures, 0U);
  EXPECT_EQ(counters.waiting, 0U);
  EXPECT_EQ(counters.connections_opened, server.connections());
}

TEST(CurlClientLimits, no_more_exchanges_altogether_than_allowed) {
  Busy busy;
  busy.expected = 5;
  HttpServer one(std::ref(busy));
  HttpServer two(std::ref(busy));
  CurlClientOptions options;
  options.max_connections = 5;
  const auto client = open_client(options);
  std::vector<std::string> urls;
  for (int i = 0; i < 100; ++i) urls.push_back(i % 2 == 0 ? one.url() : two.url());
  EXPECT_EQ(successes_of_parallel_calls(*client, urls), 100);
  EXPECT_LE(busy.most, 5);
}

TEST(CurlClientLimits, two_hundred_calls_run_side_by_side_where_that_is_allowed) {
  // Nobody is answered before all have asked.
  std::mutex mutex;
  std::condition_variable all_here;
  int here = 0;
  HttpServer server([&](const HttpRequest&) {
    std::unique_lock lock(mutex);
    ++here;
    all_here.notify_all();
    ServerAnswer answer;
    answer.response.status = all_here.wait_for(lock, std::chrono::minutes(2), [&] { return here >= 200; }) ? 200 : 500;
    return answer;
  });
  CurlClientOptions options;
  options.max_connections_per_host = 200;
  const auto client = open_client(options);
  EXPECT_EQ(successes_of_parallel_calls(*client, std::vector<std::string>(200, server.url())), 200);
}

/// A server that holds /held until told, and answers all else; a client that may ask it one thing at a time.
struct OneAtATime {
  OneAtATime()
      : server([this](const HttpRequest& request) {
          ServerAnswer answer;
          answer.response.status = 200;
          if (request.url == "/held") {
            asked.set_value();
            release.get_future().wait();
          }
          return answer;
        }) {
    CurlClientOptions options;
    options.max_connections_per_host = 1;
    client = open_client(options);
    holder = std::thread([this] { EXPECT_TRUE(client->send(get(server.url() + "/held"), {})); });
    asked.get_future().wait();
  }
  ~OneAtATime() {
    release.set_value();
    holder.join();
  }
  std::promise<void> asked;
  std::promise<void> release;
  HttpServer server;
  std::unique_ptr<CurlClient> client;
  std::thread holder;
};

TEST(CurlClientLimits, who_waits_for_a_connection_waits_within_the_own_deadline) {
  OneAtATime one;
  const auto response = one.client->send(get(one.server.url()), Context{}.within(milliseconds(20)));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
  EXPECT_THAT(response.error().message, HasSubstr("before a connection was free"));
  EXPECT_EQ(one.client->counters().exchanges, 0U);
  EXPECT_EQ(one.client->counters().waiting, 0U);
}

TEST(CurlClientLimits, who_waits_for_a_connection_can_be_stopped) {
  OneAtATime one;
  std::stop_source stop;
  std::thread stopper([&] {
    while (one.client->counters().waiting == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const auto response = one.client->send(get(one.server.url()), Context{stop.get_token(), {}});
  stopper.join();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kCancelled);
}

TEST(CurlClientLimits, a_full_host_does_not_keep_others_waiting) {
  OneAtATime one;
  HttpServer other([](const HttpRequest&) {
    ServerAnswer answer;
    answer.response.status = 200;
    return answer;
  });
  std::thread waiter(
      [&] { EXPECT_TRUE(one.client->send(get(one.server.url()), Context{}.within(std::chrono::minutes(2)))); });
  while (one.client->counters().waiting == 0) std::this_thread::yield();
  EXPECT_TRUE(one.client->send(get(other.url()), {}));
  EXPECT_EQ(one.client->counters().waiting, 1U);
  one.release.set_value();
  waiter.join();
  one.release = std::promise<void>();  // the destructor sets it once more
}

TEST(CurlClientLimits, waiting_for_a_connection_is_no_part_of_the_exchange) {
  OneAtATime one;
  std::atomic<bool> answered{false};
  std::thread waiter([&] {
    HttpRequest request = get(one.server.url());
    request.timeout = std::chrono::seconds(1);
    const auto response = one.client->send(request, {});
    EXPECT_TRUE(response) << response.error().message;
    answered = true;
  });
  while (one.client->counters().waiting == 0) std::this_thread::yield();
  // Another caller's deadline passes while the first still waits, its own timeout being shorter.
  EXPECT_FALSE(one.client->send(get(one.server.url()), Context{}.within(milliseconds(1200))));
  EXPECT_FALSE(answered);
  one.release.set_value();
  waiter.join();
  one.release = std::promise<void>();
}

}  // namespace
}  // namespace fa
