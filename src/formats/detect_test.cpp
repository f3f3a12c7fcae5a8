#include <gtest/gtest.h>

#include <string>

#include "formats/reader.h"

namespace fa {
namespace {

using namespace std::string_literals;

struct Case {
  std::string text;
  Format format;
};

const std::string kAlbLine =
    R"(https 2018-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 )"
    R"(200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 )"
    R"(arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 )"
    R"("Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:x" 1 2018-07-02T22:22:48.364000Z )"
    R"("authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1234)";

TEST(DetectFormat, knows_every_format_by_its_content) {
  const Case cases[] = {
      {R"({"resourceLogs":[]})", Format::kOtlp},
      {R"({"resource_spans":[{"x":1}]})", Format::kOtlp},
      {"{\n  \"resourceMetrics\": [", Format::kOtlp},
      {R"({"Records":[{"eventVersion":"1.08","eventSource":"ecs.amazonaws.com","eventName":"UpdateService"}]})",
       Format::kCloudTrail},
      {R"({"eventTime":"2026-01-01T00:00:00Z","eventSource":"ecs.amazonaws.com","eventName":"RunTask"})"
       "\n",
       Format::kCloudTrail},
      {R"({"Events":[{"EventId":"1","CloudTrailEvent":"{}"}]})", Format::kCloudTrail},
      {R"({"events":[{"logStreamName":"s","timestamp":1,"message":"m","eventId":"1"}],"searchedLogStreams":[]})",
       Format::kCloudWatchLogs},
      {R"({"events":[],"nextForwardToken":"f/1"})", Format::kCloudWatchLogs},
      {R"({"results":[[{"field":"@message","value":"m"}]],"statistics":{},"status":"Complete"})",
       Format::kCloudWatchLogs},
      {R"({"results":[],"statistics":{"recordsMatched":0},"status":"Complete"})", Format::kCloudWatchLogs},
      {R"({"MetricDataResults":[{"Id":"a"}],"MetricDataQueries":[]})", Format::kCloudWatchMetrics},
      {R"({"MetricDataQueries":[{"Id":"a"}],"StartTime":1})", Format::kCloudWatchQueries},
      {R"([{"Id":"a","MetricStat":{"Metric":{}}}])", Format::kCloudWatchQueries},
      {R"({"Traces":[{"Id":"1","Segments":[{"Id":"a","Document":"{}"}]}],"UnprocessedTraceIds":[]})",
       Format::kXRayTraces},
      {R"({"TraceSummaries":[],"TracesProcessedCount":0})", Format::kXRaySummaries},
      {R"({"StartTime":1,"Services":[{"ReferenceId":0,"Name":"a","Edges":[]}]})", Format::kXRayGraph},
      {R"({"status":"success","data":{"resultType":"matrix","result":[]}})", Format::kPrometheus},
      {R"({"status":"error","errorType":"timeout","error":"x"})", Format::kPrometheus},
      {R"({"time":"2026-01-01T00:00:00Z","kind":"deployment","actor":"a","action":"b","resource":"c"})",
       Format::kChangeEvents},
      {kAlbLine + "\n", Format::kAlb},
      {"timestamp,a,b\n2024-01-01T00:00:00Z,1,2\n", Format::kCsvMetrics},
      {"\xEF\xBB\xBFtime;cpu\n1704067200;0.5\n", Format::kCsvMetrics},
      {"2024-01-01T00:00:00.000Z {\"level\":\"info\"}\n2024-01-01T00:00:01.000Z {\"level\":\"info\"}\n",
       Format::kCloudWatchLogsExport},
      {"2024-01-01T00:00:00.000Z START RequestId: 1 Version: $LATEST\n2024-01-01T00:00:00.001Z END RequestId: 1\n",
       Format::kCloudWatchLogsExport},
      {"2024-01-01T00:00:00.000Z 2024-01-01 00:00:00,000 INFO x\n at y\n", Format::kCloudWatchLogsExport},
  };
  for (const Case& c : cases) {
    for (const bool complete : {true, false}) {
      const Detection got = detect_format(c.text, complete);
      EXPECT_EQ(format_name(got.format), format_name(c.format)) << c.text << " " << got.reason;
    }
  }
}

TEST(DetectFormat, calls_other_text_a_log) {
  const std::string cases[] = {
      "hello\n",
      "2024-01-01T00:00:00.000Z INFO started\n2024-01-01T00:00:01.000Z INFO ok\n",
      "[2024-01-01 00:00:00] INFO started\n",
      "[{not json] at all\n",
      "{\"level\":\"info\",\"msg\":\"x\"}\n{\"level\":\"info\",\"msg\":\"y\"}\n",
      "{\"level\":\"info\",\"msg\":\"only one\"}",
      "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2024-01-01T00:00:00Z\"}\n",
      "{\"a\":1}\n{\"a\":2}\n",
      "{\"time\":\"2024-01-01T00:00:00Z\",\"user\":\"u\",\"action\":\"login\",\"msg\":\"x\"}\n",
      "http 2024-01-01T00:00:00Z something else\n",
      "LineId,Date,Time,Level,Content\n1,2024-01-01,00:00:00,INFO,hello\n",
      "Mar 14 08:30:00 host sshd[1]: Failed password for root\n",
      "caf\xE9 latin-1 text\n",
      "\x83\x47\x83\x89\x81\x5B\x82\xAA\x94\xAD\x90\xB6 shift-jis\n",
      "log with a hole " + std::string(10, '\0') + " of NULs in the middle of it, as files truncated while open have\n",
      "\x1B[31mred\x1B[0m error\n",
      "name,city\nann,berlin\n",
  };
  for (const std::string& text : cases) {
    EXPECT_EQ(format_name(detect_format(text, true).format), "text") << text << detect_format(text, true).reason;
  }
}

TEST(DetectFormat, says_why_it_knows_nothing) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "empty file"},
      {" \n\n", "nothing but white space"},
      {"\x89PNG\r\n\x1A\n", "binary data: PNG image"},
      {"\x7F"
       "ELF\x02\x01\x01",
       "binary data: ELF program"},
      {"PK\x03\x04zip", "binary data: ZIP archive"},
      {"SQLite format 3\0 rest"s, "binary data: SQLite database"},
      {"PAR1\x15", "binary data: Parquet file"},
      {"\xFF\xFEh\0i\0"s, "UTF-16 text; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)"},
      {std::string(100, '\0'), "binary data: nothing but NUL bytes"},
      {R"({"id":"1","description":"x","window":{"from":"a"}})",
       "a JSON object of no known shape, with the keys id, description, window"},
      {R"([{"a":1,"b":2}])", "a JSON array of no known shape, with the keys a, b"},
      {"[]", "a JSON array of no known shape"},
  };
  for (const auto& [text, reason] : cases) {
    const Detection got = detect_format(text, true);
    EXPECT_EQ(got.format, Format::kUnknown) << text;
    EXPECT_EQ(got.reason, reason);
  }
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 4096; ++i) {
    state = state * 1664525U + 1013904223U;
    noise.push_back(static_cast<char>(state >> 24));
  }
  EXPECT_TRUE(detect_format(noise, true).reason.starts_with("binary data: "));
}

TEST(DetectFormat, looks_behind_a_first_line_that_was_cut) {
  const std::string line = R"({"resourceSpans":[{"scopeSpans":[]}]})";
  EXPECT_EQ(detect_format("lue\":\"x\"}]}\n" + line + "\n" + line + "\n", true).format, Format::kOtlp);
  EXPECT_EQ(detect_format("{\"resourceSpans\":[{\"sco\n" + line + "\n", true).format, Format::kOtlp);
}

TEST(MakeReader, has_a_reader_for_every_format_that_survives_anything) {
  const std::string inputs[] = {
      "", "\n", "{", "[[[", "\"", std::string(300, '\0'), "{\"a\":\"\xFF\"}", "a,b\n\"", std::string(2000, '{')};
  for (int i = 0; i <= static_cast<int>(Format::kChangeEvents); ++i) {
    const auto format = static_cast<Format>(i);
    EXPECT_FALSE(format_name(format).empty());
    for (const std::string& input : inputs) {
      const auto reader = make_reader(format, {});
      ASSERT_NE(reader, nullptr);
      TelemetrySink sink;
      std::string padded = input;
      padded.append(kReadPadding, 'x');
      EXPECT_EQ(reader->read(std::string_view(padded).substr(0, input.size()), 0, true, sink), input.size())
          << format_name(format);
    }
  }
}

}  // namespace
}  // namespace fa
