#include "model/report_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/json.h"

namespace fa {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::string_literals;

TimePoint at(std::int64_t seconds) { return TimePoint{std::chrono::seconds{seconds}}; }

/// A report with a value in every field.
Report full_report() {
  Report r;
  r.language = Language::kJapanese;
  r.incident = {"case-1",
                "注文できない",
                {at(1000), at(2000)},
                {at(0), at(1000)},
                true,
                false,
                at(1100),
                Alarm{"proxy", "5xx", "Sum", at(1150)}};
  r.verdict = Verdict::kIncident;
  r.headline = "見出し";
  r.severity = ReportSeverity::kHigh;
  r.impact = {"summary", {"proxy", "shop"}, at(1101)};
  Hypothesis h;
  h.rank = 1;
  h.subject = {"PetSearch_AWS::ECS::Fargate", "pod-1", "db"};
  h.mechanism = Mechanism::kDependencyTimeout;
  h.location = {"connecting to <*>", ""};
  h.statement = "s";
  h.score = 12.3456789;
  h.confidence = 0.75;
  h.supports = {"L1", "M1"};
  h.contradicts = {"T1"};
  h.status = HypothesisStatus::kVerified;
  r.hypotheses = {h};
  Evidence e;
  e.id = "L1";
  e.kind = EvidenceKind::kTrace;
  e.entity = "shop";
  e.time = at(1200) + Nanoseconds{5};
  e.claim = "c";
  e.excerpt = "a\nb";
  e.locator = {"file", "123", "eu-west-1", "logs/a.log", "q", {at(1), at(2)}, {10, 20, 3, 4}};
  e.sha256 = "ab";
  e.reproduce = "sed -n 3p logs/a.log";
  e.key = "T7";
  e.facts = {{"count_window", 12345678, ""}, {"median_window", 0.123456789, "s"}};
  e.window_chart = ChartSeries{{at(1000), at(2000)}, {1.0, std::nullopt, 2.5}, "s"};
  e.baseline_chart = ChartSeries{{at(0), at(1000)}, {}, "s"};
  e.check = CheckStatus::kFailed;
  e.check_reason = "r";
  r.evidence = {e};
  r.timeline = {{at(1100), "t", "L1"}, {kNoTime, "u", ""}};
  r.actions = {{"do", {"L1"}}};
  r.prevention = {{"prevent", {}}};
  r.coverage = {{"logs/a.log", "text", 1, 2, 3, 4, {at(5), at(5)}, "note"}};
  r.gaps = {{"x-ray", {at(1), at(9)}, "denied", "no traces"}};
  r.questions = {"q1"};
  r.topology.nodes = {{"proxy", NodeKind::kLoadBalancer, true, {}}, {"shop", NodeKind::kService, false, {"L1"}}};
  r.topology.edges = {{.caller = "proxy",
                       .callee = "shop",
                       .origin = EdgeOrigin::kProxyLog,
                       .protocol = "HTTP",
                       .window = CallFigures{40, 3, 2.5, 0.125, 5.25, std::nullopt},
                       .undated = CallFigures{7, 0, std::nullopt, std::nullopt, std::nullopt, 0.5},
                       .evidence = {"L1"}}};
  r.topology.left_out = 4;
  r.verification = {5, 4};
  r.usage = {std::numeric_limits<std::uint64_t>::max(), 7, 8, 9, 0.25, 11, "2026-11-01", {{"S3", 1, 2, 3, 0.5}}};
  r.identity = "arn:aws:iam::123456789012:user/kim";
  r.notes = {{"S3", "all of it"}};
  r.fa2_version = "0.1.0";
  return r;
}

Json parsed(const Report& r) { return parse_json(report_to_json(r)); }

std::string error_of(std::string_view json) {
  const auto result = report_from_json(json);
  return result ? "no error" : result.error().message;
}

TEST(ReportToJson, has_the_documented_keys_in_their_order) {
  std::vector<std::string> keys;
  const Json j = parsed(full_report());
  for (const auto& item : j.items()) keys.push_back(item.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"schema_version", "language",   "incident",   "verdict",  "headline",
                                            "severity",       "impact",     "hypotheses", "evidence", "model",
                                            "similar",        "passages",   "timeline",   "actions",  "prevention",
                                            "coverage",       "gaps",       "questions",  "topology", "verification",
                                            "usage",          "collection", "versions"}));
}

TEST(ReportToJson, names_enums_and_writes_times_in_utc) {
  const Json j = parsed(full_report());
  EXPECT_EQ(j["hypotheses"][0]["mechanism"], "dependency_timeout");
  EXPECT_EQ(j["hypotheses"][0]["location"]["from"], "connecting to <*>");
  EXPECT_TRUE(j["hypotheses"][0]["location"]["to"].is_null());
  EXPECT_EQ(j["evidence"][0]["time"], "1970-01-01T00:20:00.000000005Z");
  EXPECT_TRUE(j["timeline"][1]["time"].is_null());
  EXPECT_EQ(j["language"], "ja");
}

TEST(ReportToJson, unknown_parts_are_null) {
  Report r;
  r.hypotheses.resize(1);
  const Json j = parsed(r);
  EXPECT_TRUE(j["hypotheses"][0]["location"].is_null());
  EXPECT_TRUE(j["hypotheses"][0]["subject"]["instance"].is_null());
  EXPECT_TRUE(j["hypotheses"][0]["subject"]["component"].is_null());
  EXPECT_TRUE(j["incident"]["window"].is_null());
  EXPECT_TRUE(j["incident"]["onset"].is_null());
  EXPECT_TRUE(j["incident"]["alarm"].is_null());
}

TEST(ReportToJson, numbers_are_stable_finite_and_counts_stay_exact) {
  const auto written = [](double value) {
    Report r;
    r.evidence.resize(1);
    r.evidence[0].facts = {{"n", value, ""}};
    return parsed(r)["evidence"][0]["facts"][0]["value"].dump();
  };
  EXPECT_EQ(written(12345678), "12345678");
  EXPECT_EQ(written(0.1 + 0.2), "0.3");
  EXPECT_EQ(written(2.9999999999), "3");
  EXPECT_EQ(written(1234567.89), "1234570");
  EXPECT_EQ(written(0.000123456789), "0.000123457");
  EXPECT_EQ(written(-0.0), "0");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(std::nan("")), "null");
  EXPECT_EQ(written(-INFINITY), "null");
}

TEST(ReportToJson, scores_and_confidence_are_always_numbers) {
  Report r = full_report();
  r.hypotheses[0].score = INFINITY;
  r.hypotheses[0].confidence = 1.5;
  EXPECT_EQ(parsed(r)["hypotheses"][0]["score"], 0);
  EXPECT_EQ(parsed(r)["hypotheses"][0]["confidence"], 1);
  r.hypotheses[0].confidence = std::nan("");
  EXPECT_EQ(parsed(r)["hypotheses"][0]["confidence"], 0);
}

TEST(ReportToJson, times_that_are_no_dates_of_this_era_are_null) {
  Report r;
  r.incident.onset = at(-1);
  EXPECT_TRUE(parsed(r)["incident"]["onset"].is_null());
  r.incident.onset = TimePoint::max();
  EXPECT_TRUE(parsed(r)["incident"]["onset"].is_null());
}

TEST(ReportToJson, hostile_text_stays_data) {
  Report r;
  const std::string hostile = "\xff\x1b[31m</script><!--\0\xe2\x80\xae\x7f\xc2\x9b \xe2\x80\xa8 <*>"s;
  r.headline = hostile;
  const std::string json = report_to_json(r);
  for (const char* raw : {"\x1b", "</", "<!", "\xe2\x80\xae", "\x7f", "\xc2\x9b", "\xe2\x80\xa8", "\xff"}) {
    EXPECT_THAT(json, Not(HasSubstr(raw)));
  }
  EXPECT_THAT(json, HasSubstr("<*>"));
  const auto back = report_from_json(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->headline, "\xef\xbf\xbd" + hostile.substr(1));  // Only the invalid byte changed.
}

TEST(ReportFromJson, reads_back_every_field) {
  const std::string json = report_to_json(full_report());
  const auto back = report_from_json(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(report_to_json(*back), json);
  EXPECT_EQ(back->language, Language::kJapanese);
  EXPECT_EQ(back->usage.bytes_read, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(back->evidence[0].locator, full_report().evidence[0].locator);
  EXPECT_EQ(back->evidence[0].window_chart->values, full_report().evidence[0].window_chart->values);
  EXPECT_EQ(back->hypotheses[0].location.to, "");
  EXPECT_EQ(back->timeline[1].time, kNoTime);
}

TEST(ReportFromJson, missing_and_unknown_keys_are_fine) {
  const auto back = report_from_json(R"({"schema_version": "1.7", "headline": "h", "mood": [1, {}]})");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->headline, "h");
  EXPECT_EQ(back->verdict, Verdict::kCannotTell);
}

TEST(ReportFromJson, errors_name_the_place_and_what_stood_there) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "report JSON: "},
      {"[]", "expected an object"},
      {R"({"headline": "h"})", "/schema_version: expected 1.x"},
      {R"({"schema_version": "2.0"})", "/schema_version: expected 1.x, found string `2.0`"},
      {R"({"schema_version": "1.0", "headline": 3})", "/headline: expected a string, found number `3`"},
      {R"({"schema_version": "1.0", "verdict": "maybe"})",
       "/verdict: expected one of incident, no_incident, cannot_tell"},
      {R"({"schema_version": "1.0", "hypotheses": [{"rank": 1}, {"rank": "x\u001b"}]})",
       "/hypotheses/1/rank: expected a whole number from 0, found string `x\\x1b`"},
      {R"({"schema_version": "1.0", "hypotheses": [{"rank": -1}]})", "/hypotheses/0/rank: expected a whole number"},
      {R"({"schema_version": "1.0", "usage": {"bytes_read": 1e99}})", "/usage/bytes_read: expected a whole number"},
      {R"({"schema_version": "1.0", "evidence": [{"time": "yesterday"}]})", "/evidence/0/time: expected an RFC 3339"},
      {R"({"schema_version": "1.0", "evidence": {}})", "/evidence: expected an array, found object"},
      {R"({"schema_version": "1.0", "evidence": [{"charts": {"window": {"values": [1, "2"]}}}]})",
       "/evidence/0/charts/window/values/1: expected a number or null"},
      {R"({"schema_version": "1.0", "headline": "x)", "report JSON: "},
  };
  for (const auto& [json, expected] : cases) EXPECT_THAT(error_of(json), HasSubstr(expected)) << json;
}

TEST(ReportFromJson, deep_nesting_and_cut_text_are_errors_or_ignored_never_a_crash) {
  const std::string deep = R"({"schema_version": "1.0", "x": )" + std::string(200000, '[');
  EXPECT_FALSE(report_from_json(deep));
  EXPECT_TRUE(report_from_json(deep + std::string(200000, ']') + "}"));
  const std::string json = report_to_json(full_report());
  for (std::size_t size = 0; size < json.size(); size += 7) EXPECT_FALSE(report_from_json(json.substr(0, size)));
}

}  // namespace
}  // namespace fa
