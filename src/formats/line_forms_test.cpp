#include "formats/line_forms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "formats/log_lines_reader.h"
#include "formats/log_text.h"
#include "formats/record_collector.h"

namespace fa {
namespace {

/// Headers of many kinds, and lines in which the value of a digit decides how they are read.
constexpr std::string_view kLines[] = {
    "2026-03-14 17:30:00,123 INFO [worker-12] com.example.Orders: order 1234567 took 12 ms",
    "2026-03-14T17:30:00.123456Z ERROR payment failed for user 42: code 503",
    "2026-03-14 17:30:00 +0900 WARN retry 3 of 5",
    "2026-03-14 17:30:00 1430 INFO thread numbers behind the time",
    "03-14 17:30:00.123  1702 14640 D WindowManager: printFreezingDisplayLogsopening app wtoken = 12",
    "260314 173000 143 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_-1234567890123456789",
    "26/03/14 17:30:00 INFO storage.MemoryStore: Block broadcast_12 stored, size 1234.5 KB",
    "14/03/2026 17:30:00 INFO day comes first 12",
    "03/04/2026 17:30:00 INFO nobody knows 12",
    "Mar 14 17:30:00 combo sshd(pam_unix)[19939]: authentication failure; uid=0 euid=0 tty=NODEVssh2",
    "[Sat Mar 14 17:30:00 2026] [error] mod_jk child workerEnv in error state 6",
    "Mar 14 17:30:00 2026 ctime with its year 1",
    "Mar 14 17:30:00 9999 no year 1 can be this",
    "- 1117838570 2005.06.03 R02-M1-N0-C:J12-U11 RAS KERNEL INFO instruction cache parity error corrected",
    "I0314 17:30:00.123456       1 controller.go:123] synced 12 items",
    "10.0.3.4 - - [14/Mar/2026:17:30:00 +0000] \"GET /a/12 HTTP/1.1\" 200 1234",
    "<34>1 2026-03-14T17:30:00.123Z host app 1234 ID47 - message 12",
    "<134>Mar 14 17:30:00 host app[12]: message 12",
    "2026-03-14 17:30:00 DEBUG1 the level 1 has a number",
    "2026-03-14 17:30:00 INFO [orders,1234567890123456,1234567890123456] with ids 12",
    "2026-03-14 17:30:00 INFO [orders,0000000000000000,0000000000000000] with no ids 12",
    "2026-03-14 17:30:00 INFO trace_id=00000000000000000000000000000000 all zero 12",
    "2026-03-14 17:30:00 INFO trace_id=12345678901234567890123456789012 not zero 12",
    "2026-03-14T17:30:00.123456789Z stdout F 2026-03-14 17:30:00 INFO in a container 12",
    "Mar 14 17:30:00 host 2026-03-14 17:30:00,123 ERROR two headers 12",
    "2026-03-14 17:30:00 INFO 12:13:14 is a time at the start of a message",
    "2026-03-14 17:30:00 INFO Mar 12 is a day at the start of a message",
    "2026-03-14 17:30:00 INFO status=503 path=/a/12 reads like logfmt",
    "1:M 14 Mar 2026 17:30:00.123 * Background saving started by pid 12",
    "1773475200.123 an epoch in front of 12",
    "Thread 12 of May 13 2026-03-14 17:30:00 INFO a day's name before the time",
    "17:30:00.123 [main] INFO the time of day alone 12",
    "2026-03-14 17:30:00.1 ERROR 0x12345678 at 1234",
    "Traceback (most recent call last):",
    "  File \"/app/main.py\", line 12, in <module>",
    "ValueError: invalid literal 12",
    "\tat com.example.Orders.place(Orders.java:123)",
    "Caused by: java.io.IOException: 12",
    "#0 0x00007f12 in main () at main.c:12",
    "goroutine 12 [running]:",
    "",
    "{\"time\":\"2026-03-14T17:30:00Z\",\"level\":\"error\",\"msg\":\"failed 12\"}",
    "a line with no header but the number 12",
    "2026-03-14 17:30:00 INFO order 8efcdc55dc6a of pod orders-4ee4692fb4 took 12 ms",
    "2026-03-14 17:30:00 a1b2c3d4 stands right behind the time 12",
    "2026-03-14 17:30:00,123 [a1b2c3d4] INFO com.example.Orders - 1234abcd: cache/ab12cd@9f8e7d6c hit",
    "2026-03-14 17:30:00 INFO abc12345 opens the message 12",
    "2026-03-14 17:30:00 INFO dec12345 is no day 12",
    "10.0.3.4 - 172.16.0.12 [14/Mar/2026:17:30:00 +0000] \"GET /a?q=de2062 HTTP/1.1\" 200 1234",
    "10.0.3.4:80 - - [14/Mar/2026:17:30:00 +0000] \"GET /a/12 HTTP/1.1\" 200 1234",
    "<132>1 2026-03-14T08:00:f0b5c6 host 143 INFO not all of it is RFC 5424 12",
    "<132>1 2026-03-14T08:00:12 host 143",
    "<191>1 2026-03-14T17:30:00.123Z host-1 app 1234 - - order 8efcdc55dc6a of user 12",
    "2026-03-14T17:30:00.123456789Z stdout F level=INFO msg=\"order 8efcdc55dc6a took 12 ms\" pod=orders-4ee4692fb4",
    "2026-03-14T17:30:00.123456789Z stderr F level=30 msg=\"12:13:14 order\" n=12",
    "2026-03-14T17:30:00.123456789Z stdout F time=2026-03-14T17:30:00.123Z level=info msg=\"order 12\"",
    "2026-03-14T17:30:00.123456789Z stdout F order 8efcdc55dc6a took 12 ms",
    "2026-03-14T17:30:00.123456789Z stdout P order 8efcdc55dc6a took ",
    "level=warn msg=\"order 8efcdc55dc6a took 12 ms\" trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
};

/// Other hexadecimal digits in half of the words that could be ids.
void vary_ids(std::string& line, std::mt19937& random) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && is_hex(line[i])) continue;
    if (i - begin >= 6 && random() % 2 == 0) {
      for (std::size_t k = begin; k < i; ++k) {
        if (random() % 2 == 0) line[k] = "0123456789abcdef"[random() % 16];
      }
    }
    begin = i + 1;
  }
}

std::string varied(std::string_view line, std::mt19937& random) {
  std::string out(line);
  if (random() % 2 == 0) vary_ids(out, random);
  const std::uint32_t how = random() % 4;
  for (char& c : out) {
    if (c < '0' || c > '9') continue;
    if (how == 0 || random() % 8 != 0) continue;  // Often the same; mostly still a date.
    c = how == 1 ? '0' : static_cast<char>('0' + random() % 10);
  }
  return out;
}

void expect_same(const RecordCollector& by_form, const RecordCollector& anew) {
  ASSERT_EQ(by_form.logs.size(), anew.logs.size());
  for (std::size_t i = 0; i < anew.logs.size(); ++i) {
    const LogRecord& a = by_form.logs[i];
    const LogRecord& b = anew.logs[i];
    ASSERT_EQ(a.message, b.message);
    ASSERT_EQ(a.time, b.time) << b.message;
    ASSERT_EQ(a.severity, b.severity) << b.message;
    ASSERT_EQ(a.service, b.service) << b.message;
    ASSERT_EQ(a.instance, b.instance) << b.message;
    ASSERT_EQ(a.logger, b.logger) << b.message;
    ASSERT_EQ(a.trace_id, b.trace_id) << b.message;
    ASSERT_EQ(a.span_id, b.span_id) << b.message;
    ASSERT_EQ(a.position.offset, b.position.offset) << b.message;
    ASSERT_EQ(a.position.length, b.position.length) << b.message;
    ASSERT_EQ(a.position.line, b.position.line) << b.message;
    ASSERT_EQ(a.position.line_count, b.position.line_count) << b.message;
  }
  ASSERT_EQ(by_form.skipped.size(), anew.skipped.size());
}

/// Records of one number have messages of one form.
void expect_forms(const RecordCollector& by_form) {
  std::map<std::uint64_t, std::string> forms;
  for (const LogRecord& record : by_form.logs) {
    if (record.form == 0) continue;
    TextForm form;
    form.take(record.message);
    const std::string bytes = std::to_string(form.ids()) + std::string(form.bytes());
    ASSERT_EQ(forms.try_emplace(record.form, bytes).first->second, bytes) << record.message;
  }
}

TEST(LineForms, read_every_line_as_if_it_were_the_first) {
  std::ptrdiff_t numbered = 0;
  for (std::uint32_t seed = 0; seed < 24; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    // Few kinds of lines in each, so that all follow each other in some.
    std::string_view kinds[6];
    for (auto& kind : kinds) kind = kLines[random() % std::size(kLines)];
    for (int i = 0; i < 300; ++i) {
      text += varied(kinds[random() % std::size(kinds)], random);
      text += random() % 50 == 0 ? "\r\n" : "\n";
    }
    ReaderOptions options;
    if (seed % 2 == 0) options.reference_time = from_unix_nanos(1'773'477'000'000'000'000);
    const std::size_t piece = seed % 3 == 0 ? 700 : 0;
    SCOPED_TRACE(seed);
    const RecordCollector by_form = collect(*make_log_lines_reader(options, LineReading::kByForm), text, piece);
    expect_same(by_form, collect(*make_log_lines_reader(options, LineReading::kEachAnew), text, piece));
    expect_forms(by_form);
    numbered += std::count_if(by_form.logs.begin(), by_form.logs.end(), [](const LogRecord& r) { return r.form != 0; });
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(numbered, 100);
}

TEST(LineForms, are_found_from_the_third_line_on) {
  LineForms forms;
  LogScratch scratch;
  const auto learn = [&](std::string_view line) {
    const LineForm* form = forms.find(line);
    if (form != nullptr) return true;
    LogRecord record;
    const ParsedLog parsed = parse_log_text(line, record, kNoTime, scratch.impl());
    forms.learn(line, record, parsed, true);
    return false;
  };
  EXPECT_FALSE(learn("2026-03-14 17:30:00,123 INFO [worker-12] a.b.Orders: order 1234 took 12 ms"));
  EXPECT_FALSE(learn("2026-03-14 17:30:01,456 INFO [worker-34] a.b.Orders: order 5678 took 34 ms"));
  EXPECT_TRUE(learn("2026-03-14 17:30:02,789 INFO [worker-56] a.b.Orders: order 9012 took 56 ms"));
  EXPECT_FALSE(learn("2026-03-14 17:30:02,789 INFO [worker-56] a.b.Orders: order 9012 took 56 us"));
}

}  // namespace
}  // namespace fa
