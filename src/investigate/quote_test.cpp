#include "investigate/quote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sources/file/test_support.h"

namespace fa {
namespace {

const TimePoint kTime = *parse_rfc3339("2026-03-14T08:30:00Z");  // 1773477000

TEST(PointExcerpt, is_the_smallest_whole_thing_around_the_time) {
  struct Case {
    const char* name;
    std::string_view bytes;
    std::string_view excerpt;
  };
  const Case kCases[] = {
      {"seconds in a list", R"({"values":[[1773476970,"1"],[1773477000,"0.97"],[1773477030,"1"]]})",
       R"([1773477000,"0.97"])"},
      {"milliseconds", R"([[1773477000000,4],[1773477030000,5]])", R"([1773477000000,4])"},
      {"nanoseconds in an object", R"({"dataPoints":[{"timeUnixNano":"1773477000000000000","asDouble":4.5},{"x":1}]})",
       R"({"timeUnixNano":"1773477000000000000","asDouble":4.5})"},
      {"an object inside the object", R"({"t":1773477000,"labels":{"a":"b"},"v":2})",
       R"({"t":1773477000,"labels":{"a":"b"},"v":2})"},
      {"ISO 8601 line", "time,value\n2026-03-14T08:29:30Z,1\n2026-03-14T08:30:00Z,2\n2026-03-14T08:30:30Z,3\n",
       "2026-03-14T08:30:00Z,2"},
      {"with a space", "a 2026-03-14 08:30:00 7\nb", "a 2026-03-14 08:30:00 7"},
      {"part of a longer number", "[17734770001,1] [91773477000,2]", ""},
      {"last bytes", "x,1773477000", "x,1773477000"},
      {"never closed", R"([1773477000,1)", R"([1773477000,1)"},
      {"not there", "2026-03-14T08:31:00Z,2", ""},
      {"nothing", "", ""},
  };
  for (const Case& c : kCases) EXPECT_EQ(point_excerpt(c.bytes, kTime), c.excerpt) << c.name;
}

TEST(PointExcerpt, stays_short) {
  const std::string bytes = "[1773477000," + std::string(100'000, '7') + "]";
  EXPECT_LE(point_excerpt(bytes, kTime).size(), 600U);
}

TEST(StandsIn, sees_through_string_escapes_but_not_through_changes) {
  struct Case {
    std::string_view words;
    std::string_view bytes;
    bool stands;
  };
  const Case kCases[] = {
      {"timed out", "ERROR query timed out after 3 s", true},
      {"", "anything", true},
      {"timed out", "", false},
      {"timed  out", "query timed out", false},
      {"Timed out", "query timed out", false},
      {"said \"no\"", R"({"msg":"he said \"no\" twice"})", true},
      {"line one\nline two", R"({"msg":"line one\nline two"})", true},
      {"Zürich", R"({"msg":"Z\u00fcrich"})", true},
      {"a/b", R"({"msg":"a\/b"})", true},
      {"id is 7", R"({"Document":"{\"msg\":\"id is 7\"}"})", true},
      {"say \"x\"", R"({"Document":"{\"msg\":\"say \\\"x\\\"\"}"})", true},
      {"said yes", R"({"msg":"he said \"no\""})", false},
      {"x", R"({"msg":"unfinished)", false},
      {"unfinished", R"({"msg":"unfinished)", true},
      {"trailing", R"("trailing\)", true},
  };
  for (const Case& c : kCases) EXPECT_EQ(stands_in(c.words, c.bytes), c.stands) << c.words << " in " << c.bytes;
}

TEST(QuoteEvidence, notes_bytes_hash_and_a_command_that_shows_them) {
  const test::TempFolder folder;
  folder.write("it's.log", "first line\nsecond line\nthird line\n");
  const std::string root = folder.path();
  const InputSet inputs = discover_inputs(std::vector{root}, {}, {});
  Report report;
  Evidence e;
  e.id = "L1";
  e.locator.source = "file";
  e.locator.resource = "it's.log";
  e.locator.position = {11, 11, 2, 1};
  report.evidence.push_back(e);
  e.locator.resource = "gone.log";
  report.evidence.push_back(e);
  e.locator.resource = "it's.log";
  e.locator.position = {30, 100, 3, 1};
  report.evidence.push_back(e);
  quote_evidence(report, inputs);
  EXPECT_EQ(report.evidence[0].excerpt, "second line");
  EXPECT_EQ(report.evidence[0].sha256.size(), 64U);
  EXPECT_EQ(report.evidence[0].reproduce, "sed -n '2,2p' '" + root + "/it'\\''s.log'");
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(report.evidence[i].excerpt, "");
    EXPECT_EQ(report.evidence[i].sha256, "");
  }
}

}  // namespace
}  // namespace fa
