#include "sources/file/incident_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sources/file/test_support.h"

namespace fa {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view kWhole = R"({
 "id": "case-1",
 "system": "ignored",
 "description": "支払いが遅い",
 "window": {"from": "2026-03-14T17:30:00+09:00", "to": "2026-03-14T08:50:00Z"},
 "baseline": {"from": "2026-03-14T07:00:00Z", "to": "2026-03-14T08:30:00Z", "note": 1},
 "alarm": {"entity": "checkout", "metric": "latency", "statistic": "p99", "time": "2026-03-14T08:35:00Z"}
})";

TEST(IncidentFile, ReadsEveryKey) {
  const auto info = parse_incident(kWhole, "incident.json");
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->id, "case-1");
  EXPECT_EQ(info->description, "支払いが遅い");
  EXPECT_TRUE(info->window_given);
  EXPECT_EQ(format_rfc3339(info->window.begin), "2026-03-14T08:30:00Z");
  EXPECT_EQ(format_rfc3339(info->window.end), "2026-03-14T08:50:00Z");
  EXPECT_TRUE(info->baseline_given);
  EXPECT_EQ(format_rfc3339(info->baseline.begin), "2026-03-14T07:00:00Z");
  ASSERT_TRUE(info->alarm);
  EXPECT_EQ(info->alarm->entity, "checkout");
  EXPECT_EQ(info->alarm->metric, "latency");
  EXPECT_EQ(info->alarm->statistic, "p99");
  EXPECT_EQ(format_rfc3339(info->alarm->time.value()), "2026-03-14T08:35:00Z");
}

TEST(IncidentFile, EveryKeyMayBeMissingOrNull) {
  for (const std::string_view text :
       {"{}", R"({"id":null,"description":null,"window":null,"baseline":null,"alarm":null})",
        R"({"window":{},"baseline":{"from":null,"to":null}})", "\xEF\xBB\xBF{}"}) {
    const auto info = parse_incident(text, "incident.json");
    ASSERT_TRUE(info) << text << info.error().message;
    EXPECT_FALSE(info->window_given);
    EXPECT_FALSE(info->baseline_given);
    EXPECT_FALSE(info->alarm);
  }
  EXPECT_FALSE(parse_incident(R"({"alarm":{}})", "f")->alarm->time);
}

struct WrongCase {
  std::string_view text;
  std::string_view expected;
};

TEST(IncidentFile, ErrorsNameFileLineAndWhatWasExpected) {
  const WrongCase cases[] = {
      {"", "dir/incident.json: line 1, byte 0: expected a JSON object"},
      {"{\n\"id\": \"a\"\n\"x\": 1}", "line 3, byte"},
      {"[1]", "line 1: the file: expected an object, found [1]"},
      {"{\n\"id\": 5}", "line 2: id: expected a text, found 5"},
      {"{\n\"window\": \"today\"}", "line 2: window: expected an object, found \"today\""},
      {"{\"window\": {\n\"from\": \"yesterday\",\n\"to\": 1}}",
       "line 2: window.from: expected a time such as \"2026-03-14T08:30:00Z\", found \"yesterday\""},
      {"{\"window\": {\"from\": \"2026-03-14T08:30:00Z\"}}", "window: 'to' is missing beside 'from'"},
      {"{\"window\": {\"from\": \"2026-03-14T08:30:00Z\", \"to\": \"2026-03-14T08:29:59Z\"}}", "must lie after 'from'"},
      {"{\"alarm\": {\"time\": 1773477000}}", "alarm.time: expected a time"},
      {"{\"id\": {\"a\": \"\\u001b[31m\xFF\"}}", "id: expected a text"},
      {"{\"id\": \"\x1b[31m\"}", "byte 8: expected a JSON object"},
      {"{\"id\": ", "line 1, byte 7: expected a JSON object"},
  };
  for (const auto& c : cases) {
    const auto info = parse_incident(c.text, "dir/incident.json");
    ASSERT_FALSE(info) << c.text;
    EXPECT_EQ(info.error().code, ErrorCode::kInvalidInput);
    EXPECT_THAT(info.error().message, AllOf(HasSubstr("dir/incident.json: line "), HasSubstr(std::string(c.expected))));
    EXPECT_EQ(info.error().message.find('\x1b'), std::string::npos);
  }
}

TEST(IncidentFile, SurvivesHostileText) {
  EXPECT_FALSE(parse_incident(std::string(500'000, '['), "f"));
  EXPECT_FALSE(parse_incident(std::string("{\"id\":\"a\0b\"}", 12), "f"));
  EXPECT_TRUE(parse_incident("{\"description\":\"broken \xFF utf-8\"}", "f"));
  EXPECT_FALSE(parse_incident("{\"window\":{\"from\":1e999,\"to\":2}}", "f"));
}

TEST(IncidentFile, FileErrorsNameThePath) {
  const test::TempFolder folder;
  EXPECT_EQ(read_incident_file(folder.write("incident.json", kWhole))->id, "case-1");
  const auto missing = read_incident_file(folder.path() / "missing.json");
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("missing.json"));
  EXPECT_THAT(read_incident_file(folder.path()).error().message, HasSubstr("not a regular file"));
  const auto large = read_incident_file(folder.write("large.json", std::string((1 << 20) + 1, ' ')));
  EXPECT_EQ(large.error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace fa
