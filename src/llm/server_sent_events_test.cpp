#include "llm/server_sent_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fa::llm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<ServerSentEvent> read(std::string_view bytes, std::size_t piece) {
  ServerSentEvents reader;
  std::vector<ServerSentEvent> events;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    auto fed = reader.feed(part);
    if (!fed) {
      ADD_FAILURE() << fed.error().message;
      return events;
    }
    events.insert(events.end(), fed->begin(), fed->end());
  }
  if (auto last = reader.finish()) events.push_back(std::move(*last));
  return events;
}

struct Case {
  const char* what;
  std::string bytes;
  std::vector<ServerSentEvent> events;
};

TEST(ServerSentEvents, events_do_not_depend_on_where_the_bytes_are_cut) {
  const std::vector<Case> cases{
      {"nothing", "", {}},
      {"one", "data: a\n\n", {{"", "a"}}},
      {"two", "data: a\n\ndata: b\n\n", {{"", "a"}, {"", "b"}}},
      {"carriage returns and line feeds", "data: a\r\n\r\ndata: b\r\n\r\n", {{"", "a"}, {"", "b"}}},
      {"carriage returns alone", "data: a\r\rdata: b\r\r", {{"", "a"}, {"", "b"}}},
      {"mixed", "data: a\n\r\ndata: b\r\n\n", {{"", "a"}, {"", "b"}}},
      {"several lines", "data: a\ndata:b\ndata:  c\ndata\n\n", {{"", "a\nb\n c\n"}}},
      {"one space only is taken off", "data:   a\n\n", {{"", "  a"}}},
      {"comments", ": ping\n\n:\ndata: a\n: more\ndata: b\n\n", {{"", "a\nb"}}},
      {"named", "event: error\ndata: x\n\ndata: y\n\n", {{"error", "x"}, {"", "y"}}},
      {"a name without data is none", "event: ping\n\ndata: y\n\n", {{"", "y"}}},
      {"other fields", "id: 7\nretry: 10\nfoo: bar\ndatabase: x\ndata: a\n\n", {{"", "a"}}},
      {"empty data", "data:\n\ndata\n\n", {{"", ""}, {"", ""}}},
      {"colons in data", "data: {\"a\":\"b: c\"}\n\n", {{"", "{\"a\":\"b: c\"}"}}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {{"", "a"}}},
      {"a mark elsewhere is part of a field",
       "data: a\n\n\xEF\xBB\xBF"
       "data: b\n\n",
       {{"", "a"}}},
      {"the last line feed is missing", "data: a\n", {{"", "a"}}},
      {"no line feed at all", "data: a", {{"", "a"}}},
      {"NUL and no UTF-8", std::string("data: a\0\xff\n\n", 11), {{"", std::string("a\0\xff", 3)}}},
      {"empty lines", "\n\n\r\n\rdata: a\n\n\n\n", {{"", "a"}}},
      {"no events", "<html>\n<body>data</body>\n\n</html>", {}},
      {"a character of several bytes", "data: 障害\n\n", {{"", "障害"}}},
  };
  for (const Case& c : cases) {
    for (std::size_t piece = 1; piece <= c.bytes.size() + 1; ++piece) {
      EXPECT_EQ(read(c.bytes, piece), c.events) << c.what << ", pieces of " << piece;
    }
  }
}

TEST(ServerSentEvents, events_come_as_soon_as_they_are_whole) {
  ServerSentEvents reader;
  EXPECT_THAT(*reader.feed("data: a\n"), IsEmpty());
  EXPECT_THAT(*reader.feed("\n"), ElementsAre(ServerSentEvent{"", "a"}));
  EXPECT_THAT(*reader.feed("data: b\r"), IsEmpty());
  EXPECT_THAT(*reader.feed("\r"), ElementsAre(ServerSentEvent{"", "b"}));
}

TEST(ServerSentEvents, what_is_too_large_is_an_error_that_stays) {
  const std::string piece(1 << 20, 'x');
  for (const bool one_line : {true, false}) {
    ServerSentEvents reader;
    ASSERT_EQ(reader.feed("data: before\n\n")->size(), 1U);
    std::size_t fed = 0;
    Result<std::vector<ServerSentEvent>> last;
    do {
      last = reader.feed(one_line ? piece : "data: " + piece + "\n");
      fed += piece.size();
    } while (last && fed <= 2 * kMaxServerEventBytes);
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().code, ErrorCode::kLimit);
    EXPECT_FALSE(reader.feed("\n\ndata: a\n\n"));
    EXPECT_FALSE(reader.finish().has_value());
  }
}

}  // namespace
}  // namespace fa::llm
