#include <gtest/gtest.h>

#include <string>

#include "formats/record_collector.h"

namespace fa {
namespace {

TEST(ChangeEvents, reads_every_field_and_its_own_bytes) {
  const std::string line =
      R"({"time":"2026-03-14T08:30:00Z","kind":"deployment","actor":"bot","action":"rollout","resource":"deploy/x",)"
      R"("service":"x","before":{"image": "x:1"},"after":"x:2","error":"denied","origin":"10.0.0.1","region":"eu"})";
  const std::string input = line + "\n\n" + line + "\n";
  for (const std::size_t piece : {0U, 1U, 30U}) {
    const RecordCollector got = collect(Format::kChangeEvents, input, piece);
    ASSERT_EQ(got.changes.size(), 2U);
    EXPECT_TRUE(got.skipped.empty());
    const ChangeEvent& c = got.changes[1];
    EXPECT_EQ(c.time, at_nanos(1'773'477'000'000'000'000));
    EXPECT_EQ(c.kind, "deployment");
    EXPECT_EQ(c.actor, "bot");
    EXPECT_EQ(c.action, "rollout");
    EXPECT_EQ(c.resource, "deploy/x");
    EXPECT_EQ(c.service, "x");
    EXPECT_EQ(c.before, R"({"image":"x:1"})");
    EXPECT_EQ(c.after, "x:2");
    EXPECT_EQ(c.error, "denied");
    EXPECT_EQ(c.origin, "10.0.0.1");
    EXPECT_EQ(c.region, "eu");
    EXPECT_EQ(bytes_of(input, c.position), line);
    EXPECT_EQ(c.position.line, 3U);
  }
}

TEST(ChangeEvents, takes_the_usual_other_names) {
  const RecordCollector got = collect(
      Format::kChangeEvents,
      R"([{"@timestamp":1773477000,"Changed_By":{"id":7,"name":"Ann"},"eventName":"UpdateSecurityGroup","target":"sg",)"
      R"("old_value":[1, 2],"newValue":true,"extra":{}},)"
      R"({"ts":"1773477000123","who":"Bob","title":"Deploy finished","app":"cart"}])");
  ASSERT_EQ(got.changes.size(), 2U);
  EXPECT_EQ(got.changes[0].actor, "Ann");
  EXPECT_EQ(got.changes[0].action, "UpdateSecurityGroup");
  EXPECT_EQ(got.changes[0].kind, "network");
  EXPECT_EQ(got.changes[0].before, "[1,2]");
  EXPECT_EQ(got.changes[0].after, "true");
  EXPECT_EQ(got.changes[1].kind, "deployment");
  EXPECT_EQ(got.changes[1].resource, "cart");
  EXPECT_EQ(got.changes[1].time, at_nanos(1'773'477'000'123'000'000));
}

TEST(ChangeEvents, maps_kinds_to_the_vocabulary) {
  const std::pair<std::string, std::string> cases[] = {
      {"Deployment", "deployment"}, {"rollback", "deployment"},       {"config_change", "config_change"},
      {"autoscaling", "scaling"},   {"iam-policy", "permission"},     {"firewall rule", "network"},
      {"restart", "restart"},       {"feature_flag", "feature_flag"}, {"other", "other"},
      {"party", "other"},
  };
  for (const auto& [stated, kind] : cases) {
    const RecordCollector got =
        collect(Format::kChangeEvents, R"({"time":"2026-03-14T08:30:00Z","resource":"r","kind":")" + stated + "\"}");
    ASSERT_EQ(got.changes.size(), 1U);
    EXPECT_EQ(got.changes[0].kind, kind) << stated;
  }
}

TEST(ChangeEvents, counts_what_is_no_change) {
  const RecordCollector got = collect(Format::kChangeEvents,
                                      "{\"time\":\"yesterday\",\"action\":\"a\"}\n"
                                      "{\"time\":\"2026-03-14T08:30:00Z\",\"actor\":\"x\"}\n"
                                      "{\"time\":\"2026-03-14T08:30:00Z\",\"acti\n"
                                      "{\"time\":\"2026-03-14T08:30:00Z\",\"action\":\"a\"}\n");
  EXPECT_EQ(got.changes.size(), 1U);
  ASSERT_EQ(got.skipped.size(), 3U);
  EXPECT_EQ(got.skipped[0].reason, "line 1: change event without a readable time (found \"yesterday\")");
  EXPECT_EQ(got.skipped[1].reason, "line 2: change event that names neither action nor resource");
}

}  // namespace
}  // namespace fa
