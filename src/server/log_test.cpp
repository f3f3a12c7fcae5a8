#include "server/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "support/fakes.h"

namespace fa::server {
namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;

class LogTest : public testing::Test {
 protected:
  fa::test::FakeClock clock_{*parse_rfc3339("2026-03-14T08:30:00.5Z")};
  std::string written_;
  Log log_{clock_, [this](std::string_view line) { written_ += line; }};
};

TEST_F(LogTest, writes_one_object_per_line_with_its_members_in_order) {
  log_.info("server_started", {{"port", std::int64_t{8080}}, {"tls", false}, {"load", 0.5}, {"address", "::"s}});
  log_.warning("queue_full");
  log_.error("job_failed", {{"job", "j-1"s}});
  EXPECT_EQ(written_,
            R"({"time":"2026-03-14T08:30:00.500Z","level":"info","event":"server_started","port":8080,"tls":false,)"
            R"("load":0.5,"address":"::"})"
            "\n"
            R"({"time":"2026-03-14T08:30:00.500Z","level":"warning","event":"queue_full"})"
            "\n"
            R"({"time":"2026-03-14T08:30:00.500Z","level":"error","event":"job_failed","job":"j-1"})"
            "\n");
}

TEST_F(LogTest, hostile_values_stay_within_their_line_and_their_text) {
  const std::vector<std::pair<std::string, std::string>> kCases = {
      {"two\nlines\r\n", "two\nlines\r\n"},
      {R"("},{"level":"error")", R"("},{"level":"error")"},
      {"nul \0 esc \x1b[31m"s, "nul \0 esc \x1b[31m"s},
      {"cut \xe3\x81 off", "cut \xef\xbf\xbd off"},
      {"\xff\xfe\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"", ""},
  };
  for (const auto& [given, read] : kCases) {
    written_.clear();
    log_.info("event", {{"value", given}});
    EXPECT_EQ(std::count(written_.begin(), written_.end(), '\n'), 1) << written_;
    EXPECT_TRUE(is_valid_utf8(written_));
    EXPECT_EQ(written_.find('\x1b'), std::string::npos);
    const Json line = parse_json(written_);
    ASSERT_TRUE(line.is_object()) << written_;
    EXPECT_EQ(line["value"], read);
    EXPECT_EQ(line.size(), 4U);
  }
}

TEST_F(LogTest, a_field_cannot_take_the_place_of_time_level_or_event) {
  log_.error("event", {{"level", "info"s}, {"time", "never"s}, {"event", "other"s}});
  EXPECT_EQ(written_, "{\"time\":\"2026-03-14T08:30:00.500Z\",\"level\":\"error\",\"event\":\"event\"}\n");
}

TEST_F(LogTest, long_texts_are_cut_between_characters_and_numbers_that_are_none_are_null) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "é";
  log_.info("event", {{"text", text}, {"nan", std::numeric_limits<double>::quiet_NaN()}});
  const Json line = parse_json(written_);
  EXPECT_EQ(line["text"], text.substr(0, 4096) + "…");
  EXPECT_TRUE(line["nan"].is_null());
}

TEST_F(LogTest, lines_of_many_threads_stay_whole) {
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (std::int64_t i = 0; i < 250; ++i) log_.info("event", {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto lines = split(written_, '\n');
  ASSERT_EQ(lines.size(), 1'001U);
  EXPECT_EQ(lines.back(), "");
  for (std::size_t i = 0; i < 1'000; ++i) EXPECT_TRUE(parse_json(lines[i]).is_object()) << lines[i];
}

TEST(Log, a_writer_that_throws_costs_its_line_only) {
  const fa::test::FakeClock clock(kNoTime);
  int calls = 0;
  Log log(clock, [&](std::string_view) {
    if (++calls == 1) throw 1;
  });
  log.info("lost");
  log.info("written");
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace fa::server
