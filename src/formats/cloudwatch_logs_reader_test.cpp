#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/time.h"
#include "formats/aws_test_sink.h"
#include "formats/readers.h"

namespace fa {
namespace {

using aws_test::bytes_at;
using aws_test::CollectingSink;
using aws_test::read_in_chunks;
using aws_test::read_whole;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CollectingSink read(const std::string& text, const std::string& path = "incident/orders-logs.json") {
  CollectingSink sink;
  ReaderOptions options;
  options.path = path;
  read_whole(*make_cloudwatch_logs_reader(options), text, sink);
  return sink;
}

const std::string kEvent =
    R"({"logStreamName":"orders/app/0123456789abcdef0123456789abcdef","timestamp":1773477000123,)"
    R"("message":"2026-03-14T08:30:00.100Z ERROR connect \"timed out\" after 3000 ms\n",)"
    R"("ingestionTime":1773477001000,"eventId":"38"})";

TEST(CloudWatchLogsReader, ReadsFilteredEvents) {
  const std::string text = "{\"events\":[" + kEvent + "],\"searchedLogStreams\":[]}";
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.logs, SizeIs(1));
  const LogRecord& r = sink.logs[0];
  EXPECT_EQ(format_rfc3339(r.time), "2026-03-14T08:30:00.100Z");
  EXPECT_EQ(r.severity, Severity::kError);
  EXPECT_EQ(r.message, "connect \"timed out\" after 3000 ms");
  EXPECT_EQ(r.service, "app");
  EXPECT_EQ(r.instance, "orders/app/0123456789abcdef0123456789abcdef");
  EXPECT_EQ(bytes_at(text, r.position), kEvent);
}

TEST(CloudWatchLogsReader, NamesTheServiceByTheBestItKnows) {
  struct Case {
    std::string outer, inner, service, instance;
  };
  for (const Case& c : {
           Case{"", "", "orders-logs", ""},
           Case{R"("logGroupName":"/ecs/orders",)", R"("logStreamName":"s1",)", "orders", "s1"},
           Case{R"("logGroupIdentifier":"arn:aws:logs:r:1:log-group:/aws/lambda/fn",)", "", "fn", ""},
           Case{R"("logGroup":"/ecs/a",)", R"("logGroupName":"/ecs/b",)", "b", ""},
           Case{R"("logStreamName":"outer",)", "", "orders-logs", "outer"},
           Case{"", R"("logStreamName":"2026/03/14/[$LATEST]0123456789abcdef0123456789abcdef",)", "orders-logs",
                "2026/03/14/[$LATEST]0123456789abcdef0123456789abcdef"},
       }) {
    const CollectingSink sink =
        read("{" + c.outer + "\"events\":[{" + c.inner + R"("timestamp":1773477000123,"message":"hello world"}]})");
    ASSERT_THAT(sink.logs, SizeIs(1)) << c.outer << c.inner;
    EXPECT_EQ(sink.logs[0].service, c.service) << c.outer << c.inner;
    EXPECT_EQ(sink.logs[0].instance, c.instance) << c.outer << c.inner;
    EXPECT_EQ(sink.logs[0].message, "hello world");
    EXPECT_EQ(format_rfc3339(sink.logs[0].time), "2026-03-14T08:30:00.123Z");
  }
}

TEST(CloudWatchLogsReader, ReadsPagesOneBehindTheOther) {
  for (const std::string separator : {"\n", "", "\n\n"}) {
    const std::string page = "{\"events\":[" + kEvent + "],\"nextToken\":\"t\"}";
    const std::string last = "{\"events\":[" + kEvent + "," + kEvent + "]}";
    const CollectingSink sink = read(page + separator + page + separator + last);
    EXPECT_THAT(sink.logs, SizeIs(4));
    EXPECT_THAT(sink.skipped, IsEmpty());
    ASSERT_THAT(read(page + separator + page).skipped, SizeIs(1));
  }
  // GetLogEvents always names tokens: they say nothing.
  EXPECT_THAT(read("{\"events\":[" + kEvent + R"(],"nextForwardToken":"f/1","nextBackwardToken":"b/1"})").skipped,
              IsEmpty());
}

TEST(CloudWatchLogsReader, ReadsRowsOfInsights) {
  const std::string row =
      R"([{"field":"@timestamp","value":"2026-03-14 08:30:00.123"},{"field":"@message","value":"2026-03-14 08:30:00,123 WARN pool exhausted"},
    {"field":"@log","value":"123456789012:/ecs/orders"},{"field":"@logStream","value":"task/1"},{"field":"@ptr","value":"CmEK"}])";
  const std::string text = "{\"results\":[" + row + "," + row +
                           R"(],"statistics":{"recordsMatched":2.0,"recordsScanned":9.0},"status":"Complete"})";
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.logs, SizeIs(2));
  EXPECT_EQ(format_rfc3339(sink.logs[0].time), "2026-03-14T08:30:00.123Z");
  EXPECT_EQ(sink.logs[0].service, "orders");
  EXPECT_EQ(sink.logs[0].instance, "task/1");
  EXPECT_EQ(sink.logs[0].severity, Severity::kWarn);
  EXPECT_EQ(sink.logs[0].message, "pool exhausted");
  EXPECT_EQ(bytes_at(text, sink.logs[1].position), row);
  EXPECT_EQ(sink.logs[1].position.line, 2U);
}

TEST(CloudWatchLogsReader, ComputedRowsBecomeFieldValuePairs) {
  const CollectingSink sink = read(
      R"x({"results":[[{"field":"bin(5m)","value":"2026-03-14 08:30:00.000"},{"field":"count(*)","value":"12"},
      {"field":"host","value":"db 1"}]],"statistics":{"recordsMatched":5000},"status":"Complete"})x");
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.logs, SizeIs(1));
  EXPECT_EQ(format_rfc3339(sink.logs[0].time), "2026-03-14T08:30:00Z");
  EXPECT_THAT(sink.logs[0].message, HasSubstr("count(*)=12"));
  EXPECT_THAT(sink.logs[0].message, HasSubstr("host=\"db 1\""));
}

TEST(CloudWatchLogsReader, SaysWhyAnAnswerIsNotWhole) {
  const std::string row = R"([{"field":"@message","value":"m"}])";
  for (const auto& [status, words] : {std::pair<std::string, std::string>{"Failed", "failed"},
                                      {"Cancelled", "cancelled"},
                                      {"Timeout", "time limit"},
                                      {"Running", "still running"}}) {
    const CollectingSink sink = read("{\"results\":[" + row + "],\"status\":\"" + status + "\"}");
    EXPECT_THAT(sink.logs, SizeIs(1));
    ASSERT_THAT(sink.skipped, SizeIs(1)) << status;
    EXPECT_THAT(sink.skipped[0].reason, HasSubstr(words));
  }
  const CollectingSink cut =
      read("{\"results\":[" + row + R"(],"status":"Complete","statistics":{"recordsMatched":25000.0}})");
  ASSERT_THAT(cut.skipped, SizeIs(1));
  EXPECT_EQ(cut.skipped[0].records, 24'999U);
}

TEST(CloudWatchLogsReader, SkipsBrokenEventsAndKeepsTheirNeighbours) {
  for (const std::string broken :
       {"{}", "7", R"({"message":5})", R"({"timestamp":1,"message":"\q"})", R"({"timestamp":tru,"message":nul})"}) {
    const std::string text = "{\"events\":[" + kEvent + "," + broken + "," + kEvent + "]}";
    const CollectingSink sink = read(text);
    EXPECT_THAT(sink.logs, SizeIs(2)) << broken;
    ASSERT_THAT(sink.skipped, SizeIs(1)) << broken;
    EXPECT_EQ(bytes_at(text, sink.skipped[0].position), broken);
  }
  for (const std::string time : {"-5", "99999999999999999999", "\"x\"", "null", "9223372036854775807"}) {
    const CollectingSink sink = read(R"({"events":[{"timestamp":)" + time + R"(,"message":"hello"}]})");
    ASSERT_THAT(sink.logs, SizeIs(1)) << time;
    EXPECT_EQ(sink.logs[0].time, kNoTime) << time;
  }
  const CollectingSink rows =
      read(R"({"results":[7,[],[{"field":"@ptr","value":"x"}],[{"field":"@message","value":"m"}]]})");
  EXPECT_THAT(rows.logs, SizeIs(1));
  EXPECT_THAT(rows.skipped, SizeIs(3));
  EXPECT_THAT(read("{\"x\":1}").skipped, SizeIs(1));
  const CollectingSink bytes =
      read("{\"events\":[{\"timestamp\":1773477000123,\"message\":\"a\xff b\"},{\"message\":\"c\"}]}");
  EXPECT_THAT(bytes.logs, SizeIs(2));
}

TEST(CloudWatchLogsReader, ReadsLargeAnswersInAnyChunks) {
  std::string text = "{\"events\":[";
  for (int i = 0; i < 10'000; ++i) text += (i ? ",\n" : "") + kEvent;
  text += "]}";
  const CollectingSink whole = read(text);
  ASSERT_THAT(whole.logs, SizeIs(10'000));
  EXPECT_EQ(whole.logs[9999].position.line, 10'000U);
  CollectingSink parts;
  read_in_chunks(*make_cloudwatch_logs_reader({}), text, 1'000'003, parts);
  ASSERT_THAT(parts.logs, SizeIs(10'000));
  EXPECT_EQ(parts.logs[5000].message, whole.logs[5000].message);
  EXPECT_EQ(parts.logs[5000].position, whole.logs[5000].position);
  const CollectingSink cut = read(text.substr(0, text.size() / 2));
  EXPECT_GE(cut.logs.size(), 4'990U);
  EXPECT_THAT(cut.skipped, SizeIs(1));
}

TEST(CloudWatchLogsReader, RowsThatCountAreOneRecordThatStandsForMany) {
  const std::string text =
      R"~({"status":"Complete","statistics":{"recordsMatched":500.0},"results":[)~"
      R"~([{"field":"bin(60s)","value":"2026-03-14 08:30:00.000"},{"field":"@log","value":"123456789012:/ecs/orders"},)~"
      R"~({"field":"p1","value":"1"},{"field":"lines","value":"420"},)~"
      R"~({"field":"sample","value":"2026-03-14T08:30:12.100Z ERROR connect \"x\" timed out"},)~"
      R"~({"field":"first","value":"1773477012345"}],)~"
      R"~([{"field":"bin(60s)","value":"2026-03-14 08:31:00.000"},{"field":"lines","value":"80.0"},)~"
      R"~({"field":"sample","value":"plain words"}],)~"
      R"~([{"field":"lines","value":"0"},{"field":"sample","value":"never"}]]})~";
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.logs, SizeIs(2));
  EXPECT_EQ(sink.logs[0].occurrences, 420U);
  EXPECT_EQ(sink.logs[0].service, "orders");
  EXPECT_EQ(sink.logs[0].severity, Severity::kError);
  EXPECT_EQ(sink.logs[0].message, "connect \"x\" timed out");
  EXPECT_EQ(sink.logs[1].occurrences, 80U);
  EXPECT_EQ(format_rfc3339(sink.logs[1].time), "2026-03-14T08:31:00Z");
}

TEST(CloudWatchLogsReader, CountsThatAreNoneLeaveAComputedLine) {
  for (const std::string count : {"-1", "many", "1e3", "12.5", "99999999999999999999", "2000000000000", ""}) {
    const CollectingSink sink = read(R"({"statistics":{},"results":[[{"field":"lines","value":")" + count +
                                     R"("},{"field":"sample","value":"x"}]]})");
    ASSERT_THAT(sink.logs, SizeIs(1)) << count;
    EXPECT_EQ(sink.logs[0].occurrences, 1U) << count;
    EXPECT_THAT(sink.logs[0].message, HasSubstr("sample=x")) << count;
  }
}

TEST(CloudWatchLogsReader, FailuresPerBinAreAMetricOfTheService) {
  const std::string text =
      R"~({"status":"Complete","statistics":{},"results":[)~"
      R"~([{"field":"bin(5m)","value":"2026-03-14 08:30:00.000"},{"field":"@log","value":"1:/ecs/orders"},)~"
      R"~({"field":"records","value":"70"},{"field":"failures","value":"3"}],)~"
      R"~([{"field":"bin(5m)","value":"2026-03-14 08:35:00.000"},{"field":"@log","value":"1:/ecs/orders"},)~"
      R"~({"field":"records","value":"60"},{"field":"failures","value":"0"}],)~"
      R"~([{"field":"bin(5m)","value":"2026-03-14 08:30:00.000"},{"field":"@log","value":"1:/ecs/cart"},)~"
      R"~({"field":"records","value":"9"},{"field":"failures","value":"1"}]]})~";
  const CollectingSink sink = read(text);
  EXPECT_THAT(sink.logs, IsEmpty());
  ASSERT_THAT(sink.metrics, SizeIs(2));
  EXPECT_EQ(sink.metrics[0].service, "cart");
  EXPECT_EQ(sink.metrics[1].service, "orders");
  EXPECT_EQ(sink.metrics[1].name, "log_failures");
  EXPECT_EQ(sink.metrics[1].period_seconds, 300);
  EXPECT_THAT(sink.metrics[1].values, ::testing::ElementsAre(3.0, 0.0));
}

TEST(CloudWatchLogsReader, ADocumentWithoutEventsNamesTheGroupOfThoseBehindIt) {
  const std::string page = R"({"events":[{"timestamp":1773477000123,"message":"hello"}]})";
  const CollectingSink sink = read(R"({"logGroupIdentifier":"arn:aws:logs:r:1:log-group:/ecs/orders","events":[]})"
                                   "\n" +
                                   page + "\n{\"events\":[],\"searchedLogStreams\":[]}\n" + page);
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.logs, SizeIs(2));
  EXPECT_EQ(sink.logs[0].service, "orders");
  EXPECT_EQ(sink.logs[1].service, "orders");
}

}  // namespace
}  // namespace fa
