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

const std::string kHttps =
    "https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 "
    "0.048 0.037 200 201 12 57 \"GET https://www.example.com:443/a%20b/c?x=1 HTTP/1.1\" \"curl/7.46.0\" "
    "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 "
    "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "
    "\"Root=1-58337281-1d84f3d73c47ec4e58577259\" \"www.example.com\" "
    "\"arn:aws:acm:us-east-2:123456789012:certificate/12345678-1234-1234-1234-123456789012\" 1 "
    "2018-07-02T22:22:48.364000Z \"authenticate,forward\" \"-\" \"-\" \"10.0.0.1:80\" \"200\" \"-\" \"-\" "
    "TID_1234abcd5678ef90";

/// A line with everything up to the trace id given, to vary one thing at a time.
struct Line {
  std::string type = "http";
  std::string client = "192.168.131.39:2817";
  std::string target = "10.0.0.1:80";
  std::string times = "0.000 0.001 0.000";
  std::string codes = "200 200";
  std::string request = "GET http://www.example.com:80/ HTTP/1.1";
  std::string agent = "curl/7.46.0";
  std::string created = "2018-07-02T22:22:00.364000Z";
  std::string error = "-";

  [[nodiscard]] std::string text() const {
    return type + " 2018-07-02T22:23:00.186641Z app/lb/50dc6c495c0c9188 " + client + " " + target + " " + times + " " +
           codes + " 34 366 \"" + request + "\" \"" + agent +
           "\" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/web/73e2d6bc24d8a067 "
           "\"Self=1-5-6;Root=1-58337262-36d228ad5d99923122bbe354\" \"-\" \"-\" 0 " +
           created + " \"forward\" \"-\" \"" + error + "\" \"10.0.0.1:80\" \"200\" \"-\" \"-\"\n";
  }
};

CollectingSink read(const std::string& text) {
  CollectingSink sink;
  read_whole(*make_alb_reader({}), text, sink);
  return sink;
}

AccessRecord read_one(const Line& line, CollectingSink& sink) {
  read_whole(*make_alb_reader({}), line.text(), sink);
  EXPECT_THAT(sink.access, SizeIs(1)) << line.text() << (sink.skipped.empty() ? "" : sink.skipped[0].reason);
  return sink.access.empty() ? AccessRecord{} : sink.access[0];
}

TEST(AlbReader, ReadsEveryFieldOfTheDocumentedLine) {
  const CollectingSink sink = read(kHttps);
  ASSERT_THAT(sink.access, SizeIs(1));
  const AccessRecord& r = sink.access[0];
  EXPECT_EQ(format_rfc3339(r.time), "2018-07-02T22:22:48.364Z");
  EXPECT_EQ(r.entity, "app/my-loadbalancer/50dc6c495c0c9188");
  EXPECT_EQ(r.client, "192.168.131.39");
  EXPECT_EQ(r.target, "10.0.0.1:80");
  EXPECT_EQ(r.target_group, "my-targets");
  EXPECT_EQ(r.method, "GET");
  EXPECT_EQ(r.path, "/a%20b/c");
  EXPECT_EQ(r.user_agent, "curl/7.46.0");
  EXPECT_EQ(r.trace_id, "1-58337281-1d84f3d73c47ec4e58577259");
  EXPECT_EQ(r.error_reason, "");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.target_status, 201);
  EXPECT_NEAR(r.total_seconds, 0.171, 1e-9);
  EXPECT_NEAR(r.target_seconds, 0.048, 1e-9);
  EXPECT_EQ(r.received_bytes, 12U);
  EXPECT_EQ(r.sent_bytes, 57U);
  EXPECT_EQ(r.position, (BytePosition{0, kHttps.size(), 1, 1}));
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.edges, SizeIs(1));
  EXPECT_EQ(sink.edges[0].caller, "app/my-loadbalancer/50dc6c495c0c9188");
  EXPECT_EQ(sink.edges[0].callee, "my-targets");
  EXPECT_EQ(sink.edges[0].origin, "alb");
}

TEST(AlbReader, SplitsRequestsIntoMethodAndPath) {
  struct Case {
    std::string request, method, path;
  };
  for (const Case& c : {
           Case{"GET http://h:80/ HTTP/1.1", "GET", "/"},
           Case{"POST https://h:443/a/b?q=/c%2F#f HTTP/2.0", "POST", "/a/b"},
           Case{"GET ws://h:80/socket HTTP/1.1", "GET", "/socket"},
           Case{"POST https://h:443/pkg.Service/Method HTTP/2.0", "POST", "/pkg.Service/Method"},
           Case{"GET http://[2001:db8::1]:80/x?y HTTP/1.1", "GET", "/x"},
           Case{"GET http://h:80/a b c HTTP/1.1", "GET", "/a b c"},
           Case{"OPTIONS * HTTP/1.1", "OPTIONS", "*"},
           Case{"GET /relative?x HTTP/1.1", "GET", "/relative"},
           Case{"GET http://h:80?x=1 HTTP/1.1", "GET", ""},
           Case{"GET http://h:80/r?to=http://other/ HTTP/1.1", "GET", "/r"},
           Case{"GET /r?to=http://other/ HTTP/1.1", "GET", "/r"},
           Case{"- http://h:80- -", "", ""},
           Case{"- http://h:80- - ", "", ""},
           Case{"-", "", ""},
           Case{"", "", ""},
           Case{"GARBAGE", "", ""},
       }) {
    CollectingSink sink;
    Line line;
    line.request = c.request;
    const AccessRecord r = read_one(line, sink);
    EXPECT_EQ(r.method, c.method) << c.request;
    EXPECT_EQ(r.path, c.path) << c.request;
  }
}

TEST(AlbReader, KeepsQuotesAndEscapesInsideAgentsAndWhatFollows) {
  for (const std::string agent : {R"(odd \"quoted\", agent)", R"(back\\slash)", R"(ends in two\\)", R"(\x22hex\x22)",
                                  R"(bare "quote" inside)", "a  b", R"(\")", R"(")", "日本"}) {
    CollectingSink sink;
    Line line;
    line.agent = agent;
    if (agent == R"(bare "quote" inside)") line.agent = R"(bare "quote"inside)";
    const AccessRecord r = read_one(line, sink);
    EXPECT_EQ(r.user_agent, line.agent);
    EXPECT_EQ(r.target_group, "web") << agent;
    EXPECT_EQ(r.trace_id, "1-58337262-36d228ad5d99923122bbe354") << agent;
  }
}

TEST(AlbReader, ReadsClientsOfBothAddressFamilies) {
  const std::pair<std::string, std::string> cases[] = {
      {"[::1]:1234", "::1"},
      {"[2001:db8:85a3::8a2e:370:7334]:443", "2001:db8:85a3::8a2e:370:7334"},
      {"2001:db8::1", "2001:db8::1"},
      {"10.0.0.1", "10.0.0.1"},
      {"-", ""}};
  for (const auto& [client, host] : cases) {
    CollectingSink sink;
    Line line;
    line.client = client;
    EXPECT_EQ(read_one(line, sink).client, host);
  }
}

TEST(AlbReader, TakesTheClockWhereAPhaseNeverEnded) {
  CollectingSink sink;
  Line line;
  line.target = "-";
  line.times = "0.001 -1 -1";
  line.codes = "504 -";
  line.error = "LambdaTimeout";
  const AccessRecord r = read_one(line, sink);
  EXPECT_EQ(r.status, 504);
  EXPECT_EQ(r.target_status, 0);
  EXPECT_EQ(r.target, "");
  EXPECT_EQ(r.target_seconds, -1);
  EXPECT_NEAR(r.total_seconds, 59.822641, 1e-6);
  EXPECT_EQ(r.error_reason, "LambdaTimeout");

  CollectingSink without;
  line.created = "-";
  const AccessRecord undated = read_one(line, without);
  EXPECT_EQ(undated.total_seconds, -1);
  EXPECT_EQ(format_rfc3339(undated.time), "2018-07-02T22:23:00.186641Z");
}

TEST(AlbReader, ReadsOldShortLinesAndIgnoresFieldsOfTheFuture) {
  const std::string shortest =
      "http 2018-07-02T22:23:00.186641Z app/lb/1 1.2.3.4:5 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366";
  const std::string of_2016 = shortest +
                              " \"GET http://h:80/x HTTP/1.1\" \"curl\" - - arn:aws:elasticloadbalancing:us-east-2:1:"
                              "targetgroup/web/7 \"Root=1-5-6\"";
  const CollectingSink sink = read(shortest + "\n" + of_2016 + "\n" + kHttps + " \"new\" newer 7\n");
  EXPECT_THAT(sink.skipped, IsEmpty());
  ASSERT_THAT(sink.access, SizeIs(3));
  EXPECT_EQ(sink.access[0].target_group, "");
  EXPECT_EQ(sink.access[1].path, "/x");
  EXPECT_EQ(sink.access[1].target_group, "web");
  EXPECT_EQ(sink.access[2].position.line, 3U);
  EXPECT_THAT(sink.edges, SizeIs(2));
}

TEST(AlbReader, SkipsBrokenLinesWithTheReasonAndReadsTheirNeighbours) {
  const std::pair<std::string, std::string> cases[] = {
      {"garbage", "ISO 8601 time"},
      {"http 2018-13-02T22:23:00.186641Z app/lb/1 1.2.3.4:5 - -1 -1 -1 460 - 0 0", "ISO 8601 time"},
      {"http 2018-07-02T22:23:00.186641Z", "name of the load balancer"},
      {"http 2018-07-02T22:23:00.186641Z app/lb/1 1.2.3.4:5 - x 0 0 200 200 1 2", "three processing times"},
      {"http 2018-07-02T22:23:00.186641Z app/lb/1 1.2.3.4:5 - nan 0 0 200 200 1 2", "three processing times"},
      {"http 2018-07-02T22:23:00.186641Z app/lb/1 1.2.3.4:5 - 0 0 0 2000000000000 200 1 2", "two status codes"},
      {"http 2018-07-02T22:23:00.186641Z app/lb/1 1.2.3.4:5 - 0 0 0 200 200", "received and sent bytes"},
      {"http 2018-07-02T22:23:00.186641Z app/lb/1 1.2.3.4:5 - 0 0 0 200 200 1 99999999999999999999",
       "received and sent"},
      {kHttps.substr(0, kHttps.find("HTTP/1.1")), "closing quote"},
      {kHttps.substr(0, kHttps.find("authenticate")), "closing quote"},
      {"http 2018-07-02T22:23:00Z app/lb/1 \"1.2.3.4:5 - 0 0 0 200 200 1 2", "closing quote"},
      {std::string("\0\xff\x1b[31m", 7), "ISO 8601 time"},
  };
  for (const auto& [broken, reason] : cases) {
    const std::string text = kHttps + "\n" + broken + "\n\r\n" + kHttps + "\r\n";
    const CollectingSink sink = read(text);
    EXPECT_THAT(sink.access, SizeIs(2)) << broken;
    ASSERT_THAT(sink.skipped, SizeIs(1)) << broken;
    EXPECT_THAT(sink.skipped[0].reason, HasSubstr(reason)) << broken;
    EXPECT_THAT(sink.skipped[0].reason, Not(HasSubstr("\x1b")));
    EXPECT_EQ(bytes_at(text, sink.skipped[0].position), broken);
    EXPECT_EQ(bytes_at(text, sink.access[1].position), kHttps);
    EXPECT_EQ(sink.access[1].position.line, 4U);
  }
}

TEST(AlbReader, TheResultDoesNotDependOnHowTheBytesArrive) {
  std::string text = "\xEF\xBB\xBF" + kHttps + "\n" + Line{}.text() + "broken\n";
  text += std::string(kMaxLineBytes + 1, 'x') + "\n" + Line{}.text() + kHttps;
  CollectingSink whole;
  read_whole(*make_alb_reader({}), text, whole);
  ASSERT_THAT(whole.access, SizeIs(4));
  ASSERT_THAT(whole.skipped, SizeIs(2));
  EXPECT_THAT(whole.skipped[1].reason, HasSubstr("longer than"));
  for (const std::size_t chunk : {std::size_t{4096}, kMaxLineBytes, kMaxLineBytes + 700}) {
    CollectingSink parts;
    read_in_chunks(*make_alb_reader({}), text, chunk, parts);
    ASSERT_THAT(parts.access, SizeIs(4)) << chunk;
    ASSERT_THAT(parts.skipped, SizeIs(2)) << chunk;
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(parts.access[i].position, whole.access[i].position) << chunk;
      EXPECT_EQ(parts.access[i].path, whole.access[i].path) << chunk;
    }
    EXPECT_EQ(parts.skipped[1].position, whole.skipped[1].position) << chunk;
  }
  const std::string end_cut = std::string(2 * kMaxLineBytes + 7, 'x');
  CollectingSink cut;
  read_in_chunks(*make_alb_reader({}), end_cut, kMaxLineBytes + 3, cut);
  ASSERT_THAT(cut.skipped, SizeIs(1));
  EXPECT_EQ(cut.skipped[0].position, (BytePosition{0, end_cut.size(), 1, 1}));
}

TEST(AlbReader, SaysEachTargetGroupOnce) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += Line{}.text();
  const CollectingSink sink = read(text + kHttps);
  EXPECT_THAT(sink.access, SizeIs(10'001));
  EXPECT_THAT(sink.edges, SizeIs(2));
}

}  // namespace
}  // namespace fa
