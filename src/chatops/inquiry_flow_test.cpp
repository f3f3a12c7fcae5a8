// Questions about metrics and reports on security findings, from the command to the files.
#include <gmock/gmock.h>

#include "base/json.h"
#include "chatops/flow_test_rig.h"
#include "chatops/flow_texts.h"
#include "chatops/messages_inquiry.h"

namespace fa::chatops {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class InquiryTest : public FlowTest {
 protected:
  EdgeReply handle(const slack::Inbound& inbound) { return edge->handle(inbound, ""); }

  EdgeReply runs(const std::string& command, const std::string& text = "", const std::string& channel = "C1") {
    return handle(
        slack::SlashCommand{"T1", channel, "U1", command, text, "trigger", "https://hooks.slack.com/commands/1"});
  }
  /// The last opened view as its sender sends it: prefilled values, with `typed` instead.
  slack::ViewSubmission submission(const std::string& view_id, const slack::FormValues& typed = {}) {
    errands->finish_all();
    const Json view = parse_json(slack.views().back());
    slack::ViewSubmission sent{"T1", "U1", view_id, view.value("callback_id", ""), view.value("private_metadata", ""),
                               {}};
    for (const Json& block : view.at("blocks")) {
      const Json element = block.value("element", Json::object());
      const std::string key = block.value("block_id", "") + "/" + element.value("action_id", "");
      if (element.contains("initial_value")) sent.values[key] = element.value("initial_value", "");
      if (element.contains("initial_option")) sent.values[key] = element.at("initial_option").value("value", "");
    }
    for (const auto& [block, value] : typed) sent.values[block + "/" + std::string(kInputAction)] = value;
    return sent;
  }
  /// Id of the youngest inquiry of a thread.
  std::string run_in(const std::string& thread) {
    const auto job = jobs->latest_in_thread(thread, std::string(kInquireJob));
    EXPECT_TRUE(job && *job) << thread;
    return job && *job ? (*job)->id : std::string();
  }
  std::string said() const {
    std::string all;
    for (const auto& sent : slack.posted()) all += sent.message.blocks + "\n";
    return all;
  }
};

TEST_F(InquiryTest, a_question_about_metrics_is_acknowledged_and_answered_in_its_thread) {
  slack.add_user({"U1", "Asia/Tokyo", "en-US", false});
  EXPECT_EQ(runs("/insight", "why is checkout slow? --days 7").body, "");
  const auto sent = submission("V1");
  EXPECT_THAT(slack.views().back(), HasSubstr("why is checkout slow?"));
  EXPECT_EQ(handle(sent).body, "");
  EXPECT_EQ(handle(sent).body, "") << "a double click is the same request";
  do_all();
  EXPECT_EQ(analyst.collected, 1);
  EXPECT_EQ(analyst.answered, 1);
  EXPECT_EQ(analyst.last.inquiry.question, "why is checkout slow?");
  EXPECT_EQ(analyst.last.window.end, kNow);
  EXPECT_EQ(analyst.last.window.length(), std::chrono::hours(24 * 7));
  EXPECT_EQ(analyst.last.time_zone, "Asia/Tokyo");
  const auto posted = slack.posted();
  ASSERT_THAT(posted, SizeIs(2));
  EXPECT_EQ(posted[0].message.channel, "C1");
  EXPECT_EQ(posted[0].message.thread_ts, "");
  EXPECT_THAT(posted[0].message.blocks, HasSubstr("why is checkout slow?"));
  EXPECT_EQ(posted[1].message.thread_ts, posted[0].ts);
  EXPECT_THAT(posted[1].message.blocks, HasSubstr("The CPU of orders-db doubled"));
  EXPECT_THAT(posted[1].message.blocks, HasSubstr("rich_text_preformatted"));
  const auto files = slack.files();
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_EQ(files[0].alt_text, "CPU of orders-db");
  EXPECT_EQ(files[0].bytes, "\x89PNG");
  for (const auto& file : files) EXPECT_EQ(file.thread_ts, posted[0].ts);
  EXPECT_EQ(slack.updates().back().first.ts, posted[0].ts);
  EXPECT_THAT(slack.updates().back().second.blocks, HasSubstr("Done."));
}

TEST_F(InquiryTest, a_findings_report_comes_as_pdf_where_everybody_reads) {
  EXPECT_EQ(runs("/findings-report", "--severity low").body, "");
  handle(submission("V1", {{std::string(kDaysBlock), "31"}, {std::string(kLanguageBlock), "ja"}}));
  do_all();
  EXPECT_EQ(analyst.last.inquiry.least, FindingSeverity::kLow);
  EXPECT_EQ(analyst.last.inquiry.days, 31);
  EXPECT_EQ(analyst.last.language, Language::kJapanese);
  const auto posted = slack.posted();
  // What is said around the report is in the language of whoever asked.
  EXPECT_THAT(posted.at(0).message.blocks, HasSubstr("low and above"));
  const auto files = slack.files();
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_EQ(files[0].thread_ts, posted[0].ts);
  EXPECT_EQ(files[1].thread_ts, "");
  EXPECT_EQ(files[1].channel, "C1");
}

TEST_F(InquiryTest, the_answer_goes_to_the_chosen_channel_or_to_the_person) {
  runs("/insight", "why?");
  handle(submission("V1", {{std::string(kChannelBlock), "C2"}}));
  do_all();
  for (const auto& sent : slack.posted()) EXPECT_EQ(sent.message.channel, "C2");
  runs("/insight", "and now?");
  slack.fail_next("chat.postMessage", {{ErrorCode::kDenied, "invite me", "not_in_channel"}, false});
  const std::size_t before = slack.posted().size();
  handle(submission("V2"));
  do_all();
  const auto posted = slack.posted();
  ASSERT_GT(posted.size(), before + 1);
  for (std::size_t i = before; i < posted.size(); ++i) EXPECT_EQ(posted[i].message.channel, "U1");
}

TEST_F(InquiryTest, who_is_not_allowed_spends_nothing_in_any_channel) {
  settings.channels = {"C1"};
  build();
  EXPECT_THAT(runs("/insight", "why?", "C9").body, HasSubstr("allow-list"));
  runs("/insight", "why?");
  EXPECT_THAT(handle(submission("V1", {{std::string(kChannelBlock), "C9"}})).body, HasSubstr("allow-list"));
  do_all();
  EXPECT_TRUE(slack.posted().empty());
  EXPECT_EQ(analyst.collected, 0);
  const auto audit = jobs->audit_log(10);
  ASSERT_TRUE(audit);
  ASSERT_THAT(*audit, SizeIs(2));
  for (const AuditEntry& entry : *audit) EXPECT_EQ(entry.action, "refused");
}

TEST_F(InquiryTest, what_cannot_be_answered_is_said_in_the_form_and_nothing_is_stored) {
  runs("/insight");
  EXPECT_THAT(handle(submission("V1")).body, HasSubstr("Write what you want to know."));
  for (const char* days : {"0", "456", "3.5", "-1", "", "99999999999", "three"}) {
    const auto sent = submission("V1", {{std::string(kQuestionBlock), "why?"}, {std::string(kDaysBlock), days}});
    EXPECT_THAT(handle(sent).body, HasSubstr("from 1 to 455")) << days;
  }
  const auto long_question = submission("V1", {{std::string(kQuestionBlock), std::string(3001, 'x')}});
  EXPECT_THAT(handle(long_question).body, HasSubstr("3,001 characters"));
  do_all();
  EXPECT_TRUE(slack.posted().empty());
}

TEST_F(InquiryTest, a_failure_keeps_what_was_asked_and_offers_it_again) {
  analyst.answer_error = Error{ErrorCode::kDenied, "No permission for cloudwatch:GetMetricData.", ""};
  runs("/insight", "why is checkout slow? --days 9");
  handle(submission("V1"));
  do_all();
  const auto failed = slack.posted().back();
  EXPECT_THAT(failed.message.blocks, HasSubstr("cloudwatch:GetMetricData"));
  EXPECT_THAT(failed.message.blocks, HasSubstr(kRetryAction));
  EXPECT_THAT(slack.updates().back().second.blocks, HasSubstr("why is checkout slow?"));
  EXPECT_TRUE(slack.files().empty());

  analyst.answer_error.reset();
  slack::BlockAction again;
  again.team = "T1";
  again.channel = "C1";
  again.user = "U1";
  again.message_ts = failed.ts;
  again.thread_ts = failed.message.thread_ts;
  again.action_id = kRetryAction;
  again.trigger_id = "trigger";
  again.value = to_json(ReportState{run_in("C1:" + failed.message.thread_ts), ""});
  handle(again);
  const auto form = submission("V2");
  EXPECT_THAT(slack.views().back(), HasSubstr("why is checkout slow?"));
  EXPECT_THAT(slack.views().back(), Not(HasSubstr(kChannelBlock))) << "it stays in its thread";
  handle(form);
  do_all();
  EXPECT_EQ(analyst.last.inquiry.days, 9);
  EXPECT_EQ(slack.posted().back().message.thread_ts, failed.message.thread_ts);
  EXPECT_THAT(slack.files(), SizeIs(2));

  again.value = to_json(ReportState{"insight-unknown", ""});
  handle(again);
  errands->finish_all();
  EXPECT_THAT(slack.responses().back(), HasSubstr("not kept any more"));
}

TEST_F(InquiryTest, what_may_pass_is_tried_again_from_the_last_stage_and_says_the_same) {
  runs("/insight", "why?");
  handle(submission("V1"));
  ASSERT_TRUE(do_next(JobLane::kQuick));
  analyst.answer_error = Error{ErrorCode::kUnavailable, "busy", ""};
  ASSERT_TRUE(do_next(JobLane::kAnalysis));
  EXPECT_EQ(last_end.kind, JobEnd::Kind::kAgain);
  analyst.answer_error.reset();
  slack.fail_next("files.getUploadURLExternal", {{ErrorCode::kUnavailable, "down", ""}, false});
  ASSERT_TRUE(do_next(JobLane::kAnalysis));
  EXPECT_TRUE(last_end.delivering);
  const std::size_t before = slack.posted().size();
  do_all();
  EXPECT_EQ(analyst.collected, 1);
  EXPECT_EQ(analyst.answered, 2);
  EXPECT_EQ(slack.posted().size(), before);
  EXPECT_THAT(slack.files(), SizeIs(2));
}

TEST_F(InquiryTest, one_that_is_interrupted_again_and_again_says_so) {
  runs("/insight", "why?");
  handle(submission("V1"));
  ASSERT_TRUE(do_next(JobLane::kQuick));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(jobs->claim(JobLane::kAnalysis, "killed", std::chrono::minutes(2), clock.now()));
    ASSERT_TRUE(jobs->release_all());
  }
  const auto job = jobs->claim(JobLane::kAnalysis, "test", std::chrono::minutes(2), clock.now());
  ASSERT_TRUE(job && *job);
  const JobEnd end = work->interrupted(**job);
  ASSERT_THAT(end.next, SizeIs(1));
  ASSERT_TRUE(jobs->give_up({(*job)->id, (*job)->fence}, end.error, end.next, clock.now()));
  do_all();
  EXPECT_THAT(slack.posted().back().message.blocks, HasSubstr("interrupted 4 times"));
}

TEST_F(InquiryTest, commands_can_be_renamed_and_switched_off) {
  settings.insight_command = "/ask-metrics";
  settings.findings_command = "";
  build();
  EXPECT_EQ(runs("/ask-metrics", "why?").body, "");
  errands->finish_all();
  EXPECT_THAT(slack.views(), SizeIs(1));
  for (const char* off : {"/insight", "/findings-report", ""}) {
    const std::string help = runs(off).body;
    EXPECT_THAT(help, HasSubstr("/ask-metrics"));
    EXPECT_THAT(help, Not(HasSubstr("/findings-report")));
  }
}

TEST_F(InquiryTest, mentions_ask_without_a_form_and_go_on_in_their_thread) {
  slack::MessageEvent m;
  m.event_id = "Ev1";
  m.team = "T1";
  m.channel = "C1";
  m.user = "U1";
  m.ts = "300.1";
  m.mention = true;
  m.text = "<@UBOT> insight: why is &lt;checkout&gt; slow?";
  EXPECT_EQ(handle(m).status, 200);
  EXPECT_EQ(handle(m).status, 200);
  do_all();
  EXPECT_EQ(analyst.collected, 1);
  EXPECT_EQ(analyst.last.inquiry.question, "why is <checkout> slow?");
  for (const auto& sent : slack.posted()) EXPECT_EQ(sent.message.thread_ts, "300.1");

  // What is asked in its thread is the next question about metrics.
  m.event_id = "Ev2";
  m.ts = "300.2";
  m.thread_ts = "300.1";
  m.text = "<@UBOT> and last night?";
  clock.advance(std::chrono::hours(1));
  handle(m);
  do_all();
  EXPECT_EQ(analyst.collected, 2);
  EXPECT_EQ(analyst.last.inquiry.question, "and last night?");
  EXPECT_EQ(analyst.last.window.end, kNow + std::chrono::hours(1));

  // In the thread of an analysis `insight` is a word like others.
  const std::pair<const char*, int> others[] = {{"insight into why?", 2}, {"/insight why?", 3}};
  for (const auto& [text, collected] : others) {
    m.event_id = m.ts = "400." + std::to_string(collected);
    m.thread_ts = "400.1";
    m.text = std::string("<@UBOT> ") + text;
    handle(m);
    do_all();
    EXPECT_EQ(analyst.collected, collected) << text;
  }
}

TEST(InquiryText, options_are_taken_out_of_it) {
  struct Case {
    InquiryKind kind;
    const char* text;
    const char* question;
    int days;
    FindingSeverity least;
  };
  using Severity = FindingSeverity;
  const Case cases[] = {
      {InquiryKind::kInsight, "  why?\nand when?  ", "why?\nand when?", 3, Severity::kMedium},
      {InquiryKind::kInsight, "--days 14 why is it slow", "why is it slow", 14, Severity::kMedium},
      {InquiryKind::kInsight, "なぜ遅い —days 2", "なぜ遅い", 2, Severity::kMedium},
      {InquiryKind::kInsight, "why --days 9999", "why --days 9999", 3, Severity::kMedium},
      {InquiryKind::kInsight, "why --days", "why --days", 3, Severity::kMedium},
      {InquiryKind::kInsight, "", "", 3, Severity::kMedium},
      {InquiryKind::kFindings, "--severity LOW --days 30", "", 30, Severity::kLow},
      {InquiryKind::kFindings, "everything please", "", 30, Severity::kMedium},
  };
  for (const Case& c : cases) {
    const Inquiry inquiry = inquiry_from_text(c.kind, c.text);
    EXPECT_EQ(inquiry.question, c.question) << c.text;
    EXPECT_EQ(inquiry.days, c.days) << c.text;
    EXPECT_EQ(inquiry.least, c.least) << c.text;
  }
  EXPECT_EQ(inquiry_from_text(InquiryKind::kFindings, "--lang ja").language, Language::kJapanese);
}

TEST_F(InquiryTest, damaged_payloads_are_refused) {
  InquiryOrder order;
  order.run = "insight-1";
  order.inquiry.question = "why?";
  order.asked = kNow;
  const std::string good = to_json(order);
  const auto back = inquiry_order_from_json(good);
  ASSERT_TRUE(back);
  EXPECT_EQ(to_json(*back), good);
  for (const std::string& bad : {std::string("{}"), std::string("[]"), good.substr(0, good.size() / 2)}) {
    EXPECT_FALSE(inquiry_order_from_json(bad));
  }
  for (const char* member : {"run", "inquiry", "asked", "in_thread"}) {
    Json json = parse_json(good);
    json.erase(member);
    EXPECT_FALSE(inquiry_order_from_json(json_text(json))) << member;
  }
  EXPECT_THAT(logged, IsEmpty());
}

}  // namespace
}  // namespace fa::chatops
