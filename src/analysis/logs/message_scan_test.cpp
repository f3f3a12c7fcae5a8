#include "analysis/logs/message_scan.h"

#include <gtest/gtest.h>

namespace fa {
namespace {

std::string masked(std::string_view message) { return masked_text(message, 4096); }

TEST(MessageScan, masks_what_varies_and_keeps_the_words) {
  struct Row {
    const char* message;
    const char* expected;
  };
  const Row rows[] = {
      // Numbers
      {"Found child 6725 in slot 10", "Found child <*> in slot <*>"},
      {"init 1 -2", "init <*> <*>"},
      {"Rect(0, 0 - 720, 1280)", "Rect(<*>, <*> - <*>, <*>)"},
      {"took 1,234,567 us, 12.5% of 3e-4", "took <*> us, <*>% of <*>"},
      {"illegal instruction......0", "illegal instruction......<*>"},
      {"generating core.2275 on CPU#0", "generating core.<*> on CPU#<*>"},
      {"lifetime <1 sec", "lifetime <*>"},
      {"Fan speeds ( 3552 **** 3515 )", "Fan speeds ( <*> <*> <*> )"},
      // Identifiers, hex, addresses
      {"block blk_-38865049064139660 done", "block <*> done"},
      {"iar 003a90fc dear 00b360e8 mask 0x05 at deadbeef", "iar <*> dear <*> mask <*> at <*>"},
      {"id f3d4d4ef-693b-4456-8eed-59c0d717dd08.", "id <*>."},
      {"from /10.251.30.6:33145 to 10.251.30.6:50010", "from <*> to <*>"},
      {"mac 5c:50:15:4c:18:13 ip fe80::1 port 80", "mac <*> ip <*> port <*>"},
      {"Old: msra-sa-41/10.190.173.170:9000 New: msra-sa-41:9000", "Old: <*> New: <*>"},
      {"server db.example.com:5432 is down", "server <*> is down"},
      {"Server@33557fe4 stopped", "Server@<*> stopped"},
      {"write to bob@example.com failed", "write to <*> failed"},
      {"pod ts-travel-service-64469b5b48-25zj6 gone", "pod <*> gone"},
      // Paths, URLs, times
      {"loading /etc/httpd/conf/workers2.properties: denied", "loading <*>: denied"},
      {"see http://wiki.example.org/a?b=c&d=1 for more", "see <*> for more"},
      {R"(with C:\Windows\winsxs\x.dll, flags)", "with <*>, flags"},
      {"GET / HTTP/1.1", "GET <*> HTTP/<*>"},
      {"at Fri Jun 17 07:07:00 2005", "at <*>"},
      {"status=M Fri Jul 01 08:16:53 PDT 2005", "status=M <*>"},
      {"date: Sun, 29 Jan 2023 08:42:15 GMT", "date: <*>"},
      {"from 2017-05-16 00:00:00 to 2017-05-16 01:00:00,123. done", "from <*> to <*>. done"},
      {"You may 4 times", "You may <*> times"},
      // Values of keys, truth values, quotes, lists
      {"vis=40000500 force=true name= next=1", "vis=<*> force=<*> name= next=<*>"},
      {"user=cyrus tag=\"View Lock\"", "user=<*> tag=\"<*>\""},
      {"status=FAILED msg=Pay Success", "status=FAILED msg=Pay Success"},
      {"Route(stations=[a, b], distances=[0, 50], start=a)", "Route(stations=[<*>], distances=[<*>], start=<*>)"},
      {"[trips: [Trip(id=1), Trip(id=2)]]", "[trips: [<*>]]"},
      {"[StationName: nanjing][RouteId: [x1y2z3, a4b5c6]]", "[StationName: <*>][RouteId: [<*>]]"},
      {"ws=WorkSource{10113}, uid=1", "ws=<*>, uid=<*>"},
      {"bnds=[264,444][920,908] }", "bnds=<*> }"},
      {R"({"level":"info","msg":"user logged in","user":"bob","id":17})",
       R"({"level":"info","msg":"user logged in","user":"<*>","id":<*>})"},
      {"can't find child 1566", "can't find child <*>"},
      {"time\xEF\xBC\x9A"
       "16 done",
       "time\xEF\xBC\x9A<*> done"},
      // What looks like a value but names the event
      {"java.net.NoRouteToHostException: No route", "java.net.NoRouteToHostException: No route"},
      {"caller main.go:33", "caller main.go:<*>"},
      {"root cause unknown for root", "root cause unknown for <*>"},
      {"state.clipTopAmount:180", "state.clipTopAmount:<*>"},
      {"rts: tree/torus link - FOLLOWING", "rts: tree/torus link - FOLLOWING"},
      // White space, lines, nothing
      {"  two   spaces \t here  ", "two spaces here"},
      {"\n\n  second line\nthird", "second line"},
      {"", ""},
      {"   \n \t ", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(masked(row.message), row.expected) << row.message;
}

TEST(MessageScan, equal_statements_have_equal_shapes) {
  const auto hash = [](std::string_view message) {
    MessageScanner scanner;
    scanner.scan(message);
    return scanner.shape_hash();
  };
  EXPECT_EQ(hash("took 5 ms for user=bob"), hash("took 12345 ms for user=alice"));
  EXPECT_EQ(hash("connection from 1.2.3.4 () at 12:00:01"),
            hash("connection from 1.2.3.4 (host-1.example.org) at 12:00:02"));
  EXPECT_NE(hash("session opened"), hash("session closed"));
  EXPECT_NE(hash("a b"), hash("ab"));
  EXPECT_NE(hash("a (b"), hash("a ( b"));
}

TEST(MessageScan, is_bounded_and_survives_any_bytes) {
  MessageScanner scanner;
  std::string words;
  for (int i = 0; i < 100'000; ++i) words += "word ";
  scanner.scan(words);
  EXPECT_LE(scanner.tokens().size(), MessageScanner::kMaxTokens);
  EXPECT_EQ(scanner.tokens().back().kind, TokenKind::kValue);
  for (const char* piece : {"[", "=[", "\"", "a=", "(", "::", "..", "/", "\\", "1:", "@", "\xff", "\0x", "[a,"}) {
    std::string many;
    while (many.size() < 1 << 20) many += *piece == '\0' ? std::string("\0x", 2) : std::string(piece);
    scanner.scan(many);
    EXPECT_LE(scanner.tokens().size(), MessageScanner::kMaxTokens) << piece;
    for (const Token& token : scanner.tokens()) EXPECT_LE(token.begin + token.length, scanner.text().size());
  }
}

TEST(MessageScan, says_whether_more_lines_follow) {
  MessageScanner scanner;
  scanner.scan("one\ntwo");
  EXPECT_TRUE(scanner.more_lines());
  scanner.scan("one\n");
  EXPECT_FALSE(scanner.more_lines());
  scanner.scan("one");
  EXPECT_FALSE(scanner.more_lines());
}

}  // namespace
}  // namespace fa
