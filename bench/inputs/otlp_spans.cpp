#include "inputs/otlp_spans.h"

#include <array>

#include "inputs/clock_text.h"
#include "inputs/kinds.h"

namespace fa::bench {

void OtlpExporter::add(const OtlpSpan& s) {
  const auto append = [&]<class... Args>(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(fmt::appender(spans_), format, std::forward<Args>(args)...);
  };
  if (count_ > 0) append(",");
  append(R"({{"traceId":"{:016x}{:016x}","spanId":"{:016x}","parentSpanId":")", s.trace_high, s.trace_low, s.id);
  if (s.parent != 0) append("{:016x}", s.parent);
  append(R"(","flags":257,"name":"{}","kind":{},"startTimeUnixNano":"{}","endTimeUnixNano":"{}","attributes":[)",
         s.name, s.kind, s.start, s.end);
  const int status = s.error.empty() ? 200 : 500;
  if (s.kind == 2) {
    append(
        R"({{"key":"http.request.method","value":{{"stringValue":"GET"}}}},{{"key":"url.path","value":{{"stringValue":"{}"}}}},)"
        R"({{"key":"http.response.status_code","value":{{"intValue":"{}"}}}},{{"key":"network.protocol.version","value":{{"stringValue":"1.1"}}}})",
        s.route, status);
  } else {
    append(
        R"({{"key":"server.address","value":{{"stringValue":"{}"}}}},{{"key":"server.port","value":{{"intValue":"8080"}}}},)"
        R"({{"key":"http.response.status_code","value":{{"intValue":"{}"}}}})",
        s.peer, status);
  }
  append(R"(],"droppedAttributesCount":0,"events":[],"status":{{"code":{})", s.error.empty() ? 0 : 2);
  if (!s.error.empty()) append(R"(,"message":"{}")", s.error);
  append("}}}}");
  if (++count_ == kSpansPerRequest) flush();
}

void OtlpExporter::flush() {
  if (count_ == 0) return;
  Line{
      out_,
      R"({{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"{0}"}}}},)"
      R"({{"key":"service.instance.id","value":{{"stringValue":"{0}-1"}}}},{{"key":"telemetry.sdk.language","value":{{"stringValue":"nodejs"}}}}]}},)"
      R"("scopeSpans":[{{"scope":{{"name":"http","version":"1.0.0"}},"spans":[{1}]}}]}}]}})"
      "\n",
      service_, std::string_view(spans_.data(), spans_.size())};
  spans_.clear();
  count_ = 0;
}

void write_otlp_spans(const InputOptions& options) {
  constexpr std::array<std::string_view, 4> kServices{"storefront", "orders", "inventory", "payment"};
  constexpr std::array<std::string_view, 4> kRoutes{"/cart", "/orders", "/stock", "/charge"};
  Output out(options.folder / "spans.jsonl");
  Random r(options.seed);
  std::array<OtlpExporter, 4> exporters{OtlpExporter{kServices[0], out}, OtlpExporter{kServices[1], out},
                                        OtlpExporter{kServices[2], out}, OtlpExporter{kServices[3], out}};
  ClockText clock;
  clock.set(kBegin);
  while (out.bytes() < options.bytes) {
    clock.advance(500 + r.below(9500));
    OtlpSpan span;
    span.trace_high = r.next();
    span.trace_low = r.next();
    const bool failed = r.chance(10);
    const std::int64_t took = 1'000'000 * (20 + r.below(100));
    // A chain of calls: each service's server span, and in it the client span of the next call.
    for (std::size_t i = 0; i < kServices.size(); ++i) {
      const auto depth = static_cast<std::int64_t>(i);
      span.id = r.next() | 1U;
      span.kind = 2;
      span.name = kRoutes[i];
      span.route = kRoutes[i];
      span.start = clock.nanos() + 1'000'000 * depth;
      span.end = span.start + took - 2'000'000 * depth;
      span.error = failed ? "upstream answered 500" : "";
      exporters[i].add(span);
      span.parent = span.id;
      if (i + 1 == kServices.size()) break;
      span.id = r.next() | 1U;
      span.kind = 3;
      span.name = "GET";
      span.peer = kServices[i + 1];
      exporters[i].add(span);
      span.parent = span.id;
    }
  }
  for (OtlpExporter& exporter : exporters) exporter.flush();
  out.close();
}

}  // namespace fa::bench
