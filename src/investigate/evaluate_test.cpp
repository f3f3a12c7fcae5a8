#include "investigate/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "investigate/evaluate_renaming.h"
#include "investigate/evaluate_scores.h"
#include "investigate/evaluate_templates.h"
#include "sources/file/test_support.h"

namespace fa {
namespace {

using testing::HasSubstr;

class FixedClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return *parse_rfc3339("2026-06-01T00:00:00Z"); }
};

/// Twenty minutes of one service; failing in the second half, or not.
std::string log_of(const std::string& service, bool fails) {
  std::string text;
  TimePoint t = *parse_rfc3339("2026-03-14T08:00:00Z");
  for (int i = 0; i < 600; ++i, t += std::chrono::seconds(2)) {
    text += format_rfc3339(t) + " INFO " + service + " request " + std::to_string(i) + " done\n";
    if (fails && i >= 300) text += format_rfc3339(t) + " ERROR " + service + " connect to db.internal timed out\n";
  }
  return text;
}

constexpr const char* kWindow = R"({"window":{"from":"2026-03-14T08:10:00Z","to":"2026-03-14T08:20:00Z"}})";

void add_incident(const test::TempFolder& folder, const std::string& path, const std::string& service, bool fails) {
  folder.write(path + "/" + service + ".log", log_of(service, fails));
  folder.write(path + "/incident.json", kWindow);
}

Result<Evaluation> evaluated(const test::TempFolder& folder,
                             std::optional<std::filesystem::path> labels = std::nullopt) {
  EvaluateOptions options;
  options.labels = std::move(labels);
  return evaluate(folder.path(), options, FixedClock(), {});
}

TEST(Evaluate, reads_labels_beside_incident_folders) {
  const test::TempFolder folder;
  add_incident(folder, "set/a", "orders", true);
  add_incident(folder, "set/b", "orders", true);
  add_incident(folder, "set/c", "orders", false);
  folder.write("set/labels.jsonl",
               "{\"case\":\"b\",\"subject\":\"catalog\",\"type\":\"cpu_contention\"}\n\n"
               "{\"case\":\"a\",\"subject\":\"orders\",\"mechanism\":\"dependency_timeout\"}\n"
               "{\"case\":\"c\",\"subject\":null}\n"
               "{\"case\":\"not-here\",\"subject\":\"x\"}\n");
  const auto evaluation = evaluated(folder);
  ASSERT_TRUE(evaluation.has_value()) << evaluation.error().message;
  ASSERT_EQ(evaluation->cases.size(), 3U);
  const EvaluatedCase& a = evaluation->cases[0];
  EXPECT_EQ(a.set, "set");
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.said, "orders");
  EXPECT_EQ(a.rank, 1);
  EXPECT_EQ(a.said_mechanism, "dependency_timeout");
  const EvaluatedCase& b = evaluation->cases[1];
  EXPECT_EQ(b.expected_mechanism, "cpu_saturation") << "the name of the injected fault, in our vocabulary";
  EXPECT_EQ(b.rank, 0);
  const EvaluatedCase& c = evaluation->cases[2];
  EXPECT_EQ(c.expected, std::nullopt);
  EXPECT_EQ(c.said, "");
  EXPECT_EQ(c.rank, 1) << "saying that nothing is wrong was right";

  const auto json = parse_json(render_evaluation_json(*evaluation));
  EXPECT_EQ(json["sets"][0]["cases"], 3);
  EXPECT_EQ(json["sets"][0]["top1"], 2);
  EXPECT_EQ(json["sets"][0]["mechanism_right"], 1);
  EXPECT_EQ(json["sets"][0]["mechanism_labelled"], 2);
  const std::string text = render_evaluation_text(*evaluation);
  EXPECT_THAT(text, HasSubstr("ok   a: expected orders (dependency_timeout) at #1"));
  EXPECT_THAT(text, HasSubstr("miss b: expected catalog"));
  EXPECT_THAT(text, HasSubstr("ok   c: expected (nothing wrong)"));
}

TEST(Evaluate, reads_truth_beside_the_incident) {
  const test::TempFolder folder;
  add_incident(folder, "one/incident", "orders", true);
  folder.write("one/truth.json", R"({"subject":"orders","mechanism":"dependency_timeout","notes":"x"})");
  add_incident(folder, "two/incident", "orders", false);
  folder.write("two/truth.json", R"({"subject":null})");
  const auto evaluation = evaluated(folder);
  ASSERT_TRUE(evaluation.has_value()) << evaluation.error().message;
  ASSERT_EQ(evaluation->cases.size(), 2U);
  EXPECT_EQ(evaluation->cases[0].name, "one");
  EXPECT_EQ(evaluation->cases[0].rank, 1);
  EXPECT_EQ(evaluation->cases[1].rank, 1);
}

TEST(Evaluate, takes_labels_from_elsewhere) {
  const test::TempFolder folder;
  add_incident(folder, "a", "orders", true);
  folder.write("elsewhere.txt", "{\"case\":\"a\",\"subject\":\"orders\"}\n");
  const auto evaluation = evaluated(folder, folder.path() / "elsewhere.txt");
  ASSERT_TRUE(evaluation.has_value()) << evaluation.error().message;
  EXPECT_EQ(evaluation->cases.at(0).rank, 1);
}

TEST(Evaluate, an_incident_without_a_report_counts_as_failed) {
  const test::TempFolder folder;
  folder.write("a/empty.log", "");
  folder.write("labels.jsonl", "{\"case\":\"a\",\"subject\":\"orders\"}\n");
  const auto evaluation = evaluated(folder);
  ASSERT_TRUE(evaluation.has_value()) << evaluation.error().message;
  EXPECT_THAT(evaluation->cases.at(0).error, HasSubstr("empty.log"));
  EXPECT_EQ(evaluation->cases.at(0).rank, 0);
  EXPECT_EQ(parse_json(render_evaluation_json(*evaluation))["sets"][0]["without_report"], 1);
}

TEST(Evaluate, says_what_is_wrong_with_labels) {
  const test::TempFolder folder;
  EXPECT_THAT(evaluated(folder).error().message, HasSubstr("holds no incident with a known cause"));
  EXPECT_THAT(evaluated(folder, folder.path() / "none.jsonl").error().message, HasSubstr("none.jsonl"));
  folder.write("labels.jsonl", "{\"case\":\"a\"}\n{\"case\":\n");
  EXPECT_THAT(evaluated(folder).error().message, HasSubstr("labels.jsonl:2: expected an object"));
  const test::TempFolder other;
  other.write("x/incident/a.log", "x\n");
  other.write("x/truth.json", "[]");
  EXPECT_THAT(evaluated(other).error().message, HasSubstr("truth.json: expected a JSON object"));
}

TEST(Evaluate, names_do_not_matter) {
  const test::TempFolder folder;
  add_incident(folder, "set/a", "orders", true);
  folder.write("set/labels.jsonl", "{\"case\":\"a\",\"subject\":\"orders\"}\n");
  EvaluateOptions options;
  for (const std::uint64_t seed : {1U, 2U}) {
    options.rename_seed = seed;
    const auto evaluation = evaluate(folder.path(), options, FixedClock(), {});
    ASSERT_TRUE(evaluation.has_value()) << evaluation.error().message;
    const EvaluatedCase& a = evaluation->cases.at(0);
    EXPECT_EQ(a.rank, 1);
    EXPECT_EQ(a.said, Renaming(seed).word_of("orders"));
    EXPECT_NE(a.said, "orders");
  }
}

TEST(Renaming, replaces_names_that_stand_by_themselves) {
  Renaming renaming(7);
  renaming.add_name("cart");
  renaming.add_name("cart-7f9c");
  renaming.add_metric("latency");
  const std::string cart = renaming.word_of("cart");
  const std::string pod = renaming.word_of("cart-7f9c");
  const std::string latency = renaming.word_of("latency");
  EXPECT_EQ(renaming.apply("GET shop.Cart/Add from cart-7f9c to cart:80"),
            "GET shop." + cart + "/Add from " + pod + " to " + cart + ":80");
  EXPECT_EQ(renaming.apply("a carton, 1cart"), "a carton, 1cart");
  EXPECT_EQ(renaming.apply(R"({"name":"latency","text":"the latency"})"),
            R"({"name":")" + latency + R"(","text":"the latency"})");
  EXPECT_EQ(renaming.apply(""), "");
}

TEST(EvaluateHealthy, a_baseline_that_breaks_in_its_middle_is_a_false_alarm) {
  const test::TempFolder folder;
  add_incident(folder, "set/a", "orders", true);
  const char* incident = R"({"window":{"from":"2026-03-14T08:10:00Z","to":"2026-03-14T08:20:00Z"},
                            "baseline":{"from":"%s","to":"%s"}})";
  folder.write("set/labels.jsonl", "{\"case\":\"a\",\"subject\":\"orders\"}\n");
  EvaluateOptions options;
  options.healthy_windows = true;
  const auto alarms = [&](const std::string& from, const std::string& to) {
    std::string text = incident;
    text.replace(text.find("%s"), 2, from);
    text.replace(text.find("%s"), 2, to);
    folder.write("set/a/incident.json", text);
    const auto evaluation = evaluate(folder.path(), options, FixedClock(), {});
    return scores_of(evaluation.value()).at("set");
  };
  const Score healthy = alarms("2026-03-14T08:00:00Z", "2026-03-14T08:10:00Z");
  EXPECT_EQ(healthy.healthy, 2);
  EXPECT_EQ(healthy.false_alarms, 0);
  EXPECT_EQ(alarms("2026-03-14T08:05:00Z", "2026-03-14T08:15:00Z").false_alarms, 1);
}

TEST(Calibration, counts_what_was_said_by_how_surely) {
  Evaluation evaluation;
  for (const auto& [said, confidence] : {std::pair("a", 0.9), std::pair("b", 0.85), std::pair("a", 0.3)}) {
    EvaluatedCase c;
    c.expected = "a";
    c.said = said;
    c.confidence = confidence;
    evaluation.cases.push_back(c);
  }
  evaluation.healthy.push_back({"set", {}, "a", "", 1.0, ""});
  evaluation.healthy.push_back({"set", {}, "", "", 0.0, ""});
  const Calibration c = calibration_of(evaluation);
  EXPECT_EQ(c.said, 4);
  EXPECT_EQ(c.confident, 3);
  EXPECT_EQ(c.confident_right, 1);
  EXPECT_EQ(c.bins[9].said, 2) << "0.9 and the false alarm";
  EXPECT_NEAR(c.brier, (0.01 + 0.7225 + 0.49 + 1) / 4, 1e-9);
}

TEST(EvaluateTemplates, measures_groups_and_texts) {
  const test::TempFolder folder;
  folder.write("x/x.content.txt", "user 1 logged in\nuser 2 logged in\ndisk is full\n");
  folder.write("x/x.log_structured_corrected.csv",
               "Line,Template\n1,\"user <*> logged in\"\n2,user <*> logged in\n3,the disk is full\n");
  const auto scores = evaluate_templates(folder.path());
  ASSERT_TRUE(scores.has_value()) << scores.error().message;
  ASSERT_EQ(scores->size(), 1U);
  EXPECT_EQ(scores->at(0).system, "x");
  EXPECT_DOUBLE_EQ(scores->at(0).grouping, 1);
  EXPECT_NEAR(scores->at(0).parsing, 2.0 / 3, 1e-9);
  folder.write("x/x.log_structured_corrected.csv", "Template\none\n");
  EXPECT_THAT(evaluate_templates(folder.path()).error().message, HasSubstr("one per message"));
}

/// Public logs with true templates, one configuration for all systems. The floors lie a little below what is reached,
/// so that a change that costs accuracy is seen.
TEST(EvaluateTemplates, one_configuration_finds_the_true_templates) {
  const std::string root = FA_PROJECT_DIR "/../shared/data/loghub-2k";
  const auto scores = evaluate_templates(root);
  ASSERT_TRUE(scores) << scores.error().message;
  if (scores->empty()) GTEST_SKIP() << "the log files with true templates are not at " << root;
  ASSERT_EQ(scores->size(), 8U);
  double grouping = 0;
  double parsing = 0;
  double worst = 1;
  for (const TemplateScore& s : *scores) {
    EXPECT_EQ(s.lines, 2000U) << s.system;
    grouping += s.grouping / static_cast<double>(scores->size());
    parsing += s.parsing / static_cast<double>(scores->size());
    worst = std::min(worst, s.grouping);
  }
  EXPECT_GE(grouping, 0.99) << render_templates_text(*scores);
  EXPECT_GE(worst, 0.975) << render_templates_text(*scores);
  EXPECT_GE(parsing, 0.91) << render_templates_text(*scores);
}

}  // namespace
}  // namespace fa
