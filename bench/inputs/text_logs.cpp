#include <array>
#include <stdexcept>
#include <string>

#include "inputs/clock_text.h"
#include "inputs/kinds.h"
#include "inputs/messages.h"
#include "inputs/output.h"

namespace fa::bench {
namespace {

constexpr std::array<std::string_view, 4> kLoggers{"shop.orders.OrderService", "shop.orders.Repository",
                                                   "shop.http.Router", "shop.cache.PriceCache"};
constexpr std::array<std::string_view, 8> kPaths{
    "/", "/search", "/cart", "/checkout", "/api/v1/orders", "/health", "/api/v1/items", "/static/app.js"};
constexpr std::array<std::string_view, 4> kAgents{"Mozilla/5.0 (X11; Linux x86_64)", "curl/8.4.0", "okhttp/4.12.0",
                                                  "ELB-HealthChecker/2.0"};
constexpr std::array<std::string_view, 5> kDaemons{"sshd", "systemd", "cron", "kernel", "dhclient"};
constexpr std::array<std::string_view, 6> kStatuses{"301", "404", "499", "500", "502", "503"};

/// What the writers of lines share: time that goes on, and values that vary.
struct Writer {
  explicit Writer(std::uint64_t seed) : random(seed) { clock.set(kBegin); }
  void tick() { clock.advance(200 + random.below(19'800)); }
  void talk() {
    tick();
    ordinary_message(random, message);
  }

  Random random;
  ClockText clock;
  Message message;
};

void log4j(Writer& w, Output& out) {
  w.talk();
  Line{out,
       "{} {},{:03} {:<5} [worker-{}] {} - {}\n",
       w.clock.date(),
       w.clock.time(),
       w.clock.millis(),
       w.message.level,
       w.random.below(16),
       w.random.pick(kLoggers),
       w.message.text};
  if (w.message.level != "ERROR" || w.random.below(4) != 0) return;
  out.append("java.net.SocketTimeoutException: Read timed out\n");
  for (int i = 0; i < 8; ++i) Line{out, "\tat shop.http.Client.call{}(Client.java:{})\n", i, 40 + 7 * i};
}

void json_line(Writer& w, Output& out) {
  w.talk();
  Line{
      out,
      R"({{"@timestamp":"{}T{}.{:03}Z","log.level":"{}","service.name":"orders","trace.id":"{:016x}{:016x}","message":"{}"}})"
      "\n",
      w.clock.date(),
      w.clock.time(),
      w.clock.millis(),
      w.message.level,
      w.random.next(),
      w.random.next(),
      w.message.text};
}

void access(Writer& w, Output& out) {
  w.tick();
  Random& r = w.random;
  Line{out,
       R"(10.{}.{}.{} - - [{}] "GET {}?q={:06x} HTTP/1.1" {} {} "-" "{}")"
       "\n",
       r.below(256),
       r.below(256),
       r.below(256),
       w.clock.clf(),
       r.pick(kPaths),
       r.next() >> 40U,
       r.chance(960) ? "200" : r.pick(kStatuses),
       r.below(60'000),
       r.pick(kAgents)};
}

void syslog(Writer& w, Output& out) {
  w.tick();
  Random& r = w.random;
  Line{out, "{} node-{} {}[{}]: ", w.clock.syslog(), r.below(8), r.pick(kDaemons), r.below(32'768)};
  switch (r.below(5)) {
    case 0:
      Line{out, "Accepted publickey for deploy from 10.0.{}.{} port {} ssh2\n", r.below(256), r.below(256),
           1024 + r.below(60'000)};
      break;
    case 1:
      Line{out, "Failed password for invalid user admin from 10.0.{}.{} port {} ssh2\n", r.below(256), r.below(256),
           1024 + r.below(60'000)};
      break;
    case 2:
      Line{out, "session-{}.scope: Succeeded.\n", r.below(9999)};
      break;
    case 3:
      Line{out, "(root) CMD (/usr/lib/sa/sa1 {} 1)\n", r.below(9)};
      break;
    default:
      Line{out, "eth0: link up, {}Mbps, full-duplex\n", r.below(2) == 0 ? 100 : 1000};
  }
}

void klog(Writer& w, Output& out) {
  w.talk();
  Line{out,
       "{}{}.{:06} {:7} controller.go:{}] {}\n",
       w.message.level[0],
       w.clock.klog(),
       w.clock.micros(),
       w.random.below(99'999),
       w.random.below(900),
       w.message.text};
}

void container(Writer& w, Output& out) {
  w.talk();
  Line{out,
       "{}T{}.{:06}000Z stdout F level={} msg=\"{}\" pod=orders-{:010x}\n",
       w.clock.date(),
       w.clock.time(),
       w.clock.micros(),
       w.message.level,
       w.message.text,
       w.random.next() >> 24U};
}

void python(Writer& w, Output& out) {
  w.talk();
  Line{out,
       "[{} {},{:03}: {}/ForkPoolWorker-{}] {}\n",
       w.clock.date(),
       w.clock.time(),
       w.clock.millis(),
       w.message.level,
       1 + w.random.below(8),
       w.message.text};
}

void syslog_5424(Writer& w, Output& out) {
  w.talk();
  Line{out,
       "<{}>1 {}T{}.{:06}Z node-{} orders {} - - {}\n",
       128 + w.random.below(8),
       w.clock.date(),
       w.clock.time(),
       w.clock.micros(),
       w.random.below(8),
       w.random.below(32'768),
       w.message.text};
}

struct LogFormat {
  std::string_view name;
  void (*write)(Writer& writer, Output& out);
};
constexpr std::array<LogFormat, 8> kFormats{{{"log4j", log4j},
                                             {"json_lines", json_line},
                                             {"access", access},
                                             {"syslog", syslog},
                                             {"klog", klog},
                                             {"container", container},
                                             {"python", python},
                                             {"syslog_5424", syslog_5424}}};

void write_format(const LogFormat& format, const InputOptions& options, std::uint64_t seed, std::uint64_t bytes) {
  Output out(options.folder / (std::string(format.name) + ".log"));
  Writer writer(seed);
  while (out.bytes() < bytes) format.write(writer, out);
  out.close();
}

}  // namespace

void write_mixed_logs(const InputOptions& options) {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    write_format(kFormats[i], options, options.seed * 1000 + i, options.bytes / kFormats.size());
  }
}

void write_one_format(const InputOptions& options) {
  write_format(kFormats.front(), options, options.seed, options.bytes);
}

void write_numbered_logs(const InputOptions& options) {
  if (options.templates == 0) throw std::runtime_error("numbered logs need --templates");
  Output out(options.folder / "numbered.log");
  Writer w(options.seed);
  while (out.bytes() < options.bytes) {
    w.tick();
    numbered_message(w.random, w.random.below(options.templates), options.line_bytes, w.message);
    Line{out,
         "{} {},{:03} {:<5} [worker-{}] {} - {}\n",
         w.clock.date(),
         w.clock.time(),
         w.clock.millis(),
         w.message.level,
         w.random.below(16),
         kLoggers[0],
         w.message.text};
  }
  out.close();
}

void write_json_logs(const InputOptions& options) {
  Output out(options.folder / "app.jsonl");
  Writer w(options.seed);
  Random& r = w.random;
  while (out.bytes() < options.bytes) {
    w.talk();
    Line{
        out,
        R"({{"@timestamp":"{}T{}.{:06}Z","log.level":"{}","message":"{}","ecs.version":"8.11.0",)"
        R"("service":{{"name":"orders","version":"2.{}.0"}},"host":{{"name":"orders-{:04x}"}},)"
        R"("log":{{"logger":"{}"}},"process":{{"thread":{{"name":"worker-{}"}}}},)"
        R"("trace":{{"id":"{:016x}{:016x}"}},"span":{{"id":"{:016x}"}},)"
        R"("http":{{"request":{{"method":"GET","bytes":{}}},"response":{{"status_code":200}}}},"url":{{"path":"{}"}}}})"
        "\n",
        w.clock.date(),
        w.clock.time(),
        w.clock.micros(),
        w.message.level,
        w.message.text,
        r.below(3),
        r.below(16),
        r.pick(kLoggers),
        r.below(16),
        r.next(),
        r.next(),
        r.next(),
        r.below(9000),
        r.pick(kPaths)};
  }
  out.close();
}

}  // namespace fa::bench
