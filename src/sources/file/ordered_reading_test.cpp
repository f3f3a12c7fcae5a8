#include "sources/file/ordered_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/file/test_support.h"

namespace fa {
namespace {

constexpr std::uint64_t kSmallPart = 4000;

/// Every record as a line of text: what it is, when, and where.
struct RecordLines final : TelemetrySink {
  void on_logs(std::span<const LogRecord> records) override {
    for (const LogRecord& r : records)
      add("log " + std::string(r.service) + "|" + std::string(r.message), r.time, r.position);
  }
  void on_spans(std::span<const SpanRecord> records) override {
    for (const SpanRecord& r : records) add("span " + std::string(r.span_id), r.start, r.position);
  }
  void on_access(std::span<const AccessRecord> records) override {
    for (const AccessRecord& r : records) add("access " + std::string(r.path), r.time, r.position);
  }
  void on_skipped(Skipped&& skipped) override { add("skipped " + skipped.reason, kNoTime, skipped.position); }

  void add(const std::string& what, TimePoint time, const BytePosition& position) {
    lines.push_back(what + " @" + format_rfc3339(time) + " " + std::to_string(position.offset) + "+" +
                    std::to_string(position.length) + " line " + std::to_string(position.line) + "+" +
                    std::to_string(position.line_count));
  }
  std::vector<std::string> lines;
};

struct Outcome {
  std::vector<std::string> lines;
  std::vector<FileOutcome> files;
};

Outcome read_all(const test::TempFolder& folder, std::uint64_t part_bytes, std::size_t threads = 2) {
  const std::vector<std::string> paths{folder.path().string()};
  const InputSet inputs = discover_inputs(paths, {}, {});
  Outcome outcome;
  OrderedReading reading;
  reading.threads = threads;
  reading.part_bytes = part_bytes;
  reading.make_sink = [](std::size_t) { return std::make_unique<RecordLines>(); };
  reading.take = [&](std::size_t file, TelemetrySink& sink) {
    for (std::string& line : static_cast<RecordLines&>(sink).lines) {
      outcome.lines.push_back(std::to_string(file) + " " + std::move(line));
    }
  };
  outcome.files = read_in_order(inputs, reading, {});
  return outcome;
}

std::string repeated(int times, const std::function<std::string(int)>& line) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line(i);
  return text;
}

std::string two_digits(int n) { return std::to_string(n / 10 % 6) + std::to_string(n % 10); }

std::string dated_line(int i) {
  const std::string head = "2026-03-14 08:" + two_digits(i / 60) + ":" + two_digits(i % 60) + ",123 ";
  if (i % 7 != 3) return head + "INFO [w-1] a.b.C - order " + std::to_string(i) + " accepted\n";
  return head +
         "ERROR [w-1] a.b.C - order failed\njava.io.IOException: pipe\n\tat a.b.C(C.java:1)\n\tat a.b.D(D.java:2)\n";
}

std::string json_line(int i) {
  return R"({"time":"2026-03-14T08:00:)" + two_digits(i % 60) + R"(Z","level":"info","service":"s)" +
         std::to_string(i % 3) + R"(","msg":"order )" + std::to_string(i) + " accepted\"}\n";
}

std::string span_line(int i) {
  const std::string id = std::to_string(1'000'000'000'000'000 + i);
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"a)" + id + R"(","spanId":")" + id +
         R"(","name":"x","startTimeUnixNano":"1773475200000000000","endTimeUnixNano":"1773475200000000009"}]}]}]})"
         "\n";
}

std::string alb_line(int i) {
  return "https 2026-03-14T08:00:" + two_digits(i % 60) +
         ".000001Z app/shop/0123 198.51.100.9:4711 10.0.0.1:80 0.001 0.002 "
         "0.000 200 200 1 2 \"GET https://shop.example.com:443/item/" +
         std::to_string(i) +
         " HTTP/1.1\" \"a\" - - arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1 \"Root=1-2-3\"\n";
}

struct Case {
  const char* name;
  std::string text;
  bool cut;
};

TEST(OrderedReading, a_file_in_parts_gives_the_records_of_the_whole) {
  const std::string metric = R"({"resourceMetrics":[]})"
                             "\n";
  const Case cases[] = {
      {"text with stack traces", repeated(600, dated_line), true},
      {"JSON lines", repeated(400, json_line), true},
      {"JSON lines with CRLF", repeated(400, [](int i) { return json_line(i).insert(json_line(i).size() - 1, "\r"); }),
       true},
      {"JSON and text", repeated(400, [](int i) { return i % 5 == 0 ? dated_line(i) : json_line(i); }), true},
      {"spans", repeated(300, span_line), true},
      {"spans, some broken", repeated(300, [](int i) { return i % 9 == 4 ? "{\"resourceSpans\":[{\n" : span_line(i); }),
       true},
      {"access log", repeated(200, alb_line), false},
      {"access log, some lines broken", repeated(200, [](int i) { return i % 9 == 4 ? "broken\n" : alb_line(i); }),
       false},
      {"without a newline at the end", repeated(400, json_line) + "{\"msg\":\"last\"}", true},
      {"dates without a year",
       repeated(900, [](int i) { return "Mar 14 08:00:" + two_digits(i % 60) + " n sshd[1]: x\n"; }), false},
      {"lines without dates", repeated(3000, [](int i) { return "line " + std::to_string(i) + "\n"; }), false},
      {"container lines",
       repeated(500, [](int i) { return "2026-03-14T08:00:00.000000001Z stdout F m" + std::to_string(i) + "\n"; }),
       false},
      {"metrics", metric + repeated(300, span_line), false},
      {"a pretty-printed document",
       "{\n\"resourceSpans\": [\n" + repeated(800, [](int) { return std::string("{ },\n{ },\n{ },\n"); }) + "{ }]\n}\n",
       false},
      {"gzip", test::gzip(repeated(20'000, [](int i) { return json_line(i * 7919 % 100'003); })), false},
  };
  for (const Case& c : cases) {
    const test::TempFolder folder;
    folder.write("a.log", repeated(3, json_line));
    const auto path = folder.write("big.log", c.text);
    ASSERT_GT(c.text.size(), 2 * kSmallPart) << c.name;
    const Outcome whole = read_all(folder, kPartBytes);
    const Outcome parts = read_all(folder, kSmallPart);
    EXPECT_EQ(parts.lines, whole.lines) << c.name;
    EXPECT_EQ(read_all(folder, kSmallPart, 1).lines, whole.lines) << c.name;
    EXPECT_EQ(read_tasks({"big.log", path, c.text.size()}, 1, false, {}, kSmallPart).size() > 1, c.cut) << c.name;
    ASSERT_EQ(parts.files.size(), 2U) << c.name;
    const CoverageItem& p = parts.files[1].coverage;
    const CoverageItem& w = whole.files[1].coverage;
    EXPECT_EQ(
        std::tie(p.source, p.format, p.records, p.bytes, p.skipped, p.truncated, p.note, p.range.begin, p.range.end),
        std::tie(w.source, w.format, w.records, w.bytes, w.skipped, w.truncated, w.note, w.range.begin, w.range.end))
        << c.name;
    EXPECT_EQ(parts.files[1].gaps.size(), whole.files[1].gaps.size()) << c.name;
  }
}

TEST(OrderedReading, many_files_come_in_their_order) {
  const test::TempFolder folder;
  for (int i = 0; i < 120; ++i) {
    folder.write("f" + std::to_string(1000 + i), repeated(1 + i % 40, [i](int k) { return json_line(i * 100 + k); }));
  }
  folder.write("f1005", "");
  const Outcome one = read_all(folder, kPartBytes, 1);
  EXPECT_EQ(read_all(folder, kPartBytes, 2).lines, one.lines);
  ASSERT_EQ(one.files.size(), 120U);
  EXPECT_EQ(one.files[5].coverage.format, "empty");
  EXPECT_EQ(one.files[119].coverage.source, "f1119");
}

TEST(OrderedReading, a_file_that_cannot_be_read_is_a_gap_and_a_stop_is_said_once) {
  const test::TempFolder folder;
  const auto gone = folder.write("a.log", repeated(400, json_line));
  folder.write("b.log", repeated(400, json_line));
  const std::vector<std::string> paths{folder.path().string()};
  const InputSet inputs = discover_inputs(paths, {}, {});
  std::filesystem::remove(gone);
  std::stop_source stop;
  OrderedReading reading;
  reading.part_bytes = kSmallPart;
  reading.make_sink = [](std::size_t) { return std::make_unique<RecordLines>(); };
  reading.take = [](std::size_t, TelemetrySink&) {};
  auto files = read_in_order(inputs, reading, {stop.get_token(), std::nullopt});
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].gaps.size(), 1U);
  EXPECT_EQ(files[1].coverage.records, 400U);
  stop.request_stop();
  files = read_in_order(inputs, reading, {stop.get_token(), std::nullopt});
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[1].gaps.size(), 1U);
  EXPECT_EQ(files[1].coverage.records, 0U);
}

}  // namespace
}  // namespace fa
