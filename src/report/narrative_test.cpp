// What a model, past incidents and documents add to a report, in every rendering.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/report_json.h"
#include "report/narrative_lines.h"
#include "report/render.h"
#include "report/sample_report.h"

namespace fa {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Report narrated(Language language) {
  Report report = sample_report(language);
  Narrative n;
  n.model = "bedrock some-model";
  n.outcome = "answered";
  n.prompts = "0123456789ab";
  n.summary = {{"checkout logged it 412 times [L1].", {"L1"}, true, ""},
               {"orders-db was <b>full</b> <!channel> ~~x~~.", {"M9"}, false, "There is no evidence M9."}};
  n.hypotheses = {
      {"checkout", "orders-db", Mechanism::kDependencyTimeout, 1, {{"It times out [L1].", {"L1"}, true, ""}}}};
  n.actions = {{"Undo the change.", {"C1"}, true, ""}};
  n.missing = {"Logs of orders-db."};
  n.steps = {{1, "search_logs", R"({"contains":"x"})", "ok", "contains x", 12, true}};
  n.checked = 4;
  n.verified = 3;
  n.sent_back = 1;
  n.contradicts = true;
  report.narrative = n;
  SimilarView past;
  past.id = "P1";
  past.incident = "inc-7";
  past.time = report.incident.window.begin;
  past.headline = "checkout could not reach orders-db";
  past.cause = "security group";
  past.fix = "rule put back";
  past.similarity = 0.83;
  past.shared = {"checkout"};
  report.similar = {past};
  report.passages = {{"K1", "runbooks/db.md", "Database", 12, "Check the security group."}};
  report.memory_version = "beef";
  return report;
}

TEST(Narrative, every_rendering_tells_the_verified_from_the_struck) {
  const Report report = narrated(Language::kEnglish);
  const std::string text = render_text(report, {false, 100});
  EXPECT_THAT(text, AllOf(HasSubstr("3 of 4 statements verified"), HasSubstr("✓ checkout logged it 412 times"),
                          HasSubstr("✗ orders-db was"), HasSubstr("There is no evidence M9."),
                          HasSubstr("Seen on 2026-03-14"), HasSubstr("rule put back"), HasSubstr("runbooks/db.md:12"),
                          HasSubstr("search_logs"), HasSubstr("another first cause")));
  const std::string markdown = render_markdown(report);
  EXPECT_THAT(markdown, AllOf(HasSubstr("- ✗ ~~orders-db was"), HasSubstr("- ✓ checkout logged it 412 times"),
                              Not(HasSubstr("<b>")), Not(HasSubstr("<!channel>"))));
  const std::string html = render_html(report);
  EXPECT_THAT(html, AllOf(HasSubstr("<s class=\"soft\">orders-db was &lt;b&gt;full&lt;/b&gt;"),
                          HasSubstr("&lt;!channel&gt;"), Not(HasSubstr("<b>full"))));
}

TEST(Narrative, japanese_has_no_english_words_of_ours) {
  const Report report = narrated(Language::kJapanese);
  const std::string text = render_text(report, {false, 100});
  EXPECT_THAT(text, AllOf(HasSubstr("言語モデルの見解"), HasSubstr("4 件中 3 件"), HasSubstr("過去の類似インシデント"),
                          Not(HasSubstr("statements")), Not(HasSubstr("verified")), Not(HasSubstr("Seen on"))));
}

TEST(Narrative, an_answer_shows_what_was_said_and_only_the_evidence_it_cites) {
  Report report = narrated(Language::kEnglish);
  report.narrative->hypotheses.front().statements.front().evidence = {"L1", "K1"};
  const std::string answer = render_answer_text(report, {false, 100});
  EXPECT_THAT(answer,
              AllOf(HasSubstr("3 of 4 statements verified"), HasSubstr("✓ checkout logged it 412 times"),
                    HasSubstr("✗ orders-db was"), HasSubstr("Undo the change."), HasSubstr("runbooks/db.md:12")));
  EXPECT_THAT(answer, AllOf(Not(HasSubstr("✓ Undo the change.")), Not(HasSubstr("Seen on")))) << "advice is no fact";
  for (const Evidence& e : report.evidence) {
    const bool cited = e.id == "L1" || e.id == "C1";
    EXPECT_EQ(answer.find(e.claim) != std::string::npos, cited) << e.id;
    if (cited && !e.reproduce.empty()) {
      EXPECT_THAT(answer, HasSubstr(e.reproduce));
    }
  }
  report.narrative.reset();
  EXPECT_EQ(render_answer_text(report, {false, 100}), "");
}

TEST(Narrative, survives_the_way_to_json_and_back) {
  const Report report = narrated(Language::kEnglish);
  const std::string json = report_to_json(report);
  const auto back = report_from_json(json);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(report_to_json(*back), json);
}

TEST(Narrative, nothing_is_shown_where_nothing_was_added) {
  EXPECT_TRUE(narrative_sections(sample_report(Language::kEnglish)).empty());
}

}  // namespace
}  // namespace fa
