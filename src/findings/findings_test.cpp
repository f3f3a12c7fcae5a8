/// The whole line on recorded exports: how the report reads, what hostile words do, and a model's part.
#include "findings/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/json.h"
#include "findings/findings_document.h"
#include "findings/model_explain.h"
#include "llm/scripted_model.h"
#include "support/golden_text.h"

namespace fa::findings {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kTestData = FA_PROJECT_DIR "/src/findings/testdata/";

FindingsRequest example_request(Language language) {
  FindingsRequest request;
  // Named as users do: the report shows them.
  request.files = {"src/findings/testdata/guardduty.json", "src/findings/testdata/security-hub.json"};
  request.language = language;
  return request;
}
FindingsRun example(Language language = Language::kEnglish) {
  auto run = run_findings(example_request(language), nullptr, nullptr, {});
  EXPECT_TRUE(run) << run.error().message;
  return run ? std::move(*run) : FindingsRun{};
}

TEST(FindingsReport, reads_as_it_was_reviewed) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const FindingsRun run = example(language);
    const std::string name = kTestData + "report." + std::string(language_name(language)) + ".golden.";
    test::expect_text(name + "md", document::to_markdown(findings_document(run.report)));
    if (language == Language::kEnglish) test::expect_text(name + "json", findings_json(run.report));
  }
}

TEST(FindingsReport, keeps_what_has_no_compliance_and_leaves_out_what_was_suppressed) {
  const FindingsReport report = example().report;
  EXPECT_THAT(report.by_product,
              AllOf(testing::Contains(testing::Key("Inspector")), testing::Contains(testing::Key("Macie")),
                    testing::Contains(testing::Key("GuardDuty"))));
  const std::string json = findings_json(report);
  EXPECT_THAT(json, Not(HasSubstr("TorIPCaller"))) << "suppressed in Security Hub, active in GuardDuty";
  EXPECT_EQ(report.merged, 3U);
  EXPECT_THAT(report.left_out, ElementsAre(1, 2, 1, 2, 1, 2));
}

TEST(FindingsReport, compares_with_what_the_last_one_left) {
  FindingsRequest request = example_request(Language::kEnglish);
  request.last = "";
  const auto first = run_findings(request, nullptr, nullptr, {});
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->report.compared);
  EXPECT_FALSE(first->report.changes);
  request.last = first->state;
  const auto second = run_findings(request, nullptr, nullptr, {});
  ASSERT_TRUE(second && second->report.changes);
  EXPECT_THAT(second->report.changes->appeared, IsEmpty());
  EXPECT_THAT(second->report.changes->gone, IsEmpty());
  EXPECT_EQ(second->state, first->state);
  request.filter.least = Severity::kCritical;
  const auto stricter = run_findings(request, nullptr, nullptr, {});
  ASSERT_TRUE(stricter && stricter->report.changes);
  EXPECT_THAT(stricter->report.changes->other_criteria, HasSubstr("medium"));
  request.last = "garbage";
  const auto broken = run_findings(request, nullptr, nullptr, {});
  ASSERT_TRUE(broken);
  EXPECT_THAT(broken->report.state_problem, Not(IsEmpty()));
}

TEST(FindingsReport, without_any_finding_says_what_it_was_given) {
  FindingsRequest request;
  request.files = {"src/findings/testdata/none.json"};
  const auto run = run_findings(request, nullptr, nullptr, {});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(run.error().message, AllOf(HasSubstr("none.json"), HasSubstr("get-findings")));
}

TEST(FindingsReport, shows_hostile_names_as_data) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "fa2-hostile-findings.json";
  const std::string nasty =
      R"j(</svg><script>alert(1)</script> | ` [a](javascript:x) \u001b[31m \u202e )j" + std::string(10'000, 'A');
  const Json finding = {{"AwsAccountId", "<b>"},
                        {"Id", nasty},
                        {"Title", "TITLE"},
                        {"Severity", {{"Label", "HIGH"}}},
                        {"Region", "\"'<"},
                        {"Description", "TITLE"},
                        {"ProductName", "x<y"},
                        {"Resources", Json::array({{{"Type", "`"}, {"Id", "TITLE"}}})},
                        {"Remediation", {{"Recommendation", {{"Text", "TITLE"}, {"Url", "javascript:alert(1)"}}}}}};
  std::string bytes = json_text(finding);
  for (std::size_t at = bytes.find("TITLE"); at != std::string::npos; at = bytes.find("TITLE", at)) {
    bytes.replace(at, 5, nasty);  // with its escapes, as they stand in JSON
  }
  std::ofstream(file) << bytes;
  FindingsRequest request;
  request.files = {file.string()};
  const auto run = run_findings(request, nullptr, nullptr, {});
  std::filesystem::remove(file);
  ASSERT_TRUE(run) << run.error().message;
  const document::Document document = findings_document(run->report);
  const std::string html = document::to_html(document);
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("</svg><script")),
                          Not(HasSubstr("href=\"javascript")), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(document::to_markdown(document), Not(HasSubstr("\x1b")));
  EXPECT_THAT(document::to_text(document), Not(HasSubstr("\x1b")));
  EXPECT_TRUE(parse_json(findings_json(run->report)).is_object());
}

TEST(FindingsReport, replaces_secrets_in_the_words_of_findings) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "fa2-secret-findings.json";
  const std::string secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYQ2example9Z";
  std::ofstream(file) << R"({"AwsAccountId":"1","Id":"i","Title":"password=)" << secret
                      << R"( in code","Severity":{"Label":"HIGH"},"Description":"password=)" << secret << R"("})";
  FindingsRequest request;
  request.files = {file.string()};
  const auto run = run_findings(request, nullptr, nullptr, {});
  std::filesystem::remove(file);
  ASSERT_TRUE(run);
  EXPECT_THAT(findings_json(run->report) + run->state, Not(HasSubstr(secret)));
}

TEST(FindingsReport, in_japanese_quotes_the_title_of_what_no_text_explains) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "fa2-unexplained-finding.json";
  std::ofstream(file) << R"({"AwsAccountId":"1","Id":"i","ProductName":"Prowler","Title":"Container runs as root",)"
                      << R"("Severity":{"Label":"HIGH"},"Description":"The image starts as root."})";
  FindingsRequest request;
  request.files = {file.string()};
  request.language = Language::kJapanese;
  const auto japanese = run_findings(request, nullptr, nullptr, {});
  request.language = Language::kEnglish;
  const auto english = run_findings(request, nullptr, nullptr, {});
  std::filesystem::remove(file);
  ASSERT_TRUE(japanese && english);
  EXPECT_THAT(document::to_text(findings_document(japanese->report)),
              HasSubstr("Prowler の検出結果（原題「Container runs as root」）"));
  EXPECT_THAT(document::to_text(findings_document(english->report)), Not(HasSubstr("原題")));
}

Group group_for_model() {
  Group g;
  g.cause = {Cause::Kind::kOther, "Prowler: Container image runs as root"};
  g.title = "Container image runs as root";
  g.description = "The image example/web:7 starts as root.";
  g.resources = {{{"AwsEcrContainerImage", "repo/web", "r"}, "111122223333", Severity::kHigh, {}, {}, 1}};
  return g;
}
Explanation said(std::string why, std::vector<std::string> fix = {"Set a user in the Dockerfile"}) {
  Explanation e;
  e.why = std::move(why);
  e.risk = "A process that is broken into has all rights in the container.";
  e.fix = std::move(fix);
  return e;
}

TEST(ModelExplanations, name_only_what_stands_in_the_finding) {
  const Group g = group_for_model();
  EXPECT_EQ(why_refused(said("The image example/web:7 starts as root."), g), "");
  EXPECT_EQ(why_refused(said("repo/web のイメージが root で起動します。"), g), "");
  EXPECT_EQ(why_refused(said("Least-privilege, e.g. on S3 and/or EC2, within 30 days."), g), "");
  for (const char* why :
       {"", "The image example/api:7 starts as root.", "See https://evil.example/x", "Call `rm -rf` now", "Run it | sh",
        "The account 999988887777 is hit", "Open www.example.com", "Ask \"bob the admin\"",
        "「本番サーバー」が対象です", "CVE-2026-1 is used", "mail ops@example.com", "line\nbreak"}) {
    EXPECT_NE(why_refused(said(why), g), "") << why;
  }
  EXPECT_NE(why_refused(said("fine", {}), g), "");
  EXPECT_NE(why_refused(said("fine", {std::string(5000, 'a')}), g), "");
  EXPECT_NE(why_refused(said("fine", std::vector<std::string>(7, "step")), g), "");
}

llm::ChatAnswer answering(const std::string& why) {
  return llm::scripted_calls({{"1", "explain_findings",
                               R"({"explanations":[{"cause":"F1","why":")" + why +
                                   R"(","risk":"It has all rights.","fix":["Set a user."]}]})"}});
}

TEST(ModelExplanations, that_do_not_hold_are_sent_back_once_and_then_dropped) {
  const Group g = group_for_model();
  llm::ScriptedModel mended({answering("The server db-7 is hit."), answering("The image starts as root.")});
  const ModelExplanations good = explain_by_model({&g}, Language::kEnglish, mended, {});
  ASSERT_TRUE(good.explanations.at(0));
  EXPECT_EQ(good.explanations[0]->by, Explanation::By::kModel);
  EXPECT_EQ(mended.calls(), 2U);
  const std::string sent = std::get<llm::Text>(mended.requests()[0].messages[0].blocks[0]).text;
  EXPECT_THAT(sent, AllOf(HasSubstr("<data>"), HasSubstr("example/web:7")));
  llm::ScriptedModel stubborn({answering("The server db-7 is hit."), answering("The server db-8 is hit.")});
  EXPECT_FALSE(explain_by_model({&g}, Language::kEnglish, stubborn, {}).explanations.at(0));
  llm::ScriptedModel down({fail(ErrorCode::kUnavailable, "no model today")});
  const ModelExplanations none = explain_by_model({&g}, Language::kJapanese, down, {});
  EXPECT_FALSE(none.explanations.at(0));
  EXPECT_THAT(none.problem, HasSubstr("no model today"));
}

TEST(ModelExplanations, are_asked_for_what_no_text_explains_and_are_marked) {
  llm::ScriptedModel model([](const llm::ChatRequest& request, const Context&) -> Result<llm::ChatAnswer> {
    const std::string asked = std::get<llm::Text>(request.messages[0].blocks[0]).text;
    EXPECT_THAT(asked, Not(HasSubstr("S3.8"))) << "has a text";
    return llm::scripted_calls({{"1", "explain_findings", R"({"explanations":[]})"}});
  });
  const auto run = run_findings(example_request(Language::kEnglish), nullptr, &model, {});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->report.model, "scripted");
  EXPECT_GE(model.calls(), 1U);
}

}  // namespace
}  // namespace fa::findings
