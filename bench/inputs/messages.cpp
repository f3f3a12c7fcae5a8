#include "inputs/messages.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace fa::bench {
namespace {

constexpr std::array<std::string_view, 6> kPages{"/",         "/search",        "/cart",
                                                 "/checkout", "/api/v1/orders", "/api/v1/items"};
constexpr std::array<std::string_view, 16> kSyllables{"ba", "co", "du", "fe", "gi", "ha", "jo", "ku",
                                                      "le", "mi", "no", "pu", "ra", "se", "ti", "vo"};
constexpr std::array<std::string_view, 16> kFiller{"order",   "stock",   "price",  "basket", "vendor", "parcel",
                                                   "courier", "invoice", "ledger", "index",  "shard",  "replica",
                                                   "cursor",  "packet",  "socket", "thread"};

/// Writes a message. Braces, unlike a call, evaluate their values from left to right: else compilers differ in which
/// value gets which random number.
struct Say {
  template <class... Args>
  Say(Message& m, std::string_view level, fmt::format_string<Args...> format, Args&&... args) {
    m.level = level;
    m.text.clear();
    fmt::format_to(std::back_inserter(m.text), format, std::forward<Args>(args)...);
  }
};

}  // namespace

void ordinary_message(Random& r, Message& m) {
  const std::uint32_t n = r.below(1000);
  if (n < 300) {
    Say{m,           "INFO", "order {} of customer {:012x} accepted in {} ms", r.below(10'000'000), r.next() >> 16U,
        r.below(400)};
  } else if (n < 550) {
    Say{m, "INFO", "GET {}?page={} answered 200 with {} bytes", r.pick(kPages), r.below(50), r.below(90'000)};
  } else if (n < 750) {
    Say{m, "DEBUG", "cache hit for key item:{} (age {}s, size {})", r.below(100'000), r.below(600), r.below(5000)};
  } else if (n < 900) {
    Say{m,
        "INFO",
        "connection to 10.{}.{}.{}:5432 taken from pool (total={}, idle={})",
        r.below(256),
        r.below(256),
        r.below(256),
        r.below(20),
        r.below(20)};
  } else if (n < 960) {
    Say{m, "WARN", "slow query took {} ms: select * from orders where id = {}", 500 + r.below(3000),
        r.below(10'000'000)};
  } else if (n < 990) {
    Say{m,
        "ERROR",
        "request {:016x} failed: upstream 10.0.{}.{}:8080 answered {}",
        r.next(),
        r.below(256),
        r.below(256),
        500 + r.below(5)};
  } else if (n < 998) {
    Say{m, "WARN", "retry {} of job {:08x}-{:04x} scheduled", r.below(5), r.next() >> 32U, r.next() >> 48U};
  } else {
    Say{m, "FATAL", "worker {} lost its lease on partition {}", r.below(64), r.below(128)};
  }
}

void numbered_message(Random& r, std::uint32_t template_id, std::size_t bytes, Message& m) {
  const auto word = [&](std::uint32_t digits) {
    for (int i = 0; i < 5; ++i, digits >>= 4U) m.text += kSyllables[digits & 15U];
  };
  m.level = "INFO";
  m.text.clear();
  word(template_id);
  m.text += "-step";
  fmt::format_to(std::back_inserter(m.text), " took {} ms for ", r.below(5000));
  word(template_id * 2'654'435'761U);
  fmt::format_to(std::back_inserter(m.text), " {:08x}", r.next() >> 32U);
  while (m.text.size() + 8 < bytes) {
    m.text += ' ';
    m.text += kFiller[template_id++ % kFiller.size()];
  }
}

}  // namespace fa::bench
