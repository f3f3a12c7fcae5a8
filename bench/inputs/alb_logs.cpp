#include "inputs/alb_logs.h"

#include <array>
#include <memory>

#include "inputs/kinds.h"

namespace fa::bench {
namespace {

constexpr std::array<std::string_view, 8> kShopPaths{"/",       "/api/items", "/api/cart",      "/api/checkout",
                                                     "/health", "/search",    "/static/app.js", "/api/account/orders"};
constexpr std::string_view kFailingPath = "/api/checkout";
constexpr std::array<std::string_view, 4> kClients{
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0",
    "okhttp/4.12.0", R"(reader \"of quotes\", mobile)", "-"};
constexpr std::array<std::uint32_t, 3> kFailures{500, 502, 504};
constexpr std::array<std::uint32_t, 3> kOther{301, 404, 499};
constexpr std::uint32_t kNodes = 2;
constexpr std::uint32_t kSlots = 12;  ///< Of five minutes.

AlbRequest next_request(Random& r, bool failing) {
  AlbRequest request;
  request.path = r.pick(kShopPaths);
  request.group = request.path == kFailingPath ? "checkout" : "web";
  request.millis = r.below(200);
  if (failing && request.path == kFailingPath && r.chance(800)) {
    request.status = kFailures[r.below(3)];
    request.answered = request.status == 500;
    request.millis = r.below(10'000);
  } else if (r.chance(90)) {
    request.status = kOther[r.below(3)];
  }
  return request;
}

}  // namespace

void write_alb_line(Random& r, const ClockText& clock, const AlbRequest& request, Output& out) {
  const std::uint32_t host = r.below(600);
  const std::string target = fmt::format("10.0.{}.{}:8080", host / 200, host % 200);
  const std::string status = request.answered ? std::to_string(request.status) : "-";
  const std::string seconds =
      request.answered ? fmt::format("{}.{:03}", request.millis / 1000, request.millis % 1000) : "-1";
  ClockText done;
  done.set(clock.now() + std::chrono::milliseconds(request.millis));
  Line{out,
       "https {}T{}.{:06}Z app/shop/0123456789abcdef 198.51.100.{}:{} {} 0.00{} {} 0.000 {} {} {} {} "
       "\"GET https://shop.example.com:443{}?a=1,2&id={} HTTP/1.1\" \"{}\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 "
       "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/{}/fedcba9876543210 "
       "\"Root=1-{:08x}-{:012x}{:012x}\" "
       "\"shop.example.com\" \"session-reused\" 0 {}T{}.{:06}Z \"forward\" \"-\" \"-\" \"{}\" \"{}\" \"-\" \"-\" "
       "TID_{:016x}\n",
       done.date(),
       done.time(),
       done.micros(),
       r.below(256),
       1024 + r.below(64'000),
       request.answered ? target : "-",
       r.below(10),
       seconds,
       request.status,
       status,
       r.below(2000),
       r.below(50'000),
       request.path,
       r.below(1'000'000),
       r.pick(kClients),
       request.group,
       r.next() >> 32U,
       r.next() >> 16U,
       r.next() >> 16U,
       clock.date(),
       clock.time(),
       clock.micros(),
       target,
       status,
       r.next()};
}

void write_alb_logs(const InputOptions& options) {
  Random random(options.seed);
  ClockText clock;
  Output one(options.folder / "one" / "access.log.gz");
  std::array<std::unique_ptr<Output>, kNodes> nodes;
  std::uint32_t open_slot = kSlots;
  const auto close_nodes = [&] {
    for (auto& node : nodes) {
      if (node) node->close();
    }
  };
  for (std::uint64_t i = 0; i < options.lines; ++i) {
    clock.set(kBegin + std::chrono::microseconds(i * 3'600'000'000U / options.lines));
    const auto slot = static_cast<std::uint32_t>(i * kSlots / options.lines);
    if (slot != open_slot) {
      close_nodes();
      open_slot = slot;
      for (std::uint32_t n = 0; n < kNodes; ++n) {
        nodes[n] = std::make_unique<Output>(options.folder / "many" / fmt::format("{:02}-node-{}.log.gz", slot, n));
      }
    }
    const AlbRequest request = next_request(random, slot >= kSlots / 2);
    Output& node = *nodes[random.below(kNodes)];
    Random line = random;  // The same line twice, once for each of the two ways to store it.
    write_alb_line(random, clock, request, node);
    write_alb_line(line, clock, request, one);
  }
  close_nodes();
  one.close();
}

}  // namespace fa::bench
