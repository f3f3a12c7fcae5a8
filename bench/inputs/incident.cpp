#include <array>
#include <memory>

#include "inputs/alb_logs.h"
#include "inputs/kinds.h"
#include "inputs/otlp_spans.h"

namespace fa::bench {
namespace {

constexpr std::chrono::minutes kLength{120};
constexpr std::chrono::minutes kHealthy{90};  ///< Until the database becomes slow.
constexpr std::uint32_t kStatementTimeout = 3000;
/// What one request leaves behind in all files, measured; the number of requests follows from the size that is asked
/// for.
constexpr std::uint64_t kBytesPerRequest = 2460;

constexpr std::string_view kIncidentFile = R"({
  "id": "bench",
  "description": "5xx answers of the load balancer",
  "window": {"from": "2026-03-14T09:30:00Z", "to": "2026-03-14T10:00:00Z"},
  "baseline": {"from": "2026-03-14T08:00:00Z", "to": "2026-03-14T09:30:00Z"}
}
)";

/// What happened to one request.
struct Request {
  std::uint64_t trace_high = 0;
  std::uint64_t trace_low = 0;
  std::uint32_t order = 0;
  std::uint32_t query_millis = 0;
  bool failed = false;
};

class Incident {
 public:
  explicit Incident(const InputOptions& options)
      : folder_(options.folder), random_(options.seed), requests_(options.bytes / kBytesPerRequest + 1) {
    clock_.set(kBegin);
    Output about(folder_ / "incident.json");
    about.append(kIncidentFile);
    about.close();
  }

  void write() {
    for (std::uint64_t i = 0; i < requests_; ++i) {
      const auto passed =
          std::chrono::microseconds(kLength) * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(requests_);
      open_alb_file(passed);
      while (minute_ <= passed) write_metrics();
      clock_.set(kBegin + passed);
      const Request request = next_request(passed >= kHealthy);
      write_logs(request);
      write_alb(request);
      if (i % 4 == 0) write_spans(request);
    }
    for (OtlpExporter* e : {&storefront_spans_, &orders_spans_, &inventory_spans_}) e->flush();
    for (Output* out : {&storefront_, &orders_, &inventory_, &database_, &spans_, &metrics_}) out->close();
    alb_->close();
  }

 private:
  Request next_request(bool slow_database) {
    Request r;
    r.trace_high = random_.next();
    r.trace_low = random_.next();
    r.order = random_.below(10'000'000);
    r.query_millis = 2 + random_.below(20);
    if (slow_database && random_.chance(600)) {
      r.query_millis = 1500 + random_.below(3000);
      r.failed = r.query_millis >= kStatementTimeout;
      if (r.failed) r.query_millis = kStatementTimeout;
    }
    sum_millis_ += r.query_millis;
    ++queries_;
    return r;
  }

  /// The head of a line of a service that logs JSON.
  void json_head(Output& out, std::string_view service, std::string_view level, const Request& r) {
    Line{out,
         R"({{"time":"{}T{}.{:03}Z","level":"{}","service":"{}","trace_id":"{:016x}{:016x}","msg":")",
         clock_.date(),
         clock_.time(),
         clock_.millis(),
         level,
         service,
         r.trace_high,
         r.trace_low};
  }
  void text_head(Output& out, std::string_view level) {
    Line{out,
         "{} {},{:03} {:<5} [worker-{}] shop.storefront.Router - ",
         clock_.date(),
         clock_.time(),
         clock_.millis(),
         level,
         random_.below(16)};
  }

  void write_logs(const Request& r) {
    text_head(storefront_, "INFO");
    Line{storefront_, "GET /checkout for customer {:012x}\n", random_.next() >> 16U};
    json_head(orders_, "orders", "info", r);
    Line{orders_, "order {} received with {} items\"}}\n", r.order, 1 + random_.below(20)};
    json_head(orders_, "orders", "debug", r);
    Line{orders_, "price of order {} is {} cents\"}}\n", r.order, random_.below(100'000)};
    json_head(inventory_, "inventory", "debug", r);
    Line{inventory_, "connection {} taken from pool, {} idle\"}}\n", random_.below(50), random_.below(20)};
    if (r.failed) {
      json_head(inventory_, "inventory", "error", r);
      Line{inventory_, "statement on postgres timed out after {} ms: select stock for order {}\"}}\n",
           kStatementTimeout, r.order};
      Line{database_,       "{} {}.{:03} UTC [{}] ERROR:  canceling statement due to statement timeout\n",
           clock_.date(),   clock_.time(),
           clock_.millis(), random_.below(30'000)};
      json_head(orders_, "orders", "error", r);
      Line{orders_, "order {} failed: inventory answered 500\"}}\n", r.order};
      text_head(storefront_, "ERROR");
      Line{storefront_, "checkout failed after {} ms: orders answered 500\n", r.query_millis + 5};
      return;
    }
    json_head(inventory_, "inventory", "info", r);
    Line{inventory_, "stock for order {} read in {} ms\"}}\n", r.order, r.query_millis};
    Line{database_,
         "{} {}.{:03} UTC [{}] LOG:  duration: {}.{:03} ms  statement: select stock from item where id = {}\n",
         clock_.date(),
         clock_.time(),
         clock_.millis(),
         random_.below(30'000),
         r.query_millis,
         random_.below(1000),
         random_.below(1'000'000)};
    json_head(orders_, "orders", "info", r);
    Line{orders_, "order {} accepted in {} ms\"}}\n", r.order, r.query_millis + 3};
    text_head(storefront_, "INFO");
    Line{storefront_, "checkout answered 200 with {} bytes in {} ms\n", random_.below(90'000), r.query_millis + 5};
  }

  void write_alb(const Request& r) {
    AlbRequest request;
    request.group = "storefront";
    request.path = "/checkout";
    request.status = r.failed ? 500 : 200;
    request.millis = r.query_millis + 6;
    write_alb_line(random_, clock_, request, *alb_);
  }

  void write_spans(const Request& r) {
    OtlpSpan span;
    span.trace_high = r.trace_high;
    span.trace_low = r.trace_low;
    const auto call = [&](OtlpExporter& exporter, int kind, std::string_view name, std::int64_t inner,
                          std::string_view peer) {
      span.parent = span.id;
      span.id = random_.next() | 1U;
      span.kind = kind;
      span.name = name;
      span.route = name;
      span.peer = peer;
      span.start = clock_.nanos() + 1'000'000 * inner;
      span.end = clock_.nanos() + 1'000'000 * (r.query_millis + 12 - inner);
      exporter.add(span);
    };
    span.error = r.failed ? "upstream answered 500" : "";
    call(storefront_spans_, 2, "/checkout", 0, "");
    call(storefront_spans_, 3, "GET", 1, "orders");
    call(orders_spans_, 2, "/orders", 2, "");
    call(orders_spans_, 3, "GET", 3, "inventory");
    call(inventory_spans_, 2, "/stock", 4, "");
    span.error = r.failed ? "statement timed out" : "";
    call(inventory_spans_, 3, "SELECT stock", 5, "postgres");
  }

  /// The gauges of one minute.
  void write_metrics() {
    const std::int64_t nanos = std::chrono::nanoseconds((kBegin + minute_).time_since_epoch()).count();
    const std::uint64_t mean = queries_ == 0 ? 10 : sum_millis_ / queries_;
    queries_ = sum_millis_ = 0;
    const auto gauge = [&](std::string_view service, std::string_view name, std::string_view unit,
                           std::uint64_t value) {
      Line{
          metrics_,
          R"({{"resourceMetrics":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{}"}}}}]}},)"
          R"("scopeMetrics":[{{"scope":{{"name":"runtime"}},"metrics":[{{"name":"{}","unit":"{}","gauge":{{"dataPoints":[)"
          R"({{"timeUnixNano":"{}","asInt":"{}"}}]}}}}]}}]}}]}})"
          "\n",
          service,
          name,
          unit,
          nanos,
          value};
    };
    for (const std::string_view service : {"storefront", "orders", "inventory"}) {
      gauge(service, "process.cpu.utilization", "%", 20 + random_.below(10));
      gauge(service, "process.memory.usage", "By", 300'000'000 + random_.below(9'000'000));
    }
    gauge("postgres", "db.query.duration", "ms", mean);
    gauge("postgres", "db.connections.active", "1", 3 + mean / 60 + random_.below(3));
    minute_ += std::chrono::minutes(1);
  }

  /// Access logs come as a file per five minutes.
  void open_alb_file(std::chrono::microseconds passed) {
    const auto slot = passed / std::chrono::minutes(5);
    if (slot == alb_slot_) return;
    alb_slot_ = slot;
    if (alb_) alb_->close();
    alb_ = std::make_unique<Output>(folder_ / "alb" / fmt::format("{:02}.log.gz", slot));
  }

  std::filesystem::path folder_;
  Random random_;
  std::uint64_t requests_;
  ClockText clock_;
  std::chrono::microseconds minute_{0};
  std::int64_t alb_slot_ = -1;
  std::uint64_t sum_millis_ = 0;
  std::uint64_t queries_ = 0;
  Output storefront_{folder_ / "storefront.log"};
  Output orders_{folder_ / "orders.log"};
  Output inventory_{folder_ / "inventory.log"};
  Output database_{folder_ / "postgres.log"};
  Output spans_{folder_ / "spans.jsonl"};
  Output metrics_{folder_ / "metrics.jsonl"};
  std::unique_ptr<Output> alb_;
  OtlpExporter storefront_spans_{"storefront", spans_};
  OtlpExporter orders_spans_{"orders", spans_};
  OtlpExporter inventory_spans_{"inventory", spans_};
};

}  // namespace

void write_incident(const InputOptions& options) { Incident(options).write(); }

}  // namespace fa::bench
