#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/readers.h"

namespace fa {
namespace {

struct Row {
  LogRecord view;  ///< Only its values (time, severity, position) are used.
  std::string service, instance, logger, message;
};

struct CollectingSink final : TelemetrySink {
  std::vector<Row> rows;
  std::vector<Skipped> skipped;
  std::vector<MetricSeries> metrics;
  std::size_t largest_batch = 0;

  void on_logs(std::span<const LogRecord> logs) override {
    largest_batch = std::max(largest_batch, logs.size());
    for (const auto& r : logs) {
      rows.push_back(
          {r, std::string{r.service}, std::string{r.instance}, std::string{r.logger}, std::string{r.message}});
    }
  }
  void on_skipped(Skipped&& s) override { skipped.push_back(std::move(s)); }
  void on_metric(MetricSeries&& m) override { metrics.push_back(std::move(m)); }
};

enum class Layout { kLines, kExport };

/// Presents the bytes in windows that grow by `piece`, as a source does.
CollectingSink read(std::string_view bytes, std::size_t piece = ~std::size_t{0}, Layout layout = Layout::kLines,
                    ReaderOptions options = {}) {
  if (options.path.empty()) options.path = "orders.log";
  const auto reader =
      layout == Layout::kLines ? make_log_lines_reader(options) : make_cloudwatch_logs_export_reader(options);
  CollectingSink sink;
  std::string window;
  std::size_t begin = 0;
  std::size_t end = 0;
  while (true) {
    end = bytes.size() - end > piece ? end + piece : bytes.size();
    const bool last = end == bytes.size();
    window.assign(bytes.substr(begin, end - begin));
    const std::size_t size = window.size();
    window.append(kReadPadding, 'x');
    begin += reader->read(std::string_view{window}.substr(0, size), begin, last, sink);
    if (last) break;
  }
  EXPECT_EQ(begin, bytes.size());
  return sink;
}

std::string slice(std::string_view bytes, const Row& row) {
  return std::string{bytes.substr(row.view.position.offset, row.view.position.length)};
}

TEST(LogLinesReader, JoinsStackTracesAndKeepsExactPositions) {
  const std::string log =
      "banner\n"
      "2026-03-14 17:30:00 ERROR a.b.C - failed\n"
      "java.lang.IllegalStateException: x\n"
      "\tat a.b.C(C.java:1)\n"
      "Caused by: java.io.IOException: y\n"
      "\t... 12 more\n"
      "\n"
      "2026-03-14 17:30:01 INFO ok\n"
      "second line";
  const auto sink = read(log);
  ASSERT_EQ(sink.rows.size(), 3U);
  EXPECT_EQ(sink.rows[0].message, "banner");
  EXPECT_EQ(sink.rows[0].view.time, kNoTime);
  const Row& error = sink.rows[1];
  EXPECT_EQ(error.view.position.line, 2U);
  EXPECT_EQ(error.view.position.line_count, 5U);
  EXPECT_EQ(slice(log, error), log.substr(7, log.find("\n\n") - 7));
  EXPECT_EQ(error.message, slice(log, error).substr(slice(log, error).find("failed")));
  EXPECT_EQ(sink.rows[2].message, "ok\nsecond line");
  EXPECT_EQ(sink.rows[2].view.position.line, 8U);
  EXPECT_EQ(slice(log, sink.rows[2]), "2026-03-14 17:30:01 INFO ok\nsecond line");
  EXPECT_EQ(error.service, "orders");
}

TEST(LogLinesReader, TracebacksPanicsAndChainsBelongTogether) {
  const auto sink = read(
      "2026-03-14 17:30:01 ERROR py\n"
      "Traceback (most recent call last):\n"
      "  File \"x.py\", line 1, in <module>\n"
      "\n"
      "ValueError: bad\n"
      "2026-03-14 17:30:02 INFO Response: {\n"
      "  \"time\": \"2026-03-14 00:00:00\"\n"
      "}\n"
      "panic: index out of range\n"
      "\n"
      "goroutine 1 [running]:\n"
      "main.main()\n"
      "\t/x.go:12 +0x1d\n"
      "exit status 2\n"
      "2026-03-14 17:30:03 INFO ok\n");
  ASSERT_EQ(sink.rows.size(), 4U);
  EXPECT_EQ(sink.rows[0].view.position.line_count, 5U);
  EXPECT_EQ(sink.rows[1].view.position.line_count, 3U);
  EXPECT_EQ(sink.rows[2].view.position.line_count, 6U);  // A panic is not part of what was logged before it.
  EXPECT_EQ(sink.rows[2].view.severity, Severity::kFatal);
  EXPECT_EQ(format_rfc3339(sink.rows[2].view.time), "2026-03-14T17:30:02Z");
}

TEST(LogLinesReader, TextWithoutTimestampsIsLineByLineExceptForTraces) {
  const auto sink = read(
      "Name:         web-123\n"
      "Start Time:   Wed, 14 Mar 2026 17:30:00 +0900\n"
      "  Limits:\n"
      "    cpu: 1\n"
      "TypeError: x is not a function\n"
      "    at foo (x.js:1:2)\n"
      "    at bar (x.js:1:2)\n"
      "Step 1/3 : FROM debian\n"
      " ---> abc\n");
  ASSERT_EQ(sink.rows.size(), 7U);
  for (const auto& row : sink.rows) EXPECT_EQ(row.view.time, kNoTime);
  EXPECT_EQ(sink.rows[4].view.position.line_count, 3U);
}

TEST(LogLinesReader, PrettyPrintedJsonIsOneRecord) {
  const auto sink =
      read("{\n  \"level\": \"error\",\n  \"msg\": \"pretty\",\n  \"time\": \"2026-03-14T08:30:00Z\"\n}\nafter\n");
  ASSERT_EQ(sink.rows.size(), 2U);
  EXPECT_EQ(sink.rows[0].message, "pretty");
  EXPECT_EQ(sink.rows[0].view.severity, Severity::kError);
  EXPECT_EQ(sink.rows[0].view.position.line_count, 5U);
}

TEST(LogLinesReader, ContainerWrappersAreUnwrapped) {
  const auto sink = read(
      R"({"log":"2026-03-14 08:30:00,123 ERROR [main] a.b.C - inner\n","stream":"stdout","time":"2026-03-14T08:30:00.2Z"})"
      "\n"
      R"({"log":"\tat a.b.C(C.java:1)\n","stream":"stdout","time":"2026-03-14T08:30:00.2Z"})"
      "\n"
      R"({"log":"{\"level\":\"warn\",\"msg\":\"json \\\"q\\\"\"}\n","stream":"stderr","time":"2026-03-14T08:30:00.3Z"})"
      "\n"
      R"({"log":"partial ","stream":"stdout","time":"2026-03-14T08:30:01.3Z"})"
      "\n"
      R"({"log":"end\n","stream":"stdout","time":"2026-03-14T08:30:01.4Z"})"
      "\n"
      "2026-03-14T08:30:02.1Z stdout P I0314 08:30:02.100000 1 x.go:1] cri\n"
      "2026-03-14T08:30:02.2Z stdout F  line\n"
      "2026-03-14T08:30:03.1Z stderr F 17:30:03.1 WARN outer time\n"
      "2026-03-14T08:30:04.1Z {\"level\":\"error\",\"msg\":\"kubectl\"}\n"
      "web_1  | 2026-03-14T08:30:05Z INFO compose\n"
      "[pod/foo-1/app] 2026-03-14T08:30:06Z ERROR prefix\n");
  ASSERT_EQ(sink.rows.size(), 8U);
  EXPECT_EQ(sink.rows[0].message, "inner\n\tat a.b.C(C.java:1)");
  EXPECT_EQ(format_rfc3339(sink.rows[0].view.time), "2026-03-14T08:30:00.123Z");
  EXPECT_EQ(sink.rows[0].view.position.line_count, 2U);
  EXPECT_EQ(sink.rows[1].message, "json \"q\"");
  EXPECT_EQ(sink.rows[2].message, "partial end");
  EXPECT_EQ(format_rfc3339(sink.rows[2].view.time), "2026-03-14T08:30:01.300Z");
  EXPECT_EQ(sink.rows[3].message, "cri line");
  EXPECT_EQ(sink.rows[3].logger, "x.go:1");
  EXPECT_EQ(format_rfc3339(sink.rows[4].view.time), "2026-03-14T08:30:03.100Z");
  EXPECT_EQ(sink.rows[4].message, "outer time");
  EXPECT_EQ(sink.rows[5].message, "kubectl");
  EXPECT_EQ(format_rfc3339(sink.rows[5].view.time), "2026-03-14T08:30:04.100Z");
  EXPECT_EQ(sink.rows[6].service, "web");
  EXPECT_EQ(sink.rows[7].service, "app");
  EXPECT_EQ(sink.rows[7].instance, "foo-1");
}

TEST(LogLinesReader, CarriageReturnsMarksColoursAndMissingNewline) {
  const auto sink = read(
      "\xEF\xBB\xBF"
      "2026-03-14 17:30:00 INFO a\r\ncontinued\r\n\r\n2026-03-14 17:30:01 \x1b[31mERROR\x1b[0m b");
  ASSERT_EQ(sink.rows.size(), 2U);
  EXPECT_EQ(sink.rows[0].message, "a\ncontinued");
  EXPECT_EQ(sink.rows[0].view.position, (BytePosition{3, 37, 1, 2}));
  EXPECT_EQ(sink.rows[1].message, "b");
  EXPECT_EQ(sink.rows[1].view.severity, Severity::kError);
  EXPECT_EQ(sink.rows[1].view.position.line, 4U);
}

TEST(LogLinesReader, Utf16AndNulsAreSkippedWithAReason) {
  const auto utf16 = read(std::string_view{"\xFF\xFE"
                                           "a\0b\0",
                                           6},
                          2);
  EXPECT_TRUE(utf16.rows.empty());
  ASSERT_EQ(utf16.skipped.size(), 1U);
  EXPECT_NE(utf16.skipped[0].reason.find("UTF-16"), std::string::npos);
  EXPECT_EQ(utf16.skipped[0].position.length, 6U);
  const auto nuls = read(std::string_view{"a\n\0\0\0\nb\n", 8});
  EXPECT_EQ(nuls.rows.size(), 2U);
  ASSERT_EQ(nuls.skipped.size(), 1U);
  EXPECT_EQ(nuls.skipped[0].position, (BytePosition{2, 3, 2, 1}));
}

TEST(LogLinesReader, OverlongLineKeepsItsBeginning) {
  const std::string head = "2026-03-14 17:30:00 INFO start ";
  const std::string log = "before\n" + head + std::string(5 << 20, 'x') + "\n2026-03-14 17:30:01 INFO after\n";
  for (const std::size_t piece : {~std::size_t{0}, std::size_t{300'000}}) {
    const auto sink = read(log, piece);
    ASSERT_EQ(sink.rows.size(), 3U);
    EXPECT_EQ(format_rfc3339(sink.rows[1].view.time), "2026-03-14T17:30:00Z");
    EXPECT_EQ(sink.rows[1].view.position, (BytePosition{7, head.size() + (5 << 20), 2, 1}));
    EXPECT_LE(sink.rows[1].message.size(), kMaxLineBytes);
    EXPECT_EQ(sink.rows[2].view.position.line, 3U);
    ASSERT_EQ(sink.skipped.size(), 1U);
    EXPECT_TRUE(sink.skipped[0].truncated);
  }
}

TEST(LogLinesReader, RecordsAreBounded) {
  std::string log = "2026-03-14 17:30:00 WARN first\n";
  for (int i = 0; i < 2500; ++i) log += "  more\n";
  const auto sink = read(log);
  ASSERT_EQ(sink.rows.size(), 3U);
  EXPECT_EQ(sink.rows[0].view.position.line_count, 1000U);
  EXPECT_EQ(sink.rows[1].view.position.line, 1001U);
  EXPECT_EQ(sink.rows[1].view.severity, Severity::kWarn);
  EXPECT_EQ(sink.rows[1].view.time, sink.rows[0].view.time);
}

TEST(LogLinesReader, HowTheBytesAreCutDoesNotMatter) {
  std::string log;
  for (int i = 0; i < 1200; ++i) log += "  indented first\n";
  log +=
      "2026-03-14 17:30:00 WARN one\nmore\n\n\nmore\n"
      "{\"level\":\"error\",\"msg\":\"json \\n x\",\"time\":\"2026-03-14T08:30:00Z\"}\n"
      "panic: x\n\ngoroutine 1 [running]:\n"
      "Mar 14, 2026 5:30:00 PM com.foo.Bar run\nSEVERE: jul\n\tat a.b\n"
      "31/12/2025 10:00:00 INFO taught\n03/04/2026 10:00:00 INFO by it\n"
      "{\"log\":\"p\",\"stream\":\"stdout\",\"time\":\"2026-03-14T08:30:01.3Z\"}\n"
      "{\"log\":\"q\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-14T08:30:01.3Z\"}\nend";
  const auto whole = read(log);
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 1000U}) {
    const auto cut = read(log, piece);
    ASSERT_EQ(cut.rows.size(), whole.rows.size()) << piece;
    for (std::size_t i = 0; i < cut.rows.size(); ++i) {
      EXPECT_EQ(cut.rows[i].message, whole.rows[i].message) << piece;
      EXPECT_EQ(cut.rows[i].view.position, whole.rows[i].view.position) << piece;
      EXPECT_EQ(cut.rows[i].view.time, whole.rows[i].view.time) << piece;
      EXPECT_EQ(cut.rows[i].view.severity, whole.rows[i].view.severity) << piece;
    }
  }
}

TEST(LogLinesReader, MessageOnlyTakesEveryLineAsItStands) {
  ReaderOptions options;
  options.message_only = true;
  const auto sink = read("2026-03-14 17:30:00 INFO a\r\n\n\tat x\n", ~std::size_t{0}, Layout::kLines, options);
  ASSERT_EQ(sink.rows.size(), 3U);
  EXPECT_EQ(sink.rows[0].message, "2026-03-14 17:30:00 INFO a");
  EXPECT_EQ(sink.rows[0].view.time, kNoTime);
  EXPECT_EQ(sink.rows[1].message, "");
  EXPECT_EQ(sink.rows[2].message, "\tat x");
  EXPECT_EQ(sink.rows[2].view.position.line, 3U);
}

TEST(LogLinesReader, BatchesStayWithinTheLimit) {
  std::string log;
  for (int i = 0; i < 10000; ++i)
    log += "{\"msg\":\"escaped \\u3042 text\",\"level\":\"info\",\"n\":" + std::to_string(i) + "}\n";
  const auto sink = read(log);
  EXPECT_EQ(sink.rows.size(), 10000U);
  EXPECT_EQ(sink.largest_batch, kMaxBatchRecords);
  for (const auto& row : sink.rows) ASSERT_EQ(row.message, "escaped あ text");
}

TEST(LogLinesReader, ClockGoingBackwardsAndMixedZonesKeepTheirTimes) {
  const auto sink =
      read("2026-03-14T17:30:00+09:00 INFO a\n2026-03-14T08:29:00Z INFO b\n2026-03-14T08:31:00Z INFO c\n");
  ASSERT_EQ(sink.rows.size(), 3U);
  EXPECT_EQ(format_rfc3339(sink.rows[0].view.time), "2026-03-14T08:30:00Z");
  EXPECT_EQ(format_rfc3339(sink.rows[1].view.time), "2026-03-14T08:29:00Z");
}

TEST(LogLinesReader, CutJsonAtTheEndKeepsItsFieldsAndSaysSo) {
  const auto sink = read("{\"level\":\"info\",\"msg\":\"a\"}\n{\"level\":\"error\",\"msg\":\"half");
  ASSERT_EQ(sink.rows.size(), 2U);
  EXPECT_EQ(sink.rows[1].message, "half");
  ASSERT_EQ(sink.skipped.size(), 1U);
  EXPECT_TRUE(sink.skipped[0].truncated);
}

TEST(LogLinesReader, EmbeddedMetricsAreHandedOverOnceEvenWhenReadInPieces) {
  const std::string log =
      R"({"_aws":{"Timestamp":1773477000123,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":[[]],"Metrics":[{"Name":"L"}]}]},"L":1,"message":"m"})"
      "\nnext\n";
  for (const std::size_t piece : {~std::size_t{0}, std::size_t{10}}) {
    const auto sink = read(log, piece);
    EXPECT_EQ(sink.metrics.size(), 1U);
    EXPECT_EQ(sink.rows.size(), 2U);
  }
}

TEST(CloudWatchLogsExport, TimestampStartsARecordWhateverStandsInIt) {
  const std::string log =
      "2026-03-14T08:30:00.000Z 2026-03-14 17:30:00,123 ERROR a.b.C - failed\n"
      "2026-03-14 not a record\n"
      "{\n"
      "2026-03-14T08:30:01.000Z {\"level\":\"warn\",\"msg\":\"json\"}\n"
      "2026-03-14T08:30:02.000Z START RequestId: 1\n";
  const auto sink = read(log, 13, Layout::kExport);
  ASSERT_EQ(sink.rows.size(), 3U);
  EXPECT_EQ(sink.rows[0].message, "failed\n2026-03-14 not a record\n{");
  EXPECT_EQ(format_rfc3339(sink.rows[0].view.time), "2026-03-14T08:30:00.123Z");
  EXPECT_EQ(sink.rows[0].view.position.line_count, 3U);
  EXPECT_EQ(sink.rows[1].message, "json");
  EXPECT_EQ(sink.rows[1].view.severity, Severity::kWarn);
  EXPECT_EQ(sink.rows[2].message, "START RequestId: 1");
}

}  // namespace
}  // namespace fa
