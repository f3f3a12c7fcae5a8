/// How long many slow calls take through one CurlClient, and how fast bodies flow into sinks, against a server in this
/// process on loopback. Prints a table; exit status 1 when a call failed.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/curl_client.h"
#include "support/http_server.h"

namespace {

using Clock = std::chrono::steady_clock;
using fa::test::HttpServer;
using fa::test::ServerAnswer;

constexpr int kCalls = 200;
constexpr std::chrono::milliseconds kCallTakes(200);
constexpr std::size_t kObjectBytes = std::size_t{32} << 20;
constexpr int kObjects = 16;

class CountingSink final : public fa::BodySink {
 public:
  fa::Result<void> restart() override {
    bytes = 0;
    return {};
  }
  fa::Result<void> write(std::string_view piece) override {
    bytes += piece.size();
    return {};
  }
  std::size_t bytes = 0;
};

std::unique_ptr<fa::CurlClient> open(const HttpServer& server) {
  fa::CurlClientOptions options;
  options.ca_file = server.ca_file();
  auto client = fa::CurlClient::open(options);
  if (!client) {
    std::fprintf(stderr, "%s\n", client.error().message.c_str());
    std::exit(2);
  }
  return std::move(*client);
}

/// Runs `job(i)` for i in [0, jobs) on so many threads; returns the seconds.
template <class Job>
double timed(int jobs, int threads, const Job& job) {
  std::atomic<int> next{0};
  const auto start = Clock::now();
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (int i = next++; i < jobs; i = next++) job(i);
    });
  }
  for (std::thread& worker : workers) worker.join();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

int slow_calls(HttpServer::Security security, const char* name) {
  int failed = 0;
  for (const int threads : {64, 128, 200}) {
    HttpServer server(
        [](const fa::HttpRequest&) {
          ServerAnswer answer;
          answer.response.status = 200;
          answer.response.body = "{}";
          answer.delay = kCallTakes;
          return answer;
        },
        security);
    const auto client = open(server);
    std::atomic<int> good{0};
    const double seconds = timed(kCalls, threads, [&](int) {
      fa::HttpRequest request;
      request.url = server.url() + "/";
      request.method = "POST";
      request.body = "{}";
      const auto response = client->send(request, {});
      if (response && response->status == 200) ++good;
    });
    const auto opened = static_cast<unsigned long long>(client->counters().connections_opened);
    std::printf("%-6s %3d calls of %lld ms, %3d threads: %.3f s, %llu connections, %d failed\n", name, kCalls,
                static_cast<long long>(kCallTakes.count()), threads, seconds, opened, kCalls - good);
    failed += kCalls - good;
  }
  return failed;
}

int big_bodies(HttpServer::Security security, const char* name) {
  const auto body = std::make_shared<const std::string>(kObjectBytes, 'x');
  int failed = 0;
  for (const int threads : {1, 4, 16}) {
    HttpServer server(
        [&](const fa::HttpRequest&) {
          ServerAnswer answer;
          answer.response.status = 200;
          answer.shared_body = body;
          return answer;
        },
        security);
    const auto client = open(server);
    std::atomic<int> good{0};
    const double seconds = timed(kObjects, threads, [&](int) {
      fa::HttpRequest request;
      request.url = server.url() + "/";
      CountingSink sink;
      if (client->send(request, {}, &sink) && sink.bytes == kObjectBytes) ++good;
    });
    std::printf("%-6s %3d objects of %zu MiB, %3d threads: %.2f GB/s, %d failed\n", name, kObjects, kObjectBytes >> 20,
                threads, static_cast<double>(kObjects) * static_cast<double>(kObjectBytes) / 1e9 / seconds,
                kObjects - good);
    failed += kObjects - good;
  }
  return failed;
}

}  // namespace

int main() {
  int failed = 0;
  failed += slow_calls(HttpServer::Security::kPlain, "plain");
  failed += slow_calls(HttpServer::Security::kTls, "tls");
  failed += big_bodies(HttpServer::Security::kPlain, "plain");
  failed += big_bodies(HttpServer::Security::kTls, "tls");
  return failed == 0 ? 0 : 1;
}
