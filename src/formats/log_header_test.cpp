#include "formats/log_header.h"

#include <gtest/gtest.h>

#include <string>

namespace fa {
namespace {

constexpr auto S = [](Severity s) { return std::string_view{"?TDIWEF"}.substr(static_cast<std::size_t>(s), 1); };

/// `level|logger|message` of one text.
std::string taken_apart(std::string_view text, LogRecord* out = nullptr, TimePoint outer = kNoTime) {
  static LogScratch scratch{parse_rfc3339("2026-03-15T00:00:00Z")};
  scratch.clear();
  LogRecord record;
  parse_log_message(text, record, outer, scratch);
  if (out != nullptr) *out = record;
  return std::string{S(record.severity)} + "|" + std::string{record.logger} + "|" + std::string{record.message};
}

struct Case {
  std::string_view line;
  std::string_view expected;
};
void PrintTo(const Case& c, std::ostream* os) { *os << c.line; }

class LogHeader : public testing::TestWithParam<Case> {};

TEST_P(LogHeader, IsTakenOff) { EXPECT_EQ(taken_apart(GetParam().line), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Java, LogHeader,
    testing::Values(
        Case{"2026-03-14 17:30:00,123 [main] ERROR c.e.Foo - failed", "E|c.e.Foo|failed"},
        Case{"2026-03-14 17:30:00,123 ERROR [main] org.apache.hadoop.ipc.Client: Retrying",
             "E|org.apache.hadoop.ipc.Client|Retrying"},
        Case{"2026-03-14 17:30:00,123 - WARN  [QuorumPeer[myid=1]/0:0:0:2181:FastLeaderElection@774] - Timed out",
             "W||Timed out"},
        Case{"2026-03-14 17:30:00.123  INFO 1 --- [nio-8080-exec-1] o.s.web.Servlet        : Completed",
             "I|o.s.web.Servlet|Completed"},
        Case{"12:30:45.123 [main] DEBUG c.f.Bar - time only", "D|c.f.Bar|time only"},
        Case{"16:42:22.382 INFO  t.s.TravelServiceImpl#532 TraceID: ffc8ca7e4c8f06c75142c880d5595d96 SpanID: "
             "439bc949a9eeb0cc [getRoute][Get Route By Id][Route is: x]",
             "I|t.s.TravelServiceImpl#532|[getRoute][Get Route By Id][Route is: x]"},
        Case{"2026-03-14 17:30:00 INFO  [org.jboss.as] (MSC service thread 1-2) WFLYSRV0049: up",
             "I|org.jboss.as|WFLYSRV0049: up"},
        Case{"[2026-03-14T17:30:00,123][INFO ][o.e.n.Node               ] [node-1] started",
             "I|o.e.n.Node|[node-1] started"},
        Case{"081109 203615 148 INFO dfs.DataNode$PacketResponder: Responder 1",
             "I|dfs.DataNode$PacketResponder|Responder 1"},
        Case{"2026-03-14 10:00:00 ERROR java.net.ConnectException: refused", "E||java.net.ConnectException: refused"}));

INSTANTIATE_TEST_SUITE_P(
    OtherLanguages, LogHeader,
    testing::Values(
        Case{"2026-03-14 17:30:00,123 - root - INFO - python", "I|root|python"}, Case{"WARNING:root:odd", "W|root|odd"},
        Case{"ERROR:django.request:500: /x", "E|django.request|500: /x"},
        Case{"INFO:     10.0.0.1:99 - \"GET /\" 200", "I||10.0.0.1:99 - \"GET /\" 200"},
        Case{"2026-03-14 17:30:00.123 | INFO     | __main__:<module>:3 - loguru", "I|__main__:<module>:3|loguru"},
        Case{"[I 2026-03-14 17:30:00.123 NotebookApp] Serving", "I|NotebookApp|Serving"},
        Case{"I0314 08:30:00.123456       1 file.go:12] klog", "I|file.go:12|klog"},
        Case{"2026-03-14T17:30:00Z\tWARN\tctl/main.go:42\tslow\t{\"k\":1}", "W|ctl/main.go:42|slow\t{\"k\":1}"},
        Case{"E, [2026-03-14T17:30:00.1 #12] ERROR -- : ruby", "E||ruby"}, Case{"[17:30:00 WRN] serilog", "W||serilog"},
        Case{"2026-03-14T17:30:00.1Z\tc6af9ac6-7b61-11e6-9a41-93e8deadbeef\tERROR\tlambda", "E||lambda"},
        Case{"2026-03-14T17:30:00Z error: winston", "E||winston"}));

INSTANTIATE_TEST_SUITE_P(
    Servers, LogHeader,
    testing::Values(Case{"2026-03-14 17:30:00.123 UTC [123] LOG:  checkpoint", "I||checkpoint"},
                    Case{"2026-03-14 17:30:00.123 UTC [123] me@db FATAL:  no", "F||no"},
                    Case{"2026-03-14T17:30:00.1Z 0 [Warning] [MY-1] [Server] x", "W||[MY-1] [Server] x"},
                    Case{"2026/03/14 17:30:00 [error] 12#12: *45 connect() failed", "E||*45 connect() failed"},
                    Case{"[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 3:tid 4] [client 1.2.3.4] no file",
                         "E|core|[client 1.2.3.4] no file"},
                    Case{"[Sun Dec 04 04:47:44 2005] [notice] init() ok", "I||init() ok"},
                    Case{"1:M 14 Mar 2026 17:30:00.123 # no memory", "W||no memory"},
                    Case{"03-17 16:13:38.811  1702  2395 D WindowManager: printing", "D|WindowManager|printing"},
                    Case{"03-17 16:13:38.811 W/Tag( 1702): brief", "W|Tag|brief"},
                    Case{
                        "- 1117838570 2005.06.03 R02-M1 2005-06-03-15.42.50.675872 R02-M1 RAS KERNEL INFO cache parity",
                        "I||cache parity"},
                    Case{"<34>1 2003-10-11T22:14:15.003Z h app 7 ID47 [a@1 b=\"c]\"] body", "F||body"},
                    Case{"10.0.0.1 - bob [14/Mar/2026:17:30:00 +0000] \"GET /\" 200 1",
                         "?||10.0.0.1 - bob [14/Mar/2026:17:30:00 +0000] \"GET /\" 200 1"}));

INSTANTIATE_TEST_SUITE_P(
    DoubtStaysInTheMessage, LogHeader,
    testing::Values(Case{"2026-03-14 10:00:00 GET HTTP ERROR 500", "?||GET HTTP ERROR 500"},
                    Case{"2026-03-14 10:00:00 got ERROR from upstream", "?||got ERROR from upstream"},
                    Case{"2026-03-14 10:00:00 error connecting to db", "E||error connecting to db"},
                    Case{"2026-03-14 10:00:00 INFO Connection: closed", "I||Connection: closed"},
                    Case{"2026-03-14 10:00:00 ERROR [main] Response: bad", "E||[main] Response: bad"},
                    Case{"Error: plain text", "E||Error: plain text"}, Case{"hello", "?||hello"},
                    Case{"fine weather", "?||fine weather"}, Case{"03-17 16:13:38.811 1 2 D", "D||"}));

TEST(LogMessage, SyslogNamesServiceAndHost) {
  LogRecord r;
  EXPECT_EQ(taken_apart("Mar 14 17:30:00 web1 sshd[24200]: error: no route", &r), "E|sshd|error: no route");
  EXPECT_EQ(r.service, "sshd");
  EXPECT_EQ(r.instance, "web1");
  EXPECT_EQ(taken_apart("2026-03-14T17:30:00+09:00 web1 su(pam_unix)[1]: x", &r), "?|su(pam_unix)|x");
  EXPECT_EQ(r.service, "su");
  EXPECT_EQ(taken_apart("Mar 14 17:30:00 n1 kubelet[1]: E0314 08:30:00.123456 1 w.go:19] sync", &r).substr(0, 2), "E|");
  EXPECT_EQ(r.message, "sync");
  EXPECT_EQ(r.service, "kubelet");
}

TEST(LogMessage, TraceIdsAreFoundInHeaderAndText) {
  LogRecord r;
  taken_apart("16:42:22 INFO a.B#5 TraceID: ffc8ca7e4c8f06c75142c880d5595d96 SpanID: 439bc949a9eeb0cc x", &r);
  EXPECT_EQ(r.trace_id, "ffc8ca7e4c8f06c75142c880d5595d96");
  EXPECT_EQ(r.span_id, "439bc949a9eeb0cc");
  taken_apart("2026-03-14 17:30:00 INFO done trace_id=5f2c7d1e8a9b4c3d span_id=1a2b3c4d5e6f7a8b", &r);
  EXPECT_EQ(r.trace_id, "5f2c7d1e8a9b4c3d");
  EXPECT_EQ(r.span_id, "1a2b3c4d5e6f7a8b");
  EXPECT_EQ(r.message, "done trace_id=5f2c7d1e8a9b4c3d span_id=1a2b3c4d5e6f7a8b");
  taken_apart("2026-03-14 17:30:00.1  INFO [orders,5f2c7d1e8a9b4c3d,1a2b3c4d5e6f7a8b] 1 --- [main] a.b.C : x", &r);
  EXPECT_EQ(r.service, "orders");
  EXPECT_EQ(r.trace_id, "5f2c7d1e8a9b4c3d");
  taken_apart("got X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", &r);
  EXPECT_EQ(r.trace_id, "1-5759e988-bd862e3fe1be46a994272793");
  taken_apart("no trace id: none", &r);
  EXPECT_EQ(r.trace_id, "");
}

TEST(LogMessage, EnvelopeGivesTimeWhereTheTextHasNoneAndItsZone) {
  const auto outer = *parse_rfc3339("2026-03-14T08:30:00.5Z");
  LogRecord r;
  const auto time = [&](std::string_view text) {
    taken_apart(text, &r, outer);
    return format_rfc3339(r.time);
  };
  EXPECT_EQ(time("no time"), "2026-03-14T08:30:00.500Z");
  EXPECT_EQ(time("17:30:00.400 INFO x"), "2026-03-14T08:30:00.500Z");
  EXPECT_EQ(time("2026-03-14 17:30:00.400 INFO local"), "2026-03-14T08:30:00.400Z");
  EXPECT_EQ(time("2026-03-14T17:29:59.400+09:00 INFO x"), "2026-03-14T08:29:59.400Z");
  EXPECT_EQ(time("2026-03-14 08:25:00 INFO delayed"), "2026-03-14T08:25:00Z");
  EXPECT_EQ(time("2020-01-01 00:07:00 INFO far away without zone"), "2026-03-14T08:30:00.500Z");
  EXPECT_EQ(time("{\"time\":\"2026-03-14T08:29:00Z\",\"msg\":\"x\"}"), "2026-03-14T08:29:00Z");
}

TEST(LogMessage, WhatTheEnvelopeSaidIsKept) {
  LogScratch scratch;
  LogRecord r;
  r.severity = Severity::kWarn;
  r.service = "envelope";
  r.trace_id = "abc";
  parse_log_message("{\"level\":\"error\",\"service\":\"inner\",\"traceId\":\"5f2c7d1e8a9b4c3d\",\"msg\":\"m\"}", r,
                    kNoTime, scratch);
  EXPECT_EQ(r.severity, Severity::kWarn);
  EXPECT_EQ(r.service, "envelope");
  EXPECT_EQ(r.trace_id, "abc");
  EXPECT_EQ(r.message, "m");
}

TEST(LogMessage, SeveralLinesStayInTheMessage) {
  EXPECT_EQ(taken_apart("2026-03-14 17:30:00 ERROR a.b.C - failed\njava.io.IOException: x\n\tat a.b.C\n"),
            "E|a.b.C|failed\njava.io.IOException: x\n\tat a.b.C");
}

TEST(LogMessage, AnyBytesAreSurvived) {
  for (const auto& text :
       {std::string{}, std::string{"\0\0", 2}, std::string{"{"}, std::string{"{\"a\":"}, std::string{"\xff\xfe\x80"},
        std::string(100000, '['), std::string(100000, '{'), "{\"a\":" + std::string(100000, '[')}) {
    taken_apart(text);
  }
}

}  // namespace
}  // namespace fa
