#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/otlp_histogram.h"
#include "formats/readers.h"
#include "formats/record_collector.h"

namespace fa {
namespace {

std::string attribute(const std::string& key, const std::string& text) {
  return R"({"key":")" + key + R"(","value":{"stringValue":")" + text + R"("}})";
}

const std::string kResource = R"("resource":{"attributes":[)" + attribute("service.name", "orders") + "," +
                              attribute("k8s.pod.name", "orders-1") + "]}";

std::string logs_of(const std::string& records) {
  return R"({"resourceLogs":[{)" + kResource + R"(,"scopeLogs":[{"scope":{"name":"app.Main"},"logRecords":[)" +
         records + "]}]}]}";
}
std::string spans_of(const std::string& spans) {
  return R"({"resourceSpans":[{)" + kResource + R"(,"scopeSpans":[{"scope":{},"spans":[)" + spans + "]}]}]}";
}
std::string metrics_of(const std::string& metrics) {
  return R"({"resourceMetrics":[{)" + kResource + R"(,"scopeMetrics":[{"metrics":[)" + metrics + "]}]}]}";
}
std::string span_with(const std::string& more) {
  return spans_of(R"({"traceId":"aa","spanId":"bb","name":"GET /","startTimeUnixNano":"1700000000000000000",)"
                  R"("endTimeUnixNano":"1700000001000000000")" +
                  (more.empty() ? "" : "," + more) + "}");
}

constexpr std::int64_t kT = 1'700'000'000'000'000'000;

TEST(OtlpLogs, reads_every_field_and_its_own_bytes) {
  const std::string record =
      R"({"timeUnixNano":"1700000000000000001","severityNumber":17,"body":{"stringValue":"payment failed"},)"
      R"("traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","attributes":[)" +
      attribute("exception.type", "java.lang.IllegalStateException") + "," +
      attribute("exception.stacktrace", "java.lang.IllegalStateException: no\\n\\tat A.b(A.java:1)") + "]}";
  const std::string input = logs_of(record) + "\n" + logs_of(record + "," + record) + "\n";
  for (const std::size_t piece : {0U, 1U, 100U}) {
    const RecordCollector got = collect(Format::kOtlp, input, piece);
    ASSERT_EQ(got.logs.size(), 3U);
    EXPECT_TRUE(got.skipped.empty());
    const LogRecord& r = got.logs[2];
    EXPECT_EQ(r.time, at_nanos(kT + 1));
    EXPECT_EQ(r.severity, Severity::kError);
    EXPECT_EQ(r.service, "orders");
    EXPECT_EQ(r.instance, "orders-1");
    EXPECT_EQ(r.logger, "app.Main");
    EXPECT_EQ(r.message, "payment failed\njava.lang.IllegalStateException: no\n\tat A.b(A.java:1)");
    EXPECT_EQ(r.exception_type, "java.lang.IllegalStateException");
    EXPECT_EQ(r.trace_id, "5b8efff798038103d269b633813fc60c");
    EXPECT_EQ(r.span_id, "eee19b7ec3c1b174");
    EXPECT_EQ(bytes_of(input, r.position), record);
    EXPECT_EQ(r.position.line, 2U);
  }
}

TEST(OtlpLogs, takes_every_spelling_of_the_encoding) {
  const std::pair<std::string, Severity> cases[] = {
      {R"({"timeUnixNano":1700000000000000000,"severityNumber":"SEVERITY_NUMBER_WARN2","body":{"stringValue":"x y"}})",
       Severity::kWarn},
      {R"({"time_unix_nano":"1700000000000000000","severity_number":9,"body":{"string_value":"x y"}})",
       Severity::kInfo},
      {R"({"observedTimeUnixNano":"1700000000000000000","severityText":"CRITICAL","body":{"stringValue":"x y"}})",
       Severity::kFatal},
      {R"({"body":{"stringValue":"x y"},"severityNumber":"21","unknown":{"a":[1,{"b":null}]},"timeUnixNano":1.7e18})",
       Severity::kFatal},
  };
  for (const auto& [record, severity] : cases) {
    const RecordCollector got = collect(Format::kOtlp, logs_of(record));
    ASSERT_EQ(got.logs.size(), 1U) << record;
    EXPECT_EQ(got.logs[0].time, at_nanos(kT)) << record;
    EXPECT_EQ(got.logs[0].severity, severity) << record;
    EXPECT_EQ(got.logs[0].message, "x y") << record;
  }
}

TEST(OtlpLogs, reads_snake_case_pretty_printed_and_resource_behind_its_scopes) {
  const std::string input = R"({
  "resource_logs": [
    {
      "scope_logs": [ { "log_records": [
        { "time_unix_nano": "1700000000000000000",
          "body": { "string_value": "hello" } }
      ] } ],
      "resource": { "attributes": [ { "key": "k8s.deployment.name", "value": { "string_value": "cart" } } ] }
    }
  ]
})";
  const RecordCollector got = collect(Format::kOtlp, input, 10);
  ASSERT_EQ(got.logs.size(), 1U);
  EXPECT_EQ(got.logs[0].service, "cart");
  EXPECT_EQ(got.logs[0].message, "hello");
  EXPECT_EQ(got.logs[0].position.line, 5U);
  EXPECT_EQ(got.logs[0].position.line_count, 2U);
  EXPECT_TRUE(bytes_of(input, got.logs[0].position).starts_with("{ \"time_unix_nano\""));
}

TEST(OtlpLogs, finds_the_message_of_a_structured_body) {
  const RecordCollector got = collect(
      Format::kOtlp,
      logs_of(
          R"({"timeUnixNano":"1700000000000000000","body":{"kvlistValue":{"values":[)"
          R"({"key":"message","value":{"stringValue":"disk \"full\""}},{"key":"code","value":{"intValue":"28"}}]}}},)"
          R"({"timeUnixNano":"1700000000000000000","body":{"kvlistValue":{"values":[)"
          R"({"key":"code","value":{"intValue":"28"}},{"key":"tags","value":{"arrayValue":{"values":)"
          R"([{"stringValue":"a"},{"boolValue":true}]}}}]}}})"));
  ASSERT_EQ(got.logs.size(), 2U);
  EXPECT_NE(got.logs[0].message.find("disk \"full\""), std::string_view::npos);
  EXPECT_NE(got.logs[1].message.find("28"), std::string_view::npos);
}

TEST(OtlpLogs, strips_the_header_a_body_carries_but_keeps_the_stated_time) {
  const RecordCollector got =
      collect(Format::kOtlp, logs_of(R"({"timeUnixNano":"1700000000000000000","body":{"stringValue":)"
                                     R"("2023-11-14 22:13:19.123 WARN  [main] c.e.Shop - low stock"}})"));
  ASSERT_EQ(got.logs.size(), 1U);
  EXPECT_EQ(got.logs[0].time, at_nanos(kT));
  EXPECT_EQ(got.logs[0].severity, Severity::kWarn);
  EXPECT_EQ(got.logs[0].message, "low stock");
}

TEST(OtlpSpans, reads_every_field_and_its_own_bytes) {
  const std::string input = span_with(
      R"("kind":3,"parentSpanId":"cc","status":{"code":2,"message":"boom"},"attributes":[)" +
      attribute("peer.service", "payments") + R"(,{"key":"http.response.status_code","value":{"intValue":"503"}}])");
  const RecordCollector got = collect(Format::kOtlp, input);
  ASSERT_EQ(got.spans.size(), 1U);
  const SpanRecord& s = got.spans[0];
  EXPECT_EQ(s.trace_id, "aa");
  EXPECT_EQ(s.span_id, "bb");
  EXPECT_EQ(s.parent_span_id, "cc");
  EXPECT_EQ(s.service, "orders");
  EXPECT_EQ(s.instance, "orders-1");
  EXPECT_EQ(s.operation, "GET /");
  EXPECT_EQ(s.kind, SpanKind::kClient);
  EXPECT_TRUE(s.error);
  EXPECT_FALSE(s.throttled);
  EXPECT_EQ(s.http_status, 503);
  EXPECT_EQ(s.start, at_nanos(kT));
  EXPECT_EQ(s.end, at_nanos(kT + 1'000'000'000));
  EXPECT_EQ(s.peer, "payments");
  EXPECT_EQ(s.exception_message, "boom");
  EXPECT_TRUE(bytes_of(input, s.position).starts_with("{\"traceId\":\"aa\""));
  EXPECT_TRUE(bytes_of(input, s.position).ends_with("}"));
}

TEST(OtlpSpans, tells_errors_and_throttling) {
  struct Case {
    std::string more;
    bool error;
    bool throttled;
  };
  const Case cases[] = {
      {"", false, false},
      {R"("status":{"code":"STATUS_CODE_ERROR"})", true, false},
      {R"("status":{"code":"STATUS_CODE_OK"})", false, false},
      {R"("kind":"SPAN_KIND_SERVER","attributes":[{"key":"http.status_code","value":{"intValue":500}}])", true, false},
      {R"("kind":3,"attributes":[{"key":"http.status_code","value":{"intValue":"404"}}])", false, false},
      {R"("kind":3,"attributes":[{"key":"http.status_code","value":{"intValue":"429"}}])", false, true},
      {R"("attributes":[{"key":"rpc.grpc.status_code","value":{"intValue":"8"}}])", false, true},
      {R"("attributes":[{"key":"error.type","value":{"stringValue":"ThrottlingException"}}])", false, true},
  };
  for (const Case& c : cases) {
    const RecordCollector got = collect(Format::kOtlp, span_with(c.more));
    ASSERT_EQ(got.spans.size(), 1U) << c.more;
    EXPECT_EQ(got.spans[0].error, c.error) << c.more;
    EXPECT_EQ(got.spans[0].throttled, c.throttled) << c.more;
  }
}

TEST(OtlpSpans, names_what_was_called) {
  const std::pair<std::string, std::string> cases[] = {
      {attribute("peer.service", "a") + "," + attribute("db.system", "mysql"), "a"},
      {attribute("db.system", "mysql") + "," + attribute("db.name", "shop"), "mysql/shop"},
      {attribute("db.system.name", "redis") + "," + attribute("server.address", "10.0.0.7"), "redis@10.0.0.7"},
      {attribute("db.system", "mysql"), "mysql"},
      {attribute("messaging.destination.name", "queue") + "," + attribute("server.address", "broker"), "queue"},
      {attribute("net.peer.name", "cart") + "," + attribute("net.peer.port", "80"), "cart"},
      {attribute("net.peer.name", "localhost") + "," + attribute("net.peer.port", "8081"), "localhost:8081"},
      {attribute("rpc.service", "shop.Cart"), "shop.Cart"},
  };
  for (const auto& [attributes, peer] : cases) {
    EXPECT_EQ(collect(Format::kOtlp, span_with(R"("kind":3,"attributes":[)" + attributes + "]")).spans.at(0).peer,
              peer);
    EXPECT_EQ(collect(Format::kOtlp, span_with(R"("kind":2,"attributes":[)" + attributes + "]")).spans.at(0).peer, "");
  }
  const auto host_of = [](const std::string& attributes) {
    return std::string(
        collect(Format::kOtlp, span_with(R"("kind":3,"attributes":[)" + attributes + "]")).spans.at(0).peer_host);
  };
  const std::string address = attribute("server.address", "orders-db.internal");
  EXPECT_EQ(host_of(attribute("db.system", "mysql") + "," + attribute("db.name", "shop") + "," + address),
            "orders-db.internal");
  EXPECT_EQ(host_of(attribute("messaging.destination.name", "queue") + "," + address), "");
  EXPECT_EQ(host_of(address), "");
}

TEST(OtlpSpans, takes_the_last_exception_event) {
  const RecordCollector got = collect(
      Format::kOtlp,
      span_with(R"("events":[{"name":"log"},{"name":"exception","attributes":[)" + attribute("exception.type", "E1") +
                R"(]},{"name":"exception","attributes":[)" + attribute("exception.type", "E2") + "," +
                attribute("exception.message", "late") + R"(]}],"status":{"code":2,"message":"m"})"));
  EXPECT_EQ(got.spans.at(0).exception_type, "E2");
  EXPECT_EQ(got.spans.at(0).exception_message, "m; late");  // Either place may hold the telling words.
}

TEST(OtlpSpans, accepts_ids_in_base64_and_drops_ids_of_zeros) {
  const RecordCollector got =
      collect(Format::kOtlp, spans_of(R"({"traceId":"W47/95gDgQPSabYzgT/GDA==","spanId":"7uGbfsPBsXQ=",)"
                                      R"("parentSpanId":"0000000000000000","name":"x","startTimeUnixNano":1})"));
  ASSERT_EQ(got.spans.size(), 1U);
  EXPECT_EQ(got.spans[0].trace_id, "5b8efff798038103d269b633813fc60c");
  EXPECT_EQ(got.spans[0].span_id, "eee19b7ec3c1b174");
  EXPECT_EQ(got.spans[0].parent_span_id, "");
}

TEST(OtlpSpans, refuses_impossible_times_and_keeps_the_rest) {
  const RecordCollector got =
      collect(Format::kOtlp,
              spans_of(R"({"name":"a","startTimeUnixNano":"99999999999999999999"},{"name":"b","startTimeUnixNano":-5},)"
                       R"({"name":"c","startTimeUnixNano":"200","endTimeUnixNano":"100"},"x",7)"));
  ASSERT_EQ(got.spans.size(), 1U);
  EXPECT_EQ(got.spans[0].end, got.spans[0].start);
  EXPECT_EQ(got.skipped.size(), 2U);
}

std::string describe(const SpanRecord& r) {
  const auto nanos = [](TimePoint t) { return std::to_string(to_unix_nanos(t)); };
  std::string text;
  for (const std::string_view part : {r.trace_id, r.span_id, r.parent_span_id, r.service, r.instance, r.operation,
                                      r.peer, r.exception_type, r.exception_message}) {
    text += std::string(part) + "|";
  }
  return text + std::to_string(static_cast<int>(r.kind)) + "|" + std::to_string(r.http_status) +
         (r.error ? "|error" : "") + (r.throttled ? "|throttled" : "") + "|" + nanos(r.start) + "|" + nanos(r.end);
}

/// Spans are read by the form of spans before them, and must not be read otherwise for it.
TEST(OtlpSpans, what_came_before_changes_no_span) {
  const std::string head = R"({"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",)";
  const std::string times = R"("startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000001000000000",)";
  const auto with = [&](const std::string& more) { return head + times + more + "}"; };
  const auto attributes = [](const std::string& list) { return R"("attributes":[)" + list + "]"; };
  const auto status = [](const std::string& code) {
    return R"({"key":"http.response.status_code","value":{"intValue":)" + code + "}}";
  };
  const std::string spans[] = {
      with(R"("kind":3,"name":"GET",)" + attributes(attribute("server.address", "db") + "," + status("\"200\""))),
      with(R"("kind":3,"name":"GET",)" + attributes(attribute("server.address", "web") + "," + status("\"503\""))),
      with(R"("kind":3,"name":"GET",)" + attributes(attribute("server.address", "w\\u0065b") + "," + status("503"))),
      with(R"("kind":2,"name":"GET",)" + attributes(attribute("server.address", "web") + "," + status("null"))),
      with(R"("kind":"SPAN_KIND_CLIENT","name":"GET",)" + attributes(attribute("peer.service", "web"))),
      with(R"("kind":9,"name":"GET",)" + attributes(attribute("peer.service", "web"))),
      with(R"("name":"a","status":{"code":2,"message":"it broke"})"),
      with(R"("name":"b","status":{"message":"it broke again","code":1})"),
      with(R"("name":"c","status":{"code":2,"message":"it \"broke\""},"traceState":"x")"),
      with(R"("name":"d","events":[{"name":"exception",)" + attributes(attribute("exception.type", "E")) + "}]"),
      with(R"("name":"e","name":"f","parentSpanId":"0000000000000000")"),
      with(R"("name":"g","parent_span_id":"00000000000000ab","flags":257)"),
      with(R"("name":"g","parentSpanId":"00000000000000ab","flags":1.5e3,"links":[{"spanId":"1"}])"),
      head + R"("startTimeUnixNano":1700000000000000000,"endTimeUnixNano":1,"name":"h"})",
      head + R"("startTimeUnixNano":"17","endTimeUnixNano":"-1","name":"i"})",
      R"({"traceId":"W47/95gDgQPSabYzgT/GDA==","spanId":"7uGbfsPBsXQ=",)" + times + R"("name":"j"})",
      R"({ "traceId" : "00" , "spanId" : "ab" , )" + times + R"( "name" : "k" })",
      with(R"("name":"l","attributes":[{"key":"peer.service","value":{"boolValue":true}}])"),
      with(R"("name":"l","attributes":[{"key":"peer.service","value":{"boolValue":null}}])"),
      with(R"("name":"l","attributes":[{"key":"peer.service","value":{"arrayValue":{"values":[]}}}])"),
      with(R"("name":"l","attributes":{"peer.service":"plain"})"),
  };
  std::string all;
  std::vector<std::string> expected;
  for (int round = 0; round < 4; ++round) {
    for (const std::string& span : spans) {
      const RecordCollector alone = collect(Format::kOtlp, spans_of(span));
      ASSERT_EQ(alone.spans.size(), 1U) << span;
      expected.push_back(describe(alone.spans[0]));
      all += (all.empty() ? "" : ",") + span;
    }
  }
  const std::string input = spans_of(all);
  const RecordCollector got = collect(Format::kOtlp, input);
  EXPECT_TRUE(got.skipped.empty());
  ASSERT_EQ(got.spans.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(describe(got.spans[i]), expected[i]) << i;
    EXPECT_EQ(bytes_of(input, got.spans[i].position), spans[i % std::size(spans)]);
  }
}

TEST(OtlpMetrics, splits_a_metric_into_series_by_its_attributes) {
  const std::string input =
      metrics_of(R"({"name":"latency","unit":"s","gauge":{"dataPoints":[)"
                 R"({"timeUnixNano":"200","asDouble":2.5,"attributes":[)" +
                 attribute("statistic", "p99") +
                 R"(]},)"
                 R"({"timeUnixNano":"100","asDouble":1.5,"attributes":[)" +
                 attribute("statistic", "p99") +
                 R"(]},)"
                 R"({"timeUnixNano":"100","asInt":"7","attributes":[)" +
                 attribute("zone", "b") + "," + attribute("cell", "1") +
                 R"(]},{"timeUnixNano":"100","asDouble":"NaN"},{"timeUnixNano":"100","flags":1,"asDouble":0},)"
                 R"({"asDouble":1},{"timeUnixNano":"100"}]}})");
  const RecordCollector got = collect(Format::kOtlp, input);
  ASSERT_EQ(got.metrics.size(), 2U);
  const MetricSeries& p99 = got.metric("latency", "p99");
  EXPECT_EQ(p99.values, (std::vector<double>{2.5, 1.5}));
  EXPECT_EQ(p99.times, (std::vector<TimePoint>{at_nanos(200), at_nanos(100)}));
  EXPECT_EQ(p99.service, "orders");
  EXPECT_EQ(p99.instance, "orders-1");
  EXPECT_EQ(p99.unit, "s");
  EXPECT_TRUE(p99.dimensions.empty());
  EXPECT_TRUE(bytes_of(input, p99.position).starts_with("{\"name\":\"latency\""));
  const MetricSeries& zone = got.metric("latency");
  EXPECT_EQ(zone.values, std::vector<double>{7});
  EXPECT_EQ(zone.dimensions, (std::vector<std::pair<std::string, std::string>>{{"cell", "1"}, {"zone", "b"}}));
}

TEST(OtlpMetrics, keeps_the_temporality_of_sums) {
  const std::pair<std::string, MetricTemporality> cases[] = {
      {R"("aggregationTemporality":2,"isMonotonic":true)", MetricTemporality::kCumulative},
      {R"("aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA","isMonotonic":true)", MetricTemporality::kDelta},
      {R"("aggregationTemporality":2)", MetricTemporality::kGauge},
  };
  for (const auto& [fields, temporality] : cases) {
    const RecordCollector got =
        collect(Format::kOtlp,
                metrics_of(R"({"name":"n","sum":{"dataPoints":[{"timeUnixNano":"100","asInt":"7"}],)" + fields + "}}"));
    ASSERT_EQ(got.metrics.size(), 1U);
    EXPECT_EQ(got.metrics[0].temporality, temporality) << fields;
  }
}

TEST(OtlpMetrics, derives_series_of_delta_histograms) {
  const RecordCollector got = collect(
      Format::kOtlp, metrics_of(R"({"name":"d","unit":"ms","histogram":{"aggregationTemporality":1,"dataPoints":[)"
                                R"({"timeUnixNano":"100","count":"10","sum":50,"bucketCounts":["5","5","0"],)"
                                R"("explicitBounds":[10,20]}]}})"));
  EXPECT_EQ(got.metric("d", "count").values, std::vector<double>{10});
  EXPECT_EQ(got.metric("d", "count").temporality, MetricTemporality::kDelta);
  EXPECT_EQ(got.metric("d", "mean").values, std::vector<double>{5});
  EXPECT_EQ(got.metric("d", "mean").unit, "ms");
  EXPECT_EQ(got.metric("d", "p50").values, std::vector<double>{10});
  EXPECT_EQ(got.metric("d", "p90").values, std::vector<double>{18});
}

TEST(OtlpMetrics, derives_cumulative_histograms_from_differences_also_across_documents) {
  const auto point = [](int time, int count, int sum, const std::string& buckets) {
    return metrics_of(R"({"name":"d","histogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":")" +
                      std::to_string(time) + R"(","startTimeUnixNano":"1","count":)" + std::to_string(count) +
                      R"(,"sum":)" + std::to_string(sum) + R"(,"bucketCounts":)" + buckets +
                      R"(,"explicitBounds":[10]}]}})") +
           "\n";
  };
  // The third point is a restart: it counts whole.
  const RecordCollector got =
      collect(Format::kOtlp, point(100, 4, 40, "[4,0]") + point(200, 6, 100, "[4,2]") + point(300, 1, 3, "[1,0]"));
  std::vector<double> means;
  std::vector<double> counts;
  for (const MetricSeries& m : got.metrics) {
    if (m.statistic == "mean") means.insert(means.end(), m.values.begin(), m.values.end());
    if (m.statistic == "count") counts.insert(counts.end(), m.values.begin(), m.values.end());
  }
  EXPECT_EQ(means, (std::vector<double>{30, 3}));
  EXPECT_EQ(counts, (std::vector<double>{4, 6, 1}));
  EXPECT_EQ(got.metric("d", "count").temporality, MetricTemporality::kCumulative);
}

TEST(OtlpMetrics, reads_exponential_histograms_and_summaries) {
  const RecordCollector got = collect(
      Format::kOtlp,
      metrics_of(
          R"({"name":"e","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{"timeUnixNano":"100",)"
          R"("count":"4","sum":12,"scale":0,"zeroCount":"0","positive":{"offset":1,"bucketCounts":["0","4"]}}]}},)"
          R"({"name":"s","summary":{"dataPoints":[{"timeUnixNano":"100","count":"4","sum":12,)"
          R"("quantileValues":[{"quantile":0.5,"value":2},{"quantile":0.999,"value":9}]}]}})"));
  EXPECT_EQ(got.metric("e", "mean").values, std::vector<double>{3});
  EXPECT_EQ(got.metric("e", "p50").values, std::vector<double>{6});  // Halfway between 4 and 8.
  EXPECT_EQ(got.metric("s", "p50").values, std::vector<double>{2});
  EXPECT_EQ(got.metric("s", "p99.9").values, std::vector<double>{9});
  EXPECT_EQ(got.metric("s", "count").values, std::vector<double>{4});
}

TEST(OtlpReader, keeps_what_stands_before_and_behind_broken_json) {
  const std::string good = R"({"timeUnixNano":"1700000000000000000","body":{"stringValue":"ok"}})";
  struct Case {
    std::string input;
    std::size_t logs;
    std::size_t skipped;
  };
  const Case cases[] = {
      {logs_of(good) + "\n" + logs_of(good).substr(0, 200) + "\n" + logs_of(good) + "\n", 2, 1},
      {logs_of(good + R"(,{"body" {}},)" + good) + "\n" + logs_of(good), 2, 1},
      {logs_of(good + "," + good + R"(,{"timeUnixNano":"17)").substr(0, logs_of(good + "," + good).size()), 2, 1},
      {logs_of(good + R"(,{"timeUnixNano":tru,"body":{"stringValue":"bad \q escape"}},)" + good), 3, 0},
      {logs_of(R"({"timeUnixNano":"1700000000000000000","body":{"stringValue":")"
               "\xFF\x01"
               R"( byte"}})"),
       1, 0},
      {"{\"other\":1}\n" + logs_of(good), 1, 1},
  };
  for (const Case& c : cases) {
    const RecordCollector got = collect(Format::kOtlp, c.input);
    EXPECT_EQ(got.logs.size(), c.logs) << c.input;
    EXPECT_EQ(got.skipped.size(), c.skipped) << c.input;
    for (const Skipped& s : got.skipped) EXPECT_FALSE(s.reason.empty());
  }
}

TEST(OtlpReader, hands_over_batches_within_the_limit) {
  std::string records = R"({"timeUnixNano":"1","body":{"stringValue":"x"}})";
  const std::string one = records;
  for (int i = 0; i < 9'999; ++i) records += "," + one;
  struct Sink final : TelemetrySink {
    void on_logs(std::span<const LogRecord> batch) override {
      largest = std::max(largest, batch.size());
      total += batch.size();
    }
    std::size_t largest = 0;
    std::size_t total = 0;
  } sink;
  std::string input = logs_of(records);
  const std::size_t size = input.size();
  input.append(kReadPadding, ' ');
  make_otlp_reader({})->read(std::string_view(input).substr(0, size), 0, true, sink);
  EXPECT_EQ(sink.total, 10'000U);
  EXPECT_EQ(sink.largest, kMaxBatchRecords);
}

TEST(HistogramQuantile, interpolates_inside_the_bucket) {
  EXPECT_EQ(otlp::histogram_quantile({10, 20}, {0, 10, 0}, 0.5), 15.0);
  EXPECT_EQ(otlp::histogram_quantile({10, 20}, {0, 0, 5}, 0.5), 20.0);
  EXPECT_EQ(otlp::histogram_quantile({-10, 20}, {4, 0, 0}, 0.5), -10.0);
  EXPECT_EQ(otlp::histogram_quantile({10, 20}, {0, 0, 0}, 0.5), std::nullopt);
  EXPECT_EQ(otlp::histogram_quantile({10}, {1, 2, 3}, 0.5), std::nullopt);
}

}  // namespace
}  // namespace fa
