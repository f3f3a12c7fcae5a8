// Every message and view in both languages against the files under testdata/, which tests/slack_types also checks
// against Slack's own types. UPDATE_GOLDEN=1 rewrites them; read the diff.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "chatops/messages.h"
#include "chatops/messages_inquiry.h"
#include "report/sample_report.h"
#include "support/slack_block_limits.h"

namespace fa::chatops {
namespace {

using ::testing::IsEmpty;

const std::string kFolder = FA_PROJECT_DIR "/src/chatops/testdata/";

void compare(const std::string& file, const Json& json) {
  const std::string rendered = json_text(json, 1) + "\n";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::filesystem::create_directories(kFolder);
    std::ofstream(kFolder + file, std::ios::binary) << rendered;
    return;
  }
  std::ifstream in(kFolder + file, std::ios::binary);
  ASSERT_TRUE(in) << file << " is missing; UPDATE_GOLDEN=1 writes it";
  const std::string expected((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(rendered, expected) << "differs from " << file << "; UPDATE_GOLDEN=1 rewrites it";
}

/// One file per message: `text` and `blocks`.
void compare_messages(const std::string& name, const std::vector<RenderedMessage>& messages) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    EXPECT_THAT(slack_limits::problems_of_message(messages[i].blocks, messages[i].text), IsEmpty()) << name;
    const std::string part = messages.size() > 1 ? "-" + std::to_string(i + 1) : "";
    compare(name + part + ".message.json", {{"text", messages[i].text}, {"blocks", parse_json(messages[i].blocks)}});
  }
}

void compare_view(const std::string& name, const std::string& view) {
  EXPECT_THAT(slack_limits::problems_of_view(view), IsEmpty()) << name;
  compare(name + ".view.json", parse_json(view));
}

Report with_narrative(Language language) {
  const bool japanese = language == Language::kJapanese;
  Report r = sample_report(language);
  Narrative n;
  n.model = "example-model";
  n.outcome = "answered";
  n.checked = 3;
  n.verified = 2;
  n.summary = {{japanese ? "checkout は orders-db に接続できなくなりました [T1]。"
                         : "checkout could no longer connect to orders-db [T1].",
                {"T1"},
                true,
                ""},
               {japanese ? "orders-db の CPU が飽和していました。" : "The CPU of orders-db was saturated.",
                {"M2"},
                false,
                japanese ? "M2 の値は 12.4% です" : "M2 gives 12.4%"}};
  n.hypotheses = {{"orders-db",
                   "",
                   Mechanism::kNetworkPartition,
                   2,
                   {{japanese ? "セキュリティグループの変更が接続を遮断しました [C1]。"
                              : "The change of the security group cut the connections off [C1].",
                     {"C1"},
                     true,
                     ""}}}};
  n.contradicts = true;
  n.actions = {{japanese ? "変更を元に戻してください。" : "Take the change back.", {}, true, ""}};
  n.missing = {japanese ? "VPC フローログ" : "VPC flow logs"};
  n.steps = {{1, "read_logs", "{}", "ok", "read_logs checkout", 12, true}};
  r.narrative = n;
  r.similar = {{"P1",
                "2025-11-02-checkout",
                r.incident.window.begin - std::chrono::hours(24 * 132),
                japanese ? "checkout が orders-db に接続できない" : "checkout cannot reach orders-db",
                japanese ? "受信ルールの削除" : "an inbound rule was removed",
                japanese ? "ルールを復元" : "the rule was restored",
                0.83,
                {"checkout", "connect timed out"}}};
  return r;
}

/// As to_markdown() writes what is in a document: the beginning of an answer.
std::string answer_markdown(bool japanese) {
  if (japanese) {
    return "チェックアウトの応答時間は **木曜日の 14:00** から長くなっています。\n\n"
           "## 分かったこと\n\n- M1 `orders-db` の CPUUtilization は 20 % から 41 % に上がりました\n"
           "- M2 TargetResponseTime は 0.2 秒から 0.7 秒になりました\n\n"
           "| メトリクス | 前 | 後 |\n|---|--:|--:|\n| CPUUtilization | 20 | 41 |\n| TargetResponseTime | 0.2 | 0.7 "
           "|\n";
  }
  return "Checkout has been slower since **Thursday 14:00**.\n\n"
         "## What was found\n\n- M1 CPUUtilization of `orders-db` rose from 20 % to 41 %\n"
         "- M2 TargetResponseTime rose from 0.2 s to 0.7 s\n\n"
         "| metric | before | after |\n|---|--:|--:|\n| CPUUtilization | 20 | 41 |\n| TargetResponseTime | 0.2 | 0.7 "
         "|\n";
}

class Messages : public ::testing::TestWithParam<Language> {};

TEST_P(Messages, are_as_reviewed) {
  const Language language = GetParam();
  const bool japanese = language == Language::kJapanese;
  const std::string suffix = "." + std::string(language_name(language));
  const Reader reader{language, japanese ? "Asia/Tokyo" : "America/New_York"};
  const FormInput input{japanese ? "注文が HTTP 504 で失敗しています" : "Orders fail with HTTP 504",
                        sample_report(language).incident.window};
  const std::string state = R"({"run":"r-1"})";

  compare_messages("form" + suffix,
                   {form_message(input, japanese ? "「orders-5xx」の原因を調べますか？" : "Why did “orders-5xx” fire?",
                                 state, reader)});
  compare_messages("form-empty" + suffix, {form_message({}, "", state, reader)});
  compare_view("form" + suffix, form_view(input, state, reader));
  compare_view("confirm" + suffix, confirm_view(sample_report(language).headline, state, reader));
  compare_view("wrong" + suffix, wrong_view(state, reader));
  compare_view("question" + suffix, question_view(state, reader));

  using Stage = Progress::Stage;
  compare_messages("progress-queued" + suffix,
                   {progress_message(input, "U123", {Stage::kQueued, 2, 0, 0, ""}, reader)});
  compare_messages("progress-collecting" + suffix,
                   {progress_message(input, "U123", {Stage::kCollecting, 0, 3, 5, ""}, reader)});
  compare_messages(
      "progress-failed" + suffix,
      {progress_message(input, "", {Stage::kFailed, 0, 0, 0, japanese ? "権限がありません。" : "Access was denied."},
                        reader)});

  const Inquiry insight{InquiryKind::kInsight, japanese ? "なぜ checkout が遅いのですか" : "Why is checkout slow?"};
  Inquiry findings;
  findings.kind = InquiryKind::kFindings;
  compare_view("insight" + suffix, inquiry_view(insight, AskWhere::kYes, state, reader));
  compare_view("findings" + suffix, inquiry_view(findings, AskWhere::kNo, state, reader));
  compare_messages("findings-queued" + suffix,
                   {inquiry_progress_message(findings, input.window, "U123", {Stage::kQueued, 0, 0, 0, ""}, reader)});
  compare_messages("retry" + suffix,
                   {retry_message(japanese ? "権限がありません。" : "Access was denied.", state, reader)});
  compare_messages("insight-answer" + suffix,
                   inquiry_answer_messages(japanese ? "orders-db の CPU が原因です" : "The CPU of orders-db is why",
                                           answer_markdown(japanese), language));

  compare_messages("report" + suffix, report_messages(sample_report(language), state, reader));
  compare_messages("report-with-model" + suffix, report_messages(with_narrative(language), state, reader));
  compare_messages("report-no-incident" + suffix, report_messages(sample_no_incident(language), state, reader));
  compare_messages("report-cannot-tell" + suffix, report_messages(sample_cannot_tell(language), state, reader));
  compare_messages("report-hostile" + suffix, report_messages(hostile_report(language), state, reader));
  compare_messages("answer" + suffix,
                   answer_messages(with_narrative(language),
                                   japanese ? "なぜ接続できなくなりましたか" : "Why was it cut off?", reader));
  compare_messages("note" + suffix, {note_message(japanese ? "ありがとうございます。" : "Thank you.",
                                                  "https://example.slack.com/archives/C1/p2")});
}

INSTANTIATE_TEST_SUITE_P(Languages, Messages, ::testing::Values(Language::kEnglish, Language::kJapanese),
                         [](const auto& tested) { return std::string(language_name(tested.param)); });

}  // namespace
}  // namespace fa::chatops
