#include "formats/json_log_line.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/json_cursor.h"
#include "formats/log_header.h"

namespace fa {
namespace {

class JsonLogLine : public testing::Test {
 protected:
  const LogRecord& parse(std::string_view text) {
    record_ = {};
    parse_log_message(text, record_, kNoTime, scratch_);
    return record_;
  }
  std::string time() const { return record_.time == kNoTime ? "-" : format_rfc3339(record_.time); }
  LogScratch scratch_;
  LogRecord record_;
};

TEST_F(JsonLogLine, Ecs) {
  parse(
      R"({"@timestamp":"2026-03-14T08:30:00.123Z","log.level":"error","message":"failed","service.name":"orders",)"
      R"("trace.id":"5f2c7d1e8a9b4c3d","span":{"id":"1a2b3c4d"},"host":{"name":"h1"},"log":{"logger":"a.b.C"},)"
      R"("error":{"type":"java.io.IOException","message":"pipe","stack_trace":"java.io.IOException: pipe\n\tat a.b.C"}})");
  EXPECT_EQ(time(), "2026-03-14T08:30:00.123Z");
  EXPECT_EQ(record_.severity, Severity::kError);
  EXPECT_EQ(record_.service, "orders");
  EXPECT_EQ(record_.instance, "h1");
  EXPECT_EQ(record_.logger, "a.b.C");
  EXPECT_EQ(record_.trace_id, "5f2c7d1e8a9b4c3d");
  EXPECT_EQ(record_.span_id, "1a2b3c4d");
  EXPECT_EQ(record_.exception_type, "java.io.IOException");
  EXPECT_EQ(record_.message, "failed\njava.io.IOException: pipe\n\tat a.b.C");
}

TEST_F(JsonLogLine, BunyanPinoZapStructlogSerilogAndGoogle) {
  parse(
      R"({"name":"app","hostname":"h","pid":1,"level":50,"err":{"name":"TypeError","message":"boom"},"msg":"oops","time":"2026-03-14T08:30:00Z","v":0})");
  EXPECT_EQ(record_.severity, Severity::kError);
  EXPECT_EQ(record_.message, "oops\nTypeError: boom");
  parse(R"({"level":30,"time":1773477000123,"msg":"pino"})");
  EXPECT_EQ(record_.severity, Severity::kInfo);
  EXPECT_EQ(time(), "2026-03-14T08:30:00.123Z");
  parse(R"({"level":"warn","ts":1773477000.123456,"caller":"main.go:12","msg":"zap"})");
  EXPECT_EQ(time(), "2026-03-14T08:30:00.123456Z");
  EXPECT_EQ(record_.logger, "main.go:12");
  parse(R"({"event":"structlog","level":"warning","timestamp":"2026-03-14T08:30:00Z","user":1})");
  EXPECT_EQ(record_.message, "structlog");
  parse(
      R"({"@t":"2026-03-14T08:30:00.1Z","@mt":"Hi {N}","@m":"Hi x","@l":"Warning","@x":"System.Exception: bad\n  at F"})");
  EXPECT_EQ(record_.severity, Severity::kWarn);
  EXPECT_EQ(record_.message, "Hi x\nSystem.Exception: bad\n  at F");
  EXPECT_EQ(record_.exception_type, "System.Exception");
  parse(
      R"({"severity":"NOTICE","jsonPayload":{"message":"gcp"},"timestamp":"2026-03-14T08:30:00Z","trace":"projects/p/traces/5f2c7d1e8a9b4c3d"})");
  EXPECT_EQ(record_.message, "gcp");
  EXPECT_EQ(record_.trace_id, "5f2c7d1e8a9b4c3d");
  parse(R"({"t":{"$date":"2026-03-14T08:30:00.1+00:00"},"s":"W","c":"NETWORK","msg":"mongo"})");
  EXPECT_EQ(record_.severity, Severity::kWarn);
  EXPECT_EQ(time(), "2026-03-14T08:30:00.100Z");
}

TEST_F(JsonLogLine, MessageHeaderIsTakenOffAndKubernetesNamesAreUsed) {
  parse(
      R"({"log":"2026-03-14 08:30:00,1 ERROR a.b.C - inner\n","kubernetes":{"pod_name":"p","labels":{"app":"shop"}},"@timestamp":"2026-03-14T08:30:01Z"})");
  EXPECT_EQ(record_.message, "inner");
  EXPECT_EQ(record_.severity, Severity::kError);
  EXPECT_EQ(record_.service, "shop");
  EXPECT_EQ(record_.instance, "p");
}

TEST_F(JsonLogLine, WithoutMessageTheRemainingKeysAreTheMessage) {
  parse(R"({"a":1,"b":"two","c":{"d":true,"e":null,"f":[1,2]},"time":"2026-03-14T08:30:00Z","level":"info"})");
  EXPECT_EQ(record_.message, "a=1 b=two d=true");
}

TEST_F(JsonLogLine, Logfmt) {
  parse(R"(time="2026-03-14T17:30:00Z" level=warning msg="container \"x\" killed" id=abc error="exit 1")");
  EXPECT_EQ(time(), "2026-03-14T17:30:00Z");
  EXPECT_EQ(record_.severity, Severity::kWarn);
  EXPECT_EQ(record_.message, "container \"x\" killed\nexit 1");
  parse("a=b is not logfmt");
  EXPECT_EQ(record_.message, "a=b is not logfmt");
}

TEST_F(JsonLogLine, EscapesSurrogatesAndInvalidUtf8) {
  parse(R"({"msg":"tab\t quote\" slash\/ \u3042 \ud83d\ude00 lone \ud83d end\u0000"})");
  EXPECT_EQ(record_.message, std::string_view("tab\t quote\" slash/ \u3042 \U0001F600 lone \uFFFD end\0", 41));
  parse("{\"msg\":\"bad \xff byte\",\"level\":\"error\"}");
  EXPECT_EQ(record_.message, "bad \xff byte");
  EXPECT_EQ(record_.severity, Severity::kError);
}

TEST_F(JsonLogLine, MalformedIsTextAndCutKeepsItsFields) {
  TextArena arena;
  StructuredFields fields;
  JsonLineForms forms;
  const auto kind = [&](std::string_view text) { return read_json_line(text, fields, arena, forms).kind; };
  EXPECT_EQ(kind("{}"), JsonLine::kObject);
  EXPECT_EQ(kind(R"({"a":1} )"), JsonLine::kObject);
  EXPECT_EQ(kind(R"({"a":1}x)"), JsonLine::kNotJson);
  EXPECT_EQ(kind(R"({a:1})"), JsonLine::kNotJson);
  EXPECT_EQ(kind(R"({"a" 1})"), JsonLine::kNotJson);
  EXPECT_EQ(kind(R"({"a":hello})"), JsonLine::kNotJson);
  EXPECT_EQ(kind(R"({"a":1,"b":"x)"), JsonLine::kCut);
  EXPECT_EQ(kind("{"), JsonLine::kNotJson);
  parse(R"({"level":"error","msg":"half a li)");
  EXPECT_EQ(record_.message, "half a li");
  EXPECT_EQ(record_.severity, Severity::kError);
}

TEST_F(JsonLogLine, DeepNestingIsSkippedNotFollowed) {
  std::string text = R"({"msg":"deep","x":)";
  for (int i = 0; i < 200000; ++i) text += "{\"a\":";
  text += "1" + std::string(200000, '}') + "}";
  parse(text);
  EXPECT_EQ(record_.message, "deep");
}

/// Lines are read by the form of lines before them, and must not be read otherwise for it.
TEST(JsonLineForms, what_came_before_changes_no_line) {
  constexpr std::string_view kLines[] = {
      R"({"time":"2026-03-14T08:30:00Z","level":"info","msg":"one","service":{"name":"a"},"host":{"name":"h"}})",
      R"({"time":"2026-03-14T08:30:01Z","level":"warn","msg":"two","service":{"name":"b"},"host":{"name":"i"}})",
      R"({"time":"2026-03-14T08:30:02Z","level":"info","msg":"three","service":{"name":"c","host":{"name":"j"}}})",
      R"({"time":"2026-03-14T08:30:03Z","level":"info","msg":"four","service":"d","host":{"name":"k"}})",
      R"({"time":"2026-03-14T08:30:04Z","fields":{"level":"error","msg":"five"},"service":{"name":"e"}})",
      R"({"time":"2026-03-14T08:30:05Z","fields":{"level":"error","msg":"six","x":{"y":1}},"msg":"out"})",
      R"({"time":"2026-03-14T08:30:06Z","fields":"none","level":"error","msg":"seven"})",
      R"({"@t":"2026-03-14T08:30:07Z","@m":{"text":"eight"},"@l":"Error","ti\u006de":"no"})",
      R"({"time":"2026-03-14T08:30:08Z","level":"info","msg":"cut in the mid)",
      R"({"a":{"a":{"a":{"a":{"a":{"a":{"msg":"deep"}}}}}},"msg":"nine","time":"2026-03-14T08:30:09Z"})",
      R"({"a_key_that_is_far_too_long_for_a_path_to_be_kept_whole_in_it_and_goes_on":{"msg":1},"msg":"ten"})",
      R"({"msg":"eleven","extra":{},"level":"error"})",
  };
  LogScratch warm;
  for (int round = 0; round < 3; ++round) {
    for (const std::string_view line : kLines) {
      LogScratch fresh;
      LogRecord expected;
      LogRecord record;
      parse_log_message(line, expected, kNoTime, fresh);
      parse_log_message(line, record, kNoTime, warm);
      EXPECT_EQ(record.time, expected.time) << line;
      EXPECT_EQ(record.severity, expected.severity) << line;
      EXPECT_EQ(record.service, expected.service) << line;
      EXPECT_EQ(record.instance, expected.instance) << line;
      EXPECT_EQ(record.message, expected.message) << line;
    }
  }
}

TEST(JsonLineForms, a_form_is_known_when_it_came_twice) {
  JsonLineForms forms;
  const auto line = [](const std::string& message) {
    return R"({"level":"info","n":1,"ok":true,"fields":{"msg":")" + message + R"("}} )";
  };
  std::string taken;
  const auto is_known = [&](std::string_view text) {
    return forms.read(
        text, [&] { taken.clear(); },
        [&](const JsonLineValue&, JsonScalar, const JsonCursor::Token& token) {
          taken += std::string(token.text) + ";";
          return true;
        });
  };
  StructuredFields fields;
  TextArena arena;
  for (const std::string message : {"one", "two"}) {
    EXPECT_FALSE(is_known(line(message)));
    EXPECT_EQ(read_json_line(line(message), fields, arena, forms).kind, JsonLine::kObject);
  }
  ASSERT_TRUE(is_known(line(R"(th\"ree)")));
  EXPECT_EQ(taken, R"(info;1;true;th\"ree;)");
  for (const std::string_view other : {R"({"level":"info","n":"1","ok":true,"fields":{"msg":"x"}} )",
                                       R"({"level":"info","n":1,"ok":2,"fields":{"msg":"x"}} )",
                                       R"({"level":"info","n":1,"ok":true,"fields":{"msg":"x"}} x)",
                                       R"({"level":"info","n":1,"ok":true,"fields":{"msg":"x"})",
                                       R"({"level":"info","n":1,"ok":true,"fields":{"msg":"x)",
                                       R"({"level":"info","n":1,"ok":true,"labels":{"msg":"x"}} )"}) {
    EXPECT_FALSE(is_known(other)) << other;
  }
}

TEST(JsonLineForms, keys_without_end_fill_no_memory_and_are_read_all_the_same) {
  LogScratch scratch;
  for (int i = 0; i < 20'000; ++i) {
    const std::string number = std::to_string(i % 7 == 0 ? 0 : i);
    const std::string line = R"({"user_)" + number + R"(":{"id":1},"level":"error","msg":"m)" + number + "\"}";
    LogRecord record;
    parse_log_message(line, record, kNoTime, scratch);
    ASSERT_EQ(record.message, "m" + number);
    ASSERT_EQ(record.severity, Severity::kError);
    scratch.clear();
  }
}

struct MetricSink : TelemetrySink {
  std::vector<MetricSeries> metrics;
  void on_metric(MetricSeries&& m) override { metrics.push_back(std::move(m)); }
};

TEST(EmbeddedMetrics, OneSeriesPerMetricAndDimensionSet) {
  MetricSink sink;
  LogScratch scratch;
  LogRecord record;
  parse_log_message(
      R"({"_aws":{"Timestamp":1773477000123,"CloudWatchMetrics":[{"Namespace":"NS","Dimensions":[["Service","Region"],[]],)"
      R"("Metrics":[{"Name":"Latency","Unit":"Milliseconds"},{"Name":"Missing"}]}]},"Service":"pay","Region":"us","Latency":[12.5,3]})",
      record, kNoTime, scratch, &sink);
  ASSERT_EQ(sink.metrics.size(), 2U);
  const auto& m = sink.metrics[0];
  EXPECT_EQ(m.service, "pay");
  EXPECT_EQ(m.metric_namespace, "NS");
  EXPECT_EQ(m.unit, "Milliseconds");
  EXPECT_EQ(m.values, (std::vector<double>{12.5, 3}));
  EXPECT_EQ(m.times.size(), 2U);
  EXPECT_EQ(format_rfc3339(m.times[0]), "2026-03-14T08:30:00.123Z");
  ASSERT_EQ(m.dimensions.size(), 1U);
  EXPECT_EQ(m.dimensions[0].second, "us");
  EXPECT_EQ(record.message, "");
}

}  // namespace
}  // namespace fa
